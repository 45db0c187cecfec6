"""``minimum`` and its kin, ``multipleOf``, integers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.errors import CompileBudgetExceeded
from tests.compiler.json_schema.documents import NUMBERS
from tests.compiler.json_schema.judge import (
    DRAFTS,
    Lowered,
    by_jsonschema,
    in_draft,
    invalid_at,
)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"minimum": 1}, [1, 1.0, 1e300, "0"], [0.999, -1]),
        ({"exclusiveMinimum": 1}, [1.001], [1, 1.0]),
        ({"minimum": 3, "exclusiveMinimum": 1}, [3], [2]),
        ({"minimum": 1, "exclusiveMinimum": 3}, [4], [2, 3]),
        ({"minimum": 3, "exclusiveMinimum": 3}, [4], [3]),
        ({"maximum": 3, "exclusiveMaximum": 5}, [3], [4]),
        ({"maximum": 5, "exclusiveMaximum": 3}, [2], [3, 4]),
        ({"type": "integer"}, [1, 1.0, -2, 1e3], [1.5, "1", None]),
        ({"type": ["integer", "string"]}, [1, "x"], [1.5, None]),
        ({"type": ["integer", "number"]}, [1.5], ["x"]),
        ({"type": "integer", "minimum": 0.5, "maximum": 2.5}, [1, 2], [0, 3, 1.5]),
        ({"minimum": Decimal("0.1")}, [0.1, 0.2], [0.09]),
        ({"multipleOf": 1}, [1, 2.0], [1.5]),
        ({"multipleOf": 0.01}, [19.99, 0.1, 4], [0.001]),
        ({"multipleOf": 10}, [0, 20, 1e5], [5, 15]),
        ({"multipleOf": 10, "maximum": 15, "type": "integer"}, [10], [20, 5]),
        ({"multipleOf": 0.1, "type": "integer"}, [3], [0.5]),
        ({"multipleOf": Decimal("1e2")}, [100], [10]),
        ({"multipleOf": 7}, [0, 7, -14, 7e2, 21.0], [1, 7.5, 71]),
        ({"multipleOf": 0.25, "minimum": 0.3, "maximum": 1}, [0.5, 0.75, 1], [0.25, 1.25, 0.6]),
        ({"multipleOf": 2.5, "type": "integer"}, [5, -10, 0], [2.5, 4]),
        ({"multipleOf": 33, "type": "string"}, ["x"], [33]),
    ],
)
def test_numbers(schema: dict[str, Any], good: list[object], bad: list[object]) -> None:
    accepts = Lowered(schema)
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


def test_flags_of_draft_4() -> None:
    schema = {"minimum": 1, "exclusiveMinimum": True, "maximum": 3, "exclusiveMaximum": False}
    accepts = Lowered(in_draft(schema, "4"))
    assert [n for n in (1, 2, 3, 4) if accepts(n)] == [2, 3]


def test_an_integer_of_draft_4_is_spelled_so() -> None:
    accepts = Lowered(in_draft({"type": "integer", "minimum": 1}, "4"))
    assert accepts(2)
    assert not accepts(2.0)
    assert not accepts(0)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(["6", "7", "2020-12"]),
    st.dictionaries(
        st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
        st.sampled_from(NUMBERS),
    ),
    st.sampled_from(["integer", "number", "string"]),
)
def test_as_jsonschema_says(draft: str, schema: dict[str, Any], kind: str) -> None:
    schema = {"$schema": DRAFTS[draft], "type": kind, **schema}
    accepts = Lowered(schema)
    for number in NUMBERS:
        assert accepts(number) == by_jsonschema(schema, number)


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"minimum": "1"}, "/minimum"),
        ({"maximum": float("nan")}, "/maximum"),
        ({"maximum": float("inf")}, "/maximum"),
        ({"exclusiveMaximum": True}, "/exclusiveMaximum"),
        ({"multipleOf": 0}, "/multipleOf"),
        ({"multipleOf": -1}, "/multipleOf"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.sampled_from([1, 2, 3, 7, 10, 12, 25, 0.5, 0.25, 0.1, 2.5, 1e-2]),
    st.fixed_dictionaries({}, optional={"minimum": st.sampled_from(NUMBERS)}),
    st.sampled_from(["integer", "number"]),
)
def test_multiples_as_fractions_say(factor: float, bounds: dict[str, Any], kind: str) -> None:
    schema = {"type": kind, "multipleOf": factor, **bounds}
    accepts = Lowered(schema)
    for number in [*NUMBERS, 3, 7, 12, 24, 0.5, 0.75, 84, 100, -36]:
        value = Fraction(str(number))
        expected = (
            (value / Fraction(str(factor))).denominator == 1
            and (kind == "number" or value.denominator == 1)
            and ("minimum" not in bounds or value >= Fraction(str(bounds["minimum"])))
        )
        assert accepts(number) == expected


def test_a_factor_beside_no_numbers_is_checked_and_dropped() -> None:
    huge = 10**300 + 1
    assert Lowered({"type": "string", "multipleOf": huge})("x")
    with pytest.raises(CompileBudgetExceeded, match="factor"):
        Lowered({"multipleOf": huge})
