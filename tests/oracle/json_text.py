"""Is a text JSON, valid against a schema, without repeated keys and with the blanks it may have?

By ``json`` for the text, ``jsonschema`` for the value, and patterns of ``re`` for the blanks and
for the spellings of numbers. Numbers are exact: an integer of any spelling is an ``int``, another
number a ``Fraction``, in the schema as in the text. An exponent beyond
±1100 counts as that: no bound tells such numbers apart.

Where the judges speak another dialect they do not judge: patterns with escapes or flags are judged
on printable ASCII only, formats not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NoReturn

import jsonschema
from jsonschema.validators import extend, validator_for
from jsonschema_specifications import REGISTRY as SPECIFICATIONS

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[][{},:]', re.DOTALL)
LARGEST = 1100
FLEXIBLE = r"\r?\n[ \t]{0,40}|[ \t]{0,2}"
COMPACT = ""
# docs/json_schema.md: the spellings of a number that a bound, a constant or `integer` judges.
ORDINARY = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|-?[1-9](?:\.[0-9]{1,16})?[eE][+-]?[0-9]{1,3}"
    r"|-?0(?:\.0{1,16})?[eE][+-]?[0-9]{1,3}"
)


# Within these a pattern that is taken to hold may make a valid value invalid.
NEGATING = re.compile(r'"(not|oneOf|if|maxContains)"')


class Undecided(Exception):
    """Whether a text is in the language depends on what the judges cannot tell."""


def value_of(text: str, by_spelling: bool = False) -> Any:
    """Read a JSON text; ValueError if it is none, repeats a key, or holds a lone surrogate.

    With ``by_spelling`` an integer is what draft 4 calls one: 1 is, and 1.0 is not.
    """
    value = json.loads(
        text,
        object_pairs_hook=_members,
        parse_float=_fraction if by_spelling else _exact,
        parse_constant=_no_json,
    )
    _check_text(value)
    return value


def blanks_of(text: str) -> Iterator[str]:
    """What stands between the tokens of a JSON text, and before and after them."""
    at = 0
    for token in TOKEN.finditer(text):
        yield text[at : token.start()]
        at = token.end()
    yield text[at:]


def numbers_of(text: str) -> list[str]:
    """The numbers of a JSON text as they are spelled."""
    return [token for token in TOKEN.findall(text) if token[0] in "-0123456789"]


def fault(schema: Any, text: str, blanks: str = FLEXIBLE) -> str | None:
    """What keeps a text from being in the language of a schema; None if nothing does.

    Undecided if that depends on a pattern in another dialect.
    """
    by_spelling = isinstance(schema, dict) and "draft-04" in schema.get("$schema", "")
    try:
        value = value_of(text, by_spelling)
    except ValueError as error:
        return f"no JSON: {error}"
    first, *between, last = blanks_of(text)
    if first or last or not all(re.fullmatch(blanks, blank) for blank in between):
        return "other blanks"
    spelled = json.dumps(schema)
    schema = json.loads(spelled, parse_float=_exact)
    skipped: list[str] = []
    validator = _judge(schema, skipped)(schema, registry=SPECIFICATIONS)  # nothing is retrieved
    first_error = next(validator.iter_errors(value), None)
    if skipped and (first_error is None or NEGATING.search(spelled)):
        raise Undecided(skipped[0])
    return f"invalid: {first_error.message}" if first_error else None


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        value.encode()  # a UnicodeEncodeError is a ValueError
    elif isinstance(value, dict):
        _check_text([*value, *value.values()])
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key is repeated")
    return members


def _exact(spelling: str) -> int | Fraction:
    number = _fraction(spelling)
    return int(number) if number.denominator == 1 else number


def _fraction(spelling: str) -> Fraction:
    mantissa, _, exponent = spelling.lower().partition("e")
    shift = max(-LARGEST, min(LARGEST, int(exponent or 0)))
    return Fraction(mantissa) * Fraction(10) ** shift


def _no_json(name: str) -> NoReturn:
    raise ValueError(name)


def _search(pattern: str, text: str) -> bool | None:
    """Whether a pattern matches somewhere; None if that depends on the dialect."""
    if text.isascii() and text.isprintable():
        return re.search(pattern.replace("\\Z", "Z"), text) is not None
    if "\\" in pattern or "(?" in pattern:
        return None
    own = {"$": r"\Z", ".": "[^\n\r\u2028\u2029]"}  # as ECMA-262 has them, but in classes
    python = re.sub(r"(\[[^\]]*\])|[$.]", lambda part: part[1] or own[part[0]], pattern)
    return re.search(python, text) is not None


def _judge(schema: Any, skipped: list[str]) -> Any:
    """The judge of a schema; patterns that it cannot tell of are taken to hold, and noted."""

    def check(validator: Any, pattern: str, instance: object, schema: Any) -> Iterator[Any]:
        found = _search(pattern, instance) if isinstance(instance, str) else True
        if found is None:
            skipped.append(pattern)
        elif not found:
            yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")

    known = validator_for(schema, default=jsonschema.Draft202012Validator)
    return extend(known, {"pattern": check})
