"""It does not matter how a text is cut into tokens."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["every_retokenisation_is_accepted"]


def every_retokenisation_is_accepted(at: Position) -> None:
    """Whatever tokens spell the text so far, each is accepted, and they lead to the same place.

    So do its bytes, all at once and one by one. Where rules want whole tokens, none of this holds.
    """
    if at.options.whole_tokens:
        return
    for _ in range(4):
        tokens = at.pieces.cut(at.text, at.random)
        if tokens is None:
            at.broken("the tokens that led here do not spell the text")
        matcher = at.compiled.matcher()
        for i, token in enumerate(tokens):
            if not matcher.accept_token(token):
                at.broken(f"refused as number {i} of {tokens}, which spell the same text", token)
        at.same(at.here, matcher, f"after {tokens}, which spell the same text")
    whole, single = at.compiled.matcher(), at.compiled.matcher()
    at.expect(whole.accept_bytes(at.text), "accept_bytes refuses the text")
    at.same(at.here, whole, "after the bytes of the text")
    for i in range(len(at.text)):
        taken = single.accept_bytes(at.text[i : i + 1])
        at.expect(taken, f"accept_bytes refuses byte {i} of the text, alone")
    at.same(at.here, single, "after the bytes of the text, one by one")
