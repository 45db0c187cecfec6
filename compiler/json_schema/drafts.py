"""The drafts: which keywords assert something in each, and what they mean there.

A keyword that is missing from a draft's table asserts nothing in that draft. A later draft's table
is the earlier one's, changed where the specification changed. Draft 3 and older are not known:
their ``extends``, ``disallow`` and boolean ``required`` have no place here.

Sources: the validation and core specifications of drafts 4, 6, 7, 2019-09 and 2020-12, and their
meta-schemas.
"""

from __future__ import annotations

from grammarlib.compiler.json_schema.draft import Draft, Keyword, Meaning
from grammarlib.compiler.json_schema.keywords import (
    arrays,
    bounds,
    constants,
    logic,
    objects,
    references,
    strings,
)

__all__ = ["BY_URI", "DEFAULT"]

# Keywords that are read together share a bit. ``properties`` has one of its own: it speaks for all
# keywords about objects, wherever it stands among them.
_STRINGS, _NUMBERS, _ARRAYS, _OBJECTS, _PROPERTIES, _CONDITIONAL = (1 << i for i in range(6))


def _together(bit: int, meaning: Meaning, *keywords: str) -> dict[str, Keyword]:
    return dict.fromkeys(keywords, (bit, meaning))


_DRAFT_4: dict[str, Keyword] = {
    "$ref": (0, references.reference),
    "allOf": (0, logic.all_of),
    "anyOf": (0, logic.any_of),
    "dependencies": (0, logic.dependencies),
    "enum": (0, constants.enum),
    "not": (0, logic.negation),
    "oneOf": (0, logic.one_of),
    "properties": (_PROPERTIES, objects.shape),
    **_together(
        _OBJECTS,
        objects.shape_unless_properties,
        "additionalProperties",
        "maxProperties",
        "minProperties",
        "patternProperties",
        "required",
    ),
    **_together(
        _ARRAYS,
        arrays.shape_by_items,
        "additionalItems",
        "items",
        "maxItems",
        "minItems",
        "uniqueItems",
    ),
    **_together(_STRINGS, strings.text, "format", "maxLength", "minLength", "pattern"),
    **_together(
        _NUMBERS,
        bounds.range_with_flags,
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maximum",
        "minimum",
        "multipleOf",
    ),
}

_DRAFT_6: dict[str, Keyword] = {
    **_DRAFT_4,
    "const": (0, constants.const),
    **_together(_OBJECTS, objects.shape_unless_properties, "propertyNames"),
    **_together(_ARRAYS, arrays.shape_by_items, "contains"),
    **_together(
        _NUMBERS,
        bounds.range_with_numbers,
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maximum",
        "minimum",
        "multipleOf",
    ),
}

_DRAFT_7: dict[str, Keyword] = {
    **_DRAFT_6,
    **_together(_CONDITIONAL, logic.conditional, "else", "if", "then"),
}

_DRAFT_2019_09: dict[str, Keyword] = {
    **_DRAFT_7,
    "$recursiveRef": (0, references.recursive_reference),
    "dependentRequired": (0, logic.dependencies),
    "dependentSchemas": (0, logic.dependencies),
    **_together(_OBJECTS, objects.shape_unless_properties, "unevaluatedProperties"),
    **_together(_ARRAYS, arrays.shape_by_items, "maxContains", "minContains", "unevaluatedItems"),
}
del _DRAFT_2019_09["dependencies"]

_DRAFT_2020_12: dict[str, Keyword] = {
    **_DRAFT_2019_09,
    "$dynamicRef": (0, references.dynamic_reference),
    **_together(
        _ARRAYS,
        arrays.shape_by_prefix,
        "contains",
        "items",
        "maxContains",
        "maxItems",
        "minContains",
        "minItems",
        "prefixItems",
        "unevaluatedItems",
        "uniqueItems",
    ),
}
del _DRAFT_2020_12["additionalItems"]
del _DRAFT_2020_12["$recursiveRef"]


def _draft(name: str, uri: str, keywords: dict[str, Keyword]) -> Draft:
    return Draft(
        name=name,
        uri=uri,
        id_keyword="id" if name == "4" else "$id",
        reference_stands_alone=name in ("4", "6", "7"),
        boolean_schemas=name != "4",
        integer_by_spelling=name == "4",
        keywords=keywords,
    )


_DRAFTS = (
    _draft("4", "http://json-schema.org/draft-04/schema", _DRAFT_4),
    _draft("6", "http://json-schema.org/draft-06/schema", _DRAFT_6),
    _draft("7", "http://json-schema.org/draft-07/schema", _DRAFT_7),
    _draft("2019-09", "https://json-schema.org/draft/2019-09/schema", _DRAFT_2019_09),
    _draft("2020-12", "https://json-schema.org/draft/2020-12/schema", _DRAFT_2020_12),
)

BY_URI = {draft.uri: draft for draft in _DRAFTS}
"""The drafts by the URI of their meta-schema, without a trailing ``#``."""

DEFAULT = _DRAFTS[-1]
"""The draft of a document that names none."""
