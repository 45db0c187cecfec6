"""Refusals say where: positions, lines and columns."""

from __future__ import annotations

from grammarlib.compiler.regex.errors import UnsupportedPattern, syntax_error
from grammarlib.errors import GrammarlibError


def test_a_refusal_names_construct_place_and_pattern() -> None:
    refusal = UnsupportedPattern("look-behind", 3, "abc(?<=x)")
    assert isinstance(refusal, GrammarlibError)
    assert (refusal.reason, refusal.position, refusal.pattern) == ("look-behind", 3, "abc(?<=x)")
    assert str(refusal) == "unsupported pattern: look-behind at position 3: 'abc(?<=x)'"


def test_a_long_pattern_is_cut_around_the_place() -> None:
    assert len(str(UnsupportedPattern("x", 50_000, "a" * 100_000))) < 200


def test_lines_and_columns_count_from_one() -> None:
    error = syntax_error("bad", 4, "ab\nc)d")
    assert (error.line, error.column) == (2, 2)
    assert str(error).endswith("  c)d\n   ^")
    first = syntax_error("bad", 0, ")")
    assert (first.line, first.column) == (1, 1)
