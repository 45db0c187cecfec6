"""The shape of an array."""

from __future__ import annotations

from typing import Any

import pytest

from grammarlib.errors import CompileBudgetExceeded
from tests.compiler.json_schema.judge import Lowered, in_draft, invalid_at, refused_at

NULL = {"type": "null"}
STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"items": NULL}, [[], [None, None], {}], [[1]]),
        ({"prefixItems": [NULL, STRING]}, [[], [None], [None, "x", 5]], [["x"], [None, 1]]),
        ({"prefixItems": [NULL], "items": STRING}, [[None, "x"], []], [[None, None]]),
        ({"prefixItems": [NULL], "items": False}, [[], [None]], [[None, 1]]),
        ({"items": False}, [[]], [[1]]),
        ({"minItems": 1, "maxItems": 2.0}, [[1], [1, 2], "x"], [[], [1, 2, 3]]),
        ({"minItems": 2, "maxItems": 1}, ["x"], [[], [1], [1, 2]]),
        ({"contains": True}, [[1]], [[]]),
        ({"contains": {}, "minContains": 2, "maxContains": 3}, [[1, 2]], [[1], [1] * 4]),
        ({"contains": False}, [1], [[], [1]]),
        ({"contains": False, "minContains": 0}, [[], [1]], []),
        ({"contains": NULL, "minContains": 0}, [[], [1]], []),
        ({"minContains": 3, "maxContains": 1}, [[]], []),
        ({"uniqueItems": True, "maxItems": 1}, [[1]], [[1, 2]]),
        ({"uniqueItems": True, "prefixItems": [NULL], "items": False}, [[None]], [[None, None]]),
        ({"uniqueItems": False}, [[1, 1]], []),
        ({"unevaluatedItems": False}, [[]], [[1]]),
        ({"prefixItems": [NULL], "unevaluatedItems": STRING}, [[None, "x"]], [[None, 1]]),
        ({"items": NULL, "unevaluatedItems": False}, [[None]], [[1]]),
        ({"allOf": [{"items": NULL}], "unevaluatedItems": True}, [[None]], [[1]]),
        ({"maxItems": 10**12}, [[1]], []),
    ],
)
def test_arrays(schema: dict[str, Any], good: list[object], bad: list[object]) -> None:
    accepts = Lowered(schema)
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"items": [NULL], "additionalItems": STRING}, [[None, "x"]], [[None, None]]),
        ({"items": [NULL], "additionalItems": False}, [[None]], [[None, 1]]),
        ({"items": NULL, "additionalItems": False}, [[None, None]], [[1]]),
        ({"additionalItems": False}, [[1, 2]], []),
        ({"items": [NULL]}, [[None, 1]], [[1]]),
        ({"items": []}, [[None, 1]], []),
    ],
)
@pytest.mark.parametrize("draft", ["4", "7", "2019-09"])
def test_positions_of_older_drafts(
    draft: str, schema: dict[str, Any], good: list[object], bad: list[object]
) -> None:
    accepts = Lowered(in_draft(schema, draft))
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"uniqueItems": True}, "uniqueItems"),
        ({"contains": NULL}, "contains"),
        ({"contains": NULL, "maxContains": 1, "minContains": 0}, "contains"),
        ({"allOf": [{}], "unevaluatedItems": False}, "unevaluatedItems"),
        ({"contains": True, "unevaluatedItems": False}, "unevaluatedItems"),
    ],
)
def test_refused(schema: dict[str, Any], keyword: str) -> None:
    assert refused_at({"items": schema}) == (f"/items/{keyword}", keyword)


def test_what_is_skipped_only_widens() -> None:
    schema = {"contains": {"multipleOf": 7}, "maxContains": 1, "items": {"type": "integer"}}
    lowered = Lowered(schema, unsupported="record")
    assert lowered([7, 1, 2])
    assert not lowered(["x"])


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"items": 5}, "/items"),
        ({"prefixItems": {}}, "/prefixItems"),
        ({"prefixItems": [{}, 5]}, "/prefixItems/1"),
        ({"minItems": -1}, "/minItems"),
        ({"maxItems": None}, "/maxItems"),
        ({"uniqueItems": "yes"}, "/uniqueItems"),
        ({"contains": [], "minContains": 0}, "/contains"),
        ({"contains": {}, "minContains": 1.5}, "/minContains"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer


def test_a_minimum_beyond_the_counts_of_the_core() -> None:
    with pytest.raises(CompileBudgetExceeded, match="items"):
        Lowered({"minItems": 10**12})
