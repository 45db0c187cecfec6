"""Lanes: every case is played once on every engine that starts, whatever happens to others."""

from __future__ import annotations

import multiprocessing
from contextlib import closing
from pathlib import Path

from benchmarks.masks.cases import Case, Instance
from benchmarks.masks.engines.base import Options
from benchmarks.masks.lanes import Lanes
from benchmarks.masks.vocabularies import byte_tokens
from benchmarks.masks.worker import Limits
from tests.benchmarks.masks.fake_engines import HERE

ENGINES = {
    "one": f"{HERE}:Engine",
    "dead": f"{HERE}:DeadAtStart",
    "two": f"{HERE}:Silent",
}


def lanes(logs: Path, engines: dict[str, str], number: int) -> Lanes:
    return Lanes(engines, byte_tokens(), Options(), Limits(case=20.0), logs, number)


def test_every_case_is_played_once_on_every_engine_that_starts(tmp_path: Path) -> None:
    cases = [
        Case(
            f"case {i}", '{"do": "crash"}' if i == 2 else '{"texts": ["é"]}', (Instance(True, "é"),)
        )
        for i in range(6)
    ]
    played = lanes(tmp_path, ENGINES, 2)
    ready, failed = played.start()
    assert list(ready) == ["one", "two"]
    assert list(failed) == ["dead"]
    records = [record for batch in played.run(cases) for record in batch]
    assert sorted((r.case, r.engine) for r in records) == [
        (case.name, engine) for case in cases for engine in ("one", "two")
    ]
    assert {r.case for r in records if r.outcome != "ok"} == {"case 2"}
    assert not multiprocessing.active_children()


def test_leaving_early_ends_the_processes(tmp_path: Path) -> None:
    cases = [Case(f"case {i}", '{"texts": []}', ()) for i in range(3)]
    cases.append(Case("slow", '{"do": "hang"}', ()))
    played = lanes(tmp_path, {"one": ENGINES["one"]}, 1)
    played.start()
    with closing(played.run(cases)) as outcomes:
        next(outcomes)
    assert not multiprocessing.active_children()
