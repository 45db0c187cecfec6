"""Python types as schemas: what the schema says, and which types are refused, by name."""

from __future__ import annotations

import collections
import datetime
import enum
import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal, Never

import pydantic
import pytest
from pydantic import AliasPath, Field
from typing_extensions import TypedDict

import grammarlib as gl
from tests.compiler.json_schema.core import accepts, single_bytes


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Days(enum.Enum):
    FIRST = datetime.date(2000, 1, 1)


class Person(pydantic.BaseModel):
    """Somebody."""

    name: Annotated[str, Field(max_length=8)]
    age: int = 3
    likes: Colour | None = None
    height: float = math.inf


class Open(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")

    a: bool


class Row(TypedDict, total=False):
    a: bool


class Cat(pydantic.BaseModel):
    kind: Literal["cat"] = "cat"


class Dog(pydantic.BaseModel):
    kind: Literal["dog"]


class FromPath(pydantic.BaseModel):
    first: int = Field(validation_alias=AliasPath("names", 0))


Pets = Annotated[Cat | Dog, Field(discriminator="kind")]


def taken(annotation: Any, texts: list[str], **options: Any) -> list[str]:
    compiled = gl.compile(gl.from_type(annotation, **options), single_bytes())
    return [text for text in texts if accepts(compiled.core, text)]


def test_the_schema_is_what_a_prompt_needs() -> None:
    assert list(json.loads(json.dumps(gl.from_type(Person).schema)).items()) == [
        ("type", "object"),
        (
            "properties",
            {
                "name": {"type": "string", "maxLength": 8},
                "age": {"type": "integer", "default": 3},
                "likes": {"anyOf": [{"$ref": "#/$defs/Colour"}, {"type": "null"}], "default": None},
                "height": {"type": "number"},
            },
        ),
        ("required", ["name"]),
        ("description", "Somebody."),
        ("additionalProperties", False),
        ("$defs", {"Colour": {"enum": ["red", "blue"], "type": "string", "title": "Colour"}}),
    ]


def test_only_formats_that_the_schema_names_are_given() -> None:
    assert set(gl.from_type(datetime.date).formats or ()) == {"date"}
    assert gl.from_type(int).formats == {}


def test_objects_are_closed_unless_their_type_keeps_what_it_does_not_know() -> None:
    text = '{"a": true, "b": 1}'
    for annotation, open_ in ((Open, True), (Row, False), (dict[str, int | bool], True)):
        assert bool(taken(annotation, [text])) is open_
    assert gl.from_type(Open).read(text).b == 1


def test_the_key_that_tells_a_union_apart_must_be_there() -> None:
    assert taken(Pets, ["{}", '{"kind": "dog"}', '{"kind": "cow"}']) == ['{"kind": "dog"}']


def test_a_function_that_tells_a_union_apart_may_find_several_that_fit() -> None:
    pick = pydantic.Discriminator(lambda value: "short" if len(value) < 3 else "long")
    union = Annotated[
        Annotated[str, Field(max_length=5), pydantic.Tag("short")]
        | Annotated[str, pydantic.Tag("long")],
        pick,
    ]
    assert taken(union, ['"a"', '"abcdef"']) == ['"a"', '"abcdef"']


@pytest.mark.parametrize(
    ("annotation", "inside", "outside"),
    [
        (datetime.date, ['"2024-02-29"'], ['"2023-02-29"', '"0000-01-01"', '"2024-2-29"', "1e9"]),
        (datetime.time, ['"23:59:59.5"', '"12:00:00Z"'], ['"23:59:60Z"', '"12:00:00.1234567"']),
        (
            datetime.datetime,
            ['"2024-02-29T00:00:00"', '"2024-02-29T00:00:00+14:00"'],
            ['"2016-12-31T23:59:60Z"', '"2024-02-29"', '"2024-02-30T00:00:00"'],
        ),
        (pydantic.AwareDatetime, ['"2024-02-29T00:00:00Z"'], ['"2024-02-29T00:00:00"']),
        (pydantic.NaiveDatetime, ['"2024-02-29T00:00:00"'], ['"2024-02-29T00:00:00Z"']),
        (
            datetime.timedelta,
            ['"-P1DT1S"', '"P2739726Y9DT23H59M59.999999S"', '"PT5H3S"', '"P2W"', '"P1Y2M3D"'],
            ['"P"', '"PT"', '"P1DT"', '"-P2739726Y9DT1S"', '"P2739727Y"', '"P1000000000D"'],
        ),
        (pydantic.FiniteFloat, ["1e300"], ["1e309"]),
        (Annotated[float, Field(gt=0)], ["1e-300", "5e-324"], ["0", "1e-400", "0.0"]),
        (Annotated[Decimal, Field(max_digits=3)], ["12.3", '"0.012"', "99.9"], ["12.34", "1000"]),
        (
            Annotated[Decimal, Field(max_digits=2, decimal_places=2)],
            ["0.25", '"0.00"'],
            ["0", "0.00", "1.5", '"0"'],
        ),
        (
            Annotated[Decimal, Field(decimal_places=1, multiple_of=Decimal("0.25"))],
            ["0.5"],
            ["0.25"],
        ),
        (Annotated[Decimal, Field(ge=2, max_digits=2)], ["2", "9.5"], ["1.5", '"2"', "100"]),
        (Annotated[str, Field(pattern=r"^\d$")], ['"1"', '"٣"'], ['"a"', '"12"']),
        (Annotated[str, Field(pattern="^a.$")], ['"a\\r"'], ['"a\\n"']),
        (Annotated[str, Field(pattern=re.compile(r"^a$"))], ['"a"', '"a\\n"'], ['"a\\r"']),
        (set[int], ["[1, 1]"], ["[true]"]),
        (Annotated[set[int], Field(min_length=2)], ["[1, 2]"], ["[1, 1]", "[1]"]),
        (dict[int, None], ['{"-1": null}'], ['{"01": null}', '{"a": null}', '{"1.0": null}']),
        (dict[bool, None], ['{"true": null}'], ['{"True": null}']),
        (dict[Annotated[str, Field(pattern="^a")], int], ['{"ab": 1}'], ['{"ab": 1, "b": 2}']),
        (dict[int | None, None], ['{"1": null}'], ['{"null": null}', '{"None": null}']),
        (Literal["a", b"b"], ['"a"'], ['"b"']),
        (collections.Counter[str], ['{"a": 1}'], ['{"a": 1.5}']),
        (type | int, ["1"], ['"int"']),
    ],
    ids=str,
)
def test_texts(annotation: Any, inside: list[str], outside: list[str]) -> None:
    assert taken(annotation, inside) == inside
    assert taken(annotation, outside) == []
    for text in inside:
        gl.from_type(annotation).read(text)


def test_bounds_of_decimals_that_no_float_holds_are_kept_within() -> None:
    low = Decimal("0.1000000000000000000000001")
    schema = gl.from_type(Annotated[Decimal, Field(ge=low, lt=-low)]).schema
    assert isinstance(schema, dict)
    assert Decimal(repr(schema["minimum"])) >= low
    assert Decimal(repr(schema["exclusiveMaximum"])) <= -low


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (Never, "Unable to generate pydantic-core schema"),
        (Callable[[int], int], "CallableSchema"),
        (type, "IsInstanceSchema"),
        (type[int], "classes .int."),
        (object(), "Unable to generate"),
        (list[type | Callable[[], int]], "a union of nothing that is JSON"),
        (Days, "enum without a member that is JSON"),
        (Literal[Days.FIRST], "literal without a member that is JSON"),
        (dict[None, int], "keys of a dictionary that are of type none"),
        (dict[tuple[int, int], int], "keys of a dictionary that are of type tuple"),
        (dict[Days, int], "keys none of which is text"),
        (dict[tuple[int] | None, int], "keys of a dictionary that are of type tuple"),
        (FromPath, "the field first, which is read from a path"),
        (
            Annotated[float, Field(json_schema_extra={"x": float("nan")})],
            "has no JSON Schema: Out of range",
        ),
    ],
    ids=str,
)
def test_types_without_json_are_type_errors(annotation: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        gl.from_type(annotation)


def test_what_cannot_be_enforced_is_refused_by_name() -> None:
    with pytest.raises(gl.UnsupportedSchema) as raised:
        gl.from_type(list[Annotated[str, Field(json_schema_extra={"pattern": "(a)\\1"})]])
    assert raised.value.keyword == "pattern"
    assert raised.value.pointer == "/items/pattern"
    with pytest.raises(gl.UnsupportedPattern, match="&& in a class"):
        gl.from_type(Annotated[str, Field(pattern="[a-z&&b]")])
    with pytest.raises(gl.UnsupportedPattern):
        gl.from_type(Annotated[str, Field(pattern=re.compile(r"(a)\1"))])


def test_names_that_are_not_defined_are_name_errors() -> None:
    for annotation in (list["Nowhere"], Late):  # type: ignore[name-defined]  # noqa: F821
        with pytest.raises(NameError, match=r"Nowhere"):
            gl.from_type(annotation)


class Late(pydantic.BaseModel):
    other: Nowhere  # type: ignore[name-defined]  # noqa: F821
