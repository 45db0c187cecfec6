"""Regular languages as byte programs: the form in which they cross to the core.

A *program* denotes a set of byte strings. It is written in postfix order, every integer an unsigned
LEB128 number, so that joining programs is joining bytes:

====  ==================  ==============================================================
code  operands            meaning
====  ==================  ==============================================================
0x00                      the empty set
0x01                      the set of the empty string
0x02  n (lo hi)*n         the UTF-8 encodings of the code points in these ranges
0x03  n (lo hi)*n         one byte out of these ranges
0x04  length bytes        this byte string
0x05  n                   concatenation of the last n
0x06  n                   union of the last n
0x07  n                   intersection of the last n
0x08                      all byte strings but those of the last
0x09  min max+1           repetition of the last, 0 for an unbounded maximum
0x0A  spelling m k        spellings (0 whole, 1 plain, 2 with an exponent) of the multiples of
      n low n high        m * 10**-k from low to high, in units of 10**-k; both are ASCII digits
                          after their number, none for an unbounded maximum
0x0B  slot                nothing: the last is taken away and kept under this number, below 2**16
0x0C  slot                what was last kept under this number
0x0D  n states            the texts that an automaton takes from its first state; a state is 1 or 0
                          (the text may end there, or not), k, and k times lo, hi and the number of
                          the state to which these code points lead
====  ==================  ==============================================================

Invariants: a program leaves exactly one set on the stack; ranges are inclusive, sorted, disjoint,
not adjacent, and hold no surrogates. Counts stay symbolic. The code points of a state ascend. Of
multiples, m is from 1 to 2**63 - 1, k at most 410 (0 for whole ones), and a bound has at most 820
digits; what is a spelling, the core says (``expr/multiples``): no sign, and no zeros with an
exponent. ``complement`` is taken among *all* byte strings, also those that are not UTF-8; intersect
it with ``ANY_TEXT`` to stay among texts.

Cost: a combinator is one ``bytes.join``; building a program of size n by k nested combinators
copies at most n*k bytes, and k is small everywhere.

Rejected: a tree of Python objects at the boundary (one call per node into the core costs more than
the compilation of a small pattern); a textual pattern syntax (it would need a second parser, and
has no agreed spelling for intersection and complement).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

__all__ = [
    "ANY_CHAR",
    "ANY_TEXT",
    "EMPTY",
    "EPSILON",
    "MAX_CODE_POINT",
    "MAX_COUNT",
    "MAX_MODULUS",
    "Instruction",
    "Spelling",
    "again",
    "automaton",
    "byte_class",
    "char_class",
    "complement",
    "concat",
    "decode",
    "intersect",
    "keep",
    "literal",
    "multiples",
    "normalize_ranges",
    "optional",
    "pretty",
    "repeat",
    "union",
    "varint",
]

OP_EMPTY = 0x00
OP_EPSILON = 0x01
OP_CLASS = 0x02
OP_BYTES = 0x03
OP_LITERAL = 0x04
OP_CONCAT = 0x05
OP_UNION = 0x06
OP_INTERSECT = 0x07
OP_COMPLEMENT = 0x08
OP_REPEAT = 0x09
OP_MULTIPLES = 0x0A
OP_KEEP = 0x0B
OP_AGAIN = 0x0C
OP_AUTOMATON = 0x0D

MAX_CODE_POINT = 0x10FFFF
MAX_COUNT = 2**31 - 1
"""Largest bound of a repetition (the core keeps counts in 32 bits)."""

MAX_MODULUS = 2**63 - 1
"""Largest factor of multiples, in units of its last place."""

EMPTY = bytes([OP_EMPTY])
"""No string at all."""
EPSILON = bytes([OP_EPSILON])
"""The empty string alone."""

Ranges = tuple[tuple[int, int], ...]
State = tuple[bool, Sequence[tuple[int, int, int]]]
"""Of an automaton: whether a text may end there, and from which to which code point it goes on to
which state."""

_SMALL = [bytes([i]) for i in range(128)]


def varint(number: int) -> bytes:
    """Encode a non-negative integer as unsigned LEB128."""
    if number < 128:
        return _SMALL[number]
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def normalize_ranges(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Sort, merge and clip inclusive code point ranges; surrogates are taken out.

    Raises
    ------
    ValueError
        A range is out of order or reaches outside 0..0x10FFFF.
    """
    out: list[tuple[int, int]] = []
    for lo, hi in sorted(ranges):
        if not 0 <= lo <= hi <= MAX_CODE_POINT:
            raise ValueError(f"bad code point range {lo:#x}-{hi:#x}")
        if hi >= 0xD800 and lo <= 0xDFFF:
            if lo < 0xD800:
                _append_range(out, lo, 0xD7FF)
            if hi > 0xDFFF:
                _append_range(out, 0xE000, hi)
        else:
            _append_range(out, lo, hi)
    return tuple(out)


