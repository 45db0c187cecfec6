"""Schemas built to explode end soon: enforced, or refused by name."""

from __future__ import annotations

import pytest

from tests.compiler.json_schema.hostile import CASES, FAMILIES, Outcome, apart, table

# What is over its bounds today, with the reason; the list only gets shorter.
OVER: dict[str, str] = {}

SMALL = [f"{family.__name__}/{sizes[0]}" for family, sizes in FAMILIES.items()]


def test_small_cases_end_well() -> None:
    outcomes = apart(*SMALL)
    assert [outcome.name for outcome in outcomes] == SMALL
    bad = [o for o in outcomes if not o.outcome.startswith(("enforced", "refused: "))]
    assert bad == []


@pytest.mark.exhaustive
def test_every_case_is_bounded() -> None:
    outcomes = [outcome for name in CASES for outcome in apart(name)]
    print("\n" + "\n".join(table(outcomes)))
    assert {outcome.name for outcome in outcomes if not outcome.bounded} <= set(OVER)


def test_there_are_a_hundred() -> None:
    assert len(CASES) == 100


# -- what is seen ---------------------------------------------------------------------------------


def test_a_process_that_goes_on_is_seen() -> None:
    first, *_, last = apart("deep_not/3", *["enum_of_objects/50000"] * 20, seconds=1)
    assert first.bounded
    assert last.outcome.startswith("killed")
    assert not last.bounded


@pytest.mark.parametrize(
    ("outcome", "bounded"),
    [
        (Outcome("x", "enforced", 0.1, 10.0, 50), True),
        (Outcome("x", "refused: x", 0.1, 10.0, 0), True),
        (Outcome("x", "enforced", 2.1, 10.0, 50), False),
        (Outcome("x", "enforced", 0.1, 501.0, 50), False),
        (Outcome("x", "crashed: x", 0.1, 10.0, 0), False),
    ],
)
def test_what_is_bounded(outcome: Outcome, bounded: bool) -> None:
    assert outcome.bounded is bounded


def test_an_error_that_is_none_of_ours_is_seen() -> None:
    (outcome,) = apart("no such case")
    assert not outcome.bounded
