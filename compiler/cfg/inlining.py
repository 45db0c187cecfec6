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
from itertools import islice
from typing import Final

from grammarlib.compiler.cfg.form import Call, Form, Node, Production, fold_up, nodes
from grammarlib.compiler.cfg.order import callees_first
from grammarlib.compiler.cfg.regular import rebuilt

__all__ = ["inline"]

MAX_BODY: Final = 6
"""Most nodes of a body that is put in more than one place."""


def inline(form: Form) -> Form:
    """Inline productions."""
    order = callees_first(form.start)
    calls = Counter(
        node.production
        for production in order
        for node in nodes(production.body)
        if isinstance(node, Call)
    )
    bodies: dict[Production, Node] = {}
    made: dict[Node, Node] = {}

    def combine(node: Node, parts: list[Node]) -> Node:
        if isinstance(node, Call):
            return bodies.get(node.production, node)
        return rebuilt(node, parts)

    for production in order:
        production.body = fold_up(production.body, combine, made)
        short = sum(1 for _ in islice(nodes(production.body), MAX_BODY + 1)) <= MAX_BODY
        if production is not form.start and (short or calls[production] == 1):
            bodies[production] = production.body
    return form
