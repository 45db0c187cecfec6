"""``not`` S holds exactly where S does not, wherever it is not refused."""

from __future__ import annotations

from typing import Any

import pytest

from grammarlib.errors import UnsupportedSchema
from tests.compiler.json_schema.documents import Chance
from tests.compiler.json_schema.judge import DRAFTS, Lowered, by_jsonschema, refused_at

VALUES: list[Any] = [
    None, True, False, 0, 1, 1.5, 7, -3, "", "a", "abc", "x9", [], [1], [1, "a"], ["a", 1, None],
    {}, {"a": 1}, {"a": "x"}, {"b": None}, {"a": 1, "b": 2, "c": 3},
]  # fmt: skip


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": ["integer", "null"]},
        {"type": "integer", "minimum": 1},
        {"enum": ["a", 1, None, True]},
        {"const": 1.0},
        {"const": "a"},
        {"const": False},
        {"enum": [True, False]},
        {"enum": ["\ud800"]},
        {"minimum": 1, "maximum": 5},
        {"exclusiveMaximum": 1},
        {"multipleOf": 0.1},
        {"multipleOf": 1.5, "minimum": 1},
        {"minLength": 1, "pattern": "^a"},
        {"maxLength": 2},
        {"format": "date"},
        {"format": "unknown"},
        {"minItems": 1},
        {"maxItems": 1},
        {"minItems": 0},
        {"items": {}},
        {"prefixItems": [{"type": "number"}, {"type": "string"}]},
        {"required": ["a", "b"]},
        {"properties": {"a": {"type": "number"}, "b": {"const": 2}}},
        {"properties": {"a": {"type": "string"}}, "required": ["a"], "type": "object"},
        {"additionalProperties": True},
        {"minProperties": 1},
        {"minProperties": 0},
        {"allOf": [{"type": "string"}, {"minLength": 2}]},
        {"anyOf": [{"type": "string"}, {"required": ["a"]}]},
        {"not": {"type": "string"}},
        {"not": {"items": {"type": "string"}}},
        {"$ref": "#/$defs/x"},
        {"$ref": "#/$defs/x", "required": ["a"]},
        {"properties": {"a": True}},
        {},
        True,
        False,
    ],
)
def test_a_complement_holds_where_the_schema_does_not(schema: Any) -> None:
    document = {"not": schema, "$defs": {"x": {"properties": {"a": {"type": "number"}}}}}
    rejects = Lowered(document)
    for value in VALUES:
        assert rejects(value) is by_jsonschema(document, value), value


def test_random_complements() -> None:
    taken = 0
    chance = Chance("2020-12", seed=4)
    for _ in range(1_500):
        document = {"not": chance.schema(2), "$defs": {"x": {}, "y": chance.schema(1)}}
        try:
            rejects = Lowered(document)
        except UnsupportedSchema:
            continue
        taken += 1
        for instance in chance.instances(10):
            assert rejects(instance) is by_jsonschema(document, instance), (document, instance)
    assert taken > 500


@pytest.mark.parametrize(
    "schema",
    [
        {"items": {"type": "string"}},
        {"additionalProperties": False},
        {"enum": [[1]]},
        {"minProperties": 2},
        {"maxProperties": 2},
        {"propertyNames": {"const": "a"}},
        {"patternProperties": {"a": False}},
        {"pattern": "(a)\\1"},
        {"dependentRequired": {"a": ["b"]}},
        {"if": {"type": "null"}, "then": False},
        {"oneOf": [{"type": "null"}, {"type": "string"}]},
        {"properties": {"a": {"$ref": "#/not"}}},
        {"maxItems": 10**12},
        {"items": [{}], "$schema": DRAFTS["7"], "additionalItems": False},
        {"$id": "http://x.test/", "type": "null"},
    ],
)
def test_no_complement_is_formed(schema: dict[str, Any]) -> None:
    assert refused_at({"not": schema}) == ("/not", "not")


def test_a_chain_of_complements_is_bounded() -> None:
    definitions: dict[str, Any] = {
        f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(100)
    }
    definitions["d100"] = {"type": "null"}
    schema = {"not": {"$ref": "#/$defs/d0"}, "$defs": definitions}
    assert refused_at(schema) == ("/not", "not")
