"""Escapes against Python's own JSON decoder."""

from __future__ import annotations

import json
from itertools import product

from tests.oracle.json_strings import following, is_whole, points

DIGITS = "0129aDdCfF"


def decoded(escape: str) -> int | None:
    """The one code point that the escape spells, by ``json.loads``; None for anything else."""
    try:
        text = json.loads(f'"{escape}"')
    except ValueError:
        return None
    if len(text) != 1 or 0xD800 <= ord(text) <= 0xDFFF:
        return None
    return ord(text)


def test_whole_escapes_are_what_python_reads() -> None:
    for char in map(chr, range(0x20, 0x7F)):
        point = decoded(f"\\{char}")
        if char not in "u":
            assert points(f"\\{char}".encode()) == ([] if point is None else [(point, point)])
    for digits in product(DIGITS, repeat=4):
        escape = "\\u" + "".join(digits)
        point = decoded(escape)
        if point is not None:
            assert points(escape.encode()) == [(point, point)]
            assert is_whole(escape.encode())


def test_surrogate_pairs_are_what_python_reads() -> None:
    for high, low in product(["d800", "D83d", "dbff"], ["dc00", "DE00", "dfff", "d7ff", "e000"]):
        escape = f"\\u{high}\\u{low}"
        point = decoded(escape)
        assert points(escape.encode()) == ([] if point is None else [(point, point)])
        assert not is_whole(escape[:6].encode())
        assert point is None or is_whole(escape.encode())


def test_a_cut_escape_may_become_what_its_continuations_spell() -> None:
    for start in ("\\u", "\\ud", "\\uD8", "\\udb", "\\udc", "\\u00", "\\ud83d\\", "\\ud83d\\udc"):
        ways = points(start.encode())
        for rest in product("0189aDfu\\", repeat=2):
            longer = points((start + "".join(rest)).encode()) if ways else []
            for lo, hi in longer:
                assert any(a <= lo and hi <= b for a, b in ways), (start, rest)
    assert points(b"\\udc") == []
    assert points(b"\\ud83dx") == []
    assert points(b"\\ux") == []


def test_lead_bytes_are_those_of_utf8() -> None:
    for point in (*range(0x800), 0x800, 0xFFFF, 0x10000, 0x10FFFF):
        data = chr(point).encode()
        assert following(data[0]) == len(data) - 1
    assert [byte for byte in range(256) if following(byte) < 0] == [
        *range(0x80, 0xC2),
        *range(0xF5, 0x100),
    ]
