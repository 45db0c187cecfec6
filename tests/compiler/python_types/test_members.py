"""Members of enums and literals: those that pydantic reads, as values and as keys."""

from __future__ import annotations

import datetime
import enum
from typing import Any, Literal

import pydantic
import pytest

from grammarlib.compiler.python_types.members import keys, readable


class Word(str, enum.Enum):  # noqa: UP042  # a mixin, as many write it
    A = "a"


class Count(enum.IntEnum):
    ONE = 1
    TWO = 2


class Other(enum.Enum):
    WORD = "word"
    DAY = datetime.date(2000, 1, 1)
    PAIR = (1, 2)
    TRUE = True
    ONE = 1.5


def core(annotation: Any) -> Any:
    return pydantic.TypeAdapter(annotation).core_schema


def every(schema: Any) -> list[Any]:
    members: list[Any] = schema["members"] if schema["type"] == "enum" else schema["expected"]
    return members


@pytest.mark.parametrize(
    ("annotation", "values", "texts"),
    [
        (Word, ["a"], ["a"]),
        (Count, [1, 2], ["1", "2"]),
        (Other, ["word", True, 1.5], ["word", "true"]),
        (Literal["a", 1, True, None], ["a", 1, True, None], ["a", "1", "true"]),
        (Literal[b"a"], [], []),
        (Literal[Word.A], ["a"], ["a"]),
        (Literal[Count.ONE], [1], []),
        (Literal[Other.WORD], [], []),
    ],
)
def test_members_are_those_that_are_read(
    annotation: Any, values: list[Any], texts: list[str]
) -> None:
    schema = core(annotation)
    found = readable(schema, every(schema))
    assert found == values
    assert [type(one) for one in found] == [type(one) for one in values]
    assert keys(schema) == texts