def _append_range(out: list[tuple[int, int]], lo: int, hi: int) -> None:
    if out and lo <= out[-1][1] + 1:
        if hi > out[-1][1]:
            out[-1] = (out[-1][0], hi)
    else:
        out.append((lo, hi))


def encode_class(ranges: Ranges) -> bytes:
    """Encode ranges that are already normal; one code point becomes a literal."""
    if not ranges:
        return EMPTY
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return literal(chr(ranges[0][0]).encode())
    return b"\x02" + varint(len(ranges)) + b"".join([varint(x) for pair in ranges for x in pair])


def char_class(ranges: Iterable[tuple[int, int]]) -> bytes:
    """One code point out of these inclusive ranges, in any order, as its UTF-8 encoding."""
    return encode_class(normalize_ranges(ranges))


def byte_class(ranges: Iterable[tuple[int, int]]) -> bytes:
    """One byte out of these inclusive ranges, in any order."""
    out: list[tuple[int, int]] = []
    for lo, hi in sorted(ranges):
        if not 0 <= lo <= hi <= 255:
            raise ValueError(f"bad byte range {lo:#x}-{hi:#x}")
        _append_range(out, lo, hi)
    if not out:
        return EMPTY
    return b"\x03" + varint(len(out)) + b"".join([varint(x) for pair in out for x in pair])


ANY_CHAR = char_class([(0, MAX_CODE_POINT)])
"""Any one code point that UTF-8 can encode."""
ANY_TEXT = ANY_CHAR + bytes([OP_REPEAT, 0, 0])
"""Any valid UTF-8 text."""


def literal(text: bytes | str) -> bytes:
    """Exactly this byte string (a ``str`` is encoded as UTF-8)."""
    data = text.encode() if isinstance(text, str) else text
    return b"\x04" + varint(len(data)) + data if data else EPSILON


def concat(*parts: bytes) -> bytes:
    """One string out of each part, in sequence."""
    if EMPTY in parts:
        return EMPTY
    kept = [p for p in parts if p != EPSILON]
    if not kept:
        return EPSILON
    if len(kept) == 1:
        return kept[0]
    return b"".join(kept) + b"\x05" + varint(len(kept))


def union(*parts: bytes) -> bytes:
    """Any string of any part."""
    kept = [p for p in dict.fromkeys(parts) if p != EMPTY]
    if not kept:
        return EMPTY
    if len(kept) == 1:
        return kept[0]
    return b"".join(kept) + b"\x06" + varint(len(kept))


def intersect(*parts: bytes) -> bytes:
    """Strings that are in every part; at least one part is needed."""
    if not parts:
        raise ValueError("intersect() needs at least one part")
    if EMPTY in parts:
        return EMPTY
    kept = list(dict.fromkeys(parts))
    if len(kept) == 1:
        return kept[0]
    return b"".join(kept) + b"\x07" + varint(len(kept))


def complement(part: bytes) -> bytes:
    """All byte strings that are not in ``part``."""
    return part + b"\x08"


def repeat(part: bytes, lo: int, hi: int | None = None) -> bytes:
    """From ``lo`` to ``hi`` strings of ``part`` in sequence (``None``: no upper bound)."""
    if not 0 <= lo <= MAX_COUNT or (hi is not None and not lo <= hi <= MAX_COUNT):
        raise ValueError(f"bad repetition bounds {lo}, {hi}")
    if hi == 0 or part == EPSILON or (part == EMPTY and lo == 0):
        return EPSILON
    if part == EMPTY or (lo == 1 and hi == 1):
        return part
    return part + b"\x09" + varint(lo) + (b"\x00" if hi is None else varint(hi + 1))


