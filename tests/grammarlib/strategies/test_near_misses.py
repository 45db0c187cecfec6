"""``near_misses``: outside by every judge, near, and of every kind."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

import grammarlib as gl
from grammarlib.errors import GrammarlibError
from grammarlib.strategies import edits, public
from grammarlib.strategies.derivation import Derivation
from grammarlib.strategies.json_text import Array, Blanks, Object, Row, Scalar
from tests.compiler.json_schema.shared_data import maskbench
from tests.grammarlib.strategies.checks import (
    check_outside,
    compiled_over_bytes,
    drawn,
    each,
    smallest,
)
from tests.grammarlib.strategies.schemas import PERSON, SCHEMAS
from tests.oracle import json_text as judge


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name != "strings"])
def test_near_misses_are_outside(name: str) -> None:
    schema = SCHEMAS[name]
    grammar = gl.JSONSchema(schema, property_order="any")
    compiled = compiled_over_bytes(grammar)
    strategy = gl.strategies.near_misses(grammar)
    each(strategy, lambda text: check_outside(schema, compiled, text), 50)


def test_near_misses_of_real_schemas() -> None:
    """Of those without patterns and formats, which the judges read otherwise."""
    cases = sorted(maskbench(), key=lambda case: case[0])
    random.Random(5).shuffle(cases)
    done = 0
    for _, case in cases:
        schema = case["schema"]
        if {'"pattern"', '"format"'} & set(re.findall(r'"\w+"', json.dumps(schema))):
            continue
        try:
            grammar = gl.JSONSchema(schema, property_order="any")
            compiled = compiled_over_bytes(grammar)
        except GrammarlibError:
            continue
        strategy = gl.strategies.near_misses(grammar)
        each(strategy, lambda text, s=schema, c=compiled: check_outside(s, c, text), 10)  # type: ignore[misc]
        done += 1
        if done == 20:
            return
    raise AssertionError(f"only {done} schemas")


def test_a_miss_by_order_alone_is_one() -> None:
    """Where keys have an order, what the judges find valid has its keys in another."""
    schema = {"type": "object", "properties": {key: {"type": "null"} for key in "abc"}}
    schema["additionalProperties"] = False
    found = drawn(gl.strategies.near_misses(schema), 400)
    valid = [text for text in found if judge.fault(schema, text) is None]
    assert valid
    assert all(list(json.loads(text)) != sorted(json.loads(text)) for text in valid)


def test_misses_are_near() -> None:
    """Most differ from a text of the language in one place that a reader can point to."""
    found = drawn(gl.strategies.near_misses(PERSON), 900)
    faults = [judge.fault(PERSON, text) for text in found]
    kinds = {
        "no JSON": "no JSON",
        "a repeated key": "a key is repeated",
        "a lost key": "is a required property",
        "another type": "is not of type",
        "out of bounds": "than the m",
        "too short": "is too short",
        "too long": "is too long",
        "pattern": "does not match",
        "constant": "is not one of",
        "blanks": "other blanks",
    }
    missing = [kind for kind, part in kinds.items() if not any(part in str(f) for f in faults)]
    assert missing == []
    assert sum(str(fault).startswith("no JSON") for fault in faults) < 0.8 * len(faults)


@pytest.mark.parametrize("edit", edits.EDITS, ids=lambda edit: edit.__name__)
def test_every_edit_makes_a_miss(edit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "EDITS", (edit,))
    monkeypatch.setattr(edits, "TRIES", 1)
    grammar = gl.JSONSchema(PERSON)
    found = drawn(gl.strategies.near_misses(grammar), 200)
    assert any(not text.endswith("}]") for text in found)


def test_an_edit_keeps_the_rest_of_the_text() -> None:
    tree = Object(['"a"', '"b"'], [Array([Scalar("1"), Scalar("2")]), Scalar('"x"')])
    derivation = Derivation(tree, Blanks(" "))
    row = Row(tree)
    assert derivation.blanks.between(row.tokens) == '{ "a" : [ 1 , 2 ] , "b" : "x" }'
    assert row.values == [(4, 5), (6, 7), (3, 8), (11, 12), (0, 13)]
    assert row.arrays == [[(4, 5), (6, 7)]]
    assert row.objects == [[(1, 8), (9, 12)]]
    first = _Choices(0, 0)
    assert edits._part_lost(first, row, derivation.blanks) == '{ "b" : "x" }'
    last = _Choices(1, 1)
    assert edits._part_lost(last, row, derivation.blanks) == '{ "a" : [ 1 ] , "b" : "x" }'
    swapped = edits._parts_exchanged(_Choices(0, 0), row, derivation.blanks)
    assert swapped == '{ "b" : "x" , "a" : [ 1 , 2 ] }'


class _Choices:
    """A ``draw`` that gives what it is told."""

    def __init__(self, *values: int) -> None:
        self._values = iter(values)

    def __call__(self, strategy: Any, label: object = None) -> Any:
        return next(self._values)


def test_misses_shrink() -> None:
    assert smallest(gl.strategies.near_misses(PERSON), lambda text: True) == (
        '"name":"00","age":0}'
    )


def test_a_source_that_confirms_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Blind(public.source_of(PERSON).__class__):  # type: ignore[misc]
        def contains(self, text: str) -> bool:
            return False

    monkeypatch.setattr(public, "source_of", lambda grammar: Blind(gl.JSONSchema(grammar)))
    compiled = compiled_over_bytes(gl.JSONSchema(PERSON, property_order="any"))
    strategy = gl.strategies.near_misses(PERSON)
    with pytest.raises(AssertionError):
        each(strategy, lambda text: check_outside(PERSON, compiled, text), 300)
