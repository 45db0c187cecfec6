"""``Token``: one token of the vocabulary, whatever text it stands for.

For tokens that have no text (``<|tool|>``, ``</think>`` where it is special), and for texts that
must be one token. Which id a name is, the vocabulary says when the grammar is compiled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from grammarlib.arguments import LARGEST, members, whole
from grammarlib.grammar import Grammar

__all__ = ["Token"]


class Token(Grammar):
    """One token out of some; with ``~``, one token but these.

    Parameters
    ----------
    *tokens : int or str
        Ids, or names: that of a special token, or the text of exactly one token. End tokens are
        refused: the end of a text is the grammar's to say.

    Examples
    --------
    >>> import grammarlib as gl
    >>> think = gl.Token("<think>") + (~gl.Token("</think>")).repeat() + gl.Token("</think>")
    """

    __slots__ = ("negated", "tokens")

    def __init__(self, *tokens: int | str) -> None:
        if not tokens:
            raise ValueError("a Token is one of at least one token")
        self.tokens: Final = tuple(_checked(tokens))
        self.negated = False

    def __invert__(self) -> Grammar:
        """One token, neither one of these nor an end token."""
        other = Token(*self.tokens)
        other.negated = not self.negated
        return other

    def __repr__(self) -> str:
        said = ", ".join(map(repr, self.tokens))
        return f"~Token({said})" if self.negated else f"Token({said})"


def _checked(tokens: Iterable[int | str]) -> Iterable[int | str]:
    for token in members("tokens", tokens, "ids or names"):
        yield token if isinstance(token, str) else whole("token", token, 0, LARGEST)
