"""What the neighbours of a look-around settle leaves the meaning as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from grammarlib.compiler.regex.automaton import search_automaton
from grammarlib.compiler.regex.ecma import parse, search_program
from grammarlib.compiler.regex.emit import emit
from grammarlib.compiler.regex.neighbours import settled
from grammarlib.compiler.regex.program import decode
from tests.compiler.regex.arounds import arounds
from tests.compiler.regex.patterns import TEXTS
from tests.oracle.regex_positions import Pattern, found, spelled
from tests.oracle.regex_program import Matcher, matches, read


@settings(derandomize=True, deadline=None, max_examples=300)
@given(arounds())
def test_the_meaning_is_kept(pattern: Pattern) -> None:
    node = settled(parse(spelled(pattern)))
    program = read(search_program(spelled(pattern)) if node.plain else emit(search_automaton(node)))
    for text in TEXTS:
        assert Matcher(program, text.encode()).matches() == found(pattern, text), text


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        (r"^((?!-)[a-z-]{1,63}(?<!-)\.)+x$", False),
        (r"a\b,", False),
        (r"a\Bb", False),
        (r"(?=[a-c])(?![b-z])[a-z]+", False),
        (r"\bfoo", True),
        (r"(?!ab)[a-z]", True),
        (r"a(?=b)c*", True),
    ],
)
def test_what_is_settled(pattern: str, left: bool) -> None:
    assert settled(parse(pattern)).look == left


def test_counts_are_kept_where_boundaries_are_settled() -> None:
    # A pattern for addresses that many schemas have.
    pattern = r"^https?:\/\/[-\w@:%.+~#=]{1,256}\.[a-z()]{1,6}\b([-\w()@:%+.~#?&\/=]*)$"
    program = search_program(pattern)
    assert not any(step.states for step in decode(program))
    assert matches(program, "https://a.b/c")
    assert not matches(program, "https://a.(")
    assert matches(program, "https://a.b(")
