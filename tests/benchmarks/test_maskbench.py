"""The benchmark as it is started: by its path, from anywhere, on a damaged archive."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

from benchmarks.masks.records import read

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "maskbench.py"


def test_it_runs_by_its_path_and_measures_what_a_damaged_archive_still_holds(
    tmp_path: Path,
) -> None:
    case = {"schema": {"type": "integer"}, "tests": [{"valid": True, "data": 12}]}
    content = json.dumps(case).encode()
    packed = tmp_path / "cases.tar"
    with tarfile.open(packed, "w") as tar:
        for name in ("a.json", "b.json"):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    packed.write_bytes(packed.read_bytes()[: 512 * 3 + 10])  # within the content of the second
    done = subprocess.run(
        [sys.executable, SCRIPT, packed, "--engines=grammarlib", "--vocabulary=bytes", "--out=out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "cases.tar is left out: damaged after 1 files" in done.stderr
    assert "# MaskBench" in done.stdout
    run, records = read(tmp_path / "out" / "records.jsonl")
    assert [(r.engine, r.case, r.outcome) for r in records] == [("grammarlib", "a", "ok")]
    assert run["vocabulary"] == "bytes, 257 ids"
