"""``allOf``, ``anyOf``, ``oneOf``, ``not``, ``if``, ``dependencies``."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compiler.json_schema.judge import Lowered, in_draft, invalid_at, refused_at

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
    ("schema", "pointer"),
    [
        ({"not": {"items": STRING}}, "/not"),
        ({"not": {"uniqueItems": True}}, "/not"),
        ({"if": {"items": STRING}, "then": NULL}, "/if"),
        ({"oneOf": [{"items": STRING}, {"items": NULL}]}, "/oneOf"),
        ({"oneOf": [{"minItems": i} for i in range(40)]}, "/oneOf"),
    ],
)
def test_refused(schema: dict[str, Any], pointer: str) -> None:
    assert refused_at(schema)[0] == pointer


def test_overlaps_in_too_many_ways_are_refused() -> None:
    branch = {"properties": {key: {"const": 1} for key in "abcde"}}
    other = {"properties": {key: {"const": 2} for key in "abcde"}}
    more = {"properties": {key: {"const": 3} for key in "abcde"}}
    last = {"properties": {key: {"const": 4} for key in "abcde"}}
    assert refused_at({"oneOf": [branch, other, more, last]}) == ("/oneOf", "oneOf")


def test_what_is_skipped_only_widens() -> None:
    schema = {"oneOf": [{"items": STRING}, {"items": NULL}]}
    lowered = Lowered(schema, unsupported="record")
    assert [entry.keyword for entry in lowered.unenforced] == ["oneOf"]
    assert lowered([])  # valid against both: this is what is not enforced
    assert lowered(["x"])
    assert not lowered([1])
    negated = Lowered({"not": {"pattern": "(a)\\1"}, "type": "string"}, unsupported="record")
    assert negated("aa")
    assert negated("a")


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
