"""What the benchmark asks of an engine.

Every engine is driven by the quickest public calls it has, bound ahead where that helps, so that
what is timed is the engine and one Python call. A schema is compiled once; its instances are then
played one after the other from the start, on tables that stay warm, as in a server that keeps
compiled grammars.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.masks.vocabularies import Tokens

__all__ = ["EmptySchema", "Engine", "EngineType", "Mask", "Options", "Refused", "Session"]

Mask = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of all engines alike.

    Attributes
    ----------
    property_order : {"declared", "any"}
        In which order an object's keys may come; what an engine makes of it is in its notes.
    clock : {"wall", "cpu"}
        What times are of: passing time, or CPU time of all threads of the process, which does not
        count what a busy machine gives to others but costs a system call to read.
    """

    property_order: Literal["declared", "any"] = "declared"
    clock: Literal["wall", "cpu"] = "wall"


class Refused(Exception):
    """The engine says that it does not enforce the schema; the message says what of it."""


class EmptySchema(Exception):
    """The engine says that no value satisfies the schema."""


class Session(Protocol):
    """A compiled schema and one text under way."""

    @property
    def fill(self) -> Callable[[], object]:
        """Writes the mask of the next token into the engine's ``mask``."""

    @property
    def commit(self) -> Callable[[int], bool]:
        """Takes a token that the mask allows; whether it was taken."""

    def would_commit(self, token: int) -> bool:
        """Whether a token that the mask forbids would be taken all the same; not timed."""

    def restart(self) -> None:
        """Go back to the beginning of a text, whatever happened before; not timed."""

    def counts(self) -> tuple[int, int, int] | None:
        """Masks made, of these found in a cache, and nodes of the vocabulary that were walked.

        None if the engine does not tell.
        """


class Engine(Protocol):
    """An engine with its vocabulary, made once in each process."""

    @property
    def version(self) -> str: ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of its figures has to know."""

    @property
    def mask(self) -> Mask:
        """int32 ``[1, ceil(vocabulary / 32)]``, 1 = allowed."""

    def prepare(self, schema: str) -> Any:
        """Return the schema in the form that `compile` reads quickest; not timed."""

    def compile(self, schema: Any) -> Session:
        """Compile.

        Raises
        ------
        Refused, EmptySchema
        """


class EngineType(Protocol):
    """How engines are made."""

    def __call__(self, tokens: Tokens, options: Options) -> Engine: ...
