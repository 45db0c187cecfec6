"""A tiny random Llama with a byte-level tokenizer trained here, saved to disk and loaded back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tokenizers
import torch
import transformers

from grammarlib.runtime.model import Model

CORPUS = [
    '{"name": "Ada Lovelace", "age": 36, "city": "London"}',
    '{"items": [{"sku": "A-1", "count": 2}, {"sku": "B-7", "count": 12}], "paid": true}',
    "Schema: Text: JSON: the person named Zoë lives in Málaga and ordered two coffees ☕",
] * 20


def save_tiny_model(folder: Path, context: int = 256, **config: Any) -> Path:
    """A Llama of two layers; ids 0 and 1 are end tokens, and the scores are padded past the ids."""
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=330,
        special_tokens=["<end>", "<turn>", "<begin>"],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    make: Any = transformers.PreTrainedTokenizerFast  # untyped
    fast = make(tokenizer_object=tokenizer, eos_token="<end>", additional_special_tokens=["<turn>"])
    fast.save_pretrained(folder)
    torch.manual_seed(11)
    model = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=tokenizer.get_vocab_size() + 7,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=context,
            initializer_range=0.2,
            **config,
        )
    )
    model.generation_config.eos_token_id = [0, 1]
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Model:
    return Model.from_pretrained(tiny_folder)
