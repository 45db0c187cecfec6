"""All that a derivation can choose, and what of it was chosen.

A choice is an alternative of a value; a key with a name that is there, or missing; a class of
other keys; so many items; and, of arrays whose items are counted, the kinds of the first few.
``possible`` finds them by following the productions, and draws nothing; ``Watch`` notes them as
they are drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from grammarlib.strategies import derivation
from grammarlib.strategies.items import counted_items
from grammarlib.strategies.members import chosen_members
from grammarlib.strategies.places import ArrayPlace, ObjectPlace
from grammarlib.strategies.productions import Productions
from grammarlib.strategies.shapes import Alternative, ArrayOf, CountedArrayOf, ObjectOf

MORE = 2
"""Items beyond the fewest, and beyond those with a state of their own, that are asked for."""

Choice = tuple[object, ...]


class Watch:
    """Notes what derivations choose.

    Parameters
    ----------
    monkeypatch : MonkeyPatch
        Undoes the watching.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached: set[Choice] = set()
        self.productions: Productions | None = None
        self._open: list[list[tuple[Any, int]]] = []  # of each value under way, its parts
        grown = derivation._Growth._grown
        chosen, counted = chosen_members, counted_items

        def watched(growth: Any, draw: Any, alternative: Any, allowance: int, place: Any) -> Any:
            self.productions = growth._productions
            self._open.append([])
            tree = grown(growth, draw, alternative, allowance, place)
            self.reached.update(_seen(alternative, tree, self._open.pop()))
            return tree

        def members(*arguments: Any) -> Any:
            found = chosen(*arguments)
            self._open[-1] += found.members
            return found

        def items(*arguments: Any) -> Iterator[Any]:
            for state, share in counted(*arguments):
                self._open[-1].append((None, state))
                yield state, share

        monkeypatch.setattr(derivation._Growth, "_grown", watched)
        monkeypatch.setattr(derivation, "chosen_members", members)
        monkeypatch.setattr(derivation, "counted_items", items)


def _seen(alternative: Alternative, tree: Any, parts: list[tuple[Any, int]]) -> Iterator[Choice]:
    yield (alternative,)
    if isinstance(alternative, ObjectOf):
        members = dict(parts)
        assert {json.loads(key) for key in tree.keys} == set(members)
        names = {key for key, _, _ in alternative.named}
        for key in names:
            yield alternative, "key", key, key in members
        for key in set(members) - names:
            yield alternative, "other", members[key]
    elif isinstance(alternative, ArrayOf):
        yield alternative, "items", len(tree.items)
    elif isinstance(alternative, CountedArrayOf):
        assert len(tree.items) == len(parts)
        yield alternative, "items", len(tree.items)
        kinds = tuple(state for _, state in parts)
        for number in range(MORE + 2):
            yield alternative, "kinds", kinds[:number]


def possible(productions: Productions) -> set[Choice]:
    """All choices from the root on."""
    found: set[Choice] = set()
    open_states, seen = [productions.root], {productions.root}
    while open_states:
        for _, alternative in productions.alternatives(open_states.pop()):
            found.add((alternative,))
            for choice, state in _choices(productions, alternative):
                found.add((alternative, *choice))
                if state is not None and state not in seen:
                    seen.add(state)
                    open_states.append(state)
    return found


_Choices = Iterator[tuple[Choice, int | None]]


def _choices(productions: Productions, alternative: Alternative) -> _Choices:
    """The choices within an alternative, each with the state that it leads to."""
    if isinstance(alternative, ObjectOf):
        if alternative.demands:
            yield from _asked(productions, alternative)
        else:
            for key, state, must in alternative.named:
                yield ("key", key, True), state
                if not must:
                    yield ("key", key, False), None
            for other in alternative.others:
                yield ("other", other.state), other.state
    elif isinstance(alternative, ArrayOf):
        several = len(alternative.prefix) + (alternative.rest is not None)
        for index in range(several):
            yield ("items", max(alternative.least, index + 1)), alternative.item(index)
        most = max(alternative.least, several) + MORE
        if alternative.most is not None:
            most = min(most, alternative.most)
        for number in range(alternative.least, most + 1):
            yield ("items", number), None
    elif isinstance(alternative, CountedArrayOf):
        yield from _counted(productions, alternative)


def _asked(productions: Productions, shape: ObjectOf) -> _Choices:
    """The members of an object whose members are asked for together."""
    objects = productions.objects
    start = objects.start(shape)
    open_places, seen = [start], {start}

    def key(index: int, there: bool) -> tuple[Choice, int | None]:
        name, state, _ = shape.named[index]
        return ("key", name, there), state if there else None

    while open_places:
        place = open_places.pop()
        if not place.formula and not place.witnesses:
            must, optional = objects.undecided(place)
            yield from (key(index, True) for index in must)
            left = _left(shape, place, len(must))
            for index in optional:
                if place.most is None or place.most > len(must):
                    yield key(index, True)
                if left is None or left + len(optional) > place.least - len(must):
                    yield key(index, False)
            if place.most is None or place.most > len(must):
                yield from ((("other", other.state), other.state) for other in shape.others)
            continue
        for _, step in objects.decisions(place):
            assert shape.demands
            if step.key is not None:
                yield ("key", shape.named[step.key][0], True), step.state
            elif step.other is not None:
                yield ("other", step.state), step.state
            else:
                yield key(shape.demands.asked[place.at], False)
            if step.next not in seen:
                seen.add(step.next)
                open_places.append(step.next)


def _left(shape: ObjectOf, place: ObjectPlace, must: int) -> int | None:
    """How many keys without a name there are; None if no end is known."""
    sizes = [other.size for other in shape.others]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _counted(productions: Productions, shape: CountedArrayOf) -> _Choices:
    """The beginnings of an array, and how long it may be when all items asked for are there."""
    arrays = productions.arrays
    most = shape.fixed + MORE + 1
    places: dict[ArrayPlace, set[tuple[int, ...]]] = {arrays.start(shape): {()}}
    for number in range(most + 1):
        after: dict[ArrayPlace, set[tuple[int, ...]]] = {}
        for place, kinds in places.items():
            yield from ((("kinds", kind), None) for kind in kinds if number < MORE + 2)
            if arrays.may_end(place):
                yield ("items", number), None
            for _, way in arrays.ways(place) if number < most else ():
                assert way.number == 1, "too many items to follow"
                begun = {(*kind, way.state)[: MORE + 1] for kind in kinds}
                after.setdefault(way.next, set()).update(begun)
                yield ("kinds", ()), way.state
        places = after
