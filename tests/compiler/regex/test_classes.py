"""Character sets: ECMA-262's own, and Unicode properties."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import unicodedata
from shutil import which

import pytest

from grammarlib.compiler.regex.classes import CLASS_ESCAPES, DOT, invert, unicode_property
from grammarlib.compiler.regex.program import Ranges
from grammarlib.compiler.regex.property_names import _BINARY, _SCRIPTS


def _members(ranges: Ranges) -> set[int]:
    return {point for lo, hi in ranges for point in range(lo, hi + 1)}


_SCALARS = set(range(sys.maxunicode + 1)) - set(range(0xD800, 0xE000))


def test_inversion_is_complement_among_scalar_values() -> None:
    for chars in (*CLASS_ESCAPES.values(), DOT):
        inside, outside = _members(chars.ranges), _members(invert(chars.ranges))
        assert not inside & outside
        assert inside | outside == _SCALARS
    assert invert(()) == ((0, 0xD7FF), (0xE000, 0x10FFFF))


def test_class_escapes_are_those_of_ecma_262() -> None:
    spaces = _members(CLASS_ESCAPES["s"].ranges)
    zs = {c for c in _SCALARS if unicodedata.category(chr(c)) == "Zs"}
    assert spaces == zs | {9, 10, 11, 12, 13, 0xFEFF, 0x2028, 0x2029}
    assert _members(CLASS_ESCAPES["d"].ranges) == set(range(0x30, 0x3A))
    words = {c for c in range(128) if chr(c).isalnum() or c == 0x5F}
    assert _members(CLASS_ESCAPES["w"].ranges) == words
    assert _SCALARS - _members(DOT.ranges) == {10, 13, 0x2028, 0x2029}


def _set(expression: str) -> set[int]:
    found = unicode_property(expression)
    assert found is not None, expression
    return _members(found.ranges)


def test_general_categories_are_those_of_the_standard_library() -> None:
    """Of code points that both Unicode versions know; a character hardly ever changes category."""
    by_category: dict[str, set[int]] = {}
    for point in _SCALARS:
        by_category.setdefault(unicodedata.category(chr(point)), set()).add(point)
    later = _set("Cn") ^ by_category["Cn"]
    changed = {
        point for short in by_category for point in (_set(short) ^ by_category[short]) - later
    }
    assert len(changed) < 10
    for major in "CLMNPSZ":
        parts = [_set(short) for short in by_category if short[0] == major]
        assert _set(major) == set().union(*parts), major
    assert set().union(*[_set(short) for short in by_category]) == _SCALARS


def test_all_names_are_known_to_the_core() -> None:
    names = [*_BINARY, *_SCRIPTS]
    assert len(names) > 400
    for name in _BINARY:
        assert unicode_property(name) is not None, name
    for name in _SCRIPTS:
        assert unicode_property(f"Script={name}") is not None, name
    scripts = {_SCRIPTS[name] for name in _SCRIPTS}
    total = sum(len(_set(f"sc={name}")) for name in scripts)
    assert total == len(_SCALARS)  # each has one script


def test_properties_are_those_of_node() -> None:
    """Of code points that our Unicode version assigns; node's may be newer."""
    node = which("node")
    if node is None:
        pytest.skip("needs node")
    # Unicode 17 took hundreds of characters out of Extended_Pictographic.
    queries = [*(set(_BINARY) - {"Extended_Pictographic", "ExtPict"}), "Lu", "Sm", "L", "Cs"]
    queries.sort()
    queries += [f"{kind}={name}" for name in _SCRIPTS for kind in ("Script", "scx")]
    script = """
        const read = require("fs").readFileSync(0, "utf8");
        const out = JSON.parse(read).map((query) => {
          const test = new RegExp(`^\\\\p{${query}}$`, "u"), runs = [];
          for (let c = 0, inside = false; c <= 0x110000; c++) {
            const now = c < 0x110000 && test.test(String.fromCodePoint(c));
            if (now !== inside) { runs.push(c); inside = now; }
          }
          return runs;
        });
        console.log(JSON.stringify(out));
    """
    chosen = random.Random(3).sample(queries, 24)
    done = subprocess.run(
        [node, "-e", script], input=json.dumps(chosen), capture_output=True, text=True, check=True
    )
    assigned, private = _set("Assigned"), _set("Co")
    for query, runs in zip(chosen, json.loads(done.stdout), strict=True):
        theirs = {c for lo, hi in zip(runs[::2], runs[1::2], strict=True) for c in range(lo, hi)}
        differ = (_set(query) ^ theirs) & assigned - private
        # Characters are given to further scripts and properties now and then.
        assert len(differ) < 40, (query, len(differ))


@pytest.mark.parametrize(
    ("expression", "same"),
    [
        ("Letter", "L"),
        ("gc=Lu", "Lu"),
        ("General_Category=Uppercase_Letter", "Lu"),
        ("digit", "Nd"),
        ("punct", "P"),
        ("Cased_Letter", "LC"),
        ("Combining_Mark", "M"),
        ("Upper", "Uppercase"),
        ("XIDS", "XID_Start"),
        ("space", "White_Space"),
    ],
)
def test_names_and_aliases(expression: str, same: str) -> None:
    first, second = unicode_property(expression), unicode_property(same)
    assert first is not None
    assert second is not None
    assert first.ranges == second.ranges


def test_binary_properties() -> None:
    def holds(expression: str, char: str) -> bool:
        found = unicode_property(expression)
        assert found is not None
        return ord(char) in _members(found.ranges)

    assert holds("Uppercase", "É")
    assert holds("Uppercase", "Ⓐ")  # Other_Uppercase, not Lu
    assert not holds("Lowercase", "É")
    assert holds("XID_Start", "é")
    assert not holds("XID_Start", "_")
    assert holds("XID_Continue", "_")
    assert holds("White_Space", "\x85")
    assert not holds("White_Space", "\ufeff")
    assert holds("Any", "😀")
    assert not holds("ASCII", "é")
    assert holds("Script=Greek", "α")
    assert holds("scx=Hira", "ー")
    assert not holds("sc=Hira", "ー")
    assert holds("Emoji", "😀")
    assert _set("Assigned") == _SCALARS - _set("Cn")
    assert _set("Cs") == set()
    assert ord("\uffff") in _set("sc=Zzzz")


@pytest.mark.parametrize(
    "expression",
    ["", "Greek", "Script=greek", "letter", "lu", "gc=", "sc=", "sc=Lu", "Script", "L ", "CWKCF"],
)
def test_unknown_properties_and_loose_spellings(expression: str) -> None:
    assert unicode_property(expression) is None
