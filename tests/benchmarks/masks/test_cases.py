"""Reading cases: what is whole is read, what is not is named, and neither stops the other."""

from __future__ import annotations

import io
import json
import random
import tarfile
from pathlib import Path

import pytest

from benchmarks.masks.cases import Case, Problem, parse, read, select

GOOD = {"schema": {"type": "integer"}, "tests": [{"valid": True, "data": 1}]}


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:xz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def test_folder_and_archive_hold_the_same_cases(tmp_path: Path) -> None:
    files = {f"data/{name}.json": json.dumps(GOOD).encode() for name in "bca"}
    files["data/README.md"] = b"no case"
    packed = archive(tmp_path / "cases.tar.xz", files)
    (tmp_path / "data").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    from_archive, from_folder = read(packed), read(tmp_path / "data")
    assert from_archive == from_folder
    assert list(from_archive[0]) == ["a", "b", "c"]
    assert from_archive[1] == []


def test_an_entry_that_is_no_file_keeps_no_other_away(tmp_path: Path) -> None:
    for name in "ace":
        (tmp_path / f"{name}.json").write_bytes(json.dumps(GOOD).encode())
    (tmp_path / "b.json").symlink_to("nowhere")
    (tmp_path / "d.json").mkdir()
    files, problems = read(tmp_path)
    assert list(files) == ["a", "c", "e"]
    assert sorted(problem.name for problem in problems) == ["b", "d"]
    assert all("Error: " in problem.reason for problem in problems)


def test_an_archive_that_ends_early_keeps_what_came_before(tmp_path: Path) -> None:
    noise = random.Random(0).randbytes(200_000)
    files = {"x/a.json": b"{}", "x/b.json": noise, "x/c.json": b"{}"}
    packed = archive(tmp_path / "cases.tar.xz", files)
    packed.write_bytes(packed.read_bytes()[:150_000])
    kept, problems = read(packed)
    assert kept == {"a": b"{}"}
    assert [(problem.name, "after 1 files" in problem.reason) for problem in problems] == [
        ("cases.tar.xz", True)
    ]


@pytest.mark.parametrize("content", [b"", b"nothing like an archive" * 99])
def test_what_is_no_archive_is_a_problem(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cases.tar.xz"
    path.write_bytes(content)
    files, problems = read(path)
    assert (files, len(problems)) == ({}, 1)


def test_no_data_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="absent"):
        read(tmp_path / "absent")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"[" * 100_000, "too deeply"),
        (b"[]", "form"),
        (b'{"tests": []}', "'schema'"),
        (b'{"schema": {}}', "'tests'"),
        (b'{"schema": 3, "tests": []}', "schema is a int"),
        (b'{"schema": {}, "tests": [{"valid": 1, "data": 1}]}', "neither true nor false"),
        (b'{"schema": {}, "tests": [{"valid": true}]}', "'data'"),
        (b'{"schema": {}, "tests": 7}', "form"),
        (b'{"schema": {"const": NaN}, "tests": []}', "NaN"),
        (b'{"schema": {"const": 1e999}, "tests": []}', "not JSON"),
        (b'{"schema": {}, "tests": [{"valid": true, "data": "\\ud800"}]}', "surrogate"),
    ],
)
def test_files_that_are_no_cases_say_why(content: bytes, reason: str) -> None:
    problem = parse("name", content)
    assert isinstance(problem, Problem)
    assert problem.name == "name"
    assert reason in problem.reason


@pytest.mark.parametrize("indent", [None, 2])
def test_instances_are_spelled_as_json_dumps_does(indent: int | None) -> None:
    data = {"é": [1, 1.5, None], "b": "☃"}
    content = json.dumps({"schema": True, "tests": [{"valid": False, "data": data}]}).encode()
    case = parse("name", content, indent)
    assert isinstance(case, Case)
    assert case.schema == "true"
    assert case.instances[0].text == json.dumps(data, ensure_ascii=False, indent=indent)
    assert "☃" in case.instances[0].text
    assert not case.instances[0].valid


def test_samples_are_drawn_by_their_seed() -> None:
    files = {f"{i:03}": b"" for i in range(100)}
    drawn = select(files, None, 20, 7)
    assert list(drawn) == sorted(drawn)
    assert len(drawn) == 20
    assert drawn == select(files, None, 20, 7) != select(files, None, 20, 8)
    assert list(select(files, 3, None, 0)) == ["000", "001", "002"]
    assert list(select(files, 3, 20, 7)) == list(drawn)[:3]
    assert select(files, None, 1000, 0) == files
