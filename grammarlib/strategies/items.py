"""Items of arrays in which items of a kind are counted, drawn one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from grammarlib.strategies.productions import Productions
from grammarlib.strategies.room import Room
from grammarlib.strategies.shapes import CountedArrayOf
from grammarlib.strategies.walks import Draw, below

__all__ = ["FILL", "counted_items", "many"]

FILL = 5
"""Of an item more: against 1 that there is none, and 1 that there are many at once."""


def counted_items(
    draw: Draw, productions: Productions, room: Room, shape: CountedArrayOf, allowance: int
) -> Iterator[tuple[int, int]]:
    """Draw the states of items, each with its share of the allowance.

    Every item is drawn from what may come at its place; where the allowance is spent, the smallest
    rest ends the array.
    """
    place = productions.arrays.start(shape)
    chosen = rush = 0
    while True:
        ends = productions.arrays.may_end(place)
        ways = productions.arrays.ways(place)
        least = 0 if ends else ways[0][0]
        fitting = sum(size - least <= room.left for size, _ in ways)
        if ends and not (fitting and (allowance or rush)):
            return
        share = 0
        if rush:
            rush -= 1
        elif allowance:
            allowance -= 1
            more = draw(below(FILL + 1)) if ends else 1
            if not more:
                return
            chosen = draw(below(fitting)) if fitting > 1 else 0
            if more == FILL:
                rush = many(draw)
            else:
                share = allowance // 3
                allowance -= share
        else:
            chosen = 0
        size, way = ways[chosen % fitting]
        room.left -= size - least
        for _ in range(way.number):
            yield way.state, share
        place = way.next


def many(draw: Draw) -> int:
    """A number up to 64, in more draws than two items take, and in few enough to be taken away."""
    return sum(draw(below(17)) for _ in range(4))
