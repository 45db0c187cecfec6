"""Dates, mail addresses and URLs: the formats of JSON Schema as grammars of plain text."""

from __future__ import annotations

from collections.abc import Iterable

from grammarlib.grammar import Grammar, Program
from grammarlib.library.words import any_of, keyword, names
from grammarlib.regex import Regex

__all__ = ["date", "date_time", "duration", "email", "time", "url"]


def date() -> Grammar:
    """A day of the calendar as ISO 8601 writes it: ``full-date`` of RFC 3339, section 5.6.

    Only days that exist, leap years included; years are 0000 to 9999.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.date(), vocab)
    >>> compiled.matcher().accept_bytes(b"2024-02-29")
    True
    >>> compiled.matcher().accept_bytes(b"2023-02-29")
    False
    """
    return _format("date")


def time() -> Grammar:
    """A time of day with its offset from UTC: ``full-time`` of RFC 3339, section 5.6.

    Second 60 only where UTC reads 23:59:60.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.time(), vocab)
    >>> compiled.matcher().accept_bytes(b"08:30:00.5+02:00")
    True
    >>> compiled.matcher().accept_bytes(b"24:00")
    False
    """
    return _format("time")


def date_time() -> Grammar:
    """A day, ``T``, a time and its offset: ``date-time`` of RFC 3339, section 5.6.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.date_time(), vocab)
    >>> compiled.matcher().accept_bytes(b"2024-02-29T08:30:00Z")
    True
    >>> compiled.matcher().accept_bytes(b"2024-02-29 ")
    False
    """
    return _format("date-time")


def duration() -> Grammar:
    """A span of time as ISO 8601 writes it: ``duration`` of RFC 3339, appendix A.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.duration(), vocab)
    >>> compiled.matcher().accept_bytes(b"P1DT12H")
    True
    >>> compiled.matcher().accept_bytes(b"1D")
    False
    """
    return _format("duration")


def email() -> Grammar:
    """A mail address: ``Mailbox`` of RFC 5321, section 4.1.2, with the limits of its lengths.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.email(), vocab)
    >>> compiled.matcher().accept_bytes(b"ada@example.org")
    True
    >>> compiled.matcher().accept_bytes(b"ada@@")
    False
    """
    return _format("email")


def url(schemes: Iterable[str] = ("http", "https")) -> Grammar:
    """A URI of RFC 3986 with one of some schemes and a host.

    Parameters
    ----------
    schemes : iterable of str
        Schemes without the colon; in a URL their letters may be of either case.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.url(), vocab)
    >>> compiled.matcher().accept_bytes(b"https://example.org/a?b=c#d")
    True
    >>> compiled.matcher().accept_bytes(b"https:///")
    False
    """
    known = names("schemes", schemes, "[A-Za-z][A-Za-z0-9+.-]*")
    host = Regex("://(?:[^/?#@]*@)?[^/?#@:][^/?#@]*(?:[/?#].*)?")
    return _format("uri") & (any_of(keyword(scheme) for scheme in known) + host)


def _format(name: str) -> Grammar:
    from grammarlib.compiler.formats import format_program

    program = format_program(name)
    assert program is not None
    return Program(name, program)
