"""The automaton made visible: what it shows is what matchers do, and showing changes nothing."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import grammarlib as gl
from grammarlib.compiler.automaton import Component, Open, Place, State
from grammarlib.compiler.compile import CompiledGrammar

SINGLE = [bytes([i]) for i in range(256)]
PIECES = [
    b'","',
    b'"}',
    b'": "',
    b"name",
    b"tru",
    b'"],"',
    b"12",
    b'":[',
    b"\\u00",
    b'{"',
    b'a"',
    b" ",
]

TAGS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "tags": {"type": "array", "items": {"enum": ["red", "green"]}, "maxItems": 3},
        "at": {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {"type": "object"}],
            "items": {"type": "boolean"},
        },
    },
    "required": ["name"],
}
TREE: dict[str, Any] = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"left": {"$ref": "#/$defs/node"}, "right": {"$ref": "#/$defs/node"}},
            "additionalProperties": False,
        }
    },
    "$ref": "#/$defs/node",
}
CASES: list[tuple[dict[str, Any], bytes]] = [
    (TAGS, b'{"name":"x\\u0041","tags":["red","green"],"at":[1,{},true],"z":null}'),
    (TREE, b'{"left":{"right":{}},"right":{}}'),
    ({"type": "string", "pattern": "^[a-z]{2,40}(-[0-9]+)?$"}, b'"grammar-12"'),
    ({"enum": [1, 12, "a\tb", None, [True]]}, b"12"),
    ({"type": "number", "multipleOf": 0.1}, b"-12.5"),
]


def vocabulary() -> gl.Vocabulary:
    chance = random.Random(0)
    joined = [b"".join(chance.choices([*PIECES, b"e", b"\xc3"], k=3)) for _ in range(40)]
    tokens = [*SINGLE, *PIECES, *joined, b"<end>"]
    return gl.Vocabulary.from_tokens(tokens, eos_ids=[len(tokens) - 1])


def compiled(schema: dict[str, Any], order: Any = "declared") -> CompiledGrammar:
    grammar = gl.JSONSchema(schema, whitespace="compact", property_order=order)
    return gl.compile(grammar, vocabulary())


def bits(matcher: gl.Matcher, vocab: gl.Vocabulary) -> set[int]:
    mask = gl.allocate_token_bitmask(1, vocab.vocab_size)
    matcher.fill_next_token_bitmask(mask)
    return set(np.flatnonzero(np.unpackbits(mask.view(np.uint8), bitorder="little")).tolist())


def of_kind(state: State, kind: str) -> Component:
    (found,) = [c for c in state.components if c.kind == kind]
    return found


def test_a_state_says_what_may_come_and_where() -> None:
    grammar = compiled(TAGS)
    path = grammar.trace('{"name":"ab","tags":["red"')
    assert path[0].id == 0
    assert path[0].components[0] == Component(
        "punctuation", "{", False, False, "", (Place("", ()),)
    )
    top = Open("object", "")
    assert of_kind(path[2], "key").expects == '…name"'
    assert path[8].components[0].places == (Place("/name", (top,)),)
    assert of_kind(path[9], "string").expects == "…any text"
    item = path[-2].components[0]
    assert (item.kind, item.expects) == ("string", '…"')
    assert item.places == (Place("/tags/*", (top, Open("array", "/tags"))),)
    close, comma = path[-1].components
    assert (close.expects, comma.expects) == ("]", ",")
    assert comma.condition == "fewer than 3 items"
    assert close.places == (Place("/tags", (top, Open("array", "/tags"))),)


def test_first_items_have_numbers() -> None:
    grammar = compiled(TAGS)
    text = '{"name":"","at":[1,{"k":{"'
    last = grammar.trace(text)[-1].components[0]
    stack = (Open("object", ""), Open("array", "/at"), Open("object", "/at/1"))
    assert [p.stack[:3] for p in last.places] == [stack]
    (first,) = {p.pointer for p in grammar.trace('{"name":"","at":[1')[-1].components[0].places}
    assert first == "/at/0"


def test_members_that_fit_are_told_by_what_is_inside() -> None:
    grammar = compiled(TREE, "any")
    (place,) = grammar.trace('{"left":{"right":{')[-1].components[0].places
    assert [o.pointer for o in place.stack] == ["", "/left|right", "/left|right/left|right"]


def test_what_is_accepting_and_what_is_masked() -> None:
    grammar = compiled({"enum": [1, 12]})
    path = grammar.trace("12")
    assert [s.accepting for s in path] == [False, True, True]
    assert not any(s.masked for s in grammar.states())
    bits(grammar.matcher(), grammar.vocab)
    assert next(s.masked for s in grammar.states())


@pytest.mark.parametrize("order", ["declared", "any"])
@pytest.mark.parametrize(("schema", "text"), CASES)
def test_edges_are_the_steps_of_texts(schema: dict[str, Any], text: bytes, order: Any) -> None:
    grammar = compiled(schema, order)
    path = grammar.trace(text)
    assert len(path) == len(text) + 1, "the text is in the language"
    for state, byte, after in zip(path, text, path[1:], strict=False):
        leading = [e for e in grammar.edges(state) if any(lo <= byte <= hi for lo, hi in e.ranges)]
        assert after.id in {e.target for e in leading}
        assert {e.source for e in leading} == {state.id}


def test_effects_and_conditions_are_on_edges() -> None:
    grammar = compiled(TAGS)
    path = grammar.trace('{"name":"","tags":["red","red","red"]}')
    effects = {e.effect for s in path for e in grammar.edges(s)}
    assert effects == {"", "open", "close", "comma", "key"}
    (comma,) = {e for s in path for e in grammar.edges(s) if "items" in e.condition}
    assert (comma.condition, comma.effect) == ("fewer than 3 items", "comma")


@pytest.mark.parametrize("order", ["declared", "any"])
@pytest.mark.parametrize(("schema", "text"), CASES)
def test_masks_lie_between_inside_and_crossing(
    schema: dict[str, Any], text: bytes, order: Any
) -> None:
    grammar = compiled(schema, order)
    size = grammar.vocab.vocab_size
    spelled = {t for t in range(size) if grammar.vocab.token_bytes(t)}
    matcher = grammar.matcher()
    eos = set(grammar.vocab.eos_ids)
    for i, state in enumerate(grammar.trace(text)):
        if i:
            assert matcher.accept_bytes(text[i - 1 : i])
        mask = bits(matcher, grammar.vocab)
        shown = grammar.profile(state)
        total = shown.total
        sets = [set(x.tolist()) for x in (total.inside, total.crossing, total.dead)]
        inside, crossing, dead = sets
        assert inside | crossing | dead == spelled
        assert sum(map(len, sets)) == len(spelled), "no token is in two"
        assert mask - eos <= inside | set(total.survivors.tolist()) <= inside | crossing
        for component, own in zip(state.components, shown.components, strict=True):
            if not component.condition:
                assert set(own.inside.tolist()) <= mask
            assert sum(c.ended + c.crossing for c in own.cuts) >= len(own.crossing)
        assert bool(mask & eos) == state.accepting


@pytest.mark.parametrize(("schema", "text"), CASES)
def test_tokens_lead_where_their_bytes_do(schema: dict[str, Any], text: bytes) -> None:
    grammar = compiled(schema)
    state = grammar.trace(text[:2])[-1]
    matcher = grammar.matcher()
    assert matcher.accept_bytes(text[:2])
    allowed = [t for t in bits(matcher, grammar.vocab) if t not in grammar.vocab.eos_ids]
    before = grammar.token_edges(state)
    reached = {
        t: grammar.trace(text[:2] + (grammar.vocab.token_bytes(t) or b""))[-1].id for t in allowed
    }
    found = grammar.token_edges(state)
    assert len(found.unknown) <= len(before.unknown)
    for token, target in reached.items():
        assert token in found.targets[target]
        assert token not in found.unknown
    assert set(allowed) == {t for tokens in found.targets.values() for t in tokens.tolist()}


def test_looking_changes_no_mask() -> None:
    for schema, text in CASES:
        seen, unseen = compiled(schema), compiled(schema)
        a, b = seen.matcher(), unseen.matcher()
        for byte in text:
            for state in seen.states():
                seen.edges(state)
                seen.profile(state)
            assert bits(a, seen.vocab) == bits(b, unseen.vocab)
            assert a.accept_bytes(bytes([byte]))
            assert b.accept_bytes(bytes([byte]))


def test_a_state_of_dropped_caches_is_refused() -> None:
    grammar = compiled(TAGS)
    state = grammar.trace("{")[-1]
    grammar.core.clear_cache()
    for ask in (grammar.edges, grammar.token_edges, grammar.profile):
        with pytest.raises(gl.StaleState, match="caches that were dropped") as raised:
            ask(state)
        assert raised.value.state == state.id
    again = grammar.trace("{")[-1]
    assert again.generation > state.generation
    assert again.components == state.components
    assert grammar.edges(grammar.trace("{")[0])


def test_what_is_no_state_is_refused() -> None:
    grammar = compiled(TAGS)
    state = grammar.trace("")[0]
    for ask in (grammar.edges, grammar.token_edges, grammar.profile):
        with pytest.raises(TypeError, match=r"state must be a State.*, not int"):
            ask(state.id)  # type: ignore[arg-type]


def test_a_trace_takes_any_text_and_nothing_else() -> None:
    grammar = compiled({"type": "string"})
    assert len(grammar.trace('"a\ud800')) == 4  # the surrogate's last byte leaves the language
    assert grammar.trace(bytearray(b'"a')) == grammar.trace('"a')
    with pytest.raises(TypeError, match="text must be bytes or str, not None"):
        grammar.trace(None)  # type: ignore[arg-type]


def test_a_number_of_no_state_is_refused() -> None:
    grammar = compiled(TAGS)
    state = grammar.trace("")[0]
    other = State(10_000, state.generation, False, False, ())
    with pytest.raises(ValueError, match="state 10000"):
        grammar.edges(other)
    with pytest.raises(ValueError, match="state 10000"):
        grammar.profile(other)


def test_a_text_outside_stops_the_trace() -> None:
    grammar = compiled({"type": "integer"})
    assert len(grammar.trace("12x3")) == 3


def test_a_state_of_another_grammar_means_nothing() -> None:
    vocab = gl.Vocabulary.from_tokens([*[bytes([i]) for i in range(256)], b"<end>"], [256])
    one, other = gl.compile({"type": "string"}, vocab), gl.compile({"type": "array"}, vocab)
    *_, state = other.trace("[1")
    one.trace('"abc')
    for ask in (one.edges, one.token_edges, one.profile):
        with pytest.raises(gl.StaleState, match="another grammar"):
            ask(state)
    assert other.profile(state)
