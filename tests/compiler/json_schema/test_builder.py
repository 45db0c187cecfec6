"""The core, and the recorder that stands in for it, satisfy the front end's protocol."""

from __future__ import annotations

import inspect

import pytest

from grammarlib import _core
from grammarlib.compiler.json_schema import builder
from tests.oracle.value_calls import Recorder

METHODS = [name for name in vars(builder.SchemaBuilder) if not name.startswith("_")]


def test_the_protocol_names_every_expression() -> None:
    assert len(METHODS) == 16


@pytest.mark.parametrize("name", METHODS)
def test_core_and_recorder_have_the_method(name: str) -> None:
    assert callable(getattr(_core.SchemaBuilder, name))
    ours = inspect.signature(getattr(builder.SchemaBuilder, name)).parameters
    recorded = inspect.signature(getattr(Recorder, name)).parameters
    assert len(ours) == len(recorded)


def test_fixed_handles_are_those_of_the_core() -> None:
    assert _core.SchemaBuilder.ANY == builder.ANY
    assert _core.SchemaBuilder.NEVER == builder.NEVER


def test_type_bits_cover_every_type_once() -> None:
    bits = [
        builder.NULL,
        builder.BOOLEAN,
        builder.NUMBER,
        builder.STRING,
        builder.ARRAY,
        builder.OBJECT,
    ]
    assert sum(bits) == builder.EVERY_TYPE == 63
    assert all(bit.bit_count() == 1 for bit in bits)
