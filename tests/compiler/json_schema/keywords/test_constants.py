"""``enum`` and ``const``."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest

from grammarlib.compiler.json_schema.keywords.constants import COMPOUND
from tests.compiler.json_schema.judge import (
    Lowered,
    by_core,
    core_accepts,
    in_draft,
    invalid_at,
    refused_at,
)

VALUES: list[Any] = [
    None, True, False, 0, 1, 1.5, -2, 1e3, "", "a", "é", [], [1], [[None], {}], {}, {"a": 1},
    {"a": {"b": [True]}}, {"a": 1, "b": 2},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_constant_is_equal_to_itself_alone(value: object) -> None:
    accepts = Lowered({"const": value})
    core = by_core({"const": value})
    for other in VALUES:
        same = other is value
        assert accepts(other) is same
        assert core_accepts(core, other) is same


def test_equality_is_that_of_json() -> None:
    assert Lowered({"const": 1})(1.0)
    assert Lowered({"const": 1.0})(1)
    assert not Lowered({"const": 1})(True)
    assert not Lowered({"const": [0]})([False])
    assert Lowered({"const": {"a": 1, "b": 2}})({"b": 2, "a": 1.0})
    assert Lowered({"const": Decimal("0.1")})(0.1)


def test_all_strings_are_one_literal_set() -> None:
    lowered = Lowered({"enum": ["a", 1, "b", None, "c", True, False, 2.5]})
    assert lowered.calls("string_literals") == [("string_literals", ["a", "b", "c"])]
    assert lowered.calls("booleans") == [("booleans", 3)]
    assert len(lowered.calls("numbers")) == 1


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "enum": ["a", 1, None]}, ["a"], [1, None, "b"]),
        ({"type": "integer", "enum": [1, 1.5, 2.0, "x"]}, [1, 2], [1.5, "x"]),
        ({"type": ["array", "null"], "enum": [[1], {"a": 1}, None]}, [[1], None], [{"a": 1}]),
        ({"type": "object", "enum": ["a"]}, [], ["a", {}]),
        ({"enum": []}, [], [None, 1]),
        ({"enum": [1, 2, 3], "const": 2}, [2], [1]),
        ({"enum": ["ab", "b"], "minLength": 2}, ["ab"], ["b", 5]),
    ],
)
def test_enums(schema: dict[str, Any], good: list[object], bad: list[object]) -> None:
    accepts = Lowered(schema)
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


def test_an_integer_of_draft_4_is_spelled_so() -> None:
    accepts = Lowered(in_draft({"type": "integer", "enum": [1.0, 2.5]}, "4"))
    assert accepts(1)
    assert not accepts(1.0)
    assert not accepts(2.5)


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"enum": "a"}, "/enum"),
        ({"enum": {"a": 1}}, "/enum"),
        ({"enum": [float("nan")]}, "/enum"),
        ({"const": [float("inf")]}, "/const"),
        ({"const": {1: 2}}, "/const"),
        ({"const": {"a": object()}}, "/const"),
        ({"enum": [{1, 2}]}, "/enum"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer


def test_no_text_spells_a_lone_surrogate() -> None:
    accepts = Lowered({"enum": ["\ud800", "a", {"\udfff": 1}]})
    assert accepts("a")
    assert len(accepts.calls("string_literals")) == 1
    assert not Lowered({"const": "\ud800"})("")


def test_more_arrays_and_objects_than_can_be_told_apart_are_refused() -> None:
    many = {"enum": [[i] for i in range(COMPOUND + 1)]}
    assert refused_at({"items": many}) == ("/items/enum", "enum")
    assert refused_at({"enum": many["enum"][1:]}) == ("", "")
    assert refused_at({**many, "type": ["object", "null"]}) == ("", "")
    recorded = Lowered({**many, "type": "array"}, unsupported="record")
    assert recorded([])
    assert not recorded({})


def test_ten_thousand_strings_are_fast() -> None:
    schema = {"enum": [f"value {i}" for i in range(10_000)]}
    start = time.perf_counter()
    lowered = Lowered(schema)
    assert time.perf_counter() - start < 0.5
    assert lowered("value 9999")
