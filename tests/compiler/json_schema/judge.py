"""Verdicts on instances: the front end's, read from its recorded calls, and jsonschema's."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from jsonschema.validators import validator_for

from grammarlib import _core
from grammarlib.compiler.json_schema import lower
from grammarlib.errors import InvalidSchema, UnsupportedSchema
from tests.compiler.json_schema import core
from tests.oracle.value_calls import Call, Recorder

DRAFTS = {
    "4": "http://json-schema.org/draft-04/schema#",
    "6": "http://json-schema.org/draft-06/schema#",
    "7": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}


class Lowered:
    """A document as the front end says it; call it to judge an instance."""

    def __init__(self, schema: Any, **options: Any) -> None:
        self.recorder = Recorder()
        self.root, self.unenforced = lower(schema, self.recorder, **options)

    def __call__(self, instance: object) -> bool:
        return self.recorder.accepts(self.root, instance)

    def calls(self, *kinds: str) -> list[Call]:
        """The recorded calls of some kinds, without the fixed values."""
        return [call for call in self.recorder.calls[2:] if not kinds or call[0] in kinds]

    def value(self) -> Call:
        """The call that made the root's value."""
        return self.recorder.calls[self.recorder.meanings[self.root]]


def in_draft(schema: dict[str, Any], draft: str) -> dict[str, Any]:
    return {"$schema": DRAFTS[draft], **schema}


def by_jsonschema(schema: Any, instance: object) -> bool:
    validator = validator_for(schema, default=jsonschema.Draft202012Validator)
    checked = validator(schema, format_checker=validator.FORMAT_CHECKER)
    return bool(checked.is_valid(instance))


def by_core(schema: Any, order: str = "any") -> _core.Compiled:
    builder = _core.SchemaBuilder(b"\x01", order)
    return builder.build(lower(schema, builder).root, core.single_bytes().core)


def core_accepts(compiled: _core.Compiled, instance: object) -> bool:
    return core.accepts(compiled, json.dumps(instance, ensure_ascii=False, separators=(",", ":")))


def invalid_at(schema: Any, **options: Any) -> str:
    """The pointer at which the front end finds the document malformed; "valid" if it does not."""
    try:
        Lowered(schema, **options)
    except InvalidSchema as error:
        return error.pointer
    return "valid"


def refused_at(schema: Any, **options: Any) -> tuple[str, str]:
    """Pointer and keyword of what the front end refuses; empty if it refuses nothing."""
    try:
        Lowered(schema, **options)
    except UnsupportedSchema as error:
        return error.pointer, error.keyword
    return "", ""
