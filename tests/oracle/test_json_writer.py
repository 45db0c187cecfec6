"""What a style writes reads back as the value, and is in the spellings that the engine knows."""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.json_text import FLEXIBLE, ORDINARY, blanks_of
from tests.oracle.json_writer import Compact, Spaced, Varied, spellings, write

VALUE: Any = {
    "a": [1, Decimal("1.50"), -0, Decimal("-2E+3"), True, None, {}, []],
    'é"\\/\n\x01': "😀\u2028/",
    "": {"b": [[False], "x"]},
}


@pytest.mark.parametrize(
    "style", [Compact(), Spaced(), *(Varied(random.Random(i)) for i in range(50))]
)
def test_a_text_reads_back_as_its_value(style: Compact) -> None:
    text = write(VALUE, style)
    assert json.loads(text, parse_float=Decimal) == VALUE
    first, *between, last = blanks_of(text)
    assert (first, last) == ("", "")
    assert all(re.fullmatch(FLEXIBLE, blank) for blank in between)


@pytest.mark.parametrize(
    "value", ["0", "-0", "1", "-120", "0.5", "1.50", "12345678901234567890", "1E-8"]
)
def test_spellings_are_ordinary_and_of_the_value(value: str) -> None:
    found = spellings(Decimal(value))
    assert len(set(found)) > 1
    for numeral in found:
        assert ORDINARY.fullmatch(numeral), numeral
        assert Decimal(numeral) == Decimal(value)


def test_styles_differ() -> None:
    texts = {write(VALUE, Varied(random.Random(i))) for i in range(20)}
    assert len(texts) == 20
    assert any("\\ud83d" in text.lower() for text in texts)
