"""Decimals: JSON numbers, and the text that pydantic writes.

As numbers: bounds and factors as they are, and for each way to have so many digits before the point
and so many after it the numbers that do. As text: patterns of ``numerals``, where a decimal has no
bounds but its sign. A decimal with other bounds is a number only, since a pattern of all numerals
between two bounds would be long, and every such decimal is a number in JSON too.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, Final, TypeAlias

from pydantic_core import core_schema

from grammarlib.compiler.python_types import numerals

__all__ = ["numbers", "text"]

Schema: TypeAlias = core_schema.DecimalSchema
# What pydantic calls a bound, what JSON Schema does, and where numbers within it lie.
_BOUNDS: Final = (
    ("ge", "minimum", math.inf),
    ("gt", "exclusiveMinimum", math.inf),
    ("le", "maximum", -math.inf),
    ("lt", "exclusiveMaximum", -math.inf),
    ("multiple_of", "multipleOf", 0),
)


def numbers(schema: Schema) -> list[dict[str, Any]]:
    """Schemas of numbers, any of which will do."""
    bounds: dict[str, Any] = {"type": "number"}
    for name, keyword, within in _BOUNDS:
        value: Any = schema.get(name)
        if value is not None and Decimal(str(value)).is_finite():
            bounds[keyword] = _number(Decimal(str(value)), within)
    digits, places = schema.get("max_digits"), schema.get("decimal_places")
    if digits is None and places is None:
        return [bounds]
    if not numerals.has_zero(digits, places):
        bounds["not"] = {"const": 0}
    return [
        _with_digits(bounds, before, after) for before, after in numerals.splits(digits, places)
    ]


def text(schema: Schema) -> str | None:
    """A pattern of decimals as text; None where their bounds are not told by the sign alone."""
    bounds: dict[str, Any] = {
        name: value for name, _, _ in _BOUNDS if (value := schema.get(name)) is not None
    }
    digits, places = schema.get("max_digits"), schema.get("decimal_places")
    if not bounds:
        return numerals.decimals(digits, places)
    if bounds == {"ge": 0}:
        return f"-(?:{numerals.zero(digits, places)})|{numerals.decimals(digits, places, sign='')}"
    if bounds == {"gt": 0}:
        return "(?=[^E]*[1-9])" + numerals.decimals(digits, places, sign="")
    return None


def _with_digits(bounds: dict[str, Any], before: int | None, after: int) -> dict[str, Any]:
    """Numbers within bounds, of so many digits before the point and after it."""
    said: dict[str, Any] = {"multipleOf": 1 if after == 0 else float(f"1e-{after}")}
    if before is not None:
        said |= {"exclusiveMinimum": -(10**before), "exclusiveMaximum": 10**before}
    if said.keys() & bounds.keys():
        return {**bounds, "allOf": [said]}
    return {**bounds, **said}


def _number(exact: Decimal, within: float) -> int | float:
    """A number as schemas have it; where no float is equal, the next one within the bound."""
    if exact == exact.to_integral_value() and exact.adjusted() < 400:
        return int(exact)
    near = float(exact)
    over = Decimal(repr(near)) - exact
    if (within > 0 and over < 0) or (within < 0 and over > 0):
        return math.nextafter(near, within)
    return near
