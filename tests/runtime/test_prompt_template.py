"""The prompt template: its exact wording is what the shipped model was trained on."""

from __future__ import annotations

import math

import pytest

from grammarlib.runtime.prompt_template import render_prompt


def test_schema_text_and_answer_label() -> None:
    schema = {"type": "object", "properties": {"b": {"type": "string"}, "a": {"const": "é"}}}
    assert render_prompt("Zoé is here.", schema) == (
        'Schema: {"type":"object","properties":{"b":{"type":"string"},"a":{"const":"é"}}}\n'
        "Text: Zoé is here.\n"
        "JSON: "
    )


def test_without_a_schema_its_line_is_left_out() -> None:
    assert render_prompt("Hello.") == "Text: Hello.\nJSON: "
    assert render_prompt("Hello.", None) == "Text: Hello.\nJSON: "


def test_boolean_schemas_are_schemas() -> None:
    assert render_prompt("", True) == "Schema: true\nText: \nJSON: "
    assert render_prompt("", False).startswith("Schema: false\n")


def test_what_json_cannot_spell_is_refused() -> None:
    with pytest.raises(TypeError):
        render_prompt("x", {"enum": {1, 2}})
    with pytest.raises(ValueError, match="JSON compliant"):
        render_prompt("x", {"minimum": math.inf})
