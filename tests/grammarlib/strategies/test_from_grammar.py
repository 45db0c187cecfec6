"""``from_grammar``: what is drawn is in the language, everything can be drawn, failures shrink."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest

import grammarlib as gl
from grammarlib.compiler.json_schema.drafts import BY_URI
from grammarlib.errors import GrammarlibError
from tests.compiler.json_schema.shared_data import maskbench
from tests.grammarlib.strategies.checks import (
    check_inside,
    compiled_over_bytes,
    drawn,
    each,
    smallest,
)
from tests.grammarlib.strategies.schemas import PERSON, SCHEMAS, TREE
from tests.oracle import json_text as judge

ORDERS = ("declared", "any")


def texts(schema: Any, number: int = 400, **options: Any) -> list[str]:
    return drawn(gl.strategies.from_grammar(gl.JSONSchema(schema, **options)), number)


# -- in the language ------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", SCHEMAS)
def test_derived_texts_are_in_the_language(name: str, order: Any) -> None:
    schema = SCHEMAS[name]
    grammar = gl.JSONSchema(schema, property_order=order)
    compiled = compiled_over_bytes(grammar)
    strategy = gl.strategies.from_grammar(grammar)
    each(strategy, lambda text: check_inside(schema, compiled, text), 50)


def test_the_schemas_hold_every_keyword() -> None:
    known = {keyword for draft in BY_URI.values() for keyword in draft.keywords}
    held: set[str] = set()

    def walk(schema: Any) -> None:
        if isinstance(schema, dict):
            held.update(schema)
            for inner in schema.values():
                walk(inner)
        elif isinstance(schema, list):
            for inner in schema:
                walk(inner)

    walk(list(SCHEMAS.values()))
    assert known - held == set()


def test_real_schemas() -> None:
    cases = sorted(maskbench(), key=lambda case: case[0])
    random.Random(4).shuffle(cases)
    done = 0
    for name, case in cases:
        schema = case["schema"]
        try:
            grammar = gl.JSONSchema(schema, property_order=random.Random(name).choice(ORDERS))
            compiled = compiled_over_bytes(grammar)
        except GrammarlibError:
            continue
        strategy = gl.strategies.from_grammar(grammar)
        each(strategy, lambda text, s=schema, c=compiled: check_inside(s, c, text), 8)  # type: ignore[misc]
        done += 1
        if done == 40:
            return
    raise AssertionError(f"only {done} schemas")


# -- everything can be drawn ----------------------------------------------------------------------


@pytest.mark.parametrize("values", [["a", "ab", "abc", "x1", "é", "😀", ""], list(range(12))])
def test_every_constant_is_reached(values: list[Any]) -> None:
    assert {json.loads(text) for text in texts({"enum": values}, 1200)} == set(values)


def test_rare_characters_are_reached() -> None:
    found = [json.loads(text) for text in texts({"type": "string", "pattern": "^([a-z]|0[^0]1)+$"})]
    assert any("0" in text for text in found)
    assert any(text.isalpha() for text in found)


def test_bounds_are_reached() -> None:
    schema = {"type": "string", "minLength": 1, "maxLength": 3}
    assert {len(json.loads(text)) for text in texts(schema)} == {1, 2, 3}
    schema = {"type": "array", "items": {"type": "null"}, "minItems": 2, "maxItems": 30}
    lengths = {len(json.loads(text)) for text in texts(schema)}
    assert {2, 3, 4, 30} <= lengths


def test_numbers_are_spelled_in_many_ways() -> None:
    found = texts({"type": "number"}, 600)
    wanted = {
        "minus": "-",
        "point": ".",
        "small e": "e",
        "large e": "E",
        "plus": "+",
        "digits": "12",
    }
    assert [name for name, part in wanted.items() if not any(part in text for text in found)] == []


def test_strings_and_keys_are_spelled_in_many_ways() -> None:
    schema = {"type": "object", "properties": {"k/": {"enum": ['"\n', "😀é"]}}, "required": ["k/"]}
    found = "".join(texts(schema, 600, whitespace="compact"))
    ways = ['"k/"', "\\u006b", "\\u006B", "\\/", "\\u002f", '\\"', "\\u0022", "\\n", "\\u000a"]
    ways += ["\\u000A", "😀", "\\ud83d\\ude00", "\\uD83D\\uDE00", "é", "\\u00e9", "\\u00E9"]
    assert [way for way in ways if way not in found] == []


def test_blanks_vary_within_the_option() -> None:
    schema = {"type": "array", "items": {"const": None}, "minItems": 1, "maxItems": 2}
    blanks = {blank for text in texts(schema) for blank in judge.blanks_of(text)}
    assert {"", " ", "\t", "\n", "\r\n"} <= blanks
    assert any(len(blank) > 2 for blank in blanks)
    assert set(texts(schema, whitespace="compact")) == {"[null]", "[null,null]"}
    forced = texts(schema, whitespace=" {1,2}")
    assert {blank for text in forced for blank in list(judge.blanks_of(text))[1:-1]} == {" ", "  "}
    places = [list(judge.blanks_of(text)) for text in texts(schema)]
    assert all(any(len(p) > at + 1 and p[at] for p in places) for at in range(1, 5))


def test_keys_come_in_every_order_where_any_is_allowed() -> None:
    schema = {"type": "object", "properties": {key: {} for key in "abc"}, "required": [*"abc"]}
    schema["additionalProperties"] = False
    found = {"".join(json.loads(text)) for text in texts(schema, 900, property_order="any")}
    assert found == {"".join(order) for order in itertools.permutations("abc")}
    assert {"".join(json.loads(text)) for text in texts(schema)} == {"abc"}


def test_many_keys_are_reached() -> None:
    keys = [f"k{i}" for i in range(300)]
    schema = {"type": "object", "properties": {key: {"enum": [0, 1]} for key in keys}}
    found = [json.loads(text) for text in texts({**schema, "additionalProperties": False}, 300)]
    assert {key for value in found for key in value} == set(keys)
    assert {0} in [set(value.values()) for value in found]
    assert any(1 in value.values() for value in found)
    assert any(len(value) > 290 for value in found)
    assert any(0 < len(value) < 5 for value in found)


# -- failures shrink ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "part", "expected"),
    [
        (PERSON, "", '{"name":"00","age":0}'),
        (PERSON, "@", '{"name":"00","age":0,"mail":"a@aa"}'),
        ({"type": "array", "items": {"enum": ["x", 7, None]}, "minItems": 1}, "null", "[null]"),
        ({"type": "array", "items": {"const": None}, "minItems": 1}, "\t", "[\tnull]"),
        (True, "", "0"),
        (True, "true", "true"),
        (True, "[[", "[[]]"),
        (TREE, "both", '{"value":0,"both":[]}'),
        (TREE, "[{", '{"value":0,"both":[{"value":0}]}'),
        (TREE, "next", '{"value":0,"next":{"value":0}}'),
        ({"enum": ["ab", "abc", "b"]}, "c", '"abc"'),
        ({"type": "string", "minLength": 3}, "", '"000"'),
        ({"type": "integer", "minimum": 17}, "", "17"),
    ],
)
def test_failures_shrink_to_the_smallest_text(schema: Any, part: str, expected: str) -> None:
    assert smallest(gl.strategies.from_grammar(schema), lambda text: part in text) == expected


@pytest.mark.parametrize(
    ("schema", "part", "expected"),
    [
        (PERSON, '"x"', '{"name":"00","age":0,"tags":["x"]}'),
        (TREE, "[{", '{"value":0,"both":[{"value":0}]}'),
        (TREE, "next", '{"value":0,"next":{"value":0}}'),
        (True, "[[", "[[]]"),
    ],
)
def test_shrinking_hardly_depends_on_the_first_failure(
    schema: Any, part: str, expected: str
) -> None:
    strategy = gl.strategies.from_grammar(schema)
    found = [smallest(strategy, lambda text: part in text, seed) for seed in range(8)]
    assert found.count(expected) >= 7, found


def test_deep_failures_shrink() -> None:
    found = smallest(gl.strategies.from_grammar(TREE), lambda text: text.count("{") >= 4)
    assert found.count("{") == 4
    assert len(found) < 80
    found = smallest(gl.strategies.from_grammar(True), lambda text: text.count("[") >= 3)
    assert found in ("[[[]]]", "[[],[]]", '{"":[],"0":[[]]}') or len(found) < 24


# -- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", [False, {"type": "string", "enum": [1]}])
def test_an_empty_language_is_an_error(schema: Any) -> None:
    with pytest.raises(gl.EmptyLanguage):
        gl.strategies.from_grammar(schema)


@pytest.mark.parametrize("grammar", [None, "a+", 5, [TREE]])
def test_other_grammars_are_type_errors(grammar: Any) -> None:
    with pytest.raises(TypeError, match="JSONSchema"):
        gl.strategies.from_grammar(grammar)


def test_refused_keywords_are_errors_or_recorded() -> None:
    schema = {"type": "string", "pattern": "(a)\\1"}
    with pytest.raises(gl.UnsupportedSchema):
        gl.strategies.from_grammar(schema)
    assert texts(schema, 5, unsupported="record")


def chain(links: int, fanout: int = 1) -> dict[str, Any]:
    """Objects that must hold each other, so many levels deep."""
    keys = [chr(97 + i) for i in range(fanout)]
    definitions: dict[str, Any] = {f"d{links}": {"const": 0}}
    for i in range(links):
        inner = {"$ref": f"#/$defs/d{i + 1}"}
        definitions[f"d{i}"] = {
            "type": "object",
            "properties": {**dict.fromkeys(keys, inner), "z": {"type": "boolean"}},
            "required": keys,
            "additionalProperties": False,
        }
    return {"$defs": definitions, "$ref": "#/$defs/d0"}


def test_depth_that_the_schema_forces_is_no_recursion() -> None:
    found = texts(chain(900), 30)
    assert all(text.count("{") == 900 for text in found)
    assert any("z" in text for text in found)


def test_recursion_without_end_is_cut() -> None:
    nested = {"type": "array", "items": {"$ref": "#"}, "minItems": 0}
    assert all(len(text) < 100_000 for text in texts(nested, 100))


def test_languages_of_huge_texts_are_refused() -> None:
    with pytest.raises(gl.CompileBudgetExceeded, match="bytes"):
        gl.strategies.from_grammar(chain(40, fanout=2))
    with pytest.raises(gl.CompileBudgetExceeded, match="bytes"):
        gl.strategies.from_grammar({"type": "array", "minItems": 10_000_000})


def test_huge_parts_that_need_not_be_there_are_left_out() -> None:
    schema = {"properties": {"a": chain(40, fanout=2), "b": {"const": 1}}, "type": "object"}
    schema["$defs"] = schema["properties"]["a"].pop("$defs")
    schema["properties"]["c"] = {"type": "array", "minItems": 200_000}
    found = texts(schema, 100)
    assert any('"b":1' in text for text in found)
    assert not any('"a":{' in text or '"c":[' in text for text in found)


def test_productions_are_made_anew_when_they_outgrow_their_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = texts(PERSON, 60)
    from grammarlib.strategies import json_schema

    monkeypatch.setattr(json_schema, "MEMORY", 0)
    assert texts(PERSON, 60) == before
