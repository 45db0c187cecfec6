"""Recorded values spread into alternatives, and which of them anything satisfies.

Within an alternative an array or object is judged against all its shapes at once, because the order
of its keys comes from all of them. Whether anything satisfies a list of values is a least fixed
point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from tests.oracle.regex_derivatives import Terms, Undecided
from tests.oracle.regex_program import Tree, read
from tests.oracle.value_arrays import Arrays
from tests.oracle.value_calls import ARRAY, BOOLEAN, NULL, NUMBER, OBJECT, STRING, Recorder
from tests.oracle.value_leaves import Leaf, Values, leaves, together
from tests.oracle.value_objects import Language, Objects, around

EVERY_TYPE = 63
STATES = 3_000  # in one search for a member


def _repeat(program: bytes, least: int, most: int | None) -> bytes:
    return program + bytes([9, least, 0 if most is None else most + 1])


def _all(*programs: bytes) -> bytes:
    return b"".join(programs) + bytes([5, len(programs)])


def _any(*programs: bytes) -> bytes:
    return b"".join(programs) + bytes([6, len(programs)])


# JSON's numbers: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
_MINUS = _repeat(b"\x04\x01-", 0, 1)
_ZERO = b"\x04\x010"
_DIGIT, _NONZERO = b"\x03\x01\x30\x39", b"\x03\x01\x31\x39"
_WHOLE = _any(_ZERO, _all(_NONZERO, _repeat(_DIGIT, 0, None)))
_FRACTION = _repeat(_all(b"\x04\x01.", _repeat(_DIGIT, 1, None)), 0, 1)
_E = b"\x03\x02\x45\x45\x65\x65" + _repeat(b"\x03\x02\x2b\x2b\x2d\x2d", 0, 1)
_POWER = _all(_E[:6], _E[6:], _repeat(_DIGIT, 1, None))
ANY_NUMBER = _all(_MINUS, _WHOLE, _FRACTION, _repeat(_POWER, 0, 1))
# The spellings that complements speak of: an exponent has three digits at most and comes after one
# digit, which is not 0 but before zeros, and up to 16 more.
_SHORT = _all(_NONZERO, _repeat(_all(b"\x04\x01.", _repeat(_DIGIT, 1, 16)), 0, 1))
_NOTHING = _all(_ZERO, _repeat(_all(b"\x04\x01.", _repeat(_ZERO, 1, 16)), 0, 1))
_SHORT_POWER = _all(_E[:6], _E[6:], _repeat(_DIGIT, 1, 3))
USUAL_NUMBER = _all(
    _MINUS, _any(_all(_WHOLE, _FRACTION), _all(_any(_SHORT, _NOTHING), _SHORT_POWER))
)


@dataclass(eq=False)
class Alternative:
    """Leaves that hold together."""

    types: int
    booleans: int
    numbers: int  # a term
    strings: Language
    arrays: Arrays
    objects: Objects


class ValueSets:
    """The values of one recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.terms = Terms()
        self.number = self.terms.program(ANY_NUMBER)
        self.usual = self.terms.program(USUAL_NUMBER)
        self._alternatives: dict[Values, list[Alternative]] = {}
        self._inhabited: dict[Values, bool] = {}

    def alternatives(self, values: Values) -> list[Alternative]:
        """The alternatives of values that hold together."""
        if values not in self._alternatives:
            lists = together([leaves(self.recorder, said) for said in dict.fromkeys(values)])
            self._alternatives[values] = [self._alternative(each) for each in lists]
        return self._alternatives[values]

    def expression(self, handle: int) -> tuple[int, frozenset[int]]:
        """The term of a recorded program, and where it may tell code points apart."""
        program = self.recorder.calls[handle][1]
        return self.terms.program(program), frozenset(_cuts(read(program)))

    def strings(self, values: Values) -> Language:
        """The strings among values."""
        own = [each.strings for each in self.alternatives(values) if each.types & STRING]
        cuts = frozenset(chain([0], *[language.cuts for language in own]))
        return Language(self.terms.union([language.term for language in own]), cuts)

    def _alternative(self, own: list[Leaf]) -> Alternative:
        types, booleans = EVERY_TYPE, 3
        numbers, strings = [self.number], [self.terms.text]
        cuts: set[int] = {0}
        for kind, *operands in own:
            if kind == "types":
                types &= operands[0]
                continue
            if kind == "booleans":
                mask, holds = operands
                types &= BOOLEAN if holds else EVERY_TYPE
                booleans &= mask if holds else 3 & ~mask
                continue
            if kind == "literals":
                texts, holds = operands
                types &= STRING if holds else EVERY_TYPE
                term = self.terms.union([self.terms.literal(text.encode()) for text in texts])
                strings.append(term if holds else self.terms.complement(term))
                cuts |= {point for text in texts for point in around(text)}
            elif kind in ("strings", "if_string"):
                handle, holds = operands
                if (kind == "strings") == holds:
                    types &= STRING
                term, more = self.expression(handle)
                strings.append(term if holds else self.terms.complement(term))
                cuts |= more
            elif kind in ("numbers", "if_number"):
                handle, holds = operands
                if (kind == "numbers") == holds:
                    types &= NUMBER
                term = self.terms.program(self.recorder.calls[handle][1])
                numbers += [term] if holds else [self.terms.complement(term), self.usual]
        return Alternative(
            types,
            booleans,
            self.terms.both(numbers),
            Language(self.terms.both(strings), frozenset(cuts)),
            Arrays(own),
            Objects(self, own),
        )

    # -- is there a member? ---------------------------------------------------------------------

    def inhabited(self, values: Values) -> bool:
        """Whether some JSON value satisfies all of these."""
        if values not in self._inhabited:
            found: set[Values] = set()
            met = {values: None}  # in order

            def alive(asked: Values) -> bool:
                known = self._inhabited.get(asked)
                if known is None:
                    met[asked] = None
                    return asked in found
                return known

            before = None
            while before != (len(met), len(found)):
                before = len(met), len(found)
                for at in list(met):
                    if at not in found and any(
                        self._holds_any(each, alive) for each in self.alternatives(at)
                    ):
                        found.add(at)
                if len(met) > STATES:
                    raise Undecided(f"more than {STATES} values in search of a member")
            self._inhabited.update((at, at in found) for at in met)
        return self._inhabited[values]

    def _holds_any(self, each: Alternative, alive: Callable[[Values], bool]) -> bool:
        scalars = (
            each.types & NULL
            or (each.types & BOOLEAN and each.booleans)
            or (each.types & NUMBER and self.terms.live(each.numbers))
            or (each.types & STRING and self.terms.live(each.strings.term))
        )
        if scalars:
            return True
        if each.types & ARRAY and each.arrays.exists(alive):
            return True
        return bool(each.types & OBJECT and each.objects.exists(alive))

    def has_array(self, each: Alternative) -> bool:
        """Whether the alternative holds an array."""
        return bool(each.types & ARRAY and each.arrays.exists(self.inhabited))

    def has_object(self, each: Alternative) -> bool:
        """Whether the alternative holds an object."""
        return bool(each.types & OBJECT and each.objects.exists(self.inhabited))


def _cuts(tree: Tree) -> set[int]:
    """The code points at which a program may begin to judge otherwise than just below."""
    cuts: set[int] = set()
    if tree.code == 2:
        cuts = {point for lo, hi in tree.ranges for point in (lo, hi + 1)}
    elif tree.code == 3:
        if any(hi >= 0x80 for _, hi in tree.ranges):
            raise Undecided("single bytes of characters")
        cuts = {point for lo, hi in tree.ranges for point in (lo, hi + 1)}
    elif tree.code == 4:
        cuts = around(tree.data.decode())
    return cuts.union(*map(_cuts, tree.parts))
