"""One random input under test: its draws, what is noted of it, and what goes wrong with it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from tests.fuzz.describe import describe

__all__ = ["Case", "Finding"]


class Finding(Exception):
    """A law does not hold.

    Parameters
    ----------
    law : str
        Which, in a few words; findings of one law and one place are one finding.
    said : str
        What differs.
    """

    def __init__(self, law: str, said: str) -> None:
        self.law = law
        self.said = said
        super().__init__(f"{law}: {said}")


class Case:
    """A case of one kind: the same name draws the same.

    Parameters
    ----------
    kind, seed, number
        Its name.
    tell : callable, optional
        Told of each note as it is made, so that it outlives a process that dies.
    """

    def __init__(
        self, kind: str, seed: int, number: int, tell: Callable[[str], None] | None = None
    ) -> None:
        self.random = random.Random(f"{kind} {seed} {number}")
        self.notes: list[str] = []
        self.counts: Counter[str] = Counter()
        self._tell = tell

    def note(self, label: str, value: object) -> None:
        """Keep something that a reader of a finding wants to see."""
        said = f"{label}: {describe(value)}"
        self.notes.append(said)
        if self._tell is not None:
            self._tell(said)

    def count(self, what: str) -> None:
        """Count what happened, to see that cases reach where they should."""
        self.counts[what] += 1
