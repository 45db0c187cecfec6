"""What atomic groups and possessive loops keep is what ``re`` keeps."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grammarlib.compiler.regex import lower
from grammarlib.compiler.regex.emit import emit
from grammarlib.compiler.regex.python import parse
from grammarlib.errors import CompileBudgetExceeded
from tests.oracle.regex_program import Matcher, read

ATOMS = ["a", "b", "c", "ab", "bc", "[ab]", "[^a]", ""]
PLACES = ["(?=a)", "(?!b)", "(?<=a)", "(?<!b)", "^", "$", r"\b"]
LOOPS = [
    "*", "+", "?", "{2}", "{1,2}", "{0,2}", "{2,}", "*?", "+?", "??", "{2,3}?",
    "*+", "++", "?+", "{1,2}+", "{2}+",
]  # fmt: skip
TEXTS = ["".join(text) for size in range(5) for text in product("abc", repeat=size)]


def patterns(leaves: list[str]) -> st.SearchStrategy[str]:
    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(
            several.map("".join),
            several.map(lambda parts: f"(?:{'|'.join(parts)})"),
            st.builds(lambda part, loop: f"(?:{part}){loop}", inner, st.sampled_from(LOOPS)),
            inner.map(lambda part: f"(?>{part})"),
        )

    inside = st.recursive(st.sampled_from(leaves), extend, max_leaves=6)
    after = st.sampled_from(ATOMS)
    group = st.builds("(?>{}){}".format, inside, after)
    return group | st.builds("(?:{}){}{}".format, inside, st.sampled_from(LOOPS[-5:]), after)


def agrees(pattern: str) -> None:
    theirs = re.compile(pattern)
    try:
        node = parse(pattern)
        whole, part = read(emit(lower.fullmatch(node))), read(emit(lower.search(node)))
    except CompileBudgetExceeded:
        assume(False)
    for text in TEXTS:
        data = text.encode()
        assert Matcher(whole, data).matches() == bool(theirs.fullmatch(text)), text
        assert Matcher(part, data).matches() == bool(theirs.search(text)), text


@settings(derandomize=True, deadline=None, max_examples=300)
@given(patterns(ATOMS))
def test_first_matches(pattern: str) -> None:
    agrees(pattern)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(patterns(ATOMS + PLACES))
def test_first_matches_that_look_around(pattern: str) -> None:
    agrees(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        # Counted rounds are tried again within a group, but not within a possessive loop.
        "(?>(?:a|ab){2})c",
        "(?:a|ab){2}+c",
        "(?>(?:a|ab){2,3})",
        "(?>(?:a|ab){2,3}?)c?",
        # What follows in the group chooses.
        "(?>a*ab)",
        "(?>(?:a|ab)(?:c|bca)a*)b",
        "(?>(?:ab?)*?c)",
        "(?>(?:a|ab){0,2}b)b",
        "(?>[ab]*?[ab]c)c?",
        # An empty round ends a loop, and is tried in its turn.
        "(?:a?)*+b",
        "(?:|a)*+b",
        "(?>(?:|a)*)b",
        "(?>(?:|a)*b)c",
        "(?>(?:a??)*b)",
        "(?>(?:a??b??)+c)",
        "(?:(?=ab)|a|b)*+c",
        "(?>(?:(?=ab)|a|b)*c)",
        "(?:a??){2}+b",
        "(?:(?>a?)b?)*+c",
        "(?:(?:a?)*+b?){2,3}+c",
        "(?:a??)*+a?b",
        "(?:a*+b?)*+c",
        "(?>(?:(?:ab)*+b?)*c)",
        # Groups in groups.
        "(?>(?>a|ab)(?:c|b)|abc)",
        "(?>(?:(?>a|ab)b?)*c)",
    ],
)
def test_known_cases(pattern: str) -> None:
    agrees(pattern)


def test_what_the_characters_tell_is_not_looked_at() -> None:
    for pattern in ("(?>if|else|while)x", r"(?>a{0,500}b)c", r"(?>[a-y]*?z)", '(?>"|a|[b-d])*x'):
        assert parse(pattern).plain, pattern
    for pattern in ("(?>ab|[ac]b?)c", r"(?>a{0,3}a)c", r"(?>[a-z]*?z)"):
        assert parse(pattern).look, pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(?>" * 40 + "ab|ba" + ")|cd|dc" * 40,
        "(?:" * 60 + "a?" + ")*+" * 60,
        "(?>" + "(?:" * 30 + "a?" + ")*" * 30 + "b)",
        "(?:" + "a?b?c?" * 100 + ")*+",
        "(?>" + "|".join(f"[a{chr(200 + n)}]x" for n in range(600)) + ")",
        "(?>(?:a|ab){100000,})",
    ],
)
def test_budgets(pattern: str) -> None:
    with pytest.raises(CompileBudgetExceeded, match="atomic groups"):
        parse(pattern)
