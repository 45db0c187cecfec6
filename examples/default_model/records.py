"""Makes one example of a kind: a text, the schema that asks for some of it, and the answer.

The text says a random subset of the kind's fields in random order and in one of three manners
(sentences, one long sentence, a labelled list). The schema asks for another subset, under names
chosen anew each time and in its own order; the answer holds, in the schema's order, exactly what
the schema asks for and the text says. A field asked for and not said is left out of the answer and
of ``required``, or is null where its schema allows null.

Invariants: the answer is valid against the schema; nothing in the answer is absent from the text.
Cost: some tens of microseconds an example. Rejected: one template per kind and subset of fields
(a model learns those by heart and then reads neither the schema nor the text).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from examples.default_model import kinds_people, kinds_things
from examples.default_model.kinds import Field, Kind
from examples.default_model.values import Fact, Json, Schema, Values

KINDS: tuple[Kind, ...] = kinds_people.KINDS + kinds_things.KINDS


@dataclass(frozen=True)
class Example:
    """A text, the schema shown with it (``None``: not shown), the answer, and where it is from."""

    text: str
    schema: Schema | None
    answer: Json
    kind: str


@dataclass(frozen=True)
class Said:
    """A field under the key chosen for it, with its fact."""

    field: Field
    key: str
    fact: Fact


def choose_key(field: Field, taken: set[str], rng: random.Random) -> str:
    """A key for a field that is not taken yet; the usual one half the time."""
    free = [key for key in field.keys if key not in taken]
    if not free:
        free = [f"{field.keys[0]}_{len(taken)}"]
    key = free[0] if rng.random() < 0.4 else rng.choice(free)
    taken.add(key)
    return key


def clause(said: Said, rng: random.Random) -> str:
    """The verb phrase that says a fact."""
    if said.fact.value is False and said.field.denials:
        return rng.choice(said.field.denials)
    return rng.choice(said.field.clauses).format(said.fact.spoken)


def in_sentences(kind: Kind, subject: Fact, said: Sequence[Said], rng: random.Random) -> str:
    """The facts as one to three clauses a sentence, later sentences about "it" or "she"."""
    opener = rng.choice(kind.openers).format(subject.spoken)
    if not said:
        return f"{opener}."
    sentences: list[str] = []
    rest = list(said)
    longest = rng.choice((1, 2, 2, 3, 6))
    who = opener
    while rest:
        count = min(len(rest), rng.randint(1, longest))
        phrases = [clause(one, rng) for one in rest[:count]]
        del rest[:count]
        body = phrases[0] if count == 1 else f"{', '.join(phrases[:-1])} and {phrases[-1]}"
        sentences.append(f"{who} {body}.")
        who = rng.choice(kind.references)
    return " ".join(sentences)


def as_labels(kind: Kind, key: str, subject: Fact, said: Sequence[Said], rng: random.Random) -> str:
    """The facts as ``label: value`` pairs, the labels being keys of the fields."""
    pairs = [(label(kind.subject, key, rng), subject.spoken)]
    pairs += [(label(one.field, one.key, rng), one.fact.spoken) for one in said]
    if rng.random() < 0.3:
        rng.shuffle(pairs)
    colon, between = rng.choice(
        ((": ", "; "), (": ", ", "), (" = ", "; "), (": ", ". "), (" - ", "; "))
    )
    if rng.random() < 0.3:
        pairs = [(name.capitalize(), value) for name, value in pairs]
    return between.join(f"{name}{colon}{value}" for name, value in pairs) + rng.choice(("", "."))


def label(field: Field, key: str, rng: random.Random) -> str:
    """How a labelled list names a field: mostly the schema's key, in words."""
    name = key if rng.random() < 0.6 or "_" in key[-3:] else rng.choice(field.keys)
    return name.replace("_", " ") if rng.random() < 0.8 else name


def object_schema(
    properties: dict[str, Schema],
    required: list[str],
    title: str,
    rng: random.Random,
    closed: float = 0.15,
) -> Schema:
    """The schema of an object, with the ornaments schemas have, in their usual orders."""
    schema: Schema = {}
    if rng.random() < 0.04:
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if rng.random() < 0.15:
        schema["title"] = title
    if rng.random() < 0.95:
        schema["type"] = "object"
    listed = cast(Json, required)
    if rng.random() < 0.06 and required:
        schema["required"] = listed
        listed = []
    schema["properties"] = cast(Json, properties)
    if listed:
        schema["required"] = listed
    if rng.random() < closed:
        schema["additionalProperties"] = False
    return schema


