"""Takes away what no text needs: alternatives that never end, rules that only they call.

*Contract.* The language is kept. Afterwards every call is of a production that has a text as far as
the structure tells (terminals may still be empty; the core knows), and ``form.productions()`` lists
no others, as it lists those that can be reached.

*Cost.* Linear in the bodies, once for each level of rules that end only through others: at most
quadratic, in practice a few passes.
"""

from __future__ import annotations

from grammarlib.compiler.cfg.form import (
    EMPTY_TEXT,
    NOTHING,
    Alternation,
    Call,
    Concatenation,
    Form,
    Node,
    Production,
    Repetition,
    fold_up,
)
from grammarlib.compiler.cfg.order import callees_first
from grammarlib.compiler.cfg.regular import rebuilt
from grammarlib.errors import EmptyLanguage

__all__ = ["drop_useless"]


def drop_useless(form: Form) -> Form:
    """Drop alternatives that have no text.

    Raises
    ------
    EmptyLanguage
        If nothing is left.
    """
    productions = form.productions()
    productive = _productive(callees_first(form.start))
    if form.start not in productive:
        raise EmptyLanguage(f"rule {form.start.name}")
    made: dict[Node, Node] = {}

    def combine(node: Node, parts: list[Node]) -> Node:
        if isinstance(node, Call) and node.production not in productive:
            return NOTHING
        if isinstance(node, Repetition) and parts[0] is NOTHING:
            return NOTHING if node.lo else EMPTY_TEXT
        if isinstance(node, Alternation):
            parts = [part for part in parts if part is not NOTHING]
        return rebuilt(node, parts)

    for production in productions:
        production.body = fold_up(production.body, combine, made)
    return form


def _productive(productions: list[Production]) -> set[Production]:
    """Those that have a text: each is asked again when one that it waits for has.

    A caller waits once for each callee, however often it asked: kept as often, they would double
    with each level of rules. Callees come first, so most are asked once.
    """
    callers: dict[Production, dict[Production, None]] = {}
    found: set[Production] = set()

    def ends(node: Node, parts: list[bool]) -> bool:
        match node:
            case Call():
                callers.setdefault(node.production, {})[asking] = None
                return node.production in found
            case Concatenation():
                return all(parts)
            case Alternation():
                return any(parts)
            case Repetition():
                return node.lo == 0 or parts[0]
            case _:
                return all(parts)

    todo = list(reversed(productions))
    while todo:
        asking = todo.pop()
        if asking not in found and fold_up(asking.body, ends, {}):
            found.add(asking)
            todo += callers.pop(asking, ())
    return found
