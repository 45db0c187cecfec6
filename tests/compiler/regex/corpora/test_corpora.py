"""Patterns that people have written mean what Python's ``re``, or Node's RegExp, makes of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import islice

import pytest

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes
from tests.compiler.regex.corpora import judges
from tests.compiler.regex.corpora.compare import (
    ACCEPTED,
    DIALECTS,
    LENGTHS,
    TEXTS,
    Counts,
    Dialect,
    compare,
)
from tests.compiler.regex.corpora.judges import Judge
from tests.compiler.regex.corpora.patterns import CORPORA, Written, in_source, library
from tests.compiler.regex.corpora.texts import Members, derived, edited, masked

SAMPLE = [
    Written(r"\b((http|https|ftp)://\S+[\w/]|RFC[- ]?(\d+)|PEP[- ]?(\d+)|(self\.)?(\w+))", 0),
    Written(r"^(\s*def\s)|(\s*async\s+def\s)|(.*(?<!\w)lambda(:|\s))|^(\s*@)", 0),
    Written(r"^(.?[<>=^])?[+ -]?#?0?(\d+|{\w+})?[,_]?(\.(\d+|{\w+}))?[bcdefgnosx%]?$", re.I),
    Written("\n    [ \\t]*\n    (?: \\# \\S .* )?\n    \\n\n", re.VERBOSE),
    Written(r"(^[ \t]*)(?:[^ \t\n])", re.M),
    Written(r"^([ ]*)(?=\S)", re.M),
    Written(r"([a-zA-Z][^\t\n\r\f />\x00]*)(?:\s|/(?!>))*", 0),
    Written(r"(?i)^\s*([a-z_]\w*(?:\.[a-z_]\w*)*)(.*)", re.A),
    Written("<assemblyIdentity.*?name=(?:\"|')(.+?)(?:\"|').*?(?:/>|</assemblyIdentity>)", re.S),
    Written("a(?>bc|b)c", 0),
    Written("a(?:b|(c|e){1,2}?|d)+?(.)", 0),
    Written("À", re.I),
    Written(r"^(?!.*://)(?=.{1,255}$)((.{1,63}\.){1,127}(?![0-9]*$)[a-z0-9-]+\.?)$", 0),
    Written(r"^$|(^(?:\S+\s+){0,19}\S+$)", 0),
    Written(r"^(?=[^=]+$)(?!\s+$)(.|\n)+$", 0),
    Written(r"^(https?://|/?.?-?(?!\w+://)\w).+\.ya?ml$", 0),
    Written(r"^(?!^lucene\.|builtin\.|mongodb\.).*", 0),
    Written(r"^[a-z](?:[_\.\- ]?[a-z0-9]+)*$", 0),
    Written(r"(?<=\()\w*\,?\s*", 0),
    Written("^(?:red|green)$", 0),
]


REFUSED = {"back-reference", "choice by whether a group matched"}
# Over a budget today, by dialect, corpus and search; the list only gets shorter. The one pattern is
# a verbose one of Python's, which ECMA-262 reads with its blanks and comments.
OVER: dict[tuple[str, str, bool], int] = {("ecma", "standard library", True): 1}


@pytest.mark.parametrize("search", [False, True])
def test_a_sample(search: bool) -> None:
    with judges.python() as judge:
        counts = compare(SAMPLE, "python", judge, search=search)
    assert counts.patterns == counts.compiled == len(SAMPLE)
    check(counts)
    assert counts.texts == TEXTS * len(SAMPLE)
    assert counts.accepted > ACCEPTED * (len(SAMPLE) - counts.few - counts.empty)


@pytest.mark.exhaustive
@pytest.mark.parametrize("search", [False, True])
@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_pattern(dialect: Dialect, corpus: str, search: bool) -> None:
    patterns = CORPORA[corpus]()
    if not patterns:
        pytest.skip(f"the patterns of {corpus} are not installed")
    judge = judges.python() if dialect == "python" else judges.node()
    if judge is None:
        pytest.skip("Node is not installed")
    with judge:
        counts = compare(patterns, dialect, judge, search=search)
    check(counts)
    assert counts.patterns > len(patterns) // 2
    others = sum(number for reason, number in counts.refused.items() if reason not in REFUSED)
    assert others <= OVER.get((dialect, corpus, search), 0)


def check(counts: Counts) -> None:
    assert counts.differing == []
    assert counts.lacking == []
    assert counts.unjudged == []
    assert counts.texts == TEXTS * counts.compiled


# -- what would be seen ---------------------------------------------------------------------------


class Mistaken(Judge):
    """Judges another pattern."""

    def verdicts(
        self, pattern: str, flags: int | str, search: bool, texts: list[str]
    ) -> list[bool] | None:
        return super().verdicts(pattern.replace("+", "*"), flags, search, texts)


def test_a_disagreement_is_seen() -> None:
    written = Written("[a-z]+", 0)
    with Mistaken(judges.python_command()) as judge:
        counts = compare([written], "python", judge, search=False)
    assert (written, "", True) in counts.differing


def test_what_is_refused_is_counted_and_what_is_malformed_is_not() -> None:
    corpus = [Written(pattern, 0) for pattern in ("(", r"(a)\1", "(a)?(?(1)b|c)", "(?!)", "a{3}")]
    with judges.python() as judge:
        counts = compare(corpus, "python", judge, search=False)
    check(counts)
    assert (counts.malformed, counts.patterns, counts.compiled) == (1, 4, 2)
    assert counts.refused == {"back-reference": 1, "choice by whether a group matched": 1}
    assert (counts.empty, counts.few, counts.accepted) == (1, 1, 1)


@pytest.mark.parametrize(
    ("start", "lines"), [(judges.python, int(re.M)), (judges.node, "m")], ids=["re", "node"]
)
def test_judges_answer(start: Callable[[], Judge | None], lines: int | str) -> None:
    judge = start()
    if judge is None:
        pytest.skip("Node is not installed")
    with judge:
        texts = ["aa", "é😀", "ba", "é"]
        assert judge.verdicts("a+|é😀", lines, False, texts) == [True, True, False, False]
        assert judge.verdicts("", lines, False, ["", "😀"]) == [True, False]
        assert judge.verdicts("(", lines, True, ["("]) is None
        assert judge.verdicts("^a$", lines, False, ["a", "a\nb", "b\na"]) == [True, False, False]
        assert judge.verdicts("^a$", lines, True, ["a", "a\nb", "b\nab"]) == [True, True, False]


def test_a_judge_that_goes_on_is_stopped_and_started_again() -> None:
    with Judge(judges.python_command(), 1.0) as judge:
        with pytest.raises(TimeoutError):
            judge.verdicts("(a*)*b", 0, False, ["a" * 60])
        assert judge.verdicts("(a*)*b", 0, False, ["aab"]) == [True]


class Slow(Judge):
    """Comes to no end on texts that are not short."""

    def verdicts(
        self, pattern: str, flags: int | str, search: bool, texts: list[str]
    ) -> list[bool] | None:
        if any(len(text) > LENGTHS[-1] for text in texts):
            raise TimeoutError
        return super().verdicts(pattern, flags, search, texts)


def test_where_a_judge_takes_for_ever_it_is_asked_about_short_texts() -> None:
    corpus = [Written("([a-z]+-?)+[0-9]", 0), Written("a{20}", 0)]
    with Slow(judges.python_command()) as judge:
        counts = compare(corpus, "python", judge, search=False)
    assert counts.differing == []
    assert (counts.texts, counts.lacking) == (2 * TEXTS, [corpus[1]])


# -- patterns and texts ---------------------------------------------------------------------------


def test_literals_of_a_source() -> None:
    source = r"""
