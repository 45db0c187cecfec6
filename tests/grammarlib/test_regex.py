"""``Regex``: options, faults, and what is compiled of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes


def accepts(grammar: gl.Regex, text: str) -> bool:
    matcher = gl.compile(grammar, single_bytes()).matcher()
    return matcher.accept_bytes(text.encode()) and matcher.is_accepting()


@pytest.mark.parametrize(
    ("grammar", "hits", "misses"),
    [
        (gl.Regex(r"\d{4}-\d\d"), ["2112-12", "٢112-12"], ["2112-1", "x2112-12"]),
        (gl.Regex(r"\d{4}-\d\d", dialect="ecma"), ["2112-12"], ["٢112-12"]),
        (gl.Regex("b+", search=True), ["abc", "b"], ["", "ac"]),
        (gl.Regex("b+", dialect="ecma", search=True), ["abc", "b"], ["", "ac"]),
        (gl.Regex("a.c", flags=re.I | re.S), ["A\nC"], ["ac"]),
        (gl.Regex("a.c", dialect="ecma", flags="is"), ["A\nC"], ["ac"]),
        (gl.Regex("^b$", flags=re.M, search=True), ["a\nb\nc"], ["ab"]),
        (gl.Regex("^b$", dialect="ecma", flags="mu", search=True), ["a\nb\nc"], ["ab"]),
        (gl.Regex("a*"), ["", "a", "aa"], ["b"]),
        (gl.Regex(""), [""], ["a"]),
        (gl.Regex("é😀"), ["é😀"], ["é"]),
    ],
)
def test_texts(grammar: gl.Regex, hits: list[str], misses: list[str]) -> None:
    assert [text for text in hits if not accepts(grammar, text)] == []
    assert [text for text in misses if accepts(grammar, text)] == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"pattern": 1}, TypeError),
        ({"pattern": b"a"}, TypeError),
        ({"pattern": "a", "dialect": "perl"}, ValueError),
        ({"pattern": "a", "flags": "i"}, TypeError),
        ({"pattern": "a", "flags": re.LOCALE}, ValueError),
        ({"pattern": "a", "flags": -1}, ValueError),
        ({"pattern": "a", "dialect": "ecma", "flags": 2}, TypeError),
        ({"pattern": "a", "dialect": "ecma", "flags": "g"}, ValueError),
        ({"pattern": "a", "dialect": "ecma", "flags": "ii"}, ValueError),
        ({"pattern": "a", "search": 1}, TypeError),
        ({"pattern": "("}, gl.GrammarSyntaxError),
        ({"pattern": "(", "dialect": "ecma"}, gl.GrammarSyntaxError),
        ({"pattern": r"(a)\1"}, gl.UnsupportedPattern),
    ],
)
def test_what_is_no_expression(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.Regex(**arguments)


@pytest.mark.parametrize("pattern", ["(?!)", "a(?=b)c", r"a\bb"])
def test_what_matches_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(gl.EmptyLanguage):
        gl.compile(gl.Regex(pattern), single_bytes())


@pytest.mark.parametrize(
    "grammar",
    [
        gl.Regex(r"[a-c]{3,40}(?<!abc)"),
        gl.Regex("é+x?", flags=re.I),
        gl.Regex("ab", search=True),
        gl.Regex(r"(?:(?!--)[a-z-])*", dialect="ecma"),
        gl.Regex("(?>a|ab)c|b*+d"),
    ],
)
def test_the_laws_hold(grammar: gl.Regex) -> None:
    single: list[bytes] = [bytes([i]) for i in range(256)]
    tokens = [*single, b"ab", b"abc", b"--", "é".encode(), "éx".encode(), b"bd", b"<end>"]
    vocab = gl.Vocabulary.from_tokens(tokens, eos_ids=[len(tokens) - 1])
    gl.testing.assert_laws(gl.compile(grammar, vocab))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.data())
def test_texts_are_drawn_from_the_language_and_beside_it(data: st.DataObject) -> None:
    pattern = r"(a|bc){2,5}\d+(?!x)"
    grammar = gl.Regex(pattern, flags=re.A)
    inside = data.draw(gl.strategies.from_grammar(grammar))
    outside = data.draw(gl.strategies.near_misses(grammar))
    assert re.fullmatch(pattern, inside, re.A)
    assert not re.fullmatch(pattern, outside, re.A)


def test_generation_along_an_expression() -> None:
    pattern = "(red|green|blue), [a-z]{3,8}"
    made = gl.generate(gl.Regex(pattern), "A colour and a word:", seed=1, max_tokens=40)
    assert made.finish_reason == "stop"
    assert re.fullmatch(pattern, made.text)
    assert made.value is None
