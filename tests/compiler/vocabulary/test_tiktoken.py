"""tiktoken encodings, small and of real size."""

from __future__ import annotations

from functools import cache

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.compiler.vocabulary.byte_level import BYTE_OF_CHARACTER
from grammarlib.errors import VocabularyError
from tests.compiler.vocabulary import real

BYTES = {bytes([byte]): byte for byte in range(256)}
LLAMA3_END = 128009


def encoding(special: dict[str, int]) -> tiktoken.Encoding:
    ranks = {**BYTES, b"ab": 256, b"abc": 257, b"abcc": 258}
    return tiktoken.Encoding("small", pat_str=r".", mergeable_ranks=ranks, special_tokens=special)


def test_the_end_token_is_the_encodings_own() -> None:
    vocab = Vocabulary.from_tiktoken(encoding({"<|endoftext|>": 300, "<|x|>": 262}))
    assert vocab.eos_ids == (300,)
    assert vocab.vocab_size == 301
    assert [vocab.token_bytes(i) for i in (0, 255, 256, 258)] == [b"\0", b"\xff", b"ab", b"abcc"]
    assert {vocab.token_bytes(i) for i in range(259, 301)} == {None}


def test_named_end_tokens_and_padding() -> None:
    small = encoding({"<|a|>": 259, "<|b|>": 260})
    vocab = Vocabulary.from_tiktoken(small, eos_ids=[260, 259], vocab_size=320)
    assert vocab.eos_ids == (259, 260)
    assert vocab.vocab_size == 320


def test_no_end_token_is_refused_and_the_candidates_are_named() -> None:
    with pytest.raises(VocabularyError, match=r"no <\|endoftext\|>.*special tokens: <\|a\|>"):
        Vocabulary.from_tiktoken(encoding({"<|a|>": 259}))
    with pytest.raises(VocabularyError, match=r"special tokens: none"):
        Vocabulary.from_tiktoken(encoding({}))


@cache
def tekken() -> Vocabulary:
    return Vocabulary.from_tiktoken(real.tekken(), eos_ids=[2])


@settings(derandomize=True, max_examples=200, deadline=None)
@given(text=st.text())
def test_tekken_text_comes_back(text: str) -> None:
    vocab = tekken()
    assert vocab.decode(real.tekken().encode(text)) == text.encode()


def test_tekken_at_real_size() -> None:
    vocab = tekken()
    assert vocab.vocab_size == 131072
    assert vocab.table.tokens[:1000] == (None,) * 1000
    spelled = [token for token in vocab.table.tokens if token is not None]
    assert len(spelled) == 130072
    assert set(BYTES) <= set(spelled)


def test_llama3_reads_the_same_through_both_libraries() -> None:
    tokens = real.llama3_tokens()
    vocab = Vocabulary.from_tiktoken(real.llama3(), eos_ids=[LLAMA3_END])
    assert vocab.table.tokens == (*tokens, *[None] * 256)

    character_of = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}
    pieces = {"".join(character_of[byte] for byte in token): i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(pieces, []))
    tokenizer.decoder = decoders.ByteLevel()
    again = Vocabulary.from_huggingface(tokenizer, eos_ids=[LLAMA3_END], vocab_size=128256)
    assert again.table == vocab.table


def test_llama3_text_comes_back() -> None:
    vocab = Vocabulary.from_tiktoken(real.llama3(), eos_ids=[LLAMA3_END])
    text = 'naïve 東京 {"a": [1, 2.5e-3, null]}\n\t\U0001f600 мир'
    assert vocab.decode(real.llama3().encode(text)) == text.encode()
