"""An end token is allowed exactly where the text is in the language."""

from __future__ import annotations

from grammarlib.testing.position import Position

__all__ = ["end_token_iff_in_the_language"]


def end_token_iff_in_the_language(at: Position) -> None:
    """Each end token's bit is set iff ``is_accepting()``, and iff ``accept_token`` takes it.

    If the caller gave ``contains``, all of it iff the text so far is in that language.
    """
    matcher = at.matcher()
    accepting = matcher.is_accepting()
    if at.options.contains is not None:
        inside = at.options.contains(at.text)
        at.expect(
            accepting == inside,
            f"is_accepting() is {accepting}, the oracle says that the text is "
            f"{'in' if inside else 'not in'} the language",
        )
    allowed = set(at.allowed)
    for token in sorted(at.pieces.ends):
        bit = token in allowed
        at.expect(bit == accepting, f"its bit is {int(bit)}, is_accepting() is {accepting}", token)
        taken = matcher.fork().accept_token(token)
        at.expect(
            taken == accepting, f"accept_token says {taken}, is_accepting() is {accepting}", token
        )
