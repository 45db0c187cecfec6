"""What one engine did on one schema, and the JSON lines that keep it.

The first line of a file is ``{"run": {...}}``: versions, options, machine. Each further line is
one `Record`. Times are nanoseconds. A report is a function of such a file and can be made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

__all__ = [
    "OUTCOMES",
    "Played",
    "Record",
    "header_line",
    "outcome_of",
    "read",
    "record_line",
    "wrong_verdict",
]

OUTCOMES: Final = {
    "ok": "every verdict is right",
    "refused": "the engine says that it does not enforce the schema",
    "empty": "the engine says that nothing satisfies the schema, and no instance contradicts",
    "false accept": "an invalid instance came through to an allowed end",
    "false reject": "a valid instance did not",
    "error": "an exception after compiling",
    "crash": "the process died",
    "time-out": "the process was killed when the time was up",
    "not run": "the engine could not be started again",
}


@dataclass(slots=True)
class Played:
    """One instance, token by token, the end token last.

    Attributes
    ----------
    valid, accepted : bool
        The label and the engine's verdict.
    fill_ns, commit_ns : list of int
        For each token up to the first that is refused, which has no commit if the mask forbids it.
    first_visits : list of int
        The tokens whose mask was not found in a cache, where the engine tells.
    nodes : list of int
        For each of these, the nodes of the vocabulary's tree that were walked.
    disagreement : str
        Where mask and commit said different things; empty if nowhere.
    """

    valid: bool
    accepted: bool = False
    fill_ns: list[int] = field(default_factory=list)
    commit_ns: list[int] = field(default_factory=list)
    first_visits: list[int] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    disagreement: str = ""

    def token_ns(self) -> list[int]:
        """Time of each token: fill and commit."""
        return [a + b for a, b in zip_longest(self.fill_ns, self.commit_ns, fillvalue=0)]


@dataclass(slots=True)
class Record:
    """One engine on one schema; ``outcome`` is a key of `OUTCOMES`."""

    engine: str
    case: str
    outcome: str
    detail: str = ""
    compile_ns: int | None = None
    first_mask_ns: int | None = None
    """Of compiling and the first mask together."""
    instances: list[Played] = field(default_factory=list)


def header_line(run: dict[str, Any]) -> str:
    return json.dumps({"run": run}) + "\n"


def record_line(record: Record) -> str:
    return json.dumps(asdict(record), separators=(",", ":")) + "\n"


def read(path: Path) -> tuple[dict[str, Any], list[Record]]:
    """Read a file of records.

    Raises
    ------
    ValueError
        Some line is not of this form; says which.
    """
    number = 0
    with path.open() as lines:
        try:
            number = 1
            run: dict[str, Any] = json.loads(next(lines))["run"]
            records = []
            for number, line in enumerate(lines, 2):  # noqa: B007 (the number is for the error)
                records.append(_record(json.loads(line)))
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            raise ValueError(f"{path}:{number}: not a line of this benchmark: {error!r}") from error
    return run, records


def _record(values: dict[str, Any]) -> Record:
    record = Record(**values)
    record.instances = [Played(**instance) for instance in values["instances"]]
    return record


def outcome_of(instances: Iterable[Played]) -> str:
    """The outcome that verdicts amount to; of two errors, the one that lets bad text through."""
    wrong = {
        "false accept" if played.accepted else "false reject"
        for played in instances
        if played.accepted != played.valid
    }
    return min(wrong, default="ok")


def wrong_verdict(outcome: str, instances: Sequence[Played]) -> str:
    """Where the first verdict went wrong in the way of an outcome."""
    accepted = outcome == "false accept"
    at = next(
        i for i, p in enumerate(instances) if (p.accepted, p.valid) == (accepted, not accepted)
    )
    if accepted:
        return f"instance {at} came through"
    return f"instance {at} was stopped at token {len(instances[at].fill_ns) - 1}"
