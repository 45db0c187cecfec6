"""Conditions against truth tables."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.regex.conditions import (
    ALWAYS,
    MAX_IMPLICANTS,
    NEVER,
    Condition,
    Conditions,
)
from grammarlib.errors import CompileBudgetExceeded

VARIABLES = 6
ON = Conditions(10**9)
CONDITIONS = st.lists(st.integers(1, 2**VARIABLES - 1), max_size=4).map(
    lambda masks: ON.any_of([frozenset({mask}) for mask in masks])
)


def table(condition: Condition) -> list[bool]:
    """The values for all values of the variables, each independent of its opposite."""
    return [
        any(implicant & true == implicant for implicant in condition)
        for true in range(2**VARIABLES)
    ]


def real(true: tuple[bool, ...]) -> int:
    """Values in which of each two neighbours one holds."""
    return sum(1 << 2 * i + (not value) for i, value in enumerate(true))


@settings(derandomize=True, deadline=None)
@given(CONDITIONS, CONDITIONS)
def test_unions_and_intersections(one: Condition, other: Condition) -> None:
    pairs = list(zip(table(one), table(other), strict=True))
    assert table(ON.any_of([one, other])) == [a or b for a, b in pairs]
    assert table(ON.all_of(one, other)) == [a and b for a, b in pairs]
    assert (table(one) == table(other)) == (one == other)


@settings(derandomize=True, deadline=None)
@given(CONDITIONS)
def test_opposites(condition: Condition) -> None:
    for true in product([False, True], repeat=VARIABLES // 2):
        at = real(true)
        assert table(ON.opposite(condition))[at] != table(condition)[at]
    assert ON.replaced(condition, lambda bit: frozenset({1 << bit})) == condition
    assert ON.replaced(condition, lambda bit: ALWAYS) == (ALWAYS if condition else NEVER)
    assert ON.replaced(condition, lambda bit: NEVER) == NEVER


def test_constants() -> None:
    assert ON.opposite(ALWAYS) == NEVER
    assert ON.opposite(NEVER) == ALWAYS
    assert ON.any_of([]) == NEVER
    assert ON.replaced(ALWAYS, lambda bit: NEVER) == ALWAYS


def test_the_number_of_ways_is_bounded() -> None:
    many = frozenset(1 << bit for bit in range(MAX_IMPLICANTS))
    with pytest.raises(CompileBudgetExceeded):
        ON.all_of(many, frozenset({1 << MAX_IMPLICANTS, 2 << MAX_IMPLICANTS}))


def test_all_work_is_bounded() -> None:
    on = Conditions(2_000)
    one: Condition = ALWAYS
    for bit in range(0, 14, 2):
        one = on.all_of(one, frozenset({1 << bit, 2 << bit}))
    assert len(one) == 128
    with pytest.raises(CompileBudgetExceeded, match="2000 steps"):
        on.any_of([one])
    with pytest.raises(CompileBudgetExceeded, match="10 steps"):
        Conditions(10).replaced(frozenset({2**11 - 1}), lambda bit: ALWAYS)
