"""The command line: reads what is to be measured, runs it, writes records, report and plot.

What is missing or broken is said on standard error, and the rest goes on: a damaged archive, files
that are no JSON, engines that are not installed or die at the start, no progress bar, no plot.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.masks import cases, vocabularies
from benchmarks.masks.engines import ENGINES
from benchmarks.masks.engines.base import Options
from benchmarks.masks.lanes import Lanes
from benchmarks.masks.plot import plot
from benchmarks.masks.records import Record, header_line, read, record_line
from benchmarks.masks.report import report
from benchmarks.masks.worker import Limits

__all__ = ["main"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_SHARED: Final = _ROOT.parent / "shared" / "data"
_RECORDS, _REPORT, _PLOT = "records.jsonl", "report.md", "times.svg"


def parser() -> argparse.ArgumentParser:
    """The options."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/maskbench.py",
        description="Time masks and judge verdicts of engines on the schemas of MaskBench.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add(
        "data",
        nargs="?",
        type=Path,
        default=_SHARED / "maskbench-dev.tar.xz",
        help="archive or folder of cases",
    )
    add(
        "--engines",
        type=_names,
        default=list(ENGINES),
        metavar="A,B",
        help=f"out of {', '.join(ENGINES)}; the first is compared with the others",
    )
    add(
        "--vocabulary",
        choices=("auto", "llama3", "tekken", "bytes"),
        default="auto",
        help="auto: Llama 3 where its file is, else Tekken; bytes: to count verdicts quickly",
    )
    add("--property-order", choices=("declared", "any"), default="declared")
    add("--indent", type=_count, help="spell the instances over several lines, so far indented")
    add("--sample", type=_count, help="draw so many schemas")
    add("--seed", type=int, default=0, help="of the drawing")
    add("--limit", type=_count, help="take the first so many schemas")
    add("--jobs", type=_positive, default=1, help="schemas at a time; more disturb the times")
    add("--timeout", type=float, default=60.0, help="seconds for a schema and an engine")
    add(
        "--memory",
        type=float,
        default=8.0,
        help="GiB that an engine may take beyond its start, 0 for no bound",
    )
    add("--clock", choices=("wall", "cpu"), default="wall", help="cpu: for a busy machine; coarser")
    add("--out", type=Path, default=_ROOT / "build" / "maskbench", help="folder of the results")
    add("--report", type=Path, metavar="RECORDS", help="measure nothing, report on these records")
    return parser


def main(arguments: Sequence[str] | None = None, engines: dict[str, str] | None = None) -> int:
    """Run the benchmark.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line; by default that of the process.
    engines : dict of str to str, optional
        Where engines are imported from, instead of those that are asked for.

    Returns
    -------
    int
        The exit code: 0, or 2 if there was nothing to measure.
    """
    options = parser().parse_args(arguments)
    try:
        if options.report is not None:
            run, records = read(options.report)
        else:
            run, records = _measure(options, engines or {n: ENGINES[n] for n in options.engines})
    except (FileNotFoundError, ModuleNotFoundError, ValueError) as error:
        _say(error)
        return 2
    if not records:
        _say("nothing was measured")
        return 2
    folder = options.report.parent if options.report is not None else options.out
    text = report(run, records)
    (folder / _REPORT).write_text(text)
    print(text)
    try:
        plot(records, folder / _PLOT)
    except (ModuleNotFoundError, ValueError) as error:
        _say(f"no plot: {error}")
    _say(f"{_RECORDS}, {_REPORT} and {_PLOT} are in {folder}")
    return 0


def _measure(
    options: argparse.Namespace, engines: dict[str, str]
) -> tuple[dict[str, Any], list[Record]]:
    files, problems = cases.read(options.data)
    files = cases.select(files, options.limit, options.sample, options.seed)
    parsed = [cases.parse(name, content, options.indent) for name, content in files.items()]
    problems += [one for one in parsed if isinstance(one, cases.Problem)]
    readable = [one for one in parsed if isinstance(one, cases.Case)]
    for problem in problems:
        _say(f"{problem.name} is left out: {problem.reason}")
    tokens = vocabularies.find(options.vocabulary, _SHARED)
    logs = options.out / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    lanes = Lanes(
        engines,
        tokens,
        Options(options.property_order, options.clock),
        Limits(case=options.timeout, memory=int(options.memory * 2**30) or None),
        logs,
        options.jobs,
    )
    ready, absent = lanes.start()
    for name, why in absent.items():
        _say(f"{name} is left out: {why}")
    run = {
        "data": f"{options.data.name}: {len(readable)} schemas, {len(problems)} problems",
        "vocabulary": f"{tokens.name}, {len(tokens.pieces)} ids",
        "property order": options.property_order,
        "indent": options.indent if options.indent is not None else "none",
        "jobs": options.jobs,
        "clock": options.clock,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start",
        "engines": {name: asdict(answer) for name, answer in ready.items()},
        "absent": absent,
    }
    records: list[Record] = []
    if not ready:
        lanes.stop()
        return run, records
    with (
        (options.out / _RECORDS).open("w", buffering=1) as lines,
        closing(lanes.run(readable)) as outcomes,
    ):
        lines.write(header_line(run))
        try:
            for outcome in _progress(outcomes, len(readable)):
                records += outcome
                lines.writelines(map(record_line, outcome))
        except KeyboardInterrupt:
            _say("interrupted; what was measured is reported")
    return run, records


def _progress(outcomes: Iterator[list[Record]], total: int) -> Iterator[list[Record]]:
    """Pass on the outcomes behind a progress bar that counts what did not go well."""
    try:
        from tqdm import tqdm  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        _say("no progress bar: tqdm is not installed")
        yield from outcomes
        return
    counts: Counter[str] = Counter()
    with tqdm(total=total, unit="schema") as bar:
        for outcome in outcomes:
            counts.update(f"{r.engine} {r.outcome}" for r in outcome if r.outcome != "ok")
            bar.set_postfix_str(", ".join(f"{k} {n}" for k, n in counts.most_common(3)))
            bar.update()
            yield outcome


def _say(what: object) -> None:
    print(what, file=sys.stderr)


def _names(text: str) -> list[str]:
    names = list(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in ENGINES:
            raise argparse.ArgumentTypeError(f"no engine {name!r}; there are {', '.join(ENGINES)}")
    return names


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return value


def _positive(text: str) -> int:
    value = _count(text)
    if value == 0:
        raise argparse.ArgumentTypeError("must be positive")
    return value
