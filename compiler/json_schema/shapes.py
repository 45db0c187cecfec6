"""Checks of the form of keyword values: what the meta-schemas say, one function per form.

Each takes the value and its place, returns it in one normal form, and raises ``InvalidSchema``.
Where a later draft gives a meaning to a form that an earlier one forbade (an empty ``required``,
repeated names), it is accepted with that meaning. Rejected: validating against the meta-schema,
which costs more than the whole compile may (1.3 ms at the median of real schemas).
"""

from __future__ import annotations

from decimal import Decimal

from grammarlib.arguments import shown
from grammarlib.compiler.json_schema.numbers import Number, exact, finite
from grammarlib.compiler.json_schema.pointers import Path, invalid

__all__ = ["boolean", "count", "encodable", "mapping", "names", "number", "sequence", "text"]


def mapping(value: object, path: Path) -> dict[str, object]:
    """Return an object whose keys are strings."""
    if not isinstance(value, dict):
        raise invalid(path, "must be an object")
    for key in value:
        if not isinstance(key, str):
            raise invalid(path, f"has a key that is no string: {shown(key)}")
    return value


def sequence(value: object, path: Path) -> list[object] | tuple[object, ...]:
    """Return an array."""
    if not isinstance(value, list | tuple):
        raise invalid(path, "must be an array")
    return value


def text(value: object, path: Path) -> str:
    """Return a string."""
    if not isinstance(value, str):
        raise invalid(path, "must be a string")
    return value


def boolean(value: object, path: Path) -> bool:
    """Return a boolean."""
    if not isinstance(value, bool):
        raise invalid(path, "must be a boolean")
    return value


def names(value: object, path: Path) -> list[str]:
    """Return an array of strings, each once, in their order."""
    strings = sequence(value, path)
    for name in strings:
        if not isinstance(name, str):
            raise invalid(path, "must be an array of strings")
    return list(dict.fromkeys(strings))  # type: ignore[arg-type]  # just checked


def number(value: object, path: Path) -> Number:
    """Return a finite number."""
    if value.__class__ is int:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise invalid(path, "must be a number")
    if not finite(value):
        raise invalid(path, "must be a finite number")
    return value


def count(value: object, path: Path) -> int:
    """Return a number that counts: ``3`` and ``3.0`` do, ``-1`` and ``3.5`` do not."""
    if value.__class__ is int:
        whole: int = value
    else:
        decimal = exact(number(value, path))
        whole = int(decimal)
        if whole != decimal:
            raise invalid(path, "must be an integer")
    if whole < 0:
        raise invalid(path, "must not be negative")
    return whole


def encodable(string: str) -> bool:
    """Return whether a string is a sequence of Unicode scalar values: no lone surrogates."""
    try:
        string.encode()
    except UnicodeEncodeError:
        return False
    return True