def keep(part: bytes, slot: int) -> bytes:
    """A prefix of programs that use ``part`` by :func:`again`.

    A slot holds what was last kept in it, so a program that is joined to others may use any slot:
    only what keeps and what uses it again must not have another use of the slot between them.
    """
    return part + b"\x0b" + varint(slot)


def again(slot: int) -> bytes:
    """What was last kept under this number, earlier in the program."""
    return b"\x0c" + varint(slot)


def automaton(states: Sequence[State]) -> bytes:
    """The texts that lead from the first state to one at which they may end.

    The code points of a state ascend, and the ends of ranges are no surrogates.
    """
    out = []
    for accepts, arms in states:
        out += [_SMALL[accepts], varint(len(arms))]
        out += [varint(number) for arm in arms for number in arm]
    return b"\x0d" + varint(len(states)) + b"".join(out)


class Spelling(IntEnum):
    """How multiples are spelled."""

    WHOLE = 0
    PLAIN = 1
    SCIENTIFIC = 2


def multiples(spelling: Spelling, modulus: int, places: int, low: int, high: int | None) -> bytes:
    """Spellings of the multiples of ``modulus * 10**-places`` from ``low`` to ``high``.

    The bounds count units of ``10**-places``.
    """
    if not 1 <= modulus <= MAX_MODULUS or low < 0 or places < 0:
        raise ValueError(f"bad multiples: {modulus}e-{places} from {low}")
    if high is not None and high < low:
        return EMPTY
    program = [bytes([OP_MULTIPLES, spelling]), varint(modulus), varint(places)]
    for bound in (str(low), "" if high is None else str(high)):
        program += [varint(len(bound)), bound.encode()]
    return b"".join(program)


def optional(part: bytes) -> bytes:
    """A string of ``part``, or nothing."""
    return repeat(part, 0, 1)


class Instruction(NamedTuple):
    """One decoded instruction; the fields its operation does not use are empty."""

    name: str
    ranges: Ranges = ()
    data: bytes = b""
    number: int = 0
    """Number of operands, minimum of a repetition, or slot."""
    maximum: int | None = None
    """Of a repetition, or of multiples."""
    modulus: int = 0
    """Of multiples; ``number`` is their minimum."""
    places: int = 0
    spelling: Spelling = Spelling.PLAIN
    states: tuple[State, ...] = ()
    """Of an automaton."""


_NAMES = {
    OP_EMPTY: "EMPTY",
    OP_EPSILON: "EPSILON",
    OP_CLASS: "CLASS",
    OP_BYTES: "BYTES",
    OP_LITERAL: "LITERAL",
    OP_CONCAT: "CONCAT",
    OP_UNION: "UNION",
    OP_INTERSECT: "INTERSECT",
    OP_COMPLEMENT: "COMPLEMENT",
    OP_REPEAT: "REPEAT",
    OP_MULTIPLES: "MULTIPLES",
    OP_KEEP: "KEEP",
    OP_AGAIN: "AGAIN",
    OP_AUTOMATON: "AUTOMATON",
}


