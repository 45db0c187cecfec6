"""Dates and times of RFC 3339 (``date``, ``time``, ``date-time``, ``duration``).

Section 5.6's ABNF with section 5.7's restrictions, all of which are regular: the days of each month
with leap years by appendix C, and second 60 only where UTC reads 23:59:60. Since that instant
depends on the offset, hour and minute of a leap second are tied to those of its offset, which
follows them; the ties of hours and of the minutes' digits are separate languages that are
intersected (about 110 alternatives instead of 2,880). In a ``date-time`` a leap second is moreover
the last second of a UTC month; in a ``time`` any day may be the last of its month. ``T`` and ``Z``
may be lower case, and so may the letters of a ``duration`` (appendix A is ABNF).

Readings: year 0000 is a year (four digits; leap, by appendix C); ``-00:00`` is an offset; the
table of past leap seconds is no part of the format.
"""

from __future__ import annotations

from grammarlib.compiler.formats.abnf import (
    DIGIT,
    digits,
    exactly,
    one_of,
    some,
    texts,
    two_digits,
    word,
)
from grammarlib.compiler.regex.program import (
    Ranges,
    char_class,
    concat,
    intersect,
    literal,
    optional,
    union,
)

__all__ = ["date", "date_time", "duration", "time"]

_DIGIT = char_class(DIGIT)
_DASH = literal("-")
_COLON = literal(":")
_YEAR = exactly(_DIGIT, 4)
_HOUR = two_digits(0, 23)
_MINUTE = two_digits(0, 59)
_HOUR_MINUTE = concat(_HOUR, _COLON, _MINUTE)
_FRACTION = optional(concat(literal("."), digits))
_ZULU = word("Z")
_NO_SIGN = char_class(DIGIT + one_of(":."))
_STRETCH = some(_NO_SIGN)

# Two digits that are a multiple of four, and the others.
_EVEN: Ranges = one_of("02468")
_ODD: Ranges = one_of("13579")
_FOURS = union(
    concat(char_class(_EVEN), char_class(one_of("048"))),
    concat(char_class(_ODD), char_class(one_of("26"))),
)
_FOURS_BUT_00 = union(
    concat(literal("0"), char_class(one_of("48"))),
    concat(char_class(one_of("2468")), char_class(one_of("048"))),
    concat(char_class(_ODD), char_class(one_of("26"))),
)
_NOT_FOURS = union(
    concat(char_class(_EVEN), char_class(one_of("1235679"))),
    concat(char_class(_ODD), char_class(one_of("01345789"))),
)
_LEAP_YEAR = union(
    concat(_DIGIT, _DIGIT, _FOURS_BUT_00),
    concat(_FOURS, literal("00")),
)
_COMMON_YEAR = union(
    concat(_DIGIT, _DIGIT, _NOT_FOURS),
    concat(_NOT_FOURS, literal("00")),
)
_LONG_MONTHS = texts("01", "03", "05", "07", "08", "10", "12")
_SHORT_MONTHS = texts("04", "06", "09", "11")


def date() -> bytes:
    """``full-date``."""
    month_and_day = union(
        concat(_LONG_MONTHS, _DASH, two_digits(1, 31)),
        concat(_SHORT_MONTHS, _DASH, two_digits(1, 30)),
        concat(literal("02-"), two_digits(1, 28)),
    )
    return union(concat(_YEAR, _DASH, month_and_day), concat(_LEAP_YEAR, literal("-02-29")))


def _last_day_of_month() -> bytes:
    return union(
        concat(
            _YEAR,
            _DASH,
            union(concat(_LONG_MONTHS, literal("-31")), concat(_SHORT_MONTHS, literal("-30"))),
        ),
        concat(_COMMON_YEAR, literal("-02-28")),
        concat(_LEAP_YEAR, literal("-02-29")),
    )


def _first_day_of_month() -> bytes:
    return concat(_YEAR, _DASH, two_digits(1, 12), literal("-01"))


def _ordinary_time() -> bytes:
    """``full-time`` outside leap seconds."""
    offset = union(_ZULU, concat(char_class(one_of("+-")), _HOUR_MINUTE))
    return concat(_HOUR_MINUTE, _COLON, two_digits(0, 59), _FRACTION, offset)


