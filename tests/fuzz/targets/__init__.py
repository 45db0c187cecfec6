"""What is fuzzed: each kind of case is a function of a `Case`."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.case import Case
from tests.fuzz.targets import calls, patterns, schemas, streams, tools

__all__ = ["TARGETS"]

TARGETS: dict[str, Callable[[Case], None]] = {
    "schema": schemas.run,
    "pattern": patterns.run,
    "stream": streams.run,
    "calls": calls.run,
    "tools": tools.run,
}
