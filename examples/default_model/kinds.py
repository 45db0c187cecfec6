"""What a kind of record is, and the list of all of them.

A :class:`Kind` names a subject (what the sentences are about) and fields; each :class:`Field` has
the key names it may go by, a maker of facts, and verb phrases that say it of the subject. Any
subset of fields in any order then gives a text; the schema may ask for fewer fields than the text
holds, or for more.

Invariant: a phrase names its field well enough that two fields of a kind cannot be confused.
The tables themselves are in ``kinds_people.py`` and ``kinds_things.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from examples.default_model.values import Fact, Values


@dataclass(frozen=True)
class Field:
    """One property: its possible keys (the usual one first), its facts, and how it is said.

    ``clauses`` are verb phrases with ``{}`` for the value; for a boolean they say that it is true,
    and ``denials`` that it is false.
    """

    keys: tuple[str, ...]
    make: Callable[[Values], Fact]
    clauses: tuple[str, ...]
    denials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of record: its subject, how later sentences refer to it, and its fields."""

    name: str
    subject: Field
    openers: tuple[str, ...]
    references: tuple[str, ...]
    fields: tuple[Field, ...]


def field(
    keys: str, make: Callable[[Values], Fact], *clauses: str, no: tuple[str, ...] = ()
) -> Field:
    """A field from its keys, written with blanks between them."""
    return Field(tuple(keys.split()), make, clauses, no)


def nested(*parts: tuple[str, Callable[[Values], Fact], str]) -> Callable[[Values], Fact]:
    """A maker of facts whose value is an object.

    Each part is its keys, its maker, and a phrase with ``{}``; the phrases are joined in the
    order given, the properties stand in random order, and parts after the second may be absent.
    """

    def make(values: Values) -> Fact:
        rng = values.rng
        kept = [part for i, part in enumerate(parts) if i < 2 or rng.random() < 0.6]
        facts = [(rng.choice(keys.split()), maker(values), phrase) for keys, maker, phrase in kept]
        spoken = " ".join(phrase.format(fact.spoken) for _, fact, phrase in facts)
        if rng.random() < 0.4:
            rng.shuffle(facts)
        schema: dict[str, object] = {
            "type": "object",
            "properties": {key: fact.schema for key, fact, _ in facts},
        }
        if values.regular or rng.random() < 0.7:
            schema["required"] = [key for key, _, _ in facts]
        return Fact({key: fact.value for key, fact, _ in facts}, spoken, schema)  # type: ignore[arg-type]

    return make
