"""Engines: each, where it is installed, keeps the protocol and judges what all of them can."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.masks.engines import ENGINES
from benchmarks.masks.engines.base import Engine, Options
from benchmarks.masks.play import CLOCKS, Task, play
from benchmarks.masks.vocabularies import byte_tokens

BYTES = byte_tokens()
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 4},
        "ages": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["name"],
    "additionalProperties": False,
}


def ids(value: object) -> Sequence[int]:
    return (*json.dumps(value).encode(), BYTES.eos)


INSTANCES = (
    (True, ids({"name": "Bo", "ages": [1, 22]})),
    (False, ids({"name": "Bo", "ages": [1, "2"]})),
    (False, ids({"ages": []})),
    (False, ids({"name": "Bobby"})),
    (False, (*ids({"name": "Bo"})[:-2], BYTES.eos)),
    (True, ids({"name": ""})),
)


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    pytest.importorskip(request.param, reason="needs the extra 'bench'")
    module, _, name = ENGINES[request.param].partition(":")
    made: Engine = getattr(importlib.import_module(module), name)(BYTES, Options())
    return made


def test_verdicts_are_right_and_times_complete(engine: Engine) -> None:
    record = play("it", engine, Task("case", json.dumps(SCHEMA), INSTANCES), CLOCKS["wall"])
    assert (record.outcome, record.detail) == ("ok", "")
    assert [played.accepted for played in record.instances] == [v for v, _ in INSTANCES]
    first = record.instances[0]
    assert len(first.fill_ns) == len(first.commit_ns) == len(INSTANCES[0][1])
    assert min(first.token_ns()) > 0
    assert record.compile_ns is not None
    assert record.first_mask_ns is not None
    assert 0 < record.compile_ns < record.first_mask_ns


def test_a_session_starts_again_after_a_refusal_and_after_an_end(engine: Engine) -> None:
    again = (*INSTANCES, *INSTANCES)
    record = play("it", engine, Task("case", json.dumps(SCHEMA), again), CLOCKS["wall"])
    assert record.outcome == "ok"


def test_what_cannot_be_enforced_is_refused_or_empty(engine: Engine) -> None:
    impossible = json.dumps({"type": "integer", "minimum": 3, "maximum": 2})
    record = play("it", engine, Task("case", impossible, ()), CLOCKS["wall"])
    assert record.outcome in ("refused", "empty")
    assert record.detail
    record = play("it", engine, Task("case", '{"type": "nothing"}', ()), CLOCKS["wall"])
    assert record.outcome == "refused"


def test_version_and_property_order_are_said(engine: Engine) -> None:
    assert engine.version[0].isdigit()
    assert "property order: declared" in engine.notes[0]
    assert engine.mask.shape == (1, 9)


def test_grammarlib_tells_first_visits_and_takes_any_order() -> None:
    from benchmarks.masks.engines.grammarlib import Engine as Grammarlib

    swapped = (True, ids({"ages": [], "name": "Bo"}))
    task = Task("case", json.dumps(SCHEMA), (swapped, swapped))
    any_order = play("it", Grammarlib(BYTES, Options("any")), task, CLOCKS["wall"])
    assert any_order.outcome == "ok"
    new, old = (played.first_visits for played in any_order.instances)
    assert len(new) > len(swapped[1]) // 2
    assert old == []
    declared = play("it", Grammarlib(BYTES, Options("declared")), task, CLOCKS["wall"])
    assert declared.outcome == "false reject"


def test_grammarlib_finds_the_meta_schemas() -> None:
    from benchmarks.masks.engines.grammarlib import Engine as Grammarlib

    schema = {"$ref": "http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger"}
    instances = ((True, ids(3)), (False, ids(-3)))
    task = Task("case", json.dumps(schema), instances)
    assert play("it", Grammarlib(BYTES, Options()), task, CLOCKS["wall"]).outcome == "ok"
