"""Look-arounds of one character, word boundaries among them, settled by what stands beside them.

``(?!-)`` before a node that reads something says how that node's texts begin, and ``(?<!-)`` behind
one how they end: an intersection, or nothing at all where the node's own characters tell. A word
boundary is a choice of two such pairs. What is left has fewer look-arounds, mostly none, and keeps
its counts; nothing here is needed for a meaning.

Cost: one pass over the parts that hold look-arounds, to a depth of ``_DEPTH``.
"""

from __future__ import annotations

from typing import Final

from grammarlib.compiler.regex.classes import invert
from grammarlib.compiler.regex.nodes import (
    ANYTHING,
    NEVER,
    And,
    Chars,
    Concat,
    Look,
    Node,
    Not,
    Repeat,
    Text,
    Union,
    and_,
    chars,
    concat,
    is_never,
    repeat,
    union,
)
from grammarlib.compiler.regex.program import Ranges

__all__ = ["common", "edge", "settled"]

_DEPTH: Final = 60
_LOOKS: Final = 16
"""Most look-arounds side by side."""
_ITEMS: Final = 1_000
"""Most items of a sequence whose word boundaries are settled: each takes a copy of it."""


def settled(node: Node, depth: int = 0) -> Node:
    """The same pattern with fewer look-arounds."""
    if not node.look or depth > _DEPTH:
        return node
    if isinstance(node, Look):
        return Look(settled(node.item, depth + 1), node.negated, node.behind)
    if isinstance(node, Union):
        return union([settled(item, depth + 1) for item in node.items])
    if isinstance(node, Repeat):
        return repeat(settled(node.item, depth + 1), node.lo, node.hi)
    assert isinstance(node, Concat)
    return _sequence([settled(item, depth + 1) for item in node.items])


def _sequence(items: list[Node]) -> Node:
    whole = concat(items)
    if not isinstance(whole, Concat):
        return whole
    out = list(whole.items)
    for at in range(len(out) - 1, -1, -1):  # those before see what those after made of their item
        _settle(out, at, behind=False)
    for at in range(len(out)):
        _settle(out, at, behind=True)
    at = 0
    while at < len(out) <= _ITEMS:
        if _is_boundary(out[at]):
            out = _with_boundary(out, at)
        at += 1
    return concat(out)


def _settle(items: list[Node], at: int, *, behind: bool) -> None:
    """Replace a look-around and the neighbour that it speaks of, if that reads something."""
    look = items[at]
    read = _one(look.item) if isinstance(look, Look) and look.behind == behind else None
    beside = None if read is None else _beside(items, at, -1 if behind else 1)
    if read is None or beside is None:
        return
    assert isinstance(look, Look)
    items[beside] = _meeting(items[beside], invert(read) if look.negated else read, last=behind)
    items[at] = concat([])


def _with_boundary(items: list[Node], at: int) -> list[Node]:
    """The items, with the word boundary among them settled by its neighbours if they tell."""
    before, after = _beside(items, at, -1), _beside(items, at, 1)
    if before is None and after is None:
        return items
    boundary = items[at]
    assert isinstance(boundary, Union)
    first = at if before is None else before
    last = at if after is None else after
    ways = []
    for way in boundary.items:
        assert isinstance(way, Concat)
        part = [*items[first:at], *way.items, *items[at + 1 : last + 1]]
        if before is not None:
            _settle(part, at - first, behind=True)
        if after is not None:
            _settle(part, at - first + 1, behind=False)
        ways.append(concat(part))
    made = union(ways)
    new = made.items if isinstance(made, Concat) else [made]
    return [*items[:first], *new, *items[last + 1 :]]


def _is_boundary(node: Node) -> bool:
    """Whether a node is a choice of pairs of a look-behind and a look-ahead of one character."""
    if not isinstance(node, Union):
        return False
    for way in node.items:
        if not isinstance(way, Concat) or len(way.items) != 2:
            return False
        before, after = way.items
        if not isinstance(before, Look) or not isinstance(after, Look):
            return False
        if not before.behind or after.behind:
            return False
        if _one(before.item) is None or _one(after.item) is None:
            return False
    return True


def _beside(items: list[Node], at: int, step: int) -> int | None:
    """The nearest item that reads something, if nothing but look-arounds are between."""
    for _ in range(_LOOKS):
        at += step
        if not (0 <= at < len(items) and (isinstance(items[at], Look) or _is_empty(items[at]))):
            break
    if 0 <= at < len(items) and items[at].plain and not items[at].nullable:
        return at
    return None


def _is_empty(node: Node) -> bool:
    return isinstance(node, Text) and not node.value


def _one(node: Node) -> Ranges | None:
    """The characters of a node that reads exactly one."""
    if isinstance(node, Chars):
        return node.ranges
    if isinstance(node, Text) and len(node.value) == 1:
        return ((ord(node.value), ord(node.value)),)
    return None


def _meeting(node: Node, ranges: Ranges, *, last: bool) -> Node:
    """The texts of a plain node that begin, or end, with one of these characters."""
    if is_never(node):
        return NEVER
    edge = _edge(node, last)
    if edge is not None:
        if not common(edge, ranges):
            return NEVER
        if not common(edge, invert(ranges)):
            return node
    if _one(node) is not None:
        return chars(common(edge or (), ranges))
    one = chars(ranges)
    return and_([node, concat([ANYTHING, one] if last else [one, ANYTHING])])


def edge(node: Node) -> Look | None:
    """What a factor made by `_meeting` says of its other, as the look-around that it was."""
    if not isinstance(node, Concat) or len(node.items) != 2 or ANYTHING not in node.items:
        return None
    behind = node.items[0] is ANYTHING
    one = node.items[1 if behind else 0]
    return None if _one(one) is None else Look(one, negated=False, behind=behind)


def _edge(node: Node, last: bool) -> Ranges | None:
    """Characters that hold all those with which the node's texts begin, or end; None: not known."""
    while True:
        if isinstance(node, Concat):
            node = node.items[-1 if last else 0]
        elif isinstance(node, Repeat) and node.lo:
            node = node.item
        elif isinstance(node, And):
            node = next(item for item in node.items if not isinstance(item, Not))
        else:
            break
        if node.nullable:
            return None
    if isinstance(node, Text) and node.value:
        point = ord(node.value[-1 if last else 0])
        return ((point, point),)
    return node.ranges if isinstance(node, Chars) else None


def common(one: Ranges, other: Ranges) -> Ranges:
    """The code points that are in both."""
    met = []
    at = 0
    for lo, hi in one:
        while at < len(other) and other[at][1] < lo:
            at += 1
        on = at
        while on < len(other) and other[on][0] <= hi:
            met.append((max(lo, other[on][0]), min(hi, other[on][1])))
            on += 1
    return tuple(met)
