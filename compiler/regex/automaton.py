"""Automata for patterns that look around themselves where the algebra has no form for it.

The text is read once, from left to right. What a look-ahead asks of the text that is still to come
is a condition (:mod:`conditions`) on the places where its paths may then be; what a look-behind
asks is where its paths are by now, each under such a condition, because they may look ahead in
turn. A state of the automaton is the condition under which the whole pattern matches, with the
places of all look-behinds. This decides look-arounds of both kinds anywhere, nested in each other
and in loops.

Invariant: the language is exact; a pattern with too many states is refused as over budget.
Cost: what a character does to the conditions is worked out once for all states that know the same
of the past, and for all states where that does not matter; then some 5 µs a state and class of
characters, of which a pattern has a handful. Only patterns that :mod:`lower` cannot express come
here (one in a thousand of real ones).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from grammarlib.compiler.regex.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Conditions,
)
from grammarlib.compiler.regex.nodes import ANY_POINT, END, Automaton, Node, concat
from grammarlib.compiler.regex.paths import AT_END, AT_START, FREE, Paths
from grammarlib.compiler.regex.program import Ranges, automaton
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["MAX_STATES", "fullmatch_automaton", "search_automaton"]

MAX_STATES: Final = 2_000
"""Most states of an automaton."""
MAX_STEPS: Final = 1_000_000
"""Most work to make one (`Conditions`): about a second and a half."""

_END_OF_TEXT: Final = -1

Places = tuple[tuple[int, Condition], ...]
_Kept = dict[int, tuple[Condition, bool]]
"""Conditions, and whether they depend on the past."""


class _Past(NamedTuple):
    """What the text so far says between two characters."""

    behind: tuple[Places, ...]
    """Of each look-behind, where its paths are and under which condition."""
    at_start: bool


class _State(NamedTuple):
    """What is known between two characters."""

    matches: Condition
    """When the pattern matches."""
    past: _Past


def search_automaton(node: Node) -> Node:
    """The texts in which ``node`` matches somewhere."""
    paths = Paths()
    return _Automaton(paths, paths.anywhere(), node).made()


def fullmatch_automaton(node: Node) -> Node:
    """The texts that ``node`` matches from start to end."""
    paths = Paths()
    return _Automaton(paths, paths.place(), concat([node, END])).made()


_DECIDED: Final = _Past((), False)
"""Where nothing depends on it any more."""


class _Automaton:
    """One pattern's automaton under construction."""

    def __init__(self, paths: Paths, first: int, node: Node) -> None:
        self.paths = paths
        self.first = first
        last = paths.place()
        paths.silent[paths.write(node, first)].append((FREE, last))
        self.ends = {last, *[around.last for around in paths.arounds if not around.behind]}
        self.behind = [at for at, around in enumerate(paths.arounds) if around.behind]
        self.classes, self.members = _classes(paths)
        self.on = Conditions(MAX_STEPS)
        self.moments: dict[tuple[_Past, int], _Moment] = {}
        # What a place becomes by a class of characters, whatever the text was before.
        self.unconditional: dict[tuple[int, int], Condition] = {}

    def made(self) -> Node:
        behind = tuple(self.begun(number, {}) for number in self.behind)
        start = _State(frozenset({1 << 2 * self.first}), _Past(behind, True))
        found = {start: 0}
        order = [start]
        states: list[tuple[bool, list[tuple[int, int, int]]]] = []
        for state in order:
            arms: list[tuple[int, int, int]] = []
            for at, ranges in enumerate(self.classes):
                after = self.moment(state.past, at).after(state.matches)
                if after.matches == NEVER:
                    continue
                if after not in found:
                    if len(found) >= MAX_STATES:
                        raise CompileBudgetExceeded(
                            f"{MAX_STATES} states of a pattern with look-arounds"
                        )
                    found[after] = len(order)
                    order.append(after)
                arms += [(lo, hi, found[after]) for lo, hi in ranges]
            end = self.moment(state.past, _END_OF_TEXT)
            states.append((end.matches(state.matches) == ALWAYS, _joined(arms)))
        return Automaton(automaton(states), states[0][0])

    def moment(self, past: _Past, char: int) -> _Moment:
        """What a character does after a text; many states share it."""
        found = self.moments.get((past, char))
        if found is None:
            found = self.moments[past, char] = _Moment(self, past, char)
        return found

    def begun(self, number: int, places: dict[int, Condition]) -> Places:
        """The places of a look-behind, which may begin anywhere."""
        places[self.paths.arounds[number].first] = ALWAYS
        return tuple(sorted(places.items()))


