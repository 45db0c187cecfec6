"""``parse_json`` equals ``json.loads`` wherever that answers, and answers where it does not."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.runtime import json_value
from grammarlib.runtime.json_value import parse_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(value=values, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_the_loop_equals_the_library(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert parse_json(text) == value
    assert json_value._parse_nested(text) == value


def test_deep_nesting_is_parsed() -> None:
    depth = 100_000
    value = parse_json("[" * depth + '{"a": [1, "]"]}' + "]" * depth)
    for _ in range(depth):
        assert isinstance(value, list)
        (value,) = value
    assert value == {"a": [1, "]"]}


def test_long_whole_numbers_are_parsed() -> None:
    assert parse_json('{"n": -1' + "0" * 9999 + "}") == {"n": -(10**9999)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e400", 10**400),
        ("-12.5e400", -125 * 10**399),
        ("1e-400", Decimal("1e-400")),
        ("1e99999", Decimal("1e99999")),
        ("0e999", 0.0),
        ("-0.0", 0.0),
        ("1.5e308", 1.5e308),
        ("5e-324", 5e-324),
    ],
)
def test_numbers_beyond_floats_keep_their_value(text: str, value: object) -> None:
    for parsed in (parse_json(f"[{text}]"), json_value._parse_nested(f"[{text}]")):
        assert parsed == [value]
        assert isinstance(parsed, list)
        assert type(parsed[0]) is type(value)
    assert math.isinf(parse_json("1e9999999999999999999"))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "[1", "nul", "[" * 5000, "[" * 5000 + "@" + "]" * 5000])
def test_what_is_not_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own errors among them
        parse_json(text)
