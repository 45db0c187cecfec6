"""Grammar expressions as a :class:`form.Form`: one node for each expression, chains made flat.

An expression that stands in many places becomes one node; a rule becomes a production, and its body
is read when the rule is first met. Cost: 1 µs an expression. Nothing recurses, so an expression may
be nested as deep as memory goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from grammarlib import grammar as public
from grammarlib.choice import Choice
from grammarlib.compiler.cfg import form
from grammarlib.compiler.regex.program import char_class, literal, union
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.regex import Regex
from grammarlib.schema import JSONSchema
from grammarlib.substring import Substring
from grammarlib.token import Token

__all__ = ["Marks", "expand"]

Marks: TypeAlias = Callable[[str], tuple[bytes, bytes]]
"""Of a capture's name, the bytes before and after it."""


def expand(grammar: public.Grammar, marks: Marks | None = None) -> form.Form:
    """Read a grammar expression.

    Parameters
    ----------
    grammar : Grammar
        The expression.
    marks : callable, optional
        The bytes before and after what a capture of this name matches; none unless given.

    Raises
    ------
    ValueError
        If a rule is not defined.
    TypeError
        If an expression is of an unknown kind.
    CompileBudgetExceeded
        If there are too many expressions.
    """
    reader = _Reader(marks)
    while isinstance(grammar, public.Derived):
        grammar = grammar.grammar
    start = reader.production(
        grammar if isinstance(grammar, public.Rule) else public.Rule("start", grammar)
    )
    while reader.todo:
        rule = reader.todo.pop()
        reader.productions[rule].body = reader.read(rule.body)
    return form.Form(start)


class _Reader:
    def __init__(self, marks: Marks | None) -> None:
        self._marks = marks
        self.productions: dict[public.Rule, form.Production] = {}
        self.todo: list[public.Rule] = []
        self._nodes: dict[public.Grammar, form.Node] = {}

    def production(self, rule: public.Rule) -> form.Production:
        if rule not in self.productions:
            self.productions[rule] = form.Production(rule.name)
            self.todo.append(rule)
        return self.productions[rule]

    def read(self, root: public.Grammar) -> form.Node:
        nodes = self._nodes
        todo = [root]
        while todo:
            here = todo[-1]
            if here in nodes:
                todo.pop()
                continue
            parts = _parts(here)
            missing = [part for part in parts if part not in nodes]
            if missing:
                todo.extend(reversed(missing))  # captures are numbered as they stand
                continue
            todo.pop()
            nodes[here] = self._node(here, [nodes[part] for part in parts])
            if len(nodes) > form.MAX_NODES:
                raise CompileBudgetExceeded(f"a grammar of {form.MAX_NODES} parts")
        return nodes[root]

    def _node(self, here: public.Grammar, parts: list[form.Node]) -> form.Node:
        match here:
            case public.Text():
                return form.Terminal(literal(here.value)) if here.value else form.EMPTY_TEXT
            case Regex():
                return form.Terminal(here.program())
            case public.Characters():
                return form.Terminal(char_class(here.ranges))
            case public.Program():
                return form.Terminal(here.code)
            case Choice():
                return form.Terminal(union(*map(literal, here.texts)))
            case Substring():
                return form.Terminal(here.program())
            case Token():
                return form.Tokens(here)
            case public.Derived():
                return parts[0]
            case JSONSchema():
                return form.Value(here)
            case public.Sequence():
                return form.concatenation(parts)
            case public.Union():
                return form.alternation(parts)
            case public.Repetition():
                return form.repetition(parts[0], here.min, here.max)
            case public.Intersection():
                return form.Intersection(*parts)
            case public.Complement():
                return form.Complement(*parts)
            case public.Capture() if self._marks:
                before, after = self._marks(here.name)
                marked = (form.Terminal(literal(before)), parts[0], form.Terminal(literal(after)))
                return form.concatenation(marked)
            case public.Capture():
                return form.Captured(here.name, parts[0])
            case public.Rule():
                return form.Call(self.production(here))
            case _:
                raise TypeError(f"a grammar cannot be a {type(here).__name__}")


def _parts(grammar: public.Grammar) -> tuple[public.Grammar, ...]:
    """What an expression is made of; of a chain of one operator all links at once."""
    match grammar:
        case public.Sequence() | public.Union():
            return _chain(grammar)
        case public.Intersection():
            return (grammar.left, grammar.right)
        case public.Repetition() | public.Complement() | public.Capture():
            return (grammar.item,)
        case public.Derived():
            return (grammar.grammar,)
        case _:
            return ()


def _chain(grammar: public.Sequence | public.Union) -> tuple[public.Grammar, ...]:
    kind = type(grammar)
    links: list[public.Grammar] = []
    seen: set[public.Grammar] = set()
    todo: list[public.Grammar] = [grammar]
    while todo:
        link = todo.pop()
        if kind is public.Union:  # where an alternative stands twice, once is enough
            if link in seen:
                continue
            seen.add(link)
        if isinstance(link, public.Sequence | public.Union) and type(link) is kind:
            todo += (link.right, link.left)
        else:
            links.append(link)
        if len(links) + len(todo) > form.MAX_NODES:
            raise CompileBudgetExceeded(f"a grammar of {form.MAX_NODES} parts")
    return tuple(links)
