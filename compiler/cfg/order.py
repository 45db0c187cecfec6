"""Productions in order of their calls."""

from __future__ import annotations

from grammarlib.compiler.cfg.form import Call, Production, nodes

__all__ = ["callees_first"]


def callees_first(start: Production) -> list[Production]:
    """The productions that can be reached, each after those it calls, as far as cycles allow."""
    order: list[Production] = []
    seen = {start}
    todo: list[tuple[Production, list[Production]]] = [(start, _callees(start))]
    while todo:
        production, waiting = todo[-1]
        if not waiting:
            order.append(production)
            todo.pop()
            continue
        callee = waiting.pop()
        if callee not in seen:
            seen.add(callee)
            todo.append((callee, _callees(callee)))
    return order


def _callees(production: Production) -> list[Production]:
    return [node.production for node in nodes(production.body) if isinstance(node, Call)]
