"""Which ids the tokens of a grammar are, as bitmasks over a vocabulary.

``~Token(...)`` is any token that a model may mean something by: one with a text, or one with a
name. Padding is neither.
"""

from __future__ import annotations

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import UnsupportedGrammar, VocabularyError
from grammarlib.token import Token

__all__ = ["TokenSets"]


class TokenSets:
    """Bitmasks of tokens, each set made once."""

    def __init__(self, vocab: Vocabulary) -> None:
        self._vocab = vocab
        self._masks: dict[tuple[frozenset[int], bool], bytes] = {}

    def mask(self, token: Token) -> bytes:
        """The bitmask of a token expression, bit i for id i.

        Raises
        ------
        UnsupportedGrammar
            If a token is not in the vocabulary, or ends texts.
        """
        ids = frozenset(self._id(one) for one in token.tokens)
        key = (ids, token.negated)
        if key not in self._masks:
            chosen: set[int] = set(ids)
            if token.negated:
                table = self._vocab.table
                chosen = {i for i, text in enumerate(table.tokens) if text is not None}
                chosen.update(table.names.values())
                chosen -= ids
                chosen -= set(table.eos_ids)
            bits = bytearray(-(-self._vocab.vocab_size // 32) * 4)
            for i in chosen:
                bits[i >> 3] |= 1 << (i & 7)
            self._masks[key] = bytes(bits)
        return self._masks[key]

    def _id(self, token: int | str) -> int:
        try:
            number = token if isinstance(token, int) else self._vocab.token_id(token)
            if number >= self._vocab.vocab_size:
                raise VocabularyError(f"the vocabulary has {self._vocab.vocab_size} tokens")
        except VocabularyError as error:
            raise UnsupportedGrammar(str(error), f"Token({token!r})") from error
        if number in self._vocab.eos_ids:
            raise UnsupportedGrammar(
                "an end token ends the text wherever the grammar lets it", f"Token({token!r})"
            )
        return number
