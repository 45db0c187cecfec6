"""``precompute``: tables made when a grammar is compiled instead of when a text first needs them.

The core works in slices of time; between two of them Python shows progress and lets an interrupt
through, and other threads have the interpreter during each. Rejected: a callback from the core's
threads (it would have to take the interpreter's lock).
"""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from grammarlib import _core

__all__ = ["Precompute", "Precomputed", "precompute"]

Precompute: TypeAlias = Literal["lazy", "masks", "all"]

_SLICE = 100  # ms
_PATIENCE = 1.0  # s, before progress is shown


@dataclass(frozen=True, slots=True)
class Precomputed:
    """What was made ahead.

    Attributes
    ----------
    mode : {"lazy", "masks", "all"}
        What was asked for.
    complete : bool
        Whether all of it was made. After ``"all"`` no text finds anything missing then, as long as
        the caches are not dropped.
    reasons : tuple of str
        Why it is not complete: rules that call themselves, the bound of the caches, ...
    states : int
        States of the automaton that were gone through, with all their steps.
    levels : int
        Levels of nesting whose states were all gone through.
    profiles : int
        Profiles of the vocabulary that are ready.
    masks : int
        States whose mask was put together.
    """

    mode: Precompute
    complete: bool
    reasons: tuple[str, ...]
    states: int
    levels: int
    profiles: int
    masks: int


def precompute(core: _core.Compiled, mode: Precompute) -> Precomputed:
    """Make tables ahead; `compile` says which."""
    if mode == "lazy":
        return Precomputed(mode, False, ("nothing was made ahead",), 0, 0, 0, 0)
    work = core.precompute(mode == "all")
    with contextlib.ExitStack() as stack:
        bar: Any = None
        begun = time.monotonic()
        finished = False
        while not finished:
            stage, done, total, finished = work.advance(_SLICE)
            if bar is None and not finished and time.monotonic() - begun > _PATIENCE:
                bar = _bar()
                if bar is not None:
                    stack.callback(bar.close)
            if bar is not None:
                bar.set_description(stage, refresh=False)
                bar.total = total
                bar.n = done
                bar.refresh()
    complete, reasons, *counts = work.report()
    return Precomputed(mode, complete, tuple(reasons), *counts)


def _bar() -> Any:
    """A progress bar on a terminal; None elsewhere and without tqdm."""
    if not sys.stderr.isatty():
        return None
    try:
        from tqdm import tqdm  # type: ignore[import-untyped]
    except ImportError:
        return None
    return tqdm(leave=False, unit="")
