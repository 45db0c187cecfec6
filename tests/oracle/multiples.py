"""Sets of spelled multiples, judged with fractions: members, and beginnings of members.

What a beginning can become is gone through by its shapes: so many digits more before the point, or
one exponent after another. The values of a shape are an interval of steps, and whether a multiple
is among them is a question about a least common multiple. Cost: up to some milliseconds a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, lcm

WHOLE, PLAIN, SCIENTIFIC = 0, 1, 2
MEMBERS = {
    WHOLE: re.compile(r"(0|[1-9][0-9]*)"),
    PLAIN: re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?"),
    SCIENTIFIC: re.compile(r"[1-9](\.[0-9]{1,16})?[eE][+-]?[0-9]{1,3}"),
}
BEGINNINGS = {
    WHOLE: re.compile(r"(0|[1-9][0-9]*)?"),
    PLAIN: re.compile(r"((0|[1-9][0-9]*)(\.[0-9]*)?)?"),
    SCIENTIFIC: re.compile(r"([1-9](\.[0-9]{0,16})?|[1-9](\.[0-9]{1,16})?[eE][+-]?[0-9]{0,3})?"),
}
LONGEST = 60
"""Digits more that are tried; sets of larger numbers are not for this oracle."""


@dataclass(frozen=True)
class Multiples:
    """The multiples of ``modulus`` times 10 to the ``-places`` from ``low`` to ``high``."""

    spelling: int
    modulus: int
    places: int
    low: int
    high: int | None

    @property
    def unit(self) -> Fraction:
        return Fraction(1, 10**self.places)

    def has(self, value: Fraction) -> bool:
        if value < self.low * self.unit or (value / (self.modulus * self.unit)).denominator != 1:
            return False
        return self.high is None or value <= self.high * self.unit

    def holds(self, data: bytes) -> bool:
        text = data.decode("latin-1")
        return bool(MEMBERS[self.spelling].fullmatch(text)) and self.has(Fraction(text))

    def begun(self, data: bytes) -> bool:
        return _begun(self, data.decode("latin-1"))

    def between(self, first: Fraction, last: Fraction, step: Fraction) -> bool:
        """Whether there is a member among first, first + step, ..., last (multiples of step)."""
        first = max(first, self.low * self.unit)
        last = last if self.high is None else min(last, self.high * self.unit)
        own = self.modulus * self.unit
        common = lcm(own.denominator, step.denominator)
        both = Fraction(lcm(int(own * common), int(step * common)), common)
        return ceil(first / both) * both <= last


@lru_cache(maxsize=100_000)
def _begun(of: Multiples, text: str) -> bool:
    if not BEGINNINGS[of.spelling].fullmatch(text):
        return False
    if not text:
        return any(_begun(of, str(digit)) for digit in range(10))
    if of.spelling == SCIENTIFIC:
        return any(of.between(*shape) for shape in _exponent_forms(text))
    if "." in text:
        behind = len(text.partition(".")[2])
        value = Fraction(text + "0")
        step = Fraction(1, 10 ** max(of.places, behind))
        return of.between(value, value + Fraction(1, 10**behind) - step, step)
    step = of.unit if of.spelling == PLAIN else Fraction(1)
    more = range(1 if text == "0" else LONGEST)
    value = int(text)
    return any(
        of.between(Fraction(value * 10**n), Fraction((value + 1) * 10**n) - step, step)
        for n in more
    )


def _exponent_forms(text: str) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """First, last and step of the values that the beginning may come to, for each exponent."""
    mantissa, mark, exponent = text.lower().partition("e")
    behind = len(mantissa.partition(".")[2])
    first = Fraction(mantissa + "0" if mantissa.endswith(".") else mantissa)
    last, step, ends = first, Fraction(1, 10**behind), NEAREST_FIRST
    if mark:
        digits = exponent.strip("+-")
        tails = ["", *(f"{n:0{width}}" for width in (1, 2) for n in range(10**width))]
        own = [digits + tail for tail in tails if 1 <= len(digits + tail) <= 3]
        signs = [-1] if exponent.startswith("-") else [1] if exponent else [1, -1]
        ends = sorted({sign * int(spelling) for sign in signs for spelling in own}, key=abs)
    else:
        step = Fraction(1, 10**16)
        last += Fraction(1, 10**behind) - step
    for end in ends:
        scale = Fraction(10) ** end
        yield first * scale, last * scale, step * scale


NEAREST_FIRST = sorted(range(-999, 1000), key=abs)
