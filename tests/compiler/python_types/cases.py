"""Types, each with a strategy of its instances where Hypothesis has one that pydantic agrees with.

What an instance's own JSON is and what is read from it is the law of ``test_laws``; types whose
texts validators may refuse all the same (those that ``docs/types.md`` lists) are not here.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import ipaddress
import pathlib
import re
import uuid
import zoneinfo
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, Required, TypeVar

import pydantic
from hypothesis import strategies as st
from pydantic import AliasChoices, AliasPath, ConfigDict, Field, StringConstraints
from typing_extensions import TypeAliasType, TypedDict

__all__ = ["CASES"]

Decimal = decimal.Decimal
T = TypeVar("T")
Whole = TypeVar("Whole", bound=int)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Size(enum.IntEnum):
    S = 1
    L = 20


class Mixed(enum.Enum):
    A = 1
    B = "b"
    C = None
    D = (1, 2)
    E = 1.5


class Rights(enum.Flag):
    READ = 1
    WRITE = 2
    RUN = 4


class Modes(enum.IntFlag):
    LOW = 1
    HIGH = 8


class Person(pydantic.BaseModel):
    """Somebody."""

    name: Annotated[str, Field(max_length=8)]
    age: int = 3
    likes: Colour | None = None


class Tree(pydantic.BaseModel):
    value: Annotated[int, Field(ge=0, lt=10)]
    children: Annotated[list[Tree], Field(max_length=2)] = []


class Strict(pydantic.BaseModel):
    model_config = ConfigDict(strict=True)

    day: datetime.date
    count: int
    colour: Colour
    cost: Decimal
    key: uuid.UUID
    numbers: set[int]
    table: dict[int, bytes]


class Aliased(pydantic.BaseModel):
    length: int = Field(alias="how-long")
    other: int = Field(
        0, validation_alias=AliasChoices(AliasPath("x", 1), "p", "q"), serialization_alias="p"
    )


class Open(pydantic.BaseModel):
    model_config = ConfigDict(extra="allow")

    a: bool


class Cat(pydantic.BaseModel):
    kind: Literal["cat"] = "cat"
    lives: bool


class Dog(pydantic.BaseModel):
    kind: Literal["dog", "hound"]
    name: Colour


class Fish(pydantic.BaseModel):
    kind: Literal["fish"] = "fish"


class Box(pydantic.BaseModel, Generic[T]):
    inside: T


class Bytes(pydantic.BaseModel):
    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    few: Annotated[bytes, Field(min_length=1, max_length=5)]
    any: bytes


class Hex(pydantic.BaseModel):
    model_config = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex")

    few: Annotated[bytes, Field(min_length=1, max_length=3)]


@dataclasses.dataclass
class Point:
    x: int
    labels: Annotated[list[bool], Field(max_length=2)] = dataclasses.field(default_factory=list)
    y: float = dataclasses.field(default=float("inf"), kw_only=True)


class Row(TypedDict, total=False):
    a: bool
    b: None
    c: Required[int]


class Pair(NamedTuple):
    a: bool
    b: Colour = Colour.RED


Nested = TypeAliasType("Nested", "list[Nested] | int")


class Nest(pydantic.BaseModel):
    nested: Nested


def few(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, max_size=3)


def table(keys: st.SearchStrategy[Any], values: st.SearchStrategy[Any] | None = None) -> Any:
    return st.dictionaries(keys, st.none() if values is None else values, max_size=3)


def network(version: int) -> st.SearchStrategy[tuple[int, int]]:
    size = 32 if version == 4 else 128
    return st.tuples(st.ip_addresses(v=version).map(int), st.integers(0, size))  # type: ignore[call-overload]


AWARE = st.datetimes(
    timezones=st.sampled_from(
        [
            datetime.UTC,
            datetime.timezone(datetime.timedelta(hours=-5, minutes=-30)),
            datetime.timezone(datetime.timedelta(hours=14)),
        ]
    )
)
COLOURS = st.sampled_from(Colour)
DATES = st.dates()
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SIZES = st.sampled_from(Size)
TEXT = st.text(max_size=5)
TURN = datetime.date(1999, 12, 31)
LEAP = datetime.date(2024, 2, 29)

CASES: dict[str, tuple[Any, st.SearchStrategy[Any] | None]] = {
    "int": (int, st.integers()),
    "bounded int": (Annotated[int, Field(gt=-3, le=12, multiple_of=3)], st.sampled_from([0, 12])),
    "float": (float, FLOATS),
    "finite float": (pydantic.FiniteFloat, FLOATS),
    "bounded float": (
        Annotated[float, Field(gt=0.1, lt=5)],
        st.floats(0.1, 5, exclude_min=True, exclude_max=True),
    ),
    "bool": (bool, st.booleans()),
    "none": (None, st.none()),
    "str": (str, TEXT),
    "stripped": (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4)],
        st.text(min_size=1, max_size=4).filter(lambda text: text == text.strip()),
    ),
    "pattern": (Annotated[str, Field(pattern=r"^[a-c]+\d$", max_length=5)], None),
    "words": (Annotated[str, Field(pattern=r"^\w{2,4}\b.$")], None),
    "python pattern": (
        Annotated[str, Field(pattern=re.compile(r"^a(?=b).\d$", re.IGNORECASE))],
        st.sampled_from(["ab1", "AB2", "ab3\n"]),
    ),
    "bytes": (bytes, TEXT.map(str.encode)),
    "base64": (pydantic.Base64Bytes, st.binary(max_size=8)),
    "url base64": (pydantic.Base64UrlBytes, st.binary(max_size=8)),
    "base64 by configuration": (
        Bytes,
        st.builds(Bytes.model_construct, few=st.binary(min_size=1, max_size=5), any=st.binary()),
    ),
    "hex": (Hex, st.builds(Hex.model_construct, few=st.binary(min_size=1, max_size=3))),
    "any": (Any, None),
    "object": (object, None),
    "json": (pydantic.JsonValue, None),
    "date": (datetime.date, DATES),
    "dates between": (
        Annotated[datetime.date, Field(ge=TURN, lt=datetime.date(2024, 3, 1))],
        st.dates(TURN, LEAP),
    ),
    "dates after": (Annotated[datetime.date, Field(gt=TURN)], st.dates(datetime.date(2000, 1, 1))),
    "dates before": (Annotated[datetime.date, Field(le=TURN)], st.dates(max_value=TURN)),
    "time": (datetime.time, st.times()),
    "datetime": (datetime.datetime, st.datetimes() | AWARE),
    "aware datetime": (pydantic.AwareDatetime, AWARE),
    "naive datetime": (pydantic.NaiveDatetime, st.datetimes()),
    "timedelta": (
        datetime.timedelta,
        st.timedeltas()
        | st.sampled_from([datetime.timedelta.min, datetime.timedelta.max])
        | st.timedeltas(max_value=datetime.timedelta.min + datetime.timedelta(400))
        | st.timedeltas(min_value=datetime.timedelta.max - datetime.timedelta(400)),
    ),
    "uuid": (uuid.UUID, st.uuids()),
    "uuid 4": (pydantic.UUID4, st.uuids(version=4)),
    "uuid 1": (pydantic.UUID1, st.uuids(version=1)),
    "uuid 7": (pydantic.UUID7, None),
    "path": (pathlib.Path, st.builds(pathlib.Path, TEXT)),
    "zone": (zoneinfo.ZoneInfo, st.timezones()),
    "decimal": (Decimal, DECIMALS),
    "money": (
        Annotated[Decimal, Field(max_digits=6, decimal_places=2)],
        st.decimals(-9999, 9999, places=2),
    ),
    "few digits": (Annotated[Decimal, Field(max_digits=4)], st.decimals(-99, 99, places=2)),
    "few places": (
        Annotated[Decimal, Field(decimal_places=9)],
        st.decimals(-(10**9), 10**9, places=9),
    ),
    "positive decimal": (
        Annotated[Decimal, Field(gt=0)],
        st.decimals(min_value=Decimal("1e-9"), allow_nan=False, allow_infinity=False),
    ),
    "decimal not negative": (
        Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=4)],
        st.decimals(0, 9999, places=4),
    ),
    "fraction": (fractions.Fraction, st.fractions()),
    "complex": (complex, st.complex_numbers(allow_nan=False)),
    "ipv4": (ipaddress.IPv4Address, st.ip_addresses(v=4)),
    "ipv6": (
        ipaddress.IPv6Address,
        st.ip_addresses(v=6) | st.just(ipaddress.IPv6Address("fe80::1%eth0")),
    ),
    "ipv4 network": (
        ipaddress.IPv4Network,
        network(4).map(lambda one: ipaddress.IPv4Network(one, strict=False)),
    ),
    "ipv4 interface": (ipaddress.IPv4Interface, network(4).map(ipaddress.IPv4Interface)),
    "ipv6 interface": (ipaddress.IPv6Interface, network(6).map(ipaddress.IPv6Interface)),
    "any address": (pydantic.IPvAnyAddress, st.ip_addresses()),
    "any interface": (pydantic.IPvAnyInterface, None),
    "http url": (
        pydantic.HttpUrl,
        st.sampled_from(["http://a.b", "https://u:p@x.org:80/a?b#c|^", "http://[::1]/"]).map(
            pydantic.HttpUrl
        ),
    ),
    "any url": (
        pydantic.AnyUrl,
        st.sampled_from(["mailto:a@b", "ftp://x", "redis://h:1/2", "file:///a/b", "x:"]).map(
            pydantic.AnyUrl
        ),
    ),
    "hosts": (
        pydantic.PostgresDsn,
        st.just("postgres://u:p@a,b:5/c").map(pydantic.PostgresDsn),
    ),
    "byte size": (pydantic.ByteSize, st.integers(0, 10**15).map(pydantic.ByteSize)),
    "literal": (Literal["a", 1, None, True], st.sampled_from(["a", 1, None, True])),
    "literal of an enum": (Literal[Size.S, Colour.RED], st.just(Size.S)),
    "enum": (Colour, COLOURS),
    "int enum": (Size, SIZES),
    "mixed enum": (Mixed, st.sampled_from([Mixed.A, Mixed.B, Mixed.C, Mixed.E])),
    "flag": (Rights, st.integers(0, 7).map(Rights)),
    "int flag": (Modes, st.sampled_from([0, 1, 8, 9]).map(Modes)),
    "optional": (Size | None, st.none() | SIZES),
    "union": (bool | Pair, st.booleans() | st.builds(Pair)),
    "int or float": (int | float, st.integers() | FLOATS),
    "list": (
        Annotated[list[Size], Field(min_length=1, max_length=3)],
        st.lists(SIZES, min_size=1, max_size=3),
    ),
    "set": (set[int], st.sets(st.integers(), max_size=3)),
    "set of some": (
        Annotated[set[int], Field(min_length=2, max_length=4)],
        st.sets(st.integers(), min_size=2, max_size=4),
    ),
    "frozenset": (frozenset[Colour], st.frozensets(COLOURS)),
    "tuple": (tuple[bool, Colour], st.tuples(st.booleans(), COLOURS)),
    "empty tuple": (tuple[()], st.just(())),
    "tuple of any length": (tuple[int, ...], few(st.integers()).map(tuple)),
    "deque": (collections.deque[bool], few(st.booleans()).map(collections.deque)),
    "sequence": (Sequence[bool], few(st.booleans())),
    "iterable": (Iterable[bool], None),
    "hashable": (Hashable, None),
    "dict": (dict[str, int], table(TEXT, st.integers())),
    "bounded dict": (
        Annotated[dict[str, int], Field(min_length=1, max_length=2)],
        st.dictionaries(TEXT, st.integers(), min_size=1, max_size=2),
    ),
    "mapping": (Mapping[Literal["x", "y"], bool], table(st.sampled_from("xy"), st.booleans())),
    "counter": (collections.Counter[str], table(TEXT, st.integers()).map(collections.Counter)),
    "ordered dict": (collections.OrderedDict[str, bool], None),
    "default dict": (collections.defaultdict[str, list[int]], None),
    "keys of an enum": (dict[Colour, bool], table(COLOURS, st.booleans())),
    "keys of an int enum": (dict[Size, None], table(SIZES)),
    "keys of a mixed enum": (dict[Mixed, None], table(st.just(Mixed.B))),
    "int keys": (dict[int, None], table(st.integers())),
    "bounded keys": (
        dict[Annotated[int, Field(ge=-37, lt=1205)], None],
        table(st.integers(-37, 1204)),
    ),
    "few keys": (dict[Annotated[int, Field(gt=3, le=9, multiple_of=3)], None], None),
    "float keys": (dict[float, None], table(st.floats(allow_nan=False))),
    "bool keys": (dict[bool, None], table(st.booleans())),
    "date keys": (dict[datetime.date, None], table(DATES)),
    "datetime keys": (dict[datetime.datetime, None], table(st.datetimes())),
    "timedelta keys": (dict[datetime.timedelta, None], table(st.timedeltas())),
    "uuid keys": (dict[uuid.UUID, None], table(st.uuids())),
    "decimal keys": (dict[Decimal, None], table(DECIMALS)),
    "fraction keys": (dict[fractions.Fraction, None], None),
    "path keys": (dict[pathlib.Path, None], None),
    "keys of a union": (dict[int | datetime.date, None], table(st.integers() | DATES)),
    "optional keys": (dict[int | None, None], table(st.integers())),
    "pattern keys": (
        dict[Annotated[str, Field(pattern="^a")], None],
        table(TEXT.map("a".__add__)),
    ),
    "short keys": (dict[Annotated[str, Field(max_length=2)], None], table(st.text(max_size=2))),
    "model": (Person, st.builds(Person, name=st.text(max_size=8), likes=st.none() | COLOURS)),
    "recursive model": (
        Tree,
        st.recursive(
            st.builds(Tree, value=st.integers(0, 9)),
            lambda trees: st.builds(
                Tree, value=st.integers(0, 9), children=st.lists(trees, max_size=2)
            ),
            max_leaves=5,
        ),
    ),
    "strict model": (
        Strict,
        st.builds(Strict, cost=DECIMALS, table=table(st.integers(), st.just(b""))),
    ),
    "aliased model": (
        Aliased,
        st.builds(Aliased, **{"how-long": st.integers(), "p": st.integers()}),
    ),
    "open model": (Open, st.builds(Open, a=st.booleans(), b=st.integers())),
    "discriminated union": (
        Annotated[Cat | Dog | Fish, Field(discriminator="kind")],
        st.builds(Cat) | st.builds(Dog) | st.builds(Fish),
    ),
    "union of models": (Cat | Dog, st.builds(Cat) | st.builds(Dog)),
    "generic model": (Box[Colour], st.builds(Box[Colour], inside=COLOURS)),
    "open generic model": (Box, None),
    "dataclass": (Point, st.builds(Point, x=st.integers(), y=FLOATS)),
    "typed dict": (Row, st.builds(lambda a, c: {"a": a, "c": c}, st.booleans(), st.integers())),
    "named tuple": (Pair, st.builds(Pair, a=st.booleans(), b=COLOURS)),
    "root model": (pydantic.RootModel[Size], SIZES.map(pydantic.RootModel[Size])),
    "type alias": (
        Nested,
        st.recursive(st.integers(), lambda lists: st.lists(lists, max_size=2), max_leaves=5),
    ),
    "model of a type alias": (Nest, None),
    "type variable": (Whole, st.integers()),
    "new type": (NewType("Name", str), TEXT),
}
