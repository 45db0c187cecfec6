"""JSON text to Python data, for texts that ``json.loads`` refuses although they are JSON.

``json.loads`` recurses, so a thousand nested arrays raise ``RecursionError``, and Python refuses
whole numbers of more than 4,300 digits. A generated text can hold either. Everything else is as
``json.loads`` has it. Cost: that of ``json.loads``; the loop runs only after it gave up.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

__all__ = ["parse_json"]

_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}:]+')
_BLANKS = re.compile(r"[ \t\n\r]*")
_SAFE_DIGITS = 4000  # below Python's limit of 4,300


def parse_json(text: str) -> object:
    """The value of a JSON text.

    Raises
    ------
    ValueError
        If it is not JSON.
    """
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError:
        return _parse_nested(text)


def _whole(digits: str) -> int:
    # Through Decimal, which has no limit of digits.
    return int(digits) if len(digits) < _SAFE_DIGITS else int(Decimal(digits))


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
            scalar = json.loads(match[0], parse_int=_whole)
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
