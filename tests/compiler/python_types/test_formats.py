"""Patterns of formats: what pydantic writes matches, and what matches pydantic reads."""

from __future__ import annotations

import base64 as b64
import datetime
import ipaddress
import re
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.python_types.formats import (
    base64,
    format_pattern,
    hexadecimal,
    uuid,
)

RUN = settings(max_examples=100, derandomize=True, database=None, deadline=None)
DAY = datetime.timedelta(days=1)
ENDS = st.timedeltas(max_value=datetime.timedelta.min + 370 * DAY) | st.timedeltas(
    min_value=datetime.timedelta.max - 370 * DAY
)
DURATIONS: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(datetime.timedelta)


def matches(name: str, text: str) -> bool:
    pattern = format_pattern(name)
    assert pattern is not None
    return re.fullmatch(pattern, text, re.ASCII) is not None


def test_dates_are_those_of_the_calendar() -> None:
    day = datetime.date(1895, 1, 1)
    while day.year < 2005:
        assert matches("date", day.isoformat())
        day += DAY
    for text in (
        "1900-02-29",
        "2023-02-29",
        "2024-02-30",
        "2024-04-31",
        "2024-13-01",
        "0000-01-01",
    ):
        assert not matches("date", text)
    assert matches("date", "0004-02-29")
    assert not matches("date", "0100-02-29")


@RUN
@given(ENDS | st.timedeltas())
def test_durations_are_those_of_python(duration: datetime.timedelta) -> None:
    assert matches("duration", DURATIONS.dump_python(duration, mode="json"))


@RUN
@given(st.from_regex(re.compile(format_pattern("duration") or "", re.ASCII), fullmatch=True))
def test_durations_are_read(text: str) -> None:
    DURATIONS.validate_python(text)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("10.0.0.0/8", True),
        ("10.1.0.0/8", False),
        ("10.64.0.0/10", True),
        ("10.32.0.0/10", False),
        ("255.255.255.255/32", True),
        ("1.2.3.4", True),
        ("0.0.0.0/0", True),
        ("1.2.3.4/33", False),
        ("01.2.3.4", False),
    ],
)
def test_networks_have_no_bits_beyond_their_prefix(text: str, inside: bool) -> None:
    assert matches("ipv4network", text) is inside
    if inside:
        ipaddress.IPv4Network(text)


def test_time_zones_are_those_that_there_are() -> None:
    assert all(matches("zoneinfo", name) for name in available_timezones())
    assert not matches("zoneinfo", "Mars/Olympus")


@RUN
@given(st.timezone_keys(allow_prefix=True), st.sampled_from(["", "posix/", "right/"]))
def test_time_zones_that_match_are_read(name: str, collection: str) -> None:
    key = collection + name
    try:
        ZoneInfo(key)
    except (KeyError, OSError, ValueError):
        assert not matches("zoneinfo", key)
    else:
        assert matches("zoneinfo", key)


@RUN
@given(st.binary(max_size=12), st.integers(0, 10), st.none() | st.integers(0, 10))
def test_encoded_bytes_have_their_length(data: bytes, least: int, most: int | None) -> None:
    inside = len(data) >= least and (most is None or len(data) <= most)
    spelled = {
        base64("+/", least, most): b64.b64encode(data).decode(),
        base64("-_", least, most): b64.urlsafe_b64encode(data).decode(),
    }
    for pattern, text in spelled.items():
        assert bool(re.fullmatch(pattern, text)) is inside
    if most is None or least <= most:
        assert bool(re.fullmatch(hexadecimal(least, most), data.hex())) is inside


def test_bits_that_pad_are_zero() -> None:
    assert not re.fullmatch(base64("+/"), "ab==")
    assert not re.fullmatch(base64("+/"), "abc")


@RUN
@given(st.integers(1, 8), st.uuids())
def test_uuids_are_of_their_version(version: int, one: Any) -> None:
    assert bool(re.fullmatch(uuid(version), str(one))) is (one.version == version)


def test_other_formats_keep_their_meaning() -> None:
    assert format_pattern("email") is None
    assert format_pattern("path") is None
