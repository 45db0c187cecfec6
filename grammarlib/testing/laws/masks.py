"""A mask's bit, ``accept_token`` and the token's bytes agree."""

from __future__ import annotations

from grammarlib.testing.position import Position
from grammarlib.testing.spelling import some_end

__all__ = ["mask_is_acceptance"]


def mask_is_acceptance(at: Position) -> None:
    """For every id, end, special and padding ids too: its bit is set iff ``accept_token`` takes it.

    A token with bytes is taken iff ``accept_bytes`` takes its bytes; where the vocabulary does not
    spell every byte, a token may be refused though its bytes are taken, but only if no sequence of
    tokens that is found completes the text after it. Ids that have no bytes and end nothing are
    never taken. Where rules want whole tokens, none of this holds but the first sentence. Every id
    is tried, each on a fork of its own.
    """
    matcher = at.matcher()
    allowed = set(at.allowed)
    for token in range(at.pieces.size):
        bit = token in allowed
        taken = matcher.fork().accept_token(token)
        at.expect(bit == taken, f"its bit is {int(bit)}, accept_token says {taken}", token)
        data = at.pieces.known(token)
        if token in at.pieces.ends or at.options.whole_tokens:
            continue  # the law of ends
        if data is None:
            at.expect(not bit, "a token that never matches text is allowed", token)
            continue
        fork = matcher.fork()
        fits = fork.accept_bytes(data)
        if bit != fits:
            at.expect(fits, "its bit is 1, accept_bytes of its bytes says False", token)
            end = some_end(fork, at.pieces)
            at.expect(
                end is None,
                f"its bit is 0, accept_bytes of its bytes says True, and {end!r} ends the text",
                token,
            )
