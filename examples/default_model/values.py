"""Random values of one field, each with its spelling in text and its schema.

A :class:`Fact` is what one field contributes: the JSON value, how a sentence says it, and the
schema of its property. :class:`Values` makes facts out of a random generator.

Invariant (the reason for this module): every *open* leaf value (strings and numbers; not booleans,
null and members of an enum, which are closed sets) lies on one side of a split decided by a hash
of its JSON spelling alone. A value used in training can therefore never turn up in a held-out
prompt, however many examples are drawn, in whatever kind or field. Rejected: two pools of values
(small, and learnt by heart), and remembering what was drawn (not repeatable out of order).
Cost: one short hash for each value drawn; one value in eight is held out.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from examples.default_model import words

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Schema: TypeAlias = dict[str, Json]
Side: TypeAlias = Literal["train", "held_out"]
T = TypeVar("T", str, int, float)

HELD_OUT_SHARE = 8  # one value in this many is held out


def side_of(value: str | int | float) -> Side:
    """Tell on which side of the split a leaf value lies, by a hash of its JSON spelling."""
    spelled = json.dumps(value, ensure_ascii=False).encode()
    digest = hashlib.blake2b(spelled, digest_size=4).digest()
    return "held_out" if int.from_bytes(digest, "big") % HELD_OUT_SHARE == 0 else "train"


@dataclass(frozen=True)
class Fact:
    """One field's JSON value, its wording in a sentence, and the schema of its property."""

    value: Json
    spoken: str
    schema: Schema


