"""``assert_laws`` itself: what a failure says, what is drawn, what is asked of the caller."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from grammarlib.testing import LawBroken, assert_laws, check_laws
from grammarlib.testing.hints import hints
from tests.grammarlib.testing.mutants import GainsABit, LosesABit, MutantGrammar

SINGLE = [bytes([byte]) for byte in range(256)]


@pytest.fixture(scope="module")
def compiled() -> gl.CompiledGrammar:
    vocab = gl.Vocabulary.from_tokens([*SINGLE, b"rue", None, None], eos_ids=[257])
    schema = gl.JSONSchema({"enum": [True, None]}, whitespace="compact")
    return gl.compile(schema, vocab)


def test_a_failure_says_law_text_token_and_difference(compiled: gl.CompiledGrammar) -> None:
    with pytest.raises(LawBroken) as caught:
        assert_laws(MutantGrammar(compiled, LosesABit), laws=["mask_is_acceptance"])
    broken = caught.value
    assert isinstance(broken, AssertionError)
    assert broken.law == "mask_is_acceptance"
    assert (broken.text, broken.tokens, broken.token) == (b"t", (ord("t"),), 256)
    assert str(broken) == (
        "mask_is_acceptance: after b't' (tokens [116]), token 256: its bit is 0, accept_token says "
        "True (its bytes are b'rue')"
    )


def test_the_shortest_text_is_shown(compiled: gl.CompiledGrammar) -> None:
    with pytest.raises(LawBroken) as caught:
        assert_laws(MutantGrammar(compiled, GainsABit))
    assert caught.value.text == b""


def test_a_failure_shrinks_to_few_tokens(compiled: gl.CompiledGrammar) -> None:
    """The oracle errs on one text; no other token than those of the text is taken."""
    with pytest.raises(LawBroken) as caught:
        assert_laws(
            compiled,
            laws=["end_token_iff_in_the_language"],
            contains=lambda text: text == b"null",
        )
    assert caught.value.text == b"true"
    assert caught.value.tokens == (ord("t"), 256)
    assert "the oracle says that the text is not in the language" in caught.value.difference


def test_an_oracle_that_agrees_finds_nothing(compiled: gl.CompiledGrammar) -> None:
    members = [b"true", b"null"]
    assert_laws(compiled, contains=lambda text: text in members, members=members)


@pytest.mark.parametrize("seed", [1, None])
def test_any_seed_will_do(compiled: gl.CompiledGrammar, seed: int | None) -> None:
    assert_laws(compiled, seed=seed, max_examples=5)


def test_a_seed_draws_the_same_positions(compiled: gl.CompiledGrammar) -> None:
    def texts(seed: int) -> list[bytes]:
        seen: list[bytes] = []

        def contains(text: bytes) -> bool:
            seen.append(text)
            return text in (b"true", b"null")

        assert_laws(compiled, laws=["end_token_iff_in_the_language"], contains=contains, seed=seed)
        return seen

    assert texts(3) == texts(3)
    assert len(set(texts(3))) > 4


@settings(derandomize=True, max_examples=20, deadline=None)
@given(st.data())
def test_positions_can_be_drawn_by_a_test_of_your_own(
    compiled: gl.CompiledGrammar, data: st.DataObject
) -> None:
    check_laws(compiled, data)
    with pytest.raises(LawBroken):
        check_laws(MutantGrammar(compiled, GainsABit), data, laws=["mask_is_acceptance"])


@pytest.mark.parametrize("laws", [["gravity"], "gravity", []])
def test_laws_are_named(compiled: gl.CompiledGrammar, laws: list[str] | str) -> None:
    with pytest.raises(ValueError, match="laws must be some of mask_is_acceptance"):
        assert_laws(compiled, laws=laws)


def test_no_place_checks_nothing(compiled: gl.CompiledGrammar) -> None:
    with pytest.raises(ValueError, match="places must be at least 1"):
        assert_laws(compiled, places=0)


def test_only_a_compiled_grammar_can_be_compiled_again(compiled: gl.CompiledGrammar) -> None:
    with pytest.raises(TypeError, match="recompile="):
        assert_laws(MutantGrammar(compiled, GainsABit), laws=["precompute_changes_nothing"])


def test_a_language_without_members_in_reach_is_reported(compiled: gl.CompiledGrammar) -> None:
    with pytest.raises(LawBroken, match="no way to end the text is found in 2 attempts"):
        assert_laws(compiled, laws=["no_dead_ends"], completion_attempts=2, completion_tokens=1)


@pytest.mark.parametrize("wrong", [{"type": "null"}, None, 1])
def test_what_is_no_compiled_grammar_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="a compiled grammar is needed, not"):
        assert_laws(wrong)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_examples": "5"}, "max_examples must be a whole number"),
        ({"places": 1.5}, "places must be a whole number"),
        ({"max_tokens": None}, "max_tokens must be a whole number"),
        ({"seed": "x"}, "seed must be a whole number"),
        ({"laws": 3}, "laws must be names of laws"),
        ({"contains": {b"true"}}, "contains must be callable"),
        ({"members": ["true"]}, "members must be texts as bytes, not str"),
        ({"completion_tokens": 2.5}, "completion_tokens must be a whole number"),
    ],
)
def test_options_of_another_type_are_named(
    compiled: gl.CompiledGrammar, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        assert_laws(compiled, **options)


def test_modes_are_named(compiled: gl.CompiledGrammar) -> None:
    with pytest.raises(ValueError, match="precompute must be 'lazy', 'masks' or 'all', not 'some'"):
        assert_laws(compiled, precompute=["some"])


def test_a_schema_that_holds_itself_is_looked_through_once() -> None:
    schema: dict[str, Any] = {"enum": ["b"]}
    schema["a"] = [schema]
    assert sorted(hints(gl.JSONSchema(schema))) == [b'"a":', b'"b":', b'"enum":']
