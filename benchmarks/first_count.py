"""Count the MaskBench schemas that are enforced with every verdict right, and say why others fail.

For each case the schema is compiled against a vocabulary of single bytes, and each of its tests is
one text: the matcher must accept exactly those labelled valid. A case passes if all verdicts are
right. Cases run in worker processes, one at a time each, and a worker that exceeds the time-out is
replaced, so that a hang or a crash is counted and not suffered.

    python benchmarks/first_count.py [archive or folder] [--order any|declared] [--step n]

Without data it says so and measures nothing.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grammarlib.compiler.compile import compile
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import EmptyLanguage, GrammarlibError, UnsupportedSchema
from grammarlib.schema import JSONSchema

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "maskbench-dev.tar.xz"


@dataclass
class Outcome:
    """What became of one case."""

    name: str
    kind: str
    """passed, refused, false accept, false reject, empty, error, crash or timeout."""
    detail: str = ""
    compile_seconds: float = 0.0


@dataclass
class Count:
    """Outcomes so far."""

    kinds: Counter[str] = field(default_factory=Counter)
    details: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.kinds[outcome.kind] += 1
        if outcome.kind not in ("passed", "crash", "timeout"):
            self.details[outcome.kind, outcome.detail] += 1
            self.examples.setdefault((outcome.kind, outcome.detail), outcome.name)
        if outcome.kind in ("crash", "timeout"):
            self.details[outcome.kind, outcome.name] += 1
        if outcome.compile_seconds:
            self.seconds.append(outcome.compile_seconds)


def cases(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and content of every case in an archive or a folder."""
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            yield file.stem, json.loads(file.read_text())
        return
    with tarfile.open(path) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.endswith(".json") else None
            if content is not None:
                yield Path(member.name).stem, json.load(content)


def registry() -> Any:
    """The meta-schemas, which some schemas refer to, where they are installed."""
    try:
        import jsonschema_specifications
    except ImportError:
        return None
    return jsonschema_specifications.REGISTRY


def judge(name: str, case: dict[str, Any], order: Any, vocab: Vocabulary, known: Any) -> Outcome:
    """Compile one case and judge its tests."""
    start = time.perf_counter()
    try:
        compiled = compile(
            JSONSchema(case["schema"], property_order=order, registry=known), vocab
        )
    except UnsupportedSchema as error:
        return Outcome(name, "refused", error.keyword)
    except EmptyLanguage:
        wrong = any(test["valid"] for test in case["tests"])
        return Outcome(name, "false reject" if wrong else "empty", "empty language")
    except GrammarlibError as error:
        return Outcome(name, "error", f"{type(error).__name__}: {str(error)[:60]}")
    seconds = time.perf_counter() - start
    wrong_verdicts = set()
    for test in case["tests"]:
        matcher = compiled.matcher()
        text = json.dumps(test["data"], ensure_ascii=False).encode("utf-8", "replace")
        try:
            accepted = matcher.accept_bytes(text) and matcher.is_accepting()
        except GrammarlibError as error:
            return Outcome(name, "error", f"{type(error).__name__}: {str(error)[:60]}", seconds)
        if accepted != test["valid"]:
            wrong_verdicts.add("false accept" if accepted else "false reject")
    kind = min(wrong_verdicts) if wrong_verdicts else "passed"
    return Outcome(name, kind, "", seconds)


def work(connection: Connection, order: str) -> None:
    """Judge cases until there are no more."""
    vocab = Vocabulary.from_tokens([*[bytes([i]) for i in range(256)], b"<end>"], eos_ids=[256])
    known = registry()
    while (item := connection.recv()) is not None:
        name, case = item
        connection.send(judge(name, case, order, vocab, known))


class Worker:
    """One process, replaced when it is late or dies."""

    def __init__(self, order: str, timeout: float) -> None:
        self.order = order
        self.timeout = timeout
        self.name = ""
        self.deadline = 0.0
        self._start()

    def _start(self) -> None:
        self.connection, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(
            target=work, args=(other, self.order), daemon=True
        )
        self.process.start()
        other.close()

    def give(self, item: tuple[str, dict[str, Any]]) -> None:
        self.name = item[0]
        self.deadline = time.monotonic() + self.timeout
        self.connection.send(item)

    def take(self) -> Outcome | None:
        """Return the outcome of the case at hand; None if it is still being judged."""
        try:
            if self.connection.poll(0.002):
                outcome: Outcome = self.connection.recv()
                return outcome
        except EOFError:
            self._replace()
            return Outcome(self.name, "crash")
        if time.monotonic() > self.deadline:
            self._replace()
            return Outcome(self.name, "timeout")
        return None

    def _replace(self) -> None:
        self.process.kill()
        self.process.join()
        self._start()

    def stop(self) -> None:
        self.connection.send(None)
        self.process.join()


def run(items: Iterator[tuple[str, dict[str, Any]]], workers: list[Worker]) -> Count:
    """Judge all cases."""
    count = Count()
    idle = list(workers)
    busy: list[Worker] = []
    for item in items:
        while not idle:
            busy = collect(count, busy, idle)
        worker = idle.pop()
        worker.give(item)
        busy.append(worker)
    while busy:
        busy = collect(count, busy, idle)
    for worker in workers:
        worker.stop()
    return count


def collect(count: Count, busy: list[Worker], idle: list[Worker]) -> list[Worker]:
    """Take what is finished; return the workers that are not."""
    still = []
    for worker in busy:
        outcome = worker.take()
        if outcome is None:
            still.append(worker)
        else:
            count.add(outcome)
            idle.append(worker)
    return still


def report(count: Count, order: str) -> str:
    """Lay the count out as text."""
    total = sum(count.kinds.values())
    lines = [f"{total} schemas, property_order={order!r}", ""]
    for kind, number in count.kinds.most_common():
        lines.append(f"{number:6}  {100 * number / total:6.2f}%  {kind}")
    seconds = sorted(count.seconds)
    if seconds:
        at = [seconds[int(q * (len(seconds) - 1))] * 1e6 for q in (0.5, 0.99, 1.0)]
        lines += ["", "compile, µs: p50 {:.0f}, p99 {:.0f}, max {:.0f}".format(*at)]
    lines += ["", "why not:"]
    for (kind, detail), number in count.details.most_common(40):
        example = count.examples.get((kind, detail), "")
        lines.append(f"{number:6}  {kind}: {detail}  {f'({example})' if example else ''}".rstrip())
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--order", choices=("any", "declared"), default="any")
    parser.add_argument("--step", type=int, default=1, help="take every n-th case")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds a case may take")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"skipped: there is no data at {options.data.name} beside the repository")
        return 0
    items = (item for i, item in enumerate(cases(options.data)) if i % options.step == 0)
    workers = [Worker(options.order, options.timeout) for _ in range(options.workers)]
    print(report(run(items, workers), options.order))
    return 0


if __name__ == "__main__":
    sys.exit(main())
