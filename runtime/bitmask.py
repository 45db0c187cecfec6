"""Token bitmasks: allocate, fill for a batch, apply to logits, unpack.

The format is the one the serving stacks share: int32 [batch, ceil(V/32)], bit ``t % 32`` of word
``t // 32`` set where token ``t`` is allowed. Numpy arrays are native here; anything else is taken
for a torch tensor, and torch is imported only then. Unpacking reads the words as bytes and so
supposes a little-endian machine, as the wheels do.

Cost at V = 128,000: unpacking 7 µs a row, applying to a numpy row about 80 µs. Rejected: a mask as
bool[V] (eight times the memory to fill and to send to a device).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from grammarlib._core import Matcher, fill_batch
from grammarlib.arguments import members, whole
from grammarlib.compiler.vocabulary.table import MAX_WIDTH
from grammarlib.runtime.protocol import FloatArray, MatcherProtocol

if TYPE_CHECKING:
    import torch

__all__ = [
    "allocate_token_bitmask",
    "apply_token_bitmask_inplace",
    "fill_next_token_bitmask_batch",
    "unpack_token_bitmask",
]


_ROWS = 2**31 - 1  # beyond any batch, and within what an array can be asked for


def allocate_token_bitmask(batch: int, vocab_size: int) -> NDArray[np.int32]:
    """A fresh mask in which every token is allowed.

    Parameters
    ----------
    batch : int
        Number of rows, at least 1.
    vocab_size : int
        Number of token ids, at least 1.

    Returns
    -------
    int32 array [batch, ceil(vocab_size / 32)]
        Filled with -1, except that the bits at and past ``vocab_size`` are 0.

    Raises
    ------
    TypeError, ValueError
        If either is no whole number, or out of range.
    """
    batch = whole("batch", batch, 1, _ROWS)
    vocab_size = whole("vocab_size", vocab_size, 1, MAX_WIDTH)
    mask = np.full((batch, -(-vocab_size // 32)), -1, dtype=np.int32)
    if vocab_size % 32:
        mask[:, -1] = (1 << vocab_size % 32) - 1
    return mask


def fill_next_token_bitmask_batch(
    matchers: Sequence[MatcherProtocol], mask: NDArray[np.int32] | torch.Tensor
) -> None:
    """Fill row ``i`` of ``mask`` from ``matchers[i]``.

    Parameters
    ----------
    matchers : sequence of matchers
    mask : int32 array or CPU tensor [batch, ceil(V/32)]
        ``batch`` is at least ``len(matchers)``; further rows are left as they are.

    Raises
    ------
    ValueError
        If the mask has fewer rows than there are matchers.
    TypeError
        If it is no mask, or something in the list is no matcher.
    """
    array = _on_host("mask", mask)
    matchers = list(members("matchers", matchers, "a list of matchers"))
    if array.ndim != 2:
        raise ValueError(f"a mask for a batch is int32 [batch, words], not {list(array.shape)}")
    if len(matchers) > len(array):
        raise ValueError(f"{len(matchers)} matchers do not fit a mask of {len(array)} rows")
    compiled = [matcher for matcher in matchers if isinstance(matcher, Matcher)]
    if len(compiled) == len(matchers):
        fill_batch(compiled, array)
        return
    for row, matcher in enumerate(matchers):
        if not hasattr(matcher, "fill_next_token_bitmask"):
            raise TypeError(f"matchers[{row}] must be a matcher, not {type(matcher).__name__}")
        matcher.fill_next_token_bitmask(array, row)


def _on_host(name: str, array: NDArray[Any] | torch.Tensor) -> NDArray[Any]:
    """An array as it is, a tensor on the CPU as an array of the same memory."""
    if isinstance(array, np.ndarray):
        return array
    if not hasattr(array, "numpy"):
        raise TypeError(f"{name} must be an array or a tensor, not {type(array).__name__}")
    return array.numpy()


def unpack_token_bitmask(mask: NDArray[np.int32], vocab_size: int) -> NDArray[np.bool_]:
    """The mask as booleans.

    Parameters
    ----------
    mask : int32 array [..., W]
    vocab_size : int
        Width of the result; tokens past the mask's width are not allowed.

    Returns
    -------
    bool array [..., vocab_size]
    """
    if mask.dtype != np.int32:
        raise ValueError(f"a token bitmask has dtype int32, not {mask.dtype}")
    octets = np.ascontiguousarray(mask).view(np.uint8)
    bits = np.unpackbits(octets, axis=-1, bitorder="little").view(np.bool_)
    missing = vocab_size - bits.shape[-1]
    if missing > 0:
        return np.pad(bits, [(0, 0)] * (bits.ndim - 1) + [(0, missing)])
    return bits[..., :vocab_size]


def apply_token_bitmask_inplace(
    logits: FloatArray | torch.Tensor, mask: NDArray[np.int32] | torch.Tensor
) -> None:
    """Set the logits of forbidden tokens to minus infinity.

    Parameters
    ----------
    logits : float array or tensor [V'] or [B, V']
        Changed in place. Ids at and past the mask's width are forbidden too, so padding that the
        vocabulary does not know is never sampled.
    mask : int32 array or tensor [W], [1, W] or [B, W]
        One row for all, or one each. Numpy or torch, whatever the logits are.

    Raises
    ------
    ValueError
        If the shapes do not fit or the dtypes are not floating and int32.
    TypeError
        If either is no array and no tensor.
    """
    for name, given in (("logits", logits), ("mask", mask)):
        if not (isinstance(given, np.ndarray) or hasattr(given, "cpu")):
            raise TypeError(f"{name} must be an array or a tensor, not {type(given).__name__}")
    if logits.ndim not in (1, 2) or mask.ndim not in (1, 2):
        raise ValueError("logits must be [V] or [B, V], and a mask [W] or [B, W]")
    batch = 1 if logits.ndim == 1 else len(logits)
    if mask.ndim == 2 and len(mask) not in (1, batch):
        raise ValueError(f"a mask of {len(mask)} rows does not fit logits of {batch} rows")
    if not isinstance(logits, np.ndarray):
        if not logits.is_floating_point():
            raise ValueError(f"logits must be floating, not {logits.dtype}")
        forbidden = _forbidden_on_device(logits, mask)
        logits.masked_fill_(forbidden.reshape(-1) if logits.ndim == 1 else forbidden, -np.inf)
        return
    if not np.issubdtype(logits.dtype, np.floating):
        raise ValueError(f"logits must be floating, not {logits.dtype}")
    array = mask if isinstance(mask, np.ndarray) else mask.cpu().numpy()
    allowed = unpack_token_bitmask(array, logits.shape[-1])
    if logits.ndim == 1:
        allowed = allowed.reshape(-1)
    np.copyto(logits, -np.inf, where=~allowed)


def _forbidden_on_device(
    logits: torch.Tensor, mask: NDArray[np.int32] | torch.Tensor
) -> torch.Tensor:
    """The complement of the mask as booleans on the logits' device, [1 or B, V']."""
    import torch

    width = logits.shape[-1]
    packed = torch.from_numpy(mask) if isinstance(mask, np.ndarray) else mask
    if packed.dtype != torch.int32:
        raise ValueError(f"a token bitmask has dtype int32, not {packed.dtype}")
    packed = packed.reshape(-1, packed.shape[-1])
    if logits.device.type == "cpu":
        return torch.from_numpy(~unpack_token_bitmask(packed.cpu().numpy(), width))
    # Sent packed and unpacked over there: an eighth of the bytes cross the bus.
    packed = packed.to(logits.device, non_blocking=True)
    bits = (packed.unsqueeze(-1) >> torch.arange(32, device=logits.device, dtype=torch.int32)) & 1
    forbidden = bits.flatten(1)[:, :width] == 0
    return torch.nn.functional.pad(forbidden, (0, width - forbidden.shape[1]), value=True)
