"""``allOf``, ``anyOf``, ``oneOf``, ``not``, ``if``, ``dependencies``."""

from __future__ import annotations

from typing import Any

import pytest

from grammarlib.errors import EmptyLanguage, UnsupportedSchema
from tests.compiler.json_schema.documents import Chance
from tests.compiler.json_schema.judge import (
    Lowered,
    by_core,
    by_jsonschema,
    core_accepts,
    in_draft,
    invalid_at,
    refused_at,
)

NULL = {"type": "null"}
STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"allOf": [{"minLength": 1}, {"maxLength": 2}]}, ["a", "ab", 1], ["", "abc"]),
        ({"anyOf": [NULL, STRING, False]}, [None, "x"], [1]),
        ({"anyOf": [False]}, [], [1]),
        ({"oneOf": [NULL, STRING]}, [None, "x"], [1]),
        ({"oneOf": [{}, {}]}, [], [1, None]),
        ({"oneOf": [{}, False]}, [1], []),
        ({"oneOf": [{"minimum": 2}, {"maximum": 3}]}, [1, 4], [2, 3, "x"]),
        (
            {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
            [{"a": 1}, {"b": 1}],
            [{}, {"a": 1, "b": 1}, 1],
        ),
        (
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}, {"required": ["a", "c"]}]},
            [{"a": 1}, {"b": 1}, {"b": 1, "c": 1}],
            [{}, {"a": 1, "c": 1}, {"a": 1, "b": 1}, 5],
        ),
        ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, [1.5], [1, "x"]),
        ({"not": NULL}, [1, "x"], [None]),
        ({"not": {}}, [], [1]),
        ({"not": False}, [1], []),
        ({"if": STRING, "then": {"minLength": 1}, "else": NULL}, ["a", None], ["", 1]),
        ({"if": STRING, "then": {"minLength": 1}}, ["a", 1], [""]),
        ({"if": STRING, "else": NULL}, ["", None], [1]),
        ({"if": True, "then": NULL, "else": STRING}, [None], ["x"]),
        ({"if": False, "then": NULL, "else": STRING}, ["x"], [None]),
        ({"if": {"contains": NULL}}, [[1]], []),
        ({"then": False, "else": False}, [1], []),
        ({"if": {"contains": NULL}, "then": {}, "else": True}, [[1]], []),
        (
            {"dependentRequired": {"a": ["b", "c"], "d": []}},
            [{}, {"a": 1, "b": 1, "c": 1}, {"d": 1}, 5],
            [{"a": 1}, {"a": 1, "b": 1}],
        ),
        (
            {"dependentSchemas": {"a": {"properties": {"b": NULL}}, "x": True}},
            [{"b": 1}, {"a": 1}, {"a": 1, "b": None}, {"x": 1}, 5],
            [{"a": 1, "b": 1}],
        ),
        ({"dependentSchemas": {"a": False}}, [{}], [{"a": 1}]),
    ],
)
def test_combinations(schema: dict[str, Any], good: list[object], bad: list[object]) -> None:
    accepts = Lowered(schema)
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


def test_dependencies_of_older_drafts() -> None:
    accepts = Lowered(in_draft({"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}, "7"))
    assert accepts({"a": 1, "b": 1})
    assert not accepts({"a": 1})
    assert accepts({"c": 1, "d": 1})
    assert not accepts({"c": 1})


def test_branches_that_exclude_each_other_need_no_complement() -> None:
    branches = [
        {"properties": {"kind": {"const": k}, "x": {"items": STRING}}, "required": ["kind"]}
        for k in "abc"
    ]
    lowered = Lowered({"type": "object", "oneOf": branches})
    assert len(lowered.calls("if_object")) == len(branches)
    assert len(lowered.calls("any_of")) == 1


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {"pattern": "(a)\\1"}},
        {"not": {"items": {"patternProperties": {"(a)\\1": NULL}}}},
        {"if": {"pattern": "(a)\\1"}, "then": NULL},
        {"oneOf": [{"pattern": "(a)\\1"}, {"type": "string"}]},
    ],
)
def test_the_complement_of_what_is_refused_is_refused(schema: dict[str, Any]) -> None:
    (keyword,) = set(schema) - {"then"}
    assert refused_at(schema)[0].startswith(f"/{keyword}")
    lowered = Lowered(schema, unsupported="record")
    assert f"/{keyword}" in [entry.pointer for entry in lowered.unenforced]


def test_what_is_skipped_only_widens() -> None:
    schema = {
        "oneOf": [{"pattern": "(a)\\1"}, {"maxLength": 3}, {"minLength": 2}],
        "type": "string",
    }
    lowered = Lowered(schema, unsupported="record")
    assert lowered.unenforced[-1].keyword == "oneOf"
    assert lowered("aaa")  # valid against three: this is what is not enforced
    assert not lowered(1)
    negated = Lowered({"not": {"pattern": "(a)\\1"}, "type": "string"}, unsupported="record")
    assert negated("aa")
    assert negated("a")


# -- complements ----------------------------------------------------------------------------------

