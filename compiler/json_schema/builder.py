"""What the front end needs of the core: value expressions behind integer handles.

A *value* is a set of JSON values, an *expression* a regular language (over the decoded text of a
string, or over the spelling of a number). The core's ``SchemaBuilder`` satisfies the protocol, and
so does the recorder of the tests, which is how keywords are tested without the core.

Invariants: handles are meaningful only to the builder that gave them out; ``ANY`` and ``NEVER`` are
fixed. ``if_*`` say what the keywords of one type assert: they hold for every value of another type.
"""

from __future__ import annotations

from typing import Final, Protocol

__all__ = [
    "ANY",
    "ARRAY",
    "BOOLEAN",
    "EVERY_TYPE",
    "NEVER",
    "NULL",
    "NUMBER",
    "OBJECT",
    "STRING",
    "SchemaBuilder",
    "intersection_of",
    "union_of",
]

ANY: Final = 0
"""Every JSON value: the schema ``true``."""
NEVER: Final = 1
"""No value: the schema ``false``."""

NULL: Final = 1
BOOLEAN: Final = 2
NUMBER: Final = 4
STRING: Final = 8
ARRAY: Final = 16
OBJECT: Final = 32
EVERY_TYPE: Final = 63


class SchemaBuilder(Protocol):
    """Makes value expressions; every method but ``define`` returns a handle."""

    def regex(self, program: bytes, /) -> int:
        """Return an expression: the language of a regex program."""

    def types(self, mask: int, /) -> int:
        """Return all values of the types in ``mask``."""

    def booleans(self, mask: int, /) -> int:
        """Return false (bit 1), true (bit 2), or both."""

    def strings(self, expression: int, /) -> int:
        """Return the strings whose decoded text is in the expression, and nothing else."""

    def numbers(self, expression: int, /) -> int:
        """Return the numbers spelled by the expression, and nothing else."""

    def string_literals(self, texts: list[str], /) -> int:
        """Return exactly these strings."""

    def if_string(self, expression: int, /) -> int:
        """Return ``strings(expression)`` and everything that is no string."""

    def if_number(self, expression: int, /) -> int:
        """Return ``numbers(expression)`` and everything that is no number."""

    def if_array(
        self,
        prefix: list[int],
        rest: int,
        min_items: int,
        max_items: int | None,
        contains: tuple[int, int, int | None] | None = None,
        unique: bool = False,
        /,
    ) -> int:
        """Return the arrays of this shape and everything that is no array.

        ``contains`` is a value, and how many items must be of it, at least and at most; ``unique``
        arrays hold no two equal items.
        """

    def if_object(
        self,
        properties: list[tuple[str, int]],
        additional: int,
        required: list[str],
        patterns: list[tuple[int, int]] | None = None,
        min_properties: int = 0,
        max_properties: int | None = None,
        /,
    ) -> int:
        """Return the objects of this shape and everything that is no object.

        ``patterns`` are expressions of keys, and the value of each member whose key is such,
        declared or not; ``additional`` speaks of the keys that are neither declared nor such.
        """

    def if_names(self, names: int, /) -> int:
        """Return the objects whose keys are all in a value, and everything that is no object."""

    def negation(self, value: int, /) -> int:
        """Return everything but a value."""

    def all_of(self, values: list[int], /) -> int:
        """Return the intersection; its order is the document order of properties."""

    def any_of(self, values: list[int], /) -> int:
        """Return the union."""

    def reference(self) -> int:
        """Return a value that :meth:`define` gives a meaning later."""

    def define(self, reference: int, value: int, /) -> None:
        """Give ``reference`` its meaning, once."""


def intersection_of(builder: SchemaBuilder, values: list[int]) -> int:
    """Return the intersection; of no values, any value."""
    values = [v for v in values if v != ANY]
    if len(values) == 1:
        return values[0]
    if not values:
        return ANY
    return NEVER if NEVER in values else builder.all_of(values)


def union_of(builder: SchemaBuilder, values: list[int]) -> int:
    """Return the union; of no values, none."""
    values = [v for v in values if v != NEVER]
    if len(values) == 1:
        return values[0]
    return builder.any_of(values) if values else NEVER
