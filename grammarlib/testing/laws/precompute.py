"""What is made ahead, or dropped, changes no mask."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["precompute_changes_nothing"]


def precompute_changes_nothing(at: Position) -> None:
    """Compiled again with every ``precompute`` mode, every mask on the way here is the same.

    So it is on the way back, and when all caches are dropped at any point of the way.
    """
    for mode in at.options.precompute:
        drop = at.random.randint(-len(at.tokens) - 1, len(at.tokens))  # below 0: never
        again = at.options.recompile(mode, drop >= 0)
        ours, theirs = at.compiled.matcher(), again.matcher()
        for i in range(len(at.tokens) + 1):
            if i == drop:
                _clear(again)
                _clear(again.vocab)
            dropped = f", caches dropped after {drop} tokens" if 0 <= drop <= i else ""
            how = f"with precompute={mode!r}, after {i} tokens{dropped}"
            at.same(at.view(ours), theirs, how)
            if i < len(at.tokens):
                token = at.tokens[i]
                at.expect(ours.accept_token(token), "refused the second time", token)
                at.expect(theirs.accept_token(token), f"refused {how}", token)
        for _ in at.tokens:
            ours.rollback(1)
            theirs.rollback(1)
            at.same(at.view(ours), theirs, f"{how} and some back")


def _clear(holder: object) -> None:
    """Drop the caches that the core of a grammar or a vocabulary holds, if there is one."""
    clear = getattr(getattr(holder, "core", None), "clear_cache", None)
    if clear is not None:
        clear()
