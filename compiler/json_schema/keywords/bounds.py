"""``minimum``, ``maximum``, their exclusive forms, ``multipleOf``, and integers: sets of numbers.

All of them become one regex program over spellings (see ``numbers``). Draft 4 has a boolean
``exclusiveMinimum``, later drafts a number: two functions.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import NUMBER
from grammarlib.compiler.json_schema.numbers import (
    exact,
    multiples_program,
    number_program,
)
from grammarlib.compiler.json_schema.pointers import invalid

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["number_set", "range_with_flags", "range_with_numbers"]

Bound = tuple[Decimal | None, bool]
"""An end of an interval, None for no end, and whether the end is left out."""


def range_with_numbers(
    lowering: Lowering, here: Subschema, keyword: str, value: object
) -> int | None:
    """Read the keywords about numbers, where ``exclusiveMinimum`` is a bound of its own."""
    return _say(lowering, here, _numbers(here, _bound_or_exclusive))


def range_with_flags(
    lowering: Lowering, here: Subschema, keyword: str, value: object
) -> int | None:
    """Read the keywords about numbers, where ``exclusiveMinimum`` says how to read ``minimum``."""
    return _say(lowering, here, _numbers(here, _bound_with_flag))


def number_set(lowering: Lowering, here: Subschema) -> bytes | None:
    """Return the program of the numbers that ``here`` allows; None if it allows all."""
    flags = here.scope.draft.keywords["minimum"][1] is range_with_flags
    return _numbers(here, _bound_with_flag if flags else _bound_or_exclusive)


def _say(lowering: Lowering, here: Subschema, program: bytes | None) -> int | None:
    if program is None or not here.mask & NUMBER:
        return None
    expression = lowering.regex(program)
    if here.mask == NUMBER:
        here.typed = True
        return lowering.builder.numbers(expression)
    return lowering.builder.if_number(expression)


def _bound_or_exclusive(here: Subschema, keyword: str, exclusive: str) -> Bound:
    bound, other = _bound(here, keyword), _bound(here, exclusive)
    if bound is None:
        return other, True
    if other is None:
        return bound, False
    if keyword == "minimum":
        return (other, True) if other >= bound else (bound, False)
    return (other, True) if other <= bound else (bound, False)


def _bound_with_flag(here: Subschema, keyword: str, exclusive: str) -> Bound:
    bound = _bound(here, keyword)
    if exclusive not in here.schema:
        return bound, False
    where = (here.path, exclusive)
    if bound is None:
        raise invalid(where, f"needs {keyword} beside it")
    return bound, shapes.boolean(here.schema[exclusive], where)


def _bound(here: Subschema, keyword: str) -> Decimal | None:
    if keyword not in here.schema:
        return None
    return exact(shapes.number(here.schema[keyword], (here.path, keyword)))


def _numbers(here: Subschema, bound: Callable[[Subschema, str, str], Bound]) -> bytes | None:
    lower = bound(here, "minimum", "exclusiveMinimum")
    upper = bound(here, "maximum", "exclusiveMaximum")
    by_spelling = here.integer and here.scope.draft.integer_by_spelling
    if "multipleOf" in here.schema:
        where = (here.path, "multipleOf")
        factor = exact(shapes.number(here.schema["multipleOf"], where))
        if factor <= 0:
            raise invalid(where, "must be greater than 0")
        if not here.mask & NUMBER:
            return None
        return multiples_program(factor, *lower, *upper, here.integer, digits_only=by_spelling)
    if lower[0] is None and upper[0] is None and not here.integer:
        return None
    return number_program(*lower, *upper, here.integer, digits_only=by_spelling)
