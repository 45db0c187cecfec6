"""A regular expression as a grammar for the core: one rule with one terminal.

The whole expression stays one terminal, so that its profile belongs to it alone and its counts stay
symbolic. The empty text, which no terminal matches, is an end of the rule at its beginning.
"""

from __future__ import annotations

from grammarlib import _core
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.regex import Regex

__all__ = ["compile_regex"]


def compile_regex(grammar: Regex, vocab: Vocabulary, cache_bytes: int) -> _core.Compiled:
    """Compile a regular expression against a vocabulary.

    Raises
    ------
    EmptyLanguage
        If it matches nothing that tokens of the vocabulary spell.
    CompileBudgetExceeded
        If a construction grows too large.
    """
    builder = _core.GrammarBuilder(cache_bytes=cache_bytes)
    start, end = builder.state(), builder.state()
    builder.end(end)
    if builder.read(start, builder.regex(grammar.program()), end):
        builder.end(start)
    return builder.build(start, vocab.core)
