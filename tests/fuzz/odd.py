"""Values that a call may be handed by mistake."""

from __future__ import annotations

import random
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

__all__ = ["nested", "odd_key", "odd_number", "odd_value"]

NUMBERS: list[Any] = [
    *(0, 1, -1, 2, 3, 7, 255, 10**6, 2**31 - 1, 2**31, 2**32, -(2**31) - 1, 2**53 + 1),
    *(2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 2**70, -(2**70), 10**399, 10**400),
    *(10**5000, 0.0, -0.0, 0.1, 2.5, -1.5, 3.0, 1e16, 1e-7, 1e308, 5e-324, 1e300),
    *(float("nan"), float("inf"), float("-inf"), True, False),
    *(Decimal("0.1"), Decimal("NaN"), Decimal("1E+999999"), Decimal("1E-999999"), Decimal("sNaN")),
    *(Decimal("-Infinity"), Decimal(10) ** 390, Fraction(1, 3), 1j),
    *(np.int32(3), np.int64(-1), np.float32(1.5), np.float64("nan"), np.bool_(True), np.uint8(7)),
]
TEXTS: list[Any] = [
    *("", "x", "a" * 3, "\ud800", "a\udfff", "\x00", "\u2028", "é", "😀", "true", "null", "-1"),
    *("../x", "#", "/", "~", "%", "{", "}", "\\", '"', "a" * 50_000),
    *(b"", b"x", b"{}", b"\xff\xfe", b'{"type":"string"}', bytearray(b"x"), memoryview(b"x")),
]


class _Text(str):
    """A subclass, as libraries of paths and markup have them."""


class _Number(int):
    """A subclass, as enumerations are."""


def _things() -> list[Any]:
    return [
        *(None, [], {}, (), set(), frozenset({1}), [None], [-1], [[]], {"": None}, {1: 2}),
        *({None: 0}, {(1, 2): 3}, {"\ud800": 1}, object(), object, len, lambda: 0, range(3)),
        *(iter([1, 2]), OrderedDict(a=1), defaultdict(dict), MappingProxyType({"a": 1})),
        *(_Text("x"), _Number(3), Exception("x"), NotImplemented, ..., slice(1)),
        *(np.zeros(3, np.int32), np.zeros((2, 2), np.float64), np.zeros((1, 2, 3), np.int32)),
        *(np.array(["x"]), np.array(None), np.zeros(0, np.int32), [1, "x"], ["x", None], [1e999]),
    ]


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    """A value wrapped again and again."""
    value: Any = 0
    for _ in range(depth):
        value = wrap(value)
    return value


def _deep(r: random.Random) -> Any:
    wraps: list[Callable[[Any], Any]] = [
        lambda inner: [inner],
        lambda inner: {"not": inner},
        lambda inner: {"properties": {"a": inner}},
        lambda inner: {"items": inner},
        lambda inner: {"allOf": [inner]},
        lambda inner: {"a": inner},
        lambda inner: (inner,),
    ]
    return nested(r.choice([60, 198, 205, 3000, 100_000]), r.choice(wraps))


def _endless(r: random.Random) -> Any:
    """A value that holds itself."""
    if r.random() < 0.5:
        items: list[Any] = [1]
        items.append(items)
        return items
    members: dict[str, Any] = {"type": "object"}
    members[r.choice(["properties", "$defs", "a"])] = {"a": members}
    members[r.choice(["not", "items", "const", "anyOf"])] = r.choice([members, [members]])
    return members


def odd_number(r: random.Random) -> Any:
    """A number of any size and type."""
    return r.choice(NUMBERS)


def odd_key(r: random.Random) -> Any:
    """What stands where a key should: often no string."""
    return r.choice([None, 1, 2.5, True, (1,), b"type", "\ud800", "", "$ref", "type", "a/b~c%25"])


def odd_value(r: random.Random) -> Any:
    """Any value at all."""
    chance = r.random()
    if chance < 0.35:
        return odd_number(r)
    if chance < 0.6:
        return r.choice(TEXTS)
    if chance < 0.95:
        return r.choice(_things())
    return _deep(r) if chance < 0.98 else _endless(r)
