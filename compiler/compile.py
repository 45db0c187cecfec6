"""``compile``: a grammar and a vocabulary become a ``CompiledGrammar``.

Compiling says what the grammar means and stops there: states, tables and masks are made when they
are first asked for, and kept. So it costs a few µs a subschema, and the first visit of a position
costs more than the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from grammarlib import _core
from grammarlib.compiler.json_schema import Unenforced, lower
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.schema import JSONSchema

__all__ = ["CompiledGrammar", "compile"]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledGrammar:
    """A grammar compiled against a vocabulary; shared by any number of matchers and threads.

    Attributes
    ----------
    core : grammarlib._core.Compiled
        The tables.
    vocab : Vocabulary
        What it was compiled against.
    grammar : JSONSchema
        What it was compiled from.
    unenforced : tuple of (pointer, keyword, reason)
        The keywords that are not enforced; empty unless ``unsupported="record"`` was asked for.
    """

    core: _core.Compiled
    vocab: Vocabulary
    grammar: JSONSchema
    unenforced: tuple[Unenforced, ...]

    def matcher(self) -> _core.Matcher:
        """Return a matcher at the beginning of a text."""
        return self.core.matcher()


def compile(
    grammar: JSONSchema | dict[str, Any] | bool,
    vocab: Vocabulary,
    precompute: Literal["lazy"] = "lazy",
) -> CompiledGrammar:
    """Compile a grammar against a vocabulary.

    Parameters
    ----------
    grammar : JSONSchema, dict or bool
        A dict or a bool is the ``JSONSchema`` of it, with default options.
    vocab : Vocabulary
        The tokens.
    precompute : {"lazy"}
        What to make ahead: nothing.

    Returns
    -------
    CompiledGrammar

    Raises
    ------
    UnsupportedSchema
        If the schema asserts something that cannot be enforced, unless it is to be recorded.
    InvalidSchema
        If the schema is malformed.
    EmptyLanguage
        If nothing satisfies the schema in tokens of the vocabulary.
    CompileBudgetExceeded
        If a construction grows too large.
    """
    if precompute != "lazy":
        raise ValueError(f"precompute must be 'lazy', which alone is available, not {precompute!r}")
    if isinstance(grammar, dict | bool):
        grammar = JSONSchema(grammar)
    elif not isinstance(grammar, JSONSchema):
        raise TypeError(f"a grammar is a JSONSchema or a dict, not {type(grammar).__name__}")
    builder = _core.SchemaBuilder(grammar.whitespace_program(), grammar.property_order)
    root, unenforced = lower(
        grammar.schema,
        builder,
        format=grammar.format,
        registry=grammar.registry,
        unsupported=grammar.unsupported,
    )
    return CompiledGrammar(builder.build(root, vocab.core), vocab, grammar, unenforced)
