"""The public entry points on compiled schemas: results, values, errors, options."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest

import grammarlib as gl
from grammarlib.runtime import compile_cache
from grammarlib.runtime.generate import TokenEvent, generate, generate_json
from grammarlib.runtime.model import FunctionModel, Model
from grammarlib.runtime.prompt_template import render_prompt

BYTES = gl.Vocabulary.from_tokens([*(bytes([b]) for b in range(256)), b'{"', b'":', None], [258])
COLOURS: dict[str, object] = {"enum": ["red", "rose", 12, 125, None, {"a": [True]}]}
SCHEMAS: list[dict[str, object]] = [
    {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "tags": {"type": "array", "maxItems": 2}},
        "required": ["id"],
        "additionalProperties": False,
    },
    {"type": "string", "minLength": 2, "maxLength": 6},
    {"anyOf": [{"type": "number", "minimum": -20, "maximum": 90}, {"const": {"a": "ü"}}]},
    {"type": "array", "prefixItems": [{"type": "boolean"}, {"type": "null"}], "minItems": 2},
]


def noise(tokens: tuple[int, ...]) -> Any:
    return np.random.default_rng([len(tokens), *tokens[-3:]]).normal(0, 1, BYTES.vocab_size)


MODEL = FunctionModel(BYTES, noise)


def test_a_schema_gives_a_value_of_it() -> None:
    seen = set()
    for seed in range(40):
        result = generate(COLOURS, "Say: ", model=MODEL, seed=seed)
        assert result.finish_reason == "stop"
        assert result.limit is None
        assert result.tokens[-1] == 258
        assert BYTES.decode(result.tokens) == result.text.encode()
        assert result.value == json.loads(result.text)
        assert result.value in COLOURS["enum"]  # type: ignore[operator]
        assert (result.stats.drafted, result.stats.accepted) == (0, 0)
        assert 0 < result.stats.forced < len(result.tokens)
        seen.add(result.text)
    assert len(seen) > 3


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_is_complete_is_valid(schema: dict[str, object], tiny: Model) -> None:
    prompts = [f"{i}: " for i in range(12)]
    results = generate(schema, prompts, model=tiny, temperature=1.2, max_tokens=150, seed=3)
    done = [result for result in results if result.finish_reason == "stop"]
    assert done
    for result in done:
        jsonschema.Draft202012Validator(schema).validate(result.value)
    for result in results:
        assert (result.value is None) or result in done
        assert len(result.tokens) <= 150
    stopped = generate_json(schema, "x", model=tiny, seed=5, temperature=0.7, max_tokens=230)
    jsonschema.Draft202012Validator(schema).validate(stopped)


def test_every_kind_of_grammar_gives_the_same() -> None:
    grammar = gl.JSONSchema(COLOURS)
    equal = gl.Vocabulary.from_tokens(BYTES.table.tokens, [258], vocab_size=300)
    results = [
        generate(kind, "x", model=MODEL, seed=1)
        for kind in (COLOURS, grammar, gl.compile(grammar, BYTES), gl.compile(grammar, equal))
    ]
    assert all(result == results[0] for result in results)


def test_a_grammar_of_another_vocabulary_is_refused() -> None:
    for other in (
        gl.Vocabulary.from_tokens([*BYTES.table.tokens[:-2], b"?", None], [258]),
        gl.Vocabulary.from_tokens([*BYTES.table.tokens, None], [259]),
    ):
        with pytest.raises(ValueError, match="another vocabulary"):
            generate(gl.compile(gl.JSONSchema(COLOURS), other), "x", model=MODEL)


@pytest.mark.parametrize("grammar", ["[0-9]", 5, [COLOURS]])
def test_what_is_no_grammar_is_a_type_error(grammar: Any) -> None:
    with pytest.raises(TypeError, match="a grammar is"):
        generate(grammar, "x", model=MODEL)
    with pytest.raises(TypeError, match="a schema is"):
        generate_json(grammar, "x", model=MODEL)


def test_no_grammar_is_free_text() -> None:
    result = generate(None, "x", model=MODEL, seed=0, max_tokens=2000)
    assert result.value is None
    assert result.finish_reason == "stop"
    assert result.stats.forced == 0
    with pytest.raises(TypeError, match="a schema is"):
        generate_json(None, "x", model=MODEL)  # type: ignore[call-overload]


def test_lists_of_prompts_give_lists() -> None:
    ids = [97, 98]
    message = [{"role": "user", "content": "ab"}]
    single = generate(COLOURS, "ab", model=MODEL, seed=9)
    assert generate(COLOURS, ids, model=MODEL, seed=9) == single
    assert generate(COLOURS, message, model=MODEL, seed=9) == single
    batches: list[Any] = [["ab"] * 3, [ids] * 3, [message] * 3, ["ab", ids, message]]
    for prompts in batches:
        results: Any = generate(COLOURS, prompts, model=MODEL, seed=9)
        assert len(results) == 3
        assert results[0] == single
    values = generate_json(COLOURS, ["a", "b"], model=MODEL, seed=9)
    assert values == [generate_json(COLOURS, "a", model=MODEL, seed=9), values[1]]


def test_generate_json_asks_with_the_schema_in_the_prompt() -> None:
    prompts: list[tuple[int, ...]] = []

    def watch(tokens: tuple[int, ...]) -> Any:
        prompts.append(tokens)
        return noise(tokens)

    generate_json(COLOURS, "Pick.", model=FunctionModel(BYTES, watch), seed=0)
    assert BYTES.decode(prompts[0]).decode() == render_prompt("Pick.", COLOURS)
    prompts.clear()
    generate(COLOURS, "Pick.", model=FunctionModel(BYTES, watch), seed=0)
    assert BYTES.decode(prompts[0]) == b"Pick."


def test_an_answer_cut_off_is_incomplete() -> None:
    schema: dict[str, object] = {"type": "string", "minLength": 20}
    bare = render_prompt("x")  # what is left where the schema does not fit
    cases: list[tuple[Any, int | None, str, int, str]] = [
        ({"max_tokens": 9}, None, "max_tokens", 9, render_prompt("x", schema)),
        ({}, len(bare) + 11, "context", 12, bare),
    ]
    for options, context, reason, tokens, prompt in cases:
        model = FunctionModel(BYTES, noise, context_length=context)
        with pytest.raises(gl.Incomplete) as raised:
            generate_json(schema, "x", model=model, seed=0, **options)
        assert raised.value.reason == reason
        assert raised.value.partial.startswith('"')
        result = generate(schema, prompt, model=model, seed=0, **options)
        assert result.finish_reason == "length"
        assert result.limit == reason
        assert result.text == raised.value.partial
        assert result.value is None
        assert len(result.tokens) == tokens


def test_a_prompt_beyond_the_context_is_refused_before_the_model_runs() -> None:
    def never(tokens: tuple[int, ...]) -> Any:
        raise AssertionError

    model = FunctionModel(BYTES, never, context_length=30)
    for call in (generate, generate_json):
        with pytest.raises(gl.PromptTooLong):
            call(COLOURS, "x" * 31, model=model)
        with pytest.raises(gl.PromptTooLong):
            call(COLOURS, ["x", "x" * 31], model=model)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_tokens": 0}, "max_tokens must be at least 1"),
        ({"max_tokens": -5}, "max_tokens must be at least 1"),
        ({"temperature": -0.1}, "temperature"),
        ({"top_k": 0}, "top_k"),
        ({"top_p": 0.0}, "top_p"),
        ({"min_p": 2.0}, "min_p"),
        ({"seed": -1}, "seed"),
    ],
)
def test_options_out_of_range_are_value_errors(options: dict[str, Any], said: str) -> None:
    for call in (generate, generate_json):
        with pytest.raises(ValueError, match=said):
            call(COLOURS, "x", model=MODEL, **options)


def test_an_empty_prompt_is_refused_where_the_model_needs_one(tiny: Model) -> None:
    nothing: list[int] = []
    for empty in ("", nothing):
        with pytest.raises(ValueError, match="the prompt is empty"):
            generate(COLOURS, empty, model=tiny)
        assert generate(COLOURS, empty, model=MODEL, seed=0).finish_reason == "stop"
    with pytest.raises(ValueError, match="the prompt is empty"):
        generate_json(COLOURS, "", model=tiny)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_tokens": 2.5}, "max_tokens must be a whole number, not float"),
        ({"max_tokens": True}, "max_tokens must be a whole number, not bool"),
        ({"seed": "0"}, "seed must be a whole number, not str"),
        ({"temperature": None}, "temperature must be a number, not None"),
        ({"model": "gpt2"}, "model must be a grammarlib.Model or a FunctionModel, not str"),
        ({"on_token": 1}, "on_token must be callable, not int"),
    ],
)
def test_options_of_another_type_are_named(options: dict[str, Any], said: str) -> None:
    for function in (generate, generate_json):
        with pytest.raises(TypeError, match=said):
            function(COLOURS, "x", **{"model": MODEL, **options})  # type: ignore[operator]


@pytest.mark.parametrize(
    "schema",
    [
        '{"type": "number", "minimum": 0.1000000000000000000000001, "maximum": 1e300}',
        '{"const": 1e390}',
        '{"enum": ["\\ud800", 1]}',
    ],
)
def test_schemas_that_no_prompt_spells_as_they_are(schema: str) -> None:
    """Decimals and lone surrogates: the model sees something near, the grammar is exact."""
    value = generate_json(gl.JSONSchema(schema), "x", model=MODEL, seed=1, max_tokens=600)
    assert isinstance(value, int | float)


def test_a_schema_that_holds_itself_is_in_no_prompt() -> None:
    schema: dict[str, Any] = {"type": "null"}
    schema["x"] = [schema, schema]
    with pytest.raises(ValueError, match="the schema has more than 1000000 values"):
        generate_json(schema, "x", model=MODEL)
    assert generate(schema, "x", model=MODEL).text == "null"
    for _ in range(80):
        schema = {"type": "null", "x": [schema, schema]}
    assert generate(schema, "x", model=MODEL).text == "null"


def test_a_schema_that_is_no_json_is_told_by_the_compiler_first() -> None:
    with pytest.raises(gl.InvalidSchema, match="/minimum: must be a finite number"):
        generate_json({"minimum": float("nan")}, "x", model=MODEL)
    with pytest.raises(TypeError, match="the schema cannot be written as JSON: a object is no"):
        generate_json({"default": object()}, "x", model=MODEL)


@pytest.mark.parametrize("returned", [["a"] * 259, [1j] * 259, "x", [[1], [1, 2]], None])
def test_a_function_that_returns_no_numbers_is_refused(returned: Any) -> None:
    model = FunctionModel(BYTES, lambda tokens: returned)
    with pytest.raises(ValueError, match="the model's function returned"):
        generate(COLOURS, "x", model=model)


def test_fractions_are_numbers_enough() -> None:
    scores = [Fraction(1, 3)] * 258 + [Fraction(9)]
    assert generate(True, "x", model=FunctionModel(BYTES, lambda tokens: scores), max_tokens=9)


def test_what_makes_no_function_model_is_refused() -> None:
    with pytest.raises(TypeError, match="f must be callable, not None"):
        FunctionModel(BYTES, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="tokenize must be callable, not str"):
        FunctionModel(BYTES, noise, tokenize="x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"vocab must be a grammarlib\.Vocabulary, not None"):
        FunctionModel(None, noise)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="context_length must be a whole number"):
        FunctionModel(BYTES, noise, context_length="9")  # type: ignore[arg-type]


def test_schema_errors_come_before_the_model_runs() -> None:
    with pytest.raises(gl.InvalidSchema):
        generate({"type": "colour"}, "x", model=MODEL)
    with pytest.raises(gl.EmptyLanguage):
        generate_json(False, "x", model=MODEL)


def test_options_reach_the_draw() -> None:
    """Each option alone leaves only the most probable token, so it equals greedy decoding."""
    greedy = generate(COLOURS, "x", model=MODEL, temperature=0).tokens
    alone: list[Any] = [{"top_k": 1}, {"top_p": 1e-9}, {"min_p": 1.0}, {"temperature": 1e-5}]
    for options in alone:
        for seed in range(5):
            result = generate(COLOURS, "x", model=MODEL, seed=seed, **options)
            assert result.tokens == greedy
    assert len({generate(COLOURS, "x", model=MODEL, seed=s).tokens for s in range(9)}) > 1


def test_events_arrive_as_the_text_grows() -> None:
    events: list[TokenEvent] = []
    result = generate(COLOURS, "x", model=MODEL, seed=4, on_token=events.append)
    assert "".join(event.text for event in events) == result.text
    assert tuple(event.token for event in events) == result.tokens
    assert generate(COLOURS, "x", model=MODEL, seed=4) == result


def test_deep_values_are_returned() -> None:
    """A model that only opens arrays, until it has to close a thousand of them."""
    schema: dict[str, object] = {
        "$ref": "#/$defs/a",
        "$defs": {"a": {"items": {"$ref": "#/$defs/a"}, "type": "array", "maxItems": 1}},
    }
    depth = 1500

    def nest(tokens: tuple[int, ...]) -> Any:
        scores = np.zeros(BYTES.vocab_size)
        scores[ord("[" if len(tokens) <= depth else "]")] = 50.0
        return scores

    model = FunctionModel(BYTES, nest)
    value = generate(schema, [0], model=model, temperature=0, max_tokens=4000).value
    for _ in range(depth - 1):
        assert isinstance(value, list)
        (value,) = value
    assert value == []


def test_equal_schemas_compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []

    def counting(grammar: gl.JSONSchema, vocab: gl.Vocabulary) -> gl.CompiledGrammar:
        compiled.append(grammar.schema)
        return gl.compile(grammar, vocab)

    monkeypatch.setattr(compile_cache, "compile", counting)
    compile_cache._cache.clear()
    schema: dict[str, object] = {"enum": ["a", "b"]}
    for _ in range(3):
        generate_json(dict(schema), "x", model=MODEL, seed=0)
        generate_json(gl.JSONSchema(schema), "x", model=MODEL, seed=0)
    assert len(compiled) == 1
    schema["enum"] = ["c"]
    assert generate_json(schema, "x", model=MODEL, seed=0) == "c"
    assert len(compiled) == 2
    generate_json(gl.JSONSchema(schema, whitespace="compact"), "x", model=MODEL, seed=0)
    generate_json({"enum": [1]}, "x", model=MODEL, seed=0)
    generate_json({"enum": [True]}, "x", model=MODEL, seed=0)
    other = FunctionModel(gl.Vocabulary.from_tokens(BYTES.table.tokens, [258]), noise)
    generate_json({"enum": [1]}, "x", model=other, seed=0)
    assert len(compiled) == 6
    one, two = {"a": {"const": 1}, "b": {"const": 2}}, {"b": {"const": 2}, "a": {"const": 1}}
    texts = [
        generate(
            {
                "properties": p,
                "required": ["a", "b"],
                "type": "object",
                "additionalProperties": False,
            },
            "x",
            model=MODEL,
            seed=0,
        ).text
        for p in (one, two)
    ]
    assert [list(json.loads(text)) for text in texts] == [["a", "b"], ["b", "a"]]


def test_the_cache_is_bounded() -> None:
    for number in range(compile_cache._ENTRIES + 9):
        generate_json({"const": number}, "x", model=MODEL, seed=0)
    assert len(compile_cache._cache) == compile_cache._ENTRIES
