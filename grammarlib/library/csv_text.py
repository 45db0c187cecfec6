"""CSV of RFC 4180."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from operator import add

from grammarlib.arguments import instance, shown, whole
from grammarlib.grammar import Grammar, Text, grammar_of
from grammarlib.library.words import names, separated
from grammarlib.regex import Regex

__all__ = ["csv"]

_CONTROLS = "\\x00-\\x1f\\x7f"


def csv(
    columns: int | Iterable[str] | None = None,
    *,
    delimiter: str = ",",
    line_end: str = "\r\n",
    min: int = 0,
    max: int | None = None,
) -> Grammar:
    r"""Comma-separated values of RFC 4180, section 2.

    A field is bare, or quoted with ``"``, and then it may hold delimiters, line breaks and quotes,
    which are doubled. Beyond the RFC, which knows ASCII alone, fields may hold any characters but
    other control characters. Every line ends with the line end; the last one need not.

    Parameters
    ----------
    columns : int or iterable of str, optional
        How many fields each record has. Names of columns: as many fields, and a header with these
        names, bare where they can be and quoted where they must be. By default records may have
        any number of fields, not all the same.
    delimiter : str
        One printable character, not ``"``, or a tab.
    line_end : str
        ``"\r\n"`` as in the RFC, or ``"\n"``.
    min, max : int
        How many records beside the header, at least and at most; ``None``: any number.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.csv(["name", "age"], line_end="\n"), vocab)
    >>> compiled.matcher().accept_bytes(b'name,age\n"Lovelace, Ada",36\n')
    True
    >>> compiled.matcher().accept_bytes(b"name,age\nAda,36,")
    False
    """
    instance("delimiter", delimiter, str, "a str")
    if len(delimiter) != 1 or not (delimiter.isprintable() or delimiter == "\t"):
        raise ValueError(f"delimiter must be one printable character, got {shown(delimiter)}")
    if delimiter == '"':
        raise ValueError("delimiter must not be the quote")
    if line_end not in ("\r\n", "\n"):
        raise ValueError(f"line_end must be '\\r\\n' or '\\n', not {shown(line_end)}")
    least = whole("min", min, 0)
    most = None if max is None else whole("max", max, least)
    bare = Regex(f'[^{_CONTROLS}"{re.escape(delimiter)}]*')
    quoted = Regex(f'"(?:[^{_CONTROLS}"]|[\\t\\r\\n]|"")*"')
    field = bare | quoted
    if columns is None:
        return _lines(separated(field, delimiter), line_end, least, most)
    if isinstance(columns, Iterable):
        header = names("columns", columns, f"[^{_CONTROLS}]+")
        record = separated(field, delimiter, len(header), len(header))
        fields = [_field(name, delimiter) for name in header]
        first = reduce(add, [part for name in fields for part in (delimiter, name)][1:], Text(""))
        records = (line_end + record).repeat(least, most)
        return first + records + grammar_of(line_end).optional()
    count = whole("columns", columns, 1)
    return _lines(separated(field, delimiter, count, count), line_end, least, most)


def _lines(record: Grammar, line_end: str, least: int, most: int | None) -> Grammar:
    if most == 0:
        return grammar_of("")
    lines = separated(record, line_end, least or 1, most) + grammar_of(line_end).optional()
    return lines if least else lines.optional()


def _field(name: str, delimiter: str) -> str:
    if '"' in name or delimiter in name:
        return '"' + name.replace('"', '""') + '"'
    return name
