"""JSON text to Python data, where ``json.loads`` refuses a text that is JSON or loses its value.

``json.loads`` recurses, so a thousand nested arrays raise ``RecursionError``; Python refuses whole
numbers of more than 4,300 digits; ``1e400`` becomes infinity and ``1e-400`` zero, which need not be
valid where the text is. A generated text can hold all of these. Here the arrays and the digits are
read, and a number too large or too small for a float is an ``int`` where it is whole and has at
most 10,000 digits, else a ``decimal.Decimal``. Everything else is as ``json.loads`` has it.

Cost: that of ``json.loads``, and of a Python call a number; the loop runs only after the recursion
gave up. Rejected: ``Decimal`` for every number (users expect floats).
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["parse_json"]

_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}:]+')
_BLANKS = re.compile(r"[ \t\n\r]*")
_SAFE_DIGITS = 4000  # below Python's limit of 4,300
_MOST_DIGITS = 10_000


def parse_json(text: str) -> object:
    """The value of a JSON text.

    Raises
    ------
    ValueError
        If it is not JSON.
    """
    try:
        return json.loads(text, parse_int=_whole, parse_float=_number)
    except RecursionError:
        return _parse_nested(text)


def _whole(digits: str) -> int:
    # Through Decimal, which has no limit of digits.
    return int(digits) if len(digits) < _SAFE_DIGITS else int(Decimal(digits))


def _number(spelling: str) -> int | float | Decimal:
    number = float(spelling)
    if number != 0 and not math.isinf(number):
        return number
    try:
        exact = Decimal(spelling)
    except InvalidOperation:  # an exponent of nineteen digits
        return number
    if exact == 0:
        return number
    if exact.adjusted() < _MOST_DIGITS and exact == exact.to_integral_value():
        return int(exact)
    return exact


def _parse_nested(text: str) -> object:
    """The same by a loop; the text is JSON as far as the recursion has seen it."""
    root: list[Any] = []
    stack: list[Any] = [root]
    keys: list[str | None] = [None]
    at = _blanks(text, 0)

    def put(value: object) -> None:
        if isinstance(stack[-1], list):
            stack[-1].append(value)
        else:
            stack[-1][keys[-1]] = value

    while at < len(text):
        char = text[at]
        if char in "[{":
            value: Any = [] if char == "[" else {}
            put(value)
            stack.append(value)
            keys.append(None)
            at += 1
        elif char in "]}":
            stack.pop()
            keys.pop()
            at += 1
        elif char == ",":
            at += 1
        else:
            match = _SCALAR.match(text, at)
            if match is None or not stack:
                raise ValueError(f"not JSON at character {at}")
            at = _blanks(text, match.end())
            scalar = json.loads(match[0], parse_int=_whole, parse_float=_number)
            if at < len(text) and text[at] == ":":
                keys[-1] = scalar
                at += 1
            else:
                put(scalar)
        at = _blanks(text, at)
    if len(stack) != 1 or len(root) != 1:
        raise ValueError("not JSON: its brackets do not match")
    return root[0]


def _blanks(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    assert match is not None  # it matches the empty string
    return match.end()
