"""The automaton as a graph fit for reading.

Two kinds of states say nothing of their own and are drawn as part of another: those inside a
character or an escape of a string, and those that differ from the one before in white space alone.
States that can only be passed (one way in, one way out) become part of an edge, so that a key is
one edge and not ten. A terminal of many states, such as an integer with its exponents, is one box.
What is left is cut off at a number of boxes, those nearest to the beginning first.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from grammarlib.compiler.automaton import Component, Edge, State
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.drawing.labels import byte_class, joined

__all__ = ["Graph", "Link", "Node", "build"]


@dataclass(slots=True, eq=False)
class Link:
    """An edge of the drawing: texts that lead from one node to another.

    Attributes
    ----------
    source, target : int
        Ids of nodes.
    labels : list of str
        The texts, one for each way.
    conditions : list of str
        When they may be read; empty if always.
    on_path : bool
        Whether the text that is followed goes this way.
    """

    source: int
    target: int
    labels: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    on_path: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """A state that is drawn.

    Attributes
    ----------
    state : State
        The state.
    members : int
        How many states it stands for, itself included.
    folded : bool
        Whether it stands for a whole terminal.
    on_path, is_end : bool
        Whether the text that is followed comes by, or stops here.
    left_out : int
        Ways from here to states that are not drawn.
    """

    state: State
    members: int = 1
    folded: bool = False
    on_path: bool = False
    is_end: bool = False
    left_out: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Nodes by id, in the order in which they are met, and the links between them.

    ``total`` counts the nodes before any was left out, ``states`` the states they stand for.
    """

    nodes: dict[int, Node]
    links: list[Link]
    total: int
    states: int


@dataclass(slots=True)
class _Way:
    """Consecutive steps between two groups."""

    target: int
    pieces: list[str]
    conditions: list[str]
    passed: list[int]


def build(
    compiled: CompiledGrammar,
    max_states: int,
    path: tuple[State, ...] = (),
    fold: int | None = None,
) -> Graph:
    """Return the graph of what is built of a grammar.

    Parameters
    ----------
    compiled : CompiledGrammar
        The grammar, mostly with everything made ahead.
    max_states : int
        How many nodes to keep.
    path : tuple of State
        The states of a text to follow, as `CompiledGrammar.trace` gives them.
    fold : int, optional
        How many nodes a terminal may have before it is drawn as one; without it 8, or 40 where
        there is one terminal only.
    """
    start, reached, edges = _reachable(compiled)
    group, via = _groups(start, reached, edges)
    last = group[path[-1].id] if path and path[-1].id in group else None
    ways = _ways(group, via, edges)
    _pass_through(ways, reached, start.id, last)
    folded = _fold(group, ways, reached, fold)
    if folded:
        last = group[path[-1].id] if path and path[-1].id in group else None
        ways = _ways(group, via, edges)
        _pass_through(ways, reached, start.id, last)
    order = _by_distance(ways, start.id)
    kept = order[:max_states]
    if last is not None and last in ways and last not in kept:
        kept = [*_shortest(ways, start.id, last), *kept]
        kept = list(dict.fromkeys(kept))[: max(max_states, 1)]
    members: dict[int, int] = defaultdict(int)
    for leader in group.values():
        members[leader] += 1
    nodes = {leader: Node(reached[leader], members[leader], leader in folded) for leader in kept}
    links: dict[tuple[int, int], Link] = {}
    for source in kept:
        for way in ways[source]:
            if way.target not in nodes:
                nodes[source].left_out += 1
                continue
            link = links.setdefault((source, way.target), Link(source, way.target))
            label = joined(way.pieces)
            if label not in link.labels:
                link.labels.append(label)
            link.conditions += [c for c in way.conditions if c not in link.conditions]
    _follow(path, group, ways, nodes, links)
    return Graph(nodes, list(links.values()), len(order), len(reached))


def _reachable(
    compiled: CompiledGrammar,
) -> tuple[State, dict[int, State], dict[int, tuple[Edge, ...]]]:
    """The states that steps lead to from the first one, with their edges."""
    states = {state.id: state for state in compiled.states()}
    start = states[0]
    reached = {0: start}
    edges: dict[int, tuple[Edge, ...]] = {}
    todo = deque([0])
    while todo:
        at = todo.popleft()
        edges[at] = compiled.edges(states[at])
        for edge in edges[at]:
            if edge.target not in reached and edge.target in states:
                reached[edge.target] = states[edge.target]
                todo.append(edge.target)
    return start, reached, edges


def _groups(
    start: State, reached: dict[int, State], edges: dict[int, tuple[Edge, ...]]
) -> tuple[dict[int, int], dict[int, str]]:
    """For each state the one it is drawn as, and how it was entered if that is another."""
    group = {start.id: start.id}
    via: dict[int, str] = {}
    todo = deque([start.id])
    while todo:
        at = todo.popleft()
        for edge in edges[at]:
            to = edge.target
            if to in group or to not in reached:
                continue
            leader = group[at]
            if _is_quiet(reached[to], reached[leader]):
                group[to] = leader
                via[to] = via.get(at, _entry(edge))
            else:
                group[to] = to
            todo.append(to)
    return group, via


