"""A fork and its original know nothing of each other."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["forks_are_independent"]


def forks_are_independent(at: Position) -> None:
    """A fork shows what its original shows, and goes its own way: on, back, and to its end.

    Whatever a fork does, its original and its siblings show what they showed; whatever the original
    does, so do its forks.
    """
    original = at.matcher()
    forks = [original.fork() for _ in range(2)]
    for fork in forks:
        at.same(at.here, fork, "a fork, compared with its original")
    moved = forks.pop()
    token = None
    for _ in range(3):
        ids = at.view(moved).ids()
        if not ids:
            break
        token = at.random.choice(ids)
        moved.accept_token(token)
        at.same(at.here, original, "the original, after its fork took a token", token)
        at.same(at.here, forks[0], "a fork, after its sibling took a token", token)
    beyond = at.view(moved)
    if at.tokens:
        forks[0].rollback(1)
        at.same(at.here, original, "the original, after its fork rolled back")
        at.same(beyond, moved, "a fork, after its sibling rolled back")
    original.reset()
    at.same(beyond, moved, "a fork, after its original was reset", token)
    moved.reset()
    at.same(at.view(original), moved, "a fork that was reset, compared with its original")
