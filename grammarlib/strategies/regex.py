"""Texts of a ``Regex``: derived character by character, judged by the compiled engine.

A language of texts is that of the JSON strings which spell them, so the core's productions of JSON
values serve here too. Texts out of the language are derived from its complement.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from grammarlib import _core
from grammarlib.compiler.regex.program import ANY_TEXT, EPSILON, complement, intersect
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.regex import Regex
from grammarlib.strategies.derivation import derive
from grammarlib.strategies.json_schema import LARGEST, single_bytes
from grammarlib.strategies.json_text import Row
from grammarlib.strategies.productions import Productions
from grammarlib.strategies.walks import Draw

if TYPE_CHECKING:
    from grammarlib.compiler.compile import CompiledGrammar

__all__ = ["RegexSource", "TextSource"]


class TextSource:
    """Texts of one regular language.

    Parameters
    ----------
    program : bytes
        The language, as a regex program.

    Raises
    ------
    EmptyLanguage
        If there is no text.
    CompileBudgetExceeded
        If the smallest text is too long.
    """

    def __init__(self, program: bytes) -> None:
        self._productions = _productions(program)

    def text(self, draw: Draw) -> str:
        """Draw a text of the language."""
        derivation = derive(draw, self._productions)
        text = json.loads(derivation.blanks.between(Row(derivation.tree).tokens))
        return str(text)


class RegexSource:
    """Texts of one regular expression.

    Parameters
    ----------
    grammar : Regex
        The expression and its options.
    """

    def __init__(self, grammar: Regex) -> None:
        self._grammar = grammar
        self._inside = TextSource(grammar.program())

    def text(self, draw: Draw) -> str:
        """Draw a text of the language."""
        return self._inside.text(draw)

    def edited(self, draw: Draw) -> Iterator[str]:
        """Draw texts near to the language, in or out; the last is out."""
        text = self.text(draw)
        other = self.text(draw)
        at = min(len(text), len(other)) // 2
        yield text[:at] + other[at:]
        for cut in (at, len(text) - 1, 0):
            yield text[:cut] + text[cut + 1 :]
            yield text[:cut] + text[cut : cut + 1] * 2 + text[cut + 1 :]
        yield self._outside.text(draw)

    def contains(self, text: str) -> bool:
        """Return whether a text is in the language, by the engine."""
        matcher = self._compiled.matcher()
        return matcher.accept_bytes(text.encode()) and matcher.is_accepting()

    @cached_property
    def _outside(self) -> TextSource:
        return TextSource(intersect(ANY_TEXT, complement(self._grammar.program())))

    @cached_property
    def _compiled(self) -> CompiledGrammar:
        from grammarlib.compiler.compile import compile

        return compile(self._grammar, single_bytes())


def _productions(program: bytes) -> Productions:
    builder = _core.SchemaBuilder(EPSILON, "any")
    strings = builder.strings(builder.regex(program))
    made = Productions(builder.productions(strings))
    size = made.size(made.root)
    if size is None or size > LARGEST:
        raise CompileBudgetExceeded(f"a smallest text of {LARGEST} bytes")
    return made
