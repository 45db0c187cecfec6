"""After an end token nothing comes, until it is taken back."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["termination_is_final"]


def termination_is_final(at: Position) -> None:
    """``is_terminated()`` is true after an end token and only then.

    Then no bit is set, no token and no bytes are taken, nothing is forced; ``rollback(1)`` leads
    back to before.
    """
    matcher = at.matcher()
    at.expect(not matcher.is_terminated(), "is_terminated() without an end token")
    for token in sorted(at.pieces.ends & set(at.allowed)):
        ended = matcher.fork()
        ended.accept_token(token)
        at.expect(ended.is_terminated(), "is_terminated() is False after it", token)
        at.expect(not at.mask(ended).any(), "the mask is not empty after it", token)
        for next_token in (*sorted(at.pieces.ends), *at.some(range(at.pieces.size), 16)):
            taken = ended.accept_token(next_token)
            at.expect(not taken, f"token {next_token} is taken after it", token)
        at.expect(not ended.accept_bytes(b" "), "bytes are taken after it", token)
        jump, jumps = ended.find_jump_forward_bytes(), ended.find_jump_forward_tokens()
        at.expect(not jump and not jumps, "something is forced after it", token)
        ended.rollback(1)
        at.same(at.here, ended, "after it and rollback(1)", token)
