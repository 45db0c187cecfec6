"""Which keywords beside hand on what they evaluated."""

from __future__ import annotations

import pytest

from tests.compiler.json_schema.judge import refused_at


@pytest.mark.parametrize(
    "keyword", ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "then", "dependentSchemas"]
)
def test_applicators_in_place(keyword: str) -> None:
    value = {
        "$ref": "#/$defs/x",
        "$dynamicRef": "#/$defs/x",
        "allOf": [{}],
        "anyOf": [{}],
        "oneOf": [{}],
        "if": {},
        "then": {},
        "dependentSchemas": {},
    }[keyword]
    schema = {keyword: value, "unevaluatedProperties": False, "$defs": {"x": {}}}
    assert refused_at(schema) == ("/unevaluatedProperties", "unevaluatedProperties")


@pytest.mark.parametrize("keyword", ["not", "title", "$defs", "dependentRequired"])
def test_others_do_not(keyword: str) -> None:
    value: object = "x" if keyword == "title" else {}
    schema = {keyword: value, "unevaluatedProperties": False}
    assert refused_at(schema) == ("", "")
