"""The sampled law against a slow, obvious one, and the draw against the law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grammarlib.runtime.sampling import Sampling, choose, log_probability, masked_law


def slow_law(
    logits: NDArray[np.float64], allowed: NDArray[np.bool_], sampling: Sampling
) -> NDArray[np.float64]:
    """The definitions, one after the other, on a list of (probability, token)."""
    ids = [t for t in range(len(logits)) if allowed[t]]
    best = max(logits[t] for t in ids)
    if sampling.temperature == 0:
        ids = [next(t for t in ids if logits[t] == best)]
    divisor = sampling.temperature or 1.0
    law = {t: math.exp((logits[t] - best) / divisor) for t in ids}

    def normal(law: dict[int, float]) -> dict[int, float]:
        total = sum(law.values())
        return {t: p / total for t, p in law.items()}

    def ranked(law: dict[int, float]) -> list[int]:
        return sorted(law, key=lambda t: (-law[t], t))

    law = normal({t: p for t, p in law.items() if p > 0})
    if sampling.top_k is not None:
        law = normal({t: law[t] for t in ranked(law)[: sampling.top_k]})
    if sampling.top_p is not None and sampling.top_p < 1:
        kept, mass = [], 0.0
        for t in ranked(law):
            kept.append(t)
            mass += law[t]
            if mass >= sampling.top_p:
                break
        law = normal({t: law[t] for t in kept})
    if sampling.min_p is not None:
        floor = sampling.min_p * max(law.values())
        law = normal({t: p for t, p in law.items() if p >= floor})
    return np.array([law.get(t, 0.0) for t in range(len(logits))])


samplings = st.builds(
    Sampling,
    temperature=st.sampled_from([0, 0.3, 1.0, 2.5]),
    top_k=st.none() | st.integers(1, 12),
    # Odd fractions, so that no sum of probabilities lies on the bound but for rounding.
    top_p=st.none() | st.sampled_from([0.0713, 0.3137, 0.7719, 0.9341, 1.0]),
    min_p=st.none() | st.sampled_from([0.0, 0.0517, 0.2971, 1.0]),
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(
    logits=st.lists(st.integers(-8, 8), min_size=1, max_size=20),
    bits=st.integers(min_value=0),
    sampling=samplings,
)
def test_the_law_is_the_one_defined(logits: list[int], bits: int, sampling: Sampling) -> None:
    scores = np.array(logits, dtype=np.float64) / 3
    allowed = np.array([bits >> t & 1 == 1 for t in range(len(scores))])
    allowed[bits % len(scores)] = True
    expected = slow_law(scores, allowed, sampling)
    np.testing.assert_allclose(masked_law(scores, allowed, sampling), expected, atol=1e-12)


@pytest.mark.parametrize("spread", [0.1, 1.0, 4.0])
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(top_k=3),
        Sampling(top_k=40, top_p=0.9137),
        Sampling(top_k=2000, min_p=0.0213),
        Sampling(top_p=0.1137),
        Sampling(top_p=0.9437, min_p=0.1371),
        Sampling(0.6, min_p=0.2137),
    ],
)
def test_the_law_is_the_one_defined_over_many_tokens(
    sampling: Sampling, tied: bool, spread: float
) -> None:
    """Over several blocks, and with more candidates than are sorted at first."""
    rng = np.random.default_rng(7)
    logits = rng.normal(0, spread, 3000)
    logits = np.round(logits * 4) / 4 if tied else logits
    allowed = rng.random(3000) < 0.9
    expected = slow_law(logits, allowed, sampling)
    np.testing.assert_allclose(masked_law(logits, allowed, sampling), expected, atol=1e-12)


@pytest.mark.parametrize(
    "sampling",
    [Sampling(), Sampling(0.5, top_k=700), Sampling(top_p=0.6), Sampling(1.5, min_p=0.02)],
    ids=["plain", "top_k", "top_p", "min_p"],
)
def test_draws_follow_the_law_over_several_blocks(sampling: Sampling) -> None:
    """G-test of 20,000 draws over 1,500 tokens; the statistic stays within five deviations."""
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, 1500)
    allowed = rng.random(1500) < 0.5
    law = masked_law(logits, allowed, sampling)
    draws = 20_000
    counts = np.zeros(1500)
    for _ in range(draws):
        token, logprob = choose(logits, allowed, sampling, rng)
        counts[token] += 1
        assert law[token] > 0
    assert logprob == pytest.approx(log_probability(logits, token, sampling.temperature))
    # Rare tokens share a cell, so that the statistic is near its limiting law.
    rare = law * draws < 8
    observed = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(law[~rare], law[rare].sum()) * draws
    seen = observed > 0
    g = 2 * float((observed[seen] * np.log(observed[seen] / expected[seen])).sum())
    freedom = int((expected > 0).sum()) - 1
    assert abs(g - freedom) < 5 * math.sqrt(2 * freedom)


def test_logprob_is_under_the_whole_vocabulary() -> None:
    logits = np.array([1.0, 2.0, -1.0, 0.5])
    allowed = np.array([False, False, True, False])
    rng = np.random.default_rng(0)
    for temperature in (0, 0.5, 1.0):
        token, logprob = choose(logits, allowed, Sampling(temperature, top_k=1), rng)
        scaled = logits / (temperature or 1)
        assert token == 2
        assert logprob == pytest.approx(scaled[2] - math.log(np.exp(scaled).sum()))


@pytest.mark.parametrize("temperature", [1.0, 1e-6])
def test_a_faint_allowed_set_keeps_its_own_law(temperature: float) -> None:
    """The allowed tokens together have a probability that float32 cannot hold."""
    scale = 200 * temperature
    logits = np.array([scale, 0.0, 0.0, -scale], dtype=np.float32)
    allowed = np.array([False, True, True, True])
    law = masked_law(logits, allowed, Sampling(temperature))
    np.testing.assert_allclose(law, [0, 0.5, 0.5, 0], atol=1e-30)
    assert choose(logits, allowed, Sampling(temperature), np.random.default_rng(1))[0] in (1, 2)


def test_equal_scores_go_to_the_lower_id() -> None:
    logits = np.zeros(8)
    allowed = np.array([False, True, True, True, True, False, True, True])
    everything = Sampling(top_k=2), Sampling(top_p=0.3), Sampling(top_p=1 / 3)
    for sampling in everything:
        assert np.flatnonzero(masked_law(logits, allowed, sampling)).tolist() == [1, 2]
    assert choose(logits, allowed, Sampling(0), np.random.default_rng(0))[0] == 1


class FixedUniform(np.random.Generator):
    """A generator whose next numbers are given."""

    def __init__(self, value: float) -> None:
        super().__init__(np.random.PCG64(0))
        self.value = value

    def random(self) -> float:  # type: ignore[override]
        return self.value


@pytest.mark.parametrize("size", [6, 600, 5000])
@pytest.mark.parametrize("uniform", [0.0, 0.5, 1 - 2**-53])
def test_the_ends_of_the_unit_interval_never_draw_a_forbidden_token(
    size: int, uniform: float
) -> None:
    logits = np.random.default_rng(size).normal(0, 3, size).astype(np.float32)
    allowed = np.zeros(size, dtype=bool)
    allowed[size // 3 : size // 3 * 2] = True
    allowed[size // 2] = False
    token, _ = choose(logits, allowed, Sampling(), FixedUniform(uniform))
    assert allowed[token]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"temperature": -1.0}, "temperature"),
        ({"temperature": math.nan}, "temperature"),
        ({"temperature": math.inf}, "temperature"),
        ({"temperature": 1e-9}, "temperature"),
        ({"top_k": 0}, "top_k"),
        ({"top_p": 0.0}, "top_p"),
        ({"top_p": 1.01}, "top_p"),
        ({"min_p": -0.1}, "min_p"),
        ({"min_p": math.nan}, "min_p"),
    ],
)
def test_options_out_of_range_are_named(options: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Sampling(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["temperature", "top_k", "top_p", "min_p"])
@pytest.mark.parametrize("value", ["1", True, [1], 1j, b"", {}])
def test_options_of_another_type_are_named(option: str, value: object) -> None:
    with pytest.raises(TypeError, match=option):
        Sampling(**{option: value})  # type: ignore[arg-type]


def test_a_top_k_is_no_fraction() -> None:
    with pytest.raises(TypeError, match="top_k must be a whole number, not float"):
        Sampling(top_k=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("temperature", [0, 1.0])
def test_unusable_scores_are_an_error(temperature: float) -> None:
    rng = np.random.default_rng(0)
    everything = np.ones(3, dtype=bool)
    for scores in ([math.nan, 0, 0], [math.inf, 0, 0], [-math.inf] * 3):
        with pytest.raises(ValueError, match="scores are unusable"):
            choose(np.array(scores), everything, Sampling(temperature), rng)
    first = np.array([True, False, False])
    with pytest.raises(ValueError, match="probability 0"):
        choose(np.array([-math.inf, 0, 0]), first, Sampling(temperature), rng)
