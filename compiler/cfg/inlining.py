"""Puts small productions, and those that are called once, in the places of their calls.

*Contract.* The language is kept: a call and the body it stands for are the same texts. The start is
never put elsewhere.

*Why.* A call costs the parser an origin and a return at each place; a short body costs less than
that. Bodies are put in after their own calls were replaced, once, so recursion stays where it is.

*Cost.* Linear in what is written; a body of at most ``MAX_BODY`` nodes at each place, larger ones
once.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from grammarlib.compiler.cfg.form import Call, Form, Node, Production, Repetition, fold_up
from grammarlib.compiler.cfg.order import callees_first
from grammarlib.compiler.cfg.regular import rebuilt

__all__ = ["inline"]

MAX_BODY: Final = 6
"""Most nodes of a body that is put in more than one place."""


def inline(form: Form) -> Form:
    """Inline productions."""
    order = callees_first(form.start)
    calls: Counter[Production] = Counter()
    for production in order:
        calls.update(_calls(production))
    bodies: dict[Production, Node] = {}
    made: dict[Node, Node] = {}
    sizes: dict[Node, int] = {}

    def combine(node: Node, parts: list[Node]) -> Node:
        if isinstance(node, Call):
            return bodies.get(node.production, node)
        return rebuilt(node, parts)

    for production in order:
        production.body = fold_up(production.body, combine, made)
        short = fold_up(production.body, _written, sizes) <= MAX_BODY
        if production is not form.start and (short or calls[production] == 1):
            bodies[production] = production.body
    return form


def _calls(production: Production) -> Counter[Production]:
    """How often a body, written out, calls each production; 2 stands for more than once."""
    below: dict[Node, None] = {}
    fold_up(production.body, lambda node, parts: None, below)
    times: Counter[Node] = Counter({production.body: 1})
    found: Counter[Production] = Counter()
    for node in reversed(below):  # each before its parts
        rounds = 1
        if isinstance(node, Repetition) and max(node.lo, node.hi or 0) + (node.hi is None) > 1:
            rounds = 2
        for part in node.parts:
            times[part] = min(2, times[part] + rounds * times[node])
        if isinstance(node, Call):
            found[node.production] += times[node]
    return found


def _written(node: Node, parts: list[int]) -> int:
    """How many nodes there are written out, as far as ``MAX_BODY``."""
    rounds = 1
    if isinstance(node, Repetition):
        rounds = max(1, node.lo, node.hi or 0)
    return min(MAX_BODY + 1, 1 + rounds * sum(parts))
