"""Arrays of different items that must hold more: nothing is begun that cannot be ended."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes

ITEMS: list[Any] = [
    {"enum": [1, 2]},
    {"const": 1},
    {"const": "x"},
    {"const": {}},
    {"type": "boolean"},
    {"type": "null"},
    {"type": "string"},
    {"type": "integer"},
    {"type": "string", "pattern": "^[ab]?$"},
    {"type": "array", "maxItems": 0},
    {"enum": ["a", "b", "c"]},
    {"enum": [1, "x", {}]},
    {"not": {"type": "string"}},
    {"minLength": 1},
    True,
    False,
]


def arrays() -> st.SearchStrategy[dict[str, Any]]:
    item = st.sampled_from(ITEMS)
    counts = st.integers(0, 3)
    more = st.fixed_dictionaries(
        {},
        optional={
            "prefixItems": st.lists(item, min_size=1, max_size=3),
            "items": item,
            "contains": item,
            "minContains": counts,
            "maxContains": counts,
            "minItems": st.integers(0, 4),
            "maxItems": st.integers(1, 5),
            "allOf": item.map(lambda one: [{"contains": one}]),
            "not": item.map(lambda one: {"items": one}),
        },
    )
    return more.map(lambda schema: {"type": "array", "uniqueItems": True, **schema})


def walk(schema: Any, seed: int, steps: int = 60) -> bytes | None:
    """A text along the masks, like as not ended; None if the schema is refused or empty."""
    chance = random.Random(seed)
    vocab = single_bytes()
    mask = gl.allocate_token_bitmask(1, vocab.vocab_size)
    try:
        matcher = gl.compile(gl.JSONSchema(schema, whitespace="compact"), vocab).matcher()
        text = b""
        for _ in range(steps):
            matcher.fill_next_token_bitmask(mask)
            bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
            tokens = [int(token) for token in np.flatnonzero(bits)]
            assert tokens, text
            likely = [
                token for token in tokens if token < 256 and token in b'[],"x12ab{}tfn'
            ] or tokens
            token = chance.choice(likely)
            assert matcher.accept_token(token)
            if matcher.is_terminated() or (matcher.is_accepting() and chance.random() < 0.5):
                return text
            text += bytes([token])
    except (gl.CompileBudgetExceeded, gl.EmptyLanguage):
        return None
    return text


@settings(derandomize=True, deadline=None, max_examples=600)
@given(arrays(), st.integers(0, 99))
def test_there_are_no_dead_ends(schema: dict[str, Any], seed: int) -> None:
    walk(schema, seed)


@pytest.mark.parametrize(
    "schema",
    [
        {"prefixItems": [{"enum": [1, 2]}, {"const": 1}], "contains": {"const": "x"}},
        {"prefixItems": [True, {"type": "null"}], "contains": {"const": "x"}},
        {"prefixItems": [{"type": "boolean"}] * 3, "contains": {"const": 1}},
        {"prefixItems": [{"const": {}}] * 2, "contains": {"type": "object"}, "minContains": 2},
        {
            "items": {"enum": ["", "a", "b"]},
            "contains": {"minLength": 1},
            "maxContains": 1,
            "minItems": 3,
        },
    ],
)
def test_what_may_run_out_of_items_is_refused(schema: dict[str, Any]) -> None:
    schema = {"type": "array", "uniqueItems": True, **schema}
    with pytest.raises((gl.CompileBudgetExceeded, gl.EmptyLanguage)):
        gl.compile(schema, single_bytes()).matcher()


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"items": {"enum": ["a", "b"]}, "contains": {"const": "a"}}, '["b","a"]'),
        ({"prefixItems": [{"enum": [1, 2]}, {"const": 1}]}, "[2,1]"),
        ({"prefixItems": [{"const": 1}], "contains": {"const": "x"}}, '[1,"x"]'),
        (
            {
                "items": {"enum": ["", "a", "b"]},
                "contains": {"minLength": 1},
                "maxContains": 1,
                "minItems": 2,
            },
            '["","b"]',
        ),
    ],
)
def test_what_has_enough_items_is_not(schema: dict[str, Any], text: str) -> None:
    schema = {"type": "array", "uniqueItems": True, **schema}
    matcher = gl.compile(schema, single_bytes()).matcher()
    assert matcher.accept_bytes(text.encode())
    assert matcher.is_accepting()
