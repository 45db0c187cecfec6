"""A user's own formats stand before those of the specification, and are checked when given."""

from __future__ import annotations

import pytest

from grammarlib.compiler.formats import format_program, format_programs
from grammarlib.compiler.regex.errors import UnsupportedPattern
from grammarlib.errors import GrammarSyntaxError
from tests.oracle.regex_program import matches


def test_own_formats_come_first_and_match_the_whole_text() -> None:
    programs = format_programs({"slug": "[a-z]+|[0-9]", "date": "today"})
    for name, good, bad in (("slug", ["ab", "7"], ["", "77", "a7"]), ("date", ["today"], ["2024"])):
        program = programs(name, "7")
        assert program is not None
        assert [text for text in good if not matches(program, text)] == []
        assert [text for text in bad if matches(program, text)] == []
    assert programs("time", "7") is format_program("time", "7")
    assert programs("no-such-format", "7") is None


def test_without_own_formats_there_are_those_of_the_specification() -> None:
    programs = format_programs({})
    assert programs("date", "4") is format_program("date", "4")


def test_patterns_are_checked_when_given_and_the_format_is_named() -> None:
    with pytest.raises(GrammarSyntaxError, match="format 'x' is no ECMA-262 pattern") as caught:
        format_programs({"y": "a", "x": "ab("})
    assert (caught.value.line, caught.value.column) == (1, 3)
    with pytest.raises(UnsupportedPattern, match=r"back-reference .* in format 'x'"):
        format_programs({"x": r"(a)\1"})
