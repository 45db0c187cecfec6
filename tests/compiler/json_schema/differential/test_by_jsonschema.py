"""``jsonschema`` still departs from the specification where we say so, and nowhere we looked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.compiler.json_schema.differential.by_jsonschema import (
    CLASSES,
    EMBEDDED,
    REPLACED,
    TO_DYNAMIC,
    TWO_FORMS,
    UNJUDGED,
    ByJsonschema,
    judged,
)
from tests.oracle.json_schema import Judge

HUGE = Decimal("12345678901234567890123456789012345.5")

# Keyword, draft, schema, instance, and what is right.
WRONG: list[tuple[str, str, dict[str, Any], Any, bool]] = [
    ("type", "2020-12", {"type": "integer"}, Decimal("1.0"), True),
    ("multipleOf", "2020-12", {"multipleOf": Decimal("0.5")}, HUGE, True),
    ("uniqueItems", "2020-12", {"uniqueItems": True}, [[1], [True], [1]], False),
    ("pattern", "2020-12", {"pattern": "a$"}, "a\n", False),
    ("pattern", "2020-12", {"pattern": "^\\d$"}, "٣", False),
    ("patternProperties", "2020-12", {"patternProperties": {"a$": False}}, {"a\n": 1}, True),
    (
        "additionalProperties",
        "2020-12",
        {"patternProperties": {"": True}, "additionalProperties": False},
        {"a": 1},
        True,
    ),
    ("additionalItems", "7", {"items": True, "additionalItems": False}, [1], True),
]

# Draft and traits, schema, instance, and what is right.
LEFT: list[tuple[tuple[str, tuple[str, ...]], dict[str, Any], Any, bool]] = [
    (
        ("2019-09", ("unevaluatedItems", "contains")),
        {"contains": {"const": 1}, "unevaluatedItems": False},
        [1],
        False,
    ),
    (
        ("2019-09", ("unevaluatedItems", "items")),
        {"items": True, "unevaluatedItems": False},
        [1],
        True,
    ),
    (
        ("2019-09", ("unevaluatedProperties",)),
        {"additionalProperties": {"type": "integer"}, "unevaluatedProperties": False},
        {"a": 1},
        True,
    ),
    (
        ("2019-09", ("$recursiveRef", EMBEDDED)),
        {
            "$id": "http://x.test/root",
            "$recursiveAnchor": True,
            "properties": {
                "a": {
                    "$id": "e1",
                    "$recursiveAnchor": True,
                    "properties": {"b": {"$recursiveRef": "#"}},
                },
                "c": False,
            },
        },
        {"a": {"b": {"c": 1}}},
        False,
    ),
    (
        ("2020-12", ("$dynamicRef", EMBEDDED)),
        {
            "$id": "http://x.test/root",
            "$dynamicAnchor": "node",
            "properties": {
                "a": {
                    "$id": "e1",
                    "$dynamicAnchor": "node",
                    "properties": {"b": {"$dynamicRef": "#node"}},
                },
                "c": False,
            },
        },
        {"a": {"b": {"c": 1}}},
        False,
    ),
    (
        ("2020-12", (TO_DYNAMIC,)),
        {
            "$id": "http://x.test/root",
            "$dynamicAnchor": "node",
            "$ref": "d0",
            "$defs": {
                "d0": {
                    "$id": "d0",
                    "properties": {"a": {"$ref": "#node"}},
                    "$dynamicAnchor": "node",
                }
            },
            "properties": {"b": False},
        },
        {"a": {"b": 1}},
        True,
    ),
    *[
        (
            (draft, (TWO_FORMS,)),
            {
                "dependencies": {"a": {"type": "object"}, "b": ["a"]},
                "properties": {"c": {"$ref": "http://x.test/d0"}},
                "definitions": {
                    "d0": {"id" if draft == "4" else "$id": "http://x.test/d0", "type": "null"}
                },
            },
            {"c": None},
            True,
        )
        for draft in ("4", "6", "7")
    ],
]


def library(draft: str, schema: Any, instance: Any) -> bool | None:
    """What the library says as it is; None if it fails."""
    try:
        return bool(CLASSES[draft](schema).is_valid(instance))
    except Exception:
        return None


@pytest.mark.parametrize(("keyword", "draft", "schema", "instance", "valid"), WRONG)
def test_a_replaced_keyword_is_wrong_in_the_library(
    keyword: str, draft: str, schema: dict[str, Any], instance: Any, valid: bool
) -> None:
    assert Judge(schema, draft)(instance) is valid
    assert library(draft, schema, instance) is not valid
    assert ByJsonschema(schema, draft, {})(instance) is valid


@pytest.mark.parametrize(("entry", "schema", "instance", "valid"), LEFT)
def test_what_is_not_judged_is_wrong_in_the_library(
    entry: tuple[str, tuple[str, ...]], schema: dict[str, Any], instance: Any, valid: bool
) -> None:
    draft, _ = entry
    assert Judge(schema, draft)(instance) is valid
    assert library(draft, schema, instance) is not valid
    assert not judged(draft, [schema])


def test_every_departure_is_shown() -> None:
    assert {keyword for keyword, *_ in WRONG} == {*REPLACED, "type"}
    assert {entry for entry, *_ in LEFT} == set(UNJUDGED)
