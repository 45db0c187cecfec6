"""A language model given by a function from token ids to scores: toys, n-grams, remote models.

The function is asked for one position at a time and nothing is remembered between calls, so it may
be anything that answers the same question the same way. It is asked at forced positions too, since
their log-probabilities count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from grammarlib.arguments import whole
from grammarlib.runtime.prompts import plain_text
from grammarlib.runtime.protocol import FloatArray, Message, Session, VocabularyProtocol

__all__ = ["FunctionModel"]


class FunctionModel:
    """A model whose scores come from a function.

    Parameters
    ----------
    vocab : Vocabulary
    f : callable
        From the tuple of all token ids so far, prompt included, to float [V]: logits or
        log-probabilities of the next token.
    tokenize : callable, optional
        From text to token ids. Without it the longest token that fits is taken, from left to right.
    context_length : int, optional
        The most tokens ``f`` can be given; unbounded without it.
    """

    has_chat_template = False

    def __init__(
        self,
        vocab: VocabularyProtocol,
        f: Callable[[tuple[int, ...]], ArrayLike],
        *,
        tokenize: Callable[[str], Sequence[int]] | None = None,
        context_length: int | None = None,
    ) -> None:
        if context_length is not None:
            context_length = whole("context_length", context_length, 1)
        for name, function in (("f", f), ("tokenize", tokenize)):
            if not callable(function) and (name == "f" or function is not None):
                raise TypeError(f"{name} must be callable, not {type(function).__name__}")
        if not hasattr(vocab, "token_bytes"):
            raise TypeError(f"vocab must be a grammarlib.Vocabulary, not {type(vocab).__name__}")
        self.vocab = vocab
        self.context_length = context_length
        self._f = f
        self._tokenize = tokenize
        self._ids: dict[bytes, int] = {}
        self._longest = 0

    def scores(self, tokens: Sequence[int]) -> FloatArray:
        """Scores of the token that follows ``tokens``: float [V].

        Raises
        ------
        ValueError
            If the function returns another shape, or no numbers.
        """
        returned = self._f(tuple(tokens))
        try:
            scores = np.asarray(returned)
            if scores.dtype not in (np.float32, np.float64):
                loose = scores.dtype == object  # a list of fractions or decimals, say
                scores = scores.astype(np.float64, casting="unsafe" if loose else "same_kind")
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(
                f"the model's function returned no array of numbers: {error}"
            ) from error
        if scores.shape != (self.vocab.vocab_size,):
            raise ValueError(
                f"the model's function returned scores of shape {scores.shape},"
                f" not ({self.vocab.vocab_size},)"
            )
        return scores

    def encode(self, prompt: str | Sequence[Message]) -> list[int]:
        """Token ids of a text, or of messages as plain text; there may be none.

        Raises
        ------
        ValueError
            If a byte of the text begins no token of the vocabulary.
        """
        text = prompt if isinstance(prompt, str) else plain_text(prompt)
        if self._tokenize is not None:
            return list(self._tokenize(text))
        return self._longest_match(text.encode())

    def session(self, rows: int) -> Session:
        """A batch of ``rows`` empty sequences."""
        return _FunctionSession(self, rows)

    def _longest_match(self, text: bytes) -> list[int]:
        if not self._ids:
            for token in range(self.vocab.vocab_size):
                self._ids.setdefault(self.vocab.token_bytes(token) or b"", token)
            self._longest = max(map(len, self._ids), default=0)
        ids: list[int] = []
        at = 0
        while at < len(text):
            for end in range(min(len(text), at + self._longest), at, -1):
                if (longest := self._ids.get(text[at:end])) is not None:
                    ids.append(longest)
                    at = end
                    break
            else:
                raise ValueError(f"no token spells the prompt's byte {text[at : at + 1]!r} at {at}")
        return ids


class _FunctionSession:
    def __init__(self, model: FunctionModel, rows: int) -> None:
        self._model = model
        self._tokens: list[list[int]] = [[] for _ in range(rows)]

    def extend(self, tokens: Sequence[Sequence[int]], keep: Sequence[int]) -> list[FloatArray]:
        scores = []
        for row, new, count in zip(self._tokens, tokens, keep, strict=True):
            row += new
            ends = range(len(row) - count + 1, len(row) + 1)
            scores.append(np.stack([self._model.scores(row[:end]) for end in ends]))
        return scores

    def select(self, rows: Sequence[int]) -> None:
        self._tokens = [self._tokens[row] for row in rows]
