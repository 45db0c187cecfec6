"""Jump-forward says what is forced, all of it and no more."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["jump_forward_is_forced"]

_MOST = 64
_CUT = 4_096  # forced text is cut off there in one call


def jump_forward_is_forced(at: Position) -> None:
    """Each byte of ``find_jump_forward_bytes()`` is the only one that can come, and no end can.

    After them there is a choice, or the text may end. Each token of ``find_jump_forward_tokens()``
    is alone in its mask, and after them a mask has another number of tokens than one. Nothing
    changes by asking. Of a long jump, the first bytes are tried, and the last. Where rules want
    whole tokens, one of them may follow instead of the only byte.
    """
    matcher = at.matcher()
    jump = matcher.find_jump_forward_bytes()
    fork = matcher.fork()
    at.expect(fork.accept_bytes(jump), f"the forced bytes {jump!r} are refused")
    for place in range(len(jump) + 1):
        if _MOST < place < len(jump):
            continue
        before = matcher.fork()
        before.accept_bytes(jump[:place])
        so_far = f"after {jump[:place]!r} of the forced {jump!r}"
        ways = [byte for byte in range(256) if before.fork().accept_bytes(bytes([byte]))]
        if place < len(jump):
            at.expect(not before.is_accepting(), f"{so_far} the text may end")
            at.expect(ways == [jump[place]], f"{so_far} the bytes {bytes(ways)!r} are possible")
        elif not (before.is_accepting() or at.options.whole_tokens) and len(jump) < _CUT:
            at.expect(len(ways) != 1, f"{so_far} {bytes(ways)!r} is forced as well")
    at.same(at.here, matcher, "after find_jump_forward_bytes()")
    forced = matcher.find_jump_forward_tokens()
    fork = matcher.fork()
    for token in forced:
        ids = at.view(fork).ids()
        at.expect(ids == [token], f"called forced, among {len(ids)} allowed tokens", token)
        fork.accept_token(token)
    if len(forced) < _CUT:
        ids = at.view(fork).ids()
        at.expect(len(ids) != 1, f"{ids} is forced as well after {list(forced)}")
    at.same(at.here, matcher, "after find_jump_forward_tokens()")
