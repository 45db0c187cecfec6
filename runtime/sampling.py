"""From scores and a mask to one token: temperature, top-k, top-p, min-p, the draw.

The order is fixed: mask, temperature, top-k, top-p, min-p, draw. Masking comes first, so that the
truncations choose among tokens that may follow; a truncation that came first could leave none.

Definitions. ``P`` is the softmax of ``logits / temperature`` over the *whole* vocabulary: the
model's law. The law that is sampled is ``P`` restricted to the allowed tokens, then truncated, then
renormalised. Each truncation acts on the renormalised result of the one before; ties go to the
lower id.

- top-k keeps the k most probable tokens (all of them where fewer remain).
- top-p keeps the fewest most probable tokens whose probabilities add up to at least p.
- min-p keeps the tokens whose probability is at least p times that of the most probable one.

Temperature 0 takes the most probable allowed token; ``P`` is then the law at temperature 1.

Cost, V = 128,000 in float32: one exponential over the vocabulary serves the model's law and the
masked one (about 0.25 ms a token in all). Weights are summed by blocks, because a running sum over
the vocabulary alone would cost a millisecond. Where the mask leaves less than 1e-18 of the mass,
the weights are taken anew from the allowed tokens' own maximum, so that nothing underflows.
Rejected: Gumbel noise (a random number for every token of the vocabulary); sampling on the device
(results would depend on it).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammarlib.arguments import LARGEST, real, whole
from grammarlib.runtime.protocol import FloatArray

__all__ = ["Sampling", "choose", "log_probability", "masked_law"]

_BLOCK = 512
_COLDEST = 1e-6
_FAINT = 1e-18
_NUCLEUS = 1024
_SLACK = 1e-6  # more than float32 rounds


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a token is drawn from scores.

    Parameters
    ----------
    temperature : float
        0 for the most probable token, else at least 1e-6.
    top_k : int, optional
        At least 1.
    top_p : float, optional
        In (0, 1].
    min_p : float, optional
        In [0, 1].

    Raises
    ------
    TypeError, ValueError
        If a value is no number, or out of its range.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None

    def __post_init__(self) -> None:
        t = real("temperature", self.temperature)
        if not (t == 0 or (_COLDEST <= t < math.inf)):
            raise ValueError(f"temperature must be 0 (greedy) or at least {_COLDEST:g}, got {t!r}")
        object.__setattr__(self, "temperature", t)  # plain numbers from here on
        if self.top_k is not None:
            object.__setattr__(self, "top_k", min(whole("top_k", self.top_k, 1), LARGEST))
        if self.top_p is not None:
            object.__setattr__(self, "top_p", real("top_p", self.top_p))
            if not 0 < self.top_p <= 1:
                raise ValueError(f"top_p must be in (0, 1], got {self.top_p!r}")
        if self.min_p is not None:
            object.__setattr__(self, "min_p", real("min_p", self.min_p))
            if not 0 <= self.min_p <= 1:
                raise ValueError(f"min_p must be in [0, 1], got {self.min_p!r}")

    @property
    def truncates(self) -> bool:
        """Whether any token can be cut off that the mask allows."""
        return self.top_k is not None or self.top_p is not None or self.min_p is not None


def choose(
    logits: FloatArray, allowed: NDArray[np.bool_], sampling: Sampling, rng: np.random.Generator
) -> tuple[int, float]:
    """Draw a token.

    Parameters
    ----------
    logits : float array [V]
        Logits or log-probabilities; minus infinity is allowed.
    allowed : bool array [V]
    sampling : Sampling
    rng : numpy.random.Generator
        Asked for one number, or none at temperature 0.

    Returns
    -------
    token : int
    logprob : float
        ``log P(token)`` under the model's law (see the head of this module), not the masked one.

    Raises
    ------
    ValueError
        If the scores are not numbers, or give every allowed token the probability 0.
    """
    shifted, weights, log_total = _model_law(logits, sampling.temperature)
    if sampling.temperature == 0:
        masked = np.where(allowed, shifted, -np.inf)
        token = int(masked.argmax())
        if masked[token] == -np.inf:
            raise _all_impossible()
    else:
        weights *= allowed
        weights = _restricted(logits, allowed, weights, sampling)
        token = _draw(weights, rng.random())
    return token, float(shifted[token]) - log_total


def masked_law(
    logits: FloatArray, allowed: NDArray[np.bool_], sampling: Sampling
) -> NDArray[np.float64]:
    """The law that `choose` draws from.

    Parameters are those of `choose`.

    Returns
    -------
    float64 array [V]
        Probabilities; they add up to 1. At temperature 0 a single 1.
    """
    if sampling.temperature == 0:
        law = np.zeros(len(logits))
        law[choose(logits, allowed, sampling, np.random.default_rng(0))[0]] = 1.0
        return law
    weights = _model_law(logits, sampling.temperature)[1]
    weights *= allowed
    law = _restricted(logits, allowed, weights, sampling).astype(np.float64)
    law /= law.sum()
    return law


def log_probability(logits: FloatArray, token: int, temperature: float) -> float:
    """``log P(token)`` under the model's law at this temperature (at 1 where it is 0)."""
    shifted, _, log_total = _model_law(logits, temperature)
    return float(shifted[token]) - log_total


