"""A user's own formats beside those of the specification.

An own format is an ECMA-262 pattern of the whole text, or a `Regex`, and takes the place of a
format of the specification that has its name. Patterns are checked when they are given, not when a
schema first uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grammarlib.compiler.formats.table import format_program
from grammarlib.compiler.regex.ecma import fullmatch_program
from grammarlib.compiler.regex.errors import UnsupportedPattern
from grammarlib.errors import GrammarSyntaxError
from grammarlib.regex import Regex

__all__ = ["FormatPrograms", "format_programs"]

FormatPrograms = Callable[[str, str], bytes | None]
"""From the name of a format and of a draft to its program; None if it asserts nothing."""


def format_programs(own: Mapping[str, str | Regex]) -> FormatPrograms:
    """Look-up of formats, a user's own before those of the specification.

    Parameters
    ----------
    own : mapping of str to str or Regex
        Patterns by the names of formats.

    Returns
    -------
    FormatPrograms

    Raises
    ------
    GrammarSyntaxError, UnsupportedPattern, CompileBudgetExceeded
        If a pattern is malformed, or cannot be enforced; the format is named.
    """
    if not own:
        return format_program
    programs = {name: _program(name, pattern) for name, pattern in own.items()}

    def program(name: str, draft: str) -> bytes | None:
        found = programs.get(name)
        return format_program(name, draft) if found is None else found

    return program


def _program(name: str, pattern: str | Regex) -> bytes:
    if isinstance(pattern, Regex):
        return pattern.program()
    try:
        return fullmatch_program(pattern)
    except GrammarSyntaxError as error:
        message = f"format {name!r} is no ECMA-262 pattern: {error.message}"
        raise GrammarSyntaxError(message, error.line, error.column, error.text) from error
    except UnsupportedPattern as error:
        reason = f"{error.reason} in format {name!r}"
        raise UnsupportedPattern(reason, error.position, error.pattern) from error
