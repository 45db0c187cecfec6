"""Figures: percentiles are the nearest rank, counted out; pairs are of the common cases only."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.masks import figures
from benchmarks.masks.figures import Summary
from benchmarks.masks.records import Played, Record


@settings(derandomize=True, max_examples=100)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=2000))
def test_percentiles_are_the_nearest_rank(times: list[int]) -> None:
    found = figures.summary(np.array(times, dtype=np.int64))
    ordered = sorted(times)
    ranks = [math.ceil(len(times) * per / 1000) for per in (500, 900, 990, 999, 1000)]
    expected = [sum(times) / len(times), *(ordered[max(1, rank) - 1] for rank in ranks)]
    assert astuple(found) == pytest.approx([ns / 1000 for ns in expected])


def test_names_are_those_of_the_figures() -> None:
    assert Summary.names() == ["mean", "p50", "p90", "p99", "p99.9", "max"]


def test_ratios_are_of_each_figure() -> None:
    slow, fast = Summary(*[6.0] * 6), Summary(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert slow.over(fast) == pytest.approx([6, 3, 2, 1.5, 1.2, 1])


def test_times_come_from_all_instances() -> None:
    records = [
        Record("a", "x", "ok", "", 5, 7, [Played(True, True, [1, 2], [10]), Played(False)]),
        Record("a", "y", "refused"),
        Record("a", "z", "ok", "", 1, 2, [Played(True, True, [4], [40])]),
    ]
    assert figures.tokens(records).tolist() == [11, 2, 44]
    assert figures.first_masks(records).tolist() == [7, 2]


def test_only_what_all_engines_pass_is_compared() -> None:
    records = [
        Record(engine, case, "ok" if case in passed else "refused")
        for engine, passed in (("a", "xyz"), ("b", "yz"), ("c", "x"))
        for case in "xyz"
    ]
    both = figures.passed_by_all(records, ["a", "b"])
    assert {name: [r.case for r in rs] for name, rs in both.items()} == {
        "a": ["y", "z"],
        "b": ["y", "z"],
    }
    assert figures.passed_by_all(records, ["a", "b", "c"]) == {"a": [], "b": [], "c": []}
    assert figures.passed_by_all(records, []) == {}
