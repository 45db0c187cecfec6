"""``JSONSchema``: JSON text, options, and what is wrong with them."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import grammarlib as gl
from grammarlib.errors import CompileBudgetExceeded, GrammarSyntaxError, InvalidSchema
from grammarlib.schema import JSONSchema


def test_documents_are_kept_not_copied() -> None:
    schema = {"type": "string"}
    assert JSONSchema(schema).schema is schema
    assert JSONSchema(True).schema is True
    assert gl.JSONSchema is JSONSchema


def test_text_is_read_exactly() -> None:
    text = '{"enum": [0.1, 1e2, 0.1000000000000000055511151231257827, 1e400, 12345678901234567890]}'
    values: Any = JSONSchema(text).schema
    assert values["enum"][:2] == [0.1, 100.0]
    assert [type(value) for value in values["enum"]] == [float, float, Decimal, Decimal, int]
    assert values["enum"][2] == Decimal("0.1000000000000000055511151231257827")


def test_of_a_repeated_key_the_last_is_taken() -> None:
    assert JSONSchema('{"type": "null", "type": "string"}').schema == {"type": "string"}


@pytest.mark.parametrize(
    ("text", "line", "column"), [("", 1, 1), ('{"a": }', 1, 7), ("{}\n{}", 2, 1), ("[1,\n 2", 2, 3)]
)
def test_text_that_is_no_json(text: str, line: int, column: int) -> None:
    with pytest.raises(GrammarSyntaxError) as caught:
        JSONSchema(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constants_that_are_no_json(constant: str) -> None:
    with pytest.raises(InvalidSchema, match=constant):
        JSONSchema(f'{{"const": {constant}}}')


def test_text_beyond_the_budget() -> None:
    with pytest.raises(CompileBudgetExceeded, match="nesting"):
        JSONSchema('{"items":' * 100_000 + "{}" + "}" * 100_000)
    with pytest.raises(CompileBudgetExceeded, match="digits"):
        JSONSchema('{"const": ' + "1" * 5_000 + "}")


@pytest.mark.parametrize(
    "options",
    [
        {"property_order": "sorted"},
        {"property_order": None},
        {"format": True},
        {"format": "annotation"},
        {"unsupported": "ignore"},
    ],
)
def test_wrong_options_name_the_choices(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(ValueError, match=rf"{name} must be '\w+' or '\w+'"):
        JSONSchema({}, **options)


def test_options_are_named() -> None:
    with pytest.raises(TypeError):
        JSONSchema({}, "compact")  # type: ignore[misc]


@pytest.mark.parametrize("schema", [None, [], 5, b"{}"])
def test_wrong_documents(schema: Any) -> None:
    with pytest.raises(TypeError, match="dict, a bool or JSON text"):
        JSONSchema(schema)


@pytest.mark.parametrize("whitespace", [r" ?", r"[ \t]*", "", r"(\r?\n[ \t]*)?", "\n"])
def test_patterns_of_white_space(whitespace: str) -> None:
    assert JSONSchema({}, whitespace=whitespace).whitespace_program()


@pytest.mark.parametrize("whitespace", [r"\s*", ".", "x?", r"\u00a0", r"[ \v]*"])
def test_white_space_of_other_characters(whitespace: str) -> None:
    with pytest.raises(ValueError, match="white space"):
        JSONSchema({}, whitespace=whitespace)


@pytest.mark.parametrize("whitespace", ["[]", "a^", r"^(?=\n)$", r"(?! )(?! ) "])
def test_white_space_that_no_text_matches(whitespace: str) -> None:
    with pytest.raises(ValueError, match="white space must match some text"):
        JSONSchema({}, whitespace=whitespace)


@pytest.mark.parametrize("value", [None, 1, np.zeros(3), [[]], {}])
@pytest.mark.parametrize("option", ["property_order", "format", "unsupported"])
def test_options_of_another_type_are_named(option: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{option} must be"):
        JSONSchema({}, **{option: value})  # type: ignore[arg-type]


def test_an_option_too_deep_to_show_is_named() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="format must be 'assert' or 'annotate', not "):
        JSONSchema({}, format=deep)  # type: ignore[arg-type]


def test_own_formats_are_compiled_and_copied() -> None:
    formats = {"slug": "[a-z]{2,4}"}
    grammar = JSONSchema({"type": "string", "format": "slug"}, formats=formats)
    formats["slug"] = "("
    vocab = gl.Vocabulary.from_tokens([*[bytes([i]) for i in range(256)], b"<end>"], eos_ids=[256])
    compiled = gl.compile(grammar, vocab)
    for text, valid in (('"ab"', True), ('"a"', False), ('"ab1"', False)):
        matcher = compiled.matcher()
        assert (matcher.accept_bytes(text.encode()) and matcher.is_accepting()) is valid


def test_wrong_formats() -> None:
    with pytest.raises(GrammarSyntaxError, match="format 'x'"):
        JSONSchema({}, formats={"x": "("})
    with pytest.raises(gl.GrammarlibError, match="format 'x'"):
        JSONSchema({}, formats={"x": r"(a)\1"})
    for formats in (["a"], {"a": 1}, {1: "a"}, "a"):
        with pytest.raises(TypeError, match="format"):
            JSONSchema({}, formats=formats)  # type: ignore[arg-type]


def test_a_registry_of_another_type_is_named() -> None:
    with pytest.raises(TypeError, match=r"registry must be a referencing\.Registry, not dict"):
        JSONSchema({}, registry={})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "pointer", "name"),
    [
        ("NaN", "", "NaN"),
        ('{"minimum": NaN}', "/minimum", "NaN"),
        ('{"a": 1, "x/y": [{"default": [0, -Infinity]}]}', "/x~1y/0/default/1", "-Infinity"),
        ('{"a": [1, Infinity], "b": NaN}', "/a/1", "Infinity"),
    ],
)
def test_constants_that_json_has_not_are_refused_at_their_place(
    text: str, pointer: str, name: str
) -> None:
    with pytest.raises(InvalidSchema, match=f"{name} is no JSON") as raised:
        JSONSchema(text)
    assert raised.value.pointer == pointer


def test_a_constant_hidden_by_a_repeated_key_is_refused() -> None:
    with pytest.raises(InvalidSchema, match="no JSON"):
        JSONSchema('{"a": NaN, "a": 1}')


def test_white_space_of_a_kind_that_is_not_enforced() -> None:
    with pytest.raises(gl.UnsupportedPattern, match="back-reference"):
        JSONSchema({}, whitespace=r"( )\1")


def test_wrong_white_space() -> None:
    with pytest.raises(GrammarSyntaxError):
        JSONSchema({}, whitespace="(")
    with pytest.raises(TypeError, match="whitespace"):
        JSONSchema({}, whitespace=None)  # type: ignore[arg-type]


def test_a_schema_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        JSONSchema({}).format = "annotate"  # type: ignore[misc]


def test_making_one_imports_little() -> None:
    code = (
        "import sys, grammarlib as gl; gl.JSONSchema({});"
        "print([m for m in ('torch', 'numpy', 'referencing', 'grammarlib._core')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
