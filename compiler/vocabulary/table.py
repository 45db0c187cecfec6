"""The common form of every tokenizer: one byte string, or none, for each token id.

Invariants of a `TokenTable`, whoever made it: one entry for each column of the model's logits;
an entry of ``None`` never matches text (special, padding, unused, or spelling nothing at all, which
a grammar could otherwise repeat without end); at least one end token, and no end token has bytes.
Equal byte strings under several ids are all kept, and nothing asks that every byte be spelled.

Rejected: a mapping from bytes to id, which loses tokens with equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grammarlib.arguments import members, shown, whole, wholes
from grammarlib.errors import VocabularyError

__all__ = ["MAX_WIDTH", "TokenTable"]

MAX_WIDTH: Final = 1 << 24
"""The most token ids; sixty times what models have."""


@dataclass(frozen=True, slots=True)
class TokenTable:
    """What each token id adds to the text.

    Parameters
    ----------
    tokens : tuple of (bytes or None)
        Entry ``i`` is what token ``i`` adds to a text in its middle, ``None`` if it adds no text.
    eos_ids : tuple of int
        The ids that end a text, ascending.
    names : mapping of str to int
        Ids of tokens that add no text, by the names they go by.
    """

    tokens: tuple[bytes | None, ...]
    eos_ids: tuple[int, ...]
    names: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def vocab_size(self) -> int:
        """The number of ids, which is the width of the model's logits."""
        return len(self.tokens)

    @classmethod
    def make(
        cls,
        tokens: Sequence[bytes | None],
        eos_ids: Iterable[int],
        vocab_size: int | None = None,
        names: Mapping[str, int] | None = None,
    ) -> TokenTable:
        """Bring a list of tokens to the width of the logits and to the invariants above.

        Parameters
        ----------
        tokens : sequence of (bytes or None)
            What each id adds to the text; ``None`` and ``b""`` never match text.
        eos_ids : iterable of int
            The ids that end a text; their own bytes, if any, are dropped.
        vocab_size : int, optional
            Width of the model's logits. Ids above the tokenizer's last are padding and stay
            forbidden; ids at or above the width do not exist for the model and are left out.
        names : mapping of str to int, optional
            Names of tokens that add no text, such as ``"<|tool|>"``; others are dropped.

        Raises
        ------
        VocabularyError
            No end token, an id out of range, an entry that is not bytes, or no text at all.
        """
        if isinstance(tokens, Mapping | str | bytes):  # iterable, and surely a mistake
            raise TypeError(f"tokens must be a list of bytes and None, not {type(tokens).__name__}")
        tokens = list(members("tokens", tokens, "a list of bytes and None"))
        width = len(tokens) if vocab_size is None else whole("vocab_size", vocab_size)
        if width > MAX_WIDTH:
            raise VocabularyError(f"vocab_size must be at most {MAX_WIDTH}, got {shown(width)}")
        if width < 1:
            raise VocabularyError(f"a vocabulary needs at least one token, vocab_size is {width}")
        ends = sorted(set(wholes("eos_ids", eos_ids)))
        if not ends:
            raise VocabularyError("no end token: say which ids end a text with eos_ids=[...]")
        outside = [i for i in ends if not 0 <= i < width]
        if outside:
            said = shown(outside[0])
            raise VocabularyError(f"end token {said} is outside of the {width} token ids")
        table: list[bytes | None] = [None] * width
        for i, token in enumerate(tokens[:width]):
            if token is not None and not isinstance(token, bytes):
                raise VocabularyError(f"token {i} is a {type(token).__name__}, not bytes or None")
            table[i] = token or None
        for i in ends:
            table[i] = None
        if not any(table):
            raise VocabularyError("no token of this vocabulary spells any text")
        known = {
            name: i for name, i in (names or {}).items() if 0 <= i < width and table[i] is None
        }
        return cls(tuple(table), tuple(ends), known)
