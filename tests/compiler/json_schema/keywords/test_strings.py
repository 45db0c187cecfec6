"""``minLength``, ``maxLength``, ``pattern``, ``format``."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.regex.ecma import search_program
from grammarlib.errors import CompileBudgetExceeded, EmptyLanguage
from tests.compiler.json_schema.judge import (
    Lowered,
    by_core,
    core_accepts,
    in_draft,
    invalid_at,
    refused_at,
)
from tests.compiler.regex.arounds import arounds
from tests.compiler.regex.patterns import TEXTS
from tests.oracle.regex_derivatives import Terms
from tests.oracle.regex_positions import Pattern, found, spelled


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"minLength": 2}, ["ab", "éé", "\U0001f600\U0001f600", 1, []], ["", "a", "\U0001f600"]),
        ({"maxLength": 1.0}, ["", "a", "\U0001f600"], ["ab"]),
        ({"minLength": 2, "maxLength": 1}, [1], ["", "a", "ab"]),
        ({"pattern": "b"}, ["abc", "b"], ["", "ac"]),
        ({"pattern": "^b$"}, ["b"], ["ab", "b\n"]),
        ({"pattern": "^a", "maxLength": 2, "minLength": 2}, ["ab"], ["a", "abc", "ba"]),
        ({"format": "date"}, ["2024-02-29", 5], ["2023-02-29", "x"]),
        ({"format": "date", "pattern": "^2"}, ["2024-02-29"], ["1999-01-01", "2"]),
        ({"format": "no-such-format"}, ["anything"], []),
        ({"type": "string", "minLength": 1}, ["a"], ["", 1, None]),
        ({"maxLength": 10**12}, ["a" * 50], []),
        ({"minLength": 0}, [""], []),
    ],
)
def test_text(schema: dict[str, Any], good: list[object], bad: list[object]) -> None:
    accepts = Lowered(schema)
    assert [value for value in good if not accepts(value)] == []
    assert [value for value in bad if accepts(value)] == []


def test_format_may_be_an_annotation() -> None:
    assert Lowered({"format": "date"}, format="annotate")("x")


def test_formats_of_the_callers_own() -> None:
    schema = {"properties": {"a": {"format": "slug"}, "b": {"format": "date", "minLength": 3}}}
    own = {"slug": "[a-z-]+", "date": "[0-9]*"}
    accepts = Lowered(schema, formats=own)
    assert accepts({"a": "x-y", "b": "123"})
    assert not accepts({"a": "x y"})
    assert not accepts({"b": "12"})
    assert not accepts({"b": "2024-02-29"})
    assert Lowered(schema, formats=own, format="annotate")({"a": "x y", "b": "2024"})
    assert Lowered({"format": "slug"})("x y")


def test_what_is_refused_by_name() -> None:
    assert refused_at({"items": {"pattern": r"(a)\1"}}) == ("/items/pattern", "pattern")
    lowered = Lowered({"pattern": r"(a)\1", "minLength": 2}, unsupported="record")
    assert [entry.keyword for entry in lowered.unenforced] == ["pattern"]
    assert lowered("xx")
    assert not lowered("x")


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"minLength": -1}, "/minLength"),
        ({"maxLength": "3"}, "/maxLength"),
        ({"maxLength": 1.5}, "/maxLength"),
        ({"pattern": 5}, "/pattern"),
        ({"pattern": "(a"}, "/pattern"),
        ({"format": None}, "/format"),
    ],
)
def test_bad_forms(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer


def test_a_minimum_beyond_the_counts_of_the_core() -> None:
    with pytest.raises(CompileBudgetExceeded, match="minimum length"):
        Lowered({"minLength": 10**12})


def test_formats_are_looked_up_for_the_draft() -> None:
    hangul = "xn--ihqwcrb4cv8a8dqg056pqjye"
    for draft in ("4", "2020-12"):
        assert not Lowered(in_draft({"format": "ipv4"}, draft))("1.2.3")
        assert isinstance(Lowered(in_draft({"format": "hostname"}, draft))(hangul), bool)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(arounds(), st.integers(0, 2), st.none() | st.integers(0, 3))
def test_look_arounds_meet_lengths_in_the_core(
    pattern: Pattern, least: int, most: int | None
) -> None:
    schema = {"type": "string", "pattern": spelled(pattern), "minLength": least}
    if most is not None:
        schema["maxLength"] = most
    valid = {
        text: found(pattern, text) and least <= len(text) and (most is None or len(text) <= most)
        for text in TEXTS
    }
    try:
        compiled = by_core(schema)
    except EmptyLanguage:
        assert not any(valid.values())
        return
    for text, expected in valid.items():
        assert core_accepts(compiled, text) is expected, text


@settings(derandomize=True, deadline=None, max_examples=100)
@given(arounds())
def test_nothing_is_begun_that_has_no_end(pattern: Pattern) -> None:
    program = search_program(spelled(pattern))
    terms = Terms()
    start = terms.program(program)
    try:
        compiled = by_core({"type": "string", "pattern": spelled(pattern)})
    except EmptyLanguage:
        assert not terms.live(start)
        return
    for text in TEXTS:
        matcher = compiled.matcher()
        begun = matcher.accept_bytes(f'"{text}'.encode())
        assert begun == terms.live(terms.read(start, text.encode())), text
