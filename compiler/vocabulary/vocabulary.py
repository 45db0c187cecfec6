"""`Vocabulary`: a tokenizer as grammars see it, made once per model and shared by all grammars.

**The text meant.** A vocabulary says what each token adds *in the middle of a text*: the generated
text is ``decode(prompt + generated)`` less ``decode(prompt)``. It matters for tokenizers in the
manner of SentencePiece, which put a blank before the first word and take it away when they decode:
``▁foo`` is ``b" foo"`` here, although decoded alone it reads ``foo``. After a prompt that holds
text the two agree; where there is none, `Vocabulary.decode` is the text that the grammar saw.

The core's trie and caches (`core`) are built on first use, once, and live as long as this object:
compile all grammars of a model against one vocabulary.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from grammarlib.arguments import LARGEST, instance, shown, whole, wholes
from grammarlib.compiler.vocabulary.huggingface import read_huggingface
from grammarlib.compiler.vocabulary.sentencepiece import SentencePieceModel, read_sentencepiece
from grammarlib.compiler.vocabulary.table import TokenTable
from grammarlib.compiler.vocabulary.tiktoken import TiktokenEncoding, read_tiktoken
from grammarlib.errors import VocabularyError

if TYPE_CHECKING:
    from grammarlib import _core

__all__ = ["Vocabulary"]

CACHE_BYTES: Final = 512 << 20
"""Default bound of what all grammars of a vocabulary share."""


class Vocabulary:
    """The tokens of a model: what each adds to the text, and which end it.

    Parameters
    ----------
    table : TokenTable
        One entry for each column of the model's logits. Use a ``from_`` method to make one.
    cache_bytes : int
        Bound of the memory that all grammars of this vocabulary share.
    """

    def __init__(self, table: TokenTable, *, cache_bytes: int = CACHE_BYTES) -> None:
        instance("table", table, TokenTable, "a TokenTable; use Vocabulary.from_tokens")
        self._cache_bytes = whole("cache_bytes", cache_bytes, 1, LARGEST)
        self._table = table
        self._core: _core.Vocabulary | None = None
        self._lock = threading.Lock()

    @classmethod
    def from_huggingface(
        cls,
        tokenizer: object,
        *,
        eos_ids: Iterable[int] | None = None,
        vocab_size: int | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> Vocabulary:
        """Read a Hugging Face tokenizer.

        Parameters
        ----------
        tokenizer : tokenizers.Tokenizer or transformers.PreTrainedTokenizerFast
            Byte-level BPE, SentencePiece-style BPE or Unigram with or without byte fallback, and
            WordPiece are read; a decoder whose tokens have no text of their own is refused.
        eos_ids : iterable of int, optional
            Every id that ends a text, as in a model's generation config. The default is the
            tokenizer's own ``eos_token_id``; a bare ``tokenizers.Tokenizer`` has none.
        vocab_size : int, optional
            Width of the model's logits, where that is padded beyond the tokenizer's last id.
        cache_bytes : int
            Bound of the memory that all grammars of this vocabulary share.

        Raises
        ------
        VocabularyError
            No end token, not a fast tokenizer, or a decoder step that is refused by name.
        """
        return cls(read_huggingface(tokenizer, eos_ids, vocab_size), cache_bytes=cache_bytes)

    @classmethod
    def from_tiktoken(
        cls,
        encoding: TiktokenEncoding,
        *,
        eos_ids: Iterable[int] | None = None,
        vocab_size: int | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> Vocabulary:
        """Read a tiktoken encoding.

        Parameters
        ----------
        encoding : tiktoken.Encoding
        eos_ids : iterable of int, optional
            Every id that ends a text; the default is ``<|endoftext|>``.
        vocab_size : int, optional
            Width of the model's logits, where that is padded.
        cache_bytes : int
            Bound of the memory that all grammars of this vocabulary share.

        Raises
        ------
        VocabularyError
            No end token.
        """
        return cls(read_tiktoken(encoding, eos_ids, vocab_size), cache_bytes=cache_bytes)

    @classmethod
    def from_sentencepiece(
        cls,
        model: SentencePieceModel | bytes | str | os.PathLike[str],
        *,
        eos_ids: Iterable[int] | None = None,
        vocab_size: int | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> Vocabulary:
        """Read a SentencePiece model.

        Parameters
        ----------
        model : sentencepiece.SentencePieceProcessor, bytes, or path
            A loaded processor, or a serialized model or its file (which need sentencepiece).
        eos_ids : iterable of int, optional
            Every id that ends a text; the default is the model's own ``</s>``.
        vocab_size : int, optional
            Width of the model's logits, where that is padded.
        cache_bytes : int
            Bound of the memory that all grammars of this vocabulary share.

        Raises
        ------
        VocabularyError
            No end token, an unreadable model, or one with a denormalizer.
        """
        return cls(read_sentencepiece(model, eos_ids, vocab_size), cache_bytes=cache_bytes)

    @classmethod
    def from_tokens(
        cls,
        tokens: Sequence[bytes | None],
        eos_ids: Iterable[int],
        *,
        vocab_size: int | None = None,
        names: Mapping[str, int] | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> Vocabulary:
        """Make a vocabulary from the tokens' bytes.

        Parameters
        ----------
        tokens : sequence of (bytes or None)
            What each id adds to the text; ``None`` (and ``b""``) never matches text.
        eos_ids : iterable of int
            Every id that ends a text; their own bytes are ignored.
        vocab_size : int, optional
            Width of the model's logits, where that is padded.
        names : mapping of str to int, optional
            Names of tokens without text, as ``grammarlib.Token`` takes them.
        cache_bytes : int
            Bound of the memory that all grammars of this vocabulary share.

        Raises
        ------
        VocabularyError
            No end token, an end token out of range, an entry that is not bytes, or no text at all.
        """
        table = TokenTable.make(tokens, eos_ids, vocab_size, names)
        return cls(table, cache_bytes=cache_bytes)

    @classmethod
    def of_bytes(cls) -> Vocabulary:
        """Make the vocabulary of single bytes: id ``i`` is byte ``i``, and id 256 ends a text.

        For examples and tests, and where texts are judged and no model is at hand.
        """
        return cls.from_tokens([*(bytes([byte]) for byte in range(256)), None], eos_ids=[256])

    @property
    def vocab_size(self) -> int:
        """The number of token ids: the width of logits and masks."""
        return self._table.vocab_size

    @property
    def eos_ids(self) -> tuple[int, ...]:
        """The ids that end a text, ascending; never empty."""
        return self._table.eos_ids

    @property
    def table(self) -> TokenTable:
        """What each token id adds to the text."""
        return self._table

    @property
    def core(self) -> _core.Vocabulary:
        """The core's side of this vocabulary: its trie and the caches shared by all grammars."""
        with self._lock:
            if self._core is None:
                from grammarlib import _core

                table = self._table
                self._core = _core.Vocabulary(
                    table.tokens, table.eos_ids, table.vocab_size, self._cache_bytes
                )
            return self._core

    def token_bytes(self, token: int) -> bytes | None:
        """What a token adds to the text, ``None`` for one that never matches text.

        Raises
        ------
        IndexError
            The id is negative or not below `vocab_size`.
        """
        number = whole("token", token)
        if not 0 <= number < self.vocab_size:
            raise IndexError(f"token {shown(number)} is outside of the {self.vocab_size} token ids")
        return self._table.tokens[number]

    def token_id(self, name: str) -> int:
        """The id of a token by its name, or by its text.

        Parameters
        ----------
        name : str
            The name of a token without text (``"<|tool|>"``), or the text of exactly one token.

        Raises
        ------
        VocabularyError
            There is no such token, or more than one.
        """
        instance("name", name, str, "a str")
        if (known := self._table.names.get(name)) is not None:
            return known
        text = name.encode(errors="surrogatepass")
        ids = [i for i, token in enumerate(self._table.tokens) if token == text]
        if len(ids) != 1:
            found = f"{len(ids)} tokens ({shown(ids)}) have" if ids else "no token has"
            raise VocabularyError(f"{found} the name or the text {shown(name)}")
        return ids[0]

    def decode(self, tokens: Iterable[int]) -> bytes:
        """The text of generated tokens, as the grammar saw it; special tokens add nothing.

        Raises
        ------
        IndexError
            An id is negative or not below `vocab_size`.
        """
        tokens = wholes("tokens", tokens)
        return b"".join(self.token_bytes(token) or b"" for token in tokens)

    def __repr__(self) -> str:
        return f"<Vocabulary of {self.vocab_size} tokens, ended by {list(self.eos_ids)}>"
