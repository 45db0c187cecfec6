"""The one place that knows how a request for JSON is put to the model that ships.

The default model is trained on prompts of exactly this shape, so the training script and the
runtime both import it from here; a second copy would drift and cost accuracy without an error.

    Schema: {"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}
    Text: Ada Lovelace lives in London.
    JSON: {"name": "Ada Lovelace"}

The prompt ends after ``"JSON: "``; the answer and the end token are the model's. The schema is
written without blanks and keeps its own order of properties, which is the order of the answer.
Without a schema (there is none, or it does not fit the context) its line is left out, a form
the model has seen in training too.

Invariants: pure text in, text out; no tokenizer, no truncation (only the caller knows the context
length). Cost: linear in the size of the schema. Rejected: a chat template in
``tokenizer_config.json`` (it cannot leave out a schema that does not fit, and needs a template
engine), and indented schemas (three times as many tokens).
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

from grammarlib.arguments import bounded

SCHEMA_LABEL = "Schema: "
TEXT_LABEL = "Text: "
ANSWER_LABEL = "JSON: "
_VALUES = 1_000_000


def render_prompt(text: str, schema: object | None = None) -> str:
    """Write the prompt that asks for the JSON described by a text.

    Parameters
    ----------
    text
        What the answer is to be read from, put in as it is.
    schema
        A JSON Schema as Python data (an object or a boolean), or ``None`` to leave its line out.

    Returns
    -------
    str
        The prompt, ending in ``"JSON: "``.

    Raises
    ------
    TypeError, ValueError
        As `schema_text` does.
    """
    body = f"{TEXT_LABEL}{text}\n{ANSWER_LABEL}"
    if schema is None:
        return body
    return f"{SCHEMA_LABEL}{schema_text(schema, (',', ':'))}\n{body}"


def schema_text(schema: object, separators: tuple[str, str] = (", ", ": ")) -> str:
    """The JSON text of a schema; a decimal is written as a float that is near.

    Raises
    ------
    TypeError
        If the schema holds something that JSON has no spelling for.
    ValueError
        If it holds a number that JSON has no spelling for, contains itself or nests too deeply.
    """
    options: dict[str, Any] = {"allow_nan": False, "separators": separators, "default": _spelled}
    if not bounded(schema, _VALUES):
        raise ValueError(f"the schema has more than {_VALUES} values, which no prompt holds")
    try:
        text = json.dumps(schema, ensure_ascii=False, **options)
        # No tokenizer takes a lone surrogate.
        return text if _is_text(text) else json.dumps(schema, **options)
    except TypeError as error:
        raise TypeError(f"the schema cannot be written as JSON: {error}") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the schema cannot be written as JSON: {error}") from error


def _spelled(value: object) -> float | str:
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) else str(value)
    raise TypeError(f"a {type(value).__name__} is no JSON")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
