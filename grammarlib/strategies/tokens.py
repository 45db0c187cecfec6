"""Texts as tokens of a vocabulary, cut at random.

A text has as many tokenisations as there are ways to cut it into tokens; a model may produce any of
them, and a grammar must accept them all. :class:`Cutter` draws one, each cut from the tokens that
fit and after which the rest can still be spelled; nothing is rejected. The smallest draws take the
longest token and the lowest id everywhere.

Cost: a look-up for each length that tokens have, at each byte; half a second once for a vocabulary
of 128,000 tokens.
"""

from __future__ import annotations

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.strategies.walks import Draw, below

__all__ = ["Cutter"]

ALLOWANCE = 400
"""Tokens of one sequence that are drawn; the others are the longest that fit."""


class Cutter:
    """The tokens of a vocabulary by their bytes.

    Parameters
    ----------
    vocab : Vocabulary
        The tokens; several may have equal bytes.
    """

    def __init__(self, vocab: Vocabulary) -> None:
        self._ids: dict[bytes, list[int]] = {}
        for token, text in enumerate(vocab.table.tokens):
            if text is not None:
                self._ids.setdefault(text, []).append(token)
        self._lengths = sorted({len(text) for text in self._ids}, reverse=True)

    def cut(self, draw: Draw, text: bytes) -> list[int] | None:
        """Draw a tokenisation, or return None where the vocabulary does not spell the text."""
        fits = self._fits(text)
        if text and not fits[0]:
            return None
        tokens: list[int] = []
        at = 0
        while at < len(text):
            length = fits[at][0]
            if len(tokens) < ALLOWANCE and len(fits[at]) > 1:
                length = fits[at][draw(below(len(fits[at])))]
            ids = self._ids[text[at : at + length]]
            chosen = 0
            if len(tokens) < ALLOWANCE and len(ids) > 1:
                chosen = draw(below(len(ids)))
            tokens.append(ids[chosen])
            at += length
        return tokens

    def _fits(self, text: bytes) -> list[list[int]]:
        """For each place, the lengths of the tokens that fit, longest first."""
        size = len(text)
        fits: list[list[int]] = [[] for _ in range(size)]
        for at in range(size - 1, -1, -1):
            fits[at] = [
                length
                for length in self._lengths
                if (at + length == size or (at + length < size and fits[at + length]))
                and text[at : at + length] in self._ids
            ]
        return fits
