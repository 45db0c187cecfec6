"""Facts: the split of values, and that wording, value and schema belong together."""

from __future__ import annotations

import random

import jsonschema
import pytest

from examples.default_model.generic import LEAF_MAKERS
from examples.default_model.values import HELD_OUT_SHARE, Side, Values, join, side_of


@pytest.mark.parametrize("side", ["train", "held_out"])
@pytest.mark.parametrize("make", LEAF_MAKERS)
def test_facts_are_valid_and_on_their_side(make: object, side: Side) -> None:
    assert callable(make)
    values = Values(random.Random(3), side)
    for _ in range(50):
        fact = make(values)
        jsonschema.validate(fact.value, fact.schema)
        leaves = fact.value if isinstance(fact.value, list) else [fact.value]
        for leaf in leaves:
            if isinstance(leaf, str | int | float) and not isinstance(leaf, bool):
                if "enum" in fact.schema:  # a closed set, whose members are training words
                    continue
                assert side_of(leaf) == side


def test_one_value_in_eight_is_held_out() -> None:
    held_out = sum(side_of(number) == "held_out" for number in range(8000))
    assert held_out == pytest.approx(8000 / HELD_OUT_SHARE, rel=0.1)


def test_a_side_without_values_is_an_error() -> None:
    values = Values(random.Random(0), "train")
    lost = next(number for number in range(100) if side_of(number) == "held_out")
    with pytest.raises(ValueError, match="no value on the train side"):
        values.draw(lambda: lost)


def test_join_reads_as_english() -> None:
    assert [join(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "none",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_date_is_said_in_words_or_in_iso_form() -> None:
    values = Values(random.Random(5), "train")
    facts = [values.date() for _ in range(60)]
    assert any(fact.spoken == fact.value for fact in facts)
    march = next(fact for fact in facts if "March" in fact.spoken)
    assert str(march.value)[5:7] == "03"


def test_regular_names_tell_their_end_by_their_number_of_words() -> None:
    values = Values(random.Random(9), "held_out", regular=True)
    varied = Values(random.Random(9), "held_out")
    for make, count in (
        ("full_name", 2),
        ("city", 1),
        ("company", 2),
        ("product", 2),
        ("title", 2),
    ):
        regular = [str(getattr(values, make)().value) for _ in range(150)]
        assert {len(name.split()) for name in regular} == {count}
        others = [str(getattr(varied, make)().value) for _ in range(150)]
        assert len({len(name.split()) for name in others}) > 1
