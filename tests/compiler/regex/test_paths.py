"""Patterns as places: what is written out, and its bounds. Automata judge what they mean."""

from __future__ import annotations

import pytest

from grammarlib.compiler.regex.ecma import parse
from grammarlib.compiler.regex.paths import AT_END, AT_START, Paths
from grammarlib.errors import CompileBudgetExceeded


def written(pattern: str) -> Paths:
    paths = Paths()
    paths.write(parse(pattern), paths.place())
    return paths


def test_look_arounds_have_paths_of_their_own() -> None:
    paths = written("a(?=b)(?<!c(?!d))")
    kinds = [(around.behind, around.negated) for around in paths.arounds]
    assert kinds == [(False, False), (False, True), (True, True)]
    steps = {step for silent in paths.silent for step, _ in silent}
    assert {0, 1, 2} <= steps
    assert all(not paths.silent[around.last] for around in paths.arounds)


def test_anchors_are_conditions() -> None:
    steps = {step for silent in written("^a$").silent for step, _ in silent}
    assert {AT_START, AT_END} <= steps


def test_rounds_are_written_out() -> None:
    reading = [to for places in written("(?:ab){2,4}").reading for _, to in places]
    assert len(reading) == 8


def test_places_are_bounded() -> None:
    with pytest.raises(CompileBudgetExceeded, match="places"):
        written("a{5000}")
    with pytest.raises(CompileBudgetExceeded, match="nested"):
        written("(?:a|b" * 80 + ")" * 80)
