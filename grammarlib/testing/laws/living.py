"""Whatever is allowed can be finished."""

from __future__ import annotations

from grammarlib.testing.completion import complete
from grammarlib.testing.position import Position

__all__ = ["no_dead_ends"]

_LOOKED_AT = 64


def no_dead_ends(at: Position) -> None:
    """Some token is allowed here and after every token allowed here, and some way on ends the text.

    The way is looked for by tokens of the masks alone, ``completion_attempts`` times over at most
    ``completion_tokens`` tokens, towards punctuation and what the caller's ``members`` hold. One
    that is found proves that this position can be finished; none found is reported as a dead end,
    although the text may only need more tokens than that.
    """
    at.expect(bool(at.allowed), "no token is allowed")
    matcher = at.matcher()
    for token in at.some([i for i in at.allowed if i not in at.pieces.ends], _LOOKED_AT):
        fork = matcher.fork()
        if fork.accept_token(token):
            at.expect(bool(at.mask(fork).any()), "no token is allowed after it", token)
    if complete(at) is None:
        at.broken(
            f"no way to end the text is found in {at.options.completion_attempts} attempts of "
            f"{at.options.completion_tokens} tokens"
        )