def decode(program: bytes) -> list[Instruction]:
    """List the instructions of a program, checking that it is well formed.

    Raises
    ------
    ValueError
        The program is truncated, has an unknown code, unsorted ranges, or does not leave exactly
        one set.
    """
    out: list[Instruction] = []
    at = 0
    depth = 0
    kept: set[int] = set()

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            if at >= len(program):
                raise ValueError("truncated program")
            byte = program[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text() -> bytes:
        nonlocal at
        length = number()
        if at + length > len(program):
            raise ValueError("truncated program")
        at += length
        return program[at - length : at]

    def state() -> State:
        accepts, arms = number(), [(number(), number(), number()) for _ in range(number())]
        bounds = [bound for lo, hi, _ in arms for bound in (lo, hi + 1)]
        if accepts > 1 or bounds != sorted(bounds):
            raise ValueError(f"a bad state of an automaton before offset {at}")
        return accepts == 1, tuple(arms)

    while at < len(program):
        start = at
        code = program[at]
        at += 1
        name = _NAMES.get(code)
        if name is None:
            raise ValueError(f"unknown code {code:#x} at offset {start}")
        pops = 0
        if code in (OP_CLASS, OP_BYTES):
            ranges = tuple((number(), number()) for _ in range(number()))
            previous = -2
            for lo, hi in ranges:
                if lo > hi or lo <= previous + 1:
                    raise ValueError(f"ranges are not normal at offset {start}")
                previous = hi
            out.append(Instruction(name, ranges=ranges))
        elif code == OP_LITERAL:
            out.append(Instruction(name, data=text()))
        elif code in (OP_CONCAT, OP_UNION, OP_INTERSECT):
            pops = number()
            out.append(Instruction(name, number=pops))
        elif code == OP_REPEAT:
            lo = number()
            hi = number()
            pops = 1
            out.append(Instruction(name, number=lo, maximum=hi - 1 if hi else None))
        elif code in (OP_KEEP, OP_AGAIN):
            slot = number()
            pops = 1 if code == OP_KEEP else 0
            if code == OP_KEEP:
                kept.add(slot)
            elif slot not in kept:
                raise ValueError(f"nothing is kept in slot {slot} at offset {start}")
            out.append(Instruction(name, number=slot))
        elif code == OP_AUTOMATON:
            states = tuple(state() for _ in range(number()))
            if not states or any(to >= len(states) for _, arms in states for _, _, to in arms):
                raise ValueError(f"an arm of the automaton at offset {start} leads to no state")
            out.append(Instruction(name, states=states))
        elif code == OP_MULTIPLES:
            spelling, modulus, places = number(), number(), number()
            low, high = text(), text()
            if spelling > Spelling.SCIENTIFIC or not low.isdigit() or not (high or b"0").isdigit():
                raise ValueError(f"bad multiples at offset {start}")
            out.append(
                Instruction(
                    name,
                    number=int(low),
                    maximum=int(high) if high else None,
                    modulus=modulus,
                    places=places,
                    spelling=Spelling(spelling),
                )
            )
        else:
            pops = 1 if code == OP_COMPLEMENT else 0
            out.append(Instruction(name))
        if pops > depth:
            raise ValueError(f"{name} at offset {start} needs {pops} operands, there are {depth}")
        depth += (code != OP_KEEP) - pops
    if depth != 1:
        raise ValueError(f"a program leaves one set, this one leaves {depth}")
    return out


def pretty(program: bytes) -> str:
    """Show a program as an expression, for debugging.

    ``&`` is intersection, ``~`` complement, ``Σ`` any code point, ``∅`` no string, ``ε`` the
    empty one.
    """
    stack: list[str] = []
    kept: dict[int, str] = {}
    for step in decode(program):
        if step.name == "EMPTY":
            stack.append("∅")
        elif step.name == "EPSILON":
            stack.append("ε")
        elif step.name == "CLASS":
            whole = step.ranges == ((0, 0xD7FF), (0xE000, MAX_CODE_POINT))
            shown = "".join(_show_range(lo, hi) for lo, hi in step.ranges)
            stack.append("Σ" if whole else f"[{shown}]")
        elif step.name == "BYTES":
            stack.append("<" + " ".join(f"{lo:02x}-{hi:02x}" for lo, hi in step.ranges) + ">")
        elif step.name == "LITERAL":
            stack.append(repr(step.data)[1:])
        elif step.name == "COMPLEMENT":
            stack.append(f"~({stack.pop()})")
        elif step.name == "REPEAT":
            bound = "" if step.maximum is None else str(step.maximum)
            stack.append(f"{stack.pop()}{{{step.number},{bound}}}")
        elif step.name == "KEEP":
            kept[step.number] = stack.pop()
        elif step.name == "AGAIN":
            stack.append(kept[step.number])
        elif step.name == "AUTOMATON":
            stack.append(f"<automaton of {len(step.states)} states>")
        elif step.name == "MULTIPLES":
            bound = "" if step.maximum is None else str(step.maximum)
            of = f"{step.modulus}e-{step.places}"
            stack.append(f"{{{step.spelling.name.lower()} {of}: {step.number}..{bound}}}")
        else:
            operands = stack[len(stack) - step.number :]
            del stack[len(stack) - step.number :]
            glue = {"CONCAT": " ", "UNION": " | ", "INTERSECT": " & "}[step.name]
            stack.append("(" + glue.join(operands) + ")")
    return stack[0]


def _show_range(lo: int, hi: int) -> str:
    return _show_char(lo) if lo == hi else f"{_show_char(lo)}-{_show_char(hi)}"


def _show_char(point: int) -> str:
    char = chr(point)
    return char if char.isprintable() and char not in "[]-\\" else f"\\u{{{point:x}}}"
