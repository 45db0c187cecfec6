"""Tables: columns line up, and numbers keep their size."""

from __future__ import annotations

import pytest

from benchmarks.masks.tables import number, ratio, share, table


def test_columns_line_up_and_bars_are_escaped() -> None:
    text = table(["", "name", "n"], [["a|b", "x", "1"], ["c", "long", "1,000"]], left=2)
    assert text.splitlines() == [
        "|      | name |     n |",
        "|:-----|:-----|------:|",
        "| a\\|b | x    |     1 |",
        "| c    | long | 1,000 |",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00"), (0.126, "0.13"), (9.994, "9.99"), (12.34, "12.3"), (1234567.8, "1,234,568")],
)
def test_numbers_have_three_digits_or_all(value: float, text: str) -> None:
    assert number(value) == text
    assert ratio(value) == f"{text}×"


def test_a_share_of_nothing_is_none() -> None:
    assert (share(1, 8), share(0, 0)) == ("12.5%", "–")
