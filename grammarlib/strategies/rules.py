"""Texts of a grammar with rules: derived from its productions, judged by the compiled engine.

One draw says which alternative, or how many rounds, at each place of a body; terminals draw their
texts as ``Regex`` does. The first alternative is the one that ends soonest, so a text shrinks to a
short one. When the allowance is spent, every choice is that one, which ends every recursion. A draw
walks its tree with a list of what is left to do, so no nesting is too deep.

Near misses change a text at one place, in ways that the grammar's own characters suggest; a text is
near where the engine refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from grammarlib.compiler.cfg.expand import expand
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
    Value,
    fold_up,
    nodes,
)
from grammarlib.compiler.cfg.regular import make_terminals, whole_program
from grammarlib.compiler.cfg.useless import drop_useless
from grammarlib.compiler.regex.program import ANY_TEXT, complement, intersect
from grammarlib.errors import EmptyLanguage, UnsupportedGrammar
from grammarlib.grammar import Grammar
from grammarlib.strategies.json_schema import JSONSchemaSource, single_bytes
from grammarlib.strategies.regex import TextSource
from grammarlib.strategies.walks import Draw, below

if TYPE_CHECKING:
    from grammarlib.compiler.compile import CompiledGrammar

__all__ = ["RulesSource"]

ALLOWANCE: Final = 60
"""Choices that one text may take before each becomes the shortest one."""
_ROUNDS: Final = 4  # more of a repetition than it must have
_ENDLESS: Final = 1 << 60


class RulesSource:
    """Texts of one grammar expression.

    Parameters
    ----------
    grammar : Grammar
        The expression.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._form: Form = drop_useless(make_terminals(expand(grammar)))
        self._program = whole_program(self._form.start)
        self._leaves: dict[Node, TextSource | JSONSchemaSource | None] = {}
        self._heights = self._measured()
        if self._heights[Call(self._form.start)] >= _ENDLESS:
            raise EmptyLanguage(f"rule {self._form.start.name}")

    def text(self, draw: Draw) -> str:
        """Draw a text of the language."""
        out: list[str] = []
        todo: list[Node] = [self._form.start.body]
        left = ALLOWANCE
        while todo:
            node = todo.pop()
            match node:
                case Call():
                    todo.append(node.production.body)
                case Captured():
                    todo.append(node.item)
                case Concatenation():
                    todo += reversed(node.items)
                case Alternation():
                    ways = self._ways(node)
                    left -= 1
                    todo.append(ways[draw(below(len(ways))) if len(ways) > 1 and left > 0 else 0])
                case Repetition():
                    rounds = node.lo
                    if left > 0 and self._height(node.item) < _ENDLESS:
                        more = _ROUNDS if node.hi is None else min(_ROUNDS, node.hi - node.lo)
                        rounds += draw(below(more + 1)) if more else 0
                    left -= 1 + rounds
                    todo += [node.item] * rounds
                case _:
                    left -= 1
                    out.append(self._leaf(node).text(draw))
        return "".join(out)

    def edited(self, draw: Draw) -> Iterator[str]:
        """Draw texts near to the language, in or out; the last is out.

        Raises
        ------
        EmptyLanguage
            If none of the changes leads out of the language.
        """
        text = self.text(draw)
        others = self._characters
        at = draw(below(min(len(text), 255) + 1))
        other = others[draw(below(min(len(others), 256)))]
        yield text[:at] + other + text[at:]
        yield text[:at] + text[at + 1 :]
        yield text[:at] + other + text[at + 1 :]
        yield text[:at] + text[at : at + 1] * 2 + text[at + 1 :]
        yield text[:at]
        yield text[at:]
        second = self.text(draw)
        yield text[:at] + second[at:]
        yield text + second
        if self._program is not None:
            yield TextSource(intersect(ANY_TEXT, complement(self._program))).text(draw)
            return
        for other in others:
            for start in (text[:at], text):
                yield start + other
                yield other + text[len(start) :]
        raise EmptyLanguage("near misses: every change of a text is a text again")

    def contains(self, text: str) -> bool:
        """Return whether a text is in the language, by the engine."""
        matcher = self._compiled.matcher()
        return matcher.accept_bytes(text.encode()) and matcher.is_accepting()

    @cached_property
    def _compiled(self) -> CompiledGrammar:
        from grammarlib.compiler.compile import compile

        return compile(self._grammar, single_bytes())

    @cached_property
    def _characters(self) -> list[str]:
        """Characters that terminals name, and some that most do not."""
        from grammarlib.testing.hints import words

        found: dict[str, None] = {}
        for production in self._form.productions():
            for node in nodes(production.body):
                if isinstance(node, Terminal):
                    for word in words(node.program):
                        found.update(dict.fromkeys(word.decode(errors="ignore")))
        found.update(dict.fromkeys("a0 \n\"'\x00\x7fé\U0010ffff"))
        return list(found)

    def _ways(self, node: Alternation) -> list[Node]:
        """The alternatives that end, those that end soonest first."""
        ways = [item for item in node.items if self._height(item) < _ENDLESS]
        return sorted(ways, key=self._height)

    def _height(self, node: Node) -> int:
        return self._heights[node]

    def _leaf(self, node: Node) -> TextSource | JSONSchemaSource:
        if node not in self._leaves:
            self._leaves[node] = _source(node)
        found = self._leaves[node]
        if found is None:
            raise EmptyLanguage(f"a terminal of rule {self._form.start.name}")
        return found

    def _measured(self) -> dict[Node, int]:
        """How deep the shallowest derivation of each node is, where it has one."""
        productions = self._form.productions()
        heights: dict[Production, int] = dict.fromkeys(productions, _ENDLESS)

        def height(node: Node, parts: list[int]) -> int:
            match node:
                case Call():
                    return min(heights[node.production] + 1, _ENDLESS)
                case Alternation():
                    return min(parts, default=_ENDLESS)
                case Repetition() if node.lo == 0:
                    return 0
                case Terminal() | Value():
                    try:
                        self._leaves[node] = _source(node)
                    except EmptyLanguage:
                        self._leaves[node] = None
                    return _ENDLESS if self._leaves[node] is None else 0
                case _ if node.parts:
                    return max(parts)
                case _:
                    return int(_source(node) is None)

        leaves: dict[Node, int] = {}
        for production in productions:
            for node in nodes(production.body):
                if isinstance(node, Terminal | Value):
                    leaves[node] = height(node, [])
        changed = True
        memo: dict[Node, int] = {}
        while changed:
            changed = False
            memo = dict(leaves)
            for production in productions:
                found = fold_up(production.body, height, memo)
                if found < heights[production]:
                    heights[production] = found
                    changed = True
        return _Heights(memo, heights)


class _Heights(dict[Node, int]):
    """Heights of nodes; a call that is made anew has that of its production."""

    def __init__(self, memo: dict[Node, int], productions: dict[Production, int]) -> None:
        super().__init__(memo)
        self._productions = productions

    def __missing__(self, node: Node) -> int:
        assert isinstance(node, Call)
        return min(self._productions[node.production] + 1, _ENDLESS)


def _source(node: Node) -> TextSource | JSONSchemaSource:
    if isinstance(node, Terminal):
        return TextSource(node.program)
    if isinstance(node, Value):
        return JSONSchemaSource(node.schema)
    raise UnsupportedGrammar("whole tokens have no texts of their own to be drawn", "a token")
