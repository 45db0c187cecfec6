"""Makes examples of schemas that belong to no kind of record.

Two sorts. *Pairs*: a labelled list of arbitrary keys and values, and a schema that asks for some
of them in another order: the plainest exercise in finding and copying. *Free*: a schema as found
in configuration files and interfaces, with little or no text, and a short valid document; from
these the model learns to be brief (short strings, arrays of none to three items, few optional
properties) where nothing tells it what to write.

Invariants: as in ``records``; answers of the free sort are short. Rejected: taking real schemas
from a collection (their licences differ, and benchmarks measure on them).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import cast

from examples.default_model import words
from examples.default_model.records import Example, object_schema
from examples.default_model.values import Fact, Json, Schema, Values, join


def any_key(values: Values) -> str:
    """A key as configuration files have them, now and then an invented one."""
    rng = values.rng
    if rng.random() < 0.7:
        return rng.choice(words.CONFIG_KEYS)
    first = values.syllables() if rng.random() < 0.6 else rng.choice(words.NOUNS)
    shape = rng.random()
    if shape < 0.25:
        return f"{first}_{rng.choice(words.NOUNS)}"
    if shape < 0.5:
        return first + rng.choice(words.NOUNS).capitalize()
    return first


def short_word(values: Values) -> Fact:
    """One or two words."""
    return values.string(
        lambda: values.pick(words.NOUNS, 0.5).lower() if values.rng.random() < 0.6
        else values.noun_phrase()
    )  # fmt: skip


def identifier(values: Values) -> Fact:
    """A UUID."""
    return values.string(lambda: str(uuid.UUID(int=values.rng.getrandbits(128), version=4)))


def moment(values: Values) -> Fact:
    """A date with time of day, in ISO form."""
    date, time = values.date().value, values.time().value
    fact = values.string(lambda: f"{date}T{time}:{values.rng.randint(0, 59):02}Z")
    return Fact(fact.value, fact.spoken, {"type": "string", "format": "date-time"})


def invented_choice(values: Values) -> Fact:
    """A member of an enum of invented words."""
    count = values.rng.randint(2, 4)
    return values.choice([values.draw(lambda: values.syllables(1, 2)) for _ in range(count)])


LEAVES: tuple[tuple[int, Callable[[Values], Fact]], ...] = (
    (10, short_word),
    (2, Values.code),
    (2, Values.full_name),
    (2, Values.city),
    (1, Values.title),
    (1, Values.email),
    (1, Values.url),
    (1, Values.date),
    (1, Values.phone),
    (4, lambda v: v.integer(0, 100)),
    (3, lambda v: v.integer(0, 100000)),
    (3, lambda v: v.decimal(0, 100)),
    (4, Values.boolean),
    (3, invented_choice),
    (3, lambda v: v.several(lambda: short_word(v))),
)
LEAF_WEIGHTS = tuple(weight for weight, _ in LEAVES)
LEAF_MAKERS = tuple(make for _, make in LEAVES)


def leaf(values: Values) -> Fact:
    """A fact of any leaf type, or a list of words."""
    return values.rng.choices(LEAF_MAKERS, LEAF_WEIGHTS)[0](values)


def pairs(values: Values, most: int = 7) -> Example:
    """A labelled list under arbitrary keys, and some of it as JSON."""
    rng = values.rng
    facts: dict[str, Fact] = {}
    for _ in range(rng.randint(1, most)):
        facts.setdefault(any_key(values), leaf(values))
    colon, between = rng.choice(
        ((": ", "; "), (": ", ", "), (" = ", "; "), (" is ", ". "), (" is ", ", "), (" - ", "; "))
    )
    spoken = [f"{key}{colon}{fact.spoken}" for key, fact in facts.items()]
    text = (join(spoken) if between == ", " else between.join(spoken)) + rng.choice(("", "."))
    keys = [key for key in facts if rng.random() < 0.8] or list(facts)[:1]
    if rng.random() < 0.7:
        rng.shuffle(keys)
    schema = object_schema({key: facts[key].schema for key in keys}, keys, "Pairs", rng)
    return Example(text, schema, {key: facts[key].value for key in keys}, "pairs")


def free_value(values: Values, depth: int) -> Fact:
    """A short random value of any type with its schema; no text says it."""
    rng = values.rng
    shape = rng.random()
    if depth <= 0 or shape < 0.7:
        made = rng.random()
        if made < 0.05:
            return identifier(values)
        if made < 0.1:
            return moment(values)
        if made < 0.13:  # anything goes: then the shortest things are written
            value: Json = rng.choice((True, False, {}, [], None))
            return Fact(value, "", {} if rng.random() < 0.7 else {"description": "any value"})
        if made < 0.16:
            word = values.draw(lambda: values.syllables(1, 2))
            return Fact(word, "", {"const": word})
        if made < 0.18:
            fact = short_word(values)
            return Fact(fact.value, "", {"type": "string", "maxLength": rng.choice((50, 255))})
        fact = leaf(values)
        if rng.random() < 0.08:
            return Fact(fact.value, "", {"anyOf": [fact.schema, {"type": "null"}]})
        return fact
    if shape < 0.85:
        return free_object(values, depth - 1)
    items = free_value(values, depth - 1)
    count = rng.choice((0, 1, 1, 1, 2))
    list_schema: Schema = {"type": "array", "items": items.schema}
    if count and rng.random() < 0.3:
        list_schema["minItems"] = 1
    if count < 2:
        return Fact([items.value] * count, "", list_schema)
    return Fact([items.value, items.value], "", list_schema)


def free_object(values: Values, depth: int, most: int = 6) -> Fact:
    """A random object: what is required is there, and a little of what is optional."""
    rng = values.rng
    if rng.random() < 0.06:  # a map: its keys are free
        inner = free_value(values, 0)
        made = {any_key(values): inner.value} if rng.random() < 0.6 else {}
        return Fact(cast(Json, made), "", {"type": "object", "additionalProperties": inner.schema})
    facts: dict[str, Fact] = {}
    for _ in range(rng.randint(1, most)):
        facts.setdefault(any_key(values), free_value(values, depth))
    needed = rng.choice((0.0, 0.3, 0.6, 1.0))
    wish = rng.choice((0.0, 0.1, 0.3)) if len(facts) > 3 else 0.4
    required = [key for key in facts if rng.random() < needed]
    kept = [key for key in facts if key in required or rng.random() < wish]
    schema = object_schema(
        {key: fact.schema for key, fact in facts.items()}, required, any_key(values).title(), rng
    )
    return Fact({key: facts[key].value for key in kept}, "", schema)


def free(values: Values, most: int = 6, depth: int = 2) -> Example:
    """A short document for a schema that no text explains."""
    fact = free_object(values, depth, most)
    schema = fact.schema
    if values.rng.random() < 0.08:
        fact = Fact([fact.value], "", {"type": "array", "items": schema})
    return Example(values.rng.choice(words.REQUESTS), fact.schema, fact.value, "free")
