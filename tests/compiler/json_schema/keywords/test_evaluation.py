"""What other keywords leave over, against values that are judged by hand and by ``jsonschema``."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.compiler.json_schema.judge import Lowered, by_jsonschema, refused_at

A, B = {"properties": {"a": {"type": "integer"}}}, {"properties": {"b": {"type": "integer"}}}
HAS_A = {"required": ["a"], **A}
OBJECTS: list[Any] = [
    dict(zip(keys, values, strict=True))
    for n in range(4)
    for keys in itertools.combinations(["a", "b", "c"], n)
    for values in itertools.product([1, "x"], repeat=n)
]
ARRAYS: list[Any] = [
    list(items) for n in range(4) for items in itertools.product([1, "x", None], repeat=n)
]


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/x", "$defs": {"x": A}},
        {"$ref": "#/$defs/x", "$defs": {"x": {"$ref": "#/$defs/y"}, "y": A}},
        {"allOf": [A, B]},
        {"anyOf": [A, B]},
        {"anyOf": [HAS_A, {}]},
        {"anyOf": [{"allOf": [HAS_A, {"anyOf": [B, {}]}]}, B]},
        {"oneOf": [HAS_A, {"required": ["b"], **B}]},
        {"not": A},
        {"not": {"not": A}},
        {"if": HAS_A, "then": B},
        {"if": HAS_A, "else": B},
        {"if": HAS_A},
        {"dependentSchemas": {"a": B, "b": A}},
        {"dependentSchemas": {"a": {"patternProperties": {"^[bc]$": {}}}}},
        {"patternProperties": {"^a": {}}, "allOf": [{"additionalProperties": {"type": "string"}}]},
        {"anyOf": [{"unevaluatedProperties": {"type": "integer"}}, A]},
        {"properties": {"a": {}}, "dependentRequired": {"a": ["b"]}},
    ],
)
@pytest.mark.parametrize("rest", [False, {"type": "string"}])
def test_properties_left_over(schema: dict[str, Any], rest: object) -> None:
    schema = {**schema, "unevaluatedProperties": rest}
    accepts = Lowered(schema)
    for value in [*OBJECTS, [], 1]:
        assert accepts(value) == by_jsonschema(schema, value), value


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"prefixItems": [{}]}, {"prefixItems": [{}, {"type": "integer"}]}]},
        {"anyOf": [{"prefixItems": [{"type": "integer"}]}, {"prefixItems": [{}, {"const": "x"}]}]},
        {"contains": {"type": "string"}},
        {"contains": {"type": "string"}, "minContains": 0},
        {"allOf": [{"contains": {"type": "string"}}], "contains": {"type": "null"}},
        {"if": {"prefixItems": [{"const": 1}]}, "then": {"items": {"type": "integer"}}},
        {"oneOf": [{"maxItems": 1}, {"minItems": 2, "prefixItems": [{}, {}]}]},
        {"prefixItems": [{}], "not": {"items": {"type": "integer"}}},
        {"dependentSchemas": {"a": {"items": False}}},
    ],
)
@pytest.mark.parametrize("rest", [False, {"type": "null"}])
def test_items_left_over(schema: dict[str, Any], rest: object) -> None:
    schema = {**schema, "unevaluatedItems": rest}
    accepts = Lowered(schema)
    for value in [*ARRAYS, {}, "x"]:
        assert accepts(value) == by_jsonschema(schema, value), value


def test_cousins_do_not_see_each_other() -> None:
    accepts = Lowered({"allOf": [A, {"unevaluatedProperties": False}]})
    assert accepts({})
    assert not accepts({"a": 1})


def test_too_many_ways_are_refused_by_name() -> None:
    branches = [{"properties": {f"k{i}": {}}} for i in range(12)]
    schema = {"anyOf": branches, "unevaluatedProperties": False}
    assert refused_at(schema) == ("/unevaluatedProperties", "unevaluatedProperties")
    # Branches that evaluate the same are one.
    same = [{"properties": {"a": {"minimum": i}}} for i in range(12)]
    accepts = Lowered({"anyOf": same, "unevaluatedProperties": False})
    assert accepts({"a": 0})
    assert not accepts({"a": 0, "b": 0})
