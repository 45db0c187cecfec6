"""A batch of sequences on a transformers model: one key-value cache, fed many tokens at a time.

Rows have different lengths, and a step may feed each a different number of tokens (a forced run
here, a single token there). All rows get the same columns; a row with fewer tokens has them at the
right end of the block, and the columns before are masked for good. Position ids count a row's own
tokens only, so every token sees the same past at the same positions as if its row ran alone. While
no column is masked, neither mask nor positions are passed: models then take their fast path.

Holes in the middle of a row are right only for full attention: a sliding window counts columns. So
models with any other kind of layer, or without explicit positions, run each row on a cache of its
own; recurrent layers also take one token at a time after the prompt, because some
implementations restart their state when given more.

Cost: one forward call a step (a row each for those other models); scores come to the host as
float32 [rows, kept positions, V]. A small forward pass on the CPU runs on one thread (torch's
number of threads is set for the call and put back). Rejected: left padding alone with one token a
step (forced tokens would cost a step each); 4-D masks (not every attention implementation takes
them).
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from grammarlib.runtime.protocol import FloatArray, Session

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

__all__ = ["open_session"]

# Parameters times tokens of a forward pass on one thread: below, threads cost more than they give,
# and many times more on a busy machine, where each waits for the others.
_SERIAL_WORK = 100_000_000
_CACHE_NAMES = ("past_key_values", "cache_params")


def open_session(model: PreTrainedModel, rows: int) -> Session:
    """A session of ``rows`` empty sequences on this model.

    Raises
    ------
    TypeError
        If the model's forward pass takes no cache.
    """
    parameters = inspect.signature(model.forward).parameters
    if not any(name in parameters for name in _CACHE_NAMES):
        raise TypeError(f"{type(model).__name__} has no cache: it takes none of {_CACHE_NAMES}")
    kinds = _layer_kinds(model)
    if kinds <= {"DynamicLayer"} and "position_ids" in parameters:
        return _Batch(model, rows)
    stepwise = not kinds <= {"DynamicLayer", "DynamicSlidingWindowLayer"}
    return _Separate([_Batch(model, 1, stepwise) for _ in range(rows)])


def _layer_kinds(model: PreTrainedModel) -> set[str]:
    from transformers import DynamicCache

    return {type(layer).__name__ for layer in DynamicCache(config=model.config).layers}


class _Batch:
    """Rows on one cache. ``stepwise`` feeds a single row token by token after the prompt."""

    def __init__(self, model: PreTrainedModel, rows: int, stepwise: bool = False) -> None:
        self._model = model
        self._lengths = [0] * rows
        self._columns = 0
        self._stepwise = stepwise
        self._cache: Any = None
        self._mask: torch.Tensor | None = None  # int64 [rows, columns]; None while all are 1
        parameters = inspect.signature(model.forward).parameters
        self._slices = "logits_to_keep" in parameters
        self._size = sum(parameter.numel() for parameter in model.parameters())
        self._cache_name = next(name for name in _CACHE_NAMES if name in parameters)

    def extend(self, tokens: Sequence[Sequence[int]], keep: Sequence[int]) -> list[FloatArray]:
        if self._stepwise and self._columns and len(tokens[0]) > 1:
            steps = [self._feed([[token]], 1)[0] for token in tokens[0]]
            return [np.concatenate(steps[-keep[0] :])]
        most = max(keep)
        scores = self._feed(tokens, most)
        return [scores[row, most - count :] for row, count in enumerate(keep)]

    def select(self, rows: Sequence[int]) -> None:
        import torch

        self._lengths = [self._lengths[row] for row in rows]
        if self._cache is not None:
            index = torch.tensor(rows, dtype=torch.int64, device=self._model.device)
            self._cache.batch_select_indices(index)
            if self._mask is not None:
                self._mask = self._mask[index]

    def _feed(self, tokens: Sequence[Sequence[int]], most: int) -> FloatArray:
        """Run the model on one block; scores of its last columns, float32 [rows, most, V]."""
        import torch

        device = self._model.device
        width = max(map(len, tokens))
        ids = np.zeros((len(tokens), width), dtype=np.int64)
        for row, new in enumerate(tokens):
            ids[row, width - len(new) :] = new
        inputs: dict[str, Any] = {
            "input_ids": torch.from_numpy(ids).to(device),
            self._cache_name: self._cache,
        }
        if self._mask is None and any(len(new) < width for new in tokens):
            self._mask = torch.ones((len(tokens), self._columns), dtype=torch.int64, device=device)
        if self._mask is not None:
            # Column c of the block holds the token number (length + c - pads) of its row.
            positions = np.array(
                [
                    np.arange(length - (width - len(new)), length + len(new))
                    for length, new in zip(self._lengths, tokens, strict=True)
                ]
            )
            starts = np.array([[width - len(new)] for new in tokens])
            block = (np.arange(width) >= starts).astype(np.int64)
            self._mask = torch.cat([self._mask, torch.from_numpy(block).to(device)], dim=1)
            inputs["attention_mask"] = self._mask
            inputs["position_ids"] = torch.from_numpy(np.maximum(positions, 0)).to(device)
        if self._slices:
            inputs["logits_to_keep"] = most
        threads = torch.get_num_threads()
        serial = device.type == "cpu" and threads > 1 and ids.size * self._size < _SERIAL_WORK
        if serial:
            torch.set_num_threads(1)
        try:
            with torch.inference_mode():
                output = self._model(**inputs, use_cache=True, return_dict=True)
        finally:
            if serial:
                torch.set_num_threads(threads)
        self._cache = output[self._cache_name]
        self._columns += width
        self._lengths = [
            length + len(new) for length, new in zip(self._lengths, tokens, strict=True)
        ]
        scores: FloatArray = output.logits[:, -most:].float().cpu().numpy()
        return scores


class _Separate:
    """Rows on caches of their own."""

    def __init__(self, rows: list[_Batch]) -> None:
        self._rows = rows

    def extend(self, tokens: Sequence[Sequence[int]], keep: Sequence[int]) -> list[FloatArray]:
        return [
            row.extend([new], [count])[0]
            for row, new, count in zip(self._rows, tokens, keep, strict=True)
        ]

    def select(self, rows: Sequence[int]) -> None:
        self._rows = [self._rows[row] for row in rows]
