"""Tokens spell what the tokenizer itself decodes: law by law on trained tokenizers of each kind."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.compiler.vocabulary.huggingface import read_huggingface
from grammarlib.errors import VocabularyError
from tests.compiler.vocabulary import trained

PROMPT = "The fox"


@cache
def vocabulary(kind: str) -> Vocabulary:
    tokenizer = trained.KINDS[kind]()
    return Vocabulary.from_huggingface(tokenizer, eos_ids=[tokenizer.token_to_id("</s>")])


@cache
def whole_tokens(kind: str) -> list[int]:
    """Ids whose bytes are whole characters."""
    vocab = vocabulary(kind)
    ids = []
    for i in range(vocab.vocab_size):
        token = vocab.token_bytes(i)
        if token is not None and "\ufffd" not in token.decode(errors="replace"):
            ids.append(i)
    return ids


def continued(tokenizer: Tokenizer, ids: list[int]) -> str:
    """What generating these ids adds to the prompt's text, by the tokenizer's own decoding."""
    prompt = tokenizer.encode(PROMPT, add_special_tokens=False).ids
    before = tokenizer.decode(prompt)
    after = tokenizer.decode(prompt + ids)
    assert after.startswith(before)
    return after[len(before) :]


@pytest.mark.parametrize("kind", trained.KINDS)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(text=st.text())
def test_encoded_text_spells_what_the_tokenizer_decodes(kind: str, text: str) -> None:
    tokenizer = trained.KINDS[kind]()
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    assert vocabulary(kind).decode(ids).decode() == continued(tokenizer, ids)


@pytest.mark.parametrize("kind", trained.KINDS)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data())
def test_any_tokens_spell_what_the_tokenizer_decodes(kind: str, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.sampled_from(whole_tokens(kind))))
    tokenizer = trained.KINDS[kind]()
    assert vocabulary(kind).decode(ids).decode() == continued(tokenizer, ids)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(text=st.text())
def test_byte_level_and_byte_fallback_lose_nothing(text: str) -> None:
    for kind, expected in (("byte_level", text), ("llama", " " + text), ("gemma", text)):
        ids = trained.KINDS[kind]().encode(text, add_special_tokens=False).ids
        if "▁" in text and kind != "byte_level":
            expected = expected.replace("▁", " ")  # the tokenizer has no other spelling for it
        if kind != "llama" or text:
            assert vocabulary(kind).decode(ids) == expected.encode()


@pytest.mark.parametrize("kind", ["byte_level", "llama", "gemma"])
def test_every_byte_is_spelled_by_itself(kind: str) -> None:
    vocab = vocabulary(kind)
    spelled = {vocab.token_bytes(i) for i in range(vocab.vocab_size)}
    assert {bytes([byte]) for byte in range(256)} <= spelled


def test_equal_bytes_are_all_kept() -> None:
    tokenizer = trained.llama()
    vocab = vocabulary("llama")
    letter, byte = tokenizer.token_to_id("a"), tokenizer.token_to_id("<0x61>")
    assert letter != byte
    assert vocab.token_bytes(letter) == vocab.token_bytes(byte) == b"a"


@pytest.mark.parametrize("kind", trained.KINDS)
def test_special_tokens_never_match_text(kind: str) -> None:
    tokenizer = trained.KINDS[kind]()
    special = [i for i, added in tokenizer.get_added_tokens_decoder().items() if added.special]
    assert special
    assert [vocabulary(kind).token_bytes(i) for i in special] == [None] * len(special)


def test_added_tokens_that_are_not_special_match_their_text() -> None:
    tokenizer = trained.byte_level()
    vocab = vocabulary("byte_level")
    assert vocab.token_bytes(tokenizer.token_to_id("<tool>")) == b"<tool>"
    assert vocab.token_bytes(tokenizer.token_to_id(" 漢")) == " 漢".encode()


def test_the_unknown_token_never_matches_text_even_when_not_special() -> None:
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "?": 1, "end": 2}, unk_token="?"))
    assert Vocabulary.from_huggingface(tokenizer, eos_ids=[2]).table.tokens == (b" a", None, None)
    pieces = [("▁a", 0.0), ("<unk>", 0.0), ("b", 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=1))
    tokenizer.decoder = decoders.Metaspace()
    assert Vocabulary.from_huggingface(tokenizer, eos_ids=[2]).table.tokens == (b" a", None, None)


def test_transformers_names_the_end_token_and_special_tokens() -> None:
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(trained.llama().to_str()),
        eos_token="</s>",
        bos_token="<s>",
        unk_token="<unk>",
        pad_token="<pad>",
    )
    vocab = Vocabulary.from_huggingface(tokenizer)
    assert vocab.eos_ids == (tokenizer.eos_token_id,)
    assert vocab.token_bytes(tokenizer.pad_token_id) is None
    assert vocab.vocab_size == len(tokenizer)
    assert vocab.table.tokens[:-1] == vocabulary("llama").table.tokens


def test_an_ordinary_token_named_as_special_never_matches_text() -> None:
    own = Tokenizer.from_str(trained.llama().to_str())
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=own, eos_token="</s>", pad_token="a")
    vocab = Vocabulary.from_huggingface(tokenizer)
    assert vocab.token_bytes(tokenizer.convert_tokens_to_ids("a")) is None


def test_several_end_tokens_and_padded_logits() -> None:
    tokenizer = trained.byte_level()
    ends = [tokenizer.token_to_id("<|im_start|>"), tokenizer.token_to_id("</s>")]
    size = tokenizer.get_vocab_size()
    vocab = Vocabulary.from_huggingface(tokenizer, eos_ids=ends, vocab_size=size + 37)
    assert vocab.eos_ids == tuple(sorted(ends))
    assert vocab.vocab_size == size + 37
    assert vocab.table.tokens[size:] == (None,) * 37
    assert vocab.table.tokens[:size] == vocabulary("byte_level").table.tokens


def test_no_end_token_is_refused() -> None:
    with pytest.raises(VocabularyError, match="no end token"):
        Vocabulary.from_huggingface(trained.byte_level())
    without = PreTrainedTokenizerFast(tokenizer_object=trained.words())
    with pytest.raises(VocabularyError, match="no end token"):
        Vocabulary.from_huggingface(without)


def test_ids_with_holes_are_forbidden() -> None:
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "end": 7}, unk_token="a b"))
    table = Vocabulary.from_huggingface(tokenizer, eos_ids=[7]).table
    assert table.tokens == (b" a", *[None] * 7)


def test_what_is_no_fast_tokenizer_is_refused_by_its_name() -> None:
    with pytest.raises(VocabularyError, match="dict is not a fast Hugging Face tokenizer"):
        Vocabulary.from_huggingface({})


@pytest.mark.parametrize(
    "front", [pre_tokenizers.ByteLevel(), pre_tokenizers.Sequence([pre_tokenizers.Metaspace()])]
)
def test_encoded_pieces_without_a_decoder_are_refused(front: pre_tokenizers.PreTokenizer) -> None:
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1}, unk_token="a"))
    tokenizer.pre_tokenizer = front
    with pytest.raises(VocabularyError, match="no decoder to undo it"):
        Vocabulary.from_huggingface(tokenizer, eos_ids=[1])


class _Reversing:
    """A decoder written in Python."""

    def decode_chain(self, tokens: list[str]) -> list[str]:
        return tokens[::-1]


def test_a_decoder_in_python_is_refused() -> None:
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1}, unk_token="a"))
    tokenizer.decoder = decoders.Decoder.custom(_Reversing())
    with pytest.raises(VocabularyError, match="cannot be read"):
        Vocabulary.from_huggingface(tokenizer, eos_ids=[1])


class _Lying:
    """A tokenizer that says one pipeline and decodes by another."""

    def __init__(self, says: Tokenizer, does: Tokenizer) -> None:
        self.says = says
        self.does = does

    def to_str(self) -> str:
        return self.says.to_str()

    def __getattr__(self, name: str) -> object:
        return getattr(self.does, name)


def test_reading_is_checked_against_the_tokenizers_own_decoding() -> None:
    does = Tokenizer.from_str(trained.llama().to_str())
    does.decoder = decoders.Metaspace(replacement="-")
    with pytest.raises(VocabularyError, match=r"token \d+ should spell .* but the tokenizer decod"):
        read_huggingface(_Lying(trained.llama(), does), [2])


def test_a_decoded_added_token_reads_as_the_decoder_reads_it() -> None:
    tokenizer = Tokenizer.from_str(trained.byte_level().to_str())
    tokenizer.add_tokens([AddedToken("Ġbar", special=False)])
    vocab = Vocabulary.from_huggingface(tokenizer, eos_ids=[0])
    assert vocab.token_bytes(tokenizer.token_to_id("Ġbar")) == b" bar"


def test_word_piece_spells_its_blanks() -> None:
    vocab = vocabulary("word_piece")
    tokenizer = trained.word_piece()
    spelled = {s: vocab.token_bytes(tokenizer.token_to_id(s)) for s in ("a", "##a", ".", "n't")}
    assert spelled == {"a": b" a", "##a": b"a", ".": b".", "n't": b"n't"}


def test_state_without_a_model_is_refused() -> None:
    state = json.loads(trained.words().to_str())
    state["model"] = None

    class Broken(_Lying):
        def to_str(self) -> str:
            return json.dumps(state)

    with pytest.raises(VocabularyError, match="no model"):
        read_huggingface(Broken(trained.words(), trained.words()), [2])
