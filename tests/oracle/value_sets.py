"""Recorded values spread into alternatives, and which of them anything satisfies.

A list of values that must hold together is spread by the definitions of ``all_of`` and ``any_of``
into alternatives; within one, an object is judged against all its shapes at once, because the order
of its keys comes from all of them. Whether anything satisfies a list is a least fixed point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from tests.oracle.regex_derivatives import Terms, Undecided
from tests.oracle.regex_program import Tree, read
from tests.oracle.value_calls import ARRAY, BOOLEAN, NULL, NUMBER, OBJECT, STRING, Call, Recorder

Values = tuple[int, ...]
EVERY_TYPE = 63
MOST = 2_000

# JSON's numbers as a program: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
_DIGIT = b"\x03\x01\x30\x39"
_WHOLE = b"\x04\x010" + b"\x03\x01\x31\x39" + _DIGIT + b"\x09\x00\x00" + b"\x05\x02" + b"\x06\x02"
_FRACTION = b"\x04\x01." + _DIGIT + b"\x09\x01\x00" + b"\x05\x02" + b"\x09\x00\x02"
_POWER = (
    b"\x03\x02\x45\x45\x65\x65"
    + (b"\x03\x02\x2b\x2b\x2d\x2d" + b"\x09\x00\x02")
    + (_DIGIT + b"\x09\x01\x00")
    + b"\x05\x03"
    + b"\x09\x00\x02"
)
ANY_NUMBER = b"\x04\x01-" + b"\x09\x00\x02" + _WHOLE + _FRACTION + _POWER + b"\x05\x04"


@dataclass(eq=False)
class Arrays:
    """The arrays of one alternative."""

    leaves: tuple[Call, ...]

    def item(self, index: int) -> Values:
        return tuple(
            prefix[index] if index < len(prefix) else rest for _, prefix, rest, _, _ in self.leaves
        )

    @cached_property
    def least(self) -> int:
        return max((leaf[3] for leaf in self.leaves), default=0)

    @cached_property
    def most(self) -> int | None:
        bounds = [leaf[4] for leaf in self.leaves if leaf[4] is not None]
        return min(bounds) if bounds else None

    @cached_property
    def needed(self) -> frozenset[Values]:
        longest = max((len(prefix) for _, prefix, *_ in self.leaves), default=0)
        return frozenset(self.item(i) for i in range(min(self.least, longest + 1)))


@dataclass(eq=False)
class Objects:
    """The objects of one alternative."""

    leaves: tuple[Call, ...]

    @cached_property
    def declared(self) -> dict[str, Values]:
        """What the declared keys hold, in the order in which the shapes first name them."""
        names = dict.fromkeys(name for leaf in self.leaves for name, _ in leaf[1])
        return {name: tuple(_member(leaf, name) for leaf in self.leaves) for name in names}

    @cached_property
    def additional(self) -> Values:
        return tuple(rest for *_, rest, _ in self.leaves)

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(chain.from_iterable(required for *_, required in self.leaves))

    def member(self, name: str) -> Values:
        return self.declared.get(name, self.additional)


def _member(leaf: Call, name: str) -> int:
    own: dict[str, int] = dict(leaf[1])
    return own[name] if name in own else int(leaf[2])


@dataclass(eq=False)
class Alternative:
    """Values without ``any_of`` that must hold together."""

    types: int
    booleans: int
    numbers: int  # a term
    strings: int
    cuts: frozenset[int]  # where the strings' expressions may tell code points apart
    arrays: Arrays
    objects: Objects


class ValueSets:
    """The values of one recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.terms = Terms()
        self.number = self.terms.program(ANY_NUMBER)
        self._alternatives: dict[Values, list[Alternative]] = {}
        self._inhabited: dict[Values, bool] = {}

    def alternatives(self, values: Values) -> list[Alternative]:
        """The alternatives that hold anything at first sight."""
        if values not in self._alternatives:
            lists: list[list[Call]] = [[]]
            for value in values:
                own = self._spread(value)
                lists = [[*a, *b] for a in lists for b in own]
                if len(lists) > MOST:
                    raise Undecided(f"more than {MOST} alternatives")
            self._alternatives[values] = [self._alternative(leaves) for leaves in lists]
        return self._alternatives[values]

    def _spread(self, value: int) -> list[list[Call]]:
        call = self.recorder.calls[value]
        if call[0] == "reference":
            return self._spread(self.recorder.meanings[value])
        if call[0] == "any_of":
            return [leaves for part in call[1] for leaves in self._spread(part)]
        if call[0] == "all_of":
            lists: list[list[Call]] = [[]]
            for part in call[1]:
                own = self._spread(part)
                lists = [[*a, *b] for a in lists for b in own]
                if len(lists) > MOST:
                    raise Undecided(f"more than {MOST} alternatives")
            return lists
        return [[call]]

    def _alternative(self, leaves: list[Call]) -> Alternative:
        types, booleans = EVERY_TYPE, 3
        numbers, strings = [self.number], [self.terms.text]
        cuts: set[int] = {0}
        for kind, *operands in leaves:
            if kind == "never":
                types = 0
            elif kind == "types":
                types &= operands[0]
            elif kind == "booleans":
                types &= BOOLEAN
                booleans &= operands[0]
            elif kind == "string_literals":
                types &= STRING
                texts = [text.encode() for text in operands[0]]
                strings.append(self.terms.union([self.terms.literal(text) for text in texts]))
                cuts |= {point for text in operands[0] for point in _around(text)}
            elif kind in ("strings", "numbers", "if_string", "if_number"):
                program = self.recorder.calls[operands[0]][1]
                term = self.terms.program(program)
                if kind in ("numbers", "if_number"):
                    types &= NUMBER if kind == "numbers" else EVERY_TYPE
                    numbers.append(term)
                else:
                    types &= STRING if kind == "strings" else EVERY_TYPE
                    strings.append(term)
                    cuts |= _cuts(read(program))
        return Alternative(
            types,
            booleans,
            self.terms.both(numbers),
            self.terms.both(strings),
            frozenset(cuts),
            Arrays(tuple(leaf for leaf in leaves if leaf[0] == "if_array")),
            Objects(tuple(leaf for leaf in leaves if leaf[0] == "if_object")),
        )

    # -- is there a member? ---------------------------------------------------------------------

    def inhabited(self, values: Values) -> bool:
        """Whether some JSON value satisfies all of these."""
        if values not in self._inhabited:
            needs: dict[Values, list[frozenset[Values]]] = {}
            todo = [values]
            while todo:
                at = todo.pop()
                if at not in needs:
                    needs[at] = [
                        need for each in self.alternatives(at) for need in self._needs(each)
                    ]
                    todo.extend(chain.from_iterable(needs[at]))
            found: set[Values] = set()
            while more := {
                at
                for at, ways in needs.items()
                if at not in found and any(way <= found for way in ways)
            }:
                found |= more
            self._inhabited.update((at, at in found) for at in needs)
        return self._inhabited[values]

    def _needs(self, each: Alternative) -> list[frozenset[Values]]:
        """For each type that the alternative allows: what else must be inhabited."""
        scalars = (
            each.types & NULL
            or (each.types & BOOLEAN and each.booleans)
            or (each.types & NUMBER and self.terms.live(each.numbers))
            or (each.types & STRING and self.terms.live(each.strings))
        )
        ways: list[frozenset[Values]] = [frozenset()] if scalars else []
        arrays, objects = each.arrays, each.objects
        if each.types & ARRAY and (arrays.most is None or arrays.least <= arrays.most):
            ways.append(arrays.needed)
        if each.types & OBJECT:
            ways.append(frozenset(objects.member(name) for name in objects.required))
        return ways

    def has_array(self, each: Alternative) -> bool:
        """Whether the alternative holds an array."""
        arrays = each.arrays
        return bool(
            each.types & ARRAY
            and (arrays.most is None or arrays.least <= arrays.most)
            and all(self.inhabited(item) for item in arrays.needed)
        )

    def has_object(self, each: Alternative) -> bool:
        """Whether the alternative holds an object."""
        objects = each.objects
        needed = [objects.member(name) for name in objects.required]
        return bool(each.types & OBJECT and all(self.inhabited(value) for value in needed))


def _around(text: str) -> set[int]:
    return {point for char in text for point in (ord(char), ord(char) + 1)}


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
        cuts = _around(tree.data.decode())
    return cuts.union(*map(_cuts, tree.parts))
