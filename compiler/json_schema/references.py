"""Where ``$ref`` leads: scopes, and the look-up of references in them.

A *scope* is one schema resource: its root, its draft, its place in the document. JSON pointers are
followed step by step here, and nearly all references are pointers within their own resource.
URIs (of embedded resources, of the caller's registry) go through ``referencing``, whose registry is
built when it is first needed: importing it takes 30 ms, and most schemas never ask.

Invariants: a target is the very object inside the document or the registry, never a copy, so that
its identity names it. One object may stand at several places, and be a resource of its own at each:
a resource is named by its root, its URI and its draft. Resources that a registry retrieves are
retrieved once. Nothing outside the document and the caller's registry is ever read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote, urljoin

from grammarlib.arguments import bounded, shown
from grammarlib.compiler.json_schema.anchors import BY_NAME, Anchor, anchors, identifier_of
from grammarlib.compiler.json_schema.pointers import Path, invalid, render, unescape
from grammarlib.errors import CompileBudgetExceeded, InvalidSchema, UnsupportedSchema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from referencing import Specification
    from referencing._core import Resolver
    from referencing.jsonschema import Schema, SchemaRegistry, SchemaResource

    from grammarlib.compiler.json_schema.draft import Draft

__all__ = ["Documents", "Scope", "Target"]

MAX_PLACES: Final = 1_000_000
"""Values of a document in which references are looked up by URI."""

_INDEX = re.compile("0|[1-9][0-9]*").fullmatch

Target = tuple[object, "Scope", Path]
"""A schema that a reference leads to, the scope it stands in, and its place."""


class Scope:
    """One schema resource.

    Parameters
    ----------
    root : object
        The root schema of the resource.
    draft : Draft
        The draft that gives its keywords their meaning.
    path : Path
        The place of ``root`` in its document.
    documents : Documents
        What is known beyond this resource.
    parent : Scope or None
        The resource that ``root`` is embedded in.
    base : Scope or None
        The scope this one differs from by its draft alone: where references are looked up.
    uri : str
        What relative references in it are relative to.
    """

    __slots__ = (
        "_anchors",
        "_found",
        "_resolver",
        "base",
        "documents",
        "draft",
        "parent",
        "path",
        "root",
        "uri",
    )

    def __init__(
        self,
        root: object,
        draft: Draft,
        path: Path,
        documents: Documents,
        parent: Scope | None = None,
        resolver: Resolver[Schema] | None = None,
        base: Scope | None = None,
        uri: str = "",
    ) -> None:
        self.root = root
        self.draft = draft
        self.path = path
        self.documents = documents
        self.parent = parent
        self.base = base
        self.uri = uri
        self._anchors: dict[str, Anchor] | None = None
        self._found: dict[str, Target] = {}
        self._resolver = resolver

    def resolve(self, reference: str, path: Path) -> Target:
        """Return what ``reference``, written at ``path``, leads to.

        Raises
        ------
        InvalidSchema
            If it leads nowhere within a known resource.
        UnsupportedSchema
            If it leads to a resource that is not known.
        """
        if self.base is not None:
            return self.base.resolve(reference, path)
        found = self._found.get(reference)
        if found is None:
            if reference.startswith("#") and reference[1:2] in ("", "/"):
                found = self._pointed(reference[1:], reference, path)
            else:
                found = self._far(reference, path)
            self._found[reference] = found
        return found

    def _pointed(self, pointer: str, reference: str, path: Path) -> Target:
        """Follow a JSON pointer from the root of this resource."""
        scope = self
        here = self.root
        place = self.path
        by_name = False  # whether this is no schema but holds schemas by name
        for escaped in unquote(pointer).split("/")[1:]:
            if isinstance(here, dict):
                if here is not self.root and not by_name:
                    scope = self.documents.inside(here, scope, place)
                token = unescape(escaped)
                by_name = not by_name and token in BY_NAME
                if token not in here:
                    raise _nowhere(reference, path)
                here = here[token]
            elif isinstance(here, list | tuple) and _INDEX(escaped):
                if len(escaped) > 9 or int(escaped) >= len(here):
                    raise _nowhere(reference, path)
                token = escaped
                here = here[int(escaped)]
            else:
                raise _nowhere(reference, path)
            place = (place, token)
        return here, scope, place

    def _far(self, reference: str, path: Path) -> Target:
        """Follow a URI into another resource, or an anchor."""
        uri, _, fragment = reference.partition("#")
        scope = self._resource(uri, reference, path) if uri else self
        if not fragment or fragment.startswith("/"):
            return scope._pointed(fragment, reference, path)
        anchor = scope.anchors.get(fragment)
        if anchor is None:
            raise _nowhere(reference, path)
        return anchor.schema, scope, anchor.path

    @property
    def anchors(self) -> dict[str, Anchor]:
        """The names in this resource."""
        if self.base is not None:
            return self.base.anchors
        if self._anchors is None:
            self._anchors = anchors(self.root, self.path, self.draft)
        return self._anchors

    def _resource(self, uri: str, reference: str, path: Path) -> Scope:
        """Return the scope of the resource that a reference leads to."""
        from referencing.exceptions import Unresolvable

        try:
            resolved = self.resolver.lookup(uri)
        except CompileBudgetExceeded:
            raise
        except Unresolvable as error:
            # How referencing wraps what its registry's retrieval raises.
            retrieved = error.__cause__ and error.__cause__.__cause__
            if isinstance(retrieved, CompileBudgetExceeded):
                raise retrieved from None
            reason = _unresolved(error, reference)
            raise UnsupportedSchema(render(path), str(path[-1]), reason) from error
        except Exception as error:  # referencing walks malformed schemas unguarded
            raise _nowhere(reference, path) from error
        whole = urljoin(self.uri, uri)
        return self.documents.distant(resolved.contents, whole, self, resolved.resolver)

    @property
    def resolver(self) -> Resolver[Schema]:
        """The resolver of ``referencing`` whose base is this resource."""
        if self.base is not None:
            return self.base.resolver
        if self._resolver is None:
            if self.parent is None:
                self._resolver = self.documents.resolver(self)
            else:
                resource = _resource(self.root, self.draft)
                self._resolver = self.parent.resolver.in_subresource(resource)
        return self._resolver


class _Said(NamedTuple):
    """What a document says of a resource: its draft, if it does, and what it calls itself."""

    draft: Draft | None
    uri: str


class Documents:
    """The root document, the caller's registry, and the scopes seen so far.

    Parameters
    ----------
    drafts : dict of str to Draft
        The known drafts by their ``$schema`` URI, without a trailing ``#``.
    registry : referencing.Registry or None
        The other documents that references may lead to.
    """

    def __init__(self, drafts: dict[str, Draft], registry: SchemaRegistry | None) -> None:
        self._drafts = drafts
        self._registry = registry
        self._retrieved: dict[str, SchemaResource] = {}
        self._said: dict[tuple[int, str], _Said] = {}
        self._scopes: dict[tuple[int, str, str], Scope] = {}
        self._variants: dict[tuple[int, str], Scope] = {}

    def draft_of(self, schema: dict[str, object], default: Draft, path: Path) -> Draft:
        """Return the draft that ``schema`` names by ``$schema``, if it names one.

        Raises
        ------
        UnsupportedSchema
            If it names one that is not known.
        """
        uri = schema.get("$schema")
        if uri is None and "$schema" not in schema:
            return default
        if not isinstance(uri, str):
            raise invalid((path, "$schema"), "must be a string")
        draft = self._drafts.get(uri.removesuffix("#"))
        if draft is None:
            reason = f"the dialect {shown(uri)} is not known"
            raise UnsupportedSchema(render((path, "$schema")), "$schema", reason)
        return draft

    def scope(self, root: object, draft: Draft, path: Path, parent: Scope | None = None) -> Scope:
        """Return the one scope of this root, in this resource."""
        uri = _own_uri(root, draft, "" if parent is None else parent.uri)
        key = (id(root), uri, draft.name)
        scope = self._scopes.get(key)
        if scope is None:
            scope = self._scopes[key] = Scope(root, draft, path, self, parent, uri=uri)
        return scope

    def inside(self, schema: dict[str, object], scope: Scope, path: Path) -> Scope:
        """Return the scope inside a schema of ``scope`` that may be a resource of its own."""
        if "$schema" not in schema and scope.draft.id_keyword not in schema:
            return scope
        if scope.draft.reference_stands_alone and "$ref" in schema:
            return scope
        draft = self.draft_of(schema, scope.draft, path)
        identifier = schema.get(draft.id_keyword)
        if isinstance(identifier, str) and not identifier.startswith("#"):
            return self.scope(schema, draft, path, parent=scope)
        return scope if draft is scope.draft else self.variant(scope, draft)

    def variant(self, scope: Scope, draft: Draft) -> Scope:
        """Return the scope of a subschema that names a dialect without being a resource.

        The specification forbids it, and it is common: the subschema, with everything inside it,
        is read in the dialect it names; references from it lead where they lead from its resource.
        """
        base = scope if scope.base is None else scope.base
        if draft is base.draft:
            return base
        key = (id(base), draft.name)
        found = self._variants.get(key)
        if found is None:
            found = Scope(base.root, draft, base.path, self, base.parent, base=base, uri=base.uri)
            self._variants[key] = found
        return found

    def distant(self, root: object, uri: str, origin: Scope, resolver: Resolver[Schema]) -> Scope:
        """Return the scope of the resource at ``uri``, where a reference in ``origin`` led to.

        A document without ``$schema`` is read in the draft of its ``referencing.Resource``, which
        the caller chose; without either in the draft of the reference.
        """
        said = self._said.get((id(root), uri), _Said(None, uri))
        draft = said.draft or origin.draft
        path: Path = ("(registered schema)",)
        if isinstance(root, dict):
            draft = self.draft_of(root, draft, path)
            base = root.get(draft.id_keyword)
            if isinstance(base, str):
                path = (base.removesuffix("#"),)
        key = (id(root), said.uri, draft.name)
        scope = self._scopes.get(key)
        if scope is None:
            if said.uri != uri:
                resolver = resolver.in_subresource(_resource(root, draft))
            scope = Scope(root, draft, path, self, None, resolver, uri=said.uri)
            self._scopes[key] = scope
        return scope

    def resolver(self, scope: Scope) -> Resolver[Schema]:
        """Return the resolver of the root document."""
        from referencing import Registry

        root = scope.root
        base = root.get(scope.draft.id_keyword) if isinstance(root, dict) else None
        base = base.partition("#")[0] if isinstance(base, str) else ""
        if not bounded(root, MAX_PLACES):  # referencing sees each place of a value
            raise CompileBudgetExceeded(f"{MAX_PLACES} values in a schema")
        self._note(root, scope.draft, "")
        resource = _resource(root, scope.draft)
        registry: SchemaRegistry = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]
        resolver: Resolver[Schema] = registry.with_resource(base, resource).crawl().resolver(base)
        return resolver

    def _retrieve(self, uri: str) -> SchemaResource:
        from referencing.exceptions import NoSuchResource

        resource = self._retrieved.get(uri)
        if resource is None:
            if self._registry is None:
                raise NoSuchResource(uri)
            resource = self._registry.get_or_retrieve(uri).value
            if not bounded(resource.contents, MAX_PLACES):
                raise CompileBudgetExceeded(f"{MAX_PLACES} values in a schema")
            self._note(resource.contents, self._draft_of(resource), uri)
            self._retrieved[uri] = resource
        return resource

    def _draft_of(self, resource: SchemaResource) -> Draft | None:
        """Return the draft in which the caller wants a resource read."""
        from referencing.jsonschema import specification_with

        for draft in self._drafts.values():
            if resource == specification_with(draft.uri).create_resource(resource.contents):
                return draft
        return None

    def _note(self, root: object, draft: Draft | None, uri: str) -> None:
        """Note the draft and the URI of a document's resources: references may lead there first."""
        todo: list[tuple[object, Draft | None, str]] = [(root, draft, uri)]
        while todo:
            value, draft, uri = todo.pop()
            if isinstance(value, dict):
                draft = self._drafts.get(str(value.get("$schema")).removesuffix("#"), draft)
                own = uri if draft is None else _own_uri(value, draft, uri)
                if value is root:
                    self._said[id(value), uri] = _Said(draft, own)
                if own != uri:
                    self._said[id(value), own] = _Said(draft, own)
                todo.extend((inner, draft, own) for inner in value.values())
            elif isinstance(value, list | tuple):
                todo.extend((inner, draft, uri) for inner in value)


