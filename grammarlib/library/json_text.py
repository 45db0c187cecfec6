"""JSON texts and JSON Lines, by grammar alone: no schema, no bound on white space."""

from __future__ import annotations

from grammarlib.arguments import instance, whole
from grammarlib.grammar import Grammar, grammar_of, rule
from grammarlib.library.words import separated
from grammarlib.regex import Regex

__all__ = ["json", "json_lines"]

STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"'
"""A string of RFC 8259, section 7."""
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
"""A number of RFC 8259, section 6."""


def json(*, whitespace: int | None = None) -> Grammar:
    """Every JSON text of RFC 8259.

    Keys may repeat, and numbers and nesting have no bound, as in the RFC. Where values are to be
    of some form, use ``gl.JSONSchema``.

    Parameters
    ----------
    whitespace : int, optional
        How many blanks, tabs and line breaks may stand between two tokens; any number by default,
        which a model may not stop to make use of.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.json(), vocab)
    >>> compiled.matcher().accept_bytes(b'{"a": [1, 2.5e3]}')
    True
    >>> compiled.matcher().accept_bytes(b"{'a'")
    False
    """
    most = None if whitespace is None else whole("whitespace", whitespace, 0)
    return _value(Regex("[ \\t\\n\\r]").repeat(0, most))


def json_lines(line: Grammar | None = None, *, min: int = 0, max: int | None = None) -> Grammar:
    r"""JSON Lines (jsonlines.org): one JSON text a line.

    Lines end with ``\n`` or ``\r\n``; the last one need not. Within a line white space is blanks
    and tabs, of any number.

    Parameters
    ----------
    line : Grammar, optional
        What each line is; any JSON value by default. It must have no text with a line break, as
        ``gl.JSONSchema(schema, whitespace="compact")`` has none.
    min, max : int
        How many lines, at least and at most; ``None``: any number.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.json_lines(), vocab)
    >>> compiled.matcher().accept_bytes(b'{"a": 1}\n[2]\n')
    True
    >>> compiled.matcher().accept_bytes(b'{"a":\n')
    False
    """
    if line is None:
        line = _value(Regex("[ \\t]").repeat())
    instance("line", line, Grammar, "a grammar")
    least = whole("min", min, 0)
    most = None if max is None else whole("max", max, least)
    end = Regex("\\r?\\n")
    if most == 0:
        return grammar_of("")
    lines = separated(line, end, least or 1, most) + end.optional()
    return lines if least else lines.optional()


def _value(space: Grammar) -> Grammar:
    """A JSON value with white space around it."""
    item = rule("value")
    around = space + item + space
    string = Regex(STRING)
    member = space + string + space + ":" + around
    item.define(
        string
        | Regex(NUMBER)
        | "true"
        | "false"
        | "null"
        | ("[" + (space | separated(around, ",")) + "]")
        | ("{" + (space | separated(member, ",")) + "}")
    )
    return around