def _model_law(logits: FloatArray, temperature: float) -> tuple[FloatArray, FloatArray, float]:
    """Scores relative to the best one, their exponentials, the logarithm of these' sum."""
    best = logits.max()
    if not np.isfinite(best):  # also where any score is not a number
        raise ValueError(f"the model's scores are unusable: their maximum is {best}")
    shifted = logits - best
    if temperature not in (0, 1):
        with np.errstate(over="ignore"):  # to minus infinity: probability 0
            shifted /= temperature
    weights = np.exp(shifted)
    return shifted, weights, math.log(weights.sum())


def _restricted(
    logits: FloatArray, allowed: NDArray[np.bool_], weights: FloatArray, sampling: Sampling
) -> FloatArray:
    """Weights of the sampled law, given those of the masked one."""
    if weights.sum() < _FAINT:
        masked = np.where(allowed, logits, -np.inf)
        if masked.max() == -np.inf:
            raise _all_impossible()
        weights = _model_law(masked, sampling.temperature)[1]
    return _truncated(weights, sampling) if sampling.truncates else weights


def _truncated(weights: FloatArray, sampling: Sampling) -> FloatArray:
    top_k, top_p, min_p = sampling.top_k, sampling.top_p, sampling.min_p
    mass = float(weights.sum(dtype=np.float64))
    floor = _floor(weights, mass, sampling)
    ids = np.flatnonzero(weights >= floor if floor > 0 else weights)
    kept = weights[ids].astype(np.float64)
    if top_k is not None and top_k < len(kept):
        # The k-th largest splits off all but its own ties; of these the lowest ids fill up.
        threshold = np.partition(kept, -top_k)[-top_k]
        chosen = kept > threshold
        ties = np.flatnonzero(kept == threshold)
        chosen[ties[: top_k - int(chosen.sum())]] = True
        ids, kept = ids[chosen], kept[chosen]
        mass = kept.sum()
    if top_p is not None and top_p < 1:
        if len(kept) > _NUCLEUS:
            # Mostly a few tokens suffice, and no others need sorting.
            above = kept > np.partition(kept, -_NUCLEUS)[-_NUCLEUS]
            if kept[above].sum() > top_p * mass * (1 + _SLACK):
                ids, kept = ids[above], kept[above]
        order = np.argsort(-kept, kind="stable")
        count = int(np.searchsorted(np.cumsum(kept[order]), top_p * mass)) + 1
        chosen = np.sort(order[:count])
        ids, kept = ids[chosen], kept[chosen]
    if min_p is not None:
        ids = ids[kept >= min_p * kept.max()]
    result = np.zeros_like(weights)
    result[ids] = weights[ids]
    return result


def _floor(weights: FloatArray, mass: float, sampling: Sampling) -> float:
    """A weight below which the first truncation keeps nothing; 0 where none is cheap to find."""
    if sampling.top_k is not None:
        maxima = np.maximum.reduceat(weights, np.arange(0, len(weights), _BLOCK))
        # As many blocks hold a token of at least this weight.
        k = sampling.top_k
        return float(np.partition(maxima, -k)[-k]) if k <= len(maxima) else 0.0
    if sampling.top_p is not None:
        # All tokens below weigh too little together for the set to reach them.
        return (1 - sampling.top_p) * mass / len(weights) * (1 - _SLACK)
    if sampling.min_p is not None:
        return sampling.min_p * float(weights.max()) * (1 - _SLACK)
    return 0.0


def _draw(weights: FloatArray, uniform: float) -> int:
    """The token whose share of the mass holds ``uniform`` in [0, 1); never one of weight 0."""
    sums = np.add.reduceat(weights, np.arange(0, len(weights), _BLOCK), dtype=np.float64)
    running = np.cumsum(sums)
    point = uniform * running[-1]
    block = _first_above(running, point)
    if block:
        point -= running[block - 1]
    start = block * _BLOCK
    inside = np.cumsum(weights[start : start + _BLOCK], dtype=np.float64)
    return start + _first_above(inside, point)


def _first_above(running: NDArray[np.float64], point: float) -> int:
    """First place where the running sum exceeds ``point``; its last rise if rounding left none."""
    above = int(np.searchsorted(running, point, side="right"))
    return min(above, int(np.searchsorted(running, running[-1])))


def _all_impossible() -> ValueError:
    return ValueError("the model gives every allowed token the probability 0")