def _own_uri(root: object, draft: Draft, uri: str) -> str:
    """Return what a resource that stands at a URI calls itself."""
    identifier = identifier_of(root, draft) if isinstance(root, dict) else None
    if identifier is None or identifier.startswith("#"):
        return uri
    return urljoin(uri, identifier.partition("#")[0])


def _unresolved(error: BaseException, reference: str) -> str:
    """Say why nothing is known of a document: what the caller's own retrieval raised, if it did."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if type(cause).__module__ == "referencing.exceptions":
        return f"no schema is registered for {shown(reference)}"
    what = f"{type(cause).__name__}: {shown(str(cause))}"
    return f"the registry could not retrieve {shown(reference)}: {what}"


def _nowhere(reference: str, path: Path) -> InvalidSchema:
    return invalid(path, f"the reference {shown(reference)} leads nowhere")


def _resource(contents: Any, draft: Draft) -> SchemaResource:
    return _specification(draft.uri, "dependencies" in draft.keywords).create_resource(contents)


@cache
def _specification(uri: str, dependencies: bool) -> Specification[Schema]:
    """A draft as ``referencing`` knows it, with all schemas of ``dependencies``.

    Of its values ``referencing`` looks at the first one only to tell what all of them are: it fails
    on an array of names after a schema, and misses a schema after an array of names.
    """
    from referencing import Specification
    from referencing.jsonschema import specification_with

    known = specification_with(uri)
    make: Any = Specification  # its constructor is made by attrs, unseen by mypy

    def subresources_of(contents: Schema) -> Iterator[Schema]:
        for inner in known.subresources_of(contents):
            if isinstance(inner, dict | bool):
                yield inner
        named = (
            contents.get("dependencies") if dependencies and isinstance(contents, dict) else None
        )
        if isinstance(named, dict):
            yield from (inner for inner in named.values() if isinstance(inner, dict))

    changed: Specification[Schema] = make(
        name=known.name,
        id_of=known.id_of,
        subresources_of=subresources_of,
        anchors_in=lambda _, contents: known.anchors_in(contents),
        maybe_in_subresource=known.maybe_in_subresource,
    )
    return changed