def _fold(
    group: dict[int, int], ways: dict[int, list[_Way]], reached: dict[int, State], most: int | None
) -> set[int]:
    """Draw each terminal that has too many nodes as one of them; return these."""
    members: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
    for leader in ways:
        terminal = _terminal(reached[leader])
        if terminal:
            members[terminal].append(leader)
    if most is None:
        most = 8 if len(members) > 1 else 40
    chosen: dict[frozenset[tuple[str, str]], int] = {}
    for terminal, leaders in members.items():
        if len(leaders) > most:
            # The state with most to come says best what may follow.
            best = max(leaders, key=lambda i: (len(reached[i].components), -i))
            chosen[terminal] = best
    folded = set(chosen.values())
    for state, leader in group.items():
        one = chosen.get(_terminal(reached[leader]))
        if one is not None:
            group[state] = one
    return folded


def _terminal(state: State) -> frozenset[tuple[str, str]]:
    """The values that are under way in a state: kind and place of each."""
    return frozenset(
        (c.kind, place.pointer)
        for c in state.components
        for place in c.places
        if c.begun and c.kind in ("string", "key", "number", "literal")
    )


def _is_quiet(state: State, leader: State) -> bool:
    """Whether a state says nothing that the one before it does not say."""
    if state.accepting != leader.accepting or not state.components:
        return False
    if all(c.within for c in state.components):
        return True
    if all(c.begun and c.kind in ("punctuation", "white space") for c in state.components):
        return True
    return _meaning(state) == _meaning(leader)


def _meaning(state: State) -> set[tuple[object, ...]]:
    """What a state expects, white space apart."""
    return {_look(c) for c in state.components if c.kind != "white space"}


def _look(c: Component) -> tuple[object, ...]:
    places = tuple(place.pointer for place in c.places)
    return c.kind, c.expects, c.begun or c.kind == "punctuation", c.condition, places


def _entry(edge: Edge) -> str:
    """How a state inside a character, an escape or white space was entered."""
    first = edge.ranges[0][0]
    if first == ord("\\"):
        return "\\…"
    return "é…" if first >= 0x80 else "␣"


def _ways(
    group: dict[int, int], via: dict[int, str], edges: dict[int, tuple[Edge, ...]]
) -> dict[int, list[_Way]]:
    """The ways between groups, bytes with one effect together."""
    found: dict[int, dict[tuple[int, str], tuple[set[int], dict[str, None]]]] = defaultdict(dict)
    for source, own in edges.items():
        leader = group[source]
        for edge in own:
            if edge.target not in group:
                continue
            target = group[edge.target]
            chosen, entries = found[leader].setdefault((target, edge.condition), (set(), {}))
            entry = via.get(source)
            if target == leader and (edge.target in via or entry == "␣"):
                continue  # into, or within, what is drawn here
            if entry is not None and entry != "␣":
                entries[entry] = None
                continue
            for low, high in edge.ranges:
                chosen.update(range(low, high + 1))
    ways: dict[int, list[_Way]] = {leader: [] for leader in set(group.values())}
    for leader, own_ways in found.items():
        for (target, condition), (chosen, entries) in own_ways.items():
            pieces = [byte_class(chosen)] if chosen else []
            if chosen:
                entries.pop("\\…", None)  # another spelling of the same
            if len(chosen) > 60 or any(b >= 0x80 for b in chosen):
                entries.pop("é…", None)
            label = " ".join([*pieces, *entries])
            if label:
                conditions = [condition] if condition else []
                ways[leader].append(_Way(target, [label], conditions, []))
    return ways


def _pass_through(
    ways: dict[int, list[_Way]], reached: dict[int, State], start: int, last: int | None
) -> None:
    """Make states with one way in and one way out part of it."""
    entering: dict[int, list[tuple[int, _Way]]] = defaultdict(list)
    for source, own in ways.items():
        for way in own:
            entering[way.target].append((source, way))
    for middle in list(ways):
        if middle in (start, last) or reached[middle].accepting or len(ways[middle]) != 1:
            continue
        (out,) = ways[middle]
        if len(entering[middle]) != 1 or out.target == middle:
            continue
        source, way = entering[middle][0]
        if source == middle:
            continue
        way.pieces += out.pieces
        way.conditions += out.conditions
        way.passed += [middle, *out.passed]
        way.target = out.target
        entering[out.target] = [
            (source, way) if other is out else (origin, other)
            for origin, other in entering[out.target]
        ]
        del ways[middle]


def _by_distance(ways: dict[int, list[_Way]], start: int) -> list[int]:
    order = {start: None}
    todo = deque([start])
    while todo:
        for way in ways[todo.popleft()]:
            if way.target not in order:
                order[way.target] = None
                todo.append(way.target)
    return list(order)


def _shortest(ways: dict[int, list[_Way]], start: int, end: int) -> list[int]:
    """The nodes of a shortest path."""
    before = {start: start}
    todo = deque([start])
    while todo and end not in before:
        at = todo.popleft()
        for way in ways[at]:
            if way.target not in before:
                before[way.target] = at
                todo.append(way.target)
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]


def _follow(
    path: tuple[State, ...],
    group: dict[int, int],
    ways: dict[int, list[_Way]],
    nodes: dict[int, Node],
    links: dict[tuple[int, int], Link],
) -> None:
    """Mark the nodes and links that a text passes."""
    passed = [group[state.id] for state in path if state.id in group]
    drawn = [leader for leader in passed if leader in nodes]
    for leader in drawn:
        nodes[leader].on_path = True
    if passed and passed[-1] in nodes:
        nodes[passed[-1]].is_end = True
    for i, source in enumerate(passed):
        if source not in nodes:
            continue
        for way in ways[source]:
            link = links.get((source, way.target))
            ahead = passed[i + 1 : i + 2 + len(way.passed)]
            if link is not None and ahead == [*way.passed, way.target]:
                link.on_path = True
