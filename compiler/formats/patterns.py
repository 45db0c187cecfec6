"""``regex``: patterns of ECMA-262 (edition 11, section 21.2.1, with the ``u`` flag), as a language.

Groups nest, so the language of all patterns is not regular; this one holds nothing but valid
patterns, and all of them within these bounds:

- groups and look-arounds nest ``DEPTH`` deep;
- a back-reference is ``\\1`` to ``\\9`` and stands after the beginning of its group; one by name
  stands after the name, which is one ASCII letter, and all of a pattern name the same group;
- names of groups are written without escapes, and begin with different characters (which excludes
  a name that is given twice);
- the bounds of ``{n,m}`` have at most three digits, and of three each the first two differ;
- the ends of a range in a class are both printable ASCII characters, or both of the same length in
  UTF-8 with different first bytes (or ``E3``, the kana, and different second ones), or both
  ``\\xhh`` or ``\\uhhhh`` that differ in the first digit that is not 0 in both;
- a hyphen in a class is the first or the last of it, or escaped.

A pattern is nested terms; three languages that look at its tokens only are met with that: how many
groups were opened before a back-reference, which names there are, and that no digit follows an
escape of one. What is used again is kept in the program, so that depth costs little.

Cost: 7 ms, once per process. Rejected: reading patterns with Annex B, as this library does where it
is given one: what is written should be read alike by all.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from typing import Final

from grammarlib import _core
from grammarlib.compiler.formats.abnf import ALPHA, DIGIT, exactly, hexdig, one_of, some, texts
from grammarlib.compiler.regex.classes import invert
from grammarlib.compiler.regex.program import (
    ANY_CHAR,
    EMPTY,
    EPSILON,
    MAX_CODE_POINT,
    Ranges,
    again,
    char_class,
    complement,
    concat,
    intersect,
    keep,
    literal,
    normalize_ranges,
    optional,
    repeat,
    union,
)
from grammarlib.compiler.regex.property_names import PROPERTIES

__all__ = ["DEPTH", "regex"]

DEPTH: Final = 6
"""Deepest nesting of groups."""

_SYNTAX: Final = "^$\\.*+?()[]{}|"
_REFERENCES: Final = 9
_ALL: Final = complement(EMPTY)
_BACKSLASH: Final = literal("\\")
_DIGIT: Final = char_class(DIGIT)
_LETTERS: Final = "".join(chr(p) for lo, hi in ALPHA for p in range(lo, hi + 1))
_LETTER: Final = char_class(ALPHA)
_HYPHEN: Final = literal("-")


class _Slot(IntEnum):
    """What is kept in the program."""

    NAME = 0
    ESCAPE = 1
    CLASS = 2
    QUANTIFIER = 3
    TERMS = 4
    INNER = 5
    COUNTED = 6
    BRACKETS = 7
    TOKENS = 8
    PLAIN = 9
    NO_K = 10
    IN_NAME = 11


def regex() -> bytes:
    """Valid patterns."""
    kept = [
        keep(_name(), _Slot.NAME),
        keep(_escape(), _Slot.ESCAPE),
        keep(_class(), _Slot.CLASS),
        keep(_quantifier(), _Slot.QUANTIFIER),
        keep(_brackets(), _Slot.BRACKETS),
        keep(_but("\\["), _Slot.PLAIN),
        keep(_but("k"), _Slot.NO_K),
        keep(some(_but(">")), _Slot.IN_NAME),
    ]
    languages = [_nested(), _references(), _digits_apart(), _names_apart(), _reference_by_name()]
    return b"".join(kept) + intersect(*languages)


def _but(characters: str) -> bytes:
    """Any character but these."""
    return char_class(invert(normalize_ranges(one_of(characters))))


# -- nesting --------------------------------------------------------------------------------------


def _nested() -> bytes:
    """Terms, with groups nested to ``DEPTH``, whatever they refer to."""
    number = char_class([(0x31, 0x30 + _REFERENCES)])
    by_name = concat(literal("k<"), _LETTER, literal(">"))
    escaped = concat(_BACKSLASH, union(again(_Slot.ESCAPE), number, by_name))
    atom = union(_but(_SYNTAX), literal("."), escaped, again(_Slot.CLASS))
    terms = union(
        concat(atom, again(_Slot.QUANTIFIER)),
        texts("|", "^", "$", "\\b", "\\B"),
    )
    name = concat(literal("?<"), again(_Slot.NAME), literal(">"))
    group = concat(
        literal("("),
        optional(union(literal("?:"), name)),
        again(_Slot.INNER),
        again(_Slot.QUANTIFIER),
    )
    around = concat(texts("(?=", "(?!", "(?<=", "(?<!"), again(_Slot.INNER))
    content = some(union(again(_Slot.TERMS), group, around))
    kept = [
        keep(terms, _Slot.TERMS),
        keep(concat(some(again(_Slot.TERMS)), literal(")")), _Slot.INNER),
    ]
    kept += [keep(concat(content, literal(")")), _Slot.INNER)] * (DEPTH - 1)
    return b"".join(kept) + content


def _name() -> bytes:
    """The name of a group."""
    start = [*_property("ID_Start"), *one_of("$_")]
    return concat(
        char_class(start), some(char_class([*_property("ID_Continue"), *one_of("$\u200c\u200d")]))
    )


def _property(name: str) -> Ranges:
    ranges = _core.unicode_property(name)
    assert ranges is not None
    return normalize_ranges(ranges)


def _quantifier() -> bytes:
    """A quantifier, or nothing."""
    digits = repeat(_DIGIT, 1)
    braces = concat(
        literal("{"), union(concat(digits, optional(literal(","))), _bounds()), literal("}")
    )
    return optional(concat(union(texts("*", "+", "?"), braces), optional(literal("?"))))


def _bounds() -> bytes:
    """Two numbers, the first not greater."""
    comma = literal(",")
    lengths = [concat(_digit(1), exactly(_DIGIT, n)) for n in range(3)]
    pieces = [
        concat(repeat(_DIGIT, 1, shorter + 1), comma, longer)
        for shorter, longer in enumerate(lengths[1:])
    ]
    for digit in range(10):
        one = literal(str(digit))
        pieces.append(concat(one, comma, _digit(digit)))
        for rest in (1, 2):
            more = exactly(_DIGIT, rest)
            pieces.append(concat(one, more, comma, _digit(digit + 1), more))
        for second in range(10):
            same = literal(f"{digit}{second}")
            pieces.append(concat(same, comma, literal(str(digit)), _digit(second)))
            greater = concat(literal(str(digit)), _digit(second + 1), _DIGIT)
            pieces.append(concat(same, _DIGIT, comma, greater))
    return union(*pieces)


def _digit(least: int) -> bytes:
    return char_class([(0x30 + least, 0x39)]) if least < 10 else EMPTY


# -- escapes and classes --------------------------------------------------------------------------


def _escape() -> bytes:
    """What may follow a backslash anywhere, but for references."""
    return union(char_class(one_of("dDsSwWfnrtv0" + _SYNTAX + "/")), _longer_escape())


def _longer_escape() -> bytes:
    point = union(repeat(hexdig, 1, 5), concat(literal("10"), exactly(hexdig, 4)))
    braced = concat(literal("{"), some(literal("0")), point, literal("}"))
    return union(
        concat(literal("c"), _LETTER),
        concat(literal("x"), exactly(hexdig, 2)),
        concat(literal("u"), union(exactly(hexdig, 4), braced)),
        concat(texts("p{", "P{"), _property_name(), literal("}")),
    )


def _property_name() -> bytes:
    alone = [*PROPERTIES["General_Category"], *PROPERTIES[""]]
    ways = [union(*map(literal, alone))]
    named: dict[tuple[str, ...], list[str]] = {}
    for name, values in PROPERTIES.items():
        if name:
            named.setdefault(tuple(values), []).append(name + "=")
    for values, names in named.items():
        ways.append(concat(texts(*names), texts(*values)))
    return union(*ways)


def _class() -> bytes:
    member = union(
        _but("\\]-"),
        concat(_BACKSLASH, union(char_class(one_of("b-")), again(_Slot.ESCAPE))),
    )
    hyphen = optional(_HYPHEN)
    return concat(
        literal("["),
        optional(literal("^")),
        hyphen,
        some(union(member, _range())),
        hyphen,
        literal("]"),
    )


def _range() -> bytes:
    """Two ends in order, as far as the module's header says."""
    ends = []
    for point in range(0x20, 0x7F):
        later = [(p, p) for p in range(point, 0x7F)]
        ends.append((_ascii([(point, point)]), _ascii(later)))
    blocks = [(lo, lo + 63, 0x7FF) for lo in range(0x80, 0x800, 64)]
    blocks += [(lo, lo | 0xFFF, 0xFFFF) for lo in range(0x800, 0x10000, 0x1000)]
    blocks += [(lo, lo + 63, 0x3FFF) for lo in range(0x3000, 0x4000, 64)]
    for first, last, most in blocks:
        if last < most:
            ends.append((char_class([(first, last)]), char_class([(last + 1, most)])))
    ends += [*_hexadecimal("\\x", 2), *_hexadecimal("\\u", 4)]
    return union(*[concat(low, _HYPHEN, high) for low, high in ends])


