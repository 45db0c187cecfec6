"""``GBNF``: a grammar in the notation of llama.cpp."""

from __future__ import annotations

from functools import cached_property

from grammarlib.arguments import instance
from grammarlib.grammar import Derived, Grammar

__all__ = ["GBNF"]


class GBNF(Derived):
    r"""The texts of a grammar in llama.cpp's notation.

    Scannerless: every reading of a text counts. Left recursion is taken, which llama.cpp refuses,
    and bounds of repetitions are kept, which it drops above 2,000.

    Parameters
    ----------
    text : str
        The grammar; whole texts are of its rule ``root``.

    Attributes
    ----------
    unused : tuple of str
        Rules that ``root`` does not come to.

    Raises
    ------
    GrammarSyntaxError
        If the text is malformed, or a rule is missing or defined twice.
    CompileBudgetExceeded
        If groups nest too deeply.

    Examples
    --------
    >>> import grammarlib as gl
    >>> moves = gl.GBNF('''
    ... root ::= move (" " move)*
    ... move ::= [a-h] [1-8]
    ... ''')
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> gl.compile(moves, vocab).matcher().accept_bytes(b"e4 e5")
    True
    """

    def __init__(self, text: str) -> None:
        from grammarlib.compiler.gbnf import read

        instance("text", text, str, "a str")
        self.text = text
        self._rules = read(text)

    @property
    def grammar(self) -> Grammar:
        return self._rules["root"]

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """Rules that ``root`` does not come to, in the order of the text."""
        from grammarlib.compiler.cfg.expand import expand

        used = {production.name for production in expand(self).productions()}
        return tuple(name for name in self._rules if name not in used)

    def __repr__(self) -> str:
        return f"<GBNF of {len(self._rules)} rules>"
