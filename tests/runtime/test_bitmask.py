"""Masks against booleans, in numpy and in torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.runtime.bitmask import (
    allocate_token_bitmask,
    apply_token_bitmask_inplace,
    fill_next_token_bitmask_batch,
    unpack_token_bitmask,
)
from tests.runtime.finite import FiniteLanguage


@pytest.mark.parametrize("size", [1, 31, 32, 33, 64, 100])
def test_a_fresh_mask_allows_the_vocabulary_and_nothing_else(size: int) -> None:
    mask = allocate_token_bitmask(3, size)
    assert mask.dtype == np.int32
    assert mask.shape == (3, -(-size // 32))
    bits = unpack_token_bitmask(mask, 128)
    assert bits[:, :size].all()
    assert not bits[:, size:].any()


@pytest.mark.parametrize(("batch", "size"), [(0, 5), (1, 0), (-1, 5)])
def test_sizes_below_one_are_refused(batch: int, size: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        allocate_token_bitmask(batch, size)


@pytest.mark.parametrize("size", [True, 2.5, "3", None])
def test_sizes_of_another_type_are_refused(size: Any) -> None:
    with pytest.raises(TypeError, match="batch must be a whole number"):
        allocate_token_bitmask(size, 3)
    with pytest.raises(TypeError, match="vocab_size must be a whole number"):
        allocate_token_bitmask(3, size)


def test_sizes_beyond_all_models_are_refused() -> None:
    with pytest.raises(ValueError, match="batch must be at most"):
        allocate_token_bitmask(2**62, 100)
    with pytest.raises(ValueError, match="vocab_size must be at most"):
        allocate_token_bitmask(1, 2**40)


def test_what_is_no_mask_is_refused() -> None:
    wrong: Any
    for wrong in (None, [0], bytearray(8)):
        with pytest.raises(TypeError, match="mask must be an array or a tensor"):
            fill_next_token_bitmask_batch([], wrong)
        with pytest.raises(TypeError, match="mask must be an array or a tensor"):
            apply_token_bitmask_inplace(np.zeros(3), wrong)
        with pytest.raises(TypeError, match="logits must be an array or a tensor"):
            apply_token_bitmask_inplace(wrong, np.zeros(1, np.int32))
    mask = allocate_token_bitmask(1, 3)
    with pytest.raises(TypeError, match="matchers must be a list of matchers, not int"):
        fill_next_token_bitmask_batch(1, mask)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"matchers\[0\] must be a matcher, not str"):
        fill_next_token_bitmask_batch(["x"], mask)  # type: ignore[list-item]
    with pytest.raises(ValueError, match=r"int32 \[batch, words\], not \[1, 1, 1\]"):
        fill_next_token_bitmask_batch([], mask[None])
    with pytest.raises(ValueError, match="logits must be"):
        apply_token_bitmask_inplace(np.array(1.0), mask)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    rows=st.integers(1, 3),
    words=st.integers(1, 3),
    width=st.integers(1, 130),
    shape=st.sampled_from(["row", "shared", "each"]),
    kind=st.sampled_from(["float32", "float64", "float16", "torch32", "bfloat16", "torch mask"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_applying_forbids_exactly_what_the_bits_do_not_allow(
    rows: int, words: int, width: int, shape: str, kind: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    mask = rng.integers(-(2**31), 2**31, (1 if shape != "each" else rows, words), dtype=np.int32)
    values = rng.integers(-50, 50, (rows, width)).astype(np.float32)
    if shape == "row":
        values, mask = values[0], mask[0]
    every = np.broadcast_to(np.atleast_2d(mask), (1 if values.ndim == 1 else rows, words))
    expected = np.array(
        [
            [t < 32 * words and int(row[t // 32]) >> (t % 32) & 1 == 1 for t in range(width)]
            for row in every
        ]
    ).reshape(values.shape)
    if kind.startswith("float"):
        array = values.astype(kind)
        apply_token_bitmask_inplace(array, mask)
        result = array.astype(np.float64)
    else:
        tensor = torch.from_numpy(values.copy())
        tensor = tensor.bfloat16() if kind == "bfloat16" else tensor
        packed = torch.from_numpy(mask) if kind == "torch mask" else mask
        apply_token_bitmask_inplace(tensor, packed)
        result = tensor.double().numpy()
    np.testing.assert_array_equal(result, np.where(expected, values, -np.inf))


def test_shapes_and_types_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 rows does not fit logits of 3"):
        apply_token_bitmask_inplace(np.zeros((3, 8)), np.zeros((2, 1), np.int32))
    with pytest.raises(ValueError, match=r"\[B, V\]"):
        apply_token_bitmask_inplace(np.zeros((1, 3, 8)), np.zeros((2, 1), np.int32))
    with pytest.raises(ValueError, match="floating"):
        apply_token_bitmask_inplace(np.zeros(8, dtype=int), np.zeros(1, np.int32))
    with pytest.raises(ValueError, match="floating"):
        apply_token_bitmask_inplace(torch.zeros(8, dtype=torch.int64), np.zeros(1, np.int32))
    with pytest.raises(ValueError, match="int32"):
        apply_token_bitmask_inplace(np.zeros(8), np.zeros(1, np.int64))
    with pytest.raises(ValueError, match="int32"):
        apply_token_bitmask_inplace(torch.zeros(8), torch.zeros(1, dtype=torch.int64))


@pytest.mark.parametrize("as_tensor", [False, True])
def test_a_batch_is_filled_row_by_row(as_tensor: bool) -> None:
    vocab = Vocabulary.from_tokens([b"a", b"b", b"ab", None, b""], [3])
    matchers = [FiniteLanguage(vocab, texts).matcher() for texts in (["ab"], ["b", ""])]
    mask = allocate_token_bitmask(3, vocab.vocab_size)
    fill_next_token_bitmask_batch(matchers, torch.from_numpy(mask) if as_tensor else mask)
    assert unpack_token_bitmask(mask, 5).astype(int).tolist() == [
        [1, 0, 1, 0, 0],
        [0, 1, 0, 1, 0],
        [1, 1, 1, 1, 1],
    ]
    with pytest.raises(ValueError, match="2 matchers do not fit"):
        fill_next_token_bitmask_batch(matchers, mask[:1])
