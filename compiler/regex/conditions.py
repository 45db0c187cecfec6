"""Conditions on the rest of a text: monotone Boolean functions, each with one form.

A variable says that what is left of the text leads from a place of a pattern to its end, or that
it does not; these are two variables, so that negation is never written. A condition is the set of
its least implicants, each a set of variables as the bits of an integer: ``{0}`` holds always, the
empty set never. A monotone function has one such set, so equal conditions are equal sets; of a
variable and its opposite nothing is known, which costs states and nothing else.

Cost: unions are linear where all implicants are single variables, as for a pattern that does not
look around; else quadratic. The number of implicants is bounded by ``MAX_IMPLICANTS``, and all the
work by a budget: a unit of it is an implicant that is made, or eight that are compared.
Rejected: decision diagrams (the recursion over hundreds of variables is too deep for Python).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from grammarlib.errors import CompileBudgetExceeded

__all__ = ["ALWAYS", "MAX_IMPLICANTS", "NEVER", "Condition", "Conditions"]

Condition = frozenset[int]

ALWAYS: Final[Condition] = frozenset({0})
NEVER: Final[Condition] = frozenset()
MAX_IMPLICANTS: Final = 4_000
"""Most implicants of a condition."""
_COMPARED: Final = 8
"""Comparisons that cost as much as making an implicant."""


class Conditions:
    """What is made of conditions, within a budget.

    Parameters
    ----------
    budget : int
        How much work there may be.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._left = budget

    def spend(self, work: int) -> None:
        """Count work.

        Raises
        ------
        CompileBudgetExceeded
            If it is too much.
        """
        self._left -= work
        if self._left < 0:
            raise CompileBudgetExceeded(f"{self._budget} steps to place a pattern's look-arounds")

    def any_of(self, conditions: Iterable[Condition]) -> Condition:
        """Return the condition that one of these holds."""
        return self._least({implicant for condition in conditions for implicant in condition})

    def all_of(self, one: Condition, other: Condition) -> Condition:
        """Return the condition that both hold."""
        if one == ALWAYS:
            return other
        if other == ALWAYS:
            return one
        if len(one) * len(other) > MAX_IMPLICANTS:
            raise _over_budget()
        return self._least({a | b for a in one for b in other})

    def opposite(self, condition: Condition) -> Condition:
        """Return the condition that this one does not hold.

        A variable's opposite is its neighbour.
        """
        result = ALWAYS
        for implicant in sorted(condition):
            result = self.all_of(result, frozenset(1 << (bit ^ 1) for bit in _bits(implicant)))
        return result

    def replaced(self, condition: Condition, value: Callable[[int], Condition]) -> Condition:
        """Return the condition with all variables replaced at once."""
        met = []
        for implicant in condition:
            self.spend(implicant.bit_count())
            found = ALWAYS
            for bit in _bits(implicant):
                found = self.all_of(found, value(bit))
                if not found:
                    break
            met.append(found)
        return met[0] if len(met) == 1 else self.any_of(met)

    def _least(self, implicants: set[int]) -> Condition:
        """Return those that hold no other one."""
        if 0 in implicants:
            return ALWAYS
        self.spend(len(implicants))
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
        compared = 0
        for implicant in sorted(more, key=int.bit_count):
            if implicant & singles:
                continue
            compared += len(kept)
            if not any([implicant & other == other for other in kept]):
                kept.append(implicant)
        self.spend(compared // _COMPARED)
        return frozenset([*kept, *[i for i in implicants if i & (i - 1) == 0]])


def _bits(implicant: int) -> Iterable[int]:
    while implicant:
        low = implicant & -implicant
        yield low.bit_length() - 1
        implicant ^= low


def _over_budget() -> CompileBudgetExceeded:
    return CompileBudgetExceeded(
        f"{MAX_IMPLICANTS} ways in which a pattern's look-arounds may hold"
    )
