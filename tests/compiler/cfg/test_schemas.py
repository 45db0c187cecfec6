"""JSON Schemas within a grammar."""

from __future__ import annotations

import json

import pytest

import grammarlib as gl
from grammarlib.grammar import Grammar
from tests.compiler.json_schema.core import single_bytes

POINT = gl.JSONSchema(
    {
        "type": "object",
        "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
        "required": ["x"],
        "additionalProperties": False,
    },
    property_order="any",
)
UNIQUE = gl.JSONSchema({"type": "array", "uniqueItems": True}, property_order="any")


def accepts(grammar: Grammar, text: str) -> bool:
    matcher = gl.compile(grammar, single_bytes()).matcher()
    return matcher.accept_bytes(text.encode()) and matcher.is_accepting()


@pytest.mark.parametrize(
    ("grammar", "hits", "misses"),
    [
        (
            "at " + POINT + " or " + POINT,
            ['at {"x": 1} or {"y": 2, "x": 3}'],
            ['at {"x": 1} or {"y": 2}', 'at {"x": 1, "x": 2} or {"x": 1}'],
        ),
        (POINT | "none", ['{"x": 1}', "none"], ["non", "null", "{}"]),
        (POINT | UNIQUE, ['{"x": 1}', "[1, 2]"], ["[1, 1]", '{"y": 1}']),
        (
            (UNIQUE + ";").repeat(2, 2),
            ["[1];[1];", "[[1], [2]];[];"],
            ["[1, 1];[];", "[1];"],
        ),
        (POINT | gl.Regex("[{].*"), ['{"x": 1}', '{"x": 1, "x": 2}', "{"], ["x"]),
        (gl.Regex("[^{]*") + POINT, ['so: {"x": 1}', '{"x": 1}'], ["so: {}", "so"]),
    ],
)
def test_texts(grammar: Grammar, hits: list[str], misses: list[str]) -> None:
    assert [text for text in hits if not accepts(grammar, text)] == []
    assert [text for text in misses if accepts(grammar, text)] == []


def test_a_schema_may_stand_in_recursion() -> None:
    nest = gl.rule("nest")
    nest.define("<" + (nest | POINT) + ">")
    assert accepts(nest, '<<{"x": 1}>>')
    assert not accepts(nest, '<<{"x": 1}>')


def test_values_that_begin_at_different_places_are_refused_by_name() -> None:
    matcher = gl.compile(gl.Regex('"?') + gl.JSONSchema({}), single_bytes()).matcher()
    with pytest.raises(gl.UnsupportedGrammar, match="different places"):
        matcher.accept_bytes(b'"{"')
    assert matcher.accept_bytes(b'"a"')  # the matcher is as it was


@pytest.mark.parametrize(
    "other",
    [
        gl.JSONSchema({}, whitespace="compact", property_order="any"),
        gl.JSONSchema({}),
        gl.JSONSchema({}, unsupported="record", property_order="any"),
    ],
)
def test_schemas_that_cannot_stand_together_are_refused(other: gl.JSONSchema) -> None:
    with pytest.raises(gl.UnsupportedGrammar, match="JSONSchema"):
        gl.compile(POINT + other, single_bytes())


def test_schemas_without_values_are_empty() -> None:
    with pytest.raises(gl.EmptyLanguage):
        gl.compile("a" + gl.JSONSchema(False), single_bytes())
    assert accepts("a" + gl.JSONSchema(False) | "b", "b")


def test_the_laws_hold() -> None:
    grammar = gl.Regex("[a-c]*") + "=" + POINT + ("," + UNIQUE).optional()
    gl.testing.assert_laws(gl.compile(grammar, single_bytes()), max_examples=15)


def test_texts_are_drawn_of_schemas_too() -> None:
    from hypothesis import given, settings

    @settings(max_examples=40, derandomize=True, database=None, deadline=None)
    @given(gl.strategies.from_grammar("v=" + POINT))
    def check(text: str) -> None:
        assert json.loads(text.removeprefix("v="))["x"] is not None

    check()
