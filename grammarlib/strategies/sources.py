"""The seam between the public strategies and the kinds of grammars.

A ``Source`` draws texts of one grammar, and texts near to it; a kind of grammar is one function
that makes a source of it, found by class. Nothing outside this module asks what a grammar is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import UnionType
from typing import Any, Protocol, TypeAlias

from grammarlib import grammar
from grammarlib.arguments import instance
from grammarlib.regex import Regex
from grammarlib.schema import JSONSchema
from grammarlib.strategies.walks import Draw
from grammarlib.types import as_grammar

__all__ = ["Grammar", "Source", "source_of"]

Grammar: TypeAlias = (
    grammar.Grammar | dict[str, Any] | bool | type[Any] | UnionType | Callable[..., Any]
)


class Source(Protocol):
    """Texts of one grammar."""

    def text(self, draw: Draw) -> str:
        """Draw a text of the language."""

    def edited(self, draw: Draw) -> Iterator[str]:
        """Draw texts near to the language, in or out, one after the other; the last is out."""

    def contains(self, text: str) -> bool:
        """Return whether a text is in the language, by the engine."""


def source_of(given: Grammar) -> Source:
    """Return the source of a grammar.

    Raises
    ------
    TypeError
        If it is no grammar.
    EmptyLanguage, UnsupportedSchema, InvalidSchema, CompileBudgetExceeded
        As :func:`grammarlib.compile` does.
    """
    from grammarlib.strategies.json_schema import JSONSchemaSource
    from grammarlib.strategies.regex import RegexSource
    from grammarlib.strategies.rules import RulesSource

    made = as_grammar(given)
    what = "a grammar, such as a JSONSchema, a dict or a type"
    instance("grammar", made, grammar.Grammar, what)
    if isinstance(made, JSONSchema):
        return JSONSchemaSource(made)
    if isinstance(made, Regex):
        return RegexSource(made)
    return RulesSource(made)
