"""Joining types against the ``idna`` package: what it lets stand around a non-joiner."""

from __future__ import annotations

import unicodedata

from idna.core import valid_contextj

from grammarlib.compiler.formats.idna import ranges
from grammarlib.compiler.formats.idna_points import ALLOWED
from grammarlib.compiler.formats.joining import JOINS_AFTER, JOINS_BEFORE
from grammarlib.compiler.regex.program import Ranges


def chars(found: Ranges) -> set[str]:
    return {chr(point) for lo, hi in found for point in range(lo, hi + 1)}


def test_joining_types() -> None:
    # The package asks for names, which some ideographs lack.
    known = [c for c in chars(ranges(ALLOWED)) if unicodedata.name(c, "")]
    letters = {c for c in known if unicodedata.category(c)[0] == "L"}
    after = {c for c in letters if valid_contextj(f"{c}\u200cب", 1)}
    before = {c for c in letters if valid_contextj(f"ب\u200c{c}", 1)}
    assert chars(JOINS_AFTER) & letters == after
    assert chars(JOINS_BEFORE) & letters == before
    assert len(after) > 300
