"""The arrays of one alternative: which items may come next, and whether there is an end.

Items that must be of some kind are a guess: each item is taken for some kinds. Where the number of
a kind is bounded, an item that is not taken for it is none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import product
from typing import NamedTuple

from tests.oracle.regex_derivatives import Undecided
from tests.oracle.value_leaves import Leaf, Said, Values

PLACES = 5_000  # in one search for an end

Alive = Callable[[Values], bool]
Tallies = tuple[int, ...]


class Kind(NamedTuple):
    said: Said
    start: int
    least: int
    most: int | None


class Arrays:
    """What the leaves of one alternative say of arrays."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self.items = [leaf[1:] for leaf in leaves if leaf[0] == "items"]
        self.fixed = [leaf[1:] for leaf in leaves if leaf[0] == "at"]
        lengths = [leaf[1:] for leaf in leaves if leaf[0] == "length"]
        self.unique = ("unique",) in leaves
        self.kinds = [Kind(*leaf[1:]) for leaf in leaves if leaf[0] == "kind"]
        self.least: int = max([0, *[low for low, _ in lengths], *[i + 1 for i, _ in self.fixed]])
        bounds = [high for _, high in lengths if high is not None]
        self.most: int | None = min(bounds) if bounds else None
        self._ends: dict[tuple[int, Tallies], bool] = {}

    @cached_property
    def start(self) -> Tallies:
        return (0,) * len(self.kinds)

    @cached_property
    def horizon(self) -> int:
        """From here on all items are alike, but for their number."""
        places = [len(prefix) for prefix, _ in self.items]
        return max([0, *places, *[i + 1 for i, _ in self.fixed], *[k.start for k in self.kinds]])

    def item(self, index: int, taken: tuple[bool, ...]) -> Values:
        own = [prefix[index] if index < len(prefix) else rest for prefix, rest in self.items]
        own += [said for i, said in self.fixed if i == index]
        for kind, is_taken in zip(self.kinds, taken, strict=True):
            if is_taken:
                own.append(kind.said)
            elif kind.most is not None and index >= kind.start:
                own.append(kind.said.denied())
        return tuple(own)

    def choices(
        self, count: int, tallies: Tallies, alive: Alive
    ) -> Iterator[tuple[Values, Tallies]]:
        """What the next item may be, and how many of each kind there are then."""
        if self.most is not None and count >= self.most:
            return
        index = min(count, self.horizon)
        for taken in product([False, True], repeat=len(self.kinds)):
            after = self._counted(index, tallies, taken)
            if after is not None:
                values = self.item(index, taken)
                if alive(values) and self.may_end(count + 1, after, alive):
                    yield values, after

    def _counted(self, index: int, tallies: Tallies, taken: tuple[bool, ...]) -> Tallies | None:
        after = []
        for kind, tally, is_taken in zip(self.kinds, tallies, taken, strict=True):
            tally += is_taken
            if is_taken and (index < kind.start or (kind.most is not None and tally > kind.most)):
                return None
            # More than enough is not told apart.
            after.append(min(tally, kind.least) if kind.most is None else tally)
        return tuple(after)

    def is_complete(self, count: int, tallies: Tallies) -> bool:
        return (
            self.least <= count
            and (self.most is None or count <= self.most)
            and all(tally >= kind.least for kind, tally in zip(self.kinds, tallies, strict=True))
        )

    def exists(self, alive: Alive) -> bool:
        """Whether there is an array at all."""
        if self.unique and (self.least > 1 or self.kinds):
            raise Undecided("how many different items there are")
        return self.may_end(0, self.start, alive)

    def may_end(self, count: int, tallies: Tallies, alive: Alive) -> bool:
        """Whether some further items make the array whole."""
        if not self.kinds and count >= self.least:
            return self.most is None or count <= self.most
        seen = {(count, tallies)}
        todo = [(count, tallies)]
        while todo:
            at, sums = todo.pop()
            if self.is_complete(at, sums):
                return True
            if self.most is not None and at >= self.most:
                continue
            index = min(at, self.horizon)
            for taken in product([False, True], repeat=len(self.kinds)):
                after = self._counted(index, sums, taken)
                # Past the least number and the prefixes, only a kind that is missing is of use.
                if after is None or (at >= max(self.least, self.horizon) and after == sums):
                    continue
                if (at + 1, after) not in seen and alive(self.item(index, taken)):
                    seen.add((at + 1, after))
                    todo.append((at + 1, after))
            if len(seen) > PLACES:
                raise Undecided(f"an array's end beyond {PLACES} places")
        return False
