"""What the texts of a schema are made of: alternatives of values, the smallest first.

The core says what a value may be (``grammarlib._core.Productions``); here it becomes objects with
sizes. The size of a value is about how many bytes its shortest text takes. Sizes order the
alternatives, so that choosing the first everywhere leads to a shortest text, and so ends: that is
how recursion is cut.

Invariants: everything is found on demand and kept; the order of alternatives depends on the schema
alone, so that a drawn choice means the same again. Every listed alternative has a text.

Cost: the sizes of a state cost the states that its texts *must* hold (required keys, least numbers
of items), each once, by Knuth's generalisation of Dijkstra's algorithm ("A generalization of
Dijkstra's algorithm", 1977); a heap, no recursion. Rejected: sizes of all states ahead of the
first text, which normalises parts of large schemas that no text reaches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from grammarlib import _core

__all__ = [
    "Alternative",
    "ArrayOf",
    "Characters",
    "NumberOf",
    "ObjectOf",
    "Productions",
    "StringOf",
    "Word",
]


@dataclass(frozen=True, slots=True)
class Word:
    """``null``, ``true`` or ``false``."""

    text: str


@dataclass(frozen=True, slots=True)
class NumberOf:
    """Numbers: the expression of their spellings."""

    expression: int


@dataclass(frozen=True, slots=True)
class StringOf:
    """Strings: the expression of their decoded texts."""

    expression: int


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """Arrays: the states of the first items and of the others, and how many there may be."""

    prefix: tuple[int, ...]
    rest: int | None
    least: int
    most: int | None

    def item(self, index: int) -> int:
        """Return the state of an item."""
        if index < len(self.prefix):
            return self.prefix[index]
        assert self.rest is not None
        return self.rest


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """Objects: declared keys in order (with state, and whether required), and the others.

    ``undeclared`` are required keys that are not declared; ``additional`` is the state and the key
    expression of all keys that are not declared, if there can be any.
    """

    properties: tuple[tuple[str, int, bool], ...]
    undeclared: tuple[str, ...]
    additional: tuple[int, int] | None


Alternative = Word | NumberOf | StringOf | ArrayOf | ObjectOf
_WORDS = {"null": Word("null"), "true": Word("true"), "false": Word("false")}


class Characters:
    """The characters that lead from one expression to another.

    They have an order, the simplest first: from ``0`` to the end of ASCII, the rest of ASCII, all
    others. ``bands`` says how many are ASCII, in the basic plane, beyond it, without those that
    hold none; ``several`` whether there is more than one.
    """

    __slots__ = ("_ranges", "bands", "several", "target")

    def __init__(self, target: int, ranges: Iterable[tuple[int, int]]) -> None:
        self.target = target
        self._ranges: list[list[tuple[int, int]]] = []
        self.bands: list[int] = []
        parts = [(0x30, 0x7F), (0, 0x2F)], [(0x80, 0xFFFF)], [(0x10000, 0x10FFFF)]
        ranges = list(ranges)
        for band in parts:
            inside = [
                (max(lo, low), min(hi, high))
                for low, high in band
                for lo, hi in ranges
                if lo <= high and low <= hi
            ]
            if inside:
                self._ranges.append(inside)
                self.bands.append(sum(hi - lo + 1 for lo, hi in inside))
        self.several = sum(self.bands) > 1

    def at(self, band: int, index: int) -> str:
        """Return a character by its place in a band."""
        for lo, hi in self._ranges[band]:
            if index <= hi - lo:
                return chr(lo + index)
            index -= hi - lo + 1
        raise IndexError(index)


class Productions:
    """The core's productions with sizes, each asked for once."""

    def __init__(self, core: _core.Productions) -> None:
        self._core = core
        self.root = core.root
        self.free_order = core.free_order
        self.whitespace = core.whitespace
        self._found: dict[int, list[Alternative]] = {}
        self._sorted: dict[int, tuple[tuple[int, Alternative], ...]] = {}
        self._sizes: dict[int, int] = {}
        self._shortest: dict[int, str] = {}
        self._steps: dict[int, tuple[Characters, ...]] = {}

    def memory(self) -> int:
        """Return about how many bytes all of it holds."""
        return self._core.memory() + 400 * (len(self._found) + len(self._steps))

    # -- values -----------------------------------------------------------------------------------

    def alternatives(self, state: int) -> tuple[tuple[int, Alternative], ...]:
        """Return what a value may be, each with its size, the smallest first."""
        if state not in self._sorted:
            found = self._alternatives(state)
            self._settle({need for a in found for need in self._needs(a)})
            sized = [(self._sum(a), a) for a in found]
            self._sorted[state] = tuple(sorted(sized, key=lambda pair: pair[0]))
        return self._sorted[state]

    def size(self, state: int) -> int:
        """Return the size of the smallest text of a state."""
        if state not in self._sizes:
            self._settle({state})
        return self._sizes[state]

    def _alternatives(self, state: int) -> list[Alternative]:
        if state in self._found:
            return self._found[state]
        null, booleans, number, string, arrays, objects = self._core.value(state)
        found: list[Alternative] = []
        if number is not None:
            found.append(NumberOf(number))
        if string is not None:
            found.append(StringOf(string))
        for shape in arrays:
            prefix, rest, least, most = self._core.items(shape)
            found.append(ArrayOf(tuple(prefix), rest, least, most))
        for shape in objects:
            properties, undeclared, additional = self._core.members(shape)
            found.append(ObjectOf(tuple(properties), tuple(undeclared), additional))
        words = {"null": null, "false": booleans & 1, "true": booleans & 2}
        found += [_WORDS[word] for word, there in words.items() if there]
        self._found[state] = found
        return found

    def _needs(self, alternative: Alternative) -> Counter[int]:
        """How many values of which states every text of an alternative holds."""
        needs: Counter[int] = Counter()
        if isinstance(alternative, ArrayOf):
            needs.update(alternative.prefix[: alternative.least])
            more = alternative.least - len(alternative.prefix)
            if more > 0:
                needs[alternative.item(alternative.least)] += more
        elif isinstance(alternative, ObjectOf):
            needs.update(state for _, state, must in alternative.properties if must)
            if alternative.undeclared:
                assert alternative.additional is not None
                needs[alternative.additional[0]] += len(alternative.undeclared)
        return needs

    def _own_size(self, alternative: Alternative) -> int:
        """What a smallest text takes beside the values it holds."""
        if isinstance(alternative, Word):
            return len(alternative.text)
        if isinstance(alternative, NumberOf):
            return len(self.shortest(alternative.expression))
        if isinstance(alternative, StringOf):
            return 2 + len(self.shortest(alternative.expression).encode())
        if isinstance(alternative, ArrayOf):
            return 2 + max(0, alternative.least - 1)
        keys = [key for key, _, must in alternative.properties if must]
        return 2 + sum(4 + len(key) for key in (*keys, *alternative.undeclared))

    def _settle(self, states: set[int]) -> None:
        """Find the sizes of states, and of all that their texts must hold."""
        open_states = [state for state in states if state not in self._sizes]
        waiting: dict[int, list[tuple[int, Alternative, list[int]]]] = {}
        ready: list[tuple[int, int]] = []
        seen = set(open_states)
        while open_states:
            state = open_states.pop()
            for alternative in self._alternatives(state):
                missing = [s for s in self._needs(alternative) if s not in self._sizes]
                if not missing:
                    heappush(ready, (self._sum(alternative), state))
                    continue
                left = [len(missing)]  # shared by the entries of all it waits for
                for need in missing:
                    waiting.setdefault(need, []).append((state, alternative, left))
                    if need not in seen:
                        seen.add(need)
                        open_states.append(need)
        while ready:
            size, state = heappop(ready)
            if state in self._sizes:
                continue
            self._sizes[state] = size
            for parent, alternative, left in waiting.get(state, ()):
                left[0] -= 1
                if not left[0] and parent not in self._sizes:
                    heappush(ready, (self._sum(alternative), parent))

    def _sum(self, alternative: Alternative) -> int:
        """The size of an alternative, where those of all it needs are known."""
        needs = self._needs(alternative).items()
        return self._own_size(alternative) + sum(n * self._sizes[s] for s, n in needs)

    # -- languages --------------------------------------------------------------------------------

    def steps(self, expression: int) -> tuple[Characters, ...]:
        """Return the characters that may come next; those on a shortest way to an end first."""
        if expression not in self._steps:
            groups = self._core.characters(expression)
            self._steps[expression] = tuple(Characters(*group) for group in groups)
        return self._steps[expression]

    def nullable(self, expression: int) -> bool:
        """Return whether the empty text is in the language."""
        return self._core.nullable(expression)

    def shortest(self, expression: int) -> str:
        """Return a shortest text of the language, the simplest of them."""
        if expression not in self._shortest:
            self._shortest[expression] = self._core.shortest(expression)
        return self._shortest[expression]
