"""A vocabulary by its bytes: which tokens spell a piece of text, and how text can be cut.

Built once per vocabulary and check; linear in the bytes of all tokens.
"""

from __future__ import annotations

import random

from grammarlib.testing.subject import Vocabulary

__all__ = ["Pieces"]


class Pieces:
    """The tokens of a vocabulary.

    Attributes
    ----------
    size, words : int
        The number of ids, and of int32 words of a mask.
    ends : frozenset of int
        The ids that end a text.
    ids : dict of bytes to list of int
        The ids of each byte string.
    spells_all : bool
        Whether every byte is a token by itself.
    """

    def __init__(self, vocab: Vocabulary) -> None:
        self.size = vocab.vocab_size
        self.words = -(-self.size // 32)
        self.ends = frozenset(vocab.eos_ids)
        self._bytes = [vocab.token_bytes(token) for token in range(self.size)]
        self.ids: dict[bytes, list[int]] = {}
        for token, data in enumerate(self._bytes):
            if data:
                self.ids.setdefault(data, []).append(token)
        self.longest = max(map(len, self.ids))
        self.spells_all = all(bytes([byte]) in self.ids for byte in range(256))

    def known(self, token: int) -> bytes | None:
        """What a token adds; ``None`` if it never matches text."""
        return self._bytes[token]

    def of(self, token: int) -> bytes:
        """What a token adds, nothing if it never matches text."""
        return self._bytes[token] or b""

    def cut(self, text: bytes, chance: random.Random) -> list[int] | None:
        """A random sequence of tokens that spells the text; None if there is none."""
        size = len(text)
        ends = [False] * size + [True]  # whether tokens spell the rest
        ways: list[list[bytes]] = [[] for _ in range(size)]
        for at in range(size - 1, -1, -1):
            for end in range(at + 1, min(at + self.longest, size) + 1):
                if ends[end] and text[at:end] in self.ids:
                    ends[at] = True
                    ways[at].append(text[at:end])
        if not ends[0]:
            return None
        tokens: list[int] = []
        at = 0
        while at < size:
            piece = chance.choice(ways[at])
            tokens.append(chance.choice(self.ids[piece]))
            at += len(piece)
        return tokens
