"""A process that runs one engine, one schema at a time, and is replaced when it dies or hangs.

Processes are spawned, not forked: engines bring threads, and nothing of one engine may be loaded
beside another. What an engine writes to its standard streams goes to a log file, whose last line
is the detail of a crash. Memory is bounded as address space beyond what the engine took to start,
because libraries reserve space that they never touch.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.masks.engines.base import EngineType, Options
from benchmarks.masks.play import CLOCKS, Task, play, read_cost, warm_up
from benchmarks.masks.records import Record
from benchmarks.masks.vocabularies import Tokens

__all__ = ["Limits", "Ready", "StartFailed", "Worker"]

_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for a start and for a schema, bytes beyond the start (``None``: no bound), and how
    many starts may fail in a row before the engine is given up."""

    start: float = 180.0
    case: float = 60.0
    memory: int | None = None
    starts: int = 3


@dataclass(frozen=True, slots=True)
class Ready:
    """What an engine says of itself once it is built."""

    version: str
    notes: tuple[str, ...]
    seconds: float
    clock_ns: int
    """What reading the clock adds to every time."""


class StartFailed(Exception):
    """The engine is not there, or died while it was built; the message says which."""


class Worker:
    """The parent's side.

    Parameters
    ----------
    name, source : str
        The engine, and where it is imported from, as ``"module:class"``.
    tokens : Tokens
    options : Options
    limits : Limits
    log : pathlib.Path
        Where the engine's output goes.
    """

    def __init__(
        self, name: str, source: str, tokens: Tokens, options: Options, limits: Limits, log: Path
    ) -> None:
        self.name = name
        self._build = (name, source, tokens, options)
        self._limits = limits
        self._log = log
        self._process: Any = None
        self._connection: Connection | None = None
        self._logged = 0
        self._failures = 0
        self._why = ""

    def start(self) -> Ready:
        """Start the process and build the engine, unless it runs already.

        Raises
        ------
        StartFailed
        """
        self._logged = self._log.stat().st_size if self._log.exists() else 0
        ours, theirs = _SPAWN.Pipe()
        arguments = (theirs, *self._build, self._limits.memory, self._log)
        self._process = _SPAWN.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        self._connection = ours
        answer = self._answer(self._limits.start)
        if isinstance(answer, Ready):
            self._failures = 0
            return answer
        self.stop()
        self._failures += 1
        self._why = f"not ready after {self._limits.start:g} s" if answer is None else str(answer)
        raise StartFailed(self._why)

    def run(self, task: Task) -> Record:
        """Have a case played; a process that is not there is started first."""
        if self._connection is None:
            if self._failures >= self._limits.starts:
                return Record(self.name, task.case, "not run", self._why)
            try:
                self.start()
            except StartFailed as error:
                return Record(self.name, task.case, "not run", str(error))
        assert self._connection is not None
        self._logged = self._log.stat().st_size
        with contextlib.suppress(BrokenPipeError):  # it died idle: what is read next says so
            self._connection.send(task)
        answer = self._answer(self._limits.case)
        if isinstance(answer, Record):
            return answer
        late = answer is None
        self.stop()
        if late:
            detail = f"{self._limits.case:g} s"
            return Record(self.name, task.case, "time-out", detail)
        return Record(self.name, task.case, "crash", str(answer))

    def kill(self) -> None:
        """End the process from another thread: whoever waits for its answer sees it die."""
        process = self._process
        if process is not None:
            process.kill()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None

    def _answer(self, seconds: float) -> Any:
        """What the process sends; a string that says how it died; None when time is up."""
        assert self._connection is not None
        try:
            return self._connection.recv() if self._connection.poll(seconds) else None
        except (EOFError, ConnectionResetError):
            self._process.join()
            return f"{_exit(self._process.exitcode)}{self._last_words()}"

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(max(self._logged, log.seek(0, os.SEEK_END) - 4000))
            lines = log.read().decode(errors="replace").split("\n")
        words = [line.strip() for line in lines if line.strip()]
        return f": {words[-1][:200]}" if words else ""


def _exit(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def _work(
    connection: Connection,
    name: str,
    source: str,
    tokens: Tokens,
    options: Options,
    memory: int | None,
    log: Path,
) -> None:
    """The process: build the engine, then play cases until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    start = time.perf_counter()
    module, _, attribute = source.partition(":")
    try:
        make: EngineType = getattr(importlib.import_module(module), attribute)
        engine = make(tokens, options)
        warm_up(engine)
    except ModuleNotFoundError as error:
        connection.send(f"not installed: {error} (the extra 'bench' brings it)")
        return
    except Exception as error:
        connection.send(f"{type(error).__name__}: {error}")
        return
    if memory is not None:
        _bound_memory(memory)
    clock = CLOCKS[options.clock]
    seconds = time.perf_counter() - start
    connection.send(Ready(engine.version, engine.notes, seconds, read_cost(clock)))
    gc.freeze()  # the engine stays: collecting between cases need not look through it
    with contextlib.suppress(EOFError):
        while True:
            connection.send(play(name, engine, connection.recv(), clock))
            gc.collect()


def _bound_memory(more: int) -> None:
    if sys.platform != "linux":
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    bound = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
