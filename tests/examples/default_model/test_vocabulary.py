"""How text is cut into tokens: every byte has one, and values look alike wherever they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from examples.default_model.batches import answer_of, collate, encode, prompt_of, training_batches
from examples.default_model.corpus import training_examples
from examples.default_model.vocabulary import (
    END,
    END_ID,
    PAD_ID,
    VOCABULARY_SIZE,
    train_vocabulary,
)
from grammarlib.compiler.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    texts = (prompt_of(one) + answer_of(one) for one in training_examples(1, 0, 2000))
    return train_vocabulary(texts, 2048)


def test_training_is_repeatable(tokenizer: PreTrainedTokenizerFast) -> None:
    texts = (prompt_of(one) + answer_of(one) for one in training_examples(1, 0, 2000))
    assert train_vocabulary(texts, 2048).get_vocab() == tokenizer.get_vocab()


def test_every_byte_is_a_token(tokenizer: PreTrainedTokenizerFast) -> None:
    vocabulary = Vocabulary.from_huggingface(tokenizer)
    spelled = {vocabulary.token_bytes(token) for token in range(vocabulary.vocab_size)}
    assert {bytes([byte]) for byte in range(256)} <= spelled
    assert vocabulary.vocab_size == VOCABULARY_SIZE
    assert vocabulary.eos_ids == (END_ID,)
    assert tokenizer.pad_token_id == PAD_ID


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_any_text_comes_back(tokenizer: PreTrainedTokenizerFast, text: str) -> None:
    if "<|" in text:
        return
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize("value", ["Ana Borvela", "2025-03-14", "ana.b@mail.com", "AB-4821", "7"])
def test_a_value_has_the_same_tokens_in_a_sentence_and_in_json(
    tokenizer: PreTrainedTokenizerFast, value: str
) -> None:
    alone = tokenizer.encode(value)
    for before, after in ((" ", ". "), ('": "', '", "'), ('["', '"]'), (" ", " and")):
        whole = tokenizer.encode(before + value + after)
        start = len(tokenizer.encode(before))
        assert whole[start : start + len(alone)] == alone


def test_labels_are_the_answer_and_the_end(tokenizer: PreTrainedTokenizerFast) -> None:
    examples = list(training_examples(1, 0, 5))
    batch = collate(encode(examples, tokenizer))
    for row, example in enumerate(examples):
        labels = batch.labels[row]
        kept = labels[labels >= 0].tolist()
        assert tokenizer.decode(kept) == answer_of(example) + END
        for position, label in enumerate(labels.tolist()):
            if label >= 0:
                assert batch.ids[row, position + 1] == label


def test_batches_are_bounded_and_repeatable(tokenizer: PreTrainedTokenizerFast) -> None:
    streams = [training_batches(tokenizer, 3, 1024, 500, 100) for _ in range(2)]
    for _ in range(10):
        one, other = next(streams[0]), next(streams[1])
        assert one.ids.numel() <= 1024
        assert one.ids.equal(other.ids)
        assert one.labels.equal(other.labels)
