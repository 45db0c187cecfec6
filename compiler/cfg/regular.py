"""Regular parts of a grammar as regex programs; intersections and complements become terminals.

*Purpose.* ``&`` and ``~`` are those of the core's expressions, so their operands must be single
languages of bytes: any part that holds no recursive rule, no schema and no token.

*Invariant.* The language is kept, or the grammar is refused by name.

*Cost.* Linear in the text of the programs; a program may not pass ``MAX_PROGRAM_BYTES``.

*Rejected.* Taking right- or left-recursive rules for regular (they are, but whoever writes ``&``
can write a repetition; equations between languages would need a solver of their own).
"""

from __future__ import annotations

from collections.abc import Sequence

from grammarlib.compiler.cfg.form import (
    Alternation,
    Call,
    Captured,
    Complement,
    Concatenation,
    Form,
    Intersection,
    Node,
    Production,
    Repetition,
    Terminal,
    alternation,
    concatenation,
    fold_up,
    repetition,
)
from grammarlib.compiler.regex.emit import MAX_PROGRAM_BYTES
from grammarlib.compiler.regex.program import (
    ANY_TEXT,
    EMPTY,
    complement,
    concat,
    intersect,
    repeat,
    union,
)
from grammarlib.errors import CompileBudgetExceeded, UnsupportedGrammar

__all__ = ["make_terminals", "rebuilt", "whole_program"]


def make_terminals(form: Form) -> Form:
    """Replace every intersection and complement by the terminal of its language.

    Raises
    ------
    UnsupportedGrammar
        If an operand is not regular.
    CompileBudgetExceeded
        If a program grows too long.
    """
    programs = _Programs()
    made: dict[Node, Node] = {}
    for production in form.productions():

        def combine(node: Node, parts: list[Node], name: str = production.name) -> Node:
            if isinstance(node, Intersection | Complement):
                return Terminal(programs.of(node, name))
            return rebuilt(node, parts)

        production.body = fold_up(production.body, combine, made)
    return form


def whole_program(start: Production) -> bytes | None:
    """The program of a whole grammar, if it is regular and small."""
    try:
        return _Programs().of(start.body, start.name)
    except (UnsupportedGrammar, CompileBudgetExceeded):
        return None


def rebuilt(node: Node, parts: Sequence[Node]) -> Node:
    """A node of the same kind with other parts; itself where these are its own."""
    if tuple(parts) == node.parts:
        return node
    match node:
        case Concatenation():
            return concatenation(parts)
        case Alternation():
            return alternation(parts)
        case Repetition():
            return repetition(parts[0], node.lo, node.hi)
        case Captured():
            return Captured(node.name, parts[0])
        case Intersection():
            return Intersection(*parts)
        case Complement():
            return Complement(*parts)
        case _:
            return node


class _Programs:
    """The programs of regular parts; a production under way that is met again is recursive."""

    def __init__(self) -> None:
        self._of_nodes: dict[Node, bytes] = {}
        self._of_productions: dict[Production, bytes] = {}

    def of(self, node: Node, name: str) -> bytes:
        """The program of a part that stands in the production ``name``."""
        todo: list[Production] = []
        under_way: set[Production] = set()
        while True:
            waiting = self._waits_for(node if not todo else todo[-1].body)
            if waiting is None:
                if not todo:
                    return fold_up(node, self._program, self._of_nodes)
                done = todo.pop()
                under_way.discard(done)
                self._of_productions[done] = fold_up(done.body, self._program, self._of_nodes)
            elif waiting in under_way:
                raise UnsupportedGrammar(
                    "& and ~ take regular languages, and this rule calls itself", waiting.name
                )
            else:
                under_way.add(waiting)
                todo.append(waiting)

    def _waits_for(self, root: Node) -> Production | None:
        todo, seen = [root], {root}
        while todo:
            node = todo.pop()
            if isinstance(node, Call) and node.production not in self._of_productions:
                return node.production
            fresh = [part for part in node.parts if part not in seen]
            seen.update(fresh)
            todo += fresh
        return None

    def _program(self, node: Node, parts: list[bytes]) -> bytes:
        match node:
            case Terminal():
                program = node.program
            case Call():
                program = self._of_productions[node.production]
            case Concatenation():
                program = concat(*parts)
            case Alternation():
                program = union(*parts) if parts else EMPTY
            case Repetition():
                program = repeat(parts[0], node.lo, node.hi)
            case Intersection():
                program = intersect(*parts)
            case Complement():
                program = intersect(ANY_TEXT, complement(parts[0]))
            case Captured():
                raise UnsupportedGrammar("& and ~ tell no captures inside", node.name)
            case _:
                raise UnsupportedGrammar(
                    f"& and ~ take regular languages, not {_KINDS[type(node).__name__]}", "&, ~"
                )
        if len(program) > MAX_PROGRAM_BYTES:
            raise CompileBudgetExceeded(f"a terminal's program of {MAX_PROGRAM_BYTES} bytes")
        return program


_KINDS = {"Value": "the values of a JSON Schema", "Tokens": "tokens"}
