"""Where ``$ref`` leads: scopes, and the look-up of references in them.

A *scope* is one schema resource: its root, its draft, its place in the document. A reference to a
JSON pointer of its own resource, which nearly all references are, is followed step by step here.
Everything else (anchors, embedded ``$id``, absolute URIs, the caller's registry) goes through
``referencing``, whose registry is built when it is first needed: importing it takes 30 ms, and most
schemas never ask.

Invariants: a target is the very object inside the document or the registry, never a copy, so that
its identity names it; resources that a registry retrieves are retrieved once. Nothing outside the
document and the caller's registry is ever read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from grammarlib.compiler.json_schema.pointers import Path, invalid, render, unescape
from grammarlib.errors import InvalidSchema, UnsupportedSchema

if TYPE_CHECKING:
    from referencing._core import Resolver
    from referencing.jsonschema import Schema, SchemaRegistry, SchemaResource

    from grammarlib.compiler.json_schema.draft import Draft

__all__ = ["Documents", "Scope", "Target"]

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
    """

    __slots__ = ("_found", "_resolver", "base", "documents", "draft", "parent", "path", "root")

    def __init__(
        self,
        root: object,
        draft: Draft,
        path: Path,
        documents: Documents,
        parent: Scope | None = None,
        resolver: Resolver[Schema] | None = None,
        base: Scope | None = None,
    ) -> None:
        self.root = root
        self.draft = draft
        self.path = path
        self.documents = documents
        self.parent = parent
        self.base = base
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
            found = self._near(reference) or self._far(reference, path)
            self._found[reference] = found
        return found

    def _near(self, reference: str) -> Target | None:
        """Follow a JSON pointer; None if it needs more than that, or leads nowhere."""
        scope = self
        if reference == "#":
            return self.root, self, self.path
        if not reference.startswith("#/"):
            return None
        tokens = [unescape(token) for token in unquote(reference[2:]).split("/")]
        here = self.root
        id_keyword = self.draft.id_keyword
        for token in tokens:
            if isinstance(here, dict):
                if here is not self.root:
                    # On the way through an embedded resource the base changes.
                    if isinstance(here.get(id_keyword), str):
                        return None
                    if "$schema" in here:
                        draft = self.documents.draft_of(here, self.draft, ())
                        scope = self.documents.variant(self, draft)
                if token not in here:
                    return None
                here = here[token]
            elif isinstance(here, list | tuple) and token.isascii() and token.isdigit():
                if int(token[:9]) >= len(here):
                    return None
                here = here[int(token)]
            else:
                return None
        return here, scope, (self.path, *tokens)

    def _far(self, reference: str, path: Path) -> Target:
        from referencing.exceptions import (
            InvalidAnchor,
            NoSuchAnchor,
            PointerToNowhere,
            Unresolvable,
        )

        try:
            resolved = self.resolver.lookup(reference)
            root = resolved.resolver.lookup("#").contents
        except (PointerToNowhere, NoSuchAnchor, InvalidAnchor) as error:
            raise self._nowhere(reference, path) from error
        except Unresolvable as error:
            keyword = str(path[-1])
            reason = f"no schema is registered for {reference!r}"
            raise UnsupportedSchema(render(path), keyword, reason) from error
        except Exception as error:  # referencing walks malformed schemas unguarded
            raise self._nowhere(reference, path) from error
        scope = self.documents.distant(root, self, resolved.resolver)
        pointer = reference.partition("#")[2]
        tokens = [unescape(token) for token in unquote(pointer).split("/")[1:]]
        place = (scope.path, *tokens) if tokens or not pointer else (scope.path, f"#{pointer}")
        return resolved.contents, scope, place

    def _nowhere(self, reference: str, path: Path) -> InvalidSchema:
        return invalid(path, f"the reference {reference!r} leads nowhere")

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
        self._scopes: dict[int, Scope] = {}
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
            reason = f"the dialect {uri!r} is not known"
            raise UnsupportedSchema(render((path, "$schema")), "$schema", reason)
        return draft

    def scope(
        self, root: object, draft: Draft, path: Path, parent: Scope | None = None
    ) -> Scope:
        """Return the one scope whose root is this object."""
        scope = self._scopes.get(id(root))
        if scope is None:
            scope = self._scopes[id(root)] = Scope(root, draft, path, self, parent)
        return scope

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
            found = Scope(base.root, draft, base.path, self, base.parent, base=base)
            self._variants[key] = found
        return found

    def distant(self, root: object, origin: Scope, resolver: Resolver[Schema]) -> Scope:
        """Return the scope of a resource that a reference in ``origin`` led to.

        A document without ``$schema`` is read in the draft of the reference.
        """
        scope = self._scopes.get(id(root))
        if scope is None:
            draft = origin.draft
            path: Path = ("(registered schema)",)
            if isinstance(root, dict):
                draft = self.draft_of(root, draft, path)
                base = root.get(draft.id_keyword)
                if isinstance(base, str):
                    path = (base.removesuffix("#"),)
            scope = self._scopes[id(root)] = Scope(root, draft, path, self, None, resolver)
        return scope

    def resolver(self, scope: Scope) -> Resolver[Schema]:
        """Return the resolver of the root document."""
        from referencing import Registry

        root = scope.root
        base = root.get(scope.draft.id_keyword) if isinstance(root, dict) else None
        base = base.removesuffix("#") if isinstance(base, str) else ""
        resource = _resource(root, scope.draft)
        registry: SchemaRegistry = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]
        resolver: Resolver[Schema] = (
            registry.with_resource(base, resource).crawl().resolver(base)
        )
        return resolver

    def _retrieve(self, uri: str) -> SchemaResource:
        from referencing.exceptions import NoSuchResource

        resource = self._retrieved.get(uri)
        if resource is None:
            if self._registry is None:
                raise NoSuchResource(uri)
            resource = self._retrieved[uri] = self._registry.get_or_retrieve(uri).value
        return resource


def _resource(contents: Any, draft: Draft) -> SchemaResource:
    from referencing.jsonschema import specification_with

    return specification_with(draft.uri).create_resource(contents)
