"""Languages of text: the characters that may come next, the first texts.

The core walks its expressions (``grammarlib._core.Productions``); what it says is kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grammarlib import _core

__all__ = ["Characters", "Languages"]

_AT_ONCE = 16


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


class Languages:
    """The expressions of a schema's keys, strings, numbers and white space."""

    def __init__(self, core: _core.Productions) -> None:
        self._core = core
        self._shortest: dict[int, str] = {}
        self._steps: dict[int, tuple[Characters, ...]] = {}
        self._texts: dict[int, tuple[list[str], bool]] = {}

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

    def texts(self, expression: int) -> Iterator[str]:
        """Yield the texts of the language, the shortest first."""
        index, wanted = 0, _AT_ONCE
        while True:
            found, whole = self._texts.get(expression, ([], False))
            if index < len(found):
                yield found[index]
                index += 1
            elif whole:
                return
            else:
                wanted = max(wanted, 4 * len(found))
                found = self._core.texts(expression, wanted)
                self._texts[expression] = (found, len(found) < wanted)
