"""Drawings: well-formed, complete or saying what they leave out, true to the automaton."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from typing import Any

import pytest

import grammarlib as gl
from grammarlib.drawing import draw
from grammarlib.drawing.graph import Graph, build

SVG = "{http://www.w3.org/2000/svg}"
PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"enum": ["red", "green"]}, "maxItems": 3},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}
HOSTILE: dict[str, Any] = {
    "type": "object",
    "properties": {'</svg>"&\u0001\ufffe\ud83d\ude00': {"const": "<script>]]>"}, "": {}},
}
SCHEMAS = [PERSON, HOSTILE, True, {"type": "integer"}, {"type": "string", "pattern": "^[a-zé]+$"}]


@pytest.fixture(scope="module")
def vocab() -> gl.Vocabulary:
    tokens = [*[bytes([i]) for i in range(256)], b'","', b'"}', b"name", b"<end>"]
    return gl.Vocabulary.from_tokens(tokens, eos_ids=[len(tokens) - 1])


def compiled(schema: Any, vocab: gl.Vocabulary, whitespace: str = "compact") -> gl.CompiledGrammar:
    grammar = gl.JSONSchema(schema, whitespace=whitespace)
    return gl.compile(grammar, vocab, precompute="all")


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("whitespace", ["compact", "flexible"])
@pytest.mark.parametrize("number", range(len(SCHEMAS)))
def test_every_box_is_drawn(number: int, whitespace: str, vocab: gl.Vocabulary) -> None:
    grammar = compiled(SCHEMAS[number], vocab, whitespace)
    drawing = draw(grammar, max_states=25)
    shown = texts(drawing.svg)
    heads = [text for text in shown if text.removeprefix("start · ").startswith("state ")]
    assert len(heads) == drawing.drawn == min(25, drawing.total)
    assert drawing.states > drawing.total
    said = " ".join(shown)
    if drawing.drawn < drawing.total:
        assert f"The first 25 of {drawing.total:,} boxes" in said
        assert "not drawn" in said
    else:
        assert "not drawn" not in said


def reads(graph: Graph) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {node: [] for node in graph.nodes}
    for link in graph.links:
        found[link.source] += [(label, link.target) for label in link.labels]
    return found


def test_paths_through_the_drawing_are_the_texts(vocab: gl.Vocabulary) -> None:
    """Where labels are plain, what they spell along all paths is the language."""
    schema = {
        "type": "object",
        "properties": {"a": {"enum": [True, None]}, "b": {"const": "x"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    graph = build(compiled(schema, vocab), 60)
    ways = reads(graph)
    found, todo = set(), [(0, "")]
    while todo:
        node, text = todo.pop()
        if graph.nodes[node].state.accepting:
            found.add(text)
        todo += [(target, text + label) for label, target in ways[node]]
    ends = ["}", ',"b":"x"}']
    assert found == {f'{{"a":{a}{end}' for a, end in itertools.product(["true", "null"], ends)}


def test_a_terminal_of_many_states_is_one_box(vocab: gl.Vocabulary) -> None:
    grammar = compiled(PERSON, vocab)
    folded = [node for node in build(grammar, 60).nodes.values() if node.folded]
    assert folded[0].state.components[0].kind == "number"
    assert folded[0].members > 100
    assert len(build(grammar, 10_000, fold=1_000).nodes) > 200


def test_the_way_of_a_text_is_marked(vocab: gl.Vocabulary) -> None:
    grammar = compiled(PERSON, vocab)
    text = '{"name":"C","age":3,"tags":["re'
    graph = build(grammar, 60, grammar.trace(text))
    marked = [node for node in graph.nodes.values() if node.on_path]
    (end,) = [node for node in marked if node.is_end]
    assert end.state.components[0].expects == '…d"'
    assert {graph.nodes[link.target].on_path for link in graph.links if link.on_path} == {True}
    # The marked edges lead from the start to the end.
    reached, size = {0}, 0
    while size < len(reached):
        size = len(reached)
        reached |= {link.target for link in graph.links if link.on_path and link.source in reached}
    assert reached == {node.state.id for node in marked}
    assert not any(node.on_path for node in build(grammar, 60).nodes.values())


def test_the_end_of_a_long_way_is_kept(vocab: gl.Vocabulary) -> None:
    grammar = compiled(True, vocab)
    graph = build(grammar, 12, grammar.trace('[{"k":[1,{"'))
    assert len(graph.nodes) == 12
    assert any(node.is_end for node in graph.nodes.values())


def test_counts_of_tokens_are_those_of_the_profile(vocab: gl.Vocabulary) -> None:
    grammar = compiled({"type": "string"}, vocab)
    inside = grammar.profile(grammar.trace('"')[-1]).total
    said = f"{len(inside.inside)} inside · {len(inside.crossing)} cross"
    assert any(text.startswith(said) for text in texts(draw(grammar).svg))


def test_a_lazy_grammar_is_drawn_as_far_as_it_is_built(vocab: gl.Vocabulary) -> None:
    grammar = gl.compile(gl.JSONSchema(PERSON, whitespace="compact"), vocab)
    assert draw(grammar).total == 1
    grammar.trace('{"name":"x","age":1}')
    assert draw(grammar).total == 3


def test_a_text_outside_is_an_error_that_says_where(vocab: gl.Vocabulary) -> None:
    grammar = compiled(PERSON, vocab)
    with pytest.raises(
        ValueError, match=r"leaves the language at byte 2: .*cannot go on with b'z'"
    ):
        draw(grammar, text='{"z')


@pytest.mark.parametrize("options", [{"max_states": 0}, {"fold": 0}])
def test_bounds_below_one_are_errors(options: dict[str, int], vocab: gl.Vocabulary) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        draw(compiled(PERSON, vocab), **options)  # type: ignore[arg-type]


def test_the_same_schema_gives_the_same_drawing(vocab: gl.Vocabulary) -> None:
    assert draw(compiled(PERSON, vocab)).svg == draw(compiled(PERSON, vocab)).svg
