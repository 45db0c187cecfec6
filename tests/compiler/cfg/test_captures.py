"""What the named parts of a grammar matched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from grammarlib.grammar import Grammar
from tests.compiler.json_schema.core import single_bytes

WORD = gl.Regex("[a-z]+")


def captured(grammar: Grammar, text: str) -> dict[str, tuple[str, ...]] | None:
    return gl.compile(grammar, single_bytes()).captures(text)


def test_parts_come_by_name_in_order() -> None:
    pair = WORD.capture("key") + "=" + gl.Regex("[0-9]*").capture("value")
    grammar = pair + ("," + pair).repeat()
    assert captured(grammar, "a=1,bc=,d=23") == {"key": ("a", "bc", "d"), "value": ("1", "", "23")}
    assert captured(grammar, "a=") == {"key": ("a",), "value": ("",)}
    assert captured(grammar, "a") is None


def test_captures_nest_and_recur() -> None:
    tree = gl.rule("tree")
    tree.define(("(" + (tree.repeat() | WORD.capture("leaf")) + ")").capture("tree"))
    assert captured(tree, "((a)(b))") == {"tree": ("((a)(b))", "(a)", "(b)"), "leaf": ("a", "b")}


def test_one_reading_of_several() -> None:
    grammar = gl.Regex("a*") + gl.Regex("a*").capture("as") + gl.Regex("a*")
    assert captured(grammar, "aaa") == {"as": ("aaa",)}
    either = gl.Regex("ab").capture("one") | gl.Regex("a").capture("two") + "b"
    assert captured(either, "ab") == {"one": ("ab",), "two": ()}


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(st.text("ab,é", max_size=10))
def test_as_regular_expressions_capture(text: str) -> None:
    grammar = gl.Regex("[abé]*").capture("x") + gl.Regex(",").capture("y").optional()
    grammar = grammar + gl.Regex("[ab,]*").capture("z")
    found = re.fullmatch("([abé]*)(,)?([ab,]*)", text)
    if found is None:
        assert captured(grammar, text) is None
        return
    x, y, z = found.groups()
    assert captured(grammar, text) == {"x": (x,), "y": () if y is None else (y,), "z": (z,)}


def test_values_and_whole_tokens_can_be_captured() -> None:
    vocab = gl.Vocabulary.from_tokens(
        [b"a", b"b", b"ab", b"[", b"1", b"]", None, None, *(bytes([i]) for i in range(256))],
        eos_ids=[7],
        names={"<t>": 6},
    )
    grammar = (
        gl.Regex("[ab]*").capture("text")
        + gl.Token("<t>")
        + gl.JSONSchema({"type": "array"}).capture("value")
        + gl.Token("ab").capture("token").optional()
    )
    compiled = gl.compile(grammar, vocab)
    assert compiled.captures([0, 2, 6, 3, 4, 5, 2, 7]) == {
        "text": ("aab",),
        "value": ("[1]",),
        "token": ("ab",),
    }
    assert compiled.captures([0, 6, 3, 5, 0, 1]) is None


def test_long_texts_take_no_long_search() -> None:
    line = WORD.capture("word") + gl.Regex("[ ,]+")
    text = "some words, and more " * 300
    found = captured(line.repeat(), text)
    assert found is not None
    assert len(found["word"]) == 1200


def test_captures_under_a_complement_are_refused() -> None:
    with pytest.raises(gl.UnsupportedGrammar, match="captures"):
        gl.compile(~WORD.capture("x"), single_bytes())


@pytest.mark.parametrize("name", ["", "a b", "1"])
def test_names_are_identifiers(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        WORD.capture(name)


def test_they_come_with_a_generation() -> None:
    vocab = gl.Vocabulary.from_tokens([*(bytes([i]) for i in range(256)), None], eos_ids=[256])
    model = gl.FunctionModel(vocab, lambda tokens: [0.0] * 257)
    grammar = "n=" + gl.Regex("[0-9]{3}").capture("n")
    result = gl.generate(grammar, "x", model=model, seed=1)
    assert result.captures == {"n": (result.text[2:],)}
    cut = gl.generate(grammar, "x", model=model, seed=1, max_tokens=3)
    assert cut.captures == {}


def test_left_recursion_begins_at_one_place() -> None:
    sums = gl.rule("sums")
    sums.define(sums.capture("left") + "+a" | "a")
    assert captured(sums, "a") == {"left": ()}
    assert captured(sums, "a+a+a") == {"left": ("a+a", "a")}
    tree = gl.rule("tree")
    tree.define(tree.capture("l") + "+" + tree.capture("r") | gl.Regex("[0-9]+"))
    found = captured(tree, "1+2+3")
    assert found == {"l": ("1", "2"), "r": ("2+3", "3")}
    loop = gl.rule("loop")
    loop.define(loop.capture("n") | "a")
    assert captured(loop, "a") == {"n": ("a",)}


def test_texts_outside_are_told_at_once() -> None:
    grammar = gl.Choice(["", "a"]).capture("n").repeat()
    assert captured(grammar, "b") is None
    assert captured(grammar, "a" * 50) is not None


def test_marks_cannot_be_given() -> None:
    compiled = gl.compile(gl.Regex("a").capture("n"), single_bytes())
    assert compiled.captures(b"\xfe\x00\x00a\xff\x00\x00") is None
    tokens = gl.compile((~gl.Token(0)).repeat() + gl.Regex("a").capture("n"), single_bytes())
    assert tokens.captures([0xFE, 1, 1, 97]) == {"n": ("a",)}


def test_any_vocabulary_will_do() -> None:
    vocab = gl.Vocabulary.from_tokens([b"a", b"b", None, None], eos_ids=[2])
    compiled = gl.compile(gl.Regex("a").capture("n") + "b", vocab)
    assert compiled.captures("ab") == {"n": ("a",)}
    assert compiled.captures([0, 1, 2]) == {"n": ("a",)}
    assert compiled.captures([0, 2, 1]) is None
    assert compiled.captures([0, 3, 1]) is None


def test_whole_tokens_may_end_within_a_character() -> None:
    vocab = gl.Vocabulary.from_tokens(
        [*(bytes([i]) for i in range(256)), None, None], eos_ids=[256], names={"</t>": 257}
    )
    thought = (~gl.Token("</t>")).repeat().capture("thought") + gl.Token("</t>")
    compiled = gl.compile(thought, vocab)
    assert compiled.captures([0xC3, 0xA9, 257]) == {"thought": ("é",)}
    assert compiled.captures([97, 0xE2, 0x82, 257]) == {"thought": ("a\ufffd",)}
