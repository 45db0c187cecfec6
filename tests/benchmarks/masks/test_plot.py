"""Plots: a file of the kind that is asked for; a refusal where there is nothing to draw."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.masks.plot import plot
from benchmarks.masks.records import Played, Record

pytest.importorskip("matplotlib", reason="needs the extra 'bench'")


def test_a_plot_names_the_engines_and_the_schemas(tmp_path: Path) -> None:
    played = Played(True, True, list(range(1, 5000)), [7] * 4999)
    records = [Record(engine, "a", "ok", "", 5, 9, [played]) for engine in ("ours", "theirs")]
    path = tmp_path / "times.svg"
    plot(records, path)
    text = path.read_text()
    assert "<svg" in text
    assert all(f"<!-- {name} -->" in text for name in ("ours", "theirs"))
    assert "1 schemas that all engines pass" in text


def test_nothing_in_common_cannot_be_drawn(tmp_path: Path) -> None:
    records = [Record("ours", "a", "ok"), Record("theirs", "b", "ok")]
    with pytest.raises(ValueError, match="no schema is passed by all"):
        plot(records, tmp_path / "times.svg")
    with pytest.raises(ValueError, match="no schema"):
        plot([], tmp_path / "times.svg")
