"""A pattern as places and steps between them: characters, nothing, or a condition on where one is.

Look-arounds have paths of their own, in the same table; a step over a look-around names it. Counted
repetitions are written out. Word boundaries are look-arounds by now, and anchors are conditions.

Cost: a place for each character, round and branch; at most ``MAX_PLACES``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from grammarlib.compiler.regex.neighbours import edge
from grammarlib.compiler.regex.nodes import (
    ANY_POINT,
    END,
    START,
    And,
    Chars,
    Concat,
    Look,
    Node,
    Repeat,
    Text,
    Union,
)
from grammarlib.compiler.regex.program import Ranges
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["AT_END", "AT_START", "FREE", "MAX_PLACES", "Around", "Paths"]

MAX_PLACES: Final = 4_000
"""Most places of a pattern with its repetitions written out."""
MAX_DEPTH: Final = 60
"""Deepest nesting of groups around a look-around."""

FREE: Final = -1
AT_START: Final = -2
AT_END: Final = -3


class Around(NamedTuple):
    """The paths of a look-around."""

    first: int
    last: int
    negated: bool
    behind: bool


class Paths:
    """The table of a pattern's places."""

    def __init__(self) -> None:
        self.silent: list[list[tuple[int, int]]] = []
        """From each place: conditions (or the number of a look-around) and where they lead."""
        self.reading: list[list[tuple[Ranges, int]]] = []
        """From each place: characters and where they lead."""
        self.arounds: list[Around] = []

    def place(self) -> int:
        """Make a place."""
        if len(self.silent) >= MAX_PLACES:
            raise CompileBudgetExceeded(f"{MAX_PLACES} places of a pattern with look-arounds")
        self.silent.append([])
        self.reading.append([])
        return len(self.silent) - 1

    def anywhere(self) -> int:
        """A place that any character leads back to."""
        place = self.place()
        self.reading[place].append((ANY_POINT.ranges, place))
        return place

    def write(self, node: Node, at: int, depth: int = 0) -> int:
        """Write a node's paths from a place; return where they end.

        The end may have steps that lead back to it, and gets no others from here.
        """
        if depth > MAX_DEPTH:
            raise CompileBudgetExceeded(f"{MAX_DEPTH} nested groups around a look-around")
        depth += 1
        if isinstance(node, Text):
            for char in node.value:
                at = self._read(((ord(char), ord(char)),), at)
            return at
        if isinstance(node, Chars):
            return self._read(node.ranges, at)
        if node is START or node is END:
            return self._silent(AT_START if node is START else AT_END, at)
        if isinstance(node, Concat):
            for item in node.items:
                at = self.write(item, at, depth)
            return at
        if isinstance(node, Union):
            end = self.place()
            for item in node.items:
                self.silent[self.write(item, at, depth)].append((FREE, end))
            return end
        if isinstance(node, Repeat):
            return self._loop(node, at, depth)
        if isinstance(node, And):
            return self._meeting(node, at, depth)
        assert isinstance(node, Look)
        first = self.place()
        last = self.write(node.item, first, depth)
        end = self.place()  # nothing leads on from here
        self.silent[last].append((FREE, end))
        self.arounds.append(Around(first, end, node.negated, node.behind))
        return self._silent(len(self.arounds) - 1, at)

    def _meeting(self, node: And, at: int, depth: int) -> int:
        """Write what `neighbours` settled: texts that begin or end with one of some characters.

        As it read before: a look-around at their beginning, or at their end.
        """
        edges = {item: look for item in node.items if (look := edge(item)) is not None}
        whole = next((item for item in node.items if item not in edges), node.items[0])
        edges.pop(whole, None)
        for first in edges.values():
            if not first.behind:
                at = self.write(first, at, depth)
        at = self.write(whole, at, depth)
        for last in edges.values():
            if last.behind:
                at = self.write(last, at, depth)
        return at

    def _read(self, ranges: Ranges, at: int) -> int:
        to = self.place()
        self.reading[at].append((ranges, to))
        return to

    def _silent(self, condition: int, at: int) -> int:
        to = self.place()
        self.silent[at].append((condition, to))
        return to

    def _loop(self, node: Repeat, at: int, depth: int) -> int:
        for _ in range(node.lo):
            at = self.write(node.item, at, depth)
        if node.hi is None:
            # A round without characters adds nothing: ECMA-262, RepeatMatcher.
            head = self._silent(FREE, at)
            self.silent[self.write(node.item, head, depth)].append((FREE, head))
            return self._silent(FREE, head)
        end = self.place()
        for _ in range(node.hi - node.lo):
            self.silent[at].append((FREE, end))
            at = self.write(node.item, at, depth)
        self.silent[at].append((FREE, end))
        return end
