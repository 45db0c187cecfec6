"""Arrays whose items must differ, mended after they were drawn.

An item that says the same JSON value as one before it is put in another's place: the smallest value
of its state that no item of the array has. Scalars are listed from their languages, the shortest
first; arrays and objects are asked of the core, which knows the complement of a value. Where no
value is left the array ends, if it may. Where items of a kind are counted, a value may be missing
because it was taken for another kind; then the rest of the array is made again, each item counted
for what it is.

Inner arrays are mended before those around them, since items are compared as they are in the end.
Cost: a look at every item of such arrays; nothing more where all differ. Nothing is drawn here,
so failures shrink as they do elsewhere. Rejected: to compare items while they are drawn, which
would nest a frame for every level; to draw again, which would tie a draw to those before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import merge

from grammarlib.errors import CompileBudgetExceeded
from grammarlib.strategies.equality import Equality
from grammarlib.strategies.json_text import Array, Row, Scalar, Tree
from grammarlib.strategies.places import ArrayPlace
from grammarlib.strategies.productions import Productions
from grammarlib.strategies.shapes import ArrayOf, CountedArrayOf, NumberOf, StringOf, Word

__all__ = ["Items", "Separation"]

_TRIES = 1_000
_Grow = Callable[[int], Tree]


@dataclass(slots=True)
class Items:
    """An array, its shape, and the states of its items."""

    tree: Array
    shape: ArrayOf | CountedArrayOf
    states: list[int] = field(default_factory=list)


class Separation:
    """The arrays of one tree whose items must differ.

    Parameters
    ----------
    productions : Productions
        What they were drawn from.
    """

    def __init__(self, productions: Productions) -> None:
        self._productions = productions
        self._equality = Equality()
        self._arrays: list[Items] = []

    def add(self, items: Items) -> None:
        """Note an array, before those in its items are."""
        self._arrays.append(items)

    def mend(self, grow: _Grow, kept: int = 0) -> None:
        """Make the items of all arrays differ but for the first ``kept``.

        Parameters
        ----------
        grow : callable
            Gives the smallest value of a state, and adds its arrays.
        kept : int
            How many arrays are left as they are.

        Raises
        ------
        CompileBudgetExceeded
            If no way is found to make the items of an array differ.
        """
        while len(self._arrays) > kept:
            self._mend(self._arrays.pop(), grow)

    def _mend(self, items: Items, grow: _Grow) -> None:
        tree, shape = items.tree, items.shape
        found: set[int] = set()
        fresh = _Fresh(self, grow, found)
        for index, item in enumerate(tree.items):
            number = self._equality.number(item)
            if number in found:
                other = fresh.take(items.states[index])
                if other is None:
                    del tree.items[index:]
                    break
                tree.items[index] = other
            else:
                found.add(number)
        if isinstance(shape, CountedArrayOf):
            if len(tree.items) < len(items.states):
                self._make_rest(tree, shape, fresh)
        elif len(tree.items) < shape.least:
            raise _none_left()

    def _make_rest(self, tree: Array, shape: CountedArrayOf, fresh: _Fresh) -> None:
        """Bring an array to an end, its items counted for what they are."""
        arrays = self._productions.arrays
        place = arrays.start(shape)
        for item in tree.items:
            place = self._after(place, item)
        while not arrays.may_end(place):
            takes = (fresh.take(way.state) for _, way in arrays.ways(place))
            taken = next((one for one in takes if one is not None), None)
            if taken is None:
                raise _none_left()
            tree.items.append(taken)
            place = self._after(place, taken)

    def _after(self, place: ArrayPlace, item: Tree) -> ArrayPlace:
        """The place behind an item that counts for what it is."""
        shape = self._productions.shape_after(place.shape, place.at, _text(item))
        if shape is None:
            raise _none_left()
        least, most = max(0, place.least - 1), None if place.most is None else place.most - 1
        return ArrayPlace(shape, place.fixed, min(place.at + 1, place.fixed), least, most)

    def values(self, state: int, grow: _Grow) -> Iterator[Tree]:
        """Yield values of a state, mostly the smallest first; scalars before all others."""
        lists: list[Iterator[str]] = []
        for _, alternative in self._productions.alternatives(state):
            if isinstance(alternative, Word):
                lists.append(iter([alternative.text]))
            elif isinstance(alternative, StringOf):
                texts = self._productions.texts(alternative.expression)
                lists.append(json.dumps(text, ensure_ascii=False) for text in texts)
            elif isinstance(alternative, NumberOf):
                plain = self._productions.plain(alternative.expression)
                if plain is not None:
                    lists.append(self._productions.texts(plain))
        yield from map(Scalar, merge(*lists, key=len))
        found: set[str] = set()
        for _ in range(_TRIES):
            try:
                others = self._productions.composites_besides(state, frozenset(found))
                if self._productions.size(others) is None:
                    return
                kept = len(self._arrays)
                tree = grow(others)
                self.mend(grow, kept)
            except CompileBudgetExceeded:
                return
            found.add(_text(tree))
            yield tree

    def number(self, tree: Tree) -> int:
        """Return the same number for equal values."""
        return self._equality.number(tree)


class _Fresh:
    """Values that one array does not have yet."""

    def __init__(self, separation: Separation, grow: _Grow, found: set[int]) -> None:
        self._separation = separation
        self._grow = grow
        self._found = found
        self._values: dict[int, Iterator[Tree]] = {}

    def take(self, state: int) -> Tree | None:
        """Return a new value of a state; None if there is none."""
        if state not in self._values:
            self._values[state] = self._separation.values(state, self._grow)
        for tree in self._values[state]:
            number = self._separation.number(tree)
            if number not in self._found:
                self._found.add(number)
                return tree
        return None


def _text(tree: Tree) -> str:
    return "".join(Row(tree).tokens)


def _none_left() -> CompileBudgetExceeded:
    return CompileBudgetExceeded(f"{_TRIES} tries to make the items of an array differ")
