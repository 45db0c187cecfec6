"""JSON Schemas that stand in a grammar.

All of a grammar's schemas are lowered into one builder, so they share what is equal. What holds for
a whole builder (white space and the order of keys) must be the same for all of them.

A text is refused while it is read where two JSON values are under way in it that begin at different
places: the facts of a text that schemas ask about are kept once.
"""

from __future__ import annotations

from grammarlib import _core
from grammarlib.compiler.cfg.form import Form, Value, nodes
from grammarlib.compiler.json_schema import lower
from grammarlib.errors import UnsupportedGrammar

__all__ = ["lower_schemas"]


def lower_schemas(form: Form) -> tuple[_core.SchemaBuilder | None, dict[Value, int]]:
    """Lower the schemas of a form.

    Returns
    -------
    tuple of (SchemaBuilder or None, dict of Value to int)
        The builder, and the handle of each schema's values.

    Raises
    ------
    UnsupportedGrammar
        If two schemas differ in ``whitespace`` or ``property_order``, or record keywords.
    UnsupportedSchema, InvalidSchema
        As :func:`grammarlib.compile` does.
    """
    values = [
        node
        for production in form.productions()
        for node in nodes(production.body)
        if isinstance(node, Value)
    ]
    if not values:
        return None, {}
    first = values[0].schema
    builder = _core.SchemaBuilder(first.whitespace_program(), first.property_order)
    made: dict[Value, int] = {}
    for value in values:
        schema = value.schema
        if (schema.whitespace, schema.property_order) != (first.whitespace, first.property_order):
            raise UnsupportedGrammar(
                "schemas of one grammar have the same whitespace and property_order", "JSONSchema"
            )
        if schema.unsupported != "error":
            raise UnsupportedGrammar(
                "a schema within a grammar is enforced whole: unsupported='record' is for schemas "
                "by themselves",
                "JSONSchema",
            )
        made[value], _ = lower(
            schema.schema,
            builder,
            format=schema.format,
            formats=schema.formats,
            registry=schema.registry,
            unsupported=schema.unsupported,
        )
    return builder, made
