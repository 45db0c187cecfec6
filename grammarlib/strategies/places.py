"""Places in objects and arrays that are gone through one decision at a time.

*Objects.* Keys of which the presence is asked for together are decided one after the other; then
come the members that must be found among the keys without a name; what is left then is a choice of
as many members as are still missing. *Arrays.* The next item is taken for one of the kinds that are
counted, or for none.

A place is what is left to be met: the core's shape or formula, and how many members or items there
must still be, so that equal rests are one place, whatever came before. Places are things with
sizes, like states; a decision that leads to no text has none and is not listed.

Cost: as many places as there are decisions, times the numbers that are counted down. Where an array
must be long, all but ``STEPS`` of its items are one decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from grammarlib import _core
from grammarlib.strategies.languages import Languages
from grammarlib.strategies.shapes import CountedArrayOf, Demands, ObjectOf
from grammarlib.strategies.sizes import Rule, Sizes, Thing

__all__ = ["ArrayPlace", "Arrays", "ObjectPlace", "Objects", "Step", "Way"]

STEPS = 64
"""Items that an array must still have before they are gone through one by one."""
_MEMBER = 4  # quotes, colon, comma


class ObjectPlace(NamedTuple):
    """What is left to be decided of an object.

    The keys that the formula names are decided up to ``at``; so many members are missing at least,
    and may come at most; ``witnesses`` are still to be found.
    """

    shape: int
    formula: int
    at: int
    least: int
    most: int | None
    witnesses: int

    def after(self, members: int, formula: int, at: int) -> ObjectPlace:
        """Return the place behind a decision."""
        least = max(0, self.least - members)
        most = None if self.most is None else self.most - members
        return self._replace(formula=formula, at=at, least=least, most=most)


class Step(NamedTuple):
    """A decision: a member (``key`` or ``other`` tells which) or none, and what is left.

    ``key`` is a place among the keys with a name, ``other`` one among the classes of others.
    """

    key: int | None
    other: int | None
    state: int | None
    next: ObjectPlace


class ArrayPlace(NamedTuple):
    """What is left of an array of ``fixed`` first items, of which ``at`` are there."""

    shape: int
    fixed: int
    at: int
    least: int
    most: int | None


class Way(NamedTuple):
    """So many items of a state, and what is left."""

    state: int
    number: int
    next: ArrayPlace


class Objects:
    """The places of objects."""

    def __init__(self, core: _core.Productions, sizes: Sizes, languages: Languages) -> None:
        self._core = core
        self._sizes = sizes
        self._languages = languages
        self._shapes: dict[int, tuple[ObjectOf, Demands]] = {}
        self._steps: dict[ObjectPlace, tuple[Step, ...]] = {}
        self._decisions: dict[ObjectPlace, tuple[tuple[int, Step], ...]] = {}
        self._jumps: dict[ObjectPlace, tuple[tuple[int, Step], ...]] = {}

    def start(self, shape: ObjectOf) -> ObjectPlace:
        """Return the place where nothing is decided."""
        demands = shape.demands
        assert demands is not None
        self._shapes[demands.shape] = (shape, demands)
        counts = (demands.least, demands.most, demands.witnesses)
        return ObjectPlace(demands.shape, demands.formula, 0, *counts)

    def undecided(self, place: ObjectPlace) -> tuple[list[int], list[int]]:
        """Return the named keys that are not decided: those that must be there, and others."""
        shape, demands = self._shapes[place.shape]
        decided = set(demands.asked[: place.at])
        lists: tuple[list[int], list[int]] = [], []
        for key, (_, _, must) in enumerate(shape.named):
            if key not in decided:
                lists[not must].append(key)
        return lists

    def decisions(self, place: ObjectPlace) -> tuple[tuple[int, Step], ...]:
        """Return what can be decided next, each with the size of what it leads to, smallest first.

        There is nothing to decide where no formula and no witness is left.
        """
        if place not in self._decisions:
            self._decisions[place] = self._sized(self._next(place))
        return self._decisions[place]

    def jumps(self, place: ObjectPlace) -> tuple[tuple[int, Step], ...]:
        """Return the same for the next key that is there, with all before it absent, or none."""
        if place not in self._jumps:
            found: list[Step] = []
            at: ObjectPlace | None = place
            while at is not None:
                if not at.formula:
                    found.append(Step(None, None, None, at))
                    break
                steps, at = self._next(at), None
                for step in steps:
                    if step.key is None:
                        at = step.next
                    else:
                        found.append(step)
            self._jumps[place] = self._sized(found)
        return self._jumps[place]

    def rules(self, place: ObjectPlace) -> Iterator[Rule]:
        """Yield the rules of a place."""
        if place.formula or place.witnesses:
            for step in self._next(place):
                yield self._rule(step)
            return
        shape, demands = self._shapes[place.shape]
        must, optional = self.undecided(place)
        missing = max(0, place.least - len(must))
        if place.most is not None and len(must) + missing > place.most:
            return
        own = sum(self._own(shape, key, None) for key in must)
        kinds: list[tuple[int, Thing, int | None]] = []
        if missing:
            kinds += [(self._own(shape, key, None), shape.named[key][1], 1) for key in optional]
            used = demands.witnesses.bit_count()  # at most, of any class
            for i, other in enumerate(shape.others):
                size = None if other.size is None else max(0, other.size - used)
                kinds.append((self._own(shape, None, i), other.state, size))
        parts = Counter[Thing](shape.named[key][1] for key in must)
        yield Rule(own, parts, missing, tuple(kinds))

    def _next(self, place: ObjectPlace) -> tuple[Step, ...]:
        if place not in self._steps:
            steps = self._decided(place) if place.formula else self._witnessed(place)
            full = (s for s in steps if s.next.most is None or s.next.most >= 0)
            self._steps[place] = tuple(full)
        return self._steps[place]

    def _decided(self, place: ObjectPlace) -> Iterator[Step]:
        """What may become of the next key of the formula."""
        shape, demands = self._shapes[place.shape]
        key = demands.asked[place.at]
        _, state, must = shape.named[key]
        absent: int | None = None if must else place.formula
        present = [(state, place.formula)]
        first, without, within = self._core.decide(place.shape, place.formula)
        if first == key:
            absent, present = without, within
        if absent is not None:
            yield Step(None, None, None, place.after(0, absent, place.at + 1))
        for state, formula in present:
            yield Step(key, None, state, place.after(1, formula, place.at + 1))

    def _witnessed(self, place: ObjectPlace) -> Iterator[Step]:
        """The members that may be the first of the witnesses."""
        for other, bits, state in self._core.witnesses(place.shape, place.witnesses):
            left = place.after(1, place.formula, place.at)
            yield Step(None, other, state, left._replace(witnesses=place.witnesses & ~bits))

    def _own(self, shape: ObjectOf, key: int | None, other: int | None) -> int:
        """What a member takes beside its value."""
        if key is not None:
            return _MEMBER + len(shape.named[key][0])
        if other is not None:
            return _MEMBER + len(self._languages.shortest(shape.others[other].keys))
        return 0

    def _rule(self, step: Step) -> Rule:
        shape, _ = self._shapes[step.next.shape]
        parts = Counter[Thing]([step.next])
        if step.state is not None:
            parts[step.state] += 1
        return Rule(self._own(shape, step.key, step.other), parts)

    def _sized(self, steps: list[Step] | tuple[Step, ...]) -> tuple[tuple[int, Step], ...]:
        sized = []
        for step in steps:
            total = self._sizes.total(self._rule(step))
            if total is not None:
                sized.append((total, step))
        return tuple(sorted(sized, key=lambda pair: pair[0]))


class Arrays:
    """The places of arrays in which items of a kind are counted."""

    def __init__(self, core: _core.Productions, sizes: Sizes) -> None:
        self._core = core
        self._sizes = sizes
        self._taken: dict[tuple[int, int], _Taken] = {}
        self._ways: dict[ArrayPlace, tuple[tuple[int, Way], ...]] = {}

    def start(self, shape: CountedArrayOf) -> ArrayPlace:
        """Return the place before the first item."""
        return ArrayPlace(shape.shape, shape.fixed, 0, shape.least, shape.most)

    def may_end(self, place: ArrayPlace) -> bool:
        """Return whether the array may end here."""
        return not place.least and not self._known(place.shape, place.at).wanted

    def ways(self, place: ArrayPlace) -> tuple[tuple[int, Way], ...]:
        """Return what may come next, each with the size of what it leads to, smallest first."""
        if place not in self._ways:
            sized = []
            ways = [*self._in_one(place), *self._one_by_one(place)]
            for way in ways:
                total = self._sizes.total(self._rule(way))
                if total is not None:
                    sized.append((total, way))
            self._ways[place] = tuple(sorted(sized, key=lambda pair: pair[0]))
        return self._ways[place]

    def size(self, place: ArrayPlace) -> int | None:
        """Return the size of the smallest rest of an array."""
        return self._sizes.of(self._canonical(place))

    def rules(self, place: ArrayPlace) -> Iterator[Rule]:
        """Yield the rules of a place."""
        if self.may_end(place):
            yield Rule(0, {})
        else:
            for way in self._in_one(place) or self._one_by_one(place):
                yield self._rule(way)

    def _in_one(self, place: ArrayPlace) -> list[Way]:
        """Many items at once, if many are missing and nothing changes by one."""
        known = self._known(place.shape, place.at)
        number = place.least - known.least - STEPS
        if number <= 0 or place.at < place.fixed or known.idle is None:
            return []
        most = None if place.most is None else place.most - number
        return [Way(known.idle, number, place._replace(least=place.least - number, most=most))]

    def _one_by_one(self, place: ArrayPlace) -> list[Way]:
        least, most = max(0, place.least - 1), None if place.most is None else place.most - 1
        found = []
        at = min(place.at + 1, place.fixed)
        for item, shape, fewest, utmost in self._known(place.shape, place.at).ways:
            fits = (most is None or fewest <= most) and (utmost is None or utmost >= least)
            if fits:
                found.append(Way(item, 1, ArrayPlace(shape, place.fixed, at, least, most)))
        return found

    def _rule(self, way: Way) -> Rule:
        parts = Counter[Thing]([self._canonical(way.next)])
        parts[way.state] += way.number
        return Rule(way.number, parts)

    def _canonical(self, place: ArrayPlace) -> ArrayPlace:
        """The place without bounds that cannot matter to its smallest text."""
        known = self._known(place.shape, place.at)
        if place.least <= known.least:
            place = place._replace(least=0)
        enough = known.wanted + place.least + place.fixed - place.at
        if place.most is not None and place.most >= enough:
            place = place._replace(most=None)
        return place

    def _known(self, shape: int, at: int) -> _Taken:
        if (shape, at) not in self._taken:
            wanted, ways = self._core.taken(shape, at)
            least = 1 + min((way[2] for way in ways), default=0) if wanted else 0
            idle = next((item for item, after, _, _ in ways if after == shape), None)
            self._taken[shape, at] = _Taken(wanted, least, idle, ways)
        return self._taken[shape, at]


class _Taken(NamedTuple):
    """How many items are asked for by kind, how few items that takes, an item that changes nothing.

    ``ways`` are the items that may come next, as the core lists them.
    """

    wanted: int
    least: int
    idle: int | None
    ways: list[tuple[int, int, int, int | None]]
