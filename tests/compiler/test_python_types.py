"""Python types as grammars: what is written is read, into instances, or refused by name."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, Literal, NamedTuple, Never, TypeVar

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pydantic
import pytest
from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below Python 3.12

import grammarlib as gl
from grammarlib.compiler.python_types import PythonType

BYTES = gl.Vocabulary.from_tokens([*(bytes([b]) for b in range(256)), None], [256])
T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Size(enum.IntEnum):
    S = 1
    L = 20


class Person(pydantic.BaseModel):
    """Somebody."""

    name: Annotated[str, Field(max_length=8)]
    age: int = 3
    likes: Colour | None = None


class Tree(pydantic.BaseModel):
    value: Annotated[int, Field(ge=0, lt=10)]
    children: Annotated[list[Tree], Field(max_length=2)] = []


class Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(strict=True)

    day: datetime.date
    count: int
    colour: Colour


class Aliased(pydantic.BaseModel):
    length: int = Field(alias="how-long")


class Open(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")

    a: bool


class Cat(pydantic.BaseModel):
    kind: Literal["cat"]
    lives: bool


class Dog(pydantic.BaseModel):
    kind: Literal["dog"]
    name: Colour


class Box(pydantic.BaseModel, Generic[T]):
    inside: T


@dataclasses.dataclass
class Point:
    x: int
    labels: Annotated[list[bool], Field(max_length=2)] = dataclasses.field(default_factory=list)


class Row(TypedDict, total=False):
    a: bool
    b: None


class Pair(NamedTuple):
    a: bool
    b: Colour


Small = Annotated[str, Field(max_length=3)]
TYPES: dict[str, tuple[Any, type | tuple[type, ...]]] = {
    "int": (int, int),
    "float": (float, float),
    "bool": (bool, bool),
    "str": (Small, str),
    "date": (datetime.date, datetime.date),
    "uuid": (uuid.UUID, uuid.UUID),
    "decimal": (Annotated[decimal.Decimal, Field(ge=0, le=9)], decimal.Decimal),
    "literal": (Literal["a", 1, None], (str, int, type(None))),
    "enum": (Colour, Colour),
    "int enum": (Size, Size),
    "optional": (Size | None, (Size, type(None))),
    "union": (bool | Pair, (bool, Pair)),
    "list": (Annotated[list[Size], Field(min_length=1, max_length=3)], list),
    "set": (Annotated[set[bool], Field(max_length=3)], set),
    "frozenset": (Annotated[frozenset[Colour], Field(max_length=2)], frozenset),
    "tuple": (tuple[bool, Colour], tuple),
    "deque": (Annotated[collections.deque[bool], Field(max_length=2)], collections.deque),
    "sequence": (Annotated[Sequence[bool], Field(max_length=2)], list),
    "keys of an enum": (dict[Colour, bool], dict),
    "mapping": (Mapping[Literal["x", "y"], bool], dict),
    "model": (Person, Person),
    "recursive": (Tree, Tree),
    "strict": (Strict, Strict),
    "aliased": (Aliased, Aliased),
    "discriminated": (Annotated[Cat | Dog, Field(discriminator="kind")], (Cat, Dog)),
    "models": (Cat | Dog, (Cat, Dog)),
    "generic": (Box[Colour], Box),
    "dataclass": (Point, Point),
    "typed dict": (Row, dict),
    "named tuple": (Pair, Pair),
    "root": (pydantic.RootModel[Size], pydantic.RootModel),
    "pattern": (Annotated[str, Field(pattern=r"^[a-c]+\d$", max_length=5)], str),
}


def noise(tokens: tuple[int, ...]) -> Any:
    """Any byte, though blanks and digits less and ends more, so that texts stay short."""
    scores = np.random.default_rng([len(tokens), *tokens[-3:]]).normal(0, 1, 257)
    scores[[9, 10, 13, 32, *range(48, 58)]] -= 2
    scores[[*b'"}]', 256]] += 3
    return scores


MODEL = gl.FunctionModel(BYTES, noise)


@pytest.mark.parametrize("name", TYPES)
def test_what_is_written_is_read(name: str) -> None:
    """Sampled texts become instances of the type, by a schema that jsonschema agrees with."""
    annotation, expected = TYPES[name]
    kind = PythonType(annotation)
    validator = jsonschema.Draft202012Validator(kind.grammar.schema)
    results = gl.generate(kind.grammar, ["?"] * 25, model=MODEL, seed=1, max_tokens=300)
    read = 0
    for result in results:
        if result.finish_reason == "stop":
            validator.validate(result.value)
            assert isinstance(kind.read(result.text), expected), result.text
            read += 1
    assert read > 5


@pytest.mark.parametrize("name", TYPES)
def test_what_pydantic_writes_is_in_the_grammar(name: str) -> None:
    """The other way round: no instance is left out, so its own JSON is in the language."""
    annotation, _ = TYPES[name]
    kind = PythonType(annotation)
    adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(annotation)
    compiled = gl.compile(kind.grammar, BYTES)
    results = gl.generate(compiled, ["?"] * 10, model=MODEL, seed=2, max_tokens=300)
    for result in results:
        if result.finish_reason == "stop":
            value = kind.read(result.text)
            if name == "decimal":
                continue  # which pydantic writes as text
            text = adapter.dump_json(value, by_alias=True)
            matcher = compiled.matcher()
            assert matcher.accept_bytes(text), text
            assert matcher.is_accepting()
            assert kind.read(text.decode()) == value


def test_whole_numbers_are_integers_however_they_are_spelled() -> None:
    strict = PythonType(Strict)
    for count, value in (("1.0", 1), ("12e2", 1200), ("-7.50E+1", -75), ("1e400", 10**400)):
        text = f'{{"day": "2024-02-29", "count": {count}, "colour": "red"}}'
        assert strict.read(text) == Strict.model_construct(
            day=datetime.date(2024, 2, 29), count=value, colour=Colour.RED
        )
    assert PythonType(Any).read('["1.0", "\\"1e2\\"", 1.5, 1e99999999999999999999]') == [
        "1.0",
        '"1e2"',
        1.5,
        float("inf"),
    ]


def test_the_schema_is_what_a_prompt_needs() -> None:
    assert list(json.loads(json.dumps(PythonType(Person).grammar.schema)).items()) == [
        ("type", "object"),
        (
            "properties",
            {
                "name": {"type": "string", "maxLength": 8},
                "age": {"type": "integer", "default": 3},
                "likes": {"anyOf": [{"$ref": "#/$defs/Colour"}, {"type": "null"}], "default": None},
            },
        ),
        ("required", ["name"]),
        ("description", "Somebody."),
        ("additionalProperties", False),
        ("$defs", {"Colour": {"enum": ["red", "blue"], "type": "string", "title": "Colour"}}),
    ]


def test_objects_are_closed_unless_their_type_keeps_what_it_does_not_know() -> None:
    text = b'{"a": true, "b": 1}'
    for annotation, taken in ((Open, True), (Row, False), (dict[str, int | bool], True)):
        matcher = gl.compile(PythonType(annotation).grammar, BYTES).matcher()
        assert (matcher.accept_bytes(text) and matcher.is_accepting()) is taken
    assert PythonType(Open).read(text.decode()).b == 1


def test_keys_match_the_pattern_of_their_type() -> None:
    annotation = dict[Annotated[str, Field(pattern="^a")], int]
    for text, taken in ((b'{"ab": 1, "a": 2}', True), (b'{"ab": 1, "b": 2}', False)):
        matcher = gl.compile(PythonType(annotation).grammar, BYTES).matcher()
        assert (matcher.accept_bytes(text) and matcher.is_accepting()) is taken


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (Never, "Unable to generate pydantic-core schema"),
        (Callable[[int], int], "CallableSchema"),
        (type, "IsInstanceSchema"),
        (object(), "Unable to generate"),
        (complex, "complex numbers"),
        (
            Annotated[float, Field(json_schema_extra={"x": float("nan")})],
            "has no JSON Schema: Out of range",
        ),
    ],
)
def test_types_without_json_are_type_errors(annotation: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        PythonType(annotation)


def test_what_cannot_be_enforced_is_refused_by_name() -> None:
    with pytest.raises(gl.UnsupportedSchema) as raised:
        PythonType(list[Annotated[str, Field(json_schema_extra={"pattern": "(a)\\1"})]])
    assert raised.value.keyword == "pattern"
    assert raised.value.pointer == "/items/pattern"


def test_names_that_are_not_defined_are_name_errors() -> None:
    with pytest.raises(NameError, match="not fully defined"):
        PythonType(list["Nowhere"])  # type: ignore[name-defined]  # noqa: F821


class Even(pydantic.BaseModel):
    number: int
    others: list[int] = []

    @pydantic.field_validator("number", "others", mode="after")
    @classmethod
    def is_even(cls, value: int | list[int]) -> int | list[int]:
        if any(one % 2 for one in (value if isinstance(value, list) else [value])):
            raise ValueError("odd")
        return value


def test_what_validators_refuse_says_where() -> None:
    kind = PythonType(list[Even])
    assert kind.read('[{"number": 2}]') == [Even(number=2)]
    with pytest.raises(gl.InvalidValue) as raised:
        kind.read('[{"number": 2}, {"number": 3, "others": [1]}]')
    assert raised.value.reason == "/1/number: Value error, odd; /1/others: Value error, odd"
    assert raised.value.text.startswith("[{")
    assert isinstance(raised.value.__cause__, pydantic.ValidationError)
    with pytest.raises(gl.InvalidValue) as raised:
        kind.read(json.dumps([{"number": 1}] * 9))
    assert raised.value.reason.endswith("; and 6 more")
    with pytest.raises(gl.InvalidValue, match=r"\(root\): Value error, no"):
        PythonType(Annotated[int, pydantic.AfterValidator(refuse)]).read("1")


def refuse(value: int) -> int:
    raise ValueError("no")


def test_deep_and_long_texts_are_refused_not_lost() -> None:
    for text in ("[" * 5000 + "]" * 5000, "1" * 5000):
        with pytest.raises(gl.InvalidValue):
            PythonType(Any).read(text)
