"""Arguments are refused by their names, in messages that can be read."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grammarlib.arguments import bounded, choice, instance, real, shown, whole, wholes


@pytest.mark.parametrize("value", [3, np.int32(3), np.uint8(3), np.array(3)])
def test_whole_numbers_of_any_kind(value: Any) -> None:
    assert whole("n", value, 3, 3) == 3
    assert wholes("n", [value]) == [3]
    assert type(whole("n", value)) is int


@pytest.mark.parametrize("value", [True, np.True_, 3.0, "3", None, Decimal(3), [3]])
def test_what_is_no_whole_number(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^n must be a whole number, not "):
        whole("n", value)
    with pytest.raises(TypeError, match=r"^n must be whole numbers, not "):
        wholes("n", [value])


def test_bounds_of_whole_numbers() -> None:
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        whole("n", 0, 1)
    with pytest.raises(ValueError, match="n must be at most 5, got 6"):
        whole("n", 6, 1, 5)
    with pytest.raises(ValueError, match="n must be at most 5, got a number of 16610 bits"):
        whole("n", 10**5000, 1, 5)


def test_real_numbers() -> None:
    assert real("x", Fraction(1, 2)) == 0.5
    assert real("x", np.float32(0.5)) == 0.5
    assert math.isnan(real("x", math.nan))
    assert real("x", 10**400) == math.inf
    assert real("x", -(10**400)) == -math.inf
    for value in (True, "1", 1j, Decimal(1), None):
        with pytest.raises(TypeError, match=r"^x must be a number, not "):
            real("x", value)


def test_data_is_counted_at_each_place() -> None:
    assert bounded({"a": [1, 2], "b": (3, {})}, 7)
    assert not bounded({"a": [1, 2], "b": (3, {})}, 6)
    endless: list[Any] = []
    endless.append(endless)
    assert not bounded(endless, 1000)
    doubled: list[Any] = []
    for _ in range(100):
        doubled = [doubled, doubled]
    assert not bounded(doubled, 1000)


def test_choices() -> None:
    choice("x", "a", ("a", "b", "c"))
    for value in ("d", None, np.array(["a", "b"]), ["a"]):
        with pytest.raises(ValueError, match="x must be 'a', 'b' or 'c', not"):
            choice("x", value, ("a", "b", "c"))


def test_instances() -> None:
    instance("x", 1, int, "an int")
    with pytest.raises(TypeError, match="x must be an int, not None"):
        instance("x", None, int, "an int")


def test_values_are_shown_within_reason() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert shown("a") == "'a'"
    assert shown(deep) == "[[[[[[[...]]]]]]]"
    assert shown(10**5000) == "a number of 16610 bits"
    assert len(shown("a" * 5000)) < 250
    assert shown("\ud800").isascii()
    doubled: list[Any] = []
    for _ in range(100):
        doubled = [doubled, doubled]
    assert shown(doubled).startswith("[[[")
    doubled.append(doubled)
    assert len(shown(doubled)) < 250
