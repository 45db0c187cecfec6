"""A short run finds nothing; a planted bug of each kind is found, named, saved and seen again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import __main__ as command
from tests.fuzz.case import Case, Finding
from tests.fuzz.driver import Limits, Run
from tests.fuzz.laws import attempt


def test_a_short_run_finds_nothing() -> None:
    said: list[str] = []
    run = Run(20, ("schema", "pattern", "stream", "calls"), say=said.append)
    run.go(cases=120)
    assert not run.found, "\n".join(said)
    assert run.cases == 120
    for reached in ("compiled", "texts", "valid instances", "judged documents", "taken", "refused"):
        assert run.counts[reached] > 5, reached


def test_a_short_run_over_the_tools_finds_nothing() -> None:
    said: list[str] = []
    run = Run(20, ("tools",), say=said.append)
    run.go(cases=12)
    assert not run.found, "\n".join(said)
    assert run.cases == 12


@pytest.mark.parametrize(
    ("plant", "cases", "law"),
    [
        ("accident", 20, "raised KeyError, at compiler/compile.py"),
        ("mask_bit", 60, "a mask's bit is acceptance"),
        ("dead_end", 20, "no dead ends"),
        ("trailing_comma", 20, "texts are JSON"),
        ("no_lengths", 200, "texts are valid"),
        ("off_by_one", 200, "valid instances are accepted"),
        ("hang", 2, "too much processor time, at compiler/compile.py"),
        ("crash", 10, "the process died of SIGSEGV, at compiler/compile.py"),
        ("growth", 2, "raised MemoryError, at compiler/compile.py"),
    ],
)
def test_a_planted_bug_is_found(plant: str, cases: int, law: str, tmp_path: Path) -> None:
    said: list[str] = []
    # A machine that is busy may take long over much memory.
    limits = Limits(cpu=1 if plant == "hang" else 20, memory=1 << 30)
    run = Run(0, ("schema",), limits, plant=plant, folder=tmp_path, say=said.append)
    run.go(cases=cases)
    assert law in {found.law.split(":")[0] for found in run.found}
    found = run.found[0]
    assert found.command == f"python -m tests.fuzz --kind schema --seed 0 --case {found.number}"
    assert found.command in said[0]
    saved = (tmp_path / f"schema-0-{found.number}.txt").read_text()
    assert found.command in saved
    assert any(line.startswith("schema: ") for line in saved.splitlines())


def test_the_same_name_draws_the_same() -> None:
    draws = [[Case("schema", 1, 2).random.random() for _ in range(3)] for _ in range(2)]
    assert draws[0] == draws[1]
    assert Case("schema", 1, 3).random.random() != Case("schema", 1, 2).random.random()


def test_a_case_can_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fuzz.targets import TARGETS

    def broken(case: Case) -> None:
        raise Finding("planted", str(case.random.random()))

    monkeypatch.setitem(TARGETS, "calls", broken)
    arguments = ["fuzz", "--kind", "calls", "--seed", "3", "--case", "4"]
    monkeypatch.setattr("sys.argv", arguments)
    assert command.main() == 1
    monkeypatch.setitem(TARGETS, "calls", lambda case: None)
    assert command.main() == 0


@pytest.mark.parametrize(
    "raised",
    [
        AttributeError("x"),
        KeyError("x"),
        OverflowError("x"),
        RecursionError("x"),
        BaseException("panicked"),
        ValueError(""),
        ValueError("x" * 5000),
        TypeError("\ud800"),
    ],
)
def test_what_is_no_refusal_is_a_finding(raised: BaseException) -> None:
    def call() -> None:
        raise raised

    with pytest.raises(Finding):
        attempt(Case("calls", 0, 0), call)
