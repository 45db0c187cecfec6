"""Each decoder step against the library's own, and every step that is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, decoders

from grammarlib.compiler.vocabulary.decoders import Json, token_speller
from grammarlib.errors import VocabularyError

ENGLISH = [" .", " ?", " !", " ,", " ' ", " n't", " 'm", " do not", " 's", " 've", " 're"]

# Tokens full of what the steps look for, and arbitrary ones.
PIECES = st.lists(
    st.sampled_from(["▁", "##", "<0x41>", "<0x4g>", "Ġ", "a", "é", *ENGLISH])
    | st.characters(exclude_categories=["Cs"])
).map("".join)

EXACT = {
    "ByteLevel": decoders.ByteLevel(),
    "Metaspace": decoders.Metaspace(),
    "Metaspace without prefix": decoders.Metaspace("_", prepend_scheme="never"),
    "WordPiece": decoders.WordPiece(cleanup=False),
    "WordPiece cleaned": decoders.WordPiece(prefix="é", cleanup=True),
    "ByteFallback": decoders.ByteFallback(),
    "Replace": decoders.Replace("▁", " "),
    "Replace twice": decoders.Sequence([decoders.Replace("aa", "▁"), decoders.Replace("▁", "b")]),
    "Fuse": decoders.Fuse(),
    "Llama": decoders.Sequence(
        [
            decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback()]),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    ),
    "Metaspace with bytes": decoders.Sequence([decoders.Metaspace(), decoders.ByteFallback()]),
}


def state(decoder: decoders.Decoder) -> Json:
    value: Json = json.loads(decoder.__getstate__())
    return value


@pytest.mark.parametrize("name", EXACT)
@settings(derandomize=True, max_examples=200)
@given(tokens=st.lists(PIECES))
def test_in_the_middle_each_token_adds_its_own_bytes(name: str, tokens: list[str]) -> None:
    decoder = EXACT[name]
    spell = token_speller(state(decoder))
    added = b"".join(map(spell, tokens)).decode(errors="replace")
    assert decoder.decode(["x", *tokens]) == decoder.decode(["x"]) + added


@pytest.mark.parametrize("blanks", ENGLISH)
def test_word_piece_cleans_each_english_spelling(blanks: str) -> None:
    decoder = decoders.WordPiece(cleanup=True)
    for token in (blanks, blanks.lstrip(), blanks * 2, "##" + blanks, blanks + "x"):
        added = decoder.decode(["x", token]).removeprefix("x").encode()
        assert token_speller(state(decoder))(token) == added


def test_without_a_decoder_tokens_are_joined_by_blanks() -> None:
    assert token_speller(None)("é") == " é".encode()


@pytest.mark.parametrize(
    ("decoder", "message"),
    [
        (decoders.BPEDecoder(), "BPEDecoder is not supported: whether a word is followed"),
        (decoders.CTC(), "CTC is not supported: a token that repeats"),
        (decoders.Strip(" ", 0, 1), "Strip .* what it takes off the end"),
        (decoders.Strip(" ", 1, 0), "Strip .* before the tokens are joined"),
        (decoders.Replace(Regex("a+"), "b"), "Replace .* only a fixed text"),
        (
            decoders.Sequence([decoders.Fuse(), decoders.Replace("aa", "b")]),
            "Replace .* after the tokens are joined",
        ),
        (
            decoders.Sequence([decoders.Fuse(), decoders.Metaspace()]),
            "Metaspace .* after the tokens are joined",
        ),
        (
            decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()]),
            "Metaspace .* after the step that spells bytes",
        ),
        (
            decoders.Sequence([decoders.ByteFallback(), decoders.ByteLevel()]),
            "ByteLevel .* joined or spelled",
        ),
        (
            decoders.Sequence([decoders.Fuse(), decoders.ByteFallback()]),
            "ByteFallback .* joined or spelled",
        ),
    ],
)
def test_steps_that_look_around_are_refused_by_name(
    decoder: decoders.Decoder, message: str
) -> None:
    with pytest.raises(VocabularyError, match=message):
        token_speller(state(decoder))


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"type": "Telepathy"}, "Telepathy is not supported: it is not known"),
        ({}, "step None is not supported"),
        ("Fuse", "not an object"),
        ({"type": "Sequence"}, "no list of decoders"),
        ({"type": "Sequence", "decoders": [3]}, "not an object"),
        ({"type": "Metaspace"}, "Metaspace has no text 'replacement'"),
        ({"type": "Replace", "pattern": {"String": ""}, "content": "b"}, "only a fixed text"),
    ],
)
def test_malformed_steps_are_refused(step: Json, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        token_speller(step)