class _Moment:
    """The text so far and the character that follows, of which the class is known."""

    def __init__(self, of: _Automaton, past: _Past, char: int) -> None:
        self.of = of
        self.on = of.on
        self.paths = of.paths
        self.past = past
        self.char = char
        self.known: _Kept = {}
        self.met: _Kept = {}
        self.looked = False

    def matches(self, condition: Condition) -> Condition:
        """What a condition becomes by the character."""
        return self.on.replaced(condition, self.value)

    def after(self, condition: Condition) -> _State:
        """The state after the character."""
        matches = self.matches(condition)
        if matches in (ALWAYS, NEVER):
            return _State(matches, _DECIDED)
        return _State(matches, self.later)

    @cached_property
    def later(self) -> _Past:
        """What the text says after the character."""
        behind = []
        for number, places in zip(self.of.behind, self.past.behind, strict=True):
            reached = self.silently(self.now(places))
            moved: dict[int, list[Condition]] = {}
            for place, condition in reached.items():
                for to in self.moves(place):
                    moved.setdefault(to, []).append(condition)
            after = {place: self.on.any_of(conditions) for place, conditions in moved.items()}
            behind.append(self.of.begun(number, after))
        return _Past(tuple(behind), False)

    def now(self, places: Places) -> dict[int, Condition]:
        """Places with what their conditions become by the character."""
        now = {place: self.on.replaced(condition, self.value) for place, condition in places}
        return {place: condition for place, condition in now.items() if condition}

    def value(self, variable: int) -> Condition:
        """What a variable becomes by the character."""
        return self._kept(self.known, variable, self._value)

    def _value(self, variable: int) -> Condition:
        if variable & 1:
            return self.on.opposite(self.value(variable ^ 1))
        return self._ahead(variable >> 1)

    def _ahead(self, place: int) -> Condition:
        """When the paths from a place lead to the end of theirs."""
        key = (place, self.char)
        found = self.of.unconditional.get(key)
        if found is not None:
            return found
        ways = []
        for reached, condition in self.silently({place: ALWAYS}).items():
            if reached in self.of.ends:
                ways.append(condition)
            ways += [
                self.on.all_of(condition, frozenset({1 << 2 * to})) for to in self.moves(reached)
            ]
        found = self.on.any_of(ways)
        if not self.looked:
            self.of.unconditional[key] = found
        return found

    def _kept(self, kept: _Kept, key: int, make: Callable[[int], Condition]) -> Condition:
        """What is made once, noting whether the past was looked at for it."""
        if key not in kept:
            outer, self.looked = self.looked, False
            kept[key] = (make(key), self.looked)
            self.looked = outer
        found, looked = kept[key]
        self.looked = self.looked or looked
        return found

    def moves(self, place: int) -> Iterable[int]:
        """Where the character leads from a place."""
        if self.char == _END_OF_TEXT:
            return ()
        members = self.of.members
        reading = self.paths.reading[place]
        return [to for ranges, to in reading if self.char in members[ranges]]

    def silently(self, places: dict[int, Condition]) -> dict[int, Condition]:
        """All places that are reached without a character, with the conditions of doing so."""
        reached = dict(places)
        todo = list(places)
        while todo:
            place = todo.pop()
            here = reached[place]
            self.on.spend(1 + len(here))
            for step, to in self.paths.silent[place]:
                way = here if step == FREE else self.on.all_of(here, self.condition(step))
                if not way:
                    continue
                before = reached.get(to)
                now = way if before is None else self.on.any_of([before, way])
                if now != before:
                    reached[to] = now
                    todo.append(to)
        return reached

    def condition(self, step: int) -> Condition:
        """When a step without a character may be taken here."""
        return self._kept(self.met, step, self._condition)

    def _condition(self, step: int) -> Condition:
        if step == AT_START:
            self.looked = True
            return ALWAYS if self.past.at_start else NEVER
        if step == AT_END:
            return ALWAYS if self.char == _END_OF_TEXT else NEVER
        around = self.paths.arounds[step]
        if around.behind:
            self.looked = True
            places = self.past.behind[self.of.behind.index(step)]
            found = self.silently(self.now(places)).get(around.last, NEVER)
        else:
            found = self.value(2 * around.first)
        return self.on.opposite(found) if around.negated else found


def _classes(paths: Paths) -> tuple[list[Ranges], dict[Ranges, set[int]]]:
    """Characters that no path tells apart, and for each set of characters the classes in it."""
    sets = {ranges for reading in paths.reading for ranges, _ in reading} | {ANY_POINT.ranges}
    order = sorted(sets)
    bounds: dict[int, int] = {}
    for bit, ranges in enumerate(order):
        for lo, hi in ranges:
            for bound in (lo, hi + 1):
                bounds[bound] = bounds.get(bound, 0) ^ 1 << bit
    found: dict[int, list[tuple[int, int]]] = {}
    inside = 0
    points = sorted(bounds)
    for lo, after in pairwise(points):
        inside ^= bounds[lo]
        if inside:
            found.setdefault(inside, []).append((lo, after - 1))
    classes = [tuple(ranges) for ranges in found.values()]
    members = {
        ranges: {at for at, mask in enumerate(found) if mask >> bit & 1}
        for bit, ranges in enumerate(order)
    }
    return classes, members


def _joined(arms: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Arms in order; those that touch and lead to one state are one."""
    out: list[tuple[int, int, int]] = []
    for lo, hi, to in sorted(arms):
        if out and out[-1][1] + 1 == lo and out[-1][2] == to:
            out[-1] = (out[-1][0], hi, to)
        else:
            out.append((lo, hi, to))
    return out
