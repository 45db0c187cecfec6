"""Text to instances: numbers keep what they are, and faults say where."""

from __future__ import annotations

import datetime
import enum
import json
from decimal import Decimal
from typing import Annotated, Any, Literal

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl


class Colour(enum.Enum):
    RED = "red"


class Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(strict=True)

    day: datetime.date
    count: int
    colour: Colour


class Even(pydantic.BaseModel):
    number: int
    others: list[int] = []

    @pydantic.field_validator("number", "others", mode="after")
    @classmethod
    def is_even(cls, value: int | list[int]) -> int | list[int]:
        if any(one % 2 for one in (value if isinstance(value, list) else [value])):
            raise ValueError("odd")
        return value


def test_whole_numbers_are_integers_however_they_are_spelled() -> None:
    strict = gl.from_type(Strict)
    for count, value in (("1.0", 1), ("12e2", 1200), ("-7.50E+1", -75), ("1e400", 10**400)):
        text = f'{{"day": "2024-02-29", "count": {count}, "colour": "red"}}'
        assert strict.read(text) == Strict.model_construct(
            day=datetime.date(2024, 2, 29), count=value, colour=Colour.RED
        )
    assert gl.from_type(int).read("12345678901234567890.0") == 12345678901234567890
    assert gl.from_type(Literal[1]).read("1.0") == 1


def test_floats_stay_floats_where_they_may_be() -> None:
    for annotation in (int | float, Any, list[Any]):
        read = gl.from_type(annotation).read
        value = read("[1.0]")[0] if annotation == list[Any] else read("1.0")
        assert type(value) is float


def test_strings_are_not_touched() -> None:
    text = '["1.0", "\\"1e2\\"", 1.5, 1e99999999999999999999]'
    assert gl.from_type(Any).read(text) == ["1.0", '"1e2"', 1.5, float("inf")]


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 10**40))
def test_decimals_lose_no_digit(number: Decimal, more: int) -> None:
    read = gl.from_type(list[Decimal]).read
    long = Decimal(f"0.{more}1")
    assert read(f"[{number}, {long}, -{long}]") == [number, long, long.copy_negate()]


def test_decimals_stand_beside_strict_floats() -> None:
    class Mixed(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(strict=True)

        cost: Decimal
        rate: float

    read = gl.from_type(Mixed).read
    assert read('{"cost": 0.1, "rate": 0.1}').cost == Decimal("0.1")
    assert read('{"cost": 0.1, "rate": 0.10000000000000000001}').rate == 0.1


def test_what_validators_refuse_says_where() -> None:
    grammar = gl.from_type(list[Even])
    assert grammar.read('[{"number": 2}]') == [Even(number=2)]
    with pytest.raises(gl.InvalidValue) as raised:
        grammar.read('[{"number": 2}, {"number": 3, "others": [1]}]')
    assert raised.value.reason == "/1/number: Value error, odd; /1/others: Value error, odd"
    assert raised.value.text.startswith("[{")
    assert isinstance(raised.value.__cause__, pydantic.ValidationError)
    with pytest.raises(gl.InvalidValue) as raised:
        grammar.read(json.dumps([{"number": 1}] * 9))
    assert raised.value.reason.endswith("; and 6 more")
    with pytest.raises(gl.InvalidValue, match=r"\(root\): Value error, no"):
        gl.from_type(Annotated[int, pydantic.AfterValidator(refuse)]).read("1")


def refuse(value: int) -> int:
    raise ValueError("no")


def test_deep_and_long_texts_are_refused_not_lost() -> None:
    for text in ("[" * 5000 + "]" * 5000, "1" * 5000):
        with pytest.raises(gl.InvalidValue):
            gl.from_type(Any).read(text)
