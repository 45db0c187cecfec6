"""Schemas that together hold every keyword that is enforced, small enough to be reached wholly."""

from __future__ import annotations

from typing import Any

from tests.compiler.json_schema.judge import DRAFTS


def _in(draft: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DRAFTS[draft], **schema}


TREE = {
    "$defs": {
        "tree": {
            "type": "object",
            "properties": {
                "value": {"type": "integer", "minimum": -3, "exclusiveMaximum": 40},
                "next": {"$ref": "#/$defs/tree"},
                "both": {"type": "array", "items": {"$ref": "#/$defs/tree"}, "maxItems": 2},
            },
            "required": ["value"],
            "additionalProperties": False,
        }
    },
    "$ref": "#/$defs/tree",
}
PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 4},
        "age": {"type": "integer", "minimum": 0, "maximum": 120},
        "mail": {"type": "string", "pattern": "^[a-z]+@[a-z]{2,3}$"},
        "tags": {"type": "array", "items": {"enum": ["x", 'q"/', 7, None]}, "minItems": 1},
    },
    "required": ["name", "age"],
}

SCHEMAS: dict[str, Any] = {
    "anything": True,
    "tree": TREE,
    "person": PERSON,
    "constants": {"enum": [None, True, 1.5, "a", "é\u2028😀", ["b", {}], {"k": 0, "l": [1]}]},
    "constant": {"const": {"b": [1, {"": "\\"}], "a": -0.25}},
    "numbers": {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0.1, "maximum": 2},
            {"type": "integer", "multipleOf": 100, "minimum": -1000},
            {"type": "number", "multipleOf": 0.01, "exclusiveMaximum": -7},
        ]
    },
    "strings": {
        "type": "array",
        "prefixItems": [
            {"type": "string"},
            {"type": "string", "format": "date"},
            {"type": "string", "pattern": "^(a|[^a]b){1,3}$"},
            {"type": "string", "minLength": 1, "maxLength": 2, "not": {"const": "0"}},
        ],
        "items": {"type": "string", "format": "uuid"},
        "minItems": 2,
        "maxItems": 6,
    },
    "arrays": {
        "properties": {
            "a": {"type": "array", "contains": True, "minContains": 1, "maxContains": 3},
            "b": {"type": "array", "uniqueItems": True, "maxItems": 1},
            "c": {"type": "array", "prefixItems": [{"type": "null"}], "unevaluatedItems": False},
        },
        "type": "object",
        "required": ["a", "c"],
        "unevaluatedProperties": False,
    },
    "objects": {
        "type": "object",
        "properties": {"a": {"type": "null"}, "b": False, "c": {"type": "boolean"}},
        "required": ["z", "c"],
        "additionalProperties": {"type": "integer"},
        "dependentRequired": {"a": ["y"]},
        "dependentSchemas": {"y": {"properties": {"c": {"const": True}}}},
    },
    "names": {
        "type": "object",
        "propertyNames": {"enum": ["a", "b", "é"]},
        "patternProperties": {".*": {"type": ["integer", "null"]}},
        "minProperties": 1,
        "maxProperties": 3,
    },
    "branches": {
        "oneOf": [
            {
                "type": "object",
                "properties": {"kind": {"const": "a"}, "x": {"type": "integer"}},
                "required": ["kind", "x"],
            },
            {
                "type": "object",
                "properties": {"kind": {"const": "b"}, "y": {"type": "string"}},
                "required": ["kind"],
                "additionalProperties": False,
            },
        ]
    },
    "conditional": {
        "type": "object",
        "properties": {"a": {"enum": [0, 1, 2]}, "b": {}},
        "if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
        "then": {"required": ["b"], "properties": {"b": {"type": "boolean"}}},
        "else": {"properties": {"b": {"type": "null"}}},
    },
    "intersection": {
        "allOf": [
            {"type": ["object", "string"], "maxLength": 3},
            {"properties": {"a": {"type": "integer"}}},
            {"properties": {"a": {"minimum": 5}}, "required": ["a"], "maxProperties": 1},
        ],
    },
    "dynamic": {
        "type": "object",
        "properties": {"next": {"$dynamicRef": "#/$defs/node"}},
        "additionalProperties": False,
        "$defs": {"node": {"type": ["integer", "array"], "items": {"$dynamicRef": "#"}}},
    },
    "recursive": _in(
        "2019-09",
        {
            "type": "array",
            "items": {"$recursiveRef": "#"},
            "maxItems": 3,
        },
    ),
    "draft 4": _in(
        "4",
        {
            "type": "object",
            "properties": {
                "n": {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
                "l": {"type": "array", "items": [{"type": "null"}], "additionalItems": False},
                "x": {"oneOf": [{"type": "integer"}, {"type": "number"}]},
            },
            "dependencies": {"n": ["l"]},
            "additionalProperties": False,
        },
    ),
}
