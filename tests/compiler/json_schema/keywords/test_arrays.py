"""The shape of an array."""

from __future__ import annotations

from typing import Any

import pytest

import grammarlib as gl
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.testing import assert_laws
from tests.compiler.json_schema.judge import Lowered, in_draft, invalid_at, refused_at

BYTES = [bytes([b]) for b in range(256)]
NULL = {"type": "null"}
STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"items": NULL}, [[], [None, None], {}], [[1]]),
        ({"prefixItems": [NULL, STRING]}, [[], [None], [None, "x", 5]], [["x"], [None, 1]]),
        ({"prefixItems": [NULL], "items": STRING}, [[None, "x"], []], [[None, None]]),
        ({"prefixItems": [NULL], "items": False}, [[], [None]], [[None, 1]]),
        ({"items": False}, [[]], [[1]]),
        ({"minItems": 1, "maxItems": 2.0}, [[1], [1, 2], "x"], [[], [1, 2, 3]]),
        ({"minItems": 2, "maxItems": 1}, ["x"], [[], [1], [1, 2]]),
        ({"contains": True}, [[1]], [[]]),
        ({"contains": {}, "minContains": 2, "maxContains": 3}, [[1, 2]], [[1], [1] * 4]),
        ({"contains": NULL}, [[None], [1, None, None], 5], [[], [1, "x"]]),
        ({"contains": NULL, "maxContains": 1}, [[None], [1, None]], [[], [1], [None, 1, None]]),
        ({"contains": NULL, "maxContains": 1, "minContains": 0}, [[], [1, None]], [[None, None]]),
        ({"contains": NULL, "minContains": 2}, [[None, 1, None]], [[None, 1], []]),
        (
            {"contains": NULL, "minContains": 2, "maxItems": 2, "prefixItems": [STRING]},
            [],
            [[None, None], ["x", None], ["x", None, None]],
        ),
        (
            {"contains": {"type": "number"}, "items": {"type": "integer"}, "maxContains": 2},
            [[1], [1, 2]],
            [[], [1, 2, 3], [1.5]],
        ),
        ({"contains": NULL, "maxContains": 10**12}, [[None] * 3], [[1]]),
        ({"contains": False}, [1], [[], [1]]),
        ({"contains": False, "minContains": 0}, [[], [1]], []),
        ({"contains": NULL, "minContains": 0}, [[], [1]], []),
        ({"minContains": 3, "maxContains": 1}, [[]], []),
        ({"uniqueItems": True, "maxItems": 1}, [[1]], [[1, 2]]),
        ({"uniqueItems": True, "prefixItems": [NULL], "items": False}, [[None]], [[None, None]]),
        ({"uniqueItems": False}, [[1, 1]], []),
        (
            {"uniqueItems": True},
            [[], [1, 2, "1", True, [1]], [{}, []], 5],
            [[1, 1.0], [[0], 2, [0]]],
        ),
        (
            {"uniqueItems": True},
            [[{"a": 1, "b": 2}, {"a": 2, "b": 1}], [0, False], ["a", "A"]],
            [[{"a": 1, "b": 2}, 3, {"b": 2, "a": 1}], [False, False], ["a", "b", "a"]],
        ),
        ({"unevaluatedItems": False}, [[]], [[1]]),
        ({"prefixItems": [NULL], "unevaluatedItems": STRING}, [[None, "x"]], [[None, 1]]),
        ({"items": NULL, "unevaluatedItems": False}, [[None]], [[1]]),
        ({"allOf": [{"items": NULL}], "unevaluatedItems": True}, [[None]], [[1]]),
        ({"maxItems": 10**12}, [[1]], []),
    ],
)
def test_arrays(schema: dict[str, Any], good: list[object], bad: list[object]) -> None:
    accepts = Lowered(schema)
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"items": [NULL], "additionalItems": STRING}, [[None, "x"]], [[None, None]]),
        ({"items": [NULL], "additionalItems": False}, [[None]], [[None, 1]]),
        ({"items": NULL, "additionalItems": False}, [[None, None]], [[1]]),
        ({"additionalItems": False}, [[1, 2]], []),
        ({"items": [NULL]}, [[None, 1]], [[1]]),
        ({"items": []}, [[None, 1]], []),
    ],
)
@pytest.mark.parametrize("draft", ["4", "7", "2019-09"])
def test_positions_of_older_drafts(
    draft: str, schema: dict[str, Any], good: list[object], bad: list[object]
) -> None:
    accepts = Lowered(in_draft(schema, draft))
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"contains": {"pattern": "(a)\\1"}, "maxContains": 1}, "pattern"),
    ],
)
def test_refused(schema: dict[str, Any], keyword: str) -> None:
    pointer, refused = refused_at({"items": schema})
    assert pointer.startswith("/items/")
    assert refused == keyword


