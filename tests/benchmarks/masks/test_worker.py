"""Workers: a crash, a hang or a missing engine costs one answer, and the next case is played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.masks.engines.base import Options
from benchmarks.masks.play import Task
from benchmarks.masks.vocabularies import byte_tokens
from benchmarks.masks.worker import Limits, StartFailed, Worker
from tests.benchmarks.masks.fake_engines import HERE

BYTES = byte_tokens()
GOOD = Task("good", '{"texts": ["a"]}', ((True, (97, BYTES.eos)),))


def made(log: Path, engine: str = "Engine", source: str = HERE, **limits: Any) -> Worker:
    options = Options(property_order=str(log.with_suffix(".marker")))  # type: ignore[arg-type]
    return Worker("fake", f"{source}:{engine}", BYTES, options, Limits(**limits), log)


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """One worker for all tests that leave it usable, which is what they test."""
    worker = made(tmp_path_factory.mktemp("worker") / "log", case=20.0, memory=1 << 30)
    yield worker
    worker.stop()


@pytest.mark.parametrize(
    ("what", "detail"),
    [
        ("crash", "signal SIGSEGV: about to crash"),
        ("panic", "exit code 1: tests.benchmarks.masks.fake_engines.Panic: index out of bounds"),
        ("memory", "exit code 1: MemoryError"),
    ],
)
def test_a_process_that_dies_is_a_crash_and_is_replaced(
    worker: Worker, what: str, detail: str
) -> None:
    record = worker.run(Task("bad", f'{{"do": "{what}"}}', ()))
    assert (record.engine, record.case, record.outcome) == ("fake", "bad", "crash")
    assert record.detail == detail
    assert worker.run(GOOD).outcome == "ok"


def test_a_hang_is_a_timeout_and_the_process_is_replaced(tmp_path: Path) -> None:
    worker = made(tmp_path / "log", case=1.0)
    ready = worker.start()
    assert ready.version == "1.2"
    record = worker.run(Task("slow", '{"then": "hang"}', ()))
    assert (record.outcome, record.detail) == ("time-out", "1 s")
    worker.start()  # apart from the second that a case has
    assert worker.run(GOOD).outcome == "ok"
    worker.stop()


def test_a_process_that_died_idle_is_a_crash_and_is_replaced(worker: Worker) -> None:
    assert worker.run(GOOD).outcome == "ok"
    worker.kill()
    assert worker.run(GOOD).outcome == "crash"
    assert worker.run(GOOD).outcome == "ok"


@pytest.mark.parametrize(
    ("engine", "source", "words"),
    [
        ("Engine", "no_such_engine", "not installed: No module named 'no_such_engine'"),
        ("DeadAtStart", HERE, "signal SIGSEGV: about to crash"),
        ("BrokenAtStart", HERE, "ValueError: no such vocabulary"),
        ("Absent", HERE, "AttributeError"),
    ],
)
def test_an_engine_that_cannot_start_says_why(
    tmp_path: Path, engine: str, source: str, words: str
) -> None:
    worker = made(tmp_path / "log", engine, source)
    with pytest.raises(StartFailed, match=words):
        worker.start()


def test_an_engine_that_takes_too_long_to_start_is_given_up(tmp_path: Path) -> None:
    worker = made(tmp_path / "log", start=0.01)
    with pytest.raises(StartFailed, match=r"not ready after 0\.01 s"):
        worker.start()


def test_an_engine_that_cannot_start_again_is_not_tried_for_ever(tmp_path: Path) -> None:
    worker = made(tmp_path / "log", "DeadAfterwards", starts=2)
    worker.start()
    assert worker.run(GOOD).outcome == "ok"
    worker.kill()
    outcomes = [worker.run(GOOD) for _ in range(4)]
    assert [record.outcome for record in outcomes] == ["crash", "not run", "not run", "not run"]
    assert all("SIGSEGV" in record.detail for record in outcomes[1:])
    log = (tmp_path / "log").read_text()
    assert log.count("about to crash") == 2  # the last case did not start it again
