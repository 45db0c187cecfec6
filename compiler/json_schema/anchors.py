"""The names that a schema resource gives to places in it.

``$anchor`` and ``$dynamicAnchor``, and ``$id`` (``id``) with nothing but a fragment before them.
Only subschemas have names: what stands in a constant, an annotation or an unknown keyword is no
schema, and an embedded resource has names of its own. A name that is given twice means the first.

Sources: JSON Schema core, draft 2020-12, §8.2.2; draft 7, §8.2.3. Rejected: the look-up of
``referencing``, for which every reference to a dynamic anchor is a dynamic one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.draft import Draft
    from grammarlib.compiler.json_schema.pointers import Path

__all__ = ["BY_NAME", "Anchor", "anchors", "identifier_of"]

BY_NAME = frozenset(
    {"$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"}
)
"""Keywords that hold schemas by name."""
_INSIDE = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "allOf",
        "anyOf",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "oneOf",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
"""Keywords that hold a schema, or an array of them."""
_ALWAYS = frozenset({"$defs", "contentSchema", "definitions"})
"""Those of them that assert nothing, in drafts that know no such keyword too."""


class Anchor(NamedTuple):
    """A place that has a name."""

    schema: dict[str, object]
    path: Path
    dynamic: bool


def anchors(root: object, path: Path, draft: Draft) -> dict[str, Anchor]:
    """Return the names in a resource, given its root and where that stands."""
    found: dict[str, Anchor] = {}
    todo: list[tuple[object, Path]] = [(root, path)]
    while todo:
        schema, path = todo.pop()
        if not isinstance(schema, dict):
            continue
        identifier = identifier_of(schema, draft)
        if identifier is not None:
            if not identifier.startswith("#") and schema is not root:
                continue  # a resource of its own
            if draft.reference_stands_alone and identifier.startswith("#"):
                found.setdefault(identifier[1:], Anchor(schema, path, False))
        if not draft.reference_stands_alone:
            for keyword in ("$dynamicAnchor", "$anchor"):
                name = schema.get(keyword)
                if isinstance(name, str) and (keyword == "$anchor" or _is_dynamic(draft)):
                    found.setdefault(name, Anchor(schema, path, keyword == "$dynamicAnchor"))
        todo += reversed(list(_subschemas(schema, path, draft)))
    return found


def identifier_of(schema: dict[str, object], draft: Draft) -> str | None:
    """Return what a schema calls itself, unless ``$ref`` hides it."""
    if draft.reference_stands_alone and "$ref" in schema:
        return None
    identifier = schema.get(draft.id_keyword)
    return identifier if isinstance(identifier, str) else None


def _is_dynamic(draft: Draft) -> bool:
    return "$dynamicRef" in draft.keywords


def _subschemas(
    schema: dict[str, object], path: Path, draft: Draft
) -> Iterator[tuple[object, Path]]:
    for keyword, value in schema.items():
        if keyword not in draft.keywords and keyword not in _ALWAYS:
            continue
        place = (path, keyword)
        if keyword in BY_NAME and isinstance(value, dict):
            yield from ((inner, (place, name)) for name, inner in value.items())
        elif keyword in _INSIDE:
            if isinstance(value, list | tuple):
                yield from ((inner, (place, i)) for i, inner in enumerate(value))
            else:
                yield value, place
