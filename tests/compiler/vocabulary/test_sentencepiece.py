"""SentencePiece models, trained on the spot and one shipped model of real size."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor
from tokenizers import Tokenizer, decoders, models

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import VocabularyError
from tests.compiler.vocabulary import real, trained

PROMPT = "The fox"
MISTRAL_V1 = real.MISTRAL_DATA / "tokenizer.model.v1"
KINDS = ["bpe", "unigram", "mistral"]


@cache
def processor(kind: str) -> SentencePieceProcessor:
    if kind == "mistral":
        return SentencePieceProcessor(model_file=str(MISTRAL_V1))
    return SentencePieceProcessor(model_proto=trained.sentencepiece_model(kind))


@cache
def vocabulary(kind: str) -> Vocabulary:
    return Vocabulary.from_sentencepiece(processor(kind))


def continued(kind: str, ids: list[int]) -> str:
    model = processor(kind)
    prompt = model.encode(PROMPT)
    before, after = model.decode(prompt), model.decode(prompt + ids)
    assert after.startswith(before)
    text: str = after[len(before) :]
    return text


@pytest.mark.parametrize("kind", KINDS)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(text=st.text())
def test_encoded_text_spells_what_the_model_decodes(kind: str, text: str) -> None:
    ids = processor(kind).encode(text)
    assert vocabulary(kind).decode(ids).decode() == continued(kind, ids)


@pytest.mark.parametrize("kind", KINDS)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data())
def test_any_pieces_spell_what_the_model_decodes(kind: str, data: st.DataObject) -> None:
    vocab, model = vocabulary(kind), processor(kind)
    pieces = [i for i in range(vocab.vocab_size) if not model.is_byte(i) and vocab.token_bytes(i)]
    ids = data.draw(st.lists(st.sampled_from(pieces)))
    assert vocab.decode(ids).decode() == continued(kind, ids)


def test_control_and_unknown_pieces_never_match_text() -> None:
    model, vocab = processor("bpe"), vocabulary("bpe")
    silent = [i for i in range(vocab.vocab_size) if vocab.token_bytes(i) is None]
    assert silent == sorted([model.unk_id(), model.bos_id(), model.eos_id()])
    assert vocab.eos_ids == (model.eos_id(),)


def test_unused_pieces_never_match_text() -> None:
    # Concatenated messages merge, so this adds a piece: its text "zz", its kind 5 (unused).
    model = trained.sentencepiece_model("bpe") + b"\x0a\x06" + b"\x0a\x02zz" + b"\x18\x05"
    vocab = Vocabulary.from_sentencepiece(model)
    assert vocab.table.tokens == (*vocabulary("bpe").table.tokens, None)


def test_byte_blank_and_user_defined_pieces() -> None:
    model, vocab = processor("unigram"), vocabulary("unigram")
    spelled = {p: vocab.token_bytes(model.piece_to_id(p)) for p in ("<0xE4>", "▁▁", "<x>", "▁")}
    assert spelled == {"<0xE4>": b"\xe4", "▁▁": b"  ", "<x>": b"<x>", "▁": b" "}


def test_a_model_may_be_given_as_bytes_or_file(tmp_path: Path) -> None:
    model = trained.sentencepiece_model("bpe")
    file = tmp_path / "tokenizer.model"
    file.write_bytes(model)
    for source in (model, file, str(file)):
        assert Vocabulary.from_sentencepiece(source).table == vocabulary("bpe").table


def test_unreadable_models_are_refused(tmp_path: Path) -> None:
    for unreadable in (b"no model", b"", tmp_path / "absent.model", str(tmp_path)):
        with pytest.raises(VocabularyError, match="not a readable SentencePiece model"):
            Vocabulary.from_sentencepiece(unreadable)


def test_a_model_without_an_end_token_is_refused() -> None:
    model = trained.sentencepiece_model("bpe", eos_id=-1)
    with pytest.raises(VocabularyError, match="no end token"):
        Vocabulary.from_sentencepiece(model)
    vocab = Vocabulary.from_sentencepiece(model, eos_ids=[1], vocab_size=512)
    assert (vocab.eos_ids, vocab.vocab_size) == ((1,), 512)


def test_a_denormalizer_is_refused(tmp_path: Path) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text("78\t79 79\n")
    model = trained.sentencepiece_model("bpe", denormalization_rule_tsv=str(rules))
    with pytest.raises(VocabularyError, match="denormalizer"):
        Vocabulary.from_sentencepiece(model)


def test_a_converted_model_reads_the_same_through_both_libraries() -> None:
    model = processor("mistral")
    pieces = {model.id_to_piece(i): i for i in range(model.get_piece_size())}
    tokenizer = Tokenizer(models.BPE(pieces, [], unk_token="<unk>", byte_fallback=True))
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    vocab = Vocabulary.from_huggingface(tokenizer, eos_ids=[model.eos_id()])
    assert vocab.vocab_size == 32000
    assert vocab.table == vocabulary("mistral").table
