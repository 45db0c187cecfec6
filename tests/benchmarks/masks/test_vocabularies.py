"""Vocabularies: what their encodings spell is the text, and every id is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.masks import vocabularies
from benchmarks.masks.vocabularies import Tokens

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
BYTES = vocabularies.byte_tokens()
TEXT = '{"name": "Zoë ☃", "n": [1200, -3.5e7, null],\n  "don\'t": ""}'


def spelled(tokens: Tokens, ids: list[int]) -> bytes:
    return b"".join(tokens.pieces[i] or b"<special>" for i in ids)


@settings(derandomize=True, max_examples=50)
@given(st.text())
def test_byte_tokens_spell_each_byte(text: str) -> None:
    assert bytes(BYTES.encoding().encode_ordinary(text)) == text.encode()


def test_tekken_spells_texts_with_few_tokens() -> None:
    tokens = vocabularies.tekken()
    assert len(tokens.pieces) == 131_072
    assert tokens.pieces[tokens.eos] is None
    ids = tokens.encoding().encode_ordinary(TEXT)
    assert spelled(tokens, ids) == TEXT.encode()
    assert len(ids) < len(TEXT) * 2 / 3


def test_llama3_spells_texts_with_few_tokens() -> None:
    path = SHARED / "llama3.tiktoken.xz"
    if not path.exists():
        pytest.skip("needs ../shared/data/llama3.tiktoken.xz")
    tokens = vocabularies.find("auto", SHARED)
    assert (tokens.name, len(tokens.pieces), tokens.eos) == ("llama3", 128_256, 128_009)
    assert all((piece is None) == (i >= 128_000) for i, piece in enumerate(tokens.pieces))
    ids = tokens.encoding().encode_ordinary(TEXT)
    assert spelled(tokens, ids) == TEXT.encode()
    assert len(ids) < len(TEXT) * 2 / 3


def test_without_the_file_of_llama3_tekken_is_found(tmp_path: Path) -> None:
    assert vocabularies.find("auto", tmp_path).name == "tekken"
    assert vocabularies.find("bytes", tmp_path) == BYTES
    with pytest.raises(FileNotFoundError):
        vocabularies.find("llama3", tmp_path)
