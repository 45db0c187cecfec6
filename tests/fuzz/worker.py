"""The process that runs cases: it may hang, crash or grow, and is watched by `driver`.

It tells through a pipe, one JSON object a line: ``begin`` before a case, ``note`` while it runs,
``end`` with what was counted or found. A case that needs more processor time than allowed is killed
by the kernel's profiling timer, which fires inside the core too; ``faulthandler`` says where it
was. Memory is bounded by the address space.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from typing import Any

from tests.fuzz.case import Case, Finding

__all__ = ["main", "run_case"]


def run_case(case: Case, kind: str) -> dict[str, str] | None:
    """Run one case; return what was found, if anything."""
    from tests.fuzz.targets import TARGETS

    try:
        TARGETS[kind](case)
    except Finding as finding:
        return {"law": finding.law, "said": finding.said}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # outside of any call that may be refused
        said = "".join(traceback.format_exception(error, limit=-8))
        return {"law": f"raised {type(error).__name__} in the target", "said": said}
    return None


def main() -> None:
    """Run the cases that the arguments name (a JSON object) until told to stop."""
    told: dict[str, Any] = json.loads(sys.argv[1])
    sys.stdout = sys.stderr  # what the cases print is not ours
    pipe = os.fdopen(int(told["pipe"]), "w", encoding="utf-8", buffering=1)

    def tell(**message: Any) -> None:
        pipe.write(json.dumps(message) + "\n")

    limit = told["memory"]
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.enable()
    faulthandler.register(signal.SIGPROF, chain=True)
    if told["plant"]:
        from tests.fuzz import plants

        getattr(plants, told["plant"])()
    importlib.import_module("tests.fuzz.targets")
    tell(ready=True)
    for kind, number in told["cases"]:
        tell(begin=[kind, number])
        case = Case(kind, told["seed"], number, lambda note: tell(note=note))
        before = resource.getrusage(resource.RUSAGE_SELF)
        signal.setitimer(signal.ITIMER_PROF, told["cpu"])
        found = run_case(case, kind)
        signal.setitimer(signal.ITIMER_PROF, 0)
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        tell(end=found, counts=case.counts, seconds=spent, kilobytes=after.ru_maxrss)
    tell(done=True)


if __name__ == "__main__":
    main()
