"""What random documents once found, made small: a name says what was wrong."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.compiler.json_schema.differential.runner import compiled, mask_fault
from tests.compiler.json_schema.differential.schemas import Document
from tests.compiler.json_schema.judge import by_core, core_accepts

ROOT = {"$ref": "#"}


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {"properties": {"a": True}, "additionalProperties": False}},
        {"not": {"properties": {"a": True}, "unevaluatedProperties": False}},
        {"not": {"propertyNames": {"maxLength": 1}}},
        {"not": {"additionalProperties": {"type": "boolean"}}},
    ],
)
def test_a_required_key_may_come_after_the_member_that_is_asked_for(schema: Any) -> None:
    grammar = by_core({"type": "object", "required": ["a", "b"], **schema})
    assert core_accepts(grammar, {"a": True, "b": True, "cd": 0})
    assert core_accepts(grammar, {"cd": 0, "a": True, "b": True})
    assert core_accepts(grammar, {"a": True, "cd": 0, "e": 0, "b": True})
    assert not core_accepts(grammar, {"cd": 0, "a": True})


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"contains": ROOT, "uniqueItems": True}, "[[3,3"),
        ({"items": {"anyOf": [{"uniqueItems": True}, {"type": "array"}]}}, "[[3,3"),
        ({"properties": {"b": {"contains": ROOT}}, "uniqueItems": True}, '{"b":[[1,1'),
    ],
)
def test_a_repeated_item_may_tell_what_follows_the_array(schema: Any, text: str) -> None:
    """Where the array may be read as one whose items may repeat, too."""
    made = Document("2020-12", schema, {})
    matcher = compiled(made).matcher()
    assert matcher.accept_bytes(text.encode())
    assert mask_fault(matcher) == ""


@pytest.mark.parametrize("order", ["any", "declared"])
@pytest.mark.parametrize(
    "schema",
    [
        {
            "if": {"items": ROOT},
            "then": {"contains": {"exclusiveMaximum": 2}, "maxContains": 4},
            "unevaluatedItems": False,
        },
        {
            "if": {"additionalProperties": ROOT},
            "then": {"properties": {"ab": {"maximum": 0, "minimum": 1}}},
            "properties": {
                "ab": {
                    "dependentSchemas": {"c": ROOT},
                    "propertyNames": {"enum": ["c", "ab"]},
                }
            },
        },
    ],
)
def test_whether_states_in_circles_have_values_is_found_once(schema: Any, order: str) -> None:
    begun = time.process_time()
    grammar = by_core(schema, order)
    core_accepts(grammar, [[[1], 3], {"ab": [{"c": []}]}])
    core_accepts(grammar, {"ab": {"c": {"ab": {}}, "ab": [1]}, "c": {}})
    assert time.process_time() - begun < 2
