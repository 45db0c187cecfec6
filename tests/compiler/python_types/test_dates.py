"""The bounds of dates as patterns, against the order of dates."""

from __future__ import annotations

import datetime
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.python_types.dates import dates_between

DAY = datetime.timedelta(days=1)
BOUND = st.none() | st.dates()


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(BOUND, BOUND, BOUND, BOUND, st.dates())
def test_texts_are_those_of_dates_within_the_bounds(
    ge: datetime.date | None,
    gt: datetime.date | None,
    le: datetime.date | None,
    lt: datetime.date | None,
    date: datetime.date,
) -> None:
    bounds = {"ge": ge, "gt": gt, "le": le, "lt": lt}
    pattern = dates_between(bounds) or ""
    near = [bound for bound in bounds.values() if bound is not None]
    near += [one + DAY for one in near if one < datetime.date.max]
    near += [one - DAY for one in near if one > datetime.date.min]
    for one in [date, *near]:
        inside = (
            (ge is None or one >= ge)
            and (gt is None or one > gt)
            and (le is None or one <= le)
            and (lt is None or one < lt)
        )
        assert bool(re.search(pattern, one.isoformat())) is inside, (one, pattern)


def test_no_bounds_are_no_pattern() -> None:
    assert dates_between({}) is None


def test_bounds_at_the_ends_of_the_calendar() -> None:
    for bounds in ({"gt": datetime.date.max}, {"lt": datetime.date.min}):
        pattern = dates_between(bounds)
        assert pattern is not None
        assert not re.search(pattern, "9999-12-31")
        assert not re.search(pattern, "0001-01-01")
