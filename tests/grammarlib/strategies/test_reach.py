"""``from_grammar`` reaches everything that can be chosen."""

from __future__ import annotations

from typing import Any

import pytest

import grammarlib as gl
from grammarlib.strategies import derivation, items, members
from grammarlib.strategies.productions import Productions
from tests.grammarlib.strategies.checks import drawn
from tests.grammarlib.strategies.reach import Watch, possible
from tests.grammarlib.strategies.schemas import SCHEMAS


def missing(name: str, monkeypatch: pytest.MonkeyPatch) -> set[Any]:
    """What is not reached by 500 texts, nor by 2,000 (rare: many items at a deep place)."""
    left: set[Any] = set()
    for number in (500, 2_000):
        with monkeypatch.context() as within:
            watch = Watch(within)
            drawn(gl.strategies.from_grammar(SCHEMAS[name]), number)
        assert watch.productions
        left = possible(watch.productions) - watch.reached
        if not left:
            break
    return left


@pytest.mark.parametrize("name", SCHEMAS)
def test_everything_is_reached(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing(name, monkeypatch) == set()


def _first_alternative(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Productions.alternatives
    first = derivation._Growth._value

    def faulty(self: Any, draw: Any, state: int, allowance: int, place: Any) -> Any:
        with monkeypatch.context() as within:
            within.setattr(Productions, "alternatives", lambda *a: real(*a)[:1])
            return first(self, draw, state, allowance, place)

    monkeypatch.setattr(derivation._Growth, "_value", faulty)


def _no_optional_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members._Choice, "pick", lambda self: None)


def _no_other_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members._Choice, "add", lambda self: None)


def _fewest_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "FILL", 0)


def _fewest_counted_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "FILL", 0)


@pytest.mark.parametrize(
    ("plant", "name"),
    [
        (_first_alternative, "anything"),
        (_no_optional_key, "tree"),
        (_no_other_key, "objects"),
        (_fewest_items, "strings"),
        (_fewest_counted_items, "arrays"),
    ],
)
def test_what_is_not_reached_is_seen(
    plant: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    assert missing(name, monkeypatch)
