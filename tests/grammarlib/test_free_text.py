"""Free text around a grammar."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from grammarlib.grammar import Grammar
from tests.compiler.json_schema.core import single_bytes


def accepts(grammar: Grammar, text: str) -> bool:
    matcher = gl.compile(grammar, single_bytes()).matcher()
    return matcher.accept_bytes(text.encode()) and matcher.is_accepting()


@settings(max_examples=80, derandomize=True, database=None, deadline=None)
@given(st.text("ab", max_size=9))
def test_the_first_trigger_counts(text: str) -> None:
    grammar = gl.after("aba", gl.Regex("b*"))
    before, trigger, rest = text.partition("aba")
    assert accepts(grammar, text) == (trigger != "" and set(rest) <= {"b"}), before


@settings(max_examples=80, derandomize=True, database=None, deadline=None)
@given(st.text("ab", max_size=9))
def test_contained_texts_are_found(text: str) -> None:
    assert accepts(gl.contains("aba") & ~gl.contains("bb"), text) == (
        "aba" in text and "bb" not in text
    )


def test_any_json_text_may_follow() -> None:
    grammar = gl.after("</think>", gl.JSON())
    assert accepts(grammar, 'I {think}.\n</think>{"a": [1, null]}')
    assert not accepts(grammar, "I think.</think>{1}")


def test_a_special_token_may_be_the_trigger() -> None:
    vocab = gl.Vocabulary.from_tokens([b"a", b"1", None, None], eos_ids=[3], names={"</t>": 2})
    matcher = gl.compile(gl.after(gl.Token("</t>"), gl.Regex("1+")), vocab).matcher()
    assert [matcher.accept_token(token) for token in (0, 1, 2)] == [True] * 3
    assert not matcher.accept_token(0)
    assert matcher.accept_token(1)
    assert matcher.is_accepting()


@pytest.mark.parametrize(("trigger", "error"), [("", ValueError), (b"a", TypeError)])
def test_what_is_no_trigger(trigger: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.after(trigger, "b")  # type: ignore[arg-type]
