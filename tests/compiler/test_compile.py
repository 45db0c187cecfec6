"""``compile``: options reach the core, errors come before any text, values are kept."""

from __future__ import annotations

import dataclasses
import itertools
import time
from typing import Any

import pytest

import grammarlib as gl
from grammarlib.compiler.compile import CompiledGrammar, compile
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import CompileBudgetExceeded, EmptyLanguage, InvalidSchema, UnsupportedSchema
from grammarlib.schema import JSONSchema


@pytest.fixture(scope="module")
def vocab() -> Vocabulary:
    return Vocabulary.from_tokens([*[bytes([i]) for i in range(256)], b"<end>"], eos_ids=[256])


def accepts(compiled: CompiledGrammar, text: str) -> bool:
    matcher = compiled.matcher()
    return matcher.accept_bytes(text.encode()) and matcher.is_accepting()


PAIR = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}},
    "required": ["a", "b"],
    "additionalProperties": False,
}


def test_a_dict_is_a_schema_with_default_options(vocab: Vocabulary) -> None:
    compiled = compile(PAIR, vocab)
    assert isinstance(compiled.grammar, JSONSchema)
    assert compiled.grammar.schema is PAIR
    assert compiled.vocab is vocab
    assert compiled.unenforced == ()
    assert accepts(compiled, '{"a": 1,\n  "b":true}')
    assert not accepts(compiled, '{"b": true, "a": 1}')
    assert not accepts(compiled, '{"a":   1, "b": true}')


def test_options_reach_the_core(vocab: Vocabulary) -> None:
    free = compile(JSONSchema(PAIR, property_order="any", whitespace="compact"), vocab)
    assert accepts(free, '{"b":true,"a":1}')
    assert not accepts(free, '{"b": true,"a":1}')
    wide = compile(JSONSchema(PAIR, whitespace="[ \\t\\n\\r]*"), vocab)
    assert accepts(wide, '{   "a"\n\n:1, "b": true}')
    dates = {"type": "string", "format": "date"}
    assert not accepts(compile(dates, vocab), '"x"')
    assert accepts(compile(JSONSchema(dates, format="annotate"), vocab), '"x"')


def test_white_space_is_what_it_says(vocab: Vocabulary) -> None:
    compiled = compile({"type": "array", "maxItems": 0}, vocab)
    good = ["", " ", "\t ", "\n", "\r\n", "\n" + " " * 40]
    bad = ["   ", "\n\n", "\r", " \n", "\n" + " " * 41, "\x0b", "\u00a0"]
    assert [blank for blank in good if not accepts(compiled, f"[{blank}]")] == []
    assert [blank for blank in bad if accepts(compiled, f"[{blank}]")] == []


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        ({"properties": {"b": {}, "a": {}}, "required": ["a"]}, "ba"),
        ({"required": ["a", "b"], "properties": {"b": {}, "a": {}}}, "ba"),
        ({"allOf": [{"properties": {"b": {}}}, {"properties": {"c": {}, "a": {}}}]}, "bca"),
        (
            {
                "properties": {"c": {}},
                "$ref": "#/$defs/x",
                "allOf": [{"properties": {"a": {}, "c": {}}}],
                "$defs": {"x": {"properties": {"b": {}}}},
            },
            "cba",
        ),
        (
            {
                "allOf": [{"properties": {"c": {}}}],
                "properties": {"b": {}, "a": {}},
                "additionalProperties": True,
            },
            "cbad",
        ),
        ({"not": {"properties": {"a": {"const": 0}}}, "properties": {"b": {}, "a": {}}}, "ba"),
        ({"anyOf": [{"properties": {"b": {}}}], "properties": {"a": {}, "b": {}}}, "ba"),
    ],
)
def test_properties_come_in_the_order_of_the_document(
    vocab: Vocabulary, schema: dict[str, Any], keys: str
) -> None:
    compiled = compile({"type": "object", **schema}, vocab)
    orders = ["".join(order) for order in itertools.permutations(keys)]
    texts = {order: "{" + ",".join(f'"{key}":1' for key in order) + "}" for order in orders}
    assert [order for order in orders if accepts(compiled, texts[order])] == [keys]


def test_matchers_are_independent(vocab: Vocabulary) -> None:
    compiled = compile({"enum": ["ab", "cd"]}, vocab)
    one, other = compiled.matcher(), compiled.matcher()
    assert one.accept_bytes(b'"ab"')
    assert other.accept_bytes(b'"cd"')
    assert one.is_accepting()
    assert other.is_accepting()


def test_recorded_keywords_are_listed(vocab: Vocabulary) -> None:
    schema = {"type": "string", "pattern": "(a)\\1"}
    with pytest.raises(UnsupportedSchema):
        compile(schema, vocab)
    compiled = compile(JSONSchema(schema, unsupported="record"), vocab)
    assert [(pointer, keyword) for pointer, keyword, _ in compiled.unenforced] == [
        ("/pattern", "pattern")
    ]
    assert accepts(compiled, '"b"')


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "string", "enum": [1]},
        {"allOf": [{"type": "string"}, {"type": "null"}]},
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"type": "integer", "minimum": 0.2, "maximum": 0.8},
        {"type": "string", "minLength": 2, "maxLength": 1},
        {"type": "array", "minItems": 1, "items": False},
    ],
)
def test_an_empty_language_is_an_error(vocab: Vocabulary, schema: dict[str, Any] | bool) -> None:
    with pytest.raises(EmptyLanguage):
        compile(schema, vocab)


