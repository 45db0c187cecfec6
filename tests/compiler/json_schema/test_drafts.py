"""The tables of the drafts against the meta-schemas: no keyword that asserts is missing."""

from __future__ import annotations

from typing import Any

import jsonschema_specifications
import pytest

from grammarlib.compiler.json_schema.drafts import BY_URI, DEFAULT
from tests.compiler.json_schema.judge import DRAFTS, Lowered, in_draft, invalid_at, refused_at

# Keywords of the meta-schemas that assert nothing by themselves; ``type`` and ``$id`` are read by
# the pass itself, ``$anchor`` and its kin by references.
SILENT = {
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$recursiveAnchor",
    "$schema",
    "$vocabulary",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "id",
    "readOnly",
    "title",
    "type",
    "writeOnly",
}
# The newer meta-schemas still describe these, but their specifications do not define them.
GONE = {"2019-09": {"dependencies"}, "2020-12": {"dependencies", "$recursiveRef"}}


def _keywords_of(uri: str) -> set[str]:
    meta: Any = jsonschema_specifications.REGISTRY[uri].contents
    keywords = set(meta.get("properties", ()))
    for part in meta.get("allOf", ()):
        vocabulary = uri.rpartition("/")[0] + "/" + part["$ref"]
        keywords |= set(jsonschema_specifications.REGISTRY[vocabulary].contents["properties"])
    return keywords


@pytest.mark.parametrize("name", DRAFTS)
def test_every_keyword_is_in_the_table_or_silent(name: str) -> None:
    draft = BY_URI[DRAFTS[name].removesuffix("#")]
    known = _keywords_of(draft.uri) - GONE.get(name, set())
    asserting = known - SILENT
    extra = set(draft.keywords) - asserting
    assert draft.name == name
    assert set(draft.keywords) >= asserting
    # Drafts 4 and 6 define ``format`` and ``$ref`` without listing them in the meta-schema.
    assert extra <= {"format", "$ref"}


def test_the_default_is_the_newest_draft() -> None:
    assert DEFAULT.name == "2020-12"


@pytest.mark.parametrize("name", DRAFTS)
def test_annotations_assert_nothing(name: str) -> None:
    annotations: dict[str, Any] = {
        "$comment": "x",
        "title": "x",
        "description": "x",
        "default": {"$ref": "#/nowhere"},
        "examples": [1],
        "readOnly": True,
        "writeOnly": False,
        "deprecated": True,
        "contentMediaType": "application/json",
        "contentEncoding": "base64",
        "contentSchema": {"type": "integer"},
        "$vocabulary": {},
        "definitions": {"x": {"type": 5}},
        "unknown": {"type": 5},
    }
    assert Lowered(in_draft(annotations, name)).value() == ("any",)


@pytest.mark.parametrize(
    ("draft", "schema", "instance", "valid"),
    [
        ("4", {"type": "integer"}, 1.0, False),
        ("6", {"type": "integer"}, 1.0, True),
        ("4", {"const": 1}, 2, True),
        ("6", {"const": 1}, 2, False),
        ("4", {"minimum": 1, "exclusiveMinimum": True}, 1, False),
        ("6", {"minimum": 1, "exclusiveMinimum": 1}, 1, False),
        ("4", {"if": {"type": "string"}, "then": False}, "x", True),
        ("6", {"if": {"type": "string"}, "then": False}, "x", True),
        ("7", {"if": {"type": "string"}, "then": False}, "x", False),
        ("7", {"dependencies": {"a": ["b"]}}, {"a": 1}, False),
        ("2019-09", {"dependencies": {"a": ["b"]}}, {"a": 1}, True),
        ("2019-09", {"dependentRequired": {"a": ["b"]}}, {"a": 1}, False),
        ("7", {"dependentRequired": {"a": ["b"]}}, {"a": 1}, True),
        ("2019-09", {"items": [{"type": "null"}]}, [1], False),
        ("2020-12", {"prefixItems": [{"type": "null"}]}, [1], False),
        ("2019-09", {"prefixItems": [{"type": "null"}]}, [1], True),
        ("2020-12", {"additionalItems": False, "items": {}}, [1], True),
        ("7", {"$ref": "#/definitions/x", "type": "null", "definitions": {"x": {}}}, 1, True),
        ("2019-09", {"$ref": "#/$defs/x", "type": "null", "$defs": {"x": {}}}, 1, False),
        ("7", {"$recursiveRef": "#/nowhere"}, 1, True),
    ],
)
def test_drafts_differ(draft: str, schema: dict[str, Any], instance: object, valid: bool) -> None:
    assert Lowered(in_draft(schema, draft))(instance) is valid


@pytest.mark.parametrize(
    ("draft", "schema", "pointer"),
    [
        ("4", {"properties": {"a": True}}, "/properties/a"),
        ("4", {"minimum": 1, "exclusiveMinimum": 1}, "/exclusiveMinimum"),
        ("4", {"exclusiveMaximum": True}, "/exclusiveMaximum"),
        ("6", {"minimum": 1, "exclusiveMinimum": True}, "/exclusiveMinimum"),
        ("2020-12", {"items": [{}]}, "/items"),
        ("4", {"properties": {"a": {"required": True}}}, "/properties/a/required"),
        ("4", {"id": 5}, "/id"),
        ("2020-12", {"$id": "#here"}, "/$id"),
    ],
)
def test_drafts_forbid(draft: str, schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(in_draft(schema, draft)) == pointer


@pytest.mark.parametrize("uri", ["http://json-schema.org/draft-03/schema#", "http://x.test/mine"])
def test_an_unknown_dialect_is_refused(uri: str) -> None:
    assert refused_at({"$schema": uri}) == ("/$schema", "$schema")


def test_a_subschema_is_read_in_the_dialect_it_names() -> None:
    old = {"$schema": DRAFTS["4"], "minimum": 1, "exclusiveMinimum": True}
    lowered = Lowered({"properties": {"a": old, "b": {"exclusiveMinimum": 3}}})
    assert not lowered({"a": 1})
    assert lowered({"a": 2, "b": 4})
    assert not lowered({"b": 3})
