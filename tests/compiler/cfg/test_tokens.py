"""Whole tokens in a grammar: both readings of a token, names, masks, going back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from grammarlib.grammar import Grammar

TEXTS = [b"a", b"b", b"ab", b"aba", b" ", b"(", b")", b'"', b"1", b"{", b"}"]
SPECIAL = {"<on>": 11, "<off>": 12}
END, PADDING = 13, 14
VOCAB = gl.Vocabulary.from_tokens([*TEXTS, None, None, None, None], eos_ids=[END], names=SPECIAL)
ON, OFF = SPECIAL.values()


def allowed(matcher: gl.Matcher) -> set[int]:
    mask = gl.allocate_token_bitmask(1, VOCAB.vocab_size)
    matcher.fill_next_token_bitmask(mask)
    bits = np.unpackbits(mask.view(np.uint8), bitorder="little")
    return set(np.flatnonzero(bits).tolist())


def accepted(grammar: Grammar, tokens: list[int]) -> bool:
    matcher = gl.compile(grammar, VOCAB).matcher()
    for token in tokens:
        known = token in allowed(matcher)
        took = matcher.accept_token(token)
        assert took == known
        if not took:
            return False
    return matcher.is_accepting()


def test_a_special_token_is_one_step() -> None:
    grammar = gl.Token("<on>") + gl.Regex("[ab]+") + gl.Token("<off>")
    assert accepted(grammar, [ON, 0, 2, OFF])
    assert not accepted(grammar, [ON, OFF])
    assert not accepted(grammar, [0, OFF])
    matcher = gl.compile(grammar, VOCAB).matcher()
    assert allowed(matcher) == {ON}
    assert matcher.find_jump_forward_bytes() == b""
    assert matcher.find_jump_forward_tokens() == [ON]


def test_a_token_with_a_text_is_that_token_alone() -> None:
    grammar = gl.Token("ab") + "b"
    assert accepted(grammar, [2, 1])
    assert not accepted(grammar, [0])
    assert not accepted(gl.Token(2) + "b", [0])


def test_both_readings_of_a_token_go_on() -> None:
    grammar = (gl.Token("ab") + "(") | gl.Regex("aba?") + ")"
    assert accepted(grammar, [2, 5])
    assert accepted(grammar, [2, 6])
    assert accepted(grammar, [3, 6])
    assert not accepted(grammar, [0, 1, 5])
    assert not accepted(grammar, [3, 5])


def test_any_other_token_is_neither_padding_nor_an_end() -> None:
    matcher = gl.compile((~gl.Token("<off>", "a")).repeat() + gl.Token("<off>"), VOCAB).matcher()
    assert allowed(matcher) == set(range(15)) - {0, END, PADDING}
    assert allowed(gl.compile(~~gl.Token("<off>"), VOCAB).matcher()) == {OFF}


def test_names_are_those_of_the_vocabulary() -> None:
    assert VOCAB.token_id("<on>") == ON
    assert VOCAB.token_id("ab") == 2
    for name in ("<nope>", "abc"):
        with pytest.raises(gl.VocabularyError, match="no token has"):
            VOCAB.token_id(name)
    twice = gl.Vocabulary.from_tokens([b"a", b"a", None], eos_ids=[2])
    with pytest.raises(gl.VocabularyError, match="2 tokens"):
        twice.token_id("a")


@pytest.mark.parametrize("token", ["<nope>", END, 15, 10**9])
def test_tokens_that_cannot_be_are_refused(token: int | str) -> None:
    with pytest.raises(gl.UnsupportedGrammar, match="Token"):
        gl.compile(gl.Token(token), VOCAB)


@pytest.mark.parametrize("arguments", [(), (-1,), (True,), (1.0,), (None,)])
def test_what_is_no_token(arguments: tuple[object, ...]) -> None:
    with pytest.raises((TypeError, ValueError)):
        gl.Token(*arguments)  # type: ignore[arg-type]


def test_rules_of_tokens_cannot_be_combined_as_texts() -> None:
    with pytest.raises(gl.UnsupportedGrammar, match="tokens"):
        gl.compile(gl.Token("<on>") & gl.Regex("."), VOCAB)


GRAMMARS = [
    gl.Token("<on>") + (~gl.Token("<off>")).repeat() + gl.Token("<off>") + gl.Regex("(ab)*"),
    ((gl.Token("ab") + gl.Token("<on>")) | gl.Regex("[ab]*") + gl.Token("<off>")).repeat(),
    gl.Regex("[ab ]*") + (gl.Token("aba", "b") + gl.JSONSchema({"type": "array"})).optional(),
    gl.rule("nest").define("a" + gl.Token("b") | gl.Token("<on>", "ab") + "(" + ")"),
]


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_the_laws_hold(grammar: Grammar) -> None:
    gl.testing.assert_laws(gl.compile(grammar, VOCAB), max_examples=15)


@settings(max_examples=60, derandomize=True, database=None, deadline=None)
@given(st.sampled_from(GRAMMARS), st.lists(st.integers(0, 14), max_size=12))
def test_dropped_caches_change_nothing(grammar: Grammar, tokens: list[int]) -> None:
    compiled = gl.compile(grammar, VOCAB)
    forgetful = gl.compile(grammar, VOCAB)
    one, other = compiled.matcher(), forgetful.matcher()
    for token in tokens:
        forgetful.core.clear_cache()
        assert allowed(one) == allowed(other)
        assert one.accept_token(token) == other.accept_token(token)
    forgetful.core.clear_cache()
    assert allowed(one) == allowed(other)
