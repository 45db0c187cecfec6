"""``minimum`` and its kin, ``multipleOf``, integers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.json_schema.documents import NUMBERS
from tests.compiler.json_schema.judge import (
    DRAFTS,
    Lowered,
    by_jsonschema,
    in_draft,
    invalid_at,
    refused_at,
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


@pytest.mark.parametrize("factor", [2, 0.5, 7, 0.3, 25])
def test_other_factors_are_refused(factor: float) -> None:
    assert refused_at({"multipleOf": factor}) == ("/multipleOf", "multipleOf")
