"""``token_sequences``: accepted, decoding to texts of the language, cut in every way."""

from __future__ import annotations

from typing import Any

import pytest

import grammarlib as gl
from grammarlib.strategies import tokens as tokens_module
from grammarlib.strategies import wander
from tests.compiler.json_schema.core import single_bytes
from tests.grammarlib.strategies.checks import (
    check_inside,
    compiled_over_bytes,
    drawn,
    each,
    smallest,
)
from tests.grammarlib.strategies.schemas import PERSON, SCHEMAS

BYTES = [bytes([i]) for i in range(256)]
LONG = [b'{"', b'":', b'":', b'{"name":"', b"00", b'"', b"}", "é".encode(), b"a" * 128, b"\xc3"]
MIXED = gl.Vocabulary.from_tokens([*BYTES, *LONG, None, b"<end>", b"<stop>"], eos_ids=[267, 268])


def check_sequence(schema: Any, compiled: gl.CompiledGrammar, sequence: list[int]) -> None:
    matcher = compiled.matcher()
    assert matcher.validate_tokens(sequence) == len(sequence)
    assert all(map(matcher.accept_token, sequence))
    assert matcher.is_accepting()
    check_inside(schema, compiled_over_bytes(compiled.grammar), text_of(compiled, sequence))


def text_of(compiled: gl.CompiledGrammar, sequence: list[int]) -> str:
    return compiled.vocab.decode(sequence).decode()


@pytest.mark.parametrize("name", SCHEMAS)
def test_sequences_are_accepted(name: str) -> None:
    schema = SCHEMAS[name]
    compiled = gl.compile(schema, MIXED)
    strategy = gl.strategies.token_sequences(compiled)
    each(strategy, lambda sequence: check_sequence(schema, compiled, sequence), 25)


def test_a_text_is_cut_in_every_way() -> None:
    vocab = gl.Vocabulary.from_tokens([b"1", b"2", b"12", b"12", b"", b"<end>"], eos_ids=[5])
    compiled = gl.compile({"const": 12}, vocab)
    found = {tuple(s) for s in drawn(gl.strategies.token_sequences(compiled), 100)}
    assert {(0, 1), (2,), (3,)} <= found


def test_an_end_token_follows_where_it_is_asked_for() -> None:
    compiled = gl.compile(PERSON, MIXED)
    found = drawn(gl.strategies.token_sequences(compiled, eos=True), 60)
    assert {sequence[-1] for sequence in found} == {267, 268}
    for sequence in found:
        matcher = compiled.matcher()
        assert all(map(matcher.accept_token, sequence))
        assert matcher.is_terminated()
    plain = drawn(gl.strategies.token_sequences(compiled), 60)
    assert not any({267, 268} & set(sequence) for sequence in plain)


PARTIAL = {
    "no digit but two": [b"[", b"]", b"11", b"2", b",", b'"', b"a", b"<end>"],
    "only long tokens": [b"[11", b",11", b"]", b"[2,", b"2", b"[]", b'["', b'a"', b'"]', b"<end>"],
    "one text": [b"[1", b"1,2", b"]", b"<end>"],
}


@pytest.mark.parametrize("name", PARTIAL)
def test_vocabularies_that_spell_some_texts_only(name: str) -> None:
    vocab = gl.Vocabulary.from_tokens(PARTIAL[name], eos_ids=[len(PARTIAL[name]) - 1])
    schema = {
        "type": "array",
        "items": {"anyOf": [{"enum": [11, 2, 345]}, {"type": "string"}]},
        "maxItems": 3,
    }
    compiled = gl.compile(schema, vocab)
    strategy = gl.strategies.token_sequences(compiled)
    each(strategy, lambda sequence: check_sequence(schema, compiled, sequence), 100)
    found = {text_of(compiled, sequence) for sequence in drawn(strategy, 200)}
    assert len(found) >= (1 if name == "one text" else 5)


def test_sequences_that_wander_come_to_an_end() -> None:
    vocab = gl.Vocabulary.from_tokens(
        [*[b for b in BYTES if b not in b"0123456789"], *[b"%d0" % i for i in range(10)], b"<end>"],
        eos_ids=[256],
    )
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "minimum": 10},
            "b": {"type": "array", "items": {"$ref": "#"}, "minItems": 1},
            "s": {"type": "string", "minLength": 12},
        },
        "required": ["a", "s"],
        "additionalProperties": False,
    }
    compiled = gl.compile(schema, vocab)
    strategy = gl.strategies.token_sequences(compiled)
    each(strategy, lambda sequence: check_sequence(schema, compiled, sequence), 100)


def test_a_search_that_finds_no_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    vocab = gl.Vocabulary.from_tokens([b"11", b"<end>"], eos_ids=[1])
    strategy = gl.strategies.token_sequences(gl.compile({"enum": [2, 11]}, vocab))
    assert [0] in drawn(strategy, 5)  # though the smallest text, 2, is not spelled
    monkeypatch.setattr(wander, "SEARCH", 0)
    with pytest.raises(gl.CompileBudgetExceeded, match="search for an end"):
        drawn(strategy, 5)


def test_sequences_shrink_to_few_tokens() -> None:
    compiled = gl.compile(PERSON, MIXED)
    found = smallest(gl.strategies.token_sequences(compiled), lambda sequence: True)
    assert text_of(compiled, found) == '{"name":"00","age":0}'
    assert found[:3] == [259, 260, 34]


def test_a_cut_that_loses_a_token_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = tokens_module.Cutter.cut
    monkeypatch.setattr(tokens_module.Cutter, "cut", lambda *a: (real(*a) or [0])[:-1])
    compiled = gl.compile(PERSON, single_bytes())
    strategy = gl.strategies.token_sequences(compiled)
    with pytest.raises(AssertionError):
        each(strategy, lambda sequence: check_sequence(PERSON, compiled, sequence), 20)


@pytest.mark.parametrize("wrong", [{"type": "null"}, gl.JSONSchema({}), None])
def test_what_is_not_compiled_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="compiled must be a compiled grammar, not"):
        gl.strategies.token_sequences(wrong)  # type: ignore[arg-type]
