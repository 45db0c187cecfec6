"""Look-arounds mean what trying every position finds, and what a JavaScript engine finds."""

from __future__ import annotations

import json
import subprocess
from shutil import which

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from grammarlib.compiler.regex.automaton import fullmatch_automaton, search_automaton
from grammarlib.compiler.regex.ecma import fullmatch_program, parse, search_program
from grammarlib.compiler.regex.emit import emit
from grammarlib.compiler.regex.program import decode, intersect
from grammarlib.errors import CompileBudgetExceeded
from tests.compiler.json_schema.core import accepts_string, strings
from tests.compiler.regex.arounds import arounds, loops_around
from tests.compiler.regex.patterns import TEXTS
from tests.oracle.regex_positions import Pattern, covers, found, spelled
from tests.oracle.regex_program import Matcher, matches, read

LONGER = [*TEXTS, "abab", "a,ba", "ab,ab", ",,a,b", "aabba"]


def check(pattern: Pattern, search: bytes, whole: bytes) -> None:
    """Judge a pattern's programs: of texts that hold a match, and of those that are one."""
    somewhere, all_of_it = read(search), read(whole)
    for text in LONGER:
        assert Matcher(somewhere, text.encode()).matches() == found(pattern, text), text
        assert Matcher(all_of_it, text.encode()).matches() == covers(pattern, text), text


@settings(derandomize=True, deadline=None, max_examples=600)
@given(arounds())
def test_look_arounds_anywhere(pattern: Pattern) -> None:
    check(pattern, search_program(spelled(pattern)), fullmatch_program(spelled(pattern)))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(loops_around())
def test_look_arounds_beside_choices_in_loops(pattern: Pattern) -> None:
    check(pattern, search_program(spelled(pattern)), fullmatch_program(spelled(pattern)))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(arounds())
def test_every_pattern_has_an_automaton_where_the_algebra_has_a_form_too(pattern: Pattern) -> None:
    node = parse(spelled(pattern))
    check(pattern, emit(search_automaton(node)), emit(fullmatch_automaton(node)))


def test_the_judge_agrees_with_node() -> None:
    node = which("node")
    if node is None:
        pytest.skip("needs node")
    drawn: list[Pattern] = []

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=500,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(arounds())
    def draw(pattern: Pattern) -> None:
        drawn.append(pattern)

    draw()
    script = """
        const [patterns, texts] = JSON.parse(require("fs").readFileSync(0, "utf8"));
        console.log(JSON.stringify(patterns.map((p) => texts.map((t) => RegExp(p, "u").test(t)))));
    """
    done = subprocess.run(
        [node, "-e", script],
        input=json.dumps([[spelled(pattern) for pattern in drawn], LONGER]),
        capture_output=True,
        text=True,
        check=True,
    )
    for pattern, verdicts in zip(drawn, json.loads(done.stdout), strict=True):
        assert [found(pattern, text) for text in LONGER] == verdicts, spelled(pattern)


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        (r"\bfoo\b", ["foo", "a foo.", "(foo)"], ["afoo", "foo_", "fo"]),
        (r"\Bed\b", ["used", "used to"], ["ed", "edit", "usedx"]),
        (r"(?<=\$)\d+(?!\d|%)", ["$1", "costs $12."], ["1", "$1%", "$12%"]),
        (r"(?<!\p{L})é", ["é", "1é", "aé é"], ["aé", "éa".replace("é", "e")]),
        (r"(?<=(?<!b)a)c", ["ac", "xac"], ["bac", "c"]),
        (r"(?<=a(?=bc)b)c", ["abc"], ["abd", "bc"]),
        (r"^(?:(?!--)[a-z-])+\.x$", ["a-b.x"], ["a--b.x", ".x"]),
        (r"^((?!ab).)*b$", ["b", "bb", "bab"[:1] + "b"], ["ab", "bab", "aab"]),
        (r"(?<=^|,)b(?=,|$)", ["b", "a,b", "b,a", "a,b,a"], ["ab", "a,bb", ""]),
        (r"^(?:(?:a|bc?)\b)*$", ["", "a", "b", "bc"], ["aa", "ab", "bca"]),
        (r"^(?:(?:foo|ba+r)\b ?)+$", ["foo", "foo bar", "baar foo "], ["foobar", "foo  bar"]),
        (r"^(?=.{3,5}$)(?:(?!-)[a-z-]{1,3}(?<!-)\.)+$", ["ab.", "a.b."], ["a.", "a-.b.", "abc.d."]),
    ],
)
def test_known_cases(pattern: str, hits: list[str], misses: list[str]) -> None:
    compiled = strings(search_program(pattern))
    assert [text for text in hits if not accepts_string(compiled, text)] == []
    assert [text for text in misses if accepts_string(compiled, text)] == []


def test_what_follows_a_look_behind_keeps_its_counts() -> None:
    for pattern in (r"(?<!a)[a-z]{1,60000}x", r"^[a-z-]{1,63000}(?<!-)$", r"^(?!-)[a-z-]{9,9000}$"):
        assert not any(step.states for step in decode(search_program(pattern)))
    assert matches(search_program(r"(?<!a)b{2,90}x"), "cbbx")


def test_an_automaton_meets_other_languages() -> None:
    pattern = r"^(?:(?!,,)[é,])*\B$"
    assert any(step.states for step in decode(search_program(pattern)))
    compiled = strings(intersect(search_program(pattern), search_program("^.{3}$")))
    assert accepts_string(compiled, "é,é")
    assert not accepts_string(compiled, "é,é,")
    assert not accepts_string(compiled, "é,,")


@pytest.mark.parametrize(
    "pattern",
    [r"(?:\ba{1,5000}\b,?)*x", r"(?:\b(?:a|b)){60}" * 60, "(?<=" * 90 + ")" * 90],
)
def test_budgets(pattern: str) -> None:
    with pytest.raises(CompileBudgetExceeded):
        search_program(pattern)
