"""How positions are drawn: some way into a known member, a random walk, some way to an end.

Each of the three may be empty, and every step takes a token of the mask. In the walk, a uniform
choice among a hundred thousand tokens would never close a string, so half of the steps choose among
tokens that begin with punctuation, if any do, and the others choose the first byte before the
token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grammarlib.testing.completion import towards_the_end
from grammarlib.testing.position import Position

if TYPE_CHECKING:
    from hypothesis import strategies as st

__all__ = ["walk"]


def walk(at: Position, data: st.DataObject, max_tokens: int) -> None:
    """Lead a position that stands at the beginning to a random place, its tokens drawn."""
    from hypothesis import strategies as st

    coin = st.booleans()
    tokens: list[int] = []
    matcher = at.compiled.matcher()
    along = data.draw(coin)
    if at.members and along:
        member = at.members[0]
        length = data.draw(st.one_of(st.integers(0, len(member)), st.just(len(member))))
        for token in at.pieces.cut(member[:length], at.random) or []:
            if not matcher.accept_token(token):
                break
            tokens.append(token)
    for _ in range(data.draw(st.integers(0, max_tokens))):
        ids = [token for token in at.view(matcher).ids() if token not in at.pieces.ends]
        marks = [token for token in ids if _is_mark(at.pieces.of(token)[:1])]
        mark = data.draw(coin)
        if marks and mark:
            token = data.draw(st.sampled_from(marks))
        elif ids:
            first = data.draw(st.sampled_from(sorted({at.pieces.of(token)[:1] for token in ids})))
            begun = [token for token in ids if at.pieces.of(token)[:1] == first]
            token = data.draw(st.sampled_from(begun))
        else:
            break
        if not matcher.accept_token(token):
            break  # the law of masks finds it: the position before is as good
        tokens.append(token)
    for _ in range(data.draw(st.integers(0, 4 * max_tokens)) if data.draw(coin) else 0):
        ids = [token for token in at.view(matcher).ids() if token not in at.pieces.ends]
        if not ids or matcher.is_accepting():
            break
        token = towards_the_end(at, ids)
        if not matcher.accept_token(token):
            break
        tokens.append(token)
    at.tokens = tuple(tokens)


def _is_mark(first: bytes) -> bool:
    """Whether a byte is ASCII punctuation."""
    return first.isascii() and not first.isalnum() and first > b" "
