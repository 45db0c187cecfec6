"""The parameters of callables as types: every kind of them, and the calls that arguments make."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from pydantic import BaseModel, Field
from typing_extensions import TypedDict, Unpack

import grammarlib as gl
from tests.compiler.json_schema.core import accepts, single_bytes


class Place(BaseModel):
    name: str


class Options(TypedDict, total=False):
    deep: bool


class Needed(TypedDict):
    deep: bool


def plain(place: Place, days: Annotated[int, Field(ge=1, le=9)] = 3) -> str:
    """The weather of some days."""
    return f"{place.name} {days}"


def kinds(
    first: int, second: int = 2, /, third: int = 3, *more: int, key: bool, **rest: int
) -> Any:
    return first, second, third, more, key, rest


def gaps(first: int = 1, second: int = 2, /, third: int = 3) -> Any:
    return first, second, third


def unpacked(*, name: str, **options: Unpack[Options]) -> Any:
    return name, options


def needed(**options: Unpack[Needed]) -> Any:
    return options


def odd(json: int, model_config: int, _x: int, __y: int = 0) -> Any:
    return json, model_config, _x, __y


def nothing() -> str:
    return "called"


async def later(number: int) -> int:
    return number + 1


class Shop:
    def __init__(self, name: str) -> None:
        self.name = name

    def buy(self, amount: int) -> str:
        return f"{amount} at {self.name}"

    @classmethod
    def open(cls, name: str) -> Shop:
        return cls(name)

    @staticmethod
    def price(amount: int) -> int:
        return 2 * amount

    def __call__(self, amount: int) -> str:
        return f"{self.name}: {amount}"


@functools.wraps(plain)
def wrapped(*args: Any, **kwargs: Any) -> Any:
    return plain(*args, **kwargs).upper()


@functools.lru_cache
def cached(number: int) -> int:
    return number


SHOP = Shop("here")
CALLS: list[tuple[Callable[..., Any], str, Any]] = [
    (plain, '{"place": {"name": "Ulm"}, "days": 4}', "Ulm 4"),
    (plain, '{"place": {"name": "Ulm"}}', "Ulm 3"),
    (kinds, '{"first": 1, "key": true}', (1, 2, 3, (), True, {})),
    (
        kinds,
        '{"first": 1, "second": 5, "third": 6, "more": [7, 8], "key": false, "rest": {"x": 9}}',
        (1, 5, 6, (7, 8), False, {"x": 9}),
    ),
    (kinds, '{"first": 1, "more": [7], "key": true}', (1, 2, 3, (7,), True, {})),
    (kinds, '{"first": 1, "key": true, "rest": {"first": 9}}', (1, 2, 3, (), True, {"first": 9})),
    (gaps, '{"third": 5}', (1, 2, 5)),
    (gaps, '{"second": 5}', (1, 5, 3)),
    (unpacked, '{"name": "a"}', ("a", {})),
    (unpacked, '{"name": "a", "options": {"deep": true}}', ("a", {"deep": True})),
    (needed, '{"options": {"deep": true}}', {"deep": True}),
    (odd, '{"json": 1, "model_config": 2, "_x": 3, "__y": 4}', (1, 2, 3, 4)),
    (nothing, "{}", "called"),
    (SHOP.buy, '{"amount": 2}', "2 at here"),
    (Shop.price, '{"amount": 2}', 4),
    (SHOP, '{"amount": 2}', "here: 2"),
    (functools.partial(SHOP.buy, 3), "{}", "3 at here"),
    (functools.partial(plain, days=7), '{"place": {"name": "Ulm"}}', "Ulm 7"),
    (functools.partial(plain, days=7), '{"place": {"name": "Ulm"}, "days": 1}', "Ulm 1"),
    (wrapped, '{"place": {"name": "Ulm"}}', "ULM 3"),
    (cached, '{"number": 2}', 2),
]


@pytest.mark.parametrize(("function", "text", "result"), CALLS)
def test_read_arguments_make_the_call(function: Callable[..., Any], text: str, result: Any) -> None:
    grammar = gl.from_type(function)
    assert accepts(gl.compile(grammar, single_bytes()).core, text)
    call = grammar.read(text)
    assert isinstance(call, gl.Call)
    assert call.function is function
    assert call() == result


@pytest.mark.parametrize("function", [plain, kinds, gaps, unpacked, needed, odd, SHOP.buy, wrapped])
def test_every_text_can_be_called_with(function: Callable[..., Any]) -> None:
    grammar = gl.from_type(function)

    @seed(0)
    @settings(
        max_examples=40, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(gl.strategies.from_grammar(grammar))
    def can_be_called(text: str) -> None:
        grammar.read(text)()

    can_be_called()


def test_functions_of_other_kinds() -> None:
    assert gl.from_type(Shop.open).read('{"name": "there"}')().name == "there"
    assert asyncio.run(gl.from_type(later).read('{"number": 1}')()) == 2


def test_reading_does_not_call() -> None:
    called = []

    def tell(text: str) -> None:
        called.append(text)

    call = gl.from_type(tell).read('{"text": "a"}')
    assert call == gl.Call(tell, {"text": "a"})
    assert not called
    call()
    assert called == ["a"]


def test_arguments_are_as_they_were_written() -> None:
    call = gl.from_type(plain).read('{"place": {"name": "Ulm"}}')
    assert call.arguments == {"place": Place(name="Ulm")}
    assert call.bound.arguments == {"place": Place(name="Ulm"), "days": 3}


def test_the_schema_has_the_docstring_and_the_defaults() -> None:
    schema = gl.from_type(plain).schema
    assert isinstance(schema, dict)
    assert schema["description"] == "The weather of some days."
    assert schema["properties"]["days"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "default": 3,
    }
    assert schema["required"] == ["place"]
    assert schema["additionalProperties"] is False


def test_names_of_further_arguments_are_no_parameters() -> None:
    compiled = gl.compile(kinds, single_bytes())
    text = '{"first": 1, "key": true, "rest": {"%s": 1}}'
    assert [
        name
        for name in ("first", "second", "third", "more", "key", "rest", "other")
        if accepts(compiled.core, text % name)
    ] == ["first", "second", "more", "rest", "other"]


def bare(first: int, second) -> None:  # type: ignore[no-untyped-def]
    """A parameter without an annotation."""


def unknown(first: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821
    """An annotation that names nothing."""


@pytest.mark.parametrize(
    ("function", "error", "said"),
    [
        (bare, TypeError, "the parameter second of bare has no annotation"),
        (lambda x: x, TypeError, "the parameter x of .*lambda.* has no annotation"),
        (Shop.buy, TypeError, "the parameter self of Shop.buy has no annotation"),
        (unknown, NameError, "the parameters of unknown: name 'Nowhere' is not defined"),
        (functools.partial(bare, 1), TypeError, "the parameter second of .* has no annotation"),
        (dict.get, TypeError, "the parameter self of dict.get has no annotation"),
        (dict.update, TypeError, "tells no signature"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_name(
    function: Any, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        gl.from_type(function)


def test_the_signature_is_the_functions_own() -> None:
    bound = gl.from_type(kinds).read('{"first": 1, "key": true}').bound
    assert bound.signature == inspect.signature(kinds)
