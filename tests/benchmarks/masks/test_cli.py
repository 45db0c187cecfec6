"""The command line: what is broken or missing is said, and the rest is measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.masks.cli import main
from benchmarks.masks.records import read
from tests.benchmarks.masks.fake_engines import HERE

ENGINES = {
    "one": f"{HERE}:Engine",
    "absent": "no_such_engine:Engine",
    "dead": f"{HERE}:DeadAtStart",
    "two": f"{HERE}:Silent",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two good cases, one that crashes engines, and two files that are no cases."""
    folder = tmp_path / "data"
    folder.mkdir()
    good = {"schema": {"texts": ["1"]}, "tests": [{"valid": True, "data": 1}]}
    crash = {"schema": {"do": "crash"}, "tests": []}
    for name, case in {"a": good, "b": crash, "c": good, "d": {}}.items():
        (folder / f"{name}.json").write_text(json.dumps(case))
    (folder / "e.json").write_text("{")
    return folder


def test_the_rest_goes_on(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main([str(data), "--vocabulary=bytes", f"--out={out}"], ENGINES) == 0
    said = capsys.readouterr()
    for words in (
        "d is left out: no key 'schema'",
        "e is left out: not JSON",
        "absent is left out: not installed",
        "dead is left out: signal SIGSEGV",
    ):
        assert words in said.err
    run, records = read(out / "records.jsonl")
    assert {(r.engine, r.case): r.outcome for r in records} == {
        (engine, case): outcome
        for engine in ("one", "two")
        for case, outcome in (("a", "ok"), ("b", "crash"), ("c", "ok"))
    }
    assert run["data"] == "data: 3 schemas, 2 problems"
    assert list(run["engines"]) == ["one", "two"]
    assert said.out.strip() == (out / "report.md").read_text().strip()
    (out / "report.md").unlink()
    assert main([f"--report={out / 'records.jsonl'}"]) == 0
    assert capsys.readouterr().out == said.out


def test_extras_that_are_missing_are_said(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    arguments = [str(data), "--limit=1", "--vocabulary=bytes", f"--out={tmp_path / 'out'}"]
    assert main(arguments, {"one": ENGINES["one"]}) == 0
    said = capsys.readouterr().err
    assert "no progress bar: tqdm is not installed" in said
    assert "no plot: " in said


@pytest.mark.parametrize("engine", ["absent", "dead"])
def test_without_any_engine_nothing_is_measured(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    arguments = [str(data), "--vocabulary=bytes", f"--out={tmp_path / 'out'}"]
    assert main(arguments, {engine: ENGINES[engine]}) == 2
    assert "nothing was measured" in capsys.readouterr().err


def test_without_data_nothing_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nowhere"), f"--out={tmp_path}"], ENGINES) == 2
    assert "there is no folder or archive" in capsys.readouterr().err
    assert main([f"--report={tmp_path / 'nothing.jsonl'}"]) == 2


@pytest.mark.parametrize(
    "argument",
    ["--engines=grammarlib,other", "--jobs=0", "--limit=-1", "--property-order=none", "--clock=x"],
)
def test_bad_options_are_refused(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([argument])
    assert argument.partition("=")[0] in capsys.readouterr().err
