"""What distinguishes one draft of JSON Schema from another, as data.

A draft is a table from keyword to the function that says what the keyword means, and the few
switches that are no keywords. A keyword that is not in the table asserts nothing in that draft: it
is an annotation or unknown. The tables themselves are in ``drafts``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["Draft", "Keyword", "Meaning"]

Meaning = Callable[["Lowering", "Subschema", str, object], int | None]
"""What a keyword asserts, as a value handle; None if it asserts nothing where it stands."""

Keyword = tuple[int, Meaning]
"""A bit and a meaning. Keywords that are read together share a bit: the first of them speaks for
all. The bit 0 is for those that speak for themselves."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """One draft of JSON Schema.

    Attributes
    ----------
    name : str
        What ``formats`` calls it.
    uri : str
        The URI of its meta-schema, without a trailing ``#``.
    id_keyword : str
        ``id`` or ``$id``.
    reference_stands_alone : bool
        Whether ``$ref`` hides every keyword beside it.
    boolean_schemas : bool
        Whether ``true`` and ``false`` are schemas.
    integer_by_spelling : bool
        Whether ``1.0`` is no integer.
    keywords : mapping of str to Keyword
        The keywords that assert something.
    """

    name: str
    uri: str
    id_keyword: str
    reference_stands_alone: bool
    boolean_schemas: bool
    integer_by_spelling: bool
    keywords: Mapping[str, Keyword]
