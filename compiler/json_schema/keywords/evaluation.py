"""Which keywords hand on what they evaluated: what ``unevaluated…`` keywords ask about.

Where none of them stands beside it, ``unevaluatedProperties`` says what ``additionalProperties``
says, and ``unevaluatedItems`` what the items past the prefix do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Subschema

__all__ = ["evaluated_elsewhere"]

_IN_PLACE = frozenset(
    {
        "$dynamicRef",
        "$recursiveRef",
        "$ref",
        "allOf",
        "anyOf",
        "dependentSchemas",
        "else",
        "if",
        "oneOf",
        "then",
    }
)


def evaluated_elsewhere(here: Subschema) -> bool:
    """Return whether a keyword beside may evaluate items or properties of the same value."""
    return not _IN_PLACE.isdisjoint(here.schema)
