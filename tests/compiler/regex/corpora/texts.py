"""Texts to ask about: members by the engine, likely members by another reading, and near misses.

*Walked*: along the masks, byte by byte, and along the core's language, character by character (a
rare character is as likely as a common one there, and every walk comes to an end); where these find
few, the shortest members. *Derived*: from the tree of the standard library's parser, without regard
to look-arounds; what should be a member and is none for the engine is only found by these.
*Edited*: any of these, changed at one or two places.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from re import _constants as sre, _parser  # type: ignore[attr-defined]  # isort: skip

import grammarlib as gl
from grammarlib import _core
from grammarlib.compiler.regex.program import EPSILON
from grammarlib.strategies.languages import Characters, Languages

__all__ = ["Members", "derived", "edited", "is_settled", "masked"]

_MOST: Final = 3_000
"""Most rounds of a loop."""
_EDITS: Final = 'aZ09 _-./:@"\\\n\té\u017f\u212aİ٣\u2028😀'
_END: Final = 256


def is_settled(text: str) -> bool:
    """Whether Python's version of Unicode knows the characters: of others engines differ."""
    return text.isascii() or all(unicodedata.category(char) != "Cn" for char in text)


# -- members --------------------------------------------------------------------------------------


def masked(compiled: gl.CompiledGrammar, chance: random.Random) -> str | None:
    """A random walk along the masks of a vocabulary of single bytes, if it ends soon."""
    matcher = compiled.matcher()
    mask = gl.allocate_token_bitmask(1, _END + 1)
    text = b""
    size = chance.randrange(1, 40)
    for _ in range(4 * size):
        matcher.fill_next_token_bitmask(mask)
        bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
        tokens = [int(token) for token in np.flatnonzero(bits[: _END + 1])]
        if tokens[-1:] == [_END] and (len(text) >= size or not chance.randrange(8)):
            break
        tokens = [token for token in tokens if token != _END]
        if not tokens:
            break
        plain = [token for token in tokens if 0x20 <= token < 0x7F]
        token = chance.choice(plain if plain and chance.random() < 0.9 else tokens)
        assert matcher.accept_token(token), "a token of a mask is refused"
        text += bytes([token])
    return text.decode() if matcher.is_accepting() else None


class Members:
    """The texts of a grammar, as the core lists them.

    Parameters
    ----------
    grammar : Regex
        A grammar that is not empty.
    """

    def __init__(self, grammar: gl.Regex) -> None:
        builder = _core.SchemaBuilder(EPSILON, "any")
        core = builder.productions(builder.strings(builder.regex(grammar.program())))
        expression = core.value(core.root)[3]
        assert expression is not None
        self._start = expression
        self._languages = Languages(core)
        self._core = core

    def shortest(self, number: int) -> list[str]:
        """The shortest texts: fewer only where there are no others."""
        return self._core.texts(self._start, number)

    def walked(self, chance: random.Random) -> str:
        """A random walk, ended by a shortest text."""
        at = self._start
        text: list[str] = []
        for _ in range(chance.randrange(1, 40)):
            steps = self._languages.steps(at)
            if not steps or (self._languages.nullable(at) and not chance.randrange(8)):
                break
            step = chance.choice(steps)
            text.append(_character(step, chance))
            at = step.target
        return "".join(text) + self._languages.shortest(at)


def _character(step: Characters, chance: random.Random) -> str:
    bands = range(len(step.bands))
    band = bands[0] if chance.random() < 0.6 else chance.choice(bands)
    return step.at(band, chance.randrange(step.bands[band]))


# -- by another reading ---------------------------------------------------------------------------


def derived(pattern: str, flags: int, search: bool, chance: random.Random) -> Iterator[str]:
    """Texts that the pattern matches but for look-arounds; none where Python does not read it."""
    try:
        tree = _parser.parse(pattern, flags)
    except (re.error, OverflowError, RecursionError):
        return
    while True:
        text = "".join(_derived(tree, chance, {}))
        if search and chance.randrange(2):
            text = chance.choice(["x", " ", "\n", "a1", "é"]) + text
        if search and chance.randrange(2):
            text += chance.choice(["x", " ", "\n", "a1", "é"])
        yield re.sub("[\ud800-\udfff]", "", text)


def _derived(items: Any, chance: random.Random, groups: dict[int, str]) -> Iterator[str]:
    for op, value in items:
        if op is sre.LITERAL:
            yield chr(value)
        elif op is sre.NOT_LITERAL:
            yield chance.choice([char for char in _EDITS if ord(char) != value])
        elif op is sre.ANY:
            yield chance.choice(_EDITS.replace("\n", ""))
        elif op is sre.IN:
            yield _member(value, chance)
        elif op is sre.BRANCH:
            yield from _derived(chance.choice(value[1]), chance, groups)
        elif op is sre.SUBPATTERN:
            text = "".join(_derived(value[3], chance, groups))
            groups[value[0]] = text
            yield text
        elif op is sre.ATOMIC_GROUP:
            yield from _derived(value, chance, groups)
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, inner = value
            most = min(least + 4, most)
            for _ in range(min(_MOST, chance.choice([least, most, chance.randint(least, most)]))):
                yield from _derived(inner, chance, groups)
        elif op is sre.GROUPREF:
            yield groups.get(value, "")
        elif op is sre.ASSERT and not chance.randrange(4):
            yield from _derived(value[1], chance, groups)


_CATEGORIES: Final = {
    sre.CATEGORY_DIGIT: "07",
    sre.CATEGORY_NOT_DIGIT: "a _-\n",
    sre.CATEGORY_SPACE: " \n\t",
    sre.CATEGORY_NOT_SPACE: "a1_.",
    sre.CATEGORY_WORD: "aZ0_",
    sre.CATEGORY_NOT_WORD: " -.\n",
}


def _member(items: Any, chance: random.Random) -> str:
    if items[0][0] is sre.NEGATE:
        kept = [char for char in _EDITS if not any(_holds(item, char) for item in items[1:])]
        return chance.choice(kept or ["\0"])
    op, value = chance.choice(items)
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.RANGE:
        return chr(chance.choice([*value, chance.randint(*value)]))
    return chance.choice(_CATEGORIES[value])


def _holds(item: Any, char: str) -> bool:
    op, value = item
    if op is sre.LITERAL:
        return bool(ord(char) == value)
    if op is sre.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return char in _CATEGORIES[value]


# -- near misses ----------------------------------------------------------------------------------


def edited(texts: list[str], alphabet: str, chance: random.Random) -> Iterator[str]:
    """Texts near to these; there is no end of them."""
    alphabet = alphabet or _EDITS
    while True:
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 2)):
            text = _edit(text, chance.choice(texts), alphabet, chance)
        yield text


def _edit(text: str, other: str, alphabet: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    before, after = text[:at], text[at:]
    inserted = chance.choice(alphabet if chance.randrange(2) else _EDITS)
    return chance.choice(
        [
            before + after[1:],
            before + inserted + after,
            before + inserted + after[1:],
            before + after[:1] + after,
            before + after[1:2] + after[:1] + after[2:],
            before + after[:1].swapcase() + after[1:],
            before,
            before + other[chance.randrange(len(other) + 1) :],
            text + inserted,
            text + "\n",
        ]
    )
