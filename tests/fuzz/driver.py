"""Runs cases in a process that may die, and keeps what is found.

Cases are run in blocks, a fresh process for each, so that memory that leaks shows against the bound
and an accident costs one block's start. A process that dies is a finding of the case it was in.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Found", "Limits", "Run"]

_ROOT = Path(__file__).resolve().parents[2]
_SILENCE = 600  # seconds between two words of how it goes
_MOST_OF_ONE = 3  # findings of one law and place that are kept


@dataclass(frozen=True)
class Limits:
    """What one case may take, and how many share a process."""

    cpu: float = 20.0
    memory: int = 6 << 30
    silence: float = 900.0  # wall clock without a word: a deadlock, or a machine that is very busy
    block: int = 1000


@dataclass(frozen=True)
class Found:
    """A finding."""

    kind: str
    seed: int
    number: int
    law: str
    said: str
    notes: tuple[str, ...]

    @property
    def command(self) -> str:
        """How to see it again."""
        return f"python -m tests.fuzz --kind {self.kind} --seed {self.seed} --case {self.number}"

    def report(self) -> str:
        """All that is known of it."""
        return "\n".join([f"{self.kind}: {self.law}", self.command, self.said, *self.notes, ""])


@dataclass
class Run:
    """A run over many cases.

    Attributes
    ----------
    cases, seconds : int, float
        Cases run, and the processor seconds that they took.
    counts : Counter
        What happened in them.
    found : list of Found
        At most `_MOST_OF_ONE` of each kind and law; ``findings`` counts all.
    """

    seed: int
    kinds: Sequence[str]
    limits: Limits = field(default_factory=Limits)
    plant: str | None = None
    folder: Path | None = None
    say: Callable[[str], None] = print
    cases: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    kilobytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)

    def go(self, *, seconds: float | None = None, cases: int | None = None) -> None:
        """Run for so many seconds of wall clock, or so many cases."""
        end = None if seconds is None else time.monotonic() + seconds
        numbers = iter(range(1 << 62) if cases is None else range(cases))
        told = time.monotonic()
        left = [(self.kinds[n % len(self.kinds)], n) for n in _some(numbers, self.limits.block)]
        while left and (end is None or time.monotonic() < end):
            left = self._block(left, end)
            if time.monotonic() - told > _SILENCE:
                told = time.monotonic()
                self.say(self.summary())
            left += [
                (self.kinds[n % len(self.kinds)], n)
                for n in _some(numbers, self.limits.block - len(left))
            ]

    def summary(self) -> str:
        """One paragraph."""
        return (
            f"{self.cases} cases of {', '.join(self.kinds)} in {self.seconds:.0f} processor seconds"
            f" (the slowest {self.slowest:.1f}, {self.kilobytes >> 10} MiB at most):"
            f" {sum(self.findings.values())} findings of {len(self.findings)} kinds\n"
            + ", ".join(f"{what} {count}" for what, count in self.counts.most_common())
        )

    def _block(self, cases: list[tuple[str, int]], end: float | None) -> list[tuple[str, int]]:
        """Run the cases in one process; return those that it did not come to."""
        reader, writer = os.pipe()
        told = {
            "pipe": writer,
            "seed": self.seed,
            "cases": cases,
            "cpu": self.limits.cpu,
            "memory": self.limits.memory,
            "plant": self.plant,
        }
        threads = dict.fromkeys(["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"], "1")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker", json.dumps(told)],
            cwd=_ROOT,
            env=os.environ | threads | {"PYTHONHASHSEED": "0"},
            pass_fds=[writer],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        os.close(writer)
        try:
            return self._watch(process, reader, list(cases), end)
        finally:
            process.kill()
            process.wait()
            os.close(reader)
            assert process.stderr is not None
            process.stderr.close()

    def _watch(
        self, process: Any, reader: int, left: list[tuple[str, int]], end: float | None
    ) -> list[tuple[str, int]]:
        notes: list[str] = []
        errors = bytearray()
        current: tuple[str, int] | None = None
        ready = False
        for message in _messages(reader, process.stderr.fileno(), errors, self.limits.silence):
            if "ready" in message:
                ready = True
            elif "begin" in message:
                if end is not None and time.monotonic() > end:
                    return left
                current, notes = left.pop(0), []
            elif "note" in message:
                notes.append(message["note"])
            elif "end" in message:
                assert current is not None
                self._count(message)
                if message["end"]:
                    self._keep(current, message["end"]["law"], message["end"]["said"], notes)
                current = None
            else:
                return left
        if not ready:
            raise RuntimeError(f"no worker:\n{errors.decode(errors='replace')}")
        if current is not None:
            process.kill()
            self.cases += 1
            said = errors.decode(errors="replace")
            self._keep(current, _death(process.wait(), said), said[-6000:], notes)
        return left

    def _count(self, message: dict[str, Any]) -> None:
        self.cases += 1
        self.seconds += message["seconds"]
        self.slowest = max(self.slowest, message["seconds"])
        self.kilobytes = max(self.kilobytes, message["kilobytes"])
        self.counts.update(message["counts"])

    def _keep(self, case: tuple[str, int], law: str, said: str, notes: list[str]) -> None:
        found = Found(case[0], self.seed, case[1], law, said, tuple(notes))
        self.findings[f"{found.kind}: {law}"] += 1
        if self.findings[f"{found.kind}: {law}"] > _MOST_OF_ONE:
            return
        self.found.append(found)
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"{found.kind}-{found.seed}-{found.number}.txt"
            (self.folder / name).write_text(found.report(), "utf-8", "backslashreplace")
        self.say(f"FOUND {found.kind}: {law}\n  {found.command}\n  {said.strip()[-300:]}")


def _some(numbers: Iterator[int], count: int) -> list[int]:
    return [number for _, number in zip(range(count), numbers, strict=False)]


def _messages(
    reader: int, errors_from: int, errors: bytearray, silence: float
) -> Iterator[dict[str, Any]]:
    """The worker's messages, until it dies or is silent for too long."""
    rest = b""
    sources = [reader, errors_from]
    while reader in sources:
        readable, _, _ = select.select(sources, [], [], silence)
        if not readable:
            errors += b"no word for too long\n"
            return
        for source in readable:
            data = os.read(source, 1 << 16)
            if not data:
                sources.remove(source)
            elif source == errors_from:
                errors += data
                del errors[:-100_000]
            else:
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    yield json.loads(line)
    while errors_from in sources:
        data = os.read(errors_from, 1 << 16)
        if not data:
            return
        errors += data


def _death(code: int, said: str) -> str:
    """What the end of a process means."""
    if code == -signal.SIGPROF:
        return f"too much processor time, at {_where(said)}"
    if "no word for too long" in said:
        return f"no end in sight, at {_where(said)}"
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"the process died of {name}, at {_where(said)}"


def _where(said: str) -> str:
    """The first line of the package in what ``faulthandler`` wrote."""
    for line in said.splitlines():
        file, _, place = line.partition('File "')[2].partition('", line ')
        path = Path(file).resolve()
        if file and _ROOT in path.parents and _ROOT / "tests" not in path.parents:
            return f"{path.relative_to(_ROOT)}:{place.split(' ')[0]}"
    return "?"
