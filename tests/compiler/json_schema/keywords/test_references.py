"""Reference keywords as keywords: in place, beside others, and their form."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compiler.json_schema.judge import Lowered, in_draft, invalid_at


def test_a_reference_applies_beside_other_keywords() -> None:
    accepts = Lowered({"$ref": "#/$defs/x", "maxLength": 2, "$defs": {"x": {"minLength": 1}}})
    assert accepts("a")
    assert not accepts("")
    assert not accepts("abc")


@pytest.mark.parametrize("draft", ["4", "6", "7"])
def test_a_reference_stands_alone_in_older_drafts(draft: str) -> None:
    schema = {"$ref": "#/definitions/x", "maxLength": 0, "definitions": {"x": {"minLength": 1}}}
    accepts = Lowered(in_draft(schema, draft))
    assert accepts("abc")
    assert not accepts("")


def test_a_property_may_be_called_ref() -> None:
    accepts = Lowered({"properties": {"$ref": {"type": "string"}}})
    assert accepts({"$ref": "#/nowhere"})
    assert not accepts({"$ref": 1})


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"$ref": None}, "/$ref"),
        ({"$dynamicRef": 5}, "/$dynamicRef"),
        (in_draft({"$recursiveRef": "#/x", "x": {}}, "2019-09"), "/$recursiveRef"),
        ({"$ref": "#"}, "/$ref"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer
