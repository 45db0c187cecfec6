"""A range of documents in a process of its own, so that a hang or an abort is a finding too.

    python -m tests.compiler.json_schema.differential.apart 2020-12 17         # what hung, smaller
    python -m tests.compiler.json_schema.differential.apart 2020-12 0 250 30   # what `apart` starts

The process says which document it begins, and sends its tally after each. If it ends early, killed
by its limits or by itself, the document at hand is the finding, and another process goes on behind
it.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.compiler.json_schema.differential.runner import STEPS, Finding, Tally, Trial, run
from tests.compiler.json_schema.differential.schemas import Document, document
from tests.compiler.json_schema.differential.shrink import shrink
from tests.oracle.json_schema import Judge, Undecided

LONGEST = 30  # seconds of processor time for one document; the slowest take one
MEGABYTES = 6_000
ROOT = Path(__file__).resolve().parents[4]


def apart(draft: str, seeds: range, *, longest: float = LONGEST) -> Tally:
    """`run` in other processes.

    Parameters
    ----------
    draft : str
    seeds : range
    longest : float
        How many seconds of processor time a document may take.
    """
    total = Tally()
    first = seeds.start
    while first < seeds.stop:
        command = [sys.executable, "-m", "tests.compiler.json_schema.differential.apart", draft]
        done = subprocess.run(
            [*command, str(first), str(seeds.stop), str(longest)],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        sent = list(_sent(done.stdout))
        if not sent:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        for seed, tally in sent:
            first = seed
            if tally is not None:
                total.add(tally)
                first = seed + 1
        if first < seeds.stop:
            last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            how = f"ended with {done.returncode}: {last}"
            if done.returncode == -signal.SIGPROF:
                how = f"more than {longest} s of processor time"
            total.documents[draft] += 1
            total.findings.append(Finding(draft, first, "hung or died", "", how))
            first += 1
    return total


def _sent(data: bytes) -> Iterator[tuple[int, Any]]:
    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        try:
            yield pickle.load(stream)
        except (EOFError, pickle.UnpicklingError):  # cut off by its end
            return


def smaller(draft: str, seed: int, seconds: float = 3.0) -> Document:
    """The document of a seed whose `Trial` takes too long or dies, made smaller: minutes."""
    made = document(draft, seed)

    def fails(parts: Any) -> bool:
        if not isinstance(parts, dict) or set(parts) != {"schema", "remotes"}:
            return False
        less = Document(draft, parts["schema"], parts["remotes"])
        try:
            for value in (None, 0, "", [], {}):
                Judge(less.schema, draft, less.remotes, STEPS)(value)
        except (Undecided, RecursionError):
            pass
        except Exception:  # a reference leads nowhere
            return False
        child = multiprocessing.get_context("fork").Process(target=Trial(less, seed).run)
        child.start()
        child.join(seconds)
        if child.exitcode is None:
            child.kill()
            child.join()
        return child.exitcode != 0

    parts = {"schema": made.schema, "remotes": made.remotes}
    if fails(parts):
        parts = shrink(parts, fails, 500)
    return Document(draft, parts["schema"], parts["remotes"])


def main() -> None:
    draft, first = sys.argv[1], int(sys.argv[2])
    if len(sys.argv) == 3:
        print(json.dumps(smaller(draft, first)[1:], default=float))
        return
    last = int(sys.argv[3])
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    send = sys.stdout.buffer
    for seed in range(first, last):
        pickle.dump((seed, None), send)
        send.flush()
        signal.setitimer(signal.ITIMER_PROF, float(sys.argv[4]))
        pickle.dump((seed, run(draft, range(seed, seed + 1))), send)
        send.flush()


if __name__ == "__main__":
    main()
