"""The tensors: copies, dtypes, devices, padded scores, rows that would have no distribution."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

import grammarlib as gl
from grammarlib.runtime.bitmask import unpack_token_bitmask

TOKENS = [*(bytes([b]) for b in range(256)), b"12", None, None, None]
END = 257
VOCAB = gl.Vocabulary.from_tokens(TOKENS, [END], vocab_size=300)
COMPILED = gl.compile(gl.JSONSchema({"enum": [12, 125]}, whitespace="compact"), VOCAB)
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
MINUS = float("-inf")


def ids(*rows: str | list[int]) -> torch.Tensor:
    return torch.tensor([list(row.encode()) if isinstance(row, str) else row for row in rows])


def after(*text: int) -> list[int]:
    """What a matcher of its own allows."""
    matcher = COMPILED.matcher()
    assert all(matcher.accept_token(token) for token in text)
    mask = gl.allocate_token_bitmask(1, VOCAB.vocab_size)
    matcher.fill_next_token_bitmask(mask)
    allowed: list[int] = np.flatnonzero(unpack_token_bitmask(mask[0], VOCAB.vocab_size)).tolist()
    return allowed


def finite(scores: torch.Tensor) -> list[list[int]]:
    return [row.isfinite().nonzero().flatten().tolist() for row in scores]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("width", [258, 300, 320])
def test_what_is_not_allowed_is_minus_infinity_and_nothing_else_changes(
    device: str, dtype: torch.dtype, width: int
) -> None:
    """Scores may be wider than the vocabulary, or narrower where only padding is cut off."""
    torch.manual_seed(3)
    process = gl.LogitsProcessor(COMPILED)
    process(ids("ab", "cd").to(device), torch.zeros(2, width, device=device, dtype=dtype))
    scores = torch.randn(2, width).to(device, dtype)
    before = scores.clone()
    out = process(ids("ab1", "cd1").to(device), scores)
    assert torch.equal(scores, before)
    assert (out.dtype, out.device, out.shape) == (dtype, scores.device, scores.shape)
    allowed = torch.zeros(width, dtype=torch.bool, device=device)
    allowed[after(ord("1"))] = True
    assert torch.equal(out, scores.masked_fill(~allowed, MINUS))


def test_scores_that_miss_a_token_are_refused() -> None:
    process = gl.LogitsProcessor(COMPILED)
    with pytest.raises(ValueError, match="a token 257, but there are only 257 scores"):
        process(ids("a"), torch.zeros(1, 257))
    late = gl.Vocabulary.from_tokens([None, *TOKENS[:256], b"12"], [0])
    with pytest.raises(ValueError, match="a token 257, but there are only 256 scores"):
        gl.LogitsProcessor(gl.compile({"const": 1}, late))(ids("a"), torch.zeros(1, 256))


@pytest.mark.parametrize("shapes", [((3,), (1, 300)), ((1, 3), (300,)), ((2, 3), (1, 300))])
def test_shapes_that_do_not_fit_are_refused(shapes: Any) -> None:
    process = gl.LogitsProcessor(COMPILED)
    with pytest.raises(ValueError, match=r"input_ids must be \[B, T\] and scores \[B, V\]"):
        process(torch.zeros(shapes[0], dtype=torch.long), torch.zeros(shapes[1]))


def test_arguments_are_checked() -> None:
    grammar: Any = {"const": 1}
    with pytest.raises(TypeError, match="a compiled grammar is needed, not dict"):
        gl.LogitsProcessor(grammar)
    with pytest.raises(ValueError, match="prompt_length must be at least 0"):
        gl.LogitsProcessor(COMPILED, prompt_length=-1)
    for length in (2.5, "2", True):
        with pytest.raises(TypeError, match="prompt_length must be a whole number"):
            gl.LogitsProcessor(COMPILED, prompt_length=length)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="scores must be a tensor, not list"):
        gl.LogitsProcessor(COMPILED)(ids("a"), [0.0] * 300)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="input_ids must be whole numbers"):
        gl.LogitsProcessor(COMPILED)(ids("a").float(), torch.zeros(1, 300))
    with pytest.raises(ValueError, match="have no prompt of 2"):
        gl.LogitsProcessor(COMPILED, prompt_length=2)(ids("a"), torch.zeros(1, 300))


def test_a_prompt_length_that_is_too_small_ends_rows_at_once() -> None:
    """The rest of the prompt is read as an answer; docs/integrations.md says so."""
    out = gl.LogitsProcessor(COMPILED, prompt_length=1)(ids("abc"), torch.zeros(1, 300))
    assert finite(out) == [[END]]
    out = gl.LogitsProcessor(COMPILED, prompt_length=3)(ids("abc"), torch.zeros(1, 300))
    assert finite(out) != [[END]]


def test_an_empty_batch_stays_one() -> None:
    out = gl.LogitsProcessor(COMPILED)(torch.zeros(0, 3, dtype=torch.long), torch.zeros(0, 300))
    assert out.shape == (0, 300)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_rows_that_are_over_may_end_again(device: str, dtype: torch.dtype) -> None:
    """Ended and refused rows keep a distribution, also where the end token was forbidden."""
    process = gl.LogitsProcessor(COMPILED, prompt_length=0)
    pad = 259
    rows = torch.tensor([[256, END, pad], [256, ord("x"), END], [256, END, END]], device=device)
    scores = torch.zeros(3, 300, device=device, dtype=dtype)
    scores[1:, END] = torch.tensor([MINUS, 5.0])
    out = process(rows, scores)
    assert finite(out) == [[END]] * 3
    assert out[0, END] == 0
    assert out[2, END] == 5
    assert torch.equal(out.softmax(-1)[:, END], torch.ones(3, device=device, dtype=dtype))


def test_the_grammar_holds_where_others_forbid_all_that_it_allows() -> None:
    """Otherwise the row would have no distribution, and greedy search would take token 0."""
    process = gl.LogitsProcessor(COMPILED)
    scores = torch.full((2, 300), MINUS)
    scores[0, END] = 1.0  # as a forced end token does
    scores[1, ord("1")] = 3.0
    out = process(ids("ab", "cd"), scores)
    assert finite(out) == [after(), [ord("1")]]
    assert out[0, 256] == out[0, ord("1")]
    assert out[1, ord("1")] == 3


def test_the_callers_tensors_may_change_between_calls() -> None:
    """What was passed is not looked at again: beams write their rows into one buffer."""
    process = gl.LogitsProcessor(COMPILED)
    buffer = torch.full((1, 6), ord("q"))
    process(buffer[:, :2], torch.zeros(1, 300))
    buffer[0, 1:3] = torch.tensor([ord("z"), 256])
    assert finite(process(buffer[:, :3], torch.zeros(1, 300))) == [after()]  # a prompt of its own
    buffer[0, 3] = 256
    assert finite(process(buffer[:, :4], torch.zeros(1, 300))) == [after(256)]


def test_a_second_generation_may_have_another_prompt() -> None:
    process = gl.LogitsProcessor(COMPILED)
    for prompt in ([1, 2, 3], [9], [1, 2, 3, 4], [1, 2, 3]):
        for text, allowed in (([], after()), ([256], after(256)), ([256, END], [END])):
            out = process(ids(prompt + text), torch.zeros(1, 300))
            assert finite(out) == [allowed]
    process(ids("ab"), torch.zeros(1, 300))
    assert finite(process(ids("ab1"), torch.zeros(1, 300))) == [after(ord("1"))]
    process.reset()
    assert finite(process(ids("ab1"), torch.zeros(1, 300))) == [after()]


def test_the_class_is_there_without_torch() -> None:
    code = "import grammarlib, sys; grammarlib.LogitsProcessor; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
