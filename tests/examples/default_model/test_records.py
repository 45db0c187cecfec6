"""Records: tables of kinds that hold together, and answers that the text bears out."""

from __future__ import annotations

import random

import pytest

from examples.default_model.kinds import Kind
from examples.default_model.records import KINDS, record, several_records
from examples.default_model.values import Values


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_phrase_has_a_place_for_its_value(kind: Kind) -> None:
    for field in kind.fields:
        if field.denials:  # a boolean: the clause itself is the value
            assert all("{}" not in phrase for phrase in field.clauses + field.denials)
        else:
            assert all(phrase.count("{}") == 1 for phrase in field.clauses)
    assert all(opener.count("{}") == 1 for opener in kind.openers)
    assert len(kind.fields) >= 8


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_strings_of_the_answer_are_in_the_text(kind: Kind) -> None:
    values = Values(random.Random(11), "train")
    for _ in range(40):
        example = record(values, kind)
        assert isinstance(example.answer, dict)
        for value in example.answer.values():
            if isinstance(value, str) and not value[:4].isdigit():  # dates are reworded
                assert value in example.text


def test_a_list_of_records_has_one_schema() -> None:
    values = Values(random.Random(2), "train")
    for kind in KINDS:
        example = several_records(values, kind)
        assert isinstance(example.answer, list)
        keys = {tuple(one) for one in example.answer if isinstance(one, dict)}
        assert len(keys) == 1
