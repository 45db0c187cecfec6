"""Anchors and look-aheads mean what Python's backtracking matcher finds, anywhere in a pattern."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from grammarlib.compiler.regex.ecma import fullmatch_program, search_program
from grammarlib.compiler.regex.program import ANY_TEXT, decode, pretty
from grammarlib.errors import CompileBudgetExceeded
from tests.compiler.regex.patterns import TEXTS, Pair, patterns
from tests.oracle.regex_program import matches


def _agrees(pair: Pair) -> None:
    ecma, python = pair
    compiled = re.compile(python)
    search, whole = search_program(ecma), fullmatch_program(ecma)
    for text in TEXTS:
        assert matches(search, text) == bool(compiled.search(text)), text
        assert matches(whole, text) == bool(compiled.fullmatch(text)), text


@settings(derandomize=True, deadline=None, max_examples=100)
@given(patterns())
def test_plain_patterns(pair: Pair) -> None:
    _agrees(pair)


@settings(derandomize=True, deadline=None, max_examples=250)
@given(patterns(anchors=True))
def test_anchors_anywhere(pair: Pair) -> None:
    _agrees(pair)


@settings(derandomize=True, deadline=None, max_examples=250)
@given(patterns(anchors=True, looks=True))
def test_look_aheads_anywhere(pair: Pair) -> None:
    _agrees(pair)


@pytest.mark.parametrize(
    ("pattern", "found", "missed"),
    [
        ("^a|b$", ["a", "ax", "b", "xb"], ["xa", "bx", ""]),
        ("(^a|b)c", ["ac", "acx", "xbcx"], ["xac", "a"]),
        ("(^|,)x(,|$)", ["x", "x,y", "y,x", "a,x,b"], ["xy", "yx", "a,xb"]),
        ("a$|b", ["a", "ca", "bc"], ["ac"]),
        ("$^", [""], ["a"]),
        ("a^b", [], ["ab", "a", "b"]),
        ("(?:^|a)+b", ["b", "ab", "aab", "cab"], ["cb"]),
        ("(a*$)+", ["", "b", "ba"], []),
        ("(?:(?=ab)a)b", ["ab", "cabd"], ["b", "a"]),
        ("^(?!.*//)a", ["a", "a/b"], ["a//b", "//a", "ba"]),
        ("^(?=.*b)(?=.*,)[ab,]{3}$", ["ab,", ",bb", "b,b"], ["abb", "a,a", "ab,a"]),
        ("(?!^)a", ["ba", "aa"], ["a", "ab"]),
        ("a(?!$)", ["ab"], ["a", "ba"]),
        ("^((?!ab).)*$", ["", "ba", "aa"], ["ab", "aab", "bab"]),
        ("^(?:(?=[a,])(?!,,).)+$", ["a", ",", "a,a"], ["", "b", "a,,", ",b"]),
        ("^(?:(?!b)[ab]{2}){0,2},", [",", "ab,", "aaab,"], ["ba,", "abba,", "a,"]),
    ],
)
def test_known_cases(pattern: str, found: list[str], missed: list[str]) -> None:
    program = search_program(pattern)
    assert [t for t in found if not matches(program, t)] == []
    assert [t for t in missed if matches(program, t)] == []
    assert [t for t in found if not re.search(pattern, t)] == []
    assert [t for t in missed if re.search(pattern, t)] == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (".*foo.*", "(Σ{0,} 'foo' Σ{0,})"),
        ("^.*foo", None),
        ("[a-z]+", "(Σ{0,} [a-z] Σ{0,})"),
        ("a{2,5}", "(Σ{0,} 'a'{2,2} Σ{0,})"),
        ("^foo.*", "('foo' Σ{0,})"),
        ("foo$", "(Σ{0,} 'foo')"),
        ("^foo$", "'foo'"),
        ("^(a|b|[0-9])$", "[0-9a-b]"),
        ("^(a*)+$", "'a'{0,}"),
    ],
)
def test_what_any_text_absorbs_is_left_out(pattern: str, expected: str | None) -> None:
    shown = pretty(search_program(pattern))
    assert expected is None or shown == expected


@pytest.mark.parametrize("pattern", ["", "a*", "^", "$", "[a-z]*x?", "(a|)", "(?!a)|", "^[^]*$"])
def test_patterns_found_in_every_text(pattern: str) -> None:
    assert search_program(pattern) == ANY_TEXT


def test_nesting_and_size_are_bounded() -> None:
    with pytest.raises(CompileBudgetExceeded, match="nested"):
        search_program("(?:a|b" * 80 + "^" + ")" * 80)
    with pytest.raises(CompileBudgetExceeded):
        search_program("(?:(?=a)|(?=b)|c)" * 40)
    # The four languages of a sequence of optional anchors grow with its length, not faster.
    assert len(decode(search_program("(?:^|a)(?:b|$)" * 20))) < 5_000
