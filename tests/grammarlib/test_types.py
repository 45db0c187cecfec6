"""``from_type`` and what takes its grammars: `compile`, `generate`, strategies, laws."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from typing import Annotated, Any, Literal

import hypothesis
import numpy as np
import pydantic
import pytest

import grammarlib as gl
from grammarlib import testing
from grammarlib.runtime.compile_cache import compile_cached
from grammarlib.types import is_type
from tests.compiler.json_schema.core import accepts, single_bytes


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Point:
    x: Literal[1, 2]
    colour: Colour


def paint(colour: Colour) -> str:
    return colour.value


def even(value: int) -> int:
    if value % 2:
        raise ValueError("odd")
    return value


Even = Annotated[int, pydantic.Field(ge=0, le=9), pydantic.AfterValidator(even)]


def noise(tokens: tuple[int, ...]) -> Any:
    """Any byte, though blanks less, so that texts stay short."""
    scores = np.random.default_rng([len(tokens), *tokens[-3:]]).normal(0, 1, 257)
    scores[[9, 10, 13, 32]] -= 4
    return scores


MODEL = gl.FunctionModel(single_bytes(), noise)


def test_a_grammar_of_a_type_is_a_schema_that_knows_it() -> None:
    grammar = gl.from_type(Point)
    assert isinstance(grammar, gl.TypeGrammar)
    assert isinstance(grammar, gl.JSONSchema)
    assert grammar.type is Point
    assert grammar.read('{"x": 2, "colour": "red"}') == Point(2, Colour.RED)
    assert "type=<class" in repr(grammar)


def test_options_are_those_of_schemas() -> None:
    text = '{"colour":"red","x":1}'
    taken = {
        options: accepts(
            gl.compile(gl.from_type(Point, **dict(options)), single_bytes()).core, text
        )
        for options in (
            (),
            (("property_order", "any"),),
            (("property_order", "any"), ("whitespace", " ")),
            (("property_order", "any"), ("whitespace", "compact")),
        )
    }
    assert list(taken.values()) == [False, True, False, True]
    with pytest.raises(ValueError, match="property_order"):
        gl.from_type(Point, property_order="none")  # type: ignore[arg-type]


def test_own_formats_stand_beside_those_of_types() -> None:
    isbn = Annotated[str, pydantic.WithJsonSchema({"type": "string", "format": "isbn"})]
    number: dict[str, Any] = {"formats": {"isbn": gl.Regex(r"\d{3}")}}
    compiled = gl.compile(gl.from_type(isbn, **number), single_bytes())
    assert accepts(compiled.core, '"123"')
    assert not accepts(compiled.core, '"12"')


def test_what_is_not_enforced_may_be_recorded() -> None:
    text = Annotated[str, pydantic.Field(json_schema_extra={"pattern": "(a)\\1"})]
    compiled = gl.compile(gl.from_type(text, unsupported="record"), single_bytes())
    assert [entry[:2] for entry in compiled.unenforced] == [("/pattern", "pattern")]


@pytest.mark.parametrize("annotation", [Point, list[Colour], Literal["a"], int | None, paint])
def test_types_stand_where_grammars_do(annotation: Any) -> None:
    compiled = gl.compile(annotation, single_bytes())
    assert isinstance(compiled.grammar, gl.TypeGrammar)
    testing.assert_laws(compiled, max_examples=2, precompute=["lazy"])

    @hypothesis.settings(max_examples=5, database=None, derandomize=True)
    @hypothesis.given(gl.strategies.from_grammar(annotation))
    def is_inside(text: str) -> None:
        assert accepts(compiled.core, text)

    is_inside()


@pytest.mark.parametrize("thing", ["Point", 3, Point(1, Colour.RED), [Point], object()])
def test_what_is_no_type_is_no_grammar(thing: Any) -> None:
    assert not is_type(thing)
    with pytest.raises(TypeError, match=r"grammar must be a grammar, such as .* or a type, not"):
        gl.compile(thing, single_bytes())
    with pytest.raises(TypeError, match="a type, not"):
        gl.generate_json(thing, "?", model=MODEL)


def test_generated_values_are_instances() -> None:
    result = gl.generate(Point, "?", model=MODEL, seed=1)
    assert isinstance(result.value, Point)
    assert result.value == gl.from_type(Point).read(result.text)
    for grammar in (gl.from_type(Point), gl.compile(Point, single_bytes())):
        assert gl.generate(grammar, "?", model=MODEL, seed=1).value == result.value
    assert gl.generate({"type": "boolean"}, "?", model=MODEL).value in (True, False)


def test_json_of_a_type_is_an_instance() -> None:
    points = gl.generate_json(Point, ["?", "!"], model=MODEL, seed=1)
    assert [type(point) for point in points] == [Point, Point]
    colour = gl.generate_json(Colour, "?", model=MODEL, seed=1)
    assert colour in Colour
    call = gl.generate_json(paint, "?", model=MODEL, seed=1)
    assert isinstance(call, gl.Call)
    assert call() in ("red", "blue")


def test_what_validators_refuse_is_no_value() -> None:
    grammar = gl.from_type(Even)
    results = gl.generate(grammar, ["?"] * 20, model=MODEL, seed=1)
    values = {result.value for result in results}
    assert values <= {None, 0, 2, 4, 6, 8}
    assert None in values
    assert len(values) > 1
    with pytest.raises(gl.InvalidValue, match="odd"):
        gl.generate_json(grammar, ["?"] * 20, model=MODEL, seed=1)


def test_types_of_one_schema_are_compiled_once() -> None:
    once = [
        compile_cached(gl.from_type(annotation), single_bytes())
        for annotation in (datetime.date, datetime.date, Annotated[datetime.date, "a day"])
    ]
    assert once[0] is once[1] is once[2]
    other = gl.from_type(datetime.date, formats={"date": "today"})
    assert compile_cached(other, single_bytes()) is not once[0]


def test_validators_run_once_a_text() -> None:
    seen = []
    noted = Annotated[bool, pydantic.AfterValidator(seen.append)]
    gl.generate_json(gl.from_type(noted), "?", model=MODEL)
    assert len(seen) == 1
    gl.generate(gl.from_type(noted), "?", model=MODEL)
    assert len(seen) == 2


def test_a_text_cut_off_is_no_value() -> None:
    result = gl.generate(Point, "?", model=MODEL, max_tokens=2)
    assert result.finish_reason == "length"
    assert result.value is None
    with pytest.raises(gl.Incomplete):
        gl.generate_json(Point, "?", model=MODEL, max_tokens=2)