def test_malformed_schemas_are_an_error(vocab: Vocabulary) -> None:
    with pytest.raises(InvalidSchema):
        compile({"type": "file"}, vocab)


def test_other_ways_to_precompute_are_refused(vocab: Vocabulary) -> None:
    for precompute in ("some", "", None):
        with pytest.raises(ValueError, match="'lazy', 'masks' or 'all'"):
            compile(PAIR, vocab, precompute=precompute)  # type: ignore[arg-type]


@pytest.mark.parametrize("grammar", [None, "a+", 5, [PAIR]])
def test_other_grammars_are_type_errors(vocab: Vocabulary, grammar: Any) -> None:
    with pytest.raises(TypeError, match="JSONSchema"):
        compile(grammar, vocab)


def test_a_compiled_grammar_is_frozen(vocab: Vocabulary) -> None:
    compiled = gl.compile(True, vocab)
    with pytest.raises(dataclasses.FrozenInstanceError):
        compiled.vocab = vocab  # type: ignore[misc]
    assert isinstance(compiled, gl.CompiledGrammar)


@pytest.mark.parametrize("bytes_", [0, -1])
def test_a_cache_holds_something(vocab: Vocabulary, bytes_: int) -> None:
    with pytest.raises(ValueError, match="cache_bytes must be at least 1"):
        compile(PAIR, vocab, cache_bytes=bytes_)
    with pytest.raises(ValueError, match="cache_bytes must be at least 1"):
        Vocabulary.from_tokens([b"a", b"<end>"], [1], cache_bytes=bytes_)


@pytest.mark.parametrize("bytes_", ["9", None, True, 2.5, [1]])
def test_a_cache_of_no_number_is_refused_by_name(vocab: Vocabulary, bytes_: Any) -> None:
    with pytest.raises(TypeError, match="cache_bytes must be a whole number"):
        compile(PAIR, vocab, cache_bytes=bytes_)
    with pytest.raises(TypeError, match="cache_bytes must be a whole number"):
        Vocabulary.from_tokens([b"a", b"<end>"], [1], cache_bytes=bytes_)


def test_a_cache_beyond_all_memory_is_refused(vocab: Vocabulary) -> None:
    with pytest.raises(ValueError, match="cache_bytes must be at most 9223372036854775807"):
        compile(PAIR, vocab, cache_bytes=2**70)
    with pytest.raises(ValueError, match="cache_bytes must be at most 9223372036854775807"):
        Vocabulary.from_tokens([b"a", b"<end>"], [1], cache_bytes=2**70)


@pytest.mark.parametrize("vocab", [None, "gpt2", [b"a"]])
def test_what_is_no_vocabulary_is_refused(vocab: Any) -> None:
    with pytest.raises(TypeError, match=r"vocab must be a grammarlib\.Vocabulary"):
        compile(PAIR, vocab)


def test_small_caches_change_no_mask() -> None:
    tokens = [*[bytes([i]) for i in range(256)], b'": ', b'", "', b"true}", b"12", b"<end>"]
    masks = []
    for bound in (1, 1 << 30):
        small = Vocabulary.from_tokens(tokens, [260], cache_bytes=bound)
        matcher = compile(
            JSONSchema(PAIR, property_order="any"), small, cache_bytes=bound
        ).matcher()
        mask = gl.allocate_token_bitmask(1, small.vocab_size)
        found = []
        for byte in b'{"b": true, "a": 12}':
            matcher.fill_next_token_bitmask(mask)
            found.append(mask.tobytes())
            assert matcher.accept_token(byte)
        masks.append(found)
    assert masks[0] == masks[1]


@pytest.mark.exhaustive
def test_a_search_for_a_word_repeated_often_ends_soon(vocab: Vocabulary) -> None:
    """Each place where the pattern may begin adds to the state: its budget is of members."""
    schema = {
        "type": "string",
        "allOf": [{"pattern": "(?:ab[cd]e*f*){30000}"}, {"not": {"pattern": "(?!)"}}],
    }
    begun = time.process_time()
    with pytest.raises(CompileBudgetExceeded, match="members of unions"):
        compile(schema, vocab)
    assert time.process_time() - begun < 15


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("yes", True),
        (b"yes", True),
        ("ye", False),
        ("yess", False),
        ("\ud800", False),
        (b"\xff", False),
    ],
)
def test_whole_texts_are_judged(text: str | bytes, inside: bool) -> None:
    compiled = gl.compile(gl.Choice(["yes", "no"]), gl.Vocabulary.of_bytes())
    assert compiled.matches(text) is inside
    with pytest.raises(TypeError, match="text"):
        compiled.matches(None)  # type: ignore[arg-type]
