"""What generation needs from a grammar, a vocabulary and a model: structural types, no code.

Generation (``decode.py``) is written against these protocols alone, so that it runs unchanged on
the compiled core, on a plain-Python matcher of a finite language in the tests, on transformers
models and on toys given by a function. Nothing here imports torch or the core.

Invariants every implementation keeps: a mask bit is set exactly where ``accept_token`` succeeds; an
end token is accepted exactly when the text so far is in the language; a rejected token changes
nothing. A session's scores for a row depend on that row's tokens only, up to float noise.

Rejected: one abstract base class for models (a user's object would have to inherit); a session
that returns the scores of the last position only (the tokens skipped as forced could then not be
scored without running the model again, and drafts could not be verified).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CompiledProtocol",
    "FloatArray",
    "LanguageModel",
    "MatcherProtocol",
    "Message",
    "Session",
    "VocabularyProtocol",
]

FloatArray = NDArray[np.floating]
Message = Mapping[str, str]
"""A chat message: ``{"role": ..., "content": ...}``."""


class VocabularyProtocol(Protocol):
    """Token ids and the bytes they spell."""

    @property
    def vocab_size(self) -> int:
        """Number of token ids, padding ids included: the width of a mask and of the scores."""

    @property
    def eos_ids(self) -> tuple[int, ...]:
        """Ids that end a sequence."""

    def token_bytes(self, token: int, /) -> bytes | None:
        """Bytes of a token; None for special and unused ids, which never match text."""


class MatcherProtocol(Protocol):
    """The state of one sequence within a grammar."""

    def fill_next_token_bitmask(self, mask: NDArray[np.int32], row: int = 0, /) -> None:
        """Write the allowed tokens into ``mask[row]`` (int32 [batch, ceil(V/32)], 1 = allowed)."""

    def accept_token(self, token: int, /) -> bool:
        """Take a token; False, and nothing changed, where it is not allowed."""

    def is_accepting(self) -> bool:
        """Whether the text so far is in the language."""

    def is_terminated(self) -> bool:
        """Whether an end token was accepted."""


@runtime_checkable
class CompiledProtocol(Protocol):
    """A grammar compiled against a vocabulary."""

    @property
    def vocab(self) -> VocabularyProtocol:
        """The vocabulary it was compiled against."""

    def matcher(self) -> MatcherProtocol:
        """A matcher at the start of the language."""


class Session(Protocol):
    """The running state of a batch of sequences: what a key-value cache holds."""

    def extend(self, tokens: Sequence[Sequence[int]], keep: Sequence[int]) -> list[FloatArray]:
        """Append tokens to every row and score the positions reached.

        Parameters
        ----------
        tokens : sequence of token id sequences
            One entry a row, of any lengths.
        keep : sequence of int
            How many of the row's last positions to return scores for, at least 1 and at most
            ``len(tokens[row])`` (1 is also allowed for a row that is still empty, where the model
            can start from nothing).

        Returns
        -------
        list of float arrays [keep[row], V]
            Logits or log-probabilities of the token that follows each position. They may be views
            that the next call overwrites.
        """

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows, in this order, and drop the others."""


@runtime_checkable
class LanguageModel(Protocol):
    """A model with its tokenizer, as generation sees it."""

    @property
    def vocab(self) -> VocabularyProtocol:
        """Its vocabulary, as wide as its scores."""

    @property
    def context_length(self) -> int | None:
        """The most tokens it can be fed; None where there is no bound."""

    @property
    def has_chat_template(self) -> bool:
        """Whether `encode` puts messages into a template that the model was trained on."""

    def encode(self, prompt: str | Sequence[Message]) -> list[int]:
        """Token ids of a text or of chat messages.

        Raises
        ------
        ValueError
            Where there are none and the model cannot start from nothing.
        """

    def session(self, rows: int) -> Session:
        """A batch of ``rows`` empty sequences."""
