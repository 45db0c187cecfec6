"""``benchmarks/memory.py``: reads cases, compares the growth of the process with the bounds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "memory.py"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory from /proc")
def test_it_counts_what_was_compiled(tmp_path: Path) -> None:
    cases = {
        "good": {"schema": {"type": "string"}, "tests": [{"valid": True, "data": "a"}]},
        "refused": {"schema": {"not": {"pattern": "^(a)\\1$"}}, "tests": []},
        "broken": [],
    }
    for name, case in cases.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(case))
    done = run(tmp_path, "--vocabulary", "tekken", "--cache", 8)
    assert done.returncode == 0, done.stderr
    rows = [line.split("|") for line in done.stdout.splitlines() if "|" in line]
    found = {row[1].strip(): row[2].strip() for row in rows}
    assert found["schemas compiled"] == "1"
    assert found["bound of both caches, MiB"] == "16"
    assert "%" in found["of the bound"]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing" in done.stderr
