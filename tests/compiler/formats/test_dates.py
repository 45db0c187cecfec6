"""RFC 3339 against the standard library's calendar and against arithmetic."""

from __future__ import annotations

import datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.formats import format_program
from tests.oracle.regex_program import Matcher, read

_TREES = {n: read(format_program(n) or b"") for n in ("date", "time", "date-time", "duration")}


def accepts(name: str, text: str) -> bool:
    return Matcher(_TREES[name], text.encode()).matches()


def _calendar_has(year: int, month: int, day: int) -> bool:
    try:
        # The calendar repeats every 400 years; the standard library starts at year 1.
        datetime.date(year or 400, month, day)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("year", [0, 1, 4, 100, 400, 1900, 1996, 2000, 2023, 2024, 2100, 9999])
def test_every_day_of_a_year(year: int) -> None:
    for month, day in product(range(14), range(33)):
        text = f"{year:04}-{month:02}-{day:02}"
        assert accepts("date", text) == _calendar_has(year, month, day), text


def test_leap_years_over_four_centuries() -> None:
    for year in range(1600, 2001):
        assert accepts("date", f"{year}-02-29") == _calendar_has(year, 2, 29), year


_OFFSETS = st.tuples(st.sampled_from("+-"), st.integers(0, 24), st.integers(0, 60))


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    st.integers(0, 24),
    st.integers(0, 60),
    st.sampled_from([0, 30, 59, 60, 61]),
    st.sampled_from(["", ".0", ".123456789", "."]),
    st.none() | _OFFSETS,
)
def test_times(
    hour: int, minute: int, second: int, fraction: str, offset: tuple[str, int, int] | None
) -> None:
    zone = "Z" if offset is None else f"{offset[0]}{offset[1]:02}:{offset[2]:02}"
    shift = 0 if offset is None else (offset[1] * 60 + offset[2]) * (1 if offset[0] == "+" else -1)
    valid = hour < 24 and minute < 60 and fraction != "."
    valid = valid and (offset is None or (offset[1] < 24 and offset[2] < 60))
    if second >= 60:
        valid = valid and second == 60 and (hour * 60 + minute - shift) % 1440 == 1439
    text = f"{hour:02}:{minute:02}:{second:02}{fraction}{zone}"
    assert accepts("time", text) == valid, text
    # The same on an ordinary day, where no second is a leap second.
    on_day = valid and second < 60
    assert accepts("date-time", f"2023-05-14T{text}") == on_day, text


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.datetimes(datetime.datetime(1, 2, 1), datetime.datetime(9998, 1, 1)),
    st.integers(-1439, 1439),
    st.booleans(),
)
def test_leap_seconds_end_a_month_of_utc(
    moment: datetime.datetime, shift: int, at_end: bool
) -> None:
    if at_end:
        first_of_month = moment.replace(day=1, hour=0, minute=0)
        moment = first_of_month - datetime.timedelta(minutes=1)
    moment = moment.replace(second=0, microsecond=0)
    next_minute = moment + datetime.timedelta(minutes=1)
    is_leap = next_minute.day == 1 and (next_minute.hour, next_minute.minute) == (0, 0)
    local = moment + datetime.timedelta(minutes=shift)
    sign = "-" if shift < 0 else "+"
    zone = f"{sign}{abs(shift) // 60:02}:{abs(shift) % 60:02}"
    text = local.isoformat()[:17] + "60" + zone
    assert accepts("date-time", text) == is_leap, text
    assert accepts("date-time", local.isoformat() + zone)


def test_offsets_have_their_leap_second() -> None:
    # Seven minutes apart: all digits and hours occur.
    for shift in [-1439, -1380, -60, 0, 60, 1380, 1439, *range(-1438, 1440, 7)]:
        sign = "-" if shift < 0 else "+"
        local = (1439 + shift) % 1440
        zone = f"{sign}{abs(shift) // 60:02}:{abs(shift) % 60:02}"
        assert accepts("time", f"{local // 60:02}:{local % 60:02}:60{zone}"), zone
        wrong = (local + 1) % 1440
        assert not accepts("time", f"{wrong // 60:02}:{wrong % 60:02}:60{zone}"), zone


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2024-01-31T00:00:00Z", True),
        ("2024-01-31t00:00:00z", True),
        ("2024-01-31 00:00:00Z", False),
        ("2024-01-31T00:00:00", False),
        ("2024-01-31T00:00:00+0100", False),
        ("2024-01-31T00:00Z", False),
        ("2024-01-31T00:00:00-00:00", True),
        ("2016-12-31T23:59:60Z", True),
        ("2016-12-31T23:59:60.5+00:00", True),
        ("2017-01-01T00:59:60+01:00", True),
        ("2016-12-31T18:59:60-05:00", True),
        ("2024-02-28T23:59:60Z", False),
        ("2023-02-28T23:59:60Z", True),
        ("2024-02-29T23:59:60Z", True),
        ("1900-02-28T23:59:60Z", True),
        ("2017-01-02T00:59:60+01:00", False),
    ],
)
def test_date_times(text: str, valid: bool) -> None:
    assert accepts("date-time", text) == valid


def _is_duration(text: str) -> bool:
    """Appendix A, read by hand: each unit only directly before the next smaller one."""
    if text[:1] != "P" or text == "P":
        return False
    calendar, clock, time = text[1:].partition("T")
    if clock and not time:
        return False

    def units(part: str) -> str | None:
        found = ""
        count = ""
        for char in part:
            if char.isdigit():
                count += char
            elif count:
                found += char
                count = ""
            else:
                return None
        return None if count else found

    days, hours = units(calendar), units(time)
    if days is None or hours is None or hours not in "HMS":
        return False
    return (days == "W" and not clock) or days in "YMD"


@settings(derandomize=True, deadline=None, max_examples=500)
@given(
    st.lists(
        st.sampled_from(["1Y", "2M", "03D", "4W", "T", "5H", "6M", "70S", "P", "8", "H"]),
        max_size=7,
    )
)
def test_durations(parts: list[str]) -> None:
    text = "P" + "".join(parts)
    assert accepts("duration", text) == _is_duration(text), text
    assert accepts("duration", text.lower()) == _is_duration(text), text
