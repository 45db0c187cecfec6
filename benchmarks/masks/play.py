"""Measures one engine on one schema.

Compiling is timed up to the compiled schema and up to its first mask (TTFM). Then each instance is
played from the start: for each token the mask is filled and, if it allows the token, the token is
committed; both are timed apart (their sum is TBM). The end token is played like any other, so an
instance is accepted exactly if it could have been generated and ended. Looking up the token's bit,
counters, restarts and the cross-check of refused tokens are outside of the timing; so is garbage
collection.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter_ns, process_time_ns
from typing import Final

from benchmarks.masks.engines.base import EmptySchema, Engine, Mask, Refused, Session
from benchmarks.masks.records import Played, Record, outcome_of, wrong_verdict

__all__ = ["CLOCKS", "Clock", "Task", "play", "read_cost", "warm_up"]

Clock = Callable[[], int]
CLOCKS: Final[dict[str, Clock]] = {"wall": perf_counter_ns, "cpu": process_time_ns}


@dataclass(frozen=True, slots=True)
class Task:
    """A case in tokens: for each instance, its label and ids, the end token last."""

    case: str
    schema: str
    instances: tuple[tuple[bool, Sequence[int]], ...]


def read_cost(clock: Clock) -> int:
    """Nanoseconds that pass between two readings of a clock; every time here includes them."""
    return min(-clock() + clock() for _ in range(1000))


def warm_up(engine: Engine) -> None:
    """Compile one schema that has a single text, so that what is imported late is there."""
    engine.compile(engine.prepare('{"const": null}')).fill()


def play(name: str, engine: Engine, task: Task, clock: Clock) -> Record:
    """Compile the schema, play the instances, judge the verdicts.

    Whatever an engine raises becomes an outcome, but for ``MemoryError`` and what is no
    ``Exception`` (a panic of a Rust engine is none): after these the process has to end.
    """
    record = Record(name, task.case, "error")
    schema = engine.prepare(task.schema)
    gc.disable()
    try:
        _play(engine, schema, task, record, clock)
    except Refused as error:
        record.outcome, record.detail = "refused", _line(error)
    except EmptySchema as error:
        contradicted = any(valid for valid, _ in task.instances)
        record.outcome = "false reject" if contradicted else "empty"
        record.detail = _line(error)
    except MemoryError:
        raise
    except Exception as error:
        record.outcome, record.detail = "error", f"{type(error).__name__}: {_line(error)}"
    finally:
        gc.enable()
    return record


def _play(engine: Engine, schema: object, task: Task, record: Record, clock: Clock) -> None:
    start = clock()
    session = engine.compile(schema)
    compiled = clock()
    session.fill()
    end = clock()
    record.compile_ns = compiled - start
    record.first_mask_ns = end - start
    for valid, tokens in task.instances:
        played = Played(valid)
        record.instances.append(played)
        session.restart()
        played.accepted = _play_instance(session, engine.mask[0], tokens, played, clock)
    record.outcome = outcome_of(record.instances)
    record.detail = next((p.disagreement for p in record.instances if p.disagreement), "")
    if record.outcome != "ok" and not record.detail:
        record.detail = wrong_verdict(record.outcome, record.instances)


def _play_instance(
    session: Session, words: Mask, tokens: Sequence[int], played: Played, clock: Clock
) -> bool:
    fill, commit = session.fill, session.commit
    counts = session.counts()
    for at, token in enumerate(tokens):
        start = clock()
        fill()
        end = clock()
        played.fill_ns.append(end - start)
        if counts is not None:
            before, counts = counts, session.counts()
            if counts is not None and counts[1] == before[1]:
                played.first_visits.append(at)
                played.nodes.append(counts[2] - before[2])
        if not int(words[token >> 5]) >> (token & 31) & 1:
            if session.would_commit(token):
                played.disagreement = f"token {at}: the mask forbids {token}, commit would take it"
            return False
        start = clock()
        taken = commit(token)
        end = clock()
        played.commit_ns.append(end - start)
        if not taken:
            played.disagreement = f"token {at}: the mask allows {token}, commit refuses it"
            return False
    return True


def _line(error: Exception) -> str:
    """A message in one line of bounded length."""
    return " ".join(str(error).split())[:200]
