"""tiktoken encodings, whose tokens are byte strings already.

Special tokens, named in the encoding, never match text. ``<|endoftext|>`` is the end token where it
exists and no other is named; chat models end a turn with a token of their own, which must be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Protocol

from grammarlib.compiler.vocabulary.table import TokenTable
from grammarlib.errors import VocabularyError

__all__ = ["TiktokenEncoding", "read_tiktoken"]


class TiktokenEncoding(Protocol):
    """The part of ``tiktoken.Encoding`` that is used."""

    @property
    def n_vocab(self) -> int: ...
    @property
    def eot_token(self) -> int: ...
    @property
    def special_tokens_set(self) -> Set[str]: ...
    def encode_single_token(self, text_or_bytes: str) -> int: ...
    def decode_single_token_bytes(self, token: int) -> bytes: ...


def read_tiktoken(
    encoding: TiktokenEncoding,
    eos_ids: Iterable[int] | None = None,
    vocab_size: int | None = None,
) -> TokenTable:
    """Read an encoding; see `Vocabulary.from_tiktoken`."""
    if not all(hasattr(encoding, name) for name in ("n_vocab", "decode_single_token_bytes")):
        raise VocabularyError(f"{type(encoding).__name__} is no tiktoken encoding")
    names = {name: encoding.encode_single_token(name) for name in encoding.special_tokens_set}
    special = set(names.values())
    tokens = [
        None if i in special else _bytes_or_none(encoding, i) for i in range(encoding.n_vocab)
    ]
    return TokenTable.make(tokens, _eos_ids(encoding, eos_ids), vocab_size, names)


def _bytes_or_none(encoding: TiktokenEncoding, i: int) -> bytes | None:
    try:
        return encoding.decode_single_token_bytes(i)
    except KeyError:  # ids may have holes
        return None


def _eos_ids(encoding: TiktokenEncoding, eos_ids: Iterable[int] | None) -> Iterable[int]:
    if eos_ids is not None:
        return eos_ids
    try:
        return (encoding.eot_token,)
    except KeyError:
        named = ", ".join(sorted(encoding.special_tokens_set)[:8]) or "none"
        raise VocabularyError(
            "no end token: the encoding has no <|endoftext|>; say which ids end a text with "
            f"eos_ids=[...] (its special tokens: {named})"
        ) from None
