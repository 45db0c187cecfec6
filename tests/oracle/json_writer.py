"""Values spelled as JSON text: which blanks, escapes, numerals and order of keys, is a style's say.

The text is for the engine, the value for the judges: where a style varies, a text that an engine
refuses although its value is valid shows that the engine knows fewer spellings than JSON has.
Numbers are ``int`` and ``Decimal``; a ``float`` is the decimal that ``repr`` prints.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

MAX_FRACTION = 16  # digits after the point of a numeral with an exponent: docs/json_schema.md
SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Compact:
    """No blanks, no needless escapes, numbers as ``str`` prints them, keys as they come."""

    def blank(self) -> str:
        return ""

    def string(self, text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    def number(self, value: int | float | Decimal) -> str:
        return repr(value) if isinstance(value, float) else str(value)

    def keys(self, keys: Iterable[str]) -> list[str]:
        return list(keys)


class Spaced(Compact):
    """A line break and blanks wherever they may be, and ASCII alone."""

    def blank(self) -> str:
        return "\n  "

    def string(self, text: str) -> str:
        return json.dumps(text)


class Varied(Compact):
    """Everything drawn: within the blanks of ``whitespace="flexible"`` and ordinary numerals."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def blank(self) -> str:
        if self.chance.random() < 0.8:
            return ""
        return self.chance.choice([" ", "\t", "  ", "\n", "\r\n", "\n" + " " * 40, "\n\t "])

    def string(self, text: str) -> str:
        plain = self.chance.random() < 0.7
        return '"' + "".join(self._character(c, plain) for c in text) + '"'

    def _character(self, character: str, plain: bool) -> str:
        if character in SHORT or character < " ":
            short = SHORT.get(character)
            return short if short and self.chance.random() < 0.7 else self._escape(character)
        if plain or self.chance.random() < 0.6:
            return character
        if character == "/":
            return "\\/"
        return self._escape(character)

    def _escape(self, character: str) -> str:
        units = character.encode("utf-16-be")
        digits = [units[i : i + 2].hex() for i in range(0, len(units), 2)]
        return "".join("\\u" + self.chance.choice([d, d.upper()]) for d in digits)

    def number(self, value: int | float | Decimal) -> str:
        plain = super().number(value)
        if self.chance.random() < 0.7:
            return plain
        return self.chance.choice(spellings(Decimal(plain)))

    def keys(self, keys: Iterable[str]) -> list[str]:
        return self.chance.sample(shuffled := list(keys), len(shuffled))


def spellings(value: Decimal) -> list[str]:
    """Some numerals of a value within what docs/json_schema.md calls ordinary."""
    plain = f"{value:f}"
    numerals = [plain, plain + "0" if "." in plain else plain + ".0"]
    sign = "-" if value.is_signed() else ""
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    if not digits:
        return [*numerals, sign + "0e0", sign + "0.0E+7"]
    if len(digits) <= MAX_FRACTION:
        head, rest = digits[0], digits[1:]
        exponent = value.adjusted()
        for fraction in (rest, rest + "0"):
            mantissa = f"{sign}{head}.{fraction}" if fraction else sign + head
            numerals += [f"{mantissa}e{exponent}", f"{mantissa}E{exponent:+03d}"]
    return numerals


def write(value: Any, style: Compact) -> str:
    """The JSON text of a value in a style."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return style.string(value)
    if isinstance(value, list):
        return _enclosed("[]", [write(item, style) for item in value], style)
    if isinstance(value, dict):
        members = []
        for key in style.keys(value):
            colon = style.blank() + ":" + style.blank()
            members.append(style.string(key) + colon + write(value[key], style))
        return _enclosed("{}", members, style)
    return style.number(value)


def _enclosed(brackets: str, parts: list[str], style: Compact) -> str:
    if not parts:
        return brackets[0] + style.blank() + brackets[1]
    text = parts[0]
    for part in parts[1:]:
        text += style.blank() + "," + style.blank() + part
    return brackets[0] + style.blank() + text + style.blank() + brackets[1]
