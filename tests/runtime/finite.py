"""A finite language with a plain-Python matcher: drives the runtime without the core.

Slow and obvious, so it doubles as an oracle: a token is allowed where some member of the language
starts with the text so far and the token, an end token where the text so far is a member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from grammarlib.compiler.vocabulary import Vocabulary


class FiniteLanguage:
    """A finite set of texts over a vocabulary, as generation wants a compiled grammar."""

    def __init__(self, vocab: Vocabulary, texts: Iterable[str]) -> None:
        self.vocab = vocab
        self.texts = [text.encode() for text in texts]
        self._allowed: dict[bytes, NDArray[np.bool_]] = {}

    def matcher(self) -> FiniteMatcher:
        return FiniteMatcher(self)

    def allows(self, prefix: bytes, token: int) -> bool:
        if token in self.vocab.eos_ids:
            return prefix in self.texts
        spelled = self.vocab.token_bytes(token) or b""
        return spelled != b"" and any(text.startswith(prefix + spelled) for text in self.texts)

    def allowed(self, prefix: bytes) -> NDArray[np.bool_]:
        if prefix not in self._allowed:
            tokens = range(self.vocab.vocab_size)
            self._allowed[prefix] = np.array([self.allows(prefix, token) for token in tokens])
        return self._allowed[prefix]

    def token_sequences(self, prefix: Sequence[int] = ()) -> Iterator[tuple[int, ...]]:
        """Every way to spell a member in tokens, end token included."""
        for token in np.flatnonzero(self.allowed(self.vocab.decode(prefix))).tolist():
            if token in self.vocab.eos_ids:
                yield (*prefix, token)
            else:
                yield from self.token_sequences((*prefix, token))


class FiniteMatcher:
    def __init__(self, language: FiniteLanguage) -> None:
        self._language = language
        self._text = b""
        self._ended = False

    def fill_next_token_bitmask(self, mask: NDArray[np.int32], row: int = 0) -> None:
        size = self._language.vocab.vocab_size
        bits = np.zeros(32 * mask.shape[1], dtype=bool)
        if not self._ended:
            bits[:size] = self._language.allowed(self._text)
        mask[row] = np.packbits(bits, bitorder="little").view(np.int32)

    def accept_token(self, token: int) -> bool:
        if self._ended or not self._language.allows(self._text, token):
            return False
        if token in self._language.vocab.eos_ids:
            self._ended = True
        else:
            self._text += self._language.vocab.token_bytes(token) or b""
        return True

    def is_accepting(self) -> bool:
        return not self._ended and self._text in self._language.texts

    def is_terminated(self) -> bool:
        return self._ended
