"""Errors of the regular-expression front end.

A pattern is either malformed (:class:`grammarlib.errors.GrammarSyntaxError`), too large
(:class:`grammarlib.errors.CompileBudgetExceeded`), or well-formed but outside what can be enforced
exactly: that last case is :class:`UnsupportedPattern`, which names the construct and its place, so
that a caller such as the JSON Schema front end can refuse its keyword by name.
"""

from __future__ import annotations

from grammarlib.errors import GrammarlibError, GrammarSyntaxError

__all__ = ["UnsupportedPattern", "syntax_error"]


class UnsupportedPattern(GrammarlibError):
    """A well-formed pattern uses a construct that is not enforced exactly, so it is refused.

    Parameters
    ----------
    reason : str
        The construct, and why it is refused.
    position : int
        Index of the construct in the pattern, counted in code points from 0.
    pattern : str
        The whole pattern.
    """

    def __init__(self, reason: str, position: int, pattern: str) -> None:
        self.reason = reason
        self.position = position
        self.pattern = pattern
        start = max(0, position - 30)
        super().__init__(
            f"unsupported pattern: {reason} at position {position}: {pattern[start : start + 60]!r}"
        )


def syntax_error(message: str, position: int, pattern: str) -> GrammarSyntaxError:
    """Make a syntax error at code point ``position``, with its line and column from 1."""
    line_start = pattern.rfind("\n", 0, position) + 1
    line = pattern.count("\n", 0, position) + 1
    return GrammarSyntaxError(message, line, position - line_start + 1, pattern)
