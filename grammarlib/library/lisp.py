"""S-expressions."""

from __future__ import annotations

from collections.abc import Iterable

from grammarlib.choice import Choice
from grammarlib.grammar import Grammar, rule
from grammarlib.library.words import names, separated
from grammarlib.regex import Regex

__all__ = ["lisp"]

SYMBOL = r"[A-Za-z!$%&*/:<=>?^_~][A-Za-z0-9!$%&*/:<=>?^_~+.@-]*|[+-]"
NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
STRING = r'"(?:[^"\\\x00-\x1f\x7f]|\\["\\nt])*"'


def lisp(symbols: Iterable[str] | None = None) -> Grammar:
    r"""One S-expression: an atom, a list, or a quoted one (``'x``).

    Symbols, ``#t`` and ``#f``, numbers and strings are those of Scheme (R7RS, section 7.1) as far
    as they are written here: a symbol is made of ASCII letters, digits and ``!$%&*/:<=>?^_~+-.@``,
    does not begin with a digit, sign, dot or ``@``, or is ``+`` or ``-``; numbers are decimal, with
    a sign or without; escapes in strings are ``\"``, ``\\``, ``\n`` and ``\t``. Items of a list
    are set off by one blank or one line break with any number of blanks after it. Dotted pairs,
    vectors, quasi-quotation and comments are left out.

    Parameters
    ----------
    symbols : iterable of str, optional
        The symbols that may stand; any symbol by default.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.lisp(), vocab)
    >>> compiled.matcher().accept_bytes(b"(define (twice x) (* 2 x))")
    True
    >>> compiled.matcher().accept_bytes(b"(a))")
    False
    """
    symbol: Grammar = Regex(SYMBOL)
    if symbols is not None:
        symbol = Choice(names("symbols", symbols, SYMBOL))
    item = rule("expression")
    gap = Regex(" |\\n *")
    items = separated(item, gap, 0)
    return item.define(
        Regex("'*")
        + (symbol | Regex(NUMBER) | Regex(STRING) | Regex("#[tf]") | ("(" + items + ")"))
    )