def describe(schema: Schema, field: Field, rng: random.Random) -> Schema:
    """Sometimes add a description made of another name of the field."""
    if rng.random() < 0.95:
        return schema
    return {**schema, "description": rng.choice(field.keys).replace("_", " ")}


def record(values: Values, kind: Kind, most: int | None = None) -> Example:
    """Make one example of a kind.

    With regular values it is also plainer: fewer fields, and mostly those that the text says are
    asked for, are required, and are all there may be.

    Parameters
    ----------
    values
        Where facts come from.
    kind
        The kind of record.
    most
        The largest number of fields beside the subject that the text says; five where values are
        regular, seven where not, if it is not given.
    """
    rng = values.rng
    if most is None:
        most = 5 if values.regular else 7
    fields = rng.sample(kind.fields, min(len(kind.fields), rng.randint(1, most)))
    taken: set[str] = set()
    subject_key = choose_key(kind.subject, taken, rng)
    subject = kind.subject.make(values)
    said = [Said(field, choose_key(field, taken, rng), field.make(values)) for field in fields]
    if rng.random() < 0.2:
        text = as_labels(kind, subject_key, subject, said, rng)
    else:
        text = in_sentences(kind, subject, said, rng)

    wanted = [Said(kind.subject, subject_key, subject)] if rng.random() < 0.9 else []
    share = rng.choice((1.0, 1.0, 0.7, 0.5))
    wanted += [one for one in said if rng.random() < share]
    if not wanted:
        wanted = [Said(kind.subject, subject_key, subject)]
    missing: list[Said] = []
    unsaid = [field for field in kind.fields if field not in fields]
    if unsaid and rng.random() < (0.1 if values.regular else 0.25):
        for field in rng.sample(unsaid, min(len(unsaid), rng.randint(1, 2))):
            missing.append(Said(field, choose_key(field, taken, rng), field.make(values)))
    order = wanted + missing
    if rng.random() < 0.7:
        rng.shuffle(order)

    strict = rng.random()
    nullable = rng.random() < 0.3
    properties: dict[str, Schema] = {}
    required: list[str] = []
    answer: dict[str, Json] = {}
    for one in order:
        schema = describe(dict(one.fact.schema), one.field, rng)
        kind_name = schema.get("type")
        absent = one in missing
        may_be_null = nullable and isinstance(kind_name, str) and "enum" not in schema
        if may_be_null and (absent or rng.random() < 0.3):
            schema["type"] = [kind_name, "null"]
        else:
            may_be_null = False
        properties[one.key] = schema
        if not absent:
            answer[one.key] = one.fact.value
            if strict < (0.85 if values.regular else 0.7) or rng.random() < 0.5:
                required.append(one.key)
        elif may_be_null:
            answer[one.key] = None
            required.append(one.key)
    title = rng.choice((kind.name, kind.name.title()))
    closed = 0.5 if values.regular else 0.15
    schema = object_schema(properties, required, title, rng, closed)
    return Example(text, schema, answer, kind.name)


def several_records(values: Values, kind: Kind) -> Example:
    """Two or three records of a kind with one schema, as an array.

    Only fields whose schema is the same whatever the value are used: no enums, no objects.
    """
    rng = values.rng
    taken: set[str] = set()
    subject_key = choose_key(kind.subject, taken, rng)
    count = rng.choice((1, 2, 2, 3))
    columns: list[list[Said]] = [
        [Said(kind.subject, subject_key, kind.subject.make(values)) for _ in range(count)]
    ]
    for field in rng.sample(kind.fields, 3):
        key = choose_key(field, taken, rng)
        column = [Said(field, key, field.make(values)) for _ in range(count)]
        if not any("enum" in one.fact.schema or "object" in str(one.fact.schema) for one in column):
            columns.append(column)
    texts = [
        in_sentences(kind, columns[0][row].fact, [column[row] for column in columns[1:]], rng)
        for row in range(count)
    ]
    rng.shuffle(columns)
    properties = {column[0].key: column[0].fact.schema for column in columns}
    for name in ("minimum", "maximum", "minItems"):
        for schema in properties.values():
            schema.pop(name, None)
    items = object_schema(properties, list(properties), kind.name, rng)
    answer: list[Json] = [
        {column[row].key: column[row].fact.value for column in columns} for row in range(count)
    ]
    return Example(" ".join(texts), {"type": "array", "items": items}, answer, kind.name)
