"""Errors of the regular-expression front end.

A pattern is either malformed (:class:`grammarlib.errors.GrammarSyntaxError`), too large
(:class:`grammarlib.errors.CompileBudgetExceeded`), or well-formed but outside what can be enforced
exactly: that last case is :class:`grammarlib.errors.UnsupportedPattern`, which names the construct
and its place, so that a caller such as the JSON Schema front end can refuse its keyword by name.
"""

from __future__ import annotations

from grammarlib.errors import GrammarSyntaxError, UnsupportedPattern

__all__ = ["UnsupportedPattern", "syntax_error"]


def syntax_error(message: str, position: int, pattern: str) -> GrammarSyntaxError:
    """Make a syntax error at code point ``position``, with its line and column from 1."""
    line_start = pattern.rfind("\n", 0, position) + 1
    line = pattern.count("\n", 0, position) + 1
    return GrammarSyntaxError(message, line, position - line_start + 1, pattern)
