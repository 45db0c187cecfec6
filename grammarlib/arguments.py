"""Checks of what public calls are given: a wrong argument is refused at once, by its name.

Left to themselves, wrong types surface late and far away ("'<' not supported between ..."), or not
at all. A whole number is whatever has ``__index__``, numpy's included, but no boolean: ``True`` for
a size is a mistake. Values are shown in messages, at a length that can be read.
"""

from __future__ import annotations

import math
import numbers
import operator
import reprlib
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = [
    "LARGEST",
    "bounded",
    "choice",
    "instance",
    "members",
    "real",
    "shown",
    "whole",
    "wholes",
]

LARGEST = 2**63 - 1
"""The largest number that the core can be given."""
_LONGEST = 200
_MOST_SHOWN = 1000


def shown(value: object) -> str:
    """A value for a message: its ``repr``, shortened where it is long, always printable."""
    try:
        text = repr(value) if bounded(value, _MOST_SHOWN) else reprlib.repr(value)
    except Exception:  # too deep, too many digits, or a class's own failure
        text = f"a {type(value).__name__}"
        if isinstance(value, int):
            text = f"a number of {value.bit_length()} bits"
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 60]} ... {text[-50:]}"
    return text.encode(errors="backslashreplace").decode()


def bounded(value: object, most: int) -> bool:
    """Whether JSON data has at most so many values, counted at each of their places.

    Python data may hold one object in many places, even within itself: what is small in memory can
    be endless as text.
    """
    todo = [value]
    count = 0
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            todo += part.values()
        elif isinstance(part, list | tuple):
            todo += part
        count += 1
        if count > most or len(todo) > most:
            return False
    return True


def whole(name: str, value: Any, least: int | None = None, most: int | None = None) -> int:
    """A whole number within bounds.

    Raises
    ------
    TypeError
        If it is no whole number.
    ValueError
        If it is out of its bounds.
    """
    number = _index(value)
    if number is None:
        raise TypeError(f"{name} must be a whole number, not {_kind(value)}")
    if least is not None and number < least:
        raise ValueError(f"{name} must be at least {least}, got {shown(number)}")
    if most is not None and number > most:
        raise ValueError(f"{name} must be at most {most}, got {shown(number)}")
    return number


def wholes(name: str, values: Any) -> list[int]:
    """Whole numbers, of any iterable.

    Raises
    ------
    TypeError
        If it is no iterable, or holds anything else.
    """
    found = []
    for value in members(name, values, "whole numbers"):
        number = _index(value)
        if number is None:
            raise TypeError(f"{name} must be whole numbers, not {_kind(value)}")
        found.append(number)
    return found


def real(name: str, value: Any) -> float:
    """A real number as a float; infinities and what is not a number pass.

    Raises
    ------
    TypeError
        If it is no number, or a boolean.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, not {_kind(value)}")
    number: Any = value
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def choice(name: str, value: Any, choices: Sequence[str]) -> None:
    """Refuse what is none of some words.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    if not (isinstance(value, str) and value in choices):
        *others, last = map(repr, choices)
        allowed = f"{', '.join(others)} or {last}"
        raise ValueError(f"{name} must be {allowed}, not {shown(value)}")


def instance(name: str, value: object, kinds: type | tuple[type, ...], what: str) -> None:
    """Refuse what is of another type; ``what`` names the right one.

    Raises
    ------
    TypeError
        If it is of another type.
    """
    if not isinstance(value, kinds):
        raise TypeError(f"{name} must be {what}, not {_kind(value)}")


def members(name: str, values: Any, what: str) -> Iterable[Any]:
    """Refuse what cannot be iterated over.

    Raises
    ------
    TypeError
        If it cannot.
    """
    try:
        found: Iterable[Any] = iter(values)
    except TypeError:
        raise TypeError(f"{name} must be {what}, not {_kind(values)}") from None
    return found


def _index(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
