"""Derivation trees of a schema's texts, drawn from its productions.

One draw says of a value whether it is its smallest text, and nothing in it is drawn any more, or
else which of its alternatives it is; then comes what the alternative leaves open: how many items,
which optional keys, which others, in which order, how spelled. Each part is a nested draw, so that
Hypothesis can put a part in the place of the whole.

*Allowance.* A text may spend ``ALLOWANCE`` draws, and each of its parts a share: half to one part,
the other half to all others alike. Where the share is spent, everything is the smallest; this ends
every recursion, and nothing is ever rejected. Equal shares alone would leave deep places of wide
schemas unreached; spending in the order of the text would starve what comes last. Rejected: an
allowance that is drawn. It shrinks until it just suffices, and then nothing else can shrink,
because every change of the text changes what the rest may draw.

*Room.* What is left open may make a text longer than its smallest by ``ROOM`` bytes at most, so
that a choice cannot force megabytes. Parts that need more are never drawn.

*Draws.* Every number is drawn from at most 256, within which Hypothesis is fair; beyond, it prefers
small ones.

*Depth.* Below ``NESTED`` levels, parts are drawn in the same frame from a list of what is to do:
Hypothesis bounds nested draws, and a schema may force any depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial

from hypothesis import strategies as st

from grammarlib.strategies.json_text import Array, Blanks, Object, Scalar, Tree, spell
from grammarlib.strategies.productions import (
    Alternative,
    ArrayOf,
    NumberOf,
    ObjectOf,
    Productions,
    StringOf,
    Word,
)
from grammarlib.strategies.walks import Draw, below, walk

__all__ = ["ROOM", "Derivation", "derive"]

ALLOWANCE = 300
"""Draws that one text may take."""
ROOM = 100_000
"""Bytes that choices may add to the smallest text."""
NESTED = 30
"""Levels of values that are nested draws."""

_FILL = 5  # of an item more: against 1 that there is none, and 1 that there are many at once
_KEY_SHARE = 24
_FEW_KEYS = 8
_MANY_KEYS = 200
_VARIED = 7  # against 1, for each alternative, that a value is not its smallest


@dataclass(frozen=True, slots=True)
class Derivation:
    """A tree, and the blanks between its tokens."""

    tree: Tree
    blanks: Blanks


@dataclass(slots=True)
class _Part:
    """A value still to be drawn: its state, its share, and where it goes."""

    state: int
    put: Callable[[Tree], None]
    share: int


_Place = Callable[[_Part], None]


def derive(draw: Draw, productions: Productions) -> Derivation:
    """Draw a derivation."""
    least = productions.shortest(productions.whitespace)
    tree = _Growth(productions, draw(below(256))).grow(draw, productions.root, ALLOWANCE, 0)
    if not productions.steps(productions.whitespace):
        return Derivation(tree, Blanks(least))
    others = [walk(draw, productions, productions.whitespace, 8)[0] for _ in range(draw(below(4)))]
    pattern = draw(below(64)) if others else 0
    return Derivation(tree, Blanks(least, others, pattern))


@st.composite
def _nested(draw: Draw, growth: _Growth, state: int, share: int, depth: int) -> Tree:
    return growth.grow(draw, state, share, depth)


class _Growth:
    """One tree under way: what is left of the room, and whose turn it is to be favoured."""

    def __init__(self, productions: Productions, turn: int) -> None:
        self._productions = productions
        self._room = ROOM
        self._turn = turn

    def grow(self, draw: Draw, state: int, allowance: int, depth: int) -> Tree:
        """Draw a value of a state."""
        roots: list[Tree] = []
        open_parts = [_Part(state, roots.append, allowance)]

        def place(part: _Part) -> None:
            if depth < NESTED and part.share:
                part.put(draw(_nested(self, part.state, part.share, depth + 1)))
            else:
                open_parts.append(part)

        while open_parts:
            part = open_parts.pop()
            part.put(self._value(draw, part.state, part.share, place))
        return roots[0]

    def _value(self, draw: Draw, state: int, allowance: int, place: _Place) -> Tree:
        alternatives = self._productions.alternatives(state)
        least, alternative = alternatives[0]
        if not allowance or (len(alternatives) == 1 and isinstance(alternative, Word)):
            return self._grown(draw, alternative, 0, place)
        count = sum(size - least <= self._room for size, _ in alternatives)
        chosen = draw(below(1 + _VARIED * count))
        if not chosen:
            return self._grown(draw, alternative, 0, place)
        size, alternative = alternatives[(chosen - 1) % count]
        self._room -= size - least
        return self._grown(draw, alternative, allowance - 1, place)

    def _grown(self, draw: Draw, alternative: Alternative, allowance: int, place: _Place) -> Tree:
        if isinstance(alternative, Word):
            return Scalar(alternative.text)
        if isinstance(alternative, ArrayOf):
            return self._array(draw, alternative, allowance, place)
        if isinstance(alternative, ObjectOf):
            return self._object(draw, alternative, allowance, place)
        text, allowance = walk(draw, self._productions, alternative.expression, allowance)
        if isinstance(alternative, NumberOf):
            return Scalar(text)
        assert isinstance(alternative, StringOf)
        return Scalar(spell(text, _pattern(draw, allowance)))

    # -- arrays -----------------------------------------------------------------------------------

    def _array(self, draw: Draw, shape: ArrayOf, allowance: int, place: _Place) -> Tree:
        tree = Array([])

        def add(shares: list[int]) -> None:
            for share in shares:
                index = len(tree.items)
                tree.items.append(Scalar(""))
                place(_Part(shape.item(index), partial(tree.items.__setitem__, index), share))

        kept = allowance // 2 if shape.least else allowance
        add(self._shares(shape.least, allowance - kept))
        allowance = kept
        while allowance and len(tree.items) != shape.most:
            chosen = draw(below(_FILL + 1))
            allowance -= 1
            if not chosen:
                break
            share = allowance // 3 if chosen < _FILL else 0
            allowance -= share
            for _ in range(1 if chosen < _FILL else 1 + _many(draw)):
                if len(tree.items) == shape.most or not self._afford(
                    shape.item(len(tree.items)), 1
                ):
                    return tree
                add([share])
        return tree

    def _afford(self, state: int, beside: int) -> bool:
        """Pay for something that need not be there, if there is room."""
        cost = self._productions.size(state) + beside
        if cost > self._room:
            return False
        self._room -= cost
        return True

    # -- objects ----------------------------------------------------------------------------------

    def _object(self, draw: Draw, shape: ObjectOf, allowance: int, place: _Place) -> Tree:
        optional = [index for index, (_, _, must) in enumerate(shape.properties) if not must]
        chosen: set[int] = set()
        if allowance and optional:
            picked, cost = _present(draw, len(optional), allowance)
            allowance = max(0, allowance - cost)
            for index in sorted(optional[i] for i in picked):
                key, state, _ = shape.properties[index]
                if self._afford(state, 4 + len(key)):
                    chosen.add(index)
        there = [i for i, (_, _, must) in enumerate(shape.properties) if must or i in chosen]
        members = [shape.properties[index][:2] for index in there]
        others, allowance = self._others(draw, shape, allowance)
        fixed = 0 if self._productions.free_order else len(members)
        members += others
        order, allowance = _order(draw, len(members) - fixed, allowance)
        order = [*range(fixed), *(fixed + place for place in order)]
        pattern = _pattern(draw, allowance) if members else 0
        allowance = max(0, allowance - 1)
        spelled, at = [], 0
        for key, _ in members:
            spelled.append(spell(key, pattern, at))
            at += len(key)
        tree = Object([spelled[i] for i in order], [Scalar("")] * len(members))
        # Drawn in the order of the schema: what is drawn then means the same in another order.
        places = {index: place for place, index in enumerate(order)}
        shares = self._shares(len(members), allowance)
        for index, (_, state) in enumerate(members):
            put = partial(tree.values.__setitem__, places[index])
            place(_Part(state, put, shares[index]))
        return tree

    def _others(
        self, draw: Draw, shape: ObjectOf, allowance: int
    ) -> tuple[list[tuple[str, int]], int]:
        """The members that are not declared: those that are required, and some more."""
        if shape.additional is None:
            return [], allowance
        state, language = shape.additional
        keys = dict.fromkeys(shape.undeclared)
        while allowance > 0:
            allowance -= 1
            if not draw(below(2)):
                break
            share = min(allowance // 2, _KEY_SHARE)
            key, left = walk(draw, self._productions, language, share)
            allowance -= share - left
            if key not in keys and self._afford(state, 4 + len(key)):
                keys[key] = None
        return [(key, state) for key in keys], allowance

    def _shares(self, parts: int, allowance: int) -> list[int]:
        """Divide an allowance: half of it to one part, the other half among the others."""
        if parts < 2:
            return [allowance] * parts
        half = (allowance + 1) // 2
        shares = [(allowance - half) // (parts - 1)] * parts
        self._turn = self._turn * 5 + 1
        shares[(self._turn >> 4) % parts] = half
        return shares


def _many(draw: Draw) -> int:
    """A number up to 64, in more draws than a few items take: shrinking prefers these."""
    return sum(draw(below(9)) for _ in range(8))


def _pattern(draw: Draw, allowance: int) -> int:
    """How a text is spelled: plainly half of the time."""
    return max(0, draw(below(128)) - 64) if allowance else 0


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


def _order(draw: Draw, count: int, allowance: int) -> tuple[list[int], int]:
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
