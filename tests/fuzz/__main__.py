"""``python -m tests.fuzz``: run cases for a while, or one again."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from pathlib import Path

from tests.fuzz.driver import Limits, Run

_KINDS = ("schema", "pattern", "stream", "calls", "tools")


def main() -> int:
    """Return 1 if something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="wall clock (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed draws the same cases")
    parser.add_argument("--kind", choices=_KINDS, action="append", help="only these")
    parser.add_argument("--case", type=int, help="run this one case again, in this process")
    parser.add_argument("--cpu", type=float, default=20, help="processor seconds of a case")
    parser.add_argument("--out", type=Path, default=Path("fuzz-findings"), help="where to save")
    options = parser.parse_args()
    kinds = options.kind or _KINDS
    if options.case is not None:
        return _again(kinds[0], options.seed, options.case)
    run = Run(options.seed, kinds, Limits(cpu=options.cpu), folder=options.out, say=_say)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was found is told all the same
    with contextlib.suppress(KeyboardInterrupt):
        run.go(seconds=options.seconds)
    _say(run.summary())
    for finding, count in run.findings.most_common():
        _say(f"{count:6} {finding}")
    return bool(run.found)


def _say(text: str) -> None:
    print(text.encode(errors="backslashreplace").decode(), flush=True)


def _again(kind: str, seed: int, number: int) -> int:
    from tests.fuzz.case import Case
    from tests.fuzz.worker import run_case

    found = run_case(Case(kind, seed, number, lambda note: _say(note)), kind)
    _say(f"{found['law']}\n{found['said']}" if found else "nothing found")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
