"""Sizes of smallest texts, of whatever is made of other things by rules.

A *thing* (a state, or a place in an object or array where a choice is left) has rules; each says
what a text by this rule takes by itself, and how many texts of which other things it holds. The
size of a thing is the least sum over its rules, by Knuth's generalisation of Dijkstra's algorithm
("A generalization of Dijkstra's algorithm", 1977): sizes are found in ascending order, so a rule
whose parts are all known is final. Things without a finite text have no size.

Cost: each thing that can be reached from what was asked for is looked at once, and each rule once
for each of its parts; a heap, no recursion, a bound on the things. Rejected: sizes of all states
ahead of the first text, which normalises parts of large schemas that no text reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from grammarlib.errors import CompileBudgetExceeded

__all__ = ["THINGS", "Rule", "Sizes", "Thing"]

Thing = int | tuple[int | None, ...]
"""A state, or what is left to choose at a place."""
THINGS = 200_000
"""Things whose sizes one schema may ask for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a text is made of.

    Attributes
    ----------
    own : int
        What it takes by itself.
    parts : mapping of things to int
        How many texts of which things it holds.
    number : int
        How many more it must hold, of any of some kinds.
    kinds : tuple of (own, thing, most)
        For each kind what one takes by itself, its thing, how many there are (None: no end).
    """

    own: int
    parts: Mapping[Thing, int]
    number: int = 0
    kinds: tuple[tuple[int, Thing, int | None], ...] = ()

    def things(self) -> set[Thing]:
        """Return all that it may hold."""
        things = set(self.parts)
        if self.number:
            things.update(thing for _, thing, _ in self.kinds)
        return things

    def total(self, sizes: Mapping[Thing, int | None]) -> int | None:
        """Return the least sum; None while too few sizes are known."""
        total = self.own
        for part, number in self.parts.items():
            size = sizes.get(part)
            if size is None:
                return None
            total += number * size
        if not self.number:
            return total
        left = self.number
        known = [
            (own + size, most)
            for own, thing, most in self.kinds
            if (size := sizes.get(thing)) is not None
        ]
        for cost, most in sorted(known, key=lambda kind: kind[0]):
            taken = left if most is None else min(left, most)
            total += taken * cost
            left -= taken
        return None if left else total


class Sizes:
    """The sizes of things, found when they are first asked for.

    Parameters
    ----------
    rules : callable
        The rules of a thing.
    """

    def __init__(self, rules: Callable[[Thing], Iterable[Rule]]) -> None:
        self._rules = rules
        self._sizes: dict[Thing, int | None] = {}

    def __len__(self) -> int:
        return len(self._sizes)

    def of(self, thing: Thing) -> int | None:
        """Return the size of a thing; None if it has no text."""
        if thing not in self._sizes:
            self.settle([thing])
        return self._sizes[thing]

    def total(self, rule: Rule) -> int | None:
        """Return the sum of a rule; None if it has no text."""
        self.settle(rule.things())
        return rule.total(self._sizes)

    def settle(self, things: Iterable[Thing]) -> None:
        """Find the sizes of things, and of all that they are made of."""
        open_things = [thing for thing in dict.fromkeys(things) if thing not in self._sizes]
        seen = set(open_things)
        waiting: dict[Thing, list[tuple[Thing, Rule, list[int]]]] = {}
        ready: list[tuple[int, int, Thing]] = []
        turn = count()

        def offer(thing: Thing, rule: Rule) -> None:
            total = rule.total(self._sizes)
            if total is not None:
                heappush(ready, (total, next(turn), thing))

        while open_things:
            thing = open_things.pop()
            for rule in self._rules(thing):
                missing = [part for part in rule.things() if part not in self._sizes]
                left = [0 if rule.number else len(missing)]  # shared by all that it waits for
                if not left[0]:
                    offer(thing, rule)
                for part in missing:
                    waiting.setdefault(part, []).append((thing, rule, left))
                    if part not in seen:
                        seen.add(part)
                        open_things.append(part)
            if len(self._sizes) + len(seen) > THINGS:
                raise CompileBudgetExceeded(f"{THINGS} places whose smallest texts are compared")
        while ready:
            size, _, thing = heappop(ready)
            if thing in self._sizes:
                continue
            self._sizes[thing] = size
            for parent, rule, left in waiting.get(thing, ()):
                left[0] -= 1
                if left[0] <= 0 and parent not in self._sizes:
                    offer(parent, rule)
        for thing in seen:
            self._sizes.setdefault(thing, None)
