"""The shape of an object: values by key, the rest, required keys, their number.

Everything about one object becomes one ``if_object``, at the place of ``properties``, so that keys
keep their document order. ``patternProperties``, ``propertyNames`` and the limits on the number of
keys are folded into that shape where it can say them exactly, and refused elsewhere.

Keys are sequences of Unicode scalar values: no text spells a key with a lone surrogate, so such a
property can never be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import ANY, EVERY_TYPE, NEVER, OBJECT
from grammarlib.compiler.json_schema.keywords.constants import finite_strings
from grammarlib.compiler.json_schema.keywords.evaluation import evaluated_elsewhere
from grammarlib.compiler.json_schema.keywords.strings import pattern_program
from grammarlib.compiler.json_schema.pointers import Path

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["lacks", "say", "shape", "shape_unless_properties"]

_MATCH_EVERY_KEY = frozenset({"", ".*", "^", "$", "^.*", ".*$", "^[\\s\\S]*$", "[\\s\\S]*"})
_MAX_ALTERNATIVES = 16  # of "at least one of these keys"
_RARE = (
    "patternProperties",
    "unevaluatedProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
)


def shape_unless_properties(
    lowering: Lowering, here: Subschema, keyword: str, value: object
) -> int | None:
    """Read the keywords about objects, unless ``properties`` will."""
    return None if "properties" in here.schema else shape(lowering, here, keyword, value)


def shape(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Read the keywords about objects together."""
    schema, path, scope = here.schema, here.path, here.scope
    relevant = here.mask & OBJECT
    if not relevant:
        lowering.muted += 1
    lowering.inside += 1
    properties: list[tuple[str, int]] = []
    additional = ANY
    required: list[str] = []
    if "properties" in schema:
        for name, inner in shapes.mapping(schema["properties"], (path, "properties")).items():
            where = (path, "properties", name)
            properties.append((name, lowering.schema(inner, where, scope)))
    if "additionalProperties" in schema:
        beyond = schema["additionalProperties"]
        if isinstance(beyond, bool):  # also where booleans are no schemas
            additional = ANY if beyond else NEVER
        else:
            additional = lowering.schema(beyond, (path, "additionalProperties"), scope)
    if "required" in schema:
        required = shapes.names(schema["required"], (path, "required"))
    result = None
    for rare in _RARE:
        if rare in schema:
            result = _Shape(lowering, here, properties, additional, required).refined()
            break
    else:
        if additional or required or properties:
            result = say(lowering, properties, additional, required)
    lowering.inside -= 1
    if not relevant:
        lowering.muted -= 1
        return None
    return result


def say(
    lowering: Lowering, properties: list[tuple[str, int]], additional: int, required: list[str]
) -> int:
    """Return the value of one shape of objects."""
    try:
        return lowering.builder.if_object(properties, additional, required)
    except UnicodeEncodeError:
        if not all(map(shapes.encodable, required)):
            return lowering.types(EVERY_TYPE & ~OBJECT)
        properties = [(name, value) for name, value in properties if shapes.encodable(name)]
        return lowering.builder.if_object(properties, additional, required)


def lacks(lowering: Lowering, name: str) -> int:
    """Return the objects without this key, and everything that is no object."""
    return say(lowering, [(name, NEVER)], ANY, [])