def _ascii(points: list[tuple[int, int]]) -> bytes:
    """Spellings of these characters as ends of a range."""
    plain = [pair for pair in points if chr(pair[0]) not in "\\]-"]
    escaped = [pair for pair in points if chr(pair[0]) in _SYNTAX + "/-"]
    return union(char_class(plain), concat(_BACKSLASH, char_class(escaped)))


def _hexadecimal(mark: str, width: int) -> Iterator[tuple[bytes, bytes]]:
    """Numbers that begin with as many zeros and differ in the next digit."""
    for zeros in range(width):
        head = literal(mark + "0" * zeros)
        left = width - zeros - 1
        rest = exactly(hexdig, left) if left else EPSILON
        for digit in range(15):
            low, high = _hex_digits(digit, digit), _hex_digits(digit + 1, 15)
            yield concat(head, low, rest), concat(head, high, rest)


@cache
def _hex_digits(first: int, last: int) -> bytes:
    digits = "".join(f"{d:x}{d:X}" for d in range(first, last + 1))
    return char_class(one_of(digits))


# -- tokens ---------------------------------------------------------------------------------------


def _brackets() -> bytes:
    """A class, as far as tokens are concerned."""
    member = union(_but("\\]"), concat(_BACKSLASH, ANY_CHAR))
    return concat(literal("["), some(member), literal("]"))


