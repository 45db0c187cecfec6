"""Places for boxes and edges: layers from top to bottom (Sugiyama, Tagawa, Toda 1981).

1. Edges that close a cycle are turned round (they are drawn upwards in the end).
2. Each box gets a layer below those it comes from; the label of an edge is a box of its own in a
   layer between, so that no label covers anything; edges that pass layers get a point in each.
3. Boxes are ordered within their layers so that few edges cross: medians, up and down in turn.
4. Each layer's positions are the nearest ones to what the neighbours ask for that keep boxes apart.
   That is isotonic regression, solved exactly by pooling adjacent violators.

Deterministic; a few milliseconds for a hundred boxes. Rejected: forces (not legible as a reading
order), graphviz (a program to install).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Box", "Layout", "Route", "lay_out"]

_GAP = 26.0  # between boxes of a layer
_LAYER_GAP = 30.0
_SWEEPS = 24  # to order layers
_SHIFTS = 60  # to place them
_ONE_WAY = 8  # of these, those that look at one side
_EASY = 10_000  # items; of more, less often: nobody looks that closely


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its middle at (x, y)."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge: points in its own direction, and the box of its label."""

    points: tuple[tuple[float, float], ...]
    label: Box


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by node, routes by the number of the edge, and the size of all."""

    boxes: dict[int, Box]
    routes: dict[int, Route]
    width: float
    height: float


class _Item:
    """A node, a label or a passing point of an edge."""

    __slots__ = ("above", "below", "height", "layer", "width", "x")

    def __init__(self, layer: int, width: float, height: float) -> None:
        self.layer = layer
        self.width = width
        self.height = height
        self.x = 0.0
        self.above: list[_Item] = []
        self.below: list[_Item] = []


def lay_out(
    sizes: Mapping[int, tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    labels: Sequence[tuple[float, float]],
) -> Layout:
    """Place boxes and edges.

    Parameters
    ----------
    sizes : mapping of node to (width, height)
        The boxes, first the one to begin with.
    edges : sequence of (source, target)
        Loops are not placed; their routes are missing.
    labels : sequence of (width, height)
        The size of each edge's label; a width of 0 for none.
    """
    turned = _turned(list(sizes), edges)
    layer = _layers(list(sizes), edges, turned)
    items = {node: _Item(2 * layer[node], *size) for node, size in sizes.items()}
    chains: dict[int, list[_Item]] = {}
    for number, (source, target) in enumerate(edges):
        if source == target:
            continue
        upper, lower = (target, source) if number in turned else (source, target)
        chain = [items[upper]]
        for at in range(2 * layer[upper] + 1, 2 * layer[lower]):
            is_label = at == 2 * layer[upper] + 1
            chain.append(_Item(at, *(labels[number] if is_label else (4.0, 0.0))))
        chain.append(items[lower])
        for a, b in itertools.pairwise(chain):
            a.below.append(b)
            b.above.append(a)
        chains[number] = chain
    rows = _rows([*items.values(), *(x for chain in chains.values() for x in chain[1:-1])])
    _reduce_crossings(rows)
    _shift(rows)
    _straighten(rows, [chain[2:-1] for chain in chains.values() if len(chain) > 4])
    tops = _tops(rows)
    left = min(item.x - item.width / 2 for row in rows for item in row)
    for row in rows:
        for item in row:
            item.x -= left

    def middle(item: _Item) -> float:
        return tops[item.layer] + max(x.height for x in rows[item.layer]) / 2

    boxes = {
        node: Box(item.x, tops[item.layer] + item.height / 2, item.width, item.height)
        for node, item in items.items()
    }
    ports = _ports(items, chains)
    routes = {}
    for number, chain in chains.items():
        first, last = chain[0], chain[-1]
        port, bottom = ports[number, 0], tops[first.layer] + first.height
        # Straight down past the boxes beside it.
        points = [(port, bottom)]
        points.append((port, tops[first.layer] + max(x.height for x in rows[first.layer])))
        for item in chain[1:-1]:
            row_height = max(x.height for x in rows[item.layer])
            points += [(item.x, tops[item.layer]), (item.x, tops[item.layer] + row_height)]
        points.append((ports[number, 1], tops[last.layer]))
        label = Box(chain[1].x, middle(chain[1]), chain[1].width, chain[1].height)
        routes[number] = Route(tuple(points[::-1] if number in turned else points), label)
    width = max(item.x + item.width / 2 for row in rows for item in row)
    height = tops[-1] + max(item.height for item in rows[-1])
    return Layout(boxes, routes, width, height)


def _turned(nodes: Sequence[int], edges: Sequence[tuple[int, int]]) -> set[int]:
    """The edges that close a cycle when they are followed depth first."""
    leaving: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, (source, target) in enumerate(edges):
        leaving[source].append((number, target))
    turned: set[int] = set()
    state: dict[int, int] = {}
    for root in nodes:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(leaving[root]))]
        while stack:
            node, rest = stack[-1]
            for number, target in rest:
                if state.get(target) == 1 and target != node:
                    turned.add(number)
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(leaving[target])))
                    break
            else:
                state[node] = 2
                stack.pop()
    return turned


def _layers(
    nodes: Sequence[int], edges: Sequence[tuple[int, int]], turned: set[int]
) -> dict[int, int]:
    """Longest paths from above; then nodes as low as those below allow, if that is shorter."""
    above: dict[int, list[int]] = {node: [] for node in nodes}
    below: dict[int, list[int]] = {node: [] for node in nodes}
    for number, (source, target) in enumerate(edges):
        if source == target:
            continue
        upper, lower = (target, source) if number in turned else (source, target)
        above[lower].append(upper)
        below[upper].append(lower)
    waiting = {node: len(above[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    layer = dict.fromkeys(nodes, 0)
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for lower in below[node]:
            layer[lower] = max(layer[lower], layer[node] + 1)
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    for node in reversed(order):
        if above[node] and below[node] and len(below[node]) > len(above[node]):
            layer[node] = max(layer[node], min(layer[lower] for lower in below[node]) - 1)
    return layer


def _rows(items: Sequence[_Item]) -> list[list[_Item]]:
    rows: list[list[_Item]] = [[] for _ in range(max(item.layer for item in items) + 1)]
    seen: set[int] = set()

    def visit(item: _Item) -> None:
        stack = [item]
        while stack:
            at = stack.pop()
            if id(at) in seen:
                continue
            seen.add(id(at))
            rows[at.layer].append(at)
            stack.extend(reversed(at.below))

    for item in items:
        if not item.above:
            visit(item)
    return rows


def _reduce_crossings(rows: list[list[_Item]]) -> None:
    place = {id(item): i for row in rows for i, item in enumerate(row)}
    best, fewest = [list(row) for row in rows], _crossings(rows, place)
    for sweep in range(_often(_SWEEPS, rows)):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            keys = {}
            for i, item in enumerate(row):
                beside = sorted(place[id(x)] for x in (item.above if down else item.below))
                keys[id(item)] = _median(beside) if beside else float(i)
            row.sort(key=lambda item: keys[id(item)])
            for i, item in enumerate(row):
                place[id(item)] = i
        _transpose(rows, place)
        crossings = _crossings(rows, place)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    for row, order in zip(rows, best, strict=True):
        row[:] = order


def _often(times: int, rows: Sequence[Sequence[_Item]]) -> int:
    """How often a picture of this size is gone over, so that the time stays in proportion."""
    return max(2, min(times, times * _EASY // max(1, sum(map(len, rows)))))


def _median(places: Sequence[int]) -> float:
    half = len(places) // 2
    if len(places) % 2:
        return float(places[half])
    return (places[half - 1] + places[half]) / 2


def _transpose(rows: list[list[_Item]], place: dict[int, int]) -> None:
    """Swap neighbours while that takes crossings away."""
    for row in rows:
        for i in range(len(row) - 1):
            a, b = row[i], row[i + 1]
            now = _pair(a.above, b.above, place) + _pair(a.below, b.below, place)
            swapped = _pair(b.above, a.above, place) + _pair(b.below, a.below, place)
            if swapped < now:
                row[i], row[i + 1] = b, a
                place[id(a)], place[id(b)] = i + 1, i


def _pair(left: Sequence[_Item], right: Sequence[_Item], place: dict[int, int]) -> int:
    """Crossings of the edges of two neighbours."""
    ends = sorted(place[id(y)] for y in right)
    return sum(bisect_left(ends, place[id(x)]) for x in left)


def _crossings(rows: Sequence[Sequence[_Item]], place: dict[int, int]) -> int:
    total = 0
    for row in rows:
        ends = [place[id(b)] for a in row for b in sorted(a.below, key=lambda x: place[id(x)])]
        before: list[int] = []
        for end in ends:
            total += len(before) - bisect_right(before, end)
            insort(before, end)
    return total


def _shift(rows: Sequence[Sequence[_Item]]) -> None:
    """Find positions: each row as near as it can be to what its neighbours ask for."""
    for row in rows:
        at = 0.0
        for item in row:
            item.x = at + item.width / 2
            at += item.width + _GAP
    for sweep in range(_often(_SHIFTS, rows)):
        down = sweep % 2 == 0
        for row in rows if down else list(reversed(rows)):
            wanted, weights = [], []
            for item in row:
                beside = (item.above if down else item.below) if sweep < _ONE_WAY else []
                beside = beside or [*item.above, *item.below]
                # Edges that pass are kept straight before boxes are centred.
                passing = [x for x in beside if x.height == 0]
                if item.height == 0 and passing:
                    beside = passing
                positions = sorted(x.x for x in beside)
                wanted.append(_middle(positions) if positions else item.x)
                weights.append(8.0 if item.height == 0 else 1.0)
            _settle(row, wanted, weights)


def _straighten(rows: Sequence[Sequence[_Item]], runs: Sequence[Sequence[_Item]]) -> None:
    """Put the points of an edge that passes layers in one line, as far as there is room for it."""
    place = {id(item): i for row in rows for i, item in enumerate(row)}

    def room(item: _Item) -> tuple[float, float]:
        row, at = rows[item.layer], place[id(item)]
        low, high = float("-inf"), float("inf")
        if at > 0:
            before = row[at - 1]
            low = before.x + (before.width + item.width + _GAP) / 2
        if at + 1 < len(row):
            after = row[at + 1]
            high = after.x - (after.width + item.width + _GAP) / 2
        return low, high

    def align(part: Sequence[_Item], low: float, high: float) -> None:
        x = min(max(_middle(sorted(item.x for item in part)), low), high)
        for item in part:
            item.x = x

    for run in sorted(runs, key=len, reverse=True):
        part: list[_Item] = []
        low, high = float("-inf"), float("inf")
        for item in run:
            own_low, own_high = room(item)
            if max(low, own_low) > min(high, own_high):
                align(part, low, high)
                part, low, high = [], float("-inf"), float("inf")
            part.append(item)
            low, high = max(low, own_low), min(high, own_high)
        align(part, low, high)


def _middle(positions: Sequence[float]) -> float:
    half = len(positions) // 2
    if len(positions) % 2:
        return positions[half]
    return (positions[half - 1] + positions[half]) / 2


def _settle(row: Sequence[_Item], wanted: Sequence[float], weights: Sequence[float]) -> None:
    """Set positions nearest to those wanted (least squares) that keep the order and the gaps."""
    offsets = [0.0]
    for a, b in itertools.pairwise(row):
        offsets.append(offsets[-1] + (a.width + b.width) / 2 + _GAP)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, members
    for want, offset, weight in zip(wanted, offsets, weights, strict=True):
        mean, total, members = want - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            other, other_total, other_members = blocks.pop()
            mean = (mean * total + other * other_total) / (total + other_total)
            total += other_total
            members += other_members
        blocks.append((mean, total, members))
    i = 0
    for mean, _, members in blocks:
        for _ in range(members):
            row[i].x = mean + offsets[i]
            i += 1


def _tops(rows: Sequence[Sequence[_Item]]) -> list[float]:
    tops, at = [], 0.0
    for row in rows:
        tops.append(at)
        at += max(item.height for item in row) + _LAYER_GAP
    return tops


def _ports(
    items: Mapping[int, _Item], chains: Mapping[int, Sequence[_Item]]
) -> dict[tuple[int, int], float]:
    """Where each edge leaves its upper box (0) and reaches its lower one (1)."""
    ports: dict[tuple[int, int], float] = {}
    for item in items.values():
        for side in (0, 1):
            own = [n for n, chain in chains.items() if chain[0 if side == 0 else -1] is item]
            beside = {n: chains[n][1 if side == 0 else -2].x for n in own}
            own.sort(key=lambda n: beside[n])
            step = min(24.0, item.width * 0.8 / max(len(own), 1))
            for i, number in enumerate(own):
                ports[number, side] = item.x + (i - (len(own) - 1) / 2) * step
    return ports
