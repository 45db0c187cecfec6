"""Records: what is written is read, and what is not a record is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.masks.records import (
    OUTCOMES,
    Played,
    Record,
    header_line,
    outcome_of,
    read,
    record_line,
    wrong_verdict,
)

NS = st.integers(0, 2**62)
PLAYED = st.builds(
    Played, st.booleans(), st.booleans(), st.lists(NS), st.lists(NS), st.lists(NS), st.text()
)
RECORDS = st.builds(
    Record,
    st.text(),
    st.text(),
    st.sampled_from(list(OUTCOMES)),
    st.text(),
    st.none() | NS,
    st.none() | NS,
    st.lists(PLAYED, max_size=3),
)


@settings(derandomize=True, max_examples=60)
@given(st.lists(RECORDS, max_size=4))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("records") / "records.jsonl"
    path.write_text(header_line({"jobs": 1}) + "".join(map(record_line, records)))
    assert read(path) == ({"jobs": 1}, records)


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ("", 1),
        ("{}\n", 1),
        (header_line({}) + "[]\n", 2),
        (header_line({}) + record_line(Record("a", "b", "ok")) + "{", 3),
        (header_line({}) + '{"engine": "a", "instances": []}\n', 2),
    ],
)
def test_what_is_no_record_is_named_by_its_line(tmp_path: Path, lines: str, number: int) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(lines)
    with pytest.raises(ValueError, match=f"records.jsonl:{number}: "):
        read(path)


def test_letting_bad_text_through_is_the_worse_outcome() -> None:
    accepts, rejects, right = Played(False, True), Played(True, False), Played(True, True)
    assert outcome_of([right, rejects, accepts]) == "false accept"
    assert outcome_of([rejects, right]) == "false reject"
    assert outcome_of([right]) == outcome_of([]) == "ok"


def test_a_wrong_verdict_says_where() -> None:
    stopped, through = Played(True, False, [1, 1, 1], [1, 1]), Played(False, True, [1], [1])
    played = [Played(True, True), Played(False), stopped, through]
    assert wrong_verdict("false reject", played) == "instance 2 was stopped at token 2"
    assert wrong_verdict("false accept", played) == "instance 3 came through"