class _Shape:
    """A shape while the rarer keywords are folded into it."""

    def __init__(
        self,
        lowering: Lowering,
        here: Subschema,
        properties: list[tuple[str, int]],
        additional: int,
        required: list[str],
    ) -> None:
        self.lowering = lowering
        self.here = here
        self.properties = properties
        self.additional = additional
        self.required = required
        self.impossible = False

    def refined(self) -> int | None:
        """Fold in every rarer keyword that is there, and say the shape."""
        lowering, path, scope = self.lowering, self.here.path, self.here.scope
        schema = self.here.schema
        # Subschemas are lowered in this frame: deeper calls would nest the Python stack further.
        if "patternProperties" in schema:
            where = (path, "patternProperties")
            values: dict[str, int] = {}
            for pattern, inner in shapes.mapping(schema["patternProperties"], where).items():
                place = (path, "patternProperties", pattern)
                values[pattern] = lowering.schema(inner, place, scope)
            self._pattern_properties(where, values)
        if "unevaluatedProperties" in schema and "unevaluatedProperties" in scope.draft.keywords:
            where = (path, "unevaluatedProperties")
            allowed = lowering.schema(schema["unevaluatedProperties"], where, scope)
            self._unevaluated(where, allowed)
        if "propertyNames" in schema and "propertyNames" in scope.draft.keywords:
            where = (path, "propertyNames")
            self._property_names(where, lowering.schema(schema["propertyNames"], where, scope))
        least, most = 0, None
        if "minProperties" in schema:
            where = (self.here.path, "minProperties")
            least = shapes.count(schema["minProperties"], where)
        if "maxProperties" in schema:
            most = shapes.count(schema["maxProperties"], (self.here.path, "maxProperties"))
        result = self._counted(least, most)
        if result is not None:
            return result
        if self.impossible:
            return self.lowering.types(EVERY_TYPE & ~OBJECT)
        if not (self.additional or self.required or self.properties):
            return None
        return say(self.lowering, self.properties, self.additional, self.required)

    def _pattern_properties(self, path: Path, values: dict[str, int]) -> None:
        lowering = self.lowering
        lowering.muted += 1  # only the syntax of the patterns matters here
        for pattern in values:
            pattern_program(lowering, pattern, (path, pattern))
        lowering.muted -= 1
        every_key = [value for key, value in values.items() if key in _MATCH_EVERY_KEY]
        some_keys = [value for key, value in values.items() if key not in _MATCH_EVERY_KEY]
        if every_key:
            both = lowering.builder.all_of
            self.properties = [(name, both([v, *every_key])) for name, v in self.properties]
            self.additional = both(every_key)  # no key is left to additionalProperties
        if any(some_keys) or (some_keys and self.additional != ANY and not every_key):
            lowering.refuse(path, "keys are not matched with patterns")
            self.additional = ANY  # it speaks of the keys that no pattern matches

    def _unevaluated(self, path: Path, allowed: int) -> None:
        if allowed == ANY or "additionalProperties" in self.here.schema:
            return
        if evaluated_elsewhere(self.here) or "patternProperties" in self.here.schema:
            self.lowering.refuse(path, "what other keywords evaluate is not followed")
        else:
            self.additional = allowed

    def _property_names(self, path: Path, allowed: int) -> None:
        if allowed == ANY:
            return
        schema, draft = self.here.schema["propertyNames"], self.here.scope.draft
        keys = [] if allowed == NEVER else finite_strings(schema, draft)
        if keys is None:
            self.lowering.refuse(path, "keys are not matched with a schema")
            return
        declared = dict(self.properties)
        names = set(keys)
        self.properties = [(name, v) for name, v in self.properties if name in names]
        self.properties += [(k, self.additional) for k in keys if k not in declared]
        self.additional = NEVER

    def _counted(self, least: int, most: int | None) -> int | None:
        """Fold in the limits on the number of keys; return the value if that says it all."""
        lowering, path = self.lowering, self.here.path
        needed = len(self.required)
        possible = None
        if self.additional == NEVER:
            self.properties = [(name, v) for name, v in self.properties if v != NEVER]
            possible = len(self.properties)
        if (most is not None and (most < needed or most < least)) or (
            possible is not None and possible < least
        ):
            self.impossible = True
            return None
        if most is not None and (possible is None or most < possible):
            if most == needed:  # exactly the required keys
                declared = dict(self.properties)
                self.properties = [(n, v) for n, v in self.properties if n in self.required]
                self.properties += [
                    (n, self.additional) for n in self.required if n not in declared
                ]
                self.additional = NEVER
            elif most == 1 and possible is not None:  # one key, or none
                values = [say(lowering, [p], NEVER, [p[0]]) for p in self.properties]
                if least == 0:
                    values.append(say(lowering, [], NEVER, []))
                return lowering.builder.any_of(values)
            else:
                lowering.refuse((path, "maxProperties"), "keys are not counted")
        if least > needed:
            if least == possible:
                # Names that no property can have stay: they leave the language empty.
                names = [name for name, _ in self.properties]
                self.required = list(dict.fromkeys([*self.required, *names]))
            elif least == 1 and possible is not None and possible <= _MAX_ALTERNATIVES:
                builder = lowering.builder
                present = [say(lowering, [], ANY, [name]) for name, _ in self.properties]
                shape = say(lowering, self.properties, NEVER, self.required)
                return builder.all_of([shape, builder.any_of(present)])
            else:
                lowering.refuse((path, "minProperties"), "keys are not counted")
        return None
