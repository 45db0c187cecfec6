"""Whether the branches of a ``oneOf`` evidently exclude each other; then it is an ``anyOf``.

Each schema gets an outline, which says too much rather than too little: the types it may hold, the
strings and numbers where they are finitely many, bounds of the number of items, required keys and
the schemas of properties. Two schemas exclude each other if for every type that both may hold their
outlines share no value: no constant, no number of items, or a key that one requires (a tag, most
often) and for which the two exclude each other in turn.

Invariants: "disjoint" is proved, "not disjoint" is not; a schema that is not understood has an
outline of everything. Cost: a few µs a branch and a µs a pair, under a budget of steps, past which
nothing is proved. Rejected: asking the core whether the intersections are empty, which needs every
pair of branches built as a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema.builder import (
    ARRAY,
    BOOLEAN,
    EVERY_TYPE,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
)
from grammarlib.compiler.json_schema.numbers import exact, finite
from grammarlib.errors import CompileBudgetExceeded, InvalidSchema, UnsupportedSchema

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.references import Scope

__all__ = ["Outlines"]

Place = tuple[object, "Scope"]

_TYPES = {
    "null": NULL,
    "boolean": BOOLEAN,
    "number": NUMBER,
    "integer": NUMBER,
    "string": STRING,
    "array": ARRAY,
    "object": OBJECT,
}
_MAX_STEPS = 20_000
_MAX_PAIRS = 300_000
_MAX_DEPTH = 8


class Outline:
    """A superset of the values of a schema."""

    __slots__ = (
        "booleans",
        "fewest",
        "keys",
        "mask",
        "most",
        "numbers",
        "properties",
        "required",
        "strings",
    )

    def __init__(self) -> None:
        self.mask = EVERY_TYPE
        self.booleans = 3
        self.strings: Set[str] | None = None
        self.numbers: Set[Decimal] | None = None
        self.fewest: int = 0
        self.most: int | None = None
        self.required: dict[str, None] = {}
        self.properties: dict[str, list[Place]] = {}
        self.keys: Set[str] | None = None
        """The only keys there may be; None for no limit."""


class Outlines:
    """Outlines of schemas, and the steps that are left for making and comparing them."""

    def __init__(self) -> None:
        self._steps = _MAX_STEPS
        self._made: dict[tuple[int, int], Outline] = {}

    def overlapping(self, places: Sequence[Place], limit: int) -> list[tuple[int, int]]:
        """Return the pairs of branches that may share a value of the types in ``limit``."""
        outlines = [self._outline([place]) for place in places]
        pairs: list[tuple[int, int]] = []
        if not self._tagged(outlines, limit):
            for j in range(len(outlines)):
                for i in range(j):
                    if not self._disjoint(outlines[i], outlines[j], limit, 0):
                        pairs.append((i, j))
                if len(pairs) > _MAX_PAIRS:
                    raise CompileBudgetExceeded(f"{_MAX_PAIRS} pairs of branches that overlap")
        return pairs

    # -- comparing --------------------------------------------------------------------------------

    def _tagged(self, outlines: Sequence[Outline], limit: int) -> bool:
        """Whether all are objects that one required key with distinct constants tells apart."""
        if len(outlines) < 8 or any(o.mask & limit & ~OBJECT for o in outlines):
            return False
        for key in outlines[0].required:
            seen: set[str] = set()
            for outline in outlines:
                if key not in outline.required or key not in outline.properties:
                    break
                tag = self._outline(outline.properties[key])
                if tag.mask != STRING or tag.strings is None or not seen.isdisjoint(tag.strings):
                    break
                seen |= tag.strings
            else:
                return True
        return False

    def _disjoint(self, a: Outline, b: Outline, limit: int, depth: int) -> bool:
        self._steps -= 1
        if self._steps < 0 or depth > _MAX_DEPTH:
            return False
        common = a.mask & b.mask & limit
        if common & NULL or (common & BOOLEAN and a.booleans & b.booleans):
            return False
        if common & STRING and not _apart(a.strings, b.strings):
            return False
        if common & NUMBER and not _apart(a.numbers, b.numbers):
            return False
        if common & ARRAY and not (_ends_before(a, b) or _ends_before(b, a)):
            return False
        return not common & OBJECT or self._objects_disjoint(a, b, depth)

    def _objects_disjoint(self, a: Outline, b: Outline, depth: int) -> bool:
        for key in {**a.required, **b.required}:
            self._steps -= 1
            for outline in (a, b):
                if outline.keys is not None and key not in outline.keys:
                    return True
            ours, theirs = a.properties.get(key), b.properties.get(key)
            if ours and theirs:
                mine, other = self._outline(ours), self._outline(theirs)
                if self._disjoint(mine, other, EVERY_TYPE, depth + 1):
                    return True
            elif (ours or theirs) and not self._outline(ours or theirs or []).mask:
                return True
        return False

    # -- outlining --------------------------------------------------------------------------------

    def _outline(self, places: Sequence[Place], depth: int = 0) -> Outline:
        """Return the outline of values that satisfy all of these schemas."""
        if len(places) != 1:
            outline = Outline()
            for place in places:
                self._narrow(outline, *place, depth)
            return outline
        schema, scope = places[0]
        key = (id(schema), id(scope)) if isinstance(schema, dict) else (int(bool(schema)), 0)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = Outline()  # everything, to a schema that meets itself
            self._narrow(made, schema, scope, depth)
        return made

    def _narrow(self, outline: Outline, schema: object, scope: Scope, depth: int) -> None:
        """Take out of an outline what the schema evidently excludes.

        The schema may be the target of a reference, whose form is not checked yet.
        """
        self._steps -= 1
        if schema is False:
            outline.mask = 0
        if not isinstance(schema, dict) or self._steps < 0 or depth > _MAX_DEPTH:
            return
        draft = scope.draft
        if schema is not scope.root and (draft.id_keyword in schema or "$schema" in schema):
            return  # another scope: not worth following
        reference = schema.get("$ref")
        if isinstance(reference, str):
            try:
                target, where, _ = scope.resolve(reference, ((), "$ref"))
                self._narrow(outline, target, where, depth + 1)
            except (InvalidSchema, UnsupportedSchema):
                pass  # reported where the reference is lowered
            if draft.reference_stands_alone:
                return
        if "type" in schema:
            outline.mask &= _mask(schema["type"])
        if "enum" in schema:
            _narrow_to(outline, schema["enum"])
        if "const" in schema and "const" in draft.keywords:
            _narrow_to(outline, [schema["const"]])
        fewest, most = schema.get("minItems"), schema.get("maxItems")
        if isinstance(fewest, int):
            outline.fewest = max(outline.fewest, fewest)
        if isinstance(most, int):
            outline.most = most if outline.most is None else min(most, outline.most)
        self._narrow_objects(outline, schema, scope)
        branches = schema.get("allOf")
        if isinstance(branches, list | tuple):
            for branch in branches:
                self._narrow(outline, branch, scope, depth + 1)
        for keyword in ("anyOf", "oneOf"):
            branches = schema.get(keyword)
            if isinstance(branches, list | tuple):
                _narrow_to_any(outline, [self._outline([(b, scope)], depth + 1) for b in branches])

    def _narrow_objects(self, outline: Outline, schema: Mapping[str, object], scope: Scope) -> None:
        outline.required.update(dict.fromkeys(_strings(schema.get("required"))))
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            properties = {}
        for key, value in properties.items():
            outline.properties.setdefault(key, []).append((value, scope))
        if schema.get("additionalProperties") is False and not schema.get("patternProperties"):
            keys = frozenset(properties)
            outline.keys = keys if outline.keys is None else outline.keys & keys
        excluded = schema.get("not")
        if isinstance(excluded, dict) and list(excluded) == ["required"]:
            names = _strings(excluded["required"])
            if len(names) == 1:  # an object without this key
                outline.mask &= OBJECT
                outline.properties.setdefault(names[0], []).append((False, scope))


def _strings(value: object) -> list[str]:
    """Return the strings of an array, nothing of anything else."""
    if not isinstance(value, list | tuple):
        return []
    return [name for name in value if isinstance(name, str)]


def _mask(value: object) -> int:
    mask = 0
    for name in _strings([value] if isinstance(value, str) else value):
        mask |= _TYPES.get(name, EVERY_TYPE)
    return mask or EVERY_TYPE


def _narrow_to(outline: Outline, values: object) -> None:
    """Keep the members of an ``enum``; arrays and objects are known by their type alone."""
    if not isinstance(values, list | tuple):
        return
    mask = booleans = 0
    strings: set[str] = set()
    numbers: set[Decimal] = set()
    for value in values:
        if isinstance(value, str):
            mask |= STRING
            strings.add(value)
        elif value is None:
            mask |= NULL
        elif isinstance(value, bool):
            mask |= BOOLEAN
            booleans |= 2 if value else 1
        elif isinstance(value, int | float | Decimal):
            mask |= NUMBER
            if finite(value):
                numbers.add(exact(value))
        else:
            mask |= OBJECT if isinstance(value, dict) else ARRAY
    outline.mask &= mask
    outline.booleans &= booleans
    outline.strings = strings if outline.strings is None else outline.strings & strings
    outline.numbers = numbers if outline.numbers is None else outline.numbers & numbers


def _narrow_to_any(outline: Outline, branches: Sequence[Outline]) -> None:
    """Keep the types and constants of some branches."""
    mask = booleans = 0
    strings: set[str] | None = set()
    numbers: set[Decimal] | None = set()
    for branch in branches:
        mask |= branch.mask
        if branch.mask & BOOLEAN:
            booleans |= branch.booleans
        if branch.mask & STRING and strings is not None:
            strings = None if branch.strings is None else strings | branch.strings
        if branch.mask & NUMBER and numbers is not None:
            numbers = None if branch.numbers is None else numbers | branch.numbers
    outline.mask &= mask
    outline.booleans &= booleans
    if strings is not None:
        outline.strings = strings if outline.strings is None else outline.strings & strings
    if numbers is not None:
        outline.numbers = numbers if outline.numbers is None else outline.numbers & numbers


def _apart(a: Set[str] | Set[Decimal] | None, b: Set[str] | Set[Decimal] | None) -> bool:
    """Whether two finite sets share nothing; None is everything."""
    if a is None or b is None:
        return (a is not None and not a) or (b is not None and not b)
    return a.isdisjoint(b)


def _ends_before(a: Outline, b: Outline) -> bool:
    """Whether every array of ``a`` is shorter than every array of ``b``."""
    return a.most is not None and a.most < b.fewest
