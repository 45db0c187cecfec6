"""``$ref`` and its dynamic forms: the value of another schema, in place.

``$recursiveRef`` and ``$dynamicRef`` mean what ``$ref`` means unless the schema they lead to is
marked as an anchor; then the outermost such anchor of the dynamic scope counts (see ``dynamic``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema.pointers import invalid

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["dynamic_reference", "recursive_reference", "reference"]


def reference(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """The schema that a URI reference leads to."""
    return lowering.reference(value, (here.path, keyword), here.scope)


def recursive_reference(
    lowering: Lowering, here: Subschema, keyword: str, value: object
) -> int | None:
    """The root of the resource, unless a schema that led here overrides it (draft 2019-09)."""
    path = (here.path, keyword)
    if not isinstance(value, str) or value != "#":
        raise invalid(path, "must be '#'")
    return lowering.reference(value, path, here.scope)


def dynamic_reference(
    lowering: Lowering, here: Subschema, keyword: str, value: object
) -> int | None:
    """The schema that a URI reference leads to, unless a dynamic anchor overrides it."""
    return lowering.reference(value, (here.path, keyword), here.scope)