def _tokens(escaped: bytes) -> bytes:
    """Classes, escapes of ``escaped``, and other single characters."""
    escape = concat(_BACKSLASH, escaped)
    return some(union(again(_Slot.PLAIN), escape, again(_Slot.BRACKETS)))


def _references() -> bytes:
    """References by number, each after the beginning of its group."""
    kept = [keep(_ALL, _Slot.COUNTED)]  # after nine groups all of them are in order
    for groups in range(_REFERENCES - 1, -1, -1):
        unopened = "".join(map(str, range(groups + 1, 10)))
        others = concat(
            literal("(?"), union(_but("<"), concat(literal("<"), char_class(one_of("=!"))))
        )
        tokens = repeat(
            union(
                _but("\\[("),
                concat(_BACKSLASH, _but(unopened)),
                again(_Slot.BRACKETS),
                others,
            ),
            0,
        )
        named = concat(literal("(?<"), _but("=!"), again(_Slot.COUNTED))
        unmarked = intersect(again(_Slot.COUNTED), complement(concat(literal("?"), _ALL)))
        rest = optional(union(named, concat(literal("("), unmarked)))
        kept.append(keep(concat(tokens, rest), _Slot.COUNTED))
    return b"".join(kept) + again(_Slot.COUNTED)


def _digits_apart() -> bytes:
    """No digit follows an escaped one: it would be another number."""
    unescaped = some(union(_but("\\"), concat(_BACKSLASH, ANY_CHAR)))
    return complement(concat(unescaped, _BACKSLASH, _DIGIT, _DIGIT, _ALL))


def _names_apart() -> bytes:
    """No two names of groups begin with one character."""
    tokens = keep(_tokens(ANY_CHAR), _Slot.TOKENS)
    between = (again(_Slot.IN_NAME), literal(">"), again(_Slot.TOKENS), literal("(?<"))
    twice = []
    for start in (*map(one_of, _LETTERS + "$_"), ((0x80, MAX_CODE_POINT),)):
        first = char_class(start)
        twice.append(concat(first, *between, first))
    return tokens + complement(concat(again(_Slot.TOKENS), literal("(?<"), union(*twice), _ALL))


def _reference_by_name() -> bytes:
    """Names that are referred to: one letter, which a group before had as its name."""
    pieces = []
    for letter in _LETTERS:
        tokens = _tokens(union(again(_Slot.NO_K), literal(f"k<{letter}>")))
        pieces.append(concat(literal(f"{letter}>"), tokens))
    return concat(_tokens(again(_Slot.NO_K)), optional(concat(literal("(?<"), union(*pieces))))
