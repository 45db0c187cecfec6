"""A bounded text for any value, however deep or odd."""

from __future__ import annotations

import reprlib

import numpy as np

from grammarlib.arguments import bounded

__all__ = ["describe"]

_LONGEST = 6000


def describe(value: object) -> str:
    """Something like ``repr``, of bounded length, that never fails."""
    if isinstance(value, np.ndarray):
        return f"array of {value.dtype} {list(value.shape)}"
    try:
        text = repr(value) if bounded(value, 10_000) else reprlib.repr(value)
    except RecursionError:
        return f"a {type(value).__name__} of {_depth(value)} levels"
    except ValueError as error:  # an integer past Python's own limit on digits
        return f"a {type(value).__name__} ({error})"
    text = text.encode(errors="backslashreplace").decode()
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST]}... ({len(text)} characters)"
    return text


def _depth(value: object) -> int:
    depth = 0
    while isinstance(value, list | tuple | dict) and value and depth < 1_000_000:
        value = next(iter(value.values() if isinstance(value, dict) else value))
        depth += 1
    return depth
