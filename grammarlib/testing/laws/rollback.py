"""Going back restores what was."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["rollback_is_identity"]


def rollback_is_identity(at: Position) -> None:
    """After any ``n`` accepted steps, ``rollback(n)`` shows what was shown before them.

    Steps are tokens, end tokens too, and runs of bytes. ``rollback`` of more steps than there are
    raises ``ValueError`` and changes nothing; ``reset()`` leads to what a new matcher shows.
    """
    matcher = at.matcher()
    seen = [at.here]
    for _ in range(at.random.randint(1, 4)):
        ids = seen[-1].ids()
        if not ids:
            break
        token = at.random.choice(ids)
        data = at.pieces.known(token)
        if data and not at.options.whole_tokens and at.random.random() < 0.3:
            matcher.accept_bytes(data)
        else:
            matcher.accept_token(token)
        seen.append(at.view(matcher))
    while len(seen) > 1:
        steps = at.random.randint(0, len(seen) - 1)
        matcher.rollback(steps)
        del seen[len(seen) - steps :]
        at.same(seen[-1], matcher, f"after rollback({steps})")
    too_many = len(at.tokens) + 1
    try:
        matcher.rollback(too_many)
    except ValueError:
        at.same(at.here, matcher, f"after rollback({too_many}), which is refused")
    else:
        at.broken(f"rollback({too_many}) of {len(at.tokens)} steps is no ValueError")
    start = at.compiled.matcher()
    first = at.view(start)
    matcher.reset()
    at.same(first, matcher, "after reset(), compared with a new matcher")
    for token in at.tokens:
        if not matcher.accept_token(token):
            at.broken("refused after reset(), though taken before", token)
    at.same(at.here, matcher, "after reset() and the same tokens")
    for steps in range(len(at.tokens) + 1):
        if steps:
            matcher.rollback(1)
    at.same(first, matcher, "after rollback(1) for every token")
