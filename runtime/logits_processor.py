"""``LogitsProcessor``: a grammar for transformers' ``generate``.

Only the tensors are handled here; what a row of token ids allows is `PrefixMasks`'s to say. No
assertion is made about how rows change from call to call: beams swap them, an assistant model
shares its main model's processor, prompt lookup asks ahead and then asks again, finished rows go on
with padding.

The scores are copied, never changed: prompt lookup puts the same ones to all positions of a draft.

No row is left with nothing but minus infinity, which has no distribution: sampling would stop with
an error, and greedy search would take token 0. A row that is over may end again; where other
processors have forbidden all that the grammar allows, the grammar's tokens get one low score. (A
beam that the grammar refused has probability 0 already, and keeps it.)

Neither torch nor transformers is imported: ``generate`` calls whatever is callable. Rejected: a
subclass of transformers' class (the module could not be imported without it), and scores that leave
out the copy where nobody else holds them (no way to know).

Cost of a call beside `PrefixMasks`: the token ids come to the host, the packed masks go to the
device, one copy of the scores and two passes over it (0.2 ms a row of 128,000 on a CPU).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grammarlib.arguments import whole
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.runtime.bitmask import apply_token_bitmask_inplace
from grammarlib.runtime.prefix_masks import PrefixMasks

if TYPE_CHECKING:
    import torch

__all__ = ["LogitsProcessor"]

_LOW = -1e4
"""A score that loses to every usual one, and that float16 can hold."""


class LogitsProcessor:
    """Restricts transformers' ``generate`` to a grammar, as ``logits_processor=[...]``.

    Serves greedy search, sampling, beams, several return sequences, left-padded batches, an
    assistant model of the same tokenizer, and prompt lookup. One object serves one ``generate`` at
    a time.

    Parameters
    ----------
    compiled : CompiledGrammar
        Compiled against the model's vocabulary, with the end tokens that ``generate`` stops at.
    prompt_length : int, optional
        Columns of ``input_ids`` before the text, padding included. Without it, a text begins at the
        end of every row that is not a row seen before, or one extended by one token. With it, the
        prompt may be followed by a text's beginning, and rows may grow by any number of tokens.

    Raises
    ------
    TypeError
        If the grammar is not compiled, or ``prompt_length`` is no whole number.
    ValueError
        If ``prompt_length`` is negative.
    """

    supports_continuous_batching = False  # it would pass tokens without their prefixes

    def __init__(self, compiled: CompiledGrammar, *, prompt_length: int | None = None) -> None:
        if not isinstance(compiled, CompiledGrammar):
            raise TypeError(f"a compiled grammar is needed, not {type(compiled).__name__}")
        if prompt_length is not None:
            prompt_length = whole("prompt_length", prompt_length, 0)
        tokens = compiled.vocab.table.tokens
        spelled = (i for i in range(len(tokens) - 1, -1, -1) if tokens[i] is not None)
        self._last_id = max(next(spelled, 0), *compiled.vocab.eos_ids)
        self._prefixes = PrefixMasks(compiled, prompt_length)

    def reset(self) -> None:
        """Forget every row: the next call begins texts."""
        self._prefixes.reset()

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Forbid what the grammar forbids.

        Parameters
        ----------
        input_ids : integer tensor [B, T]
        scores : float tensor [B, V]
            On any device; as wide as the vocabulary's last id needs, or wider.

        Returns
        -------
        float tensor [B, V]
            A copy, with minus infinity at what is not allowed.

        Raises
        ------
        TypeError
            If either is no tensor, or the ids are no whole numbers.
        ValueError
            If the shapes do not fit each other or the vocabulary, or the rows are shorter than
            ``prompt_length``.
        """
        for name, tensor in (("input_ids", input_ids), ("scores", scores)):
            if not hasattr(tensor, "cpu"):
                raise TypeError(f"{name} must be a tensor, not {type(tensor).__name__}")
        if input_ids.ndim != 2 or scores.ndim != 2 or len(input_ids) != len(scores):
            raise ValueError(
                "input_ids must be [B, T] and scores [B, V],"
                f" not {list(input_ids.shape)} and {list(scores.shape)}"
            )
        if input_ids.is_floating_point() or input_ids.is_complex():
            raise TypeError(f"input_ids must be whole numbers, not {input_ids.dtype}")
        if scores.shape[1] <= self._last_id:
            raise ValueError(
                f"the grammar's vocabulary has a token {self._last_id},"
                f" but there are only {scores.shape[1]} scores"
            )
        allowed = scores.clone()
        if len(input_ids):
            # A copy, since the caller may write on into what it passed.
            mask = self._prefixes.masks(np.array(input_ids.cpu().numpy(), np.int64, order="C"))
            apply_token_bitmask_inplace(allowed, mask)
            barred = allowed.amax(dim=-1) == -np.inf
            if barred.any():
                rows = barred.nonzero().flatten()
                low = allowed.new_full((len(rows), allowed.shape[1]), _LOW)
                apply_token_bitmask_inplace(low, mask[rows.cpu().numpy()])
                allowed[rows] = low
        return allowed
