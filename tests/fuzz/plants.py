"""Bugs to plant in the worker's process, one for each way in which a case can go wrong."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import grammarlib as gl
from grammarlib.compiler import compile as module
from grammarlib.compiler.json_schema import drafts, shapes
from tests.fuzz import laws

__all__ = ["accident", "crash", "dead_end", "growth", "hang", "mask_bit"]
__all__ += ["no_lengths", "off_by_one", "trailing_comma"]


def _compiling(before: Any) -> None:
    """Let something happen in every compile."""
    original = module.lower

    def lower(*arguments: Any, **options: Any) -> Any:
        before()
        return original(*arguments, **options)

    module.lower = lower  # type: ignore[assignment]


def accident() -> None:
    """An error nobody meant to raise."""
    _compiling(lambda: {}["oops"])


def hang() -> None:
    """A loop without an end."""

    def forever() -> None:
        while True:
            pass

    _compiling(forever)


def crash() -> None:
    """A pointer to nowhere."""
    _compiling(lambda: ctypes.string_at(0))


def growth() -> None:
    """Memory without an end."""

    def grow() -> None:
        kept = []
        while True:
            kept.append(bytearray(1 << 24))

    _compiling(grow)


def mask_bit() -> None:
    """A mask that forgets what begins a string."""
    _masking(lambda words: words.__setitem__(1, words[1] & ~4))


def dead_end() -> None:
    """A mask that forgets all tokens."""
    _masking(lambda words: words.fill(0))


def _masking(change: Callable[[Any], None]) -> None:
    original = laws.mask_of

    def mask_of(matcher: Any, size: int) -> Any:
        mask = original(matcher, size)
        change(mask)
        return mask

    laws.mask_of = mask_of


def trailing_comma() -> None:
    """A text that is not what the tokens spell."""
    original = gl.Vocabulary.decode
    gl.Vocabulary.decode = lambda self, tokens: original(self, tokens) + b","  # type: ignore


def no_lengths() -> None:
    """Keywords that say nothing any more."""
    for draft in drafts.BY_URI.values():
        for name in ("minLength", "maxLength", "minItems", "maxItems", "required", "const"):
            draft.keywords.pop(name, None)  # type: ignore[attr-defined]


def off_by_one() -> None:
    """Lengths that mean one more."""
    original = shapes.count
    shapes.count = lambda value, path: original(value, path) + 1
