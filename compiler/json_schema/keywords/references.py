"""``$ref`` and its dynamic forms: the value of another schema, in place.

``$recursiveRef`` and ``$dynamicRef`` mean what ``$ref`` means unless the schema they lead to is
marked as an anchor that callers may override; then they are refused.
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
    root = here.scope.root
    if isinstance(root, dict) and root.get("$recursiveAnchor") is True:
        lowering.refuse(path, "the dynamic scope is not followed")
        return None
    return lowering.reference(value, path, here.scope)


def dynamic_reference(
    lowering: Lowering, here: Subschema, keyword: str, value: object
) -> int | None:
    """The schema that a URI reference leads to, unless a dynamic anchor overrides it."""
    path = (here.path, keyword)
    if not isinstance(value, str):
        raise invalid(path, "must be a string")
    target = here.scope.resolve(value, path)[0]
    fragment = value.partition("#")[2]
    if isinstance(target, dict) and fragment and target.get("$dynamicAnchor") == fragment:
        lowering.refuse(path, "the dynamic scope is not followed")
        return None
    return lowering.reference(value, path, here.scope)
