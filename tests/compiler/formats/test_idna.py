"""Labels and names against the ``idna`` package, Form C against the standard library."""

from __future__ import annotations

import random
import unicodedata
from functools import cache

import idna
import pytest

from grammarlib import _core
from grammarlib.compiler.formats import format_program
from grammarlib.compiler.formats.idna import SHORT, labels, ranges
from grammarlib.compiler.formats.idna_points import ALLOWED
from grammarlib.compiler.regex.program import ANY_TEXT, intersect
from tests.compiler.formats.idna_derivation import letters_and_digits, stable
from tests.compiler.json_schema.core import accepts_string, strings

# Characters that rules speak of, and some of each kind beside them.
CONTEXT = "l·a͵βςαאב׳״ァあ丈・٠٩۰۹بيںकषज्\u200c\u200d\u0301\u0327\u0323é-0z실"
COMPOSING = (
    "aeou sdâảậąǰ\u0300\u0301\u0302\u0304\u0306\u0307\u0308\u030c\u031b\u0323\u0327\u0328\u0331"
    "\u0345\u0653\u0654\u0655اوي\u09be\u09c7\u0bd7\u0bc6\u0bbe\u3099か\u0338\u093cन\u05b0\u05bc\u0591א"
).replace(" ", "")
POINTS = "".join([chr(p) for lo, hi in ranges(ALLOWED) for p in range(lo, hi + 1)])


@cache
def names() -> _core.Compiled:
    return strings(format_program("idn-hostname") or b"")


@cache
def composed() -> _core.Compiled:
    return strings(labels().composed)


def short(label: str) -> bool:
    """Whether a label is within the lengths that are accepted."""
    if label.isascii():
        return len(label) <= 63
    others = sum(not c.isascii() for c in label)
    return any(
        len(label) <= most and others <= many and all(ord(c) < 128 or ord(c) <= last for c in label)
        for most, last, many in SHORT
    )


def valid_label(label: str) -> bool:
    """Whether the package takes it as a U-label, or as an ASCII label that is none of IDNA's."""
    if label.isascii():
        label = label.lower()
    try:
        idna.check_label(label)
        return len(idna.alabel(label)) <= 63
    except (idna.IDNAError, UnicodeError):
        return False


def valid_name(name: str) -> bool:
    parts = name.replace("。", ".").replace("．", ".").replace("｡", ".").split(".")
    if not all(map(valid_label, parts)):
        return False
    if any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in name):
        try:
            for part in parts:
                idna.check_bidi(part, check_ltr=True)
        except idna.IDNAError:
            return False
    return sum(len(idna.alabel(p.lower() if p.isascii() else p)) + 1 for p in parts) <= 254


def test_labels_are_those_of_the_package() -> None:
    chance = random.Random(11)
    known = [c for c in map(chr, range(0x30000)) if unicodedata.category(c) not in ("Cn", "Cs")]
    valid = 0
    for _ in range(4_000):
        pool = CONTEXT if chance.random() < 0.7 else known
        label = "".join(chance.choices(pool, k=chance.randint(1, 7)))
        if chance.random() < 0.5:
            label = unicodedata.normalize("NFC", label)
        if "." in label or any(ord(c) in (0x3002, 0xFF0E, 0xFF61) for c in label):
            continue
        expected = valid_label(label) and short(label) and valid_name(label)
        valid += expected
        assert accepts_string(names(), label) is expected, ascii(label)
    assert valid > 300


def test_names_mix_directions_by_the_bidi_rule() -> None:
    chance = random.Random(12)
    parts = ["a", "1a", "a1", "א", "א1", "1א", "אa", "ب٠", "٠", "é", "실례", "A-b", "a--b", "xn--a"]
    valid = 0
    for _ in range(2_000):
        name = chance.choice(parts)
        for _ in range(chance.randint(0, 3)):
            name += chance.choice(".。．｡") + chance.choice(parts)
        expected = valid_name(name) and "xn--" not in name
        valid += expected
        assert accepts_string(names(), name) is expected, ascii(name)
    assert valid > 300


@pytest.mark.parametrize("seed", range(3))
def test_form_c_is_that_of_the_standard_library(seed: int) -> None:
    chance = random.Random(seed)
    # The other rules are kept: no mark first, letters that stand anywhere.
    points = set(POINTS)
    allowed = [c for c in COMPOSING if c in points]
    assert len(allowed) > 40
    composed_texts = 0
    for _ in range(4_000):
        text = "z" + "".join(chance.choices(allowed, k=chance.randint(1, 6)))
        expected = unicodedata.is_normalized("NFC", text)
        composed_texts += expected
        assert accepts_string(composed(), text) is expected, ascii(text)
    assert composed_texts > 500


def test_no_short_label_is_too_long_as_an_a_label() -> None:
    """Labels are changed, character by character, towards longer A-labels; none gets too long."""
    chance = random.Random(13)
    longest = []
    for most, last, others in SHORT:
        pool = [c for c in POINTS if 0x80 <= ord(c) <= last]
        best = 0
        for _ in range(12):
            label = ["a"] * (most - others) + chance.choices(pool, k=others)
            length = _octets(label)
            for _ in range(1_500):
                changed = list(label)
                changed[chance.randrange(most)] = chance.choice([*chance.choices(pool, k=3), "a"])
                if sum(not c.isascii() for c in changed) > others:
                    continue
                if _octets(changed) >= length:
                    label, length = changed, _octets(changed)
            best = max(best, length)
        longest.append(best)
    assert max(longest) <= 63
    assert min(longest) > 50  # the bound is no idle one


def _octets(label: list[str]) -> int:
    return len(b"xn--" + "".join(label).encode("punycode"))


def test_the_lengths_of_labels_and_names() -> None:
    for most, last, others in SHORT:
        letter = chr(last) if last < 0x10000 else "실"
        letter = "я" if last == 0x7FF else letter
        label = "a" * (most - others) + letter * others
        assert accepts_string(names(), label)
        assert not accepts_string(names(), "a" + label + ("a" if others == 4 else letter) * 20)
    assert accepts_string(names(), ".".join(["a" * 62] * 4))
    assert not accepts_string(names(), ".".join(["a" * 63] * 4))
    assert accepts_string(names(), ".".join(["é실" * 3] * 6))


def test_the_code_points_are_found_in_stretches() -> None:
    """Asking for each character by itself finds the same ones."""
    chance = random.Random(14)
    text = letters_and_digits()
    some = "".join(sorted(chance.sample(text, 20_000)))

    def is_stable(c: str) -> bool:
        once = unicodedata.normalize("NFKC", c).casefold()
        return unicodedata.normalize("NFKC", once) == c

    assert stable(some) == "".join([c for c in some if is_stable(c)])
    assert "A" not in stable(text)
    assert "a" in stable(text)


def test_labels_are_texts() -> None:
    whole = intersect(labels().loose, ANY_TEXT)
    assert accepts_string(strings(whole), "e\u0301")
    assert not accepts_string(composed(), "e\u0301")
