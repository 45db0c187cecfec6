"""Conditions on the rest of a text: monotone Boolean functions, each with one form.

A variable says that what is left of the text leads from a place of a pattern to its end, or that
it does not; these are two variables, so that negation is never written. A condition is the set of
its least implicants, each a set of variables as the bits of an integer: ``{0}`` holds always, the
empty set never. A monotone function has one such set, so equal conditions are equal sets; of a
variable and its opposite nothing is known, which costs states and nothing else.

Cost: unions are linear where all implicants are single variables, as for a pattern that does not
look around; else quadratic. The number of implicants is bounded by ``MAX_IMPLICANTS``.
Rejected: decision diagrams (the recursion over hundreds of variables is too deep for Python).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from grammarlib.errors import CompileBudgetExceeded

__all__ = [
    "ALWAYS",
    "MAX_IMPLICANTS",
    "NEVER",
    "Condition",
    "all_of",
    "any_of",
    "opposite",
    "replaced",
]

Condition = frozenset[int]

ALWAYS: Final[Condition] = frozenset({0})
NEVER: Final[Condition] = frozenset()
MAX_IMPLICANTS: Final = 4_000
"""Most implicants of a condition."""


def any_of(conditions: Iterable[Condition]) -> Condition:
    """The condition that one of these holds."""
    return _least({implicant for condition in conditions for implicant in condition})


def all_of(one: Condition, other: Condition) -> Condition:
    """The condition that both hold."""
    if one == ALWAYS:
        return other
    if other == ALWAYS:
        return one
    if len(one) * len(other) > MAX_IMPLICANTS:
        raise _over_budget()
    return _least({a | b for a in one for b in other})


def opposite(condition: Condition) -> Condition:
    """The condition that this one does not hold: a variable's opposite is its neighbour."""
    result = ALWAYS
    for implicant in sorted(condition):
        result = all_of(result, frozenset(1 << (bit ^ 1) for bit in _bits(implicant)))
    return result


def replaced(condition: Condition, value: Callable[[int], Condition]) -> Condition:
    """The condition with all variables replaced at once."""
    met = []
    for implicant in condition:
        found = ALWAYS
        for bit in _bits(implicant):
            found = all_of(found, value(bit))
            if not found:
                break
        met.append(found)
    return met[0] if len(met) == 1 else any_of(met)


def _bits(implicant: int) -> Iterable[int]:
    while implicant:
        low = implicant & -implicant
        yield low.bit_length() - 1
        implicant ^= low


def _least(implicants: set[int]) -> Condition:
    """Those that hold no other one."""
    if 0 in implicants:
        return ALWAYS
    singles = 0
    more = []
    for implicant in implicants:
        if implicant & (implicant - 1):
            more.append(implicant)
        else:
            singles |= implicant
    if not more:
        return frozenset(implicants)
    if len(more) > MAX_IMPLICANTS:
        raise _over_budget()
    kept: list[int] = []
    for implicant in sorted(more, key=int.bit_count):
        if implicant & singles or any([implicant & other == other for other in kept]):
            continue
        kept.append(implicant)
    return frozenset([*kept, *[i for i in implicants if i & (i - 1) == 0]])


def _over_budget() -> CompileBudgetExceeded:
    return CompileBudgetExceeded(
        f"{MAX_IMPLICANTS} ways in which a pattern's look-arounds may hold"
    )