def test_what_is_skipped_only_widens() -> None:
    schema = {"contains": {"pattern": "(a)\\1"}, "maxContains": 1, "items": {"type": "string"}}
    lowered = Lowered(schema, unsupported="record")
    assert [entry.keyword for entry in lowered.unenforced] == ["pattern", "maxContains"]
    assert lowered(["aa", "aa", "a"])
    assert not lowered([1])


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"items": 5}, "/items"),
        ({"prefixItems": {}}, "/prefixItems"),
        ({"prefixItems": [{}, 5]}, "/prefixItems/1"),
        ({"minItems": -1}, "/minItems"),
        ({"maxItems": None}, "/maxItems"),
        ({"uniqueItems": "yes"}, "/uniqueItems"),
        ({"contains": [], "minContains": 0}, "/contains"),
        ({"contains": {}, "minContains": 1.5}, "/minContains"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer


def test_a_minimum_beyond_the_counts_of_the_core() -> None:
    with pytest.raises(CompileBudgetExceeded, match="items"):
        Lowered({"minItems": 10**12})


def test_a_number_that_begins_with_an_earlier_item_differs_from_it() -> None:
    accepts = Lowered({"type": "array", "uniqueItems": True})
    assert accepts([1, 10, 100, 1.5])
    assert not accepts([1, 10, 10])


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (
            {"type": "array", "not": {"uniqueItems": True}},
            ["[1,1.0]", '[{"a":1,"b":2},{"b":2,"a":1}]', "[[],1,[]]"],
            ["[]", "[1]", "[true,1]", "[1,2,3]"],
        ),
        (
            {
                "type": "array",
                "not": {"uniqueItems": True},
                "minItems": 4,
                "items": {"enum": [1, 2]},
            },
            ["[2,2,1,1]", "[1,1,1,1]"],
            ["[1,1,1]"],
        ),
        (
            {"oneOf": [{"items": {"type": "string"}}, {"uniqueItems": True}], "type": "array"},
            ['["a","a"]', "[1]", '["a",1]'],
            ['["a"]', "[1,1]", '["a",1,1]', "[]"],
        ),
    ],
)
def test_two_equal_items_somewhere(schema: dict[str, Any], good: list[str], bad: list[str]) -> None:
    pieces = [*BYTES, b"1]", b",1]", b",2]", b"[1,1]", b'"a"]', b',"a"']
    vocab = gl.Vocabulary.from_tokens([*pieces, b"<end>"], [len(pieces)])
    compiled = gl.compile(gl.JSONSchema(schema, property_order="any"), vocab)
    for text in good + bad:
        matcher = compiled.matcher()
        whole = all(matcher.accept_token(byte) for byte in text.encode())
        assert (whole and matcher.is_accepting()) == (text in good), text
    assert_laws(compiled, max_examples=10, members=[text.encode() for text in good])


def test_two_equal_items_in_an_array_of_bounded_length_are_refused() -> None:
    schema = gl.JSONSchema({"type": "array", "not": {"uniqueItems": True}, "maxItems": 3})
    with pytest.raises(CompileBudgetExceeded, match="two equal items"):
        gl.compile(schema, gl.Vocabulary.from_tokens([*BYTES, b"<end>"], [256]))
