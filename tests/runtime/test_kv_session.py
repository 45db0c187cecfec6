"""Sessions of every kind of cache against the plain forward pass of each row alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import transformers

from grammarlib.runtime.kv_session import open_session

SMALL: dict[str, Any] = {
    "vocab_size": 50,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "initializer_range": 0.3,
}


def model_of(kind: str) -> Any:
    torch.manual_seed(5)
    model: Any
    config: Any
    if kind == "llama":
        model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**SMALL))
    elif kind == "absolute positions":
        config = transformers.GPT2Config(
            vocab_size=50, n_positions=64, n_embd=32, n_layer=2, n_head=4, initializer_range=0.3
        )
        model = transformers.GPT2LMHeadModel(config)
    elif kind == "sliding window":
        config = transformers.MistralConfig(**SMALL, sliding_window=4)
        model = transformers.MistralForCausalLM(config)
    elif kind == "alibi":
        config = transformers.BloomConfig(
            vocab_size=50, hidden_size=32, n_layer=2, n_head=4, initializer_range=0.3
        )
        model = transformers.BloomForCausalLM(config)
    elif kind == "recurrent":
        config = transformers.MambaConfig(
            vocab_size=50, hidden_size=32, state_size=8, num_hidden_layers=2, initializer_range=0.3
        )
        model = transformers.MambaForCausalLM(config)
    else:
        assert kind == "hybrid"
        config = transformers.Qwen3NextConfig(
            **SMALL,
            head_dim=8,
            layer_types=["linear_attention", "full_attention"],
            linear_num_value_heads=2,
            linear_num_key_heads=2,
            linear_key_head_dim=8,
            linear_value_head_dim=8,
            num_experts=2,
            num_experts_per_tok=1,
            moe_intermediate_size=16,
            shared_expert_intermediate_size=16,
        )
        model = transformers.Qwen3NextForCausalLM(config)
    return model.eval()


@pytest.mark.parametrize(
    "kind", ["llama", "absolute positions", "sliding window", "alibi", "recurrent", "hybrid"]
)
def test_ragged_batches_equal_single_forwards(kind: str) -> None:
    """Rows of unlike lengths, unlike steps, rows dropped and reordered."""
    model = model_of(kind)
    rng = np.random.default_rng(1)
    rows = [rng.integers(0, 50, n).tolist() for n in (7, 2, 4, 1)]
    session = open_session(model, len(rows))
    new = [list(row) for row in rows]
    for step in range(8):
        keep = [int(rng.integers(1, len(tokens) + 1)) for tokens in new]
        scores = session.extend(new, keep)
        for row, count, got in zip(rows, keep, scores, strict=True):
            with torch.no_grad():
                alone = model(torch.tensor([row])).logits[0, -count:].numpy()
            assert got.shape == (count, 50)
            np.testing.assert_allclose(got, alone, atol=2e-4)
        if step == 2:
            session.select([0, 2, 3])
            rows = [rows[0], rows[2], rows[3]]
        if step == 5:
            session.select([2, 1])
            rows = [rows[2], rows[1]]
        # Steps 3 and 4 feed one token each, so that the masked columns are in the past only.
        new = [
            rng.integers(0, 50, 1 if step in (3, 4) else n + 1).tolist() for n in range(len(rows))
        ]
        for row, tokens in zip(rows, new, strict=True):
            row += tokens


def test_a_model_without_a_cache_is_refused() -> None:
    class Bare(torch.nn.Module):
        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            return input_ids

    with pytest.raises(TypeError, match="no cache"):
        open_session(Bare(), 1)  # type: ignore[arg-type]
