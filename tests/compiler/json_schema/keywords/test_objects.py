"""The shape of an object."""

from __future__ import annotations

from typing import Any

import pytest

from grammarlib.compiler.compile import compile
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import EmptyLanguage
from tests.compiler.json_schema.judge import Lowered, in_draft, invalid_at, refused_at

NULL = {"type": "null"}
STRING = {"type": "string"}
CLOSED = {"properties": {"a": {}, "b": {}, "c": {}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"properties": {"a": NULL}}, [{}, {"a": None, "b": 1}, []], [{"a": 1}]),
        ({"properties": {"a": False}}, [{}], [{"a": 1}]),
        ({"required": ["a", "a"]}, [{"a": 1}, []], [{}]),
        ({"additionalProperties": NULL}, [{"x": None}], [{"x": 1}]),
        (CLOSED, [{}, {"a": 1}], [{"d": 1}]),
        ({"properties": {"a": STRING}, "additionalProperties": NULL}, [{"a": "x"}], [{"a": None}]),
        ({"patternProperties": {}}, [{"a": 1}], []),
        ({"patternProperties": {"^a": {}}}, [{"a": 1}], []),
        ({"patternProperties": {"": NULL}}, [{"a": None}], [{"a": 1}]),
        (
            {"patternProperties": {".*": NULL, "^a": True}, "additionalProperties": False},
            [{"a": None}],
            [{"a": 1}],
        ),
        (
            {"properties": {"a": {"const": 1}}, "patternProperties": {"": {"type": "number"}}},
            [{"a": 1, "b": 2}],
            [{"a": 2}, {"b": "x"}],
        ),
        ({"patternProperties": {"^a": NULL}}, [{"a": None, "b": 1}, {}, 5], [{"a": 1}, {"ab": 1}]),
        (
            {"patternProperties": {"^a": {}}, "additionalProperties": False},
            [{"a": 1, "ab": 2}, {}],
            [{"b": 1}, {"a": 1, "ba": 1}],
        ),
        (
            {"patternProperties": {"^a": {"minimum": 1}, "b$": {"maximum": 2}}},
            [{"ab": 1, "a": 5, "b": 0, "c": "x"}],
            [{"ab": 0}, {"ab": 3}, {"a": 0}, {"b": 3}],
        ),
        (
            {
                "properties": {"a": {"minimum": 1}},
                "patternProperties": {"a": {"maximum": 2}},
                "additionalProperties": NULL,
            },
            [{"a": 1, "xa": 0, "b": None}],
            [{"a": 0}, {"a": 3}, {"xa": 3}, {"b": 1}],
        ),
        ({"patternProperties": {"a": False}, "required": ["a"]}, [5], [{"a": 1}, {}]),
        ({"propertyNames": {"maxLength": 1}}, [{"a": 1, "b": 1}, {}, 5], [{"ab": 1}]),
        ({"propertyNames": {"enum": ["a", "b"], "pattern": "b"}}, [{"b": 1}], [{"a": 1}]),
        ({"propertyNames": {"type": "number"}}, [{}], [{"1": 1}]),
        (
            {"propertyNames": {"$ref": "#/$defs/x"}, "$defs": {"x": {"const": "a"}}},
            [{"a": 1}],
            [{"b": 1}],
        ),
        ({"propertyNames": True}, [{"a": 1}], []),
        ({"propertyNames": False}, [{}, 1], [{"a": 1}]),
        ({"propertyNames": {"enum": ["a", "b", 5]}}, [{"a": 1, "b": 2}], [{"c": 1}]),
        ({"propertyNames": {"const": "a", "type": "string"}}, [{"a": 1}], [{"b": 1}]),
        (
            {"properties": {"a": NULL, "c": NULL}, "propertyNames": {"enum": ["a", "b"]}},
            [{"a": None, "b": 1}],
            [{"a": 1}, {"c": None}],
        ),
        ({"unevaluatedProperties": False, "properties": {"a": {}}}, [{"a": 1}], [{"b": 1}]),
        ({"unevaluatedProperties": False, "additionalProperties": True}, [{"b": 1}], []),
        ({"allOf": [{}], "unevaluatedProperties": {}}, [{"b": 1}], []),
        ({"minProperties": 0}, [{}], []),
        ({"minProperties": 1}, [{"a": 1}, 5], [{}]),
        ({"maxProperties": 1}, [{}, {"a": 1}, 5], [{"a": 1, "b": 1}]),
        ({"minProperties": 2, **CLOSED}, [{"a": 1, "c": 1}], [{"b": 1}, {"a": 1, "d": 1}]),
        ({"maxProperties": 2, **CLOSED}, [{"a": 1, "b": 1}], [{"a": 1, "b": 1, "c": 1}]),
        (
            {
                "minProperties": 2,
                "patternProperties": {"^[ab]$": NULL},
                "additionalProperties": False,
            },
            [{"a": None, "b": None}],
            [{"a": None}, {"a": None, "c": None}],
        ),
        ({"minProperties": 2, "required": ["a", "b"]}, [{"a": 1, "b": 1}], [{"a": 1}]),
        ({"minProperties": 1, **CLOSED}, [{"b": 1}, {"a": 1, "c": 1}], [{}, {"d": 1}]),
        ({"minProperties": 3, **CLOSED}, [{"a": 1, "b": 1, "c": 1}], [{"a": 1, "b": 1}]),
        ({"minProperties": 4, **CLOSED}, [1], [{"a": 1, "b": 1, "c": 1}, {}]),
        ({"maxProperties": 3, **CLOSED}, [{"a": 1, "b": 1, "c": 1}], [{"d": 1}]),
        ({"maxProperties": 1, **CLOSED}, [{}, {"a": 1}], [{"a": 1, "b": 1}]),
        ({"maxProperties": 1, "minProperties": 1, **CLOSED}, [{"a": 1}], [{}, {"a": 1, "b": 1}]),
        ({"maxProperties": 0}, [{}], [{"a": 1}]),
        ({"maxProperties": 1, "required": ["x"]}, [{"x": 1}], [{"x": 1, "y": 1}, {}]),
        ({"maxProperties": 1, "required": ["x", "y"]}, [1], [{"x": 1, "y": 1}, {}]),
        ({"maxProperties": 1, "minProperties": 2}, [1], [{}, {"x": 1}, {"x": 1, "y": 1}]),
        (
            {"maxProperties": 1, "required": ["x"], "additionalProperties": NULL},
            [{"x": None}],
            [{"x": 1}],
        ),
    ],
)
def test_objects(schema: dict[str, Any], good: list[object], bad: list[object]) -> None:
    accepts = Lowered(schema)
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


