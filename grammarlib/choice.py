"""``Choice``: one text out of many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from grammarlib.arguments import members
from grammarlib.errors import EmptyLanguage
from grammarlib.grammar import Grammar

__all__ = ["Choice"]


class Choice(Grammar):
    """Exactly one of some texts.

    One set in the compiled grammar, however many they are: 100,000 texts are compiled in less than
    a second.

    Parameters
    ----------
    texts : iterable of str
        At least one; a text that is given twice is one.

    Examples
    --------
    >>> import grammarlib as gl
    >>> answer = gl.Choice(["yes", "no", "not sure"])
    """

    __slots__ = ("texts",)

    def __init__(self, texts: Iterable[str]) -> None:
        if isinstance(texts, str):
            raise TypeError("texts must be several str, not one")
        found: dict[str, None] = {}
        for text in members("texts", texts, "an iterable of str"):
            if not isinstance(text, str):
                raise TypeError(f"texts must be str, not {type(text).__name__}")
            text.encode()  # a lone surrogate has no bytes: UnicodeEncodeError says where
            found[text] = None
        if not found:
            raise EmptyLanguage("a Choice of no texts")
        self.texts: Final = tuple(found)

    def __repr__(self) -> str:
        return f"<Choice of {len(self.texts)} texts>"
