"""Folds lexical parts into terminals, so that the parser has fewer steps and profiles are shared.

*Contract.* The language is kept: only regular parts are folded, and a terminal's language is that
of the part.

*What is folded.* A terminal's profile belongs to its expression, so a terminal should be what
stands in many places of texts (a string, a number, a name), and never a stretch of structure: every
state of a string within ``"name": "..."`` would have a profile of its own. A part is therefore
folded only while it stays small (``MAX_SIZE``; alternatives may be any number, since apart they are
read at once all the same) and holds at most one *broad* loop, over most letters; a sequence takes
what stands before such a loop, which costs nothing, and one part after it, which tells where it
ends. Rules that become terminals are folded where they are called; those with a broad loop stay
apart there, so that their profile is the same everywhere.

*Cost.* Linear in the bodies, in order of calls.

*Rejected.* Folding whole non-recursive grammars (each position would need its own walk over the
vocabulary); measuring profiles (folding would depend on the vocabulary, and compiling would walk
it).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from grammarlib.compiler.cfg.form import (
    EMPTY_TEXT,
    Alternation,
    Call,
    Concatenation,
    Form,
    Node,
    Production,
    Repetition,
    Terminal,
    alternation,
    concatenation,
    fold_up,
)
from grammarlib.compiler.cfg.measure import Measure, concatenated, measure, repeated, united
from grammarlib.compiler.cfg.order import callees_first
from grammarlib.compiler.cfg.regular import rebuilt
from grammarlib.compiler.regex.program import concat, repeat, union

__all__ = ["MAX_SIZE", "fold_lexical"]

MAX_SIZE: Final = 256
"""Most states of a terminal that folding makes, by ``measure``."""


def fold_lexical(form: Form) -> Form:
    """Fold lexical parts into terminals."""
    folding = _Folding()
    for production in callees_first(form.start):
        production.body = fold_up(production.body, folding.combine, folding.made)
        if isinstance(production.body, Terminal):
            folding.lexical[production] = production.body
    return form


class _Folding:
    def __init__(self) -> None:
        self.made: dict[Node, Node] = {}
        self.lexical: dict[Production, Terminal] = {}
        self._measures: dict[bytes, Measure] = {}
        self._terminals: dict[bytes, Terminal] = {}

    def combine(self, node: Node, parts: list[Node]) -> Node:
        match node:
            case Call():
                return self.lexical.get(node.production, node)
            case Concatenation():
                return self._concatenation(parts)
            case Alternation():
                return self._alternation(parts)
            case Repetition():
                return self._repetition(node, parts[0])
            case _:
                return rebuilt(node, parts)

    def _measure(self, terminal: Terminal) -> Measure:
        found = self._measures.get(terminal.program)
        if found is None:
            found = self._measures[terminal.program] = measure(terminal.program)
        return found

    def _terminal(self, program: bytes, measured: Measure) -> Terminal:
        self._measures.setdefault(program, measured)
        return self._terminals.setdefault(program, Terminal(program))

    def _concatenation(self, parts: Sequence[Node]) -> Node:
        out: list[Node] = []
        run: list[Terminal] = []
        size, closed = 0, 0  # closed: parts that a run holds after its broad one, and the broad one

        def flush() -> None:
            nonlocal size, closed
            if len(run) > 1:
                program = concat(*(one.program for one in run))
                out.append(self._terminal(program, concatenated([*map(self._measure, run)])))
            else:
                out.extend(run)
            run.clear()
            size = closed = 0

        flat = concatenation(parts)
        for part in flat.items if isinstance(flat, Concatenation) else (flat,):
            if not isinstance(part, Terminal):
                flush()
                out.append(part)
                continue
            wanted = self._measure(part)
            if size + wanted.size > MAX_SIZE or closed > 1 or (closed and wanted.broad):
                flush()
            run.append(part)
            size += wanted.size
            if closed or wanted.broad:
                closed += 1
        flush()
        return concatenation(out)

    def _alternation(self, parts: Sequence[Node]) -> Node:
        flat = alternation(parts)
        items = flat.items if isinstance(flat, Alternation) else (flat,)
        narrow: list[Terminal] = []
        out: list[Node] = []
        broad = 0
        for part in items:
            if isinstance(part, Terminal) and broad + self._measure(part).broad <= 1:
                narrow.append(part)
                broad += self._measure(part).broad
            else:
                out.append(part)
        if narrow:
            folded = narrow[0]
            if len(narrow) > 1:
                program = union(*(one.program for one in narrow))
                folded = self._terminal(program, united([*map(self._measure, narrow)]))
            out.insert(0, folded)
        return alternation(out)

    def _repetition(self, node: Repetition, part: Node) -> Node:
        if part is EMPTY_TEXT:
            return part
        if isinstance(part, Terminal):
            wanted = repeated(self._measure(part), node.lo, node.hi)
            if wanted.broad <= 1 and wanted.size <= MAX_SIZE:
                return self._terminal(repeat(part.program, node.lo, node.hi), wanted)
        return rebuilt(node, [part])