def test_one_shape_for_all_keywords() -> None:
    schema = {"required": ["a"], "minProperties": 1, **CLOSED}
    kinds = [call[0] for call in Lowered(schema).calls()]
    assert kinds == ["reference", "if_object"]


@pytest.mark.parametrize(
    ("schema", "pointer", "keyword"),
    [
        ({"patternProperties": {"(a)\\1": NULL}}, "/patternProperties/(a)\\1", "patternProperties"),
        ({"propertyNames": {"pattern": "(a)\\1"}}, "/propertyNames/pattern", "pattern"),
    ],
)
def test_refused(schema: dict[str, Any], pointer: str, keyword: str) -> None:
    document = {"items": schema, "$defs": {"x": {}}}
    assert refused_at(document) == (f"/items{pointer}", keyword)


def test_what_is_skipped_only_widens() -> None:
    schema = {
        "patternProperties": {"(a)\\1": NULL, "^c": NULL},
        "additionalProperties": False,
        "required": ["x"],
    }
    lowered = Lowered(schema, unsupported="record")
    assert [entry.pointer for entry in lowered.unenforced] == ["/patternProperties/(a)\\1"]
    assert lowered({"ab": None, "x": 1})
    assert not lowered({"ab": None})
    assert not lowered({"c": 1, "x": 1})


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"properties": []}, "/properties"),
        ({"properties": {1: {}}}, "/properties"),
        ({"required": "a"}, "/required"),
        ({"required": [1]}, "/required"),
        ({"required": True}, "/required"),
        ({"additionalProperties": []}, "/additionalProperties"),
        ({"patternProperties": {"(": {}}}, "/patternProperties/("),
        ({"patternProperties": {"a": 5}}, "/patternProperties/a"),
        ({"minProperties": -1}, "/minProperties"),
        ({"maxProperties": "x"}, "/maxProperties"),
        ({"propertyNames": 5}, "/propertyNames"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer


def test_draft_4_has_boolean_additional_properties() -> None:
    accepts = Lowered(in_draft({"additionalProperties": False}, "4"))
    assert accepts({})
    assert not accepts({"a": 1})


def test_no_text_spells_a_lone_surrogate() -> None:
    accepts = Lowered({"properties": {"\ud800": NULL, "a": NULL}, "additionalProperties": False})
    assert accepts({"a": None})
    assert not Lowered({"required": ["\ud800"]})({})


def test_a_key_that_must_but_cannot_be_there_is_not_forgotten_for_min_properties() -> None:
    schema = {
        "properties": {"a": {}, "b": {}},
        "required": ["c"],
        "additionalProperties": False,
        "minProperties": 2,
        "type": "object",
    }
    vocab = Vocabulary.from_tokens([*(bytes([byte]) for byte in range(256)), None], [256])
    with pytest.raises(EmptyLanguage):
        compile(schema, vocab)


def test_names_may_refer_to_the_schema_they_stand_in() -> None:
    accepts = Lowered({"propertyNames": {"$ref": "#"}, "maxLength": 1})
    assert accepts({"a": {"b": 1}})
    assert not accepts({"ab": 1})
