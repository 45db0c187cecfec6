"""What the judge of texts says, and where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.json_text import Undecided, fault


@pytest.mark.parametrize(
    ("pattern", "value", "valid"),
    [
        ("b$", "é", False),
        ("b$", "éb", True),
        ("b$", "b\\n", False),
        ("^.$", "\u2028", False),
        ("^[.$]$", "$", True),
        ("^[^.$]$", "\u2028", True),
        ("\\\\d", "x", False),
    ],
)
def test_patterns_are_judged(pattern: str, value: str, valid: bool) -> None:
    schema = {"pattern": pattern.replace("\\\\", "\\")}
    assert (fault(schema, f'"{value}"') is None) == valid


def test_what_depends_on_a_dialect_is_undecided() -> None:
    skipped: dict[str, Any] = {"pattern": "\\d"}
    with pytest.raises(Undecided):
        fault(skipped, '"é"')
    assert fault({**skipped, "maxLength": 0}, '"é"') is not None
    with pytest.raises(Undecided):
        fault({"oneOf": [skipped, {}]}, '"é"')


def test_a_pattern_within_one_of_is_judged_on_any_text() -> None:
    """Once taken to hold on texts beyond ASCII, so that two branches held."""
    assert fault({"oneOf": [{"pattern": "b$"}, {"properties": {}}]}, '"N0\u0357"') is None
