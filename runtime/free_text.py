"""The grammar of no grammar: every token is allowed, an end token ends the text.

The baseline of unconstrained generation, on the same loop as everything else. Padding and special
ids are allowed too, as the model's own law has it; they add nothing to the text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammarlib.runtime.bitmask import allocate_token_bitmask
from grammarlib.runtime.protocol import VocabularyProtocol

__all__ = ["FreeText"]


class FreeText:
    """All token sequences over a vocabulary; a compiled grammar to generation."""

    def __init__(self, vocab: VocabularyProtocol) -> None:
        self._vocab = vocab
        self._mask = allocate_token_bitmask(1, vocab.vocab_size)[0]

    @property
    def vocab(self) -> VocabularyProtocol:
        return self._vocab

    def matcher(self) -> _FreeMatcher:
        return _FreeMatcher(self._mask, self._vocab)


class _FreeMatcher:
    def __init__(self, everything: NDArray[np.int32], vocab: VocabularyProtocol) -> None:
        self._everything = everything
        self._vocab = vocab
        self._ended = False

    def fill_next_token_bitmask(self, mask: NDArray[np.int32], row: int = 0) -> None:
        mask[row] = 0 if self._ended else self._everything

    def accept_token(self, token: int) -> bool:
        if self._ended or not 0 <= token < self._vocab.vocab_size:
            return False
        self._ended = token in self._vocab.eos_ids
        return True

    def is_accepting(self) -> bool:
        return not self._ended

    def is_terminated(self) -> bool:
        return self._ended
