"""What the laws judge: the public methods of a compiled grammar, a matcher and a vocabulary.

``CompiledGrammar``, ``Matcher`` and ``Vocabulary`` satisfy these protocols; so may a wrapper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ["Compiled", "Matcher", "Vocabulary"]


class Vocabulary(Protocol):
    """What each token adds to a text, and which end it."""

    @property
    def vocab_size(self) -> int:
        """The number of token ids."""

    @property
    def eos_ids(self) -> Sequence[int]:
        """The ids that end a text."""

    def token_bytes(self, token: int, /) -> bytes | None:
        """What a token adds; ``None`` for one that never matches text."""


class Matcher(Protocol):
    """One text under way."""

    def fill_next_token_bitmask(self, mask: Any, row: int = 0) -> None:
        """Write which tokens may come next into a row of an int32 array."""

    def accept_token(self, token: int, /) -> bool:
        """Take a token, or refuse it."""

    def accept_bytes(self, data: bytes, /) -> bool:
        """Take bytes, or refuse them."""

    def validate_tokens(self, tokens: Sequence[int], /) -> int:
        """Return how many tokens could be taken one after the other."""

    def rollback(self, steps: int, /) -> None:
        """Take back accepted tokens or runs of bytes."""

    def fork(self) -> Matcher:
        """Return a matcher of its own at the same point."""

    def reset(self) -> None:
        """Go back before the text."""

    def is_accepting(self) -> bool:
        """Return whether the text so far is in the language."""

    def is_terminated(self) -> bool:
        """Return whether an end token was taken."""

    def find_jump_forward_bytes(self) -> bytes:
        """Return the bytes that every continuation begins with."""

    def find_jump_forward_tokens(self) -> Sequence[int]:
        """Return the tokens that follow for certain."""


class Compiled(Protocol):
    """A grammar compiled against a vocabulary."""

    @property
    def vocab(self) -> Vocabulary:
        """The vocabulary."""

    def matcher(self) -> Matcher:
        """Return a matcher at the beginning of a text."""
