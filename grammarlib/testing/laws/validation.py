"""``validate_tokens`` counts what acceptance would take."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["validation_is_acceptance"]


def validation_is_acceptance(at: Position) -> None:
    """``validate_tokens(ts)`` is the number of ``ts`` that a fork takes before it refuses one.

    Nothing changes by it. Sequences that go wrong early, late and never are tried, with end tokens
    and whatever else is in the vocabulary.
    """
    matcher = at.matcher()
    for _ in range(4):
        fork = matcher.fork()
        tokens: list[int] = []
        taken = 0
        alive = True
        for _ in range(at.random.randint(0, 5)):
            ids = at.view(fork).ids() if at.random.random() < 0.8 else []
            tokens.append(at.random.choice(ids) if ids else at.random.randrange(at.pieces.size))
            alive = alive and fork.accept_token(tokens[-1])
            taken += alive
        told = matcher.validate_tokens(tokens)
        at.expect(told == taken, f"validate_tokens({tokens}) is {told}, {taken} are taken")
        at.same(at.here, matcher, f"after validate_tokens({tokens})")
