"""From a JSON Schema document to value expressions of the core.

:func:`lower` is the way in. ``lowering`` walks the document, ``keywords`` say what each keyword
means, ``drafts`` which draft has which, ``references`` where ``$ref`` leads, ``numbers`` how number
sets are spelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from grammarlib.compiler.formats import format_programs
from grammarlib.compiler.json_schema.builder import SchemaBuilder
from grammarlib.compiler.json_schema.drafts import BY_URI, DEFAULT
from grammarlib.compiler.json_schema.lowering import Lowering, Unenforced
from grammarlib.compiler.json_schema.references import Documents
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.regex import Regex

if TYPE_CHECKING:
    from referencing.jsonschema import SchemaRegistry

__all__ = ["Lowered", "SchemaBuilder", "Unenforced", "lower"]


class Lowered(NamedTuple):
    """The value of a document's root, and what was skipped on the caller's wish."""

    root: int
    unenforced: tuple[Unenforced, ...]


def lower(
    schema: object,
    builder: SchemaBuilder,
    *,
    format: Literal["assert", "annotate"] = "assert",
    formats: Mapping[str, str | Regex] | None = None,
    registry: SchemaRegistry | None = None,
    unsupported: Literal["error", "record"] = "error",
) -> Lowered:
    """Say on ``builder`` what a JSON Schema document means.

    Parameters
    ----------
    schema : dict or bool
        The document: drafts 4, 6, 7, 2019-09 or 2020-12, as its ``$schema`` says; 2020-12 if it
        has none.
    builder : SchemaBuilder
        Where the values are made.
    format : {"assert", "annotate"}
        Whether ``format`` asserts. Formats that nobody defines never do.
    formats : mapping of str to str or Regex, optional
        Formats of the caller's own, as patterns of the whole text.
    registry : referencing.Registry, optional
        Other documents that ``$ref`` may lead to. Nothing else is ever retrieved.
    unsupported : {"error", "record"}
        What to do with a keyword that is not enforced: raise, or skip it and record it.

    Returns
    -------
    Lowered
        ``root`` and ``unenforced``.

    Raises
    ------
    InvalidSchema
        If a keyword has a value that its specification forbids.
    UnsupportedSchema
        If a keyword asserts something that is not enforced.
    CompileBudgetExceeded
        If schemas nest deeper than 200, or are more than 300,000.
    """
    documents = Documents(BY_URI, registry)
    programs = format_programs(formats or {}) if format == "assert" else None
    lowering = Lowering(builder, documents, formats=programs, record=unsupported == "record")
    try:
        root = lowering.run(schema, DEFAULT)
    except RecursionError:  # the caller's own stack was nearly full
        raise CompileBudgetExceeded("the Python stack") from None
    return Lowered(root, tuple(lowering.unenforced))
