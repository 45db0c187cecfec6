"""Patterns of Python's ``re`` mean what ``re`` finds."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.regex import lower
from grammarlib.compiler.regex.emit import emit
from grammarlib.compiler.regex.python import parse
from grammarlib.errors import CompileBudgetExceeded, GrammarSyntaxError, UnsupportedPattern
from tests.oracle.regex_program import Matcher, read

ATOMS = [
    "a", "b", "A", "[ab]", "[^a]", ".", r"\w", r"\W", r"\d", r"\s", r"\b", r"\B", "^", "$", r"\A",
    r"\Z", "é", "[a-c]", "(?=a)", "(?!b)", "(?<=a)", "(?<!ab)", "\n", "ß", "K", "[k-s]", "[^K]",
]  # fmt: skip
LOOPS = ["*", "+", "?", "{2}", "{1,2}", "{0,2}", "*?", "+?", "??", "*+", "++", "?+", "{1,2}+"]
GROUPS = ["(?:", "(?:", "(?=", "(?!", "(?>", "(?i:", "(?s:", "(?m:", "(?a:", "(?-i:"]
FLAGS = [0, 0, re.I, re.M, re.S, re.A, re.I | re.A, re.I | re.M]
TEXTS = [
    "", "a", "b", "ab", "ba", "aa", "A", "AB", "aB", "a\n", "\n", "é", "É", "1", " ", "a b",
    "ab\na", "aab", "aaa", "bab", "abab", "ſ", "K", "k", "SS", "ß", "a_1", "b\n\n",
]  # fmt: skip


def patterns() -> st.SearchStrategy[str]:
    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            several.map("".join),
            several.map(lambda parts: f"(?:{'|'.join(parts)})"),
            st.builds(lambda part, loop: f"(?:{part}){loop}", inner, st.sampled_from(LOOPS)),
            st.builds(lambda part, group: f"{group}{part})", inner, st.sampled_from(GROUPS)),
        )

    return st.recursive(st.sampled_from(ATOMS), extend, max_leaves=8)


def matcher(pattern: str, flags: int, search: bool = False) -> bytes:
    node = parse(pattern, flags)
    return emit(lower.search(node) if search else lower.fullmatch(node))


@settings(derandomize=True, deadline=None, max_examples=800)
@given(patterns(), st.sampled_from(FLAGS))
def test_what_is_matched_is_what_re_matches(pattern: str, flags: int) -> None:
    try:
        theirs = re.compile(pattern, flags)
    except re.error:
        with pytest.raises(GrammarSyntaxError):
            parse(pattern, flags)
        return
    try:
        whole, part = read(matcher(pattern, flags)), read(matcher(pattern, flags, search=True))
    except CompileBudgetExceeded:
        return
    for text in TEXTS:
        data = text.encode()
        assert Matcher(whole, data).matches() == bool(theirs.fullmatch(text)), text
        assert Matcher(part, data).matches() == bool(theirs.search(text)), text


@cache
def every_character() -> str:
    return "".join(chr(p) for p in range(0x110000) if not 0xD800 <= p <= 0xDFFF)


@pytest.mark.parametrize("flags", [0, re.I, re.A, re.I | re.A])
@pytest.mark.parametrize(
    "pattern", ["k", "[k-s]", "[^k-s]", "ß", "ſ", "[İı]", "Σ", r"[\w-]", r"\W", r"[^\d]", r"\s"]
)
def test_every_character_is_taken_as_re_takes_it(pattern: str, flags: int) -> None:
    node = parse(pattern, flags)
    ranges = getattr(node, "ranges", None) or [(ord(node.value),) * 2]  # type: ignore[attr-defined]
    theirs = re.compile(pattern, flags).findall(every_character())
    assert [chr(p) for lo, hi in ranges for p in range(lo, hi + 1)] == theirs


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("a++a", [], ["a", "aa", "aaa"]),
        ("(?>a|ab)c", ["ac"], ["abc"]),
        ("(?>ab|a)c", ["ac", "abc"], []),
        ("(?:a|ab)(?>c?)d", ["ad", "acd", "abcd"], []),
        ("a{1,2}+b", ["ab", "aab"], ["aaab", "b"]),
        ("a{1,2}+a", ["aaa"], ["aa", "a"]),
        ("(?>a*?)b", ["b"], ["ab"]),
        ("(?>(?:ab|a)+)b", ["aabb"], ["aa", "aab"]),
        ("(?>a)?+a", ["aa"], ["a"]),
        ("(?x) a # the first\n b", ["ab"], ["a b"]),
        ("a$\n?", ["a", "a\n"], ["a\n\n"]),
        (r"\B", [""] if re.fullmatch(r"\B", "") else [], ["a"]),
        (r"(?i)\u212a", ["k", "K", "\u212a"], ["c"]),
    ],
)
def test_known_cases(pattern: str, hits: list[str], misses: list[str]) -> None:
    program = read(matcher(pattern, 0))
    theirs = re.compile(pattern)
    assert [t for t in hits + misses if bool(theirs.fullmatch(t)) != (t in hits)] == []
    assert [t for t in hits if not Matcher(program, t.encode()).matches()] == []
    assert [t for t in misses if Matcher(program, t.encode()).matches()] == []


@pytest.mark.parametrize(
    ("pattern", "position", "what"),
    [
        (r"(a)\1", 3, "back-reference"),
        (r"[\1]\\(?P<n>a)(?P=n)", 14, "back-reference"),
        ("(a)?(?(1)b|c)", 4, "whether a group matched"),
    ],
)
def test_refusals_by_name(pattern: str, position: int, what: str) -> None:
    with pytest.raises(UnsupportedPattern, match=what) as refused:
        parse(pattern)
    assert refused.value.position == position


@pytest.mark.parametrize(
    ("pattern", "line", "column"),
    [("(", 1, 1), ("a\n[z-a]", 2, 2), ("a**", 1, 3), ("(?<=a*)b", 1, 1), ("\\", 1, 1)],
)
def test_faults_by_place(pattern: str, line: int, column: int) -> None:
    with pytest.raises(GrammarSyntaxError) as fault:
        parse(pattern)
    assert (fault.value.line, fault.value.column) == (line, column)


@pytest.mark.parametrize(
    "pattern",
    [
        "a" * 300_000,
        "(" * 5_000 + ")" * 5_000,
        "a{4294967294}",
    ],
)
def test_budgets(pattern: str) -> None:
    with pytest.raises(CompileBudgetExceeded):
        parse(pattern)
