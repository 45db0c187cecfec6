"""What is refused leaves no trace."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["refusal_changes_nothing"]


def refusal_changes_nothing(at: Position) -> None:
    """A refused token, refused bytes or an id that does not exist changes nothing.

    Refused bytes include those that begin well: a token's bytes and then one that cannot follow.
    The history is as it was, too: ``rollback(1)`` takes back the last token that was taken.
    """
    matcher = at.matcher()
    allowed = set(at.allowed)
    refused = [token for token in range(at.pieces.size) if token not in allowed]
    for token in at.some(refused, 16):
        matcher.accept_token(token)
        at.same(at.here, matcher, "after it was refused", token)
    for token in (-1, at.pieces.size):
        try:
            matcher.accept_token(token)
        except IndexError:
            at.same(at.here, matcher, "after an id that does not exist", token)
        else:
            at.broken("an id that does not exist is no IndexError", token)
    starts = [at.pieces.of(token) for token in at.some(sorted(allowed - at.pieces.ends), 4)]
    for start in [b"", *starts]:
        for byte in at.random.sample(range(256), 16):
            data = start + bytes([byte])
            if not matcher.fork().accept_bytes(data):
                matcher.accept_bytes(data)
                at.same(at.here, matcher, f"after the bytes {data!r} were refused")
    if at.tokens:
        matcher.rollback(1)
        before = at.compiled.matcher()
        for token in at.tokens[:-1]:
            before.accept_token(token)
        at.same(at.view(before), matcher, "after refusals and rollback(1)")
