"""Texts of a ``JSONSchema``: derived from the core's productions, judged by the compiled engine.

The two ways share the front end and the core's normal form of values, and nothing after it: what
is derived knows no parser, what judges no productions. The engine runs over a vocabulary of single
bytes; it is compiled when the first text is judged.

Productions are never forgotten one by one, so they are made anew where they outgrow ``MEMORY``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

from grammarlib import _core
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.schema import JSONSchema
from grammarlib.strategies.derivation import Derivation, derive
from grammarlib.strategies.edits import edits
from grammarlib.strategies.json_text import Row
from grammarlib.strategies.productions import Productions
from grammarlib.strategies.walks import Draw

if TYPE_CHECKING:
    from grammarlib.compiler.compile import CompiledGrammar
    from grammarlib.compiler.vocabulary import Vocabulary

__all__ = ["LARGEST", "MEMORY", "JSONSchemaSource", "single_bytes"]

LARGEST = 1_000_000
"""Bytes of the smallest text; a language whose texts are all larger is refused."""
MEMORY = 256 << 20
"""Bytes of productions before they are made anew."""


class JSONSchemaSource:
    """Texts of one JSON Schema.

    Parameters
    ----------
    grammar : JSONSchema
        The schema and its options.
    """

    def __init__(self, grammar: JSONSchema) -> None:
        self._grammar = grammar
        self._productions = self._fresh()

    def text(self, draw: Draw) -> str:
        """Draw a text of the language."""
        derivation = self._derivation(draw)
        return derivation.blanks.between(Row(derivation.tree).tokens)

    def edited(self, draw: Draw) -> Iterator[str]:
        """Draw texts near to the language, in or out; the last is out."""
        return edits(draw, self._derivation(draw))

    def contains(self, text: str) -> bool:
        """Return whether a text is in the language, by the engine."""
        matcher = self._compiled.matcher()
        return matcher.accept_bytes(text.encode()) and matcher.is_accepting()

    def _derivation(self, draw: Draw) -> Derivation:
        if self._productions.memory() > MEMORY:
            self._productions = self._fresh()
        return derive(draw, self._productions)

    def _fresh(self) -> Productions:
        from grammarlib.compiler.json_schema import lower

        grammar = self._grammar
        builder = _core.SchemaBuilder(grammar.whitespace_program(), grammar.property_order)
        root, _ = lower(
            grammar.schema,
            builder,
            format=grammar.format,
            formats=grammar.formats,
            registry=grammar.registry,
            unsupported=grammar.unsupported,
        )
        productions = Productions(builder.productions(root))
        size = productions.size(productions.root)
        if size is None or size > LARGEST:
            raise CompileBudgetExceeded(f"a smallest text of {LARGEST} bytes")
        return productions

    @cached_property
    def _compiled(self) -> CompiledGrammar:
        from grammarlib.compiler.compile import compile

        return compile(self._grammar, single_bytes())


@cache
def single_bytes() -> Vocabulary:
    """Return the vocabulary by which texts are judged: each byte is a token."""
    from grammarlib.compiler.vocabulary import Vocabulary

    return Vocabulary.of_bytes()
