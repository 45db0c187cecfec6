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

*Equal items.* Where items must differ, a tree is drawn as if they need not, and mended when it is
whole (``distinct``): what an item is, is known only then.

*Left out.* Which members an object has is drawn before their values, so a shrinker cannot take one
away without giving its draws to the next. So, just before the value of a member that need not be
there, a rare draw leaves it out all the same: its smallest way, and the one that shrinking finds.

*Depth.* Below ``NESTED`` levels, parts are drawn in the same frame from a list of what is to do:
Hypothesis bounds nested draws, and a schema may force any depth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st

from grammarlib.strategies.distinct import Items, Separation
from grammarlib.strategies.items import FILL, counted_items, many
from grammarlib.strategies.json_text import Array, Blanks, Object, Scalar, Tree, spell
from grammarlib.strategies.members import chosen_members, drawn_order
from grammarlib.strategies.productions import Productions
from grammarlib.strategies.room import Room
from grammarlib.strategies.shapes import (
    Alternative,
    ArrayOf,
    CountedArrayOf,
    NumberOf,
    ObjectOf,
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

_FEWEST = 6  # draws of a value that is not its smallest; with one or two, more room would ask more
_KEPT = 31  # against 1, that a chosen member that need not be there is not left out
_LEAVABLE = 16  # members of an object for which that is drawn
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
    growth = _Growth(productions, draw(below(256)))
    tree = draw(_nested(growth, productions.root, ALLOWANCE, 0))
    growth.leave_out()
    growth.separation.mend(partial(growth.smallest, draw))
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
        self._room = Room(productions, ROOM)
        self._turn = turn
        self.separation = Separation(productions)
        self._left_out: list[tuple[Object, list[int]]] = []

    def leave_out(self) -> None:
        """Take out the members that were left out, when all are drawn."""
        for tree, places in self._left_out:
            for place in sorted(places, reverse=True):
                del tree.keys[place], tree.values[place]
        self._left_out.clear()

    def smallest(self, draw: Draw, state: int) -> Tree:
        """Return the smallest value of a state."""
        return self.grow(draw, state, 0, 0)

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
        if allowance < _FEWEST or (len(alternatives) == 1 and isinstance(alternative, Word)):
            return self._grown(draw, alternative, 0, place)
        count = sum(size - least <= self._room.left for size, _ in alternatives)
        chosen = draw(below(1 + _VARIED * count))
        if not chosen:
            return self._grown(draw, alternative, 0, place)
        size, alternative = alternatives[(chosen - 1) % count]
        self._room.left -= size - least
        return self._grown(draw, alternative, allowance - 1, place)

    def _grown(self, draw: Draw, alternative: Alternative, allowance: int, place: _Place) -> Tree:
        if isinstance(alternative, Word):
            return Scalar(alternative.text)
        if isinstance(alternative, ArrayOf):
            return self._array(draw, alternative, allowance, place)
        if isinstance(alternative, CountedArrayOf):
            return self._counted_array(draw, alternative, allowance, place)
        if isinstance(alternative, ObjectOf):
            return self._object(draw, alternative, allowance, place)
        # Before the text, which may spend the allowance: so the same draws come wherever it stands.
        pattern = _pattern(draw, allowance) if isinstance(alternative, StringOf) else 0
        text, _ = walk(draw, self._productions, alternative.expression, allowance)
        if isinstance(alternative, NumberOf):
            return Scalar(text)
        assert isinstance(alternative, StringOf)
        return Scalar(spell(text, pattern))

    def _array(self, draw: Draw, shape: ArrayOf, allowance: int, place: _Place) -> Tree:
        tree = Array([])
        items = Items(tree, shape)
        if shape.unique:
            self.separation.add(items)
        self._fill(draw, items, shape, allowance, place)
        self._repeat(items, shape.repeated, place)
        return tree

    def _fill(
        self, draw: Draw, items: Items, shape: ArrayOf, allowance: int, place: _Place
    ) -> None:
        tree = items.tree

        def add(shares: list[int]) -> None:
            for share in shares:
                self._item(items, shape.item(len(tree.items)), share, place)

        kept = allowance // 2 if shape.least else allowance
        add(self._shares(shape.least, allowance - kept))
        allowance = kept
        while allowance and len(tree.items) != shape.most:
            chosen = draw(below(FILL + 1))
            allowance -= 1
            if not chosen:
                break
            share = allowance // 3 if chosen < FILL else 0
            allowance -= share
            for _ in range(1 if chosen < FILL else 1 + many(draw)):
                state = None if len(tree.items) == shape.most else shape.item(len(tree.items))
                if state is None or not self._room.afford(state, 1):
                    return
                add([share])

    def _counted_array(
        self, draw: Draw, shape: CountedArrayOf, allowance: int, place: _Place
    ) -> Tree:
        tree = Array([])
        items = Items(tree, shape)
        if shape.unique:
            self.separation.add(items)
        for state, share in counted_items(draw, self._productions, self._room, shape, allowance):
            self._item(items, state, share, place)
        self._repeat(items, shape.repeated, place)
        return tree

    def _repeat(self, items: Items, state: int | None, place: _Place) -> None:
        """Add an item that is there twice, where some item must be."""
        if state is None:
            return
        index = len(items.states)
        items.states += [state, state]
        items.tree.items += [Scalar(""), Scalar("")]

        def put(tree: Tree) -> None:
            items.tree.items[index : index + 2] = [tree, tree]

        place(_Part(state, put, 0))

    def _item(self, items: Items, state: int, share: int, place: _Place) -> None:
        index = len(items.states)
        items.states.append(state)
        items.tree.items.append(Scalar(""))
        place(_Part(state, partial(items.tree.items.__setitem__, index), share))

    def _object(self, draw: Draw, shape: ObjectOf, allowance: int, place: _Place) -> Tree:
        chosen = chosen_members(draw, self._productions, self._room, shape, allowance)
        members, declared, allowance = chosen.members, chosen.declared, chosen.allowance
        fixed = 0 if self._productions.free_order else declared
        order, allowance = drawn_order(draw, len(members) - fixed, allowance)
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
        free = chosen.free if shares and len(chosen.free) <= _LEAVABLE else ()
        left_out: list[int] = []
        for index, (key, state) in enumerate(members):
            share = shares[index]
            if (
                share
                and key in free
                and len(left_out) < chosen.spare
                and not draw(below(_KEPT + 1))
            ):
                left_out.append(places[index])
                continue
            put = partial(tree.values.__setitem__, places[index])
            place(_Part(state, put, share))
        if left_out:
            self._left_out.append((tree, left_out))
        return tree

    def _shares(self, parts: int, allowance: int) -> list[int]:
        """Divide an allowance: half of it to one part, the other half among the others."""
        if parts < 2:
            return [allowance] * parts
        half = (allowance + 1) // 2
        shares = [(allowance - half) // (parts - 1)] * parts
        self._turn = self._turn * 5 + 1
        shares[(self._turn >> 4) % parts] = half
        return shares


def _pattern(draw: Draw, allowance: int) -> int:
    """How a text is spelled: plainly half of the time."""
    return max(0, draw(below(128)) - 64) if allowance else 0
