"""The byte-level alphabet, against the one that the tokenizers library uses."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import decoders, pre_tokenizers

from grammarlib.compiler.vocabulary.byte_level import BYTE_OF_CHARACTER, byte_level_bytes


def test_the_alphabet_is_that_of_the_library() -> None:
    assert set(BYTE_OF_CHARACTER) == set(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(BYTE_OF_CHARACTER.values()) == list(range(256))


@settings(derandomize=True)
@given(text=st.text())
def test_encoded_text_comes_back(text: str) -> None:
    step = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    token = "".join(piece for piece, _ in step.pre_tokenize_str(text))
    assert byte_level_bytes(token) == text.encode()


@settings(derandomize=True)
@given(token=st.text())
def test_any_token_is_decoded_as_the_library_decodes_it(token: str) -> None:
    assert byte_level_bytes(token).decode(errors="replace") == decoders.ByteLevel().decode([token])
