"""A type's texts and its instances are the same things: the laws of `from_type`, type by type.

pydantic is the judge: it reads every text that is drawn from the grammar, and what it writes of an
instance is in the language and is read as the same instance.
"""

from __future__ import annotations

import re
from typing import Any

import pydantic
import pytest
from hypothesis import HealthCheck, given, seed, settings

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes
from tests.compiler.python_types.cases import CASES

NO_DECIMAL = re.compile(r"[eE][+-]?\d{19}")  # exponents that Python's decimals do not have


class Laws:
    """The laws of one type."""

    def __init__(self, annotation: Any) -> None:
        self.grammar = gl.from_type(annotation)
        self.adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(annotation)
        self.compiled = gl.compile(self.grammar, single_bytes())

    def is_read(self, text: str) -> None:
        if NO_DECIMAL.search(text):
            return
        value = self.grammar.read(text)
        lost = any(word in repr(value) for word in ("inf", "nan", "Iterator"))
        if not lost:  # infinities are no JSON, and an iterator is read when it is iterated over
            self.is_written(value)

    def is_written(self, value: object) -> None:
        text = self.adapter.dump_json(value, by_alias=True, round_trip=True)
        matcher = self.compiled.matcher()
        assert matcher.accept_bytes(text), text
        assert matcher.is_accepting(), text
        again = self.grammar.read(text.decode())
        assert again == value
        assert type(again) is type(value)


def hold(name: str, examples: int) -> None:
    annotation, instances = CASES[name]
    laws = Laws(annotation)
    run = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    seed(0)(run(given(gl.strategies.from_grammar(laws.grammar))(laws.is_read)))()
    if instances is not None:
        seed(0)(run(given(instances)(laws.is_written)))()


@pytest.mark.parametrize("name", CASES)
def test_texts_are_read_and_instances_are_texts(name: str) -> None:
    hold(name, 15)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", CASES)
def test_many_texts_are_read_and_many_instances_are_texts(name: str) -> None:
    hold(name, 500)
