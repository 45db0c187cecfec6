# mypy: disable-error-code="empty-body"
"""``@structured``: the prompt, the type, the ways to run, what is refused when it is decorated."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import inspect
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
import pydantic
import pytest

import grammarlib as gl
from grammarlib.runtime.prompt_template import render_prompt

BYTES = gl.Vocabulary.from_tokens([*(bytes([b]) for b in range(256)), None], [256])


class Spy(gl.FunctionModel):
    """Scores by noise, or towards a text; keeps the first prompt of each generation."""

    def __init__(self, text: str | None = None, *, wait: float = 0.0) -> None:
        super().__init__(BYTES, self.score)
        self.text = text
        self.wait = wait
        self.prompts: list[str] = []
        self.calls = 0

    def encode(self, prompt: Any) -> list[int]:
        ids = super().encode(prompt)
        self.prompts.append(bytes(ids).decode())
        return ids

    def score(self, tokens: tuple[int, ...]) -> Any:
        self.calls += 1
        time.sleep(self.wait)
        at = len(tokens) - len(self.prompts[-1].encode())
        scores = np.random.default_rng([at, *tokens[-2:]]).normal(0, 1, 257)
        if self.text is not None:
            wanted = self.text.encode()
            scores[wanted[at] if at < len(wanted) else 256] += 50
        else:
            scores[[*b'"}]', 256]] += 3
        return scores


class Person(pydantic.BaseModel):
    name: str
    age: int


PERSON = '{"name": "Ada", "age": 36}'


def asked(prompt: str, schema: Any) -> str:
    return render_prompt(prompt, schema)


PERSON_SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


def test_the_docstring_and_the_arguments_are_the_prompt() -> None:
    spy = Spy(PERSON)

    @gl.structured(model=spy, temperature=0)
    def person(text: str, notes: list[str] | None = None, *, year: int = 1852) -> Person:
        """Who is it?

        Answer briefly.
        """
        raise AssertionError("the body is not run")

    assert person("Ada, 36.", year=3) == Person(name="Ada", age=36)
    said = "Who is it?\n\nAnswer briefly.\n\ntext: Ada, 36.\nnotes: null\nyear: 3"
    assert spy.prompts == [asked(said, PERSON_SCHEMA)]
    assert person.__name__ == "person"
    assert inspect.signature(person) == inspect.signature(person.__wrapped__)  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="missing a required"):
        person()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="too many positional"):
        person("a", [], 3)  # type: ignore[call-arg]


@dataclasses.dataclass
class Point:
    x: float
    y: float


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ("é\n\"'", "é\n\"'"),
        (True, "true"),
        (1.5, "1.5"),
        (float("nan"), "NaN"),
        ([1, "é"], '[1,"é"]'),
        (Person(name="x", age=1), '{"name":"x","age":1}'),
        ({"p": Point(1.5, 2.5)}, '{"p":{"x":1.5,"y":2.5}}'),
        (b"\xff", "_w=="),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (gl.JSONSchema, "<class 'grammarlib.schema.JSONSchema'>"),
    ],
)
def test_values_stand_as_text_or_as_json(value: object, spelled: str) -> None:
    spy = Spy()

    @gl.structured(model=spy, seed=1)
    def answer(value: object, other: object = None) -> bool:
        """Is {value} in {"a": {value}} and {{value}} { other } {}?"""

    answer(value)
    said = f'Is {spelled} in {{"a": {spelled}}} and {{value}} {{ other }} {{}}?\n\nother: null'
    assert spy.prompts == [asked(said, {"type": "boolean"})]


def test_empty_rests_are_left_out() -> None:
    spy = Spy()

    @gl.structured(model=spy, seed=1)
    def answer(*values: int, **more: int) -> bool:
        """Say."""

    answer()
    answer(1, 2, three=3)
    assert spy.prompts == [
        asked("Say.", {"type": "boolean"}),
        asked('Say.\n\nvalues: [1,2]\nmore: {"three":3}', {"type": "boolean"}),
    ]


class Shop:
    spy = Spy("true")
    name = "shop"

    def __str__(self) -> str:
        return self.name

    @gl.structured(model=spy, temperature=0)
    def sells(self, thing: str) -> bool:
        """Sold here?"""

    @gl.structured(model=spy, temperature=0)
    def named(self, thing: str) -> bool:
        """Does {self} sell {thing}?"""

    @staticmethod
    @gl.structured(model=spy, temperature=0)
    def static(thing: str) -> bool:
        """{thing}?"""

    @classmethod
    @gl.structured(model=spy, temperature=0)
    def of_class(cls, thing: str) -> bool:
        """A {thing}?"""

    @gl.structured(model=spy, temperature=0)
    def twin(self) -> Shop.Twin:
        """Twin."""

    class Twin(pydantic.RootModel[bool]):
        pass


def test_methods() -> None:
    shop = Shop()
    assert [shop.sells("tea"), shop.named("tea"), shop.static("tea"), Shop.of_class("tea")] == [
        True
    ] * 4
    assert shop.twin() == Shop.Twin(True)
    prompts = ["Sold here?\n\nthing: tea", "Does shop sell tea?", "tea?", "A tea?", "Twin."]
    assert shop.spy.prompts == [asked(prompt, {"type": "boolean"}) for prompt in prompts]


def test_bare_it_asks_the_model_that_ships() -> None:
    @gl.structured
    def yes(question: str) -> Literal["yes", "no"]:
        """{question}"""

    assert yes("Is it?") in ("yes", "no")

    @gl.structured(temperature=0)
    def person(text: str) -> Person:
        """{text}"""

    assert person("Clara Weber is 42 years old.") == Person(name="Clara Weber", age=42)


def test_options_reach_the_generation() -> None:
    spy = Spy()

    @gl.structured(model=spy, seed=3, max_tokens=4)
    def short() -> Person:
        """Write."""

    with pytest.raises(gl.Incomplete) as raised:
        short()
    assert raised.value.reason == "max_tokens"

    def write() -> str:
        """Write."""
        raise AssertionError

    options: list[dict[str, Any]] = [{"seed": 4}, {"seed": 5}, {"seed": 4}, {"top_k": 1}]
    texts = [gl.structured(model=spy, **one)(write)() for one in options]
    assert texts[0] == texts[2] != texts[1]
    assert gl.structured(model=spy, temperature=0)(write)() == texts[3]


def test_what_the_type_refuses_is_an_error() -> None:
    class Grown(Person):
        @pydantic.field_validator("age")
        @classmethod
        def grown(cls, age: int) -> int:
            if age < 18:
                raise ValueError("not grown")
            return age

    @gl.structured(model=Spy(PERSON.replace("36", "6")), temperature=0)
    def person() -> Grown:
        """Who?"""

    with pytest.raises(gl.InvalidValue, match="/age: Value error, not grown"):
        person()


def test_types_of_the_function_around_are_found() -> None:
    class Local(pydantic.BaseModel):
        x: bool

    @gl.structured
    def bare() -> Local:
        """Yes or no?"""

    @gl.structured(model=Spy(), seed=1)
    def called() -> Local:
        """Yes or no?"""

    assert isinstance(bare(), Local)
    assert isinstance(called(), Local)


def test_types_defined_later_are_found_in_the_first_call() -> None:
    spy = Spy('[{"at": 1}]')

    @gl.structured(model=spy, temperature=0)
    def later() -> list[Later]:  # type: ignore[name-defined]  # noqa: F821
        """Later."""

    with pytest.raises(NameError, match=r"return annotation of .*later: name 'Later'"):
        later()
    globals()["Later"] = pydantic.create_model("Later", at=int)
    try:
        assert [one.at for one in later()] == [1]
    finally:
        del globals()["Later"]
    assert [one.at for one in later()] == [1]  # known by now


def decorate(function: Callable[..., object], **options: Any) -> None:
    gl.structured(model=Spy(), **options)(function)


def faults() -> dict[str, tuple[Any, type[Exception], str]]:
    def no_docstring() -> int: ...

    def blank() -> int:
        """ """

    def no_annotation():  # type: ignore[no-untyped-def]
        """Text."""

    def none() -> None:
        """Text."""

    def unknown_name(value: int) -> int:
        """{valeu}"""

    def generator() -> Any:
        """Text."""
        yield 1

    async def async_generator() -> Any:
        """Text."""
        yield 1

    def no_json() -> Callable[[], int]:
        """Text."""

    def a_class() -> type[int]:
        """Text."""

    def refused() -> Annotated[str, pydantic.Field(json_schema_extra={"pattern": "(a)\\1"})]:
        """Text."""

    def broken() -> int:
        """Text."""

    broken.__annotations__["return"] = "list[int"

    def array() -> int:
        """Text."""

    array.__annotations__["return"] = np.zeros(3)

    return {
        "no docstring": (no_docstring, TypeError, "no_docstring has no docstring"),
        "blank docstring": (blank, TypeError, "blank has no docstring"),
        "no annotation": (no_annotation, TypeError, "no_annotation has no return annotation"),
        "none": (none, TypeError, "none returns None"),
        "unknown name": (unknown_name, ValueError, r"names \{valeu\}, which is no parameter"),
        "generator": (generator, TypeError, "generator is a generator"),
        "async generator": (async_generator, TypeError, "is a generator"),
        "no json": (no_json, TypeError, "return annotation of .*no_json: .*CallableSchema"),
        "class": (a_class, TypeError, "return annotation of .*a_class: .*classes"),
        "refused": (refused, gl.UnsupportedSchema, "/pattern"),
        "broken": (broken, TypeError, "return annotation of .*broken"),
        "array": (array, TypeError, "return annotation of .*array"),
        "static": (staticmethod(no_docstring), TypeError, "put @staticmethod above @structured"),
        "no function": (Person, TypeError, "a function is needed"),
    }


@pytest.mark.parametrize("fault", faults())
def test_faults_are_told_when_decorated(fault: str) -> None:
    function, error, said = faults()[fault]
    with pytest.raises(error, match=said):
        decorate(function)


@pytest.mark.parametrize(
    "options", [{"max_tokens": 0}, {"seed": -1}, {"temperature": -1.0}, {"top_p": 2.0}]
)
def test_options_are_checked_when_given(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        gl.structured(model=Spy(), **options)


@pytest.mark.parametrize(
    "options", [{"model": "x"}, {"model": Spy}, {"max_tokens": 2.5}, {"seed": "1"}, {"top_k": "1"}]
)
def test_options_of_another_type_are_told_when_decorated(options: dict[str, Any]) -> None:
    def number() -> int:
        """A number."""

    with pytest.raises(TypeError, match=f"{next(iter(options))} must be"):
        gl.structured(**options)(number)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("a\ud800", "the prompt has a lone surrogate at character 13"),
        ({"a": "\ud800"}, "an argument cannot be written as JSON"),
    ],
)
def test_arguments_that_are_no_text_are_refused(given: object, said: str) -> None:
    @gl.structured(model=Spy("1"))
    def number(of: object) -> int:
        """Count."""

    with pytest.raises(ValueError, match=said):
        number(given)


def test_async_functions_run_beside_each_other() -> None:
    spies = [Spy(PERSON, wait=0.002) for _ in range(3)]

    def make(spy: Spy) -> Any:
        @gl.structured(model=spy, temperature=0)
        async def person(text: str) -> Person:
            """{text}"""

        return person

    functions = [make(spy) for spy in spies]
    assert all(inspect.iscoroutinefunction(function) for function in functions)
    ticks = 0

    async def run() -> list[Any]:
        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        clock = asyncio.create_task(tick())
        try:
            return await asyncio.gather(*(function("x") for function in functions))
        finally:
            clock.cancel()

    assert asyncio.run(run()) == [Person(name="Ada", age=36)] * 3
    assert ticks > 5  # the loop was never held up


def test_a_cancelled_call_stops_its_thread() -> None:
    spy = Spy("9" * 10_000, wait=0.002)

    @gl.structured(model=spy, temperature=0, max_tokens=10_000)
    async def endless() -> int:
        """Count."""
        raise AssertionError

    async def run() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(endless(), 0.1)

    before = time.perf_counter()
    asyncio.run(run())  # which waits for its threads
    assert time.perf_counter() - before < 5
    calls = spy.calls
    assert 0 < calls < 5000
    time.sleep(0.05)
    assert spy.calls == calls
    assert not any(thread.name.startswith("asyncio") for thread in threading.enumerate())


def test_errors_of_an_async_call_arrive() -> None:
    @gl.structured(model=Spy(), max_tokens=2)
    async def cut() -> Person:
        """Cut."""
        raise AssertionError

    with pytest.raises(gl.Incomplete):
        asyncio.run(cut())
    with pytest.raises(TypeError, match="too many positional"):
        asyncio.run(cut(1))  # type: ignore[call-arg]


def test_without_pydantic_it_says_what_to_install() -> None:
    code = """
        import sys
        sys.modules["pydantic"] = None
        import grammarlib as gl
        gl.JSONSchema({})
        try:
            @gl.structured
            def answer() -> int:
                "Text."
        except ImportError as error:
            print(error)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "types as grammars need pydantic: pip install 'grammarlib[pydantic]'"
    )


def test_type_checkers_see_the_functions_own_signature() -> None:
    code = """
        import grammarlib as gl
        from typing_extensions import assert_type

        @gl.structured
        def bare(text: str, *, count: int = 1) -> list[int]:
            "Text."
            raise NotImplementedError

        @gl.structured(max_tokens=5)
        async def called(text: str) -> bool:
            "Text."
            raise NotImplementedError

        class Shop:
            @gl.structured
            def method(self, text: str) -> bool:
                "Text."
                raise NotImplementedError

        async def use() -> None:
            assert_type(bare("a", count=2), list[int])
            assert_type(await called("a"), bool)
            assert_type(Shop().method("a"), bool)
            bare(1)
            await called()
            Shop().method(text=2)
            gl.structured(max_token=1)
    """
    command = [sys.executable, "-m", "mypy", "--strict", "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line.split(": error: ")[0] for line in done.stdout.splitlines() if ": error: " in line]
    assert told == [f"<string>:{line}" for line in (25, 26, 27, 28)], done.stdout
