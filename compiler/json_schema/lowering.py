"""One linear pass over a schema document: what it means, said to a ``SchemaBuilder``.

Every keyword of a subschema becomes at most one value expression, in document order, and the
subschema is their intersection. Keywords that bound the same thing (the shape of an object, of an
array, the text of a string, a number) are read together and become one expression, at the place of
the first of them; ``properties`` gives an object its place. ``type`` comes first.

Invariants:

- A keyword that asserts in the draft at hand is enforced exactly, or :meth:`Lowering.refuse` names
  it. Nothing else drops a keyword.
- Targets of references go through a work-list, each once, so recursion between schemas is no
  recursion here; literal nesting is bounded by ``MAX_DEPTH``, two Python frames a level.
- Schema objects are never copied, changed, compared or hashed; identity names them.
- What is skipped only widens the language: the complement of a schema of which a part is skipped is
  skipped too. Behind a reference that is known at the end of a pass only, so the pass is then made
  again, with the knowledge which targets are not whole.

Cost: about 2 µs a subschema besides the builder's calls. ``$defs`` that nothing refers to cost
nothing and are not looked into. Rejected: a tree of keyword objects between the schema and the
builder, which doubles the cost and says nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from grammarlib.arguments import shown
from grammarlib.compiler.json_schema.builder import ANY, EVERY_TYPE, NEVER, SchemaBuilder
from grammarlib.compiler.json_schema.dynamic import (
    DynamicScope,
    DynamicScopeNeeded,
    anchor_name,
)
from grammarlib.compiler.json_schema.pointers import Path, invalid, render
from grammarlib.compiler.json_schema.references import Documents, Scope, Target
from grammarlib.errors import CompileBudgetExceeded, UnsupportedSchema

if TYPE_CHECKING:
    from grammarlib.compiler.formats import FormatPrograms
    from grammarlib.compiler.json_schema.draft import Draft

__all__ = ["MAX_DEPTH", "MAX_SUBSCHEMAS", "Lowering", "Subschema", "Unenforced", "type_mask"]

Key = tuple[int, int, int]
"""What names a schema that is referred to: itself, its scope, the dynamic scope."""
_Place = tuple[int, int]
"""The same without the dynamic scope: what names it in all passes."""

MAX_DEPTH = 200
MAX_SUBSCHEMAS = 300_000
MAX_PASSES = 50
"""Complements that are skipped make more targets not whole."""

_TYPES = {
    "null": 1,
    "boolean": 2,
    "number": 4,
    "integer": 4,
    "string": 8,
    "array": 16,
    "object": 32,
}


class Unenforced(NamedTuple):
    """A keyword that was skipped because it was refused and the caller asked to go on."""

    pointer: str
    keyword: str
    reason: str


class Subschema:
    """What the keywords of one schema object share while it is lowered.

    Attributes
    ----------
    schema : dict
        The object itself.
    path, scope : Path, Scope
        Where it stands.
    mask : int
        The types that ``type`` leaves.
    integer : bool
        Whether ``type`` leaves only integers of the numbers.
    typed : bool
        Set by a keyword whose expression already keeps within ``mask``.
    """

    __slots__ = ("integer", "mask", "path", "schema", "scope", "typed")

    def __init__(
        self, schema: dict[str, object], path: Path, scope: Scope, mask: int, integer: bool
    ) -> None:
        self.schema = schema
        self.path = path
        self.scope = scope
        self.mask = mask
        self.integer = integer
        self.typed = False


class Lowering:
    """The state of one pass.

    Parameters
    ----------
    builder : SchemaBuilder
        Where the values are made.
    documents : Documents
        What references may lead to.
    formats : FormatPrograms or None
        What ``format`` asserts; None for nothing.
    record : bool
        Whether refused keywords are skipped and recorded.
    """

    def __init__(
        self,
        builder: SchemaBuilder,
        documents: Documents,
        *,
        formats: FormatPrograms | None,
        record: bool,
        partial: frozenset[_Place] = frozenset(),
    ) -> None:
        self.builder = builder
        self.documents = documents
        self.formats = formats
        self.unenforced: list[Unenforced] = []
        self.inside = 0  # how many properties and items enclose the place at hand
        self.muted = 0  # how many keywords that cannot matter enclose it: checked, never refused
        self.refusals = 0  # refused keywords so far, also where they cannot matter
        self._record = record
        self._partial = partial  # targets of which a part is known to be skipped
        self._skipped: set[_Place] = set()  # those of which a part was skipped in this pass
        self._referred: dict[_Place, set[_Place]] = {}  # from target to target
        self._origin: _Place = (0, 0)
        self._depth = 0
        self._count = 0
        self._expressions: dict[bytes, int] = {}
        self._types: dict[int, int] = {}
        self._references: dict[Key, int] = {}
        self._defined: set[int] = set()
        self._work: list[tuple[int, object, Path, Scope, Key, DynamicScope]] = []
        # References that consume nothing, from target to target: a cycle of them has no meaning.
        self._chained: dict[Key, list[tuple[Key, Path]]] = {}
        self._chain: list[tuple[Key, Path]] = []
        self._dynamic = DynamicScope()

    # -- the pass -------------------------------------------------------------------------------

    def run(self, root: object, draft: Draft) -> int:
        """Lower a document and everything it refers to; return the value of its root."""
        if isinstance(root, dict):
            draft = self.documents.draft_of(root, draft, ())
        scope = self.documents.scope(root, draft, ())
        one_pass = self
        for _ in range(MAX_PASSES):
            is_kept = one_pass._dynamic.is_kept
            partial = one_pass._partial
            try:
                handle = one_pass._run(root, scope)
                partial = one_pass._not_whole()
                if partial == one_pass._partial:
                    self.unenforced = list(dict.fromkeys(one_pass.unenforced))
                    return handle
            except DynamicScopeNeeded:
                # Few schemas ask for it, and it multiplies what the others would lower once.
                for handle in one_pass._references.values():
                    if handle not in one_pass._defined:
                        self.builder.define(handle, NEVER)
                is_kept = True
            one_pass = Lowering(
                self.builder,
                self.documents,
                formats=self.formats,
                record=self._record,
                partial=partial,
            )
            if is_kept:
                one_pass._dynamic = DynamicScope({})
        raise CompileBudgetExceeded(f"{MAX_PASSES} passes over a schema with skipped keywords")

    def _not_whole(self) -> frozenset[_Place]:
        """Return the targets of which a part was skipped, there or behind further references."""
        found = set(self._skipped)
        reading: dict[_Place, list[_Place]] = {}
        for origin, targets in self._referred.items():
            for target in targets:
                reading.setdefault(target, []).append(origin)
        todo = list(found)
        while todo:
            new = [origin for origin in reading.get(todo.pop(), ()) if origin not in found]
            found.update(new)
            todo += new
        return self._partial | found

    def _run(self, root: object, scope: Scope) -> int:
        dynamic = self._dynamic.entered(scope)
        origin = (id(root), id(scope), dynamic.key)
        handle = self._references[origin] = self.builder.reference()
        self._work.append((handle, root, (), scope, origin, dynamic))
        while self._work:
            reference, schema, path, scope, key, self._dynamic = self._work.pop()
            self._chain = []
            self._origin = key[:2]
            refusals = self.refusals
            value = self.schema(schema, path, scope)
            if refusals != self.refusals:
                self._skipped.add(self._origin)
            if self._chain:
                self._chained[key] = self._chain
            self.builder.define(reference, value)
            self._defined.add(reference)
        self._refuse_endless_chains()
        return handle

    def schema(self, schema: object, path: Path, scope: Scope) -> int:
        """Lower one schema; ``path`` is where it stands."""
        if not isinstance(schema, dict):
            return self._boolean_schema(schema, path, scope)
        self._count += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CompileBudgetExceeded(f"schema nesting of {MAX_DEPTH}")
        if self._count > MAX_SUBSCHEMAS:
            raise CompileBudgetExceeded(f"{MAX_SUBSCHEMAS} subschemas")
        draft = scope.draft
        if draft.reference_stands_alone and "$ref" in schema:
            value = self.reference(schema["$ref"], (path, "$ref"), scope)
            self._depth -= 1
            return value
        dynamic = self._dynamic
        if draft.id_keyword in schema or "$schema" in schema:
            scope = self._resource(schema, path, scope)
            draft = scope.draft
            self._dynamic = dynamic.entered(scope)
        mask, integer = EVERY_TYPE, False
        if "type" in schema:
            mask, integer = type_mask(schema["type"], path)
        here = Subschema(schema, path, scope, mask, integer)
        keywords = draft.keywords
        parts: list[int] = []
        said = 0
        if integer and "enum" not in schema and "const" not in schema:
            said, meaning = keywords["minimum"]
            part = meaning(self, here, "type", None)
            if part:
                parts.append(part)
        for keyword in schema:
            entry = keywords.get(keyword)
            if entry is not None:
                bit, meaning = entry
                if not bit & said:
                    said |= bit
                    part = meaning(self, here, keyword, schema[keyword])
                    if part:  # neither None nor ANY
                        parts.append(part)
        if mask != EVERY_TYPE and not here.typed:
            parts.insert(0, self.types(mask))
        self._depth -= 1
        self._dynamic = dynamic
        if len(parts) == 1:
            return parts[0]
        return self.builder.all_of(parts) if parts else ANY

    def _boolean_schema(self, schema: object, path: Path, scope: Scope) -> int:
        if not isinstance(schema, bool):
            raise invalid(path, "must be a schema")
        if not scope.draft.boolean_schemas:
            raise invalid(path, "must be an object: this draft has no boolean schemas")
        return ANY if schema else NEVER

    def _resource(self, schema: dict[str, object], path: Path, scope: Scope) -> Scope:
        """Return the scope inside ``schema``, which has an identifier or names a dialect."""
        inner = scope if schema is scope.root else self.documents.inside(schema, scope, path)
        keyword = inner.draft.id_keyword
        if keyword in schema:
            identifier = schema[keyword]
            if not isinstance(identifier, str):
                raise invalid((path, keyword), "must be a string")
            if "#" in identifier[:-1] and not inner.draft.reference_stands_alone:
                raise invalid((path, keyword), "must not have a fragment")
        return inner

    # -- what keywords need -----------------------------------------------------------------------

    def reference(self, reference: object, path: Path, scope: Scope) -> int:
        """Lower what a reference leads to, later; ``path`` is the place of the keyword."""
        target, scope, place = self.target(reference, path, scope)
        if not isinstance(target, dict):
            return self._boolean_schema(target, place, scope)
        if self.muted:
            return ANY
        dynamic = self._dynamic
        if dynamic.is_kept:
            dynamic = dynamic.entered(self.documents.inside(target, scope, place))
        key = (id(target), id(scope), dynamic.key)
        if not self.inside:
            self._chain.append((key, path))
        if self._record:
            self._referred.setdefault(self._origin, set()).add(key[:2])
            if key[:2] in self._partial:
                self.refusals += 1
        handle = self._references.get(key)
        if handle is None:
            handle = self._references[key] = self.builder.reference()
            self._work.append((handle, target, place, scope, key, dynamic))
        return handle

    def target(self, reference: object, path: Path, scope: Scope) -> Target:
        """Return what the reference keyword at ``path`` leads to."""
        if not isinstance(reference, str):
            raise invalid(path, "must be a string")
        target = scope.resolve(reference, path)
        keyword = path[-1]
        if keyword == "$ref":
            return target
        name = anchor_name(target, str(keyword), reference)
        return target if name is None else self._dynamic.outermost(name, target)

    @contextmanager
    def entered(self, scope: Scope) -> Iterator[None]:
        """While what a reference led to is looked at: with its scope among the dynamic ones."""
        dynamic = self._dynamic
        self._dynamic = dynamic.entered(scope)
        yield
        self._dynamic = dynamic

    def refuse(self, path: Path, reason: str, keyword: str | None = None) -> None:
        """Refuse what stands at ``path``, a keyword or a part of one, or record it as skipped."""
        self.refusals += 1
        if self.muted:
            return
        keyword = keyword or str(path[-1])
        if not self._record:
            raise UnsupportedSchema(render(path), keyword, reason)
        self.unenforced.append(Unenforced(render(path), keyword, reason))

    def regex(self, program: bytes) -> int:
        """Return the expression of a regex program; equal programs share one."""
        handle = self._expressions.get(program)
        if handle is None:
            handle = self._expressions[program] = self.builder.regex(program)
        return handle

    def types(self, mask: int) -> int:
        """Return the values of the types in ``mask``."""
        handle = self._types.get(mask)
        if handle is None:
            handle = self._types[mask] = self.builder.types(mask)
        return handle

    def spend(self, amount: int, depth: int = 0) -> None:
        """Count nodes of literal values against the budgets of the pass."""
        self._count += amount
        if depth > MAX_DEPTH:
            raise CompileBudgetExceeded(f"schema nesting of {MAX_DEPTH}")
        if self._count > MAX_SUBSCHEMAS:
            raise CompileBudgetExceeded(f"{MAX_SUBSCHEMAS} subschemas")

    def _refuse_endless_chains(self) -> None:
        """Refuse references that lead back to themselves without entering the value."""
        chained = self._chained
        finished: set[Key] = set()
        for start in list(chained):
            if start in finished:
                continue
            trail = [(start, iter(chained[start]))]
            open_targets = {start}
            while trail:
                key, edges = trail[-1]
                for target, path in edges:
                    if target in open_targets:
                        raise invalid(path, "a chain of references that leads back to itself")
                    if target not in finished and target in chained:
                        open_targets.add(target)
                        trail.append((target, iter(chained[target])))
                        break
                else:
                    trail.pop()
                    open_targets.discard(key)
                    finished.add(key)


def type_mask(value: object, path: Path) -> tuple[int, bool]:
    """Return the mask of ``type`` and whether only integers of the numbers are left."""
    if isinstance(value, str):
        mask = _TYPES.get(value)
        if mask is None:
            raise invalid((path, "type"), f"{shown(value)} is no type")
        return mask, value == "integer"
    if not isinstance(value, list | tuple) or not value:
        raise invalid((path, "type"), "must be the name of a type, or an array of such names")
    mask = 0
    for name in value:
        if not isinstance(name, str) or name not in _TYPES:
            raise invalid((path, "type"), f"{shown(name)} is no type")
        mask |= _TYPES[name]
    return mask, "integer" in value and "number" not in value
