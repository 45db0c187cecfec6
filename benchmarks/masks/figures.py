"""Distributions of times.

Percentiles are times that were measured (the nearest rank), never a mean of two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from benchmarks.masks.records import Record

__all__ = ["Summary", "first_masks", "passed_by_all", "summary", "tokens"]

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Summary:
    """Of times in nanoseconds, in microseconds."""

    mean: float
    p50: float
    p90: float
    p99: float
    p99_9: float
    max: float

    @staticmethod
    def names() -> list[str]:
        return [field.name.replace("_", ".") for field in fields(Summary)]

    def over(self, other: Summary) -> list[float]:
        """Each figure divided by the other's."""
        return [a / b for a, b in zip(astuple(self), astuple(other), strict=True)]


def summary(times: Times) -> Summary:
    """Summarise at least one time."""
    at = np.percentile(times, [50, 90, 99, 99.9, 100], method="inverted_cdf") / 1e3
    return Summary(float(times.mean()) / 1e3, *map(float, at))


def tokens(records: Iterable[Record]) -> Times:
    """Time of each token of all instances: fill and commit."""
    times = [ns for record in records for played in record.instances for ns in played.token_ns()]
    return np.array(times, dtype=np.int64)


def first_masks(records: Iterable[Record]) -> Times:
    """Time of each schema to its first mask."""
    times = [record.first_mask_ns for record in records if record.first_mask_ns is not None]
    return np.array(times, dtype=np.int64)


def passed_by_all(records: Iterable[Record], engines: Iterable[str]) -> dict[str, list[Record]]:
    """The records, by engine, of the cases that all of the engines pass."""
    passed: dict[str, dict[str, Record]] = {engine: {} for engine in engines}
    for record in records:
        if record.outcome == "ok" and record.engine in passed:
            passed[record.engine][record.case] = record
    common = set.intersection(*(set(cases) for cases in passed.values())) if passed else set()
    return {
        engine: [record for case, record in cases.items() if case in common]
        for engine, cases in passed.items()
    }
