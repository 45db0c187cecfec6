"""Layouts of random graphs: nothing covers anything, edges join their boxes."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.drawing import layout
from grammarlib.drawing.layout import Box, Layout, lay_out

SIZE = st.tuples(st.floats(20, 300), st.floats(20, 120))
LABEL = st.tuples(st.floats(0, 90), st.floats(0, 40))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[int, tuple[float, float]], list[tuple[int, int]]]:
    """Nodes that can be reached from the first, with cycles, loops and parallel edges."""
    count = draw(st.integers(1, 14))
    sizes = {node * 3: draw(SIZE) for node in range(count)}
    edges = [(draw(st.integers(0, i - 1)) * 3, i * 3) for i in range(1, count)]
    any_node = st.integers(0, count - 1).map(lambda n: n * 3)
    edges += draw(st.lists(st.tuples(any_node, any_node), max_size=16))
    return sizes, edges


def overlap(a: Box, b: Box) -> bool:
    room = 1e-6
    return (
        abs(a.x - b.x) < (a.width + b.width) / 2 - room
        and abs(a.y - b.y) < (a.height + b.height) / 2 - room
    )


def placed(
    graph: tuple[dict[int, tuple[float, float]], list[tuple[int, int]]], data: st.DataObject
) -> Layout:
    sizes, edges = graph
    labels = [data.draw(LABEL) for _ in edges]
    return lay_out(sizes, edges, labels)


@settings(derandomize=True, deadline=None)
@given(graphs(), st.data())
def test_boxes_and_labels_do_not_overlap(graph, data) -> None:  # type: ignore[no-untyped-def]
    layout = placed(graph, data)
    everything = [*layout.boxes.values(), *(route.label for route in layout.routes.values())]
    assert not any(overlap(a, b) for a, b in itertools.combinations(everything, 2))


@settings(derandomize=True, deadline=None)
@given(graphs(), st.data())
def test_every_edge_joins_its_boxes(graph, data) -> None:  # type: ignore[no-untyped-def]
    layout = placed(graph, data)
    for number, (source, target) in enumerate(graph[1]):
        if source == target:
            assert number not in layout.routes
            continue
        first, *_, last = layout.routes[number].points
        for (x, y), box in ((first, layout.boxes[source]), (last, layout.boxes[target])):
            assert abs(x - box.x) <= box.width / 2
            assert abs(abs(y - box.y) - box.height / 2) < 1e-6


@settings(derandomize=True, deadline=None)
@given(graphs(), st.data())
def test_no_edge_runs_through_a_box(graph, data) -> None:  # type: ignore[no-untyped-def]
    layout = placed(graph, data)
    for route in layout.routes.values():
        for (x, y), (to_x, to_y) in itertools.pairwise(route.points):
            if x != to_x:
                continue  # between two layers
            piece = Box(x, (y + to_y) / 2, 1e-3, abs(y - to_y))
            assert not any(overlap(piece, box) for box in layout.boxes.values())


@settings(derandomize=True, deadline=None)
@given(graphs(), st.data())
def test_all_of_it_is_within_the_size(graph, data) -> None:  # type: ignore[no-untyped-def]
    layout = placed(graph, data)
    for box in [*layout.boxes.values(), *(r.label for r in layout.routes.values())]:
        assert box.x - box.width / 2 >= -1e-6
        assert box.x + box.width / 2 <= layout.width + 1e-6
        assert box.y + box.height / 2 <= layout.height + 1e-6


def test_edges_go_down_unless_they_close_a_cycle() -> None:
    sizes = dict.fromkeys(range(4), (50.0, 20.0))
    edges = [(0, 1), (1, 2), (2, 0), (2, 3), (0, 3)]
    layout = lay_out(sizes, edges, [(10.0, 10.0)] * len(edges))
    downwards = [layout.boxes[a].y < layout.boxes[b].y for a, b in edges]
    assert downwards == [True, True, False, True, True]


def test_a_tree_has_no_crossing() -> None:
    sizes = dict.fromkeys(range(7), (50.0, 20.0))
    edges = [(0, 2), (0, 1), (1, 6), (2, 3), (1, 5), (2, 4)]
    layout = lay_out(sizes, edges, [(10.0, 10.0)] * len(edges))
    for (a, b), (c, d) in itertools.combinations(edges, 2):
        if layout.boxes[a].y == layout.boxes[c].y and a != c:
            before = layout.boxes[a].x < layout.boxes[c].x
            assert (layout.boxes[b].x < layout.boxes[d].x) == before


def lines(draw_edges: list[tuple[int, int]], upper: int, lower: int) -> list[list[layout._Item]]:
    """Two rows, and edges between them."""
    rows = [[layout._Item(layer, 1, 1) for _ in range(n)] for layer, n in enumerate((upper, lower))]
    for a, b in draw_edges:
        rows[0][a].below.append(rows[1][b])
        rows[1][b].above.append(rows[0][a])
    return rows


@settings(derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_crossings_are_counted_as_by_trying_every_pair(edges: list[tuple[int, int]]) -> None:
    rows = lines(edges, 7, 7)
    place = {id(item): i for row in rows for i, item in enumerate(row)}
    pairs = list(itertools.combinations(edges, 2))
    crossing = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in pairs)
    assert layout._crossings(rows, place) == crossing
    for one, other in itertools.permutations(range(7), 2):
        beside = [b for a, b in edges if a == one], [b for a, b in edges if a == other]
        expected = sum(x > y for x in beside[0] for y in beside[1])
        assert layout._pair(rows[0][one].below, rows[0][other].below, place) == expected


def test_a_large_picture_is_gone_over_less_often() -> None:
    """All states of a recursive schema in one picture took over 20 seconds."""
    small, large = lines([], 9, 9), lines([], 30_000, 30_000)
    assert layout._often(60, small) == 60
    assert layout._often(60, large) == 10
    assert layout._often(60, lines([], 300_000, 1)) == 2
