"""Numbers within strings, as patterns (ECMA-262) of the whole text.

A dictionary's keys are strings in JSON, and so are the decimals that pydantic writes. Languages are
those of canonical spellings: what Python's ``str`` writes is among them, and pydantic reads all.
"""

from __future__ import annotations

__all__ = [
    "COMPLEX",
    "DECIMAL",
    "FLOAT",
    "FRACTION",
    "decimals",
    "has_zero",
    "integers",
    "splits",
    "zero",
]

_PLAIN = r"(?:0|[1-9]\d*)(?:\.\d+)?"
FLOAT = rf"-?{_PLAIN}(?:[eE][+-]?\d+)?|-?inf|nan|NaN"
DECIMAL = rf"-?{_PLAIN}(?:E[+-]?\d{{1,18}})?"
FRACTION = r"-?\d+(?:/0*[1-9]\d*)?"
_PART = rf"(?:{_PLAIN}(?:[eE][+-]?\d+)?|inf|nan|NaN)"
COMPLEX = rf"[+-]?{_PART}(?:[+-]{_PART}j)?|[+-]?{_PART}j"


def integers(least: int | None, most: int | None) -> str | None:
    """Integers within bounds, without leading zeros; None if there are none."""
    if least is not None and most is not None and least > most:
        return None
    parts = []
    if most is None or most >= 0:
        low = max(least or 0, 0)
        parts.append(_naturals(low, most))
    if least is None or least < 0:
        low = max(-most, 1) if most is not None and most < 0 else 1
        parts.append(f"-(?:{_naturals(low, None if least is None else -least)})")
    return "|".join(parts)


def _naturals(low: int, high: int | None) -> str:
    if low == 0:
        rest = [] if high == 0 else [_naturals(1, high)]
        return "|".join(["0", *rest])
    parts = []
    size = len(str(low))
    last = size if high is None else len(str(high))
    for digits in range(size, last + 1):
        first = str(low) if digits == size else "1" + "0" * (digits - 1)
        end = str(high) if high is not None and digits == last else "9" * digits
        parts.append(_same_length(first, end))
    if high is None:
        parts.append(rf"[1-9]\d{{{size},}}")
    return "|".join(parts)


def _same_length(first: str, last: str) -> str:
    """Numerals between two of one length, bounds included."""
    if first == last:
        return first
    rest = len(first) - 1
    a, b = first[0], last[0]
    if a == b:
        return f"{a}(?:{_same_length(first[1:], last[1:])})"
    parts = []
    low, high = int(a), int(b)
    if first[1:] != "0" * rest:
        parts.append(f"{a}(?:{_same_length(first[1:], '9' * rest)})")
        low += 1
    if last[1:] != "9" * rest:
        high -= 1
    if low <= high:
        digit = str(low) if low == high else f"[{low}-{high}]"
        parts.append(digit + (rf"\d{{{rest}}}" if rest else ""))
    if last[1:] != "9" * rest:
        parts.append(f"{b}(?:{_same_length('0' * rest, last[1:])})")
    return "|".join(parts)


def splits(digits: int | None, places: int | None) -> list[tuple[int | None, int]]:
    """The ways to have so many digits, so many after the point: digits before it and after it.

    Trailing zeros do not count. None stands for any number of digits.
    """
    if places is None:
        assert digits is not None
        return [(digits - after, after) for after in range(digits + 1)]
    if digits is None:
        return [(None, places)]
    return [(max(digits - places, 0), min(places, digits))]


def decimals(digits: int | None, places: int | None, sign: str = "-?") -> str:
    """Decimals as ``str`` writes them, of so many digits, so many of them after the point.

    Trailing zeros do not count, as in pydantic.
    """
    if digits is None and places is None:
        return f"{sign}(?:{DECIMAL.removeprefix('-?')})"
    parts = [zero(digits, places)]
    ways = splits(digits, places)
    for before, after in ways:
        if before == 0:
            parts += [rf"0\.\d{{1,{after}}}0*"] if after else []
        else:
            more = "*" if before is None else f"{{0,{before - 1}}}"
            parts.append(rf"(?:0|[1-9]\d{more})" + _fraction(after))
    # In scientific notation: 1.5E+3 has no places, and 1.5E-7 eight.
    most = ways[0][0]
    if most is None:
        parts.append(r"[1-9](?:\.\d+)?E\+\d{1,18}")
    else:
        parts += [rf"[1-9]{_fraction(power)}E\+{power}" for power in range(1, most)]
    deepest = ways[-1][1]
    parts += [rf"[1-9]{_fraction(deepest - power)}E-{power}" for power in range(7, deepest + 1)]
    return f"{sign}(?:{'|'.join(parts)})"


def zero(digits: int | None, places: int | None) -> str:
    """Zeros, which may have any exponent; a negative one where no digit is before the point."""
    if has_zero(digits, places):
        return r"0(?:\.0+)?(?:E[+-]?\d{1,18})?"
    return r"0\.0+|0E-\d{1,18}"


def has_zero(digits: int | None, places: int | None) -> bool:
    """Whether pydantic takes 0 for a decimal of so many digits, so many after the point."""
    return digits is None or places is None or places < digits


def _fraction(places: int) -> str:
    """Digits after a point, or none; zeros beyond so many places do not count."""
    return rf"(?:\.\d{{1,{places}}}0*)?" if places else r"(?:\.0+)?"