class _LeapTies:
    """Second 60 with an offset of one sign, its digits tied to those of the offset.

    The text is ``h:tu:60±k:vw`` with hours h and k, digits t, u, v, w. ``shape`` is all such texts,
    and each method gives a language that ties one pair of them to those listed. The ties say
    nothing else: their stretches end at the sign, so they stay small and deterministic.
    """

    def __init__(self, sign: str) -> None:
        self.sign = sign
        self.shape = concat(_HOUR_MINUTE, literal(":60"), _FRACTION, literal(sign), _HOUR_MINUTE)

    def hours(self, pairs: list[tuple[int, int]]) -> bytes:
        """The pair (h, k)."""
        ties = [
            concat(literal(f"{h:02}"), _STRETCH, literal(f"{self.sign}{k:02}")) for h, k in pairs
        ]
        return concat(union(*ties), _STRETCH)

    def tens(self, pairs: list[tuple[int, int]]) -> bytes:
        """The pair (t, v)."""
        return concat(exactly(_NO_SIGN, 3), self._digits(pairs, 3), _NO_SIGN)

    def ones(self, pairs: list[tuple[int, int]]) -> bytes:
        """The pair (u, w)."""
        return concat(exactly(_NO_SIGN, 4), self._digits(pairs, 4))

    def _digits(self, pairs: list[tuple[int, int]], place: int) -> bytes:
        between = concat(_STRETCH, literal(self.sign), exactly(_NO_SIGN, place))
        return union(*[concat(literal(str(a)), between, literal(str(b))) for a, b in pairs])


def _leap_time_same_day() -> bytes:
    """Leap seconds whose local date is that of UTC: no offset, or a negative one."""
    at_zero = concat(literal("23:59:60"), _FRACTION, union(_ZULU, literal("+00:00")))
    ties = _LeapTies("-")
    # 23:59 minus the offset: no digit borrows.
    behind = intersect(
        ties.shape,
        ties.hours([(23 - k, k) for k in range(24)]),
        ties.tens([(5 - v, v) for v in range(6)]),
        ties.ones([(9 - w, w) for w in range(10)]),
    )
    return union(at_zero, behind)


def _leap_time_next_day() -> bytes:
    """Leap seconds whose local date is the day after that of UTC: a positive offset."""
    ties = _LeapTies("+")
    # A minute less than the offset: the ones borrow from the tens, and these from the hours.
    ones_borrow = ties.ones([(9, 0)])
    same_hour = intersect(
        ties.hours([(k, k) for k in range(24)]),
        union(
            intersect(
                ties.tens([(v, v) for v in range(6)]),
                ties.ones([(w - 1, w) for w in range(1, 10)]),
            ),
            intersect(ties.tens([(v - 1, v) for v in range(1, 6)]), ones_borrow),
        ),
    )
    hour_before = intersect(
        ties.hours([(k - 1, k) for k in range(1, 24)]), ties.tens([(5, 0)]), ones_borrow
    )
    return intersect(ties.shape, union(same_hour, hour_before))


def time() -> bytes:
    """``full-time``."""
    return union(_ordinary_time(), _leap_time_same_day(), _leap_time_next_day())


def date_time() -> bytes:
    """``date-time``."""
    separator = word("T")
    return union(
        concat(date(), separator, _ordinary_time()),
        concat(_last_day_of_month(), separator, _leap_time_same_day()),
        concat(_first_day_of_month(), separator, _leap_time_next_day()),
    )


def duration() -> bytes:
    """``duration`` of appendix A: each unit may be followed by the next smaller one only."""

    def count(unit: str) -> bytes:
        return concat(digits, word(unit))

    second = count("S")
    minute = concat(count("M"), optional(second))
    hour = concat(count("H"), optional(minute))
    clock = concat(word("T"), union(hour, minute, second))
    day = count("D")
    month = concat(count("M"), optional(day))
    year = concat(count("Y"), optional(month))
    calendar = concat(union(day, month, year), optional(clock))
    return concat(word("P"), union(calendar, clock, count("W")))
