"""The look-up of formats; the official suite judges schemas with each of them."""

from __future__ import annotations

import pytest

from grammarlib.compiler.formats import (
    DRAFTS,
    FORMATS,
    format_program,
)
from grammarlib.compiler.regex.program import decode


def test_unknown_names_assert_nothing() -> None:
    for name in ("", "color", "Date-Time", "ipv4 ", "int32"):
        assert format_program(name) is None


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_has_a_small_well_formed_program(name: str) -> None:
    program = format_program(name)
    assert program is not None
    assert format_program(name) is program
    assert len(decode(program)) < 8_000
    assert FORMATS[name].since in DRAFTS
    assert {format_program(name, d) is not None for d in DRAFTS} == {True}


def test_drafts_differ_only_where_they_say_so() -> None:
    varying = {n for n in FORMATS if len({format_program(n, d) for d in DRAFTS}) > 1}
    assert varying == {"hostname", "relative-json-pointer"}
    with pytest.raises(ValueError, match="no such draft: '5'"):
        format_program("date", "5")
