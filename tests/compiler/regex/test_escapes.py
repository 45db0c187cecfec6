"""Escapes and bracket classes, construct by construct."""

from __future__ import annotations

import pytest

from grammarlib.compiler.regex.escapes import ClassError, parse_class, read_escape
from grammarlib.compiler.regex.nodes import Chars
from grammarlib.compiler.regex.program import normalize_ranges


@pytest.mark.parametrize(
    ("text", "point", "rest"),
    [
        ("n", 10, ""),
        ("t", 9, ""),
        ("v", 11, ""),
        ("x41", 0x41, ""),
        ("x4", 0x78, "4"),
        ("u0041", 0x41, ""),
        ("u004", 0x75, "004"),
        ("u{1F600}", 0x1F600, ""),
        ("u{00000041}", 0x41, ""),
        ("u{110000}", 0x75, "{110000}"),
        ("u{}", 0x75, "{}"),
        ("ud83d\\ude00", 0x1F600, ""),
        ("uD83D\\uDE00x", 0x1F600, "x"),
        ("ud83d\\u0041", 0xD83D, "\\u0041"),
        ("ude00", 0xDE00, ""),
        ("cA", 1, ""),
        ("cz", 26, ""),
        ("c1", 0x5C, "c1"),
        ("0", 0, ""),
        ("012", 10, ""),
        ("377", 255, ""),
        ("400", 0x20, "0"),
        ("8", 0x38, ""),
        ("-", 0x2D, ""),
        ("/", 0x2F, ""),
        ("_", 0x5F, ""),
        ("é", 0xE9, ""),
        ("pL", 0x70, "L"),
    ],
)
def test_characters(text: str, point: int, rest: str) -> None:
    assert read_escape("\\" + text, 1, in_class=False) == (point, 1 + len(text) - len(rest))


def test_in_classes_some_escapes_differ() -> None:
    assert read_escape("\\b", 1, in_class=True) == (8, 2)
    assert read_escape("\\c1", 1, in_class=True) == (0x11, 3)
    assert read_escape("\\c_", 1, in_class=True) == (0x1F, 3)
    assert read_escape("\\B", 1, in_class=True) == (0x42, 2)


def test_sets_and_their_complements() -> None:
    for text in ("\\d", "\\D", "\\p{Lu}", "\\P{Lu}", "\\p{gc=Zs}"):
        found, end = read_escape(text, 1, in_class=False)
        assert isinstance(found, Chars)
        assert end == len(text)
    upper, _ = read_escape("\\p{Lu}", 1, in_class=False)
    other, _ = read_escape("\\P{Lu}", 1, in_class=False)
    assert isinstance(upper, Chars)
    assert isinstance(other, Chars)
    assert not set(upper.ranges) & set(other.ranges)
    assert normalize_ranges([*upper.ranges, *other.ranges]) == ((0, 0xD7FF), (0xE000, 0x10FFFF))


@pytest.mark.parametrize(
    ("text", "members", "others"),
    [
        ("[abc]", "abc", "d-^"),
        ("[a-c]", "abc", "d-"),
        ("[a-]", "a-", "b"),
        ("[-a]", "a-", "b"),
        ("[^a-c]", "d^-\n😀", "abc"),
        ("[a^]", "a^", "b"),
        ("[\\]]", "]", "\\"),
        ("[\\w-.]", "a_9-.", ",/"),
        ("[a-\\d]", "a-5", "bc"),
        ("[--/]", "-./", ","),
        ("[\\b]", "\b", "b"),
        ("[\\^\\-\\\\]", "^-\\", "ab"),
        ("[\\ud83d\\ude00-\\ud83d\\ude02]", "😀😁😂", "😃"),
        ("[\\u{1F600}]", "😀", "u{1F60}"),
        ("[.*+?(){}|$]", ".*+?(){}|$", "a"),
        ("[\\ud800-\\udfff]", "", "a😀\ue000"),
        ("[^\\ud800-\\udfff]", "a😀\ue000", ""),
        ("[\\p{Lu}\\d]", "AÉ5", "aé"),
        ("[\\c]", "\\c", "a"),
        ("[]", "", "a]"),
        ("[^]", "a\n😀", ""),
    ],
)
def test_classes(text: str, members: str, others: str) -> None:
    ranges = parse_class(text).ranges
    assert [c for c in members if not any(lo <= ord(c) <= hi for lo, hi in ranges)] == []
    assert [c for c in others if any(lo <= ord(c) <= hi for lo, hi in ranges)] == []


def test_faults_have_their_place() -> None:
    with pytest.raises(ClassError, match="out of order") as order:
        parse_class("[ab-\\x41]")
    assert (order.value.offset, order.value.unsupported) == (2, False)
    with pytest.raises(ClassError, match=r"\\p\{Script=greek\}") as script:
        parse_class("[a\\p{Script=greek}]")
    assert (script.value.offset, script.value.unsupported) == (2, True)
    with pytest.raises(ClassError, match="escapes nothing"):
        read_escape("\\", 1, in_class=False)
