"""Character sets: ECMA-262's own, and Unicode properties as the running Python knows them."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from grammarlib.compiler.regex.classes import CLASS_ESCAPES, DOT, invert, unicode_property
from grammarlib.compiler.regex.program import Ranges


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


def test_general_categories_partition_the_code_points() -> None:
    # Asks for every code point, which the implementation does not.
    by_category: dict[str, set[int]] = {}
    for point in _SCALARS:
        by_category.setdefault(unicodedata.category(chr(point)), set()).add(point)
    for short, members in by_category.items():
        found = unicode_property(short)
        assert found is not None
        assert _members(found.ranges) == members, short
    for major in "CLMNPSZ":
        found = unicode_property(major)
        assert found is not None
        union = set().union(*[m for c, m in by_category.items() if c[0] == major])
        assert _members(found.ranges) == union, major


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
    assigned, unassigned = unicode_property("Assigned"), unicode_property("Cn")
    assert assigned is not None
    assert unassigned is not None
    assert _members(assigned.ranges) == _SCALARS - _members(unassigned.ranges)


@pytest.mark.parametrize(
    "expression", ["", "Greek", "Script=Greek", "letter", "lu", "gc=", "sc=Latn", "Emoji", "L "]
)
def test_unknown_properties_and_loose_spellings(expression: str) -> None:
    assert unicode_property(expression) is None
