"""Reports: the figures in the tables are those of the records."""

from __future__ import annotations

from typing import Any

from benchmarks.masks.records import OUTCOMES, Played, Record
from benchmarks.masks.report import report

RUN: dict[str, Any] = {
    "data": "cases: 3 schemas",
    "jobs": 1,
    "engines": {
        "ours": {"version": "1", "notes": ["property order: any"], "seconds": 2.0, "clock_ns": 70},
        "theirs": {"version": "2", "notes": ["declared"], "seconds": 3.0, "clock_ns": 70},
    },
    "absent": {"third": "not installed: No module named 'third'"},
}


def passed(engine: str, case: str, us: int) -> Record:
    """A case of two tokens, of which the second is a first visit and twice as slow."""
    played = Played(True, True, [us * 1000, 2 * us * 1000], [us * 1000] * 2, [1], [70])
    return Record(engine, case, "ok", "", us * 4000, us * 5000, [played, Played(False)])


RECORDS = [
    passed("ours", "a", 10),
    passed("ours", "b", 30),
    Record("ours", "c", "refused", "not: no|t yet"),
    passed("theirs", "a", 20),
    Record("theirs", "b", "false accept", "", 1000, 1000, [Played(False, True, [1], [1])]),
    Record("theirs", "c", "crash", "signal SIGSEGV"),
]


def rows(text: str, section: str) -> dict[str, list[str]]:
    """The rows of the first table of a section, by their first cell."""
    body = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    table = [line for line in body.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]
    return {row[0]: row[1:] for row in cells}


def test_every_outcome_is_counted() -> None:
    found = rows(report(RUN, RECORDS), "Verdicts")
    for outcome in OUTCOMES:
        counts = [
            str(sum(r.engine == name and r.outcome == outcome for r in RECORDS))
            for name in ("ours", "theirs")
        ]
        assert found[outcome][1:] == counts
    assert found["schemas"][1:] == ["3", "3"]
    assert found["valid accepted"][1:] == ["2 of 2", "1 of 1"]
    assert found["invalid rejected"][1:] == ["2 of 2", "1 of 2"]


def test_times_of_an_engine_are_of_what_it_passes() -> None:
    found = rows(report(RUN, RECORDS), "Times, µs")
    assert found["TTFM ours"] == ["2", "100", "50.0", "150", "150", "150", "150"]
    assert found["TBM ours"] == ["4", "50.0", "30.0", "90.0", "90.0", "90.0", "90.0"]
    assert found["TBM theirs"][0] == "2"


def test_ratios_are_of_what_both_pass() -> None:
    text = report(RUN, RECORDS)
    found = rows(text, "ours and theirs")
    assert "On the 1 schemas that both pass" in text
    assert found["TBM ours"] == ["25.0", "20.0", "30.0", "30.0", "30.0", "30.0"]
    assert found["TBM ratio"] == found["TTFM ratio"] == ["2.00×"] * 6


def test_where_time_goes_splits_first_visits_hits_and_commits() -> None:
    found = rows(report(RUN, RECORDS), "Where the time of ours goes")
    assert found["masks, first visit"][:4] == ["2", "50.0%", "40.0%", "40.0"]
    assert found["masks, cache hit"][:4] == ["2", "50.0%", "20.0%", "20.0"]
    assert found["commits"][:4] == ["4", "–", "40.0%", "20.0"]
    assert found["nodes walked, first visit"][:4] == ["2", "–", "–", "70.0"]


def test_reasons_and_slowest_are_named() -> None:
    text = report(RUN, RECORDS)
    assert rows(text, "ours: why not")["refused"] == ["not: no\\|t yet", "c", "1"]
    assert rows(text, "theirs: why not")["crash"] == ["signal SIGSEGV", "c", "1"]
    slowest = rows(text, "ours: slowest")
    assert slowest["b"] == ["instance 0, token 0, commit", "30.0"]  # the last of its rows
    assert "first mask, of it compiling 120" in text


def test_what_was_not_measured_is_said() -> None:
    text = report(RUN, RECORDS)
    assert "- third was not measured: not installed" in text
    assert "- ours 1, built in 2.0 s; property order: any; the clock adds 70 ns" in text
    assert "Nothing was measured." in report({}, [])
    alone = report(RUN, [Record("ours", "a", "time-out", "60 s")])
    assert rows(alone, "Times, µs")["TBM ours"] == ["0", *["–"] * 6]
    nothing = report(RUN, [Record("ours", "a", "not run"), Record("theirs", "a", "ok")])
    assert "On the 0 schemas that both pass" in nothing
