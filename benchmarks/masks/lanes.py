"""Runs cases on all engines, each engine in a process of its own.

A *lane* is one process for each engine, and a thread that hands them one case at a time, one engine
after the other: within a lane engines never compete for the machine, and they see a case within the
same moments, so that a machine whose load changes is unfair to none. More lanes are for counting
verdicts faster; they share caches and memory bandwidth, which the figures then show.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.masks.cases import Case
from benchmarks.masks.engines.base import Options
from benchmarks.masks.play import Task
from benchmarks.masks.records import Record
from benchmarks.masks.vocabularies import Tokens
from benchmarks.masks.worker import Limits, Ready, StartFailed, Worker

__all__ = ["Lanes"]


class Lanes:
    """Processes that play cases.

    Parameters
    ----------
    engines : dict of str to str
        Where each engine is imported from.
    tokens : Tokens
    options : Options
    limits : Limits
    logs : pathlib.Path
        A folder for what the engines write.
    lanes : int
    """

    def __init__(
        self,
        engines: dict[str, str],
        tokens: Tokens,
        options: Options,
        limits: Limits,
        logs: Path,
        lanes: int = 1,
    ) -> None:
        self._encoding: Any = tokens.encoding()
        self._eos = tokens.eos
        self._stopped = threading.Event()
        self._lanes = [
            {
                name: Worker(name, source, tokens, options, limits, logs / f"{name}-{lane}.log")
                for name, source in engines.items()
            }
            for lane in range(lanes)
        ]

    def start(self) -> tuple[dict[str, Ready], dict[str, str]]:
        """Start the engines; those that cannot be started are left out of what follows.

        Returns
        -------
        ready : dict of str to Ready
        failed : dict of str to str
            Why, by engine.
        """
        ready: dict[str, Ready] = {}
        failed: dict[str, str] = {}
        for name, worker in self._lanes[0].items():
            try:
                ready[name] = worker.start()
            except StartFailed as error:
                failed[name] = str(error)
        for lane in self._lanes:
            for name in failed:
                del lane[name]
        return ready, failed

    def run(self, cases: Sequence[Case]) -> Generator[list[Record], None, None]:
        """Play all cases; yields what became of each, in the order in which they are done.

        Closing the iterator, or an exception in its consumer, ends the processes.
        """
        todo: queue.SimpleQueue[Case] = queue.SimpleQueue()
        done: queue.SimpleQueue[list[Record] | BaseException] = queue.SimpleQueue()
        for case in cases:
            todo.put(case)
        threads = [
            threading.Thread(target=self._drive, args=(lane, todo, done), daemon=True)
            for lane in self._lanes
        ]
        try:
            for thread in threads:
                thread.start()
            for _ in cases:
                outcome = done.get()
                if isinstance(outcome, BaseException):
                    raise outcome
                yield outcome
        finally:
            self.stop()
            for thread in threads:
                thread.join()

    def stop(self) -> None:
        """End all processes."""
        self._stopped.set()
        for lane in self._lanes:
            for worker in lane.values():
                worker.kill()

    def _drive(
        self,
        lane: dict[str, Worker],
        todo: queue.SimpleQueue[Case],
        done: queue.SimpleQueue[list[Record] | BaseException],
    ) -> None:
        try:
            while not self._stopped.is_set():
                done.put(self._play(lane, todo.get_nowait()))
        except queue.Empty:
            pass
        except BaseException as error:  # a fault of the benchmark's own, for the consumer to raise
            done.put(error)
        finally:
            for worker in lane.values():
                worker.stop()

    def _play(self, lane: dict[str, Worker], case: Case) -> list[Record]:
        instances = tuple(
            (one.valid, (*self._encoding.encode_ordinary(one.text), self._eos))
            for one in case.instances
        )
        task = Task(case.name, case.schema, instances)
        records = []
        for worker in lane.values():
            if self._stopped.is_set():
                break
            records.append(worker.run(task))
        return records
