"""The look-up keeps its three outcomes apart; the official suite agrees with every program."""

from __future__ import annotations

import json
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from grammarlib.compiler.formats import (
    DRAFTS,
    FORMATS,
    REFUSED_FORMATS,
    UnsupportedFormat,
    format_program,
)
from grammarlib.compiler.regex.program import decode
from grammarlib.errors import GrammarlibError
from tests.oracle.regex_program import Matcher, read

SUITE = Path(__file__).resolve().parents[4] / "shared" / "data" / "json-schema-test-suite.tar.xz"
SUITE_DRAFTS = {"draft4": "4", "draft7": "7", "draft2020-12": "2020-12"}


def test_unknown_names_assert_nothing() -> None:
    for name in ("", "color", "Date-Time", "ipv4 ", "int32"):
        assert format_program(name) is None


@pytest.mark.parametrize("name", sorted(REFUSED_FORMATS))
def test_refused_names_are_refused_where_they_are_defined(name: str) -> None:
    assert name not in FORMATS
    for draft in (None, "7", "2019-09", "2020-12"):
        with pytest.raises(UnsupportedFormat, match=name) as refusal:
            format_program(name, draft)
        assert isinstance(refusal.value, GrammarlibError)
        assert refusal.value.reason == REFUSED_FORMATS[name]
    assert format_program(name, "4") is None


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_has_a_small_well_formed_program(name: str) -> None:
    program = format_program(name)
    assert program is not None
    assert format_program(name) is program
    assert len(decode(program)) < 1_200
    assert FORMATS[name].since in DRAFTS
    assert {format_program(name, d) is not None for d in DRAFTS} == {True}


def test_drafts_differ_only_where_they_say_so() -> None:
    varying = {n for n in FORMATS if len({format_program(n, d) for d in DRAFTS}) > 1}
    assert varying == {"hostname", "relative-json-pointer"}
    with pytest.raises(ValueError, match="no such draft: '5'"):
        format_program("date", "5")


def _suite_cases() -> Iterator[tuple[str, str, str, bool]]:
    with lzma.open(SUITE) as raw, tarfile.open(fileobj=raw, mode="r|") as archive:
        for member in archive:
            parts = PurePosixPath(member.name).parts
            handle = archive.extractfile(member)
            if handle is None or "format" not in parts or parts[-3] != "optional":
                continue
            draft = SUITE_DRAFTS.get(parts[-4])
            if draft is None:
                continue
            for group in json.load(handle):
                name = group["schema"].get("format")
                for test in group["tests"]:
                    if isinstance(test["data"], str):
                        yield draft, name, test["data"], test["valid"]


def test_the_official_suite() -> None:
    if not SUITE.exists():
        pytest.skip("needs ../shared/data/json-schema-test-suite.tar.xz")
    checked = 0
    wrong = []
    for draft, name, text, valid in _suite_cases():
        if name in REFUSED_FORMATS:
            continue
        program = format_program(name, draft)
        accepted = program is None or Matcher(read(program), text.encode()).matches()
        checked += 1
        if accepted != valid:
            wrong.append((draft, name, text, valid))
    assert checked > 1_100
    # The one documented gap: valid A-labels are not accepted where their validity counts.
    assert [w for w in wrong if w[1] != "hostname" or "xn--" not in w[2] or not w[3]] == []
    assert len(wrong) == 2 * 15
