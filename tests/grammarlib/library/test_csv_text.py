"""CSV against a reader of RFC 4180, character by character, and Python's ``csv``."""

from __future__ import annotations

import csv
import io
import random

import pytest

import grammarlib as gl
from tests.grammarlib.library.judging import judged, takes


def records(text: str, delimiter: str, line_end: str) -> list[list[str]] | None:
    """The records of a text; ``None`` where it is no CSV."""
    found: list[list[str]] = []
    at = 0
    while at < len(text):
        record: list[str] = []
        while True:
            field = ""
            if text[at : at + 1] == '"':
                at += 1
                while text[at : at + 1] != '"' or text[at : at + 2] == '""':
                    c = text[at : at + 1]
                    if not c or (c not in "\t\r\n" and (ord(c) < 32 or ord(c) == 127)):
                        return None
                    at += 1 + (c == '"')
                    field += c
                at += 1
            else:
                while (
                    at < len(text) and text[at] != delimiter and not text.startswith(line_end, at)
                ):
                    c = text[at]
                    if c == '"' or ord(c) < 32 or ord(c) == 127:
                        return None
                    field += c
                    at += 1
            record.append(field)
            if text[at : at + 1] != delimiter:
                break
            at += 1
        found.append(record)
        if at < len(text):
            if not text.startswith(line_end, at):
                return None
            at += len(line_end)
    return found


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
@pytest.mark.parametrize("columns", [None, 2, 3])
def test_against_a_reader(columns: int | None, line_end: str) -> None:
    def judge(text: str) -> bool:
        read = records(text, ";", line_end)
        return read is not None and (columns is None or all(len(r) == columns for r in read))

    grammar = gl.library.csv(columns, delimiter=";", line_end=line_end)
    judged(grammar, judge, 40, 40)


def test_against_python() -> None:
    def judge(text: str) -> bool:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        return rows[0] == ["a", 'say "b"', "c,d"] and all(len(row) == 3 for row in rows)

    judged(gl.library.csv(["a", 'say "b"', "c,d"]), judge, 60)


def test_what_python_writes_is_taken() -> None:
    chance = random.Random(1)
    for _ in range(100):
        rows = [
            ["".join(chance.choices('ab ,"\né', k=chance.randint(0, 4))) for _ in range(3)]
            for _ in range(chance.randint(0, 4))
        ]
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        assert takes(gl.library.csv(3), out.getvalue()), out.getvalue()


def test_the_number_of_records() -> None:
    for columns, texts in [(1, ["a", "a\n"]), (["n"], ["n\na", "n\na\n"])]:
        grammar = gl.library.csv(columns, line_end="\n", min=1, max=1)  # type: ignore[arg-type]
        assert all(takes(grammar, text) for text in texts)
        assert not takes(grammar, texts[0] + "\nb")
    assert takes(gl.library.csv(["n"], max=0), "n")


@pytest.mark.parametrize(
    ("columns", "options", "error"),
    [
        ("ab", {}, TypeError),
        (2.5, {}, TypeError),
        (0, {}, ValueError),
        ([], {}, ValueError),
        (["a", "a"], {}, ValueError),
        (["a\n"], {}, ValueError),
        (2, {"delimiter": '"'}, ValueError),
        (2, {"delimiter": ",,"}, ValueError),
        (2, {"delimiter": 1}, TypeError),
        (2, {"line_end": "\r"}, ValueError),
        (2, {"min": 2, "max": 1}, ValueError),
    ],
)
def test_what_is_refused(columns: object, options: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        gl.library.csv(columns, **options)  # type: ignore[arg-type]
