"""The files of the model that ships, as transformers' own classes load them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from grammarlib.runtime.prompt_template import render_prompt

FOLDER = Path(__file__).parents[2] / "runtime" / "default_model"
MEGABYTE = 10**6
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "city": {"type": "string"},
        "age": {"type": "integer"},
        "married": {"type": "boolean"},
    },
    "required": ["name", "city", "age", "married"],
}


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerBase:
    loaded: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)
    return loaded


@pytest.fixture(scope="module")
def model() -> PreTrainedModel:
    loaded: PreTrainedModel = AutoModelForCausalLM.from_pretrained(FOLDER, local_files_only=True)
    return loaded


def test_weights_are_small_and_nothing_else_is_there() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.is_file()}
    assert sizes["model.safetensors"] <= 6 * MEGABYTE
    assert sum(sizes.values()) <= 6 * MEGABYTE
    assert not any(name.endswith((".pt", ".bin", ".py")) for name in sizes)


def test_it_loads_as_float32_with_a_long_context(model: PreTrainedModel) -> None:
    assert model.dtype == torch.float32
    assert model.config.max_position_embeddings >= 2048
    assert type(model).__module__.startswith("transformers.")


def test_special_tokens(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    assert tokenizer.eos_token_id == model.config.eos_token_id
    assert tokenizer.pad_token_id == model.config.pad_token_id
    assert model.generation_config is not None
    assert model.generation_config.eos_token_id == tokenizer.eos_token_id
    assert len(tokenizer) == model.config.vocab_size
    assert tokenizer.eos_token_id not in tokenizer.encode("a")


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_any_text_comes_back(tokenizer: PreTrainedTokenizerBase, text: str) -> None:
    if "<|" not in text:
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_scores_stay_finite_to_the_end_of_the_context(model: PreTrainedModel) -> None:
    length = model.config.max_position_embeddings
    ids = torch.arange(length).remainder(model.config.vocab_size).unsqueeze(0)
    with torch.no_grad():
        scores = model(input_ids=ids).logits
    assert scores.shape == (1, length, model.config.vocab_size)
    assert bool(torch.isfinite(scores).all())


def test_it_reads_a_sentence(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    prompt = render_prompt("Clara Weber is 42 years old, lives in Madrid and is married.", SCHEMA)
    ids = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        made = model.generate(**ids, max_new_tokens=80, do_sample=False)  # type: ignore[operator]
    text = tokenizer.decode(made[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
    assert isinstance(text, str)
    expected = {"name": "Clara Weber", "city": "Madrid", "age": 42, "married": True}
    assert json.loads(text) == expected
    assert text == json.dumps(expected)
