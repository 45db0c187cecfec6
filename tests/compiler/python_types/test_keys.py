"""The keys of dictionaries: which texts they are, by the type of the key."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import Annotated, Any, NewType

import pydantic
import pytest
from pydantic import Field

import grammarlib as gl
from tests.compiler.json_schema.core import accepts, single_bytes


class Root(pydantic.RootModel[int]):
    model_config = pydantic.ConfigDict(frozen=True)


class Colour(enum.Enum):
    RED = "red"


Name = NewType("Name", str)
Small = Annotated[int, Field(ge=-2, lt=12)]


@pytest.mark.parametrize(
    ("annotation", "inside", "outside"),
    [
        (Any, ["", "a"], []),
        (Name, ["", "a"], []),
        (int, ["0", "-12", "1234567890123456789012"], ["", "01", "+1", "-0", "1.0", "1e3"]),
        (Small, ["-2", "0", "9", "11"], ["-3", "12", "011"]),
        (Annotated[Small, Field(multiple_of=3)], ["0", "9"], ["-2", "1", "12"]),
        (Annotated[int, Field(gt=10**6)], ["1000001", "2000000"], ["1000000", "999999", "-1"]),
        (float, ["1", "1.5", "-1e300", "inf"], ["", ".5", "1.", "--1", "01"]),
        (Decimal, ["1.50", "1E+2"], ["1E", "NaN", "1_0"]),
        (Annotated[Decimal, Field(max_digits=2)], ["1.5"], ["1.55"]),
        (bool, ["true", "false"], ["True", "1", ""]),
        (Colour, ["red"], ["RED", "blue"]),
        (int | Colour, ["1", "red"], ["blue"]),
        (Colour | None, ["red"], ["null", "None", ""]),
        (str | int, ["a", "1"], []),
        (Root, ["7"], ["a"]),
        (Annotated[str, Field(min_length=2)], ["ab"], ["a"]),
    ],
    ids=str,
)
def test_keys(annotation: Any, inside: list[str], outside: list[str]) -> None:
    grammar = gl.from_type(dict[annotation, None])
    compiled = gl.compile(grammar, single_bytes())
    texts = {key: f'{{"{key}": null}}' for key in inside + outside}
    assert [key for key, text in texts.items() if accepts(compiled.core, text)] == inside
    for key in inside:
        assert len(grammar.read(texts[key])) == 1
