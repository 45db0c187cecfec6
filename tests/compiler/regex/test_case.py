"""The ``i`` flag, code point by code point, as a JavaScript engine has it."""

from __future__ import annotations

import json
import subprocess
from itertools import groupby
from shutil import which
from unicodedata import category

import pytest

from grammarlib.compiler.regex.classes import any_case
from grammarlib.compiler.regex.ecma import parse
from grammarlib.compiler.regex.nodes import Chars, Text, chars

SETS = [
    "k", "s", "ß", "å", "σ", "ǆ", "ᾀ", "İ", "ı", "Ꭰ", "𐐀", "1", "ſ",
    "[a-z]", "[^a-z]", "[K-S]", "[^ſ]", "\\w", "\\W", "[\\w-]", "[^\\w]", "[\\W]", "[^\\W]",
    "\\p{Lu}", "\\P{Lu}", "[\\p{Ll}]", "[^\\p{Ll}]", "[\\P{Ll}]", "\\p{Script=Greek}", "\\s", "\\S",
]  # fmt: skip
LAST = 0x1FFFF


def _is_young(letter: str) -> bool:
    """Whether a letter, or what it is in another case, may be known to one engine only."""
    if category(letter) in ("Lu", "Ll"):
        return letter.upper() == letter.lower()
    return category(letter) in ("Cn", "Cs")


def test_every_code_point_is_taken_as_a_javascript_engine_takes_it() -> None:
    node = which("node")
    if node is None:
        pytest.skip("needs node")
    script = f"""
        const sets = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const taken = sets.map((set) => {{
            const one = new RegExp("^" + set + "$", "iu");
            const found = [];
            for (let point = 0; point <= {LAST}; point++)
                if ((point < 0xd800 || point > 0xdfff) && one.test(String.fromCodePoint(point)))
                    found.push(point);
            return found;
        }});
        console.log(JSON.stringify(taken));
    """
    done = subprocess.run(
        [node, "-e", script], input=json.dumps(SETS), capture_output=True, text=True, check=True
    )
    for spelling, theirs in zip(SETS, json.loads(done.stdout), strict=True):
        ours = parse(f"(?i:{spelling})")
        if isinstance(ours, Text):
            ours = chars([(ord(ours.value), ord(ours.value))])
        assert isinstance(ours, Chars)
        points = {p for lo, hi in ours.ranges for p in range(lo, min(hi, LAST) + 1)}
        different = points.symmetric_difference(theirs)
        wrong = sorted(point for point in different if not _is_young(chr(point)))
        assert wrong == [], (spelling, [hex(point) for point in wrong[:9]])


def test_case_is_an_equivalence() -> None:
    """Each code point is in its own class, and in that of every other member."""
    everything = chars([(0, 0x1FFFF)])
    for point in (p for lo, hi in everything.ranges for p in range(lo, hi + 1, 7)):
        own = any_case(chars([(point, point)]))
        members = [p for lo, hi in own.ranges for p in range(lo, hi + 1)]
        if len(members) > 1:
            assert point in members
            classes = [any_case(chars([(p, p)])).ranges for p in members]
            assert len(list(groupby(classes))) == 1
