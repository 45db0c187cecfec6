"""What is known of a document's language without the compiler: by `jsonschema`, where it can tell.

It does not know formats, speaks another dialect of patterns, follows references of its own reading,
and fails on some malformed documents; of all these nothing is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import jsonschema
from jsonschema.validators import validator_for

import grammarlib as gl
from tests.fuzz.case import Case, Finding
from tests.fuzz.laws import attempt, refused
from tests.oracle import json_text

__all__ = ["Judge"]

_TURNING = ("not", "oneOf", "if", "maxContains", "unevaluated")


class Judge:
    """Judges what the compiler says of one grammar.

    Parameters
    ----------
    case : Case
    grammar : JSONSchema
    """

    def __init__(self, case: Case, grammar: gl.JSONSchema) -> None:
        self._case = case
        self._grammar = grammar
        try:
            self._text = json.dumps(self._grammar.schema, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            self._text = ""
        self._well_formed = bool(self._text) and self._is_well_formed()

    def _is_well_formed(self) -> bool:
        """Whether the judges have the same document before them as the compiler."""
        schema = json.loads(self._text)
        if len(self._text) > 20_000 or schema != self._grammar.schema:
            return False  # keys that are no strings, tuples
        if re.search(
            r'"\$?(id|anchor|dynamicAnchor|dynamicRef|recursiveRef|vocabulary)"', self._text
        ):
            return False  # other readings of where a reference leads are as good
        if self._text.count('"$schema"') > 1 or '"$ref": "http' in self._text:
            return False
        try:
            validator = validator_for(schema, default=jsonschema.Draft202012Validator)
            validator.check_schema(schema)
        except Exception:  # also where jsonschema's own walk fails
            return False
        self._case.count("judged documents")
        return True

    def invalid(self, error: gl.InvalidSchema) -> None:
        """A document was called malformed, which its meta-schema does not."""
        if self._well_formed and "$ref" not in self._text and "attern" not in self._text:
            raise Finding("what is well formed is taken", str(error))

    def empty(self, values: Iterable[Any]) -> None:
        """A language was called empty."""
        for value in values:
            text = self._valid(value)
            if text is not None:
                raise Finding("a language with a member is not empty", text)

    def member(self, data: bytes, unenforced: Sequence[object]) -> None:
        """A text that was ended is JSON, and valid."""
        try:
            text = data.decode()
            spelled = max(map(len, re.findall("[0-9]+", text)), default=0)
            if spelled < 4000:
                json_text.value_of(text)
        except ValueError as error:
            raise Finding("texts are JSON", f"{data!r}: {error}") from error
        if self._well_formed and not unenforced and self._usual_blanks() and not self._turned():
            blanks = json_text.FLEXIBLE if self._grammar.whitespace == "flexible" else ""
            fault = self._fault(text, blanks)
            if isinstance(fault, str):
                raise Finding("texts are valid", f"{data!r}: {fault}")

    def instance(self, value: Any, compiled: gl.CompiledGrammar) -> None:
        """A valid instance is accepted, where any order of keys is."""
        text = self._valid(value)
        if text is None:
            return
        self._case.count("valid instances")
        matcher = compiled.matcher()
        taken = attempt(self._case, lambda: matcher.accept_bytes(text.encode()))
        if not refused(taken) and not (taken and matcher.is_accepting()):
            raise Finding("valid instances are accepted", text)

    def _turned(self) -> bool:
        """Whether a format, unknown here, may stand where what is invalid makes something valid."""
        formats = '"format"' in self._text and self._grammar.format == "assert"
        return formats and any(f'"{keyword}' in self._text for keyword in _TURNING)

    def _usual_blanks(self) -> bool:
        return self._grammar.whitespace in ("flexible", "compact")

    def _valid(self, value: Any) -> str | None:
        """The text of a valid instance that must be accepted; None if nobody can tell."""
        if not (self._well_formed and self._usual_blanks()):
            return None
        if self._grammar.property_order != "any":
            return None
        if '"format"' in self._text and self._grammar.format == "assert":
            return None
        try:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            text.encode()
        except (TypeError, ValueError, RecursionError):
            return None
        plain = text.isascii() and text.isprintable() and "\\" not in text
        if "attern" in self._text and not plain:
            return None  # no judgement on other texts
        if max(map(len, re.findall("[0-9]+", text)), default=0) > 400:
            return None
        return text if self._fault(text, "") is None else None

    def _fault(self, text: str, blanks: str) -> str | bool | None:
        """What is wrong with a text; False where nobody can tell."""
        if _other_dialect(self._text):
            return False
        self._case.note("judged", text)
        try:
            return json_text.fault(self._grammar.schema, text, blanks)
        except Exception:  # a reference or a form that jsonschema cannot follow
            return False


def _other_dialect(text: str) -> bool:
    """Whether patterns may mean something else to Python: anything but the plainest do."""
    if "attern" not in text:
        return False
    return (
        bool(re.search(r"\\\\|\[\]|\[\^\]|\(\?|\{,|\[\[|&&|--|\|\||~~", text)) or not text.isascii()
    )
