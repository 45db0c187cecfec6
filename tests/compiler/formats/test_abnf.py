"""The words with which grammars are written."""

from __future__ import annotations

import pytest

from grammarlib.compiler.formats import abnf
from tests.oracle.regex_program import matches


@pytest.mark.parametrize(("first", "last"), [(0, 23), (0, 59), (1, 12), (1, 31), (10, 99), (7, 7)])
def test_two_digit_ranges(first: int, last: int) -> None:
    program = abnf.two_digits(first, last)
    accepted = [n for n in range(100) if matches(program, f"{n:02}")]
    assert accepted == list(range(first, last + 1))
    assert not matches(program, str(first % 10))


def test_words_ignore_case_and_texts_do_not() -> None:
    assert all(matches(abnf.word("v6"), t) for t in ("v6", "V6"))
    assert matches(abnf.texts("~0", "~1"), "~1")
    assert not matches(abnf.texts("a"), "A")


def test_counts() -> None:
    pair = abnf.texts("ab")
    assert [n for n in range(5) if matches(abnf.exactly(pair, 3), "ab" * n)] == [3]
    assert [n for n in range(5) if matches(abnf.some(pair), "ab" * n)] == [0, 1, 2, 3, 4]
    assert [n for n in range(4) if matches(abnf.digits, "7" * n)] == [1, 2, 3]
    assert [c for c in "09afAFgG" if matches(abnf.hexdig, c)] == list("09afAF")