class Values:
    """Makes random facts whose open values all lie on one side of the split.

    Parameters
    ----------
    rng
        The only source of randomness: equal states give equal facts.
    side
        The side of the split that values are drawn from.
    regular
        Whether names of one sort all have the same number of words (people and articles two, towns
        one), so that their end can be told. Otherwise shapes vary.
    """

    def __init__(self, rng: random.Random, side: Side, regular: bool = False) -> None:
        self.rng = rng
        self.side = side
        self.regular = regular

    def draw(self, make: Callable[[], T]) -> T:
        """Repeat `make` until its value lies on this side."""
        for _ in range(10_000):
            value = make()
            if side_of(value) == self.side:
                return value
        raise ValueError(f"no value on the {self.side} side among 10,000")

    def string(self, make: Callable[[], str], **schema: Json) -> Fact:
        """A string fact; further schema keywords are put in one time in four."""
        value = self.draw(make)
        extra = schema if self.rng.random() < 0.25 else {}
        return Fact(value, value, {"type": "string", **extra})

    # -- building blocks: plain text, not yet on a side --

    def syllables(self, least: int = 2, most: int = 3) -> str:
        """An invented word in lower case."""
        rng = self.rng
        if rng.random() < 0.03:  # now and then no word at all: copying must not need syllables
            return "".join(
                rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 8))
            )
        parts = [
            rng.choice(words.ONSETS) + rng.choice(words.VOWELS)
            for _ in range(rng.randint(least, most))
        ]
        word = "".join(parts) + rng.choice(words.CODAS)
        if rng.random() < 0.03:
            place = rng.randrange(1, len(word))
            word = word[:place] + rng.choice(words.ACCENTED) + word[place + 1 :]
        return word

    def pick(self, known: Sequence[str], real: float = 0.4) -> str:
        """A capitalised name: one of the known ones, or an invented one."""
        if self.rng.random() < real:
            return self.rng.choice(known)
        return self.syllables().capitalize()

    def noun_phrase(self) -> str:
        """An adjective and a noun, either of which may be invented."""
        rng = self.rng
        adjective = rng.choice(words.ADJECTIVES) if rng.random() < 0.7 else self.syllables()
        noun = rng.choice(words.NOUNS) if rng.random() < 0.7 else self.syllables()
        return f"{adjective} {noun}" if rng.random() < 0.8 or self.regular else noun

    def digits(self, count: int) -> str:
        """That many digits, the first not zero."""
        first = self.rng.choice("123456789")
        return first + "".join(self.rng.choice("0123456789") for _ in range(count - 1))

    # -- strings --

    def first_name(self) -> Fact:
        """A first name."""
        return self.string(lambda: self.pick(words.FIRST_NAMES))

    def last_name(self) -> Fact:
        """A family name."""
        return self.string(lambda: self.pick(words.LAST_NAMES))

    def _full_name(self) -> str:
        first, last = self.pick(words.FIRST_NAMES), self.pick(words.LAST_NAMES)
        middle = f" {self.rng.choice('ABCDEFGHJKLMNPRSTW')}." if self.rng.random() < 0.06 else ""
        joined = "-" if self.rng.random() < 0.04 else " "
        if self.regular:
            return f"{first} {last}"
        return f"{first}{middle}{joined}{last}" if joined == " " else f"{first} {last}-{first}"

    def full_name(self) -> Fact:
        """A first and a family name."""
        return self.string(self._full_name)

    def city(self) -> Fact:
        """A town."""

        def make() -> str:
            name = self.pick(words.CITIES)
            if self.rng.random() < 0.15 and not self.regular:
                return f"{self.rng.choice(('Port', 'New', 'San', 'Lake'))} {name}"
            return name

        return self.string(make)

    def country(self) -> Fact:
        """A country."""
        return self.string(lambda: self.pick(words.COUNTRIES, 0.6))

    def street(self) -> Fact:
        """A house number and a street."""

        def make() -> str:
            name = self.pick(words.LAST_NAMES)
            return f"{self.rng.randint(1, 240)} {name} {self.rng.choice(words.STREET_ENDINGS)}"

        return self.string(make)

    def postcode(self) -> Fact:
        """A postal code of digits, a string."""
        return self.string(lambda: self.digits(5))

    def company(self) -> Fact:
        """A firm."""

        def make() -> str:
            name = self.pick(words.LAST_NAMES, 0.3)
            if self.regular or self.rng.random() < 0.7:
                return f"{name} {self.rng.choice(words.COMPANY_ENDINGS)}"
            return name

        return self.string(make)

    def email(self) -> Fact:
        """An e-mail address."""

        def make() -> str:
            user = self.pick(words.FIRST_NAMES).lower()
            if self.rng.random() < 0.6:
                user += self.rng.choice((".", "_", "-")) + self.pick(words.LAST_NAMES).lower()
            host = self.syllables(2, 2) if self.rng.random() < 0.7 else "example"
            return f"{user}@{host}.{self.rng.choice(words.MAIL_ENDINGS)}"

        return self.string(make, format="email")

    def url(self) -> Fact:
        """A web address."""

        def make() -> str:
            path = f"/{self.syllables(1, 2)}" if self.rng.random() < 0.5 else ""
            return f"https://{self.syllables()}.{self.rng.choice(words.MAIL_ENDINGS)}{path}"

        return self.string(make, format="uri")

    def phone(self) -> Fact:
        """A telephone number."""

        def make() -> str:
            joint = self.rng.choice((" ", "-"))
            return joint.join((f"0{self.digits(2)}", self.digits(3), self.digits(4)))

        return self.string(make)

    def code(self) -> Fact:
        """A reference such as ``KD-4821``."""

        def make() -> str:
            letters = "".join(
                self.rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(self.rng.randint(1, 3))
            )
            return letters + self.rng.choice(("-", "-", "")) + self.digits(self.rng.randint(2, 5))

        return self.string(make)

    def product(self) -> Fact:
        """An article, in lower case."""
        return self.string(self.noun_phrase)

    def title(self) -> Fact:
        """A title in capitals: a book, a film, a song, a project."""

        def make() -> str:
            shape = self.rng.random()
            phrase = self.noun_phrase().title()
            if self.regular:
                return phrase
            if shape < 0.35:
                return f"The {phrase}"
            if shape < 0.6:
                return f"{phrase} of {self.pick(words.CITIES)}"
            return phrase

        return self.string(make)

    def sentence(self) -> Fact:
        """A short remark of three to six words."""

        def make() -> str:
            start = self.rng.choice(
                (
                    "see you at the",
                    "please bring the",
                    "I like the",
                    "we found the",
                    "do not forget the",
                    "thank you for the",
                    "this is my",
                    "where is the",
                )
            )
            return f"{start} {self.noun_phrase()}"

        return self.string(make)

    def one_of(self, known: Sequence[str], real: float = 0.7) -> Fact:
        """A word in lower case, known or invented."""
        return self.string(
            lambda: self.rng.choice(known) if self.rng.random() < real else self.syllables()
        )

    def date(self) -> Fact:
        """A day, in ISO form in JSON, in one of three forms in text."""
        rng = self.rng
        value = self.draw(
            lambda: f"{rng.randint(1985, 2032)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        )
        year, month, day = value.split("-")
        name = words.MONTHS[int(month) - 1]
        spoken = rng.choice((value, f"{int(day)} {name} {year}", f"{name} {int(day)}, {year}"))
        if self.regular and rng.random() < 0.4:
            spoken = value
        schema: Schema = {"type": "string"}
        if rng.random() < 0.6:
            schema["format"] = "date"
        return Fact(value, spoken, schema)

    def time(self) -> Fact:
        """A time of day."""
        rng = self.rng
        return self.string(lambda: f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}")

    # -- numbers --

    def integer(self, least: int, most: int) -> Fact:
        """A whole number."""
        value = self.draw(lambda: self.rng.randint(least, most))
        schema: Schema = {"type": "integer"}
        if self.rng.random() < 0.12:
            schema["minimum"] = min(0, least)
        if self.rng.random() < 0.05:
            schema["maximum"] = 10 * most
        return Fact(value, str(value), schema)

    def decimal(self, least: int, most: int, places: int = 2) -> Fact:
        """A number with a fraction, written alike in text and JSON."""
        scale = int(10**places)

        def make() -> float:
            return float(self.rng.randint(least * scale, most * scale) / scale)

        value = self.draw(make)
        return Fact(value, json.dumps(value), {"type": "number"})

    # -- closed sets --

    def choice(self, members: Sequence[str]) -> Fact:
        """One member of an enum; the schema lists some or all of them, in any order."""
        value = self.rng.choice(members)
        listed = [m for m in members if m == value or self.rng.random() < 0.8]
        self.rng.shuffle(listed)
        schema: Schema = {"enum": list(listed)}
        if self.rng.random() < 0.6:
            schema = {"type": "string", **schema}
        return Fact(value, value, schema)

    def boolean(self) -> Fact:
        """True or false; the clause, not the wording, says which."""
        value = self.rng.random() < 0.5
        return Fact(value, "yes" if value else "no", {"type": "boolean"})

    # -- lists --

    def several(self, make: Callable[[], Fact], least: int = 1, most: int = 3) -> Fact:
        """A list of facts of one kind, joined by commas and "and"."""
        made: list[Fact] = []
        for _ in range(self.rng.randint(least, most)):
            fact = make()
            if all(fact.value != other.value for other in made):
                made.append(fact)
        items: Schema = dict(made[0].schema) if made else {"type": "string"}
        schema: Schema = {"type": "array", "items": items}
        if self.rng.random() < 0.12:
            schema["minItems"] = self.rng.choice((0, 1)) if least else 0
        return Fact([fact.value for fact in made], join([fact.spoken for fact in made]), schema)


def join(parts: Sequence[str]) -> str:
    """Join phrases as English does: ``a, b and c``."""
    if not parts:
        return "none"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
