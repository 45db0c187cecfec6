"""Forms of keyword values: accepted in one normal form, or InvalidSchema at the place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from grammarlib.compiler.json_schema import shapes
from grammarlib.errors import CompileBudgetExceeded, InvalidSchema

PATH = ((), "keyword")


@pytest.mark.parametrize(
    ("check", "value", "normal"),
    [
        (shapes.mapping, {"a": 1}, {"a": 1}),
        (shapes.sequence, [1], [1]),
        (shapes.sequence, (1,), (1,)),
        (shapes.text, "x", "x"),
        (shapes.boolean, False, False),
        (shapes.names, ["b", "a", "b"], ["b", "a"]),
        (shapes.names, [], []),
        (shapes.number, 1.5, 1.5),
        (shapes.number, Decimal("1e999"), Decimal("1e999")),
        (shapes.count, 3, 3),
        (shapes.count, 3.0, 3),
        (shapes.count, Decimal("2e1"), 20),
        (shapes.count, 0, 0),
    ],
)
def test_good_forms(check: Callable[..., Any], value: object, normal: object) -> None:
    assert check(value, PATH) == normal


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (shapes.mapping, []),
        (shapes.mapping, {1: "x"}),
        (shapes.sequence, "abc"),
        (shapes.sequence, {}),
        (shapes.text, None),
        (shapes.boolean, 0),
        (shapes.names, "a"),
        (shapes.names, ["a", 1]),
        (shapes.number, True),
        (shapes.number, "1"),
        (shapes.number, float("nan")),
        (shapes.number, float("-inf")),
        (shapes.number, Decimal("Infinity")),
        (shapes.count, -1),
        (shapes.count, 1.5),
        (shapes.count, True),
        (shapes.count, None),
    ],
)
def test_bad_forms(check: Callable[..., Any], value: object) -> None:
    with pytest.raises(InvalidSchema) as caught:
        check(value, PATH)
    assert caught.value.pointer == "/keyword"


def test_a_count_that_would_fill_the_memory_is_over_budget() -> None:
    with pytest.raises(CompileBudgetExceeded):
        shapes.count(Decimal("1e999999999"), PATH)


def test_encodable() -> None:
    assert shapes.encodable("é\U0001f600")
    assert not shapes.encodable("a\ud800")
