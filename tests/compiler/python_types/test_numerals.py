"""Patterns of numbers: which numerals they match, against arithmetic and pydantic."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.python_types import numerals

RUN = settings(max_examples=60, derandomize=True, database=None, deadline=None)
BOUNDS = st.none() | st.integers(-1200, 1200) | st.integers(-(10**9), 10**9)


@RUN
@given(BOUNDS, BOUNDS, st.integers(-(10**10), 10**10) | st.integers(-1300, 1300))
def test_integers_are_those_within_the_bounds(
    least: int | None, most: int | None, number: int
) -> None:
    pattern = numerals.integers(least, most)
    near = [end + step for end in (least, most) if end is not None for step in (-1, 0, 1)]
    for one in [number, *near]:
        inside = (least is None or one >= least) and (most is None or one <= most)
        assert bool(pattern and re.fullmatch(pattern, str(one))) is inside, (one, pattern)


def test_integers_have_one_spelling() -> None:
    pattern = numerals.integers(None, None)
    assert pattern is not None
    for text in ("-0", "+1", "01", "", "-", "1.0", "1e1", "-01", "٣"):
        assert not re.fullmatch(pattern, text, re.ASCII), text
    assert numerals.integers(1, 0) is None


@pytest.mark.parametrize("digits", [None, 1, 3, 6, 12])
@pytest.mark.parametrize("places", [None, 0, 1, 2, 5, 9])
@RUN
@given(st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(-2000, 2000, places=2))
def test_decimals_are_those_that_pydantic_takes(
    digits: int | None, places: int | None, number: Decimal
) -> None:
    annotation = Annotated[Decimal, pydantic.Field(max_digits=digits, decimal_places=places)]
    adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(annotation)
    pattern = re.compile(numerals.decimals(digits, places), re.ASCII)
    for one in (number, number.scaleb(-8), number.normalize(), number.scaleb(3)):
        try:
            adapter.validate_python(one)
        except pydantic.ValidationError:
            taken = False
        else:
            taken = True
        assert bool(pattern.fullmatch(str(one))) is taken, (one, pattern.pattern)


@RUN
@given(st.floats(allow_nan=False), st.fractions(), st.complex_numbers(allow_nan=False))
def test_what_python_writes_matches(one: float, other: Fraction, both: complex) -> None:
    assert re.fullmatch(numerals.FLOAT, str(one))
    assert re.fullmatch(numerals.FRACTION, str(other))
    assert re.fullmatch(numerals.COMPLEX, str(both).strip("()"))
