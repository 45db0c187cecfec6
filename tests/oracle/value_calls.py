"""A ``SchemaBuilder`` that only records, and a slow, obvious reading of what it recorded.

It judges the JSON Schema front end without the core: ``accepts`` decides by the definitions of the
value expressions whether a Python value, as ``json.loads`` gives it, is in the set of a handle.
Numbers are judged by the spelling that ``json.dumps`` gives them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.oracle.regex_program import matches

NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT = (1 << i for i in range(6))
Call = tuple[Any, ...]


class Recorder:
    """Keeps every call; the handle is its index."""

    def __init__(self, matches: Callable[[bytes, str], bool] = matches) -> None:
        self.calls: list[Call] = [("any",), ("never",)]
        self.meanings: dict[int, int] = {}
        self._matches = matches
        self._matched: dict[tuple[int, str], bool] = {}

    def _record(self, *call: Any) -> int:
        self.calls.append(call)
        return len(self.calls) - 1

    def _handle(self, *handles: int) -> None:
        assert all(isinstance(h, int) and 0 <= h < len(self.calls) for h in handles), handles

    def regex(self, program: bytes) -> int:
        assert isinstance(program, bytes)
        return self._record("regex", program)

    def types(self, mask: int) -> int:
        assert 0 < mask < 64
        return self._record("types", mask)

    def booleans(self, mask: int) -> int:
        assert 0 < mask < 4
        return self._record("booleans", mask)

    def strings(self, expression: int) -> int:
        assert self.calls[expression][0] == "regex"
        return self._record("strings", expression)

    def numbers(self, expression: int) -> int:
        assert self.calls[expression][0] == "regex"
        return self._record("numbers", expression)

    def string_literals(self, texts: list[str]) -> int:
        for text in texts:
            text.encode()
        return self._record("string_literals", list(texts))

    def if_string(self, expression: int) -> int:
        assert self.calls[expression][0] == "regex"
        return self._record("if_string", expression)

    def if_number(self, expression: int) -> int:
        assert self.calls[expression][0] == "regex"
        return self._record("if_number", expression)

    def if_array(
        self,
        prefix: list[int],
        rest: int,
        min_items: int,
        max_items: int | None,
        contains: tuple[int, int, int | None] | None = None,
        unique: bool = False,
    ) -> int:
        self._handle(*prefix, rest)
        _bounds(min_items, max_items)
        assert max_items is None or min_items <= max_items
        if contains is not None:
            kind, fewest, most = contains
            self._handle(kind)
            _bounds(fewest, most)
        return self._record(
            "if_array", list(prefix), rest, min_items, max_items, contains, bool(unique)
        )

    def if_object(
        self,
        properties: list[tuple[str, int]],
        additional: int,
        required: list[str],
        patterns: list[tuple[int, int]] | None = None,
        min_properties: int = 0,
        max_properties: int | None = None,
    ) -> int:
        patterns = patterns or []
        self._handle(additional, *[value for _, value in [*properties, *patterns]])
        assert all(self.calls[expression][0] == "regex" for expression, _ in patterns)
        names = [name for name, _ in properties]
        for name in [*names, *required]:
            name.encode()
        assert len(set(names)) == len(names)
        assert len(set(required)) == len(required)
        _bounds(min_properties, max_properties)
        return self._record(
            "if_object",
            list(properties),
            additional,
            list(required),
            list(patterns),
            min_properties,
            max_properties,
        )

    def if_names(self, names: int) -> int:
        self._handle(names)
        return self._record("if_names", names)

    def negation(self, value: int) -> int:
        self._handle(value)
        return self._record("negation", value)

    def all_of(self, values: list[int]) -> int:
        assert values
        self._handle(*values)
        return self._record("all_of", list(values))

    def any_of(self, values: list[int]) -> int:
        assert values
        self._handle(*values)
        return self._record("any_of", list(values))

    def reference(self) -> int:
        return self._record("reference")

    def define(self, reference: int, value: int) -> None:
        assert self.calls[reference] == ("reference",)
        assert reference not in self.meanings
        self._handle(value)
        self.meanings[reference] = value

    # -- reading --------------------------------------------------------------------------------

    def accepts(self, handle: int, instance: object) -> bool:
        """Whether ``instance`` is in the set of ``handle``."""
        kind, *operands = self.calls[handle]
        if kind == "reference":
            return self.accepts(self.meanings[handle], instance)
        if kind == "all_of":
            return all(self.accepts(value, instance) for value in operands[0])
        if kind == "any_of":
            return any(self.accepts(value, instance) for value in operands[0])
        if kind == "negation":
            return not self.accepts(operands[0], instance)
        held = _type(instance)
        if kind == "if_array":
            return held != ARRAY or self._array(instance, *operands)
        if kind == "if_object":
            return held != OBJECT or self._object(instance, *operands)
        if kind == "if_names":
            return held != OBJECT or all(self.accepts(operands[0], name) for name in instance)  # type: ignore[attr-defined]
        if kind in ("strings", "if_string"):
            if held != STRING:
                return bool(kind == "if_string")
            return self._spelled(operands[0], str(instance))
        if kind in ("numbers", "if_number"):
            if held != NUMBER:
                return bool(kind == "if_number")
            return self._spelled(operands[0], json.dumps(instance))
        if kind == "string_literals":
            return bool(held == STRING and instance in operands[0])
        if kind == "booleans":
            return bool(held == BOOLEAN and operands[0] & (2 if instance else 1))
        if kind == "types":
            return bool(operands[0] & held)
        assert kind in ("any", "never")
        return bool(kind == "any")

    def _spelled(self, expression: int, text: str) -> bool:
        key = (expression, text)
        if key not in self._matched:
            self._matched[key] = self._matches(self.calls[expression][1], text)
        return self._matched[key]

    def _array(
        self,
        items: Any,
        prefix: list[int],
        rest: int,
        least: int,
        most: int | None,
        contains: tuple[int, int, int | None] | None,
        unique: bool,
    ) -> bool:
        if not _within(len(items), least, most):
            return False
        if unique and any(same(a, b) for i, a in enumerate(items) for b in items[:i]):
            return False
        if contains is not None:
            kind, fewest, limit = contains
            if not _within(sum(self.accepts(kind, item) for item in items), fewest, limit):
                return False
        values = [*prefix, *[rest] * len(items)]
        return all(self.accepts(v, item) for v, item in zip(values, items, strict=False))

    def _object(
        self,
        members: Any,
        properties: list[tuple[str, int]],
        additional: int,
        required: list[str],
        patterns: list[tuple[int, int]],
        least: int,
        most: int | None,
    ) -> bool:
        declared = dict(properties)
        if not _within(len(members), least, most):
            return False
        for name, value in members.items():
            said = [handle for expression, handle in patterns if self._spelled(expression, name)]
            if name in declared:
                said.append(declared[name])
            if not all(self.accepts(handle, value) for handle in said or [additional]):
                return False
        return all(name in members for name in required)


def same(a: Any, b: Any) -> bool:
    """Whether JSON calls two values equal: numbers by value, and no boolean is a number."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


def _within(number: int, least: int, most: int | None) -> bool:
    return least <= number and (most is None or number <= most)


def _bounds(least: int, most: int | None) -> None:
    assert 0 <= least < 2**32
    assert most is None or 0 <= most < 2**32


def _type(instance: object) -> int:
    if instance is None:
        return NULL
    if isinstance(instance, bool):
        return BOOLEAN
    if isinstance(instance, int | float):
        return NUMBER
    if isinstance(instance, str):
        return STRING
    return ARRAY if isinstance(instance, list) else OBJECT
