"""What is known to be in the language is accepted."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["members_are_accepted"]


def members_are_accepted(at: Position) -> None:
    """Each known member of the language is accepted to its end, and may end there.

    As bytes, and as tokens that spell it, cut at random, if any do. Members are those that the
    caller gave, or are derived from the grammar.
    """
    for member in at.members:
        matcher = at.compiled.matcher()
        at.expect(matcher.accept_bytes(member), f"accept_bytes refuses the member {member!r}")
        at.expect(matcher.is_accepting(), f"is_accepting() is False after the member {member!r}")
        matcher = at.compiled.matcher()
        for token in at.pieces.cut(member, at.random) or []:
            if not matcher.accept_token(token):
                at.broken(f"refused on the way through the member {member!r}", token)
