"""Bodies as automata: the states that the core's parser reads.

*Purpose.* Each production becomes an automaton over terminals and calls, named by its first state.

*Contract.* An automaton's texts are its body's; nullable terminals have become ways without them.

*How.* Bodies are written out with empty moves (Thompson 1968), each occurrence apart; the moves are
then closed; equal moves of a state are joined where that keeps the number of states (which is left
factoring), and equal states are one, also between productions.

*Cost.* Linear in the bodies and their bounded repetitions, written out; quadratic in runs of
optional parts. ``MAX_STATES`` and ``MAX_EDGES`` bound both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from grammarlib.compiler.cfg.form import (
    Alternation,
    Call,
    Captured,
    Concatenation,
    Form,
    Node,
    Production,
    Repetition,
    Terminal,
    Tokens,
    Value,
)
from grammarlib.compiler.regex.program import EPSILON
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["MAX_EDGES", "MAX_STATES", "Automata", "State", "Symbol", "make_automata"]

MAX_STATES: Final = 1_000_000
MAX_EDGES: Final = 4_000_000

Symbol: TypeAlias = bytes | Production | Value | Tokens
"""What a move reads: a terminal by its program, or a text of something else."""


@dataclass(frozen=True, slots=True)
class State:
    """A state: its moves, and whether its production may end here."""

    moves: tuple[tuple[Symbol, int], ...]
    final: bool


@dataclass(frozen=True, slots=True)
class Automata:
    """The states of all productions, and the first one of each."""

    states: tuple[State, ...]
    starts: dict[Production, int]


def make_automata(form: Form, nullable: Callable[[bytes], bool]) -> Automata:
    """Write the bodies of a grammar as automata.

    Parameters
    ----------
    form : Form
        Without intersections and complements.
    nullable : callable
        Whether the terminal of a program takes the empty text.

    Raises
    ------
    CompileBudgetExceeded
        If there are too many states.
    """
    written = _Written(nullable)
    starts = {production: written.production(production) for production in form.productions()}
    closed = _closed(written.moves, written.empties, written.finals)
    factored = _factored(closed, starts.values())
    return _merged(factored, starts)


class _Written:
    """Automata with empty moves."""

    def __init__(self, nullable: Callable[[bytes], bool]) -> None:
        self.moves: list[list[tuple[Symbol, int]]] = []
        self.empties: list[list[int]] = []
        self.finals: set[int] = set()
        self._nullable = nullable
        self._skips: dict[bytes, bool] = {}

    def production(self, production: Production) -> int:
        start, end = self._state(), self._state()
        self.finals.add(end)
        todo: list[tuple[Node, int, int]] = [(production.body, start, end)]
        while todo:
            node, here, to = todo.pop()
            match node:
                case Terminal():
                    self._read(node.program, here, to)
                case Call():
                    self.moves[here].append((node.production, to))
                case Value() | Tokens():
                    self.moves[here].append((node, to))
                case Concatenation():
                    for item in node.items[:-1]:
                        next_ = self._state()
                        todo.append((item, here, next_))
                        here = next_
                    todo.append((node.items[-1], here, to))
                case Alternation():
                    todo += [(item, here, to) for item in node.items]
                case Captured():
                    todo.append((node.item, here, to))
                case Repetition():
                    self._repeat(node, here, to, todo)
                case _:
                    raise TypeError(f"a {type(node).__name__} is no part of an automaton")
        return start

    def _repeat(
        self, node: Repetition, here: int, to: int, todo: list[tuple[Node, int, int]]
    ) -> None:
        if max(node.lo, node.hi or 0) > MAX_STATES:
            raise CompileBudgetExceeded(f"a grammar of {MAX_STATES} parser states")
        for _ in range(node.lo):
            next_ = self._state()
            todo.append((node.item, here, next_))
            here = next_
        if node.hi is None:
            loop = self._state()
            self.empties[here].append(loop)
            todo.append((node.item, loop, loop))
            here = loop
        else:
            for _ in range(node.hi - node.lo):
                next_ = self._state()
                todo.append((node.item, here, next_))
                self.empties[here].append(to)
                here = next_
        self.empties[here].append(to)

    def _read(self, program: bytes, here: int, to: int) -> None:
        if program not in self._skips:
            self._skips[program] = self._nullable(program)
        if program != EPSILON:
            self.moves[here].append((program, to))
        if self._skips[program]:
            self.empties[here].append(to)

    def _state(self) -> int:
        if len(self.moves) >= MAX_STATES:
            raise CompileBudgetExceeded(f"a grammar of {MAX_STATES} parser states")
        self.moves.append([])
        self.empties.append([])
        return len(self.moves) - 1


_Moves: TypeAlias = dict[tuple[Symbol, int], None]


def _closed(
    moves: list[list[tuple[Symbol, int]]], empties: list[list[int]], finals: set[int]
) -> list[tuple[_Moves, bool]]:
    """The same states without empty moves."""
    out: list[tuple[_Moves, bool]] = []
    count = 0
    for state, own in enumerate(moves):
        if not empties[state]:
            out.append((dict.fromkeys(own), state in finals))
            continue
        seen = {state: None}
        todo = [state]
        while todo:
            for to in empties[todo.pop()]:
                if to not in seen:
                    seen[to] = None
                    todo.append(to)
        all_moves: _Moves = {}
        for one in seen:
            all_moves.update(dict.fromkeys(moves[one]))
        count += len(all_moves)
        if count > MAX_EDGES:
            raise CompileBudgetExceeded(f"a grammar of {MAX_EDGES} moves of its parser")
        out.append((all_moves, not finals.isdisjoint(seen)))
    return out


def _factored(
    states: list[tuple[_Moves, bool]], starts: Iterable[int]
) -> list[tuple[_Moves, bool]]:
    """Joins moves of a state that read the same, while there is room for the joint states."""
    states = list(states)
    room = len(states) + 64
    joint: dict[frozenset[int], int] = {}
    todo = list(starts)
    seen = set(todo)
    while todo:
        here = todo.pop()
        moves, final = states[here]
        targets: dict[Symbol, dict[int, None]] = {}
        for symbol, to in moves:
            targets.setdefault(symbol, {})[to] = None
        new: _Moves = {}
        for symbol, tos in targets.items():
            key = frozenset(tos)
            if len(tos) > 1 and key not in joint and room > 0:
                room -= 1
                union: _Moves = {}
                for to in tos:
                    union.update(states[to][0])
                joint[key] = len(states)
                states.append((union, any(states[to][1] for to in tos)))
            kept = [joint[key]] if key in joint else tos
            for to in kept:
                new[symbol, to] = None
                if to not in seen:
                    seen.add(to)
                    todo.append(to)
        states[here] = (new, final)
    return states


def _merged(states: list[tuple[_Moves, bool]], starts: dict[Production, int]) -> Automata:
    """The states that can be reached; equal ones once, as far as they are on no cycle.

    Rejected: refining a partition until it is stable, which also finds equal cycles, in as many
    rounds as the longest chain has states.
    """
    names: dict[int, int] = {}
    known: dict[object, int] = {}
    made: list[State] = []
    order = _targets_first(states, starts.values())
    renamed: list[int] = []
    for state in order:
        moves, final = states[state]
        key: object = (final, frozenset((symbol, names.get(to, ~to)) for symbol, to in moves))
        name = known.setdefault(key, len(renamed))
        if name == len(renamed):
            renamed.append(state)
        names[state] = name
    for state in renamed:
        moves, final = states[state]
        kept = dict.fromkeys((symbol, names[to]) for symbol, to in moves)
        made.append(State(tuple(kept), final))
    return Automata(tuple(made), {production: names[start] for production, start in starts.items()})


def _targets_first(states: list[tuple[_Moves, bool]], starts: Iterable[int]) -> list[int]:
    """The states that can be reached, each after its targets, as far as cycles allow."""
    order: list[int] = []
    seen: set[int] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        todo = [(start, iter([to for _, to in states[start][0]]))]
        while todo:
            state, targets = todo[-1]
            to = next((to for to in targets if to not in seen), None)
            if to is None:
                order.append(state)
                todo.pop()
            else:
                seen.add(to)
                todo.append((to, iter([to for _, to in states[to][0]])))
    return order
