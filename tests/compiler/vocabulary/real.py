"""Vocabularies of real size that are at hand: Tekken in mistral-common, Llama 3 in ../shared."""

from __future__ import annotations

import base64
import json
import lzma
from functools import cache
from pathlib import Path

import mistral_common
import pytest
import tiktoken

MISTRAL_DATA = Path(mistral_common.__file__).parent / "data"
SHARED_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

# The split pattern published with Llama 3.
LLAMA3_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3_SPECIAL = {
    "<|begin_of_text|>": 128000,
    "<|end_of_text|>": 128001,
    "<|eot_id|>": 128009,
    **{f"<|reserved_{i}|>": i for i in range(128010, 128256)},
}


@cache
def tekken() -> tiktoken.Encoding:
    """Mistral's Tekken: 131,072 ids, of which the first thousand are special."""
    model = json.loads((MISTRAL_DATA / "tekken_240911.json").read_text())
    config = model["config"]
    special = config["default_num_special_tokens"]
    ordinary = model["vocab"][: config["default_vocab_size"] - special]
    return tiktoken.Encoding(
        "tekken",
        pat_str=config["pattern"],
        mergeable_ranks={
            base64.b64decode(entry["token_bytes"]): entry["rank"] + special for entry in ordinary
        },
        special_tokens={f"<special_{i}>": i for i in range(special)},
    )


@cache
def llama3_tokens() -> list[bytes]:
    """The 128,000 byte strings of Llama 3, in rank order; skips where the file is absent."""
    path = SHARED_DATA / "llama3.tiktoken.xz"
    if not path.exists():
        pytest.skip("needs ../shared/data/llama3.tiktoken.xz")
    with lzma.open(path) as lines:
        return [base64.b64decode(line.split()[0]) for line in lines]


@cache
def llama3() -> tiktoken.Encoding:
    """Llama 3 as a tiktoken encoding."""
    ranks = {token: rank for rank, token in enumerate(llama3_tokens())}
    return tiktoken.Encoding(
        "llama3",
        pat_str=LLAMA3_PATTERN,
        mergeable_ranks=ranks,
        special_tokens=LLAMA3_SPECIAL,
    )
