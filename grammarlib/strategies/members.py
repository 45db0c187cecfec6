"""Members of objects: which keys with a name are there, which others, and in which order.

Where keys are asked for together, those are decided first: one draw says which of them is the next
that is there (so that each is as likely, however many there are), or, half of the time, one draw
for each key whether it is. Then come members that must be found among the keys without a name, then
optional keys, then more keys without a name; and where members are still missing, the smallest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import islice

from hypothesis import strategies as st

from grammarlib.strategies.places import ObjectPlace
from grammarlib.strategies.productions import Productions
from grammarlib.strategies.room import Room
from grammarlib.strategies.shapes import ObjectOf, Others
from grammarlib.strategies.walks import Draw, below, walk

__all__ = ["Members", "chosen_members", "drawn_order"]

_KEY_SHARE = 24
_FEW_KEYS = 8
_MANY_KEYS = 200


@dataclass(frozen=True, slots=True)
class Members:
    """The members of an object.

    Attributes
    ----------
    members : list of (str, int)
        Their keys and states, those of declared keys first and in their order.
    declared : int
        How many these are.
    free : set of str
        The keys of those that need not be there; any ``spare`` of them may be left out.
    allowance : int
        What is left of it.
    """

    members: list[tuple[str, int]]
    declared: int
    free: set[str]
    spare: int
    allowance: int


def chosen_members(
    draw: Draw, productions: Productions, room: Room, shape: ObjectOf, allowance: int
) -> Members:
    """Draw the members of an object."""
    choice = _Choice(draw, productions, room, shape, allowance)
    if shape.demands:
        choice.decide()
    choice.pick()
    choice.add()
    choice.fill()
    named = [(shape.named[key][0], choice.named[key]) for key in sorted(choice.named)]
    declared = sum(key < len(shape.properties) for key in choice.named)
    members = [*named, *choice.others.items()]
    return Members(members, declared, choice.free, choice.spare, choice.allowance)


class _Choice:
    """The members of one object under way.

    Attributes
    ----------
    named, others : dict
        The states of members, by the places of keys with a name, and by other keys.
    missing, most : int, int or None
        How many members there must still be, and may be.
    free, spare : set of str, int
        The keys of members that need not be there, and how many there are beyond the fewest.
    """

    def __init__(
        self, draw: Draw, productions: Productions, room: Room, shape: ObjectOf, allowance: int
    ) -> None:
        self._draw = draw
        self._productions = productions
        self._room = room
        self._shape = shape
        self.allowance = allowance
        self.named: dict[int, int] = {}
        self.others: dict[str, int] = {}
        self.missing = 0
        self.most: int | None = None
        self.free: set[str] = set()
        self.spare = 0
        self._optional: list[int] = []
        self._reserved = {key for key, _, _ in shape.undeclared}
        if not shape.demands:
            for key, (_, state, must) in enumerate(shape.named):
                if must:
                    self.named[key] = state
                else:
                    self._optional.append(key)

    def decide(self) -> None:
        """Decide what is asked of keys together, and find the witnesses."""
        objects = self._productions.objects
        place = objects.start(self._shape)
        several = len(objects.jumps(place)) > 2 if place.formula else False
        dense = several and self.allowance > 0 and self._draw(below(2))
        while place.formula or place.witnesses:
            list_steps = objects.decisions if dense or not place.formula else objects.jumps
            steps = list_steps(place)
            least, (_, step) = steps[0][0], steps[0]
            fitting = sum(size - least <= self._room.left for size, _ in steps)
            if self.allowance and fitting > 1:
                self.allowance -= 1
                size, step = steps[self._draw(below(fitting))]
                self._room.left -= size - least
            if step.state is not None:
                if step.key is not None:
                    self.named[step.key] = step.state
                elif step.other is not None:
                    self.others[self._key(self._shape.others[step.other])] = step.state
            place = step.next
        self._take_rest(place)

    def _take_rest(self, place: ObjectPlace) -> None:
        must, self._optional = self._productions.objects.undecided(place)
        for key in must:
            self.named[key] = self._shape.named[key][1]
        self.missing = max(0, place.least - len(must))
        self.most = None if place.most is None else place.most - len(must)

    def pick(self) -> None:
        """Draw which optional keys are there."""
        optional = self._optional
        if not self.allowance or not optional or self.most == 0:
            return
        draw = self._draw
        picked, cost = _present(draw, len(optional), self.allowance)
        self.allowance = max(0, self.allowance - cost)
        if self.most is not None and self.most < len(optional):
            turn = draw(below(len(optional)))
            picked = sorted(set(picked), key=lambda i: (i - turn) % len(optional))[: self.most]
        for index in sorted(optional[i] for i in picked):
            key, state, _ = self._shape.named[index]
            if self._room.afford(state, 4 + len(key)):
                self.named[index] = state
                self._count(key)

    def add(self) -> None:
        """Draw some more members without a name."""
        classes = self._shape.others
        if not classes:
            return
        while self.allowance > 0 and self.most != 0:
            self.allowance -= 1
            if not self._draw(below(2)):
                break
            other = classes[self._draw(below(len(classes))) if len(classes) > 1 else 0]
            key = self._drawn(other)
            if not self._is_used(key) and self._room.afford(other.state, 4 + len(key)):
                self.others[key] = other.state
                self._count(key)

    def fill(self) -> None:
        """Add the smallest members while some are missing."""
        if not self.missing:
            return
        offers: list[tuple[int, int, int | None, str]] = []

        def offer(state: int, key: str, index: int | None, kind: int) -> None:
            size = self._productions.size(state)
            if size is not None:
                heappush(offers, (size + len(key), kind, index, key))

        for index in self._optional:
            if index not in self.named:
                key, state, _ = self._shape.named[index]
                offer(state, key, index, -1)
        keys = [self._new_keys(other) for other in self._shape.others]
        for kind, other in enumerate(self._shape.others):
            for key in islice(keys[kind], 1):
                offer(other.state, key, None, kind)
        while self.missing:
            _, kind, chosen, key = heappop(offers)
            if chosen is not None:
                self.named[chosen] = self._shape.named[chosen][1]
            else:
                self.others[key] = self._shape.others[kind].state
                for another in islice(keys[kind], 1):
                    offer(self._shape.others[kind].state, another, None, kind)
            self._count(key)

    def _count(self, key: str) -> None:
        """Count a member that need not be there, or one of which only the number is asked for."""
        self.free.add(key)
        self.spare += not self.missing
        self.missing = max(0, self.missing - 1)
        self.most = None if self.most is None else self.most - 1

    def _key(self, other: Others) -> str:
        """Draw a key of a class for a member that must be there."""
        key = self._drawn(other) if self.allowance else None
        return next(self._new_keys(other)) if key is None or self._is_used(key) else key

    def _new_keys(self, other: Others) -> Iterator[str]:
        """The keys of a class that are not used, the smallest first."""
        texts = self._productions.texts(other.keys)
        return (key for key in texts if not self._is_used(key))

    def _is_used(self, key: str) -> bool:
        return key in self.others or key in self._reserved

    def _drawn(self, other: Others) -> str:
        """Draw a key of a class."""
        share = min(self.allowance // 2, _KEY_SHARE)
        key, left = walk(self._draw, self._productions, other.keys, share)
        self.allowance -= share - left
        return key


def drawn_order(draw: Draw, count: int, allowance: int) -> tuple[list[int], int]:
    """Draw an order, half of the time the given one; of many things the first few may be any."""
    left = list(range(count))
    if count < 2 or not allowance:
        return left, allowance
    code = max(0, draw(below(256)) - 128)
    order = []
    while code and left:
        code, place = divmod(code, len(left))
        order.append(left.pop(place))
    return order + left, allowance - 1


def _present(draw: Draw, count: int, allowance: int) -> tuple[Iterable[int], int]:
    """Which of the optional keys are there, and what it takes from the allowance.

    Many keys take more draws than few, so that shrinking leaves no key that is not needed.
    """
    if count > _FEW_KEYS and not draw(below(2)):
        listed = draw(_choices(count))
        return set(listed), 1 + len(listed)
    if count > min(_MANY_KEYS, 4 * allowance):
        missing = set(draw(_choices(count, least=3)))
        return (index for index in range(count) if index not in missing), 8
    return [index for index in range(count) if draw(below(2))], 1 + count // 4


@cache
def _choices(count: int, least: int = 0) -> st.SearchStrategy[list[int]]:
    return st.lists(below(count), min_size=least, max_size=4)