import re, re as regex
re.compile("a" "b")
regex.compile(r"\d" + "c", flags=re.I | regex.VERBOSE)
re.compile("d", 8), re.compile(pattern="e")
re.compile(b"bytes"), re.compile(f"{f}"), re.compile(name), re.compile("g", flags), compile("h")
re.match("i", "j"), other.compile("k")
"""
    found = sorted(in_source(source))
    assert found == [("\\dc", re.I | re.X), ("ab", 0), ("d", re.M), ("e", 0)]
    assert Written("", re.I | re.X | re.S).letters == "is"


def test_the_standard_library_has_patterns() -> None:
    assert len(library()) > 100
    assert (
        Written(r"%(?:\((?P<key>.*?)\))?(?P<modifiers>[-#0-9 +*.hlL]*?)[eEfFgGdiouxXcrs%]", 0)
        in library()
    )


@pytest.mark.parametrize(
    ("pattern", "number"),
    [(r"(a|bc){2,5}\d+", 100), ("x*", 50), ("[^a]{3}", 100), ("(?:ab)?(?i:k)", 6)],
)
def test_texts_inside_and_beside(pattern: str, number: int) -> None:
    chance = random.Random(pattern)
    grammar = gl.Regex(pattern)
    members = Members(grammar)
    compiled = gl.compile(grammar, single_bytes())
    inside = [members.walked(chance) for _ in range(50)] + members.shortest(50)
    inside += [text for _ in range(50) if (text := masked(compiled, chance)) is not None]
    inside += islice(derived(pattern, 0, False, chance), 50)
    assert [text for text in inside if not re.fullmatch(pattern, text)] == []
    assert len(set(inside)) >= number
    beside = list(islice(edited(inside, "", chance), 50))
    assert any(not re.fullmatch(pattern, text) for text in beside)
    found = list(islice(derived(pattern, 0, True, chance), 50))
    assert [text for text in found if not re.search(pattern, text)] == []
    assert set(found) - set(inside)


def test_the_shortest_are_all_where_there_are_few() -> None:
    assert sorted(Members(gl.Regex("a?b?")).shortest(30)) == ["", "a", "ab", "b"]