VALUES: list[Any] = [
    None, True, False, 0, 1, 1.5, 7, -3, "", "a", "abc", "x9", [], [1], [1, "a"], ["a", 1, None],
    {}, {"a": 1}, {"a": "x"}, {"b": None}, {"a": 1, "b": 2, "c": 3}, {"c": [1], "b": {"a": 1}},
]  # fmt: skip


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": ["integer", "null"]},
        {"type": "integer", "minimum": 1},
        {"enum": ["a", 1, None, True]},
        {"enum": [[1], {"a": 1}, {"a": 1, "b": 2, "c": 3}]},
        {"const": 1.0},
        {"const": "a"},
        {"const": False},
        {"enum": [True, False]},
        {"enum": ["\ud800"]},
        {"minimum": 1, "maximum": 5},
        {"exclusiveMaximum": 1},
        {"multipleOf": 0.1},
        {"minLength": 1, "pattern": "^a"},
        {"maxLength": 2},
        {"format": "date"},
        {"format": "unknown"},
        {"minItems": 1},
        {"maxItems": 1},
        {"minItems": 0},
        {"maxItems": 10**12},
        {"items": {}},
        {"items": {"type": "string"}},
        {"items": {"not": {"type": "string"}}},
        {"prefixItems": [{"type": "number"}, {"type": "string"}]},
        {"prefixItems": [{"type": "number"}], "items": {"type": "null"}},
        {"contains": {"type": "string"}},
        {"contains": {"type": "string"}, "minContains": 0, "maxContains": 0},
        {"required": ["a", "b"]},
        {"properties": {"a": {"type": "number"}, "b": {"const": 2}}},
        {"properties": {"a": {"type": "string"}}, "required": ["a"], "type": "object"},
        {"properties": {"a": True}},
        {"additionalProperties": True},
        {"additionalProperties": False},
        {"additionalProperties": {"type": "number"}, "properties": {"c": {}}},
        {"minProperties": 1},
        {"minProperties": 0},
        {"minProperties": 2},
        {"maxProperties": 2},
        {"propertyNames": {"const": "a"}},
        {"propertyNames": {"not": {"pattern": "^[ab]$"}}},
        {"patternProperties": {"a": False}},
        {"patternProperties": {"^[ab]$": {"type": "number"}}, "additionalProperties": False},
        {"dependentRequired": {"a": ["b"]}},
        {"dependentSchemas": {"b": {"required": ["a"]}}},
        {"if": {"type": "null"}, "then": False},
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"maxProperties": 0}},
        {"oneOf": [{"type": "null"}, {"type": "string"}]},
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}, {"minProperties": 3}]},
        {"allOf": [{"type": "string"}, {"minLength": 2}]},
        {"anyOf": [{"type": "string"}, {"required": ["a"]}]},
        {"not": {"type": "string"}},
        {"not": {"items": {"type": "string"}}},
        {"not": {"not": {"not": {"required": ["a"]}}}},
        {"$ref": "#/$defs/x"},
        {"$ref": "#/$defs/x", "required": ["a"]},
        {"properties": {"a": {"$ref": "#/not"}}},
        {"$ref": "#/$defs/tree"},
        {},
        True,
        False,
    ],
)
def test_a_complement_holds_where_the_schema_does_not(schema: Any) -> None:
    definitions = {
        "x": {"properties": {"a": {"type": "number"}}},
        "tree": {"additionalProperties": {"$ref": "#/$defs/tree"}, "type": ["object", "number"]},
    }
    document = {"not": schema, "$defs": definitions}
    rejects = Lowered(document)
    try:
        core = by_core(document)
    except EmptyLanguage:
        core = None
    for value in VALUES:
        expected = by_jsonschema(document, value)
        assert rejects(value) is expected, value
        assert (core is not None and core_accepts(core, value)) is expected, value


@pytest.mark.parametrize("keyword", ["not", "oneOf", "if"])
def test_random_complements(keyword: str) -> None:
    taken = 0
    chance = Chance("2020-12", seed=4)
    for _ in range(600):
        one, other = chance.schema(2), chance.schema(2)
        says: dict[str, Any] = {
            "not": {"not": one},
            "oneOf": {"oneOf": [one, other]},
            "if": {"if": one, "then": other, "else": chance.schema(1)},
        }[keyword]
        document = {**says, "$defs": {"x": {}, "y": chance.schema(1)}}
        try:
            rejects = Lowered(document)
        except UnsupportedSchema:
            continue
        taken += 1
        for instance in chance.instances(10):
            assert rejects(instance) is by_jsonschema(document, instance), (document, instance)
    assert taken > 300


def test_a_chain_of_complements_is_bounded() -> None:
    definitions: dict[str, Any] = {
        f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(100)
    }
    definitions["d100"] = {"type": "null"}
    schema = {"not": {"$ref": "#/$defs/d0"}, "$defs": definitions}
    assert not core_accepts(by_core(schema), None)
    assert core_accepts(by_core(schema), 1)


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"allOf": []}, "/allOf"),
        ({"anyOf": {}}, "/anyOf"),
        ({"oneOf": [5]}, "/oneOf/0"),
        ({"not": []}, "/not"),
        ({"not": {"items": 5}}, "/not/items"),
        ({"then": 5}, "/then"),
        ({"if": 5}, "/if"),
        ({"dependentRequired": {"a": {}}}, "/dependentRequired/a"),
        ({"dependentRequired": {"a": "b"}}, "/dependentRequired/a"),
        ({"dependentSchemas": {"a": ["b"]}}, "/dependentSchemas/a"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer
