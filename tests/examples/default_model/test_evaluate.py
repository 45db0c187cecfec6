"""How answers are scored."""

from __future__ import annotations

import pytest

from examples.default_model.evaluate import Score, compare, same


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ([1, "a"], [1, "a"], True),
        ([1], [1, 1], False),
        ({"a": 1, "b": None}, {"b": None, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": [True]}, {"a": [1]}, False),
        (None, None, True),
    ],
)
def test_equality_is_that_of_json(one: object, other: object, equal: bool) -> None:
    assert same(one, other) is equal


@pytest.mark.parametrize(
    ("written", "right", "fields"),
    [
        ({"a": 1, "b": "x"}, 2, 2),
        ({"a": 1}, 1, 2),
        ({"a": 1, "b": "y", "c": 0}, 1, 3),
        (None, 0, 2),
        ([], 0, 2),
    ],
)
def test_fields_missing_wrong_or_too_many_count_once(
    written: object, right: int, fields: int
) -> None:
    assert compare({"a": 1, "b": "x"}, written) == (right, fields)


def test_a_score_adds_up() -> None:
    score = Score()
    score.add({"a": 1}, {"a": 1})
    score.add({"a": 1}, {"a": 2})
    assert (score.prompts, score.records, score.fields, score.fields_right) == (2, 1, 2, 1)
    assert "50.0% of 2 records" in str(score)
