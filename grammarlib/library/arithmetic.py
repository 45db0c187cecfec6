"""Arithmetic terms over decimal numbers."""

from __future__ import annotations

from collections.abc import Iterable

from grammarlib.choice import Choice
from grammarlib.grammar import Grammar, rule
from grammarlib.library.words import names, separated
from grammarlib.regex import Regex

__all__ = ["arithmetic"]

NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"


def arithmetic(variables: Iterable[str] = ()) -> Grammar:
    """Terms of ``+``, ``-``, ``*``, ``/``, parentheses, numbers and variables.

    Numbers are decimal, without needless zeros in front. A factor may have one minus before it.
    Around an operator of two operands there may be one blank on each side, nowhere else.

    Parameters
    ----------
    variables : iterable of str
        Names that may stand for numbers: ASCII identifiers.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.arithmetic(["x"]), vocab)
    >>> compiled.matcher().accept_bytes(b"-(1.5 + x)*2/3")
    True
    >>> compiled.matcher().accept_bytes(b"1 + y")
    False
    """
    known = names("variables", variables, "[A-Za-z_][A-Za-z0-9_]*", empty=True)
    term = rule("term")
    leaf: Grammar = Regex(NUMBER)
    if known:
        leaf = leaf | Choice(known)
    factor = Regex("-?") + (leaf | ("(" + term + ")"))
    return term.define(separated(factor, Regex(" ?[-+*/] ?")))
