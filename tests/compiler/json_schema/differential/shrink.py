"""A smaller document with the same fault, found greedily.

Anything may be left out of a document, a remote or an instance, or be replaced by a part of itself;
a change stays if the fault does. The predicate judges again from scratch, so whatever it raises is
"no fault": a document that lost the target of a reference just does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

KEPT = {"$schema"}


def shrink(value: Any, fails: Callable[[Any], bool], tries: int = 10_000) -> Any:
    """The smallest value met that still fails; ``fails(value)`` has to hold."""
    improved = True
    while improved:
        improved = False
        for smaller in smaller_than(value):
            tries -= 1
            if tries < 0:
                return value
            if fails(smaller):
                value, improved = smaller, True
                break
    return value


def smaller_than(value: Any) -> Iterator[Any]:
    """One thing left out, or replaced by something simpler; the largest steps first."""
    if isinstance(value, dict):
        yield from (inner for inner in value.values() if isinstance(inner, dict))
        yield from (x for inner in value.values() if isinstance(inner, list) for x in inner
                    if isinstance(x, dict))  # fmt: skip
        for key in value:
            if key not in KEPT:
                yield {other: inner for other, inner in value.items() if other != key}
        for key, inner in value.items():
            if key not in KEPT:
                yield from ({**value, key: less} for less in smaller_than(inner))
    elif isinstance(value, list):
        yield from (value[:i] + value[i + 1 :] for i in range(len(value)))
        for i, inner in enumerate(value):
            yield from ([*value[:i], less, *value[i + 1 :]] for less in smaller_than(inner))
    elif isinstance(value, str) and len(value) > 1:
        yield from (value[:i] + value[i + 1 :] for i in range(len(value)))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield from (x for x in (0, 1, 2) if x < abs(value))
