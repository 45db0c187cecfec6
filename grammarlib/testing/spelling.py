"""Whether tokens can spell a text to its end, found by trying: for vocabularies with holes."""

from __future__ import annotations

from collections import deque

from grammarlib.testing.pieces import Pieces
from grammarlib.testing.subject import Matcher

__all__ = ["some_end"]

_TRIED = 300


def some_end(matcher: Matcher, pieces: Pieces) -> bytes | None:
    """Return bytes, spelled by tokens, that end the text in the language; None if none is found.

    Where every byte is a token, the empty string: all that can be ended can be spelled. Elsewhere
    the shortest sequences of tokens are tried, so None is no proof that there is no end.
    """
    if pieces.spells_all:
        return b""
    todo = deque([(b"", matcher)])
    for _ in range(_TRIED):
        if not todo:
            break
        text, at = todo.popleft()
        if at.is_accepting():
            return text
        for piece in pieces.ids:
            fork = at.fork()
            if fork.accept_bytes(piece):
                todo.append((text + piece, fork))
    return None
