"""Derivations with a fault planted in them: the checks of drawn texts see each."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import grammarlib as gl
from grammarlib.strategies import derivation, json_text, members
from grammarlib.strategies.distinct import Separation
from grammarlib.strategies.places import ArrayPlace, Arrays
from grammarlib.strategies.productions import Productions
from grammarlib.strategies.shapes import ArrayOf, ObjectOf
from tests.grammarlib.strategies.checks import check_inside, compiled_over_bytes, each

PLAIN = {
    "type": "object",
    "properties": {"a": {"type": "array", "maxItems": 2}, "b": {}},
    "required": ["a", "b"],
}
COUNTED = {
    "type": "object",
    "properties": {
        "a": {"type": "array", "items": {"enum": [0, 1]}, "contains": {"const": 1}},
        "b": {"type": "array", "items": {"enum": [0, 1]}, "uniqueItems": True},
    },
    "required": ["a"],
    "additionalProperties": {"type": "null"},
    "dependentRequired": {"b": ["c"], "d": ["e"]},
    "minProperties": 2,
    "maxProperties": 4,
}


def _changed(monkeypatch: pytest.MonkeyPatch, kind: type, change: Any) -> None:
    """Make the alternatives of a kind other ones."""
    real = Productions._alternatives

    def faulty(self: Productions, state: int) -> Any:
        return [change(a) if isinstance(a, kind) else a for a in real(self, state)]

    monkeypatch.setattr(Productions, "_alternatives", faulty)


def _no_required(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(shape: Any) -> Any:
        properties = tuple((key, state, False) for key, state, _ in shape.properties)
        return dataclasses.replace(shape, properties=properties)

    _changed(monkeypatch, ObjectOf, change)


def _too_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(shape: Any) -> Any:
        return dataclasses.replace(shape, most=shape.most and shape.most + 1)

    _changed(monkeypatch, ArrayOf, change)


def _wide_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    real = json_text.Blanks.at
    monkeypatch.setattr(json_text.Blanks, "at", lambda *place: real(*place) + "   ")


def _raw_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "spell", lambda text, *pattern: f'"{text}"')


def _repeated_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*arguments: Any) -> Any:
        chosen = members.chosen_members(*arguments)
        twice = chosen.members + chosen.members[chosen.declared :]
        return dataclasses.replace(chosen, members=twice)

    monkeypatch.setattr(derivation, "chosen_members", faulty)


def _other_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(draw: Any, count: int, allowance: int) -> Any:
        return list(range(count))[::-1], allowance

    monkeypatch.setattr(derivation, "drawn_order", faulty)
    real = Productions.__init__

    def free(self: Productions, core: Any) -> None:
        real(self, core)
        self.free_order = True

    monkeypatch.setattr(Productions, "__init__", free)


def _presence_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(shape: Any) -> Any:
        demands = shape.demands and dataclasses.replace(shape.demands, formula=0, asked=())
        return dataclasses.replace(shape, demands=demands)

    _changed(monkeypatch, ObjectOf, change)


def _too_few_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members._Choice, "fill", lambda self: None)


def _asked_members_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*arguments: Any) -> Any:
        chosen = members.chosen_members(*arguments)
        return dataclasses.replace(chosen, free={key for key, _ in chosen.members}, spare=9)

    monkeypatch.setattr(derivation, "chosen_members", faulty)


def _too_few_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*arguments: Any) -> Any:
        return dataclasses.replace(members.chosen_members(*arguments), spare=9)

    monkeypatch.setattr(derivation, "chosen_members", faulty)


def _too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(shape: Any) -> Any:
        demands = shape.demands and dataclasses.replace(shape.demands, most=None)
        return dataclasses.replace(shape, demands=demands)

    _changed(monkeypatch, ObjectOf, change)


def _items_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(self: Arrays, place: ArrayPlace) -> bool:
        return not place.least

    monkeypatch.setattr(Arrays, "may_end", ends)


def _equal_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Separation, "add", lambda self, items: None)


@pytest.mark.parametrize(
    ("plant", "schema"),
    [
        (_no_required, PLAIN),
        (_too_many_items, PLAIN),
        (_wide_blanks, PLAIN),
        (_raw_escapes, PLAIN),
        (_repeated_keys, PLAIN),
        (_other_order, PLAIN),
        (_presence_not_asked, COUNTED),
        (_too_few_members, COUNTED),
        (_too_many_members, COUNTED),
        (_asked_members_left_out, PLAIN),
        (_too_few_left, COUNTED),
        (_items_not_counted, COUNTED),
        (_equal_items, COUNTED),
    ],
)
def test_a_planted_fault_is_seen(plant: Any, schema: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compiled_over_bytes(schema)
    each(gl.strategies.from_grammar(schema), lambda text: check_inside(schema, compiled, text), 200)
    plant(monkeypatch)
    strategy = gl.strategies.from_grammar(schema)
    with pytest.raises(AssertionError, match="the engine refuses"):
        each(strategy, lambda text: check_inside(schema, compiled, text), 200)
