"""``Reader``: JSON text to an instance, by pydantic, without loss.

Text is read by ``validate_json``, so a strict model takes dates and enums from their spellings. Two
things are read otherwise than pydantic would have it, by spelling numbers anew before it sees them:

- ``1.0`` and ``1e2`` are integers in JSON Schema, but not in pydantic's strict mode, and past 2⁵³
  not in any. Whole numbers that no float holds are spelled with digits; the others only where
  pydantic refuses the text as it stands, so that ``int | float`` keeps its floats.
- pydantic reads every fraction as a float, also into a ``Decimal``. Where the type has decimals,
  numbers that no float holds are given as text, which keeps their digits; where that does not do
  (strict floats), they are given as they are.

So a text is read up to three times; nearly always once. What validators ask beyond the schema is
known only here: `InvalidValue`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from grammarlib.errors import InvalidValue

__all__ = ["Reader"]

_STRING_OR_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?')
_MOST_DIGITS = 4000  # longer integers are refused by Python and by pydantic
_SHOWN_FAULTS = 3


class Reader:
    """Reads the JSON texts of a type.

    Parameters
    ----------
    adapter : pydantic.TypeAdapter
        The type.
    decimals : bool
        Whether the type has decimals.
    finish : callable, optional
        What is made of what pydantic returns.
    """

    def __init__(
        self,
        adapter: TypeAdapter[Any],
        *,
        decimals: bool = False,
        finish: Callable[[Any], Any] | None = None,
    ) -> None:
        self._adapter = adapter
        self._decimals = decimals
        self._finish = finish

    def read(self, text: str) -> Any:
        """The instance that a text stands for.

        Raises
        ------
        InvalidValue
            If the type's validators refuse it.
        """
        value = self._validated(text)
        return value if self._finish is None else self._finish(value)

    def _validated(self, text: str) -> Any:
        spellings = [
            _spelled(text, every_whole=False, quoted=self._decimals),
            _spelled(text, every_whole=True, quoted=self._decimals),
            _spelled(text, every_whole=True, quoted=False),
        ]
        for spelling in dict.fromkeys(spellings):
            try:
                return self._adapter.validate_json(spelling)
            except ValidationError as error:
                last = error
        raise InvalidValue(text, _reason(last)) from last


def _spelled(text: str, *, every_whole: bool, quoted: bool) -> str:
    """JSON text with some numbers spelled otherwise.

    Whole numbers with digits alone: every one, or those that no float holds. Where ``quoted``,
    other numbers that no float holds become strings.
    """

    def spell(match: re.Match[str]) -> str:
        spelling = match[0]
        if spelling.startswith('"') or spelling.lstrip("-").isdigit():
            return spelling
        try:
            number = Decimal(spelling)
        except InvalidOperation:  # an exponent of nineteen digits
            return spelling
        held = number == Decimal(repr(float(spelling)))
        if number.adjusted() < _MOST_DIGITS and number == number.to_integral_value():
            return str(int(number)) if every_whole or not held else spelling
        return spelling if held or not quoted else f'"{spelling}"'

    return _STRING_OR_NUMBER.sub(spell, text)


def _reason(error: ValidationError) -> str:
    faults = [
        f"{''.join(f'/{step}' for step in fault['loc']) or '(root)'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_context=False)
    ]
    more = len(faults) - _SHOWN_FAULTS
    return "; ".join(faults[:_SHOWN_FAULTS]) + (f"; and {more} more" if more > 0 else "")
