"""The dynamic scope: which resources led to a schema, as far as dynamic references ask.

A dynamic reference means the outermost resource, of those that were gone through to come here, with
an anchor of its name. So a schema is lowered once for each set of anchors that are outermost; which
those are is the *dynamic scope*. Most documents have no dynamic reference; the first one that is
met asks for the pass to be made again with the scope kept.

Sources: JSON Schema core, draft 2020-12, §8.2.3.2 (``$dynamicRef``), and draft 2019-09, §8.2.4.2
(``$recursiveRef``, whose anchors have no name and stand at the root of a resource).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.references import Scope, Target

__all__ = ["DynamicScope", "DynamicScopeNeeded", "anchor_name"]

_RECURSIVE = ""


class DynamicScopeNeeded(Exception):
    """A dynamic reference was met in a pass that does not keep the dynamic scope."""


def anchor_name(target: Target, keyword: str, reference: str) -> str | None:
    """Return the name of the anchor that a dynamic reference asks for; None if it is like ``$ref``.

    Parameters
    ----------
    target : Target
        What the reference leads to by itself.
    keyword : str
        ``$dynamicRef`` or ``$recursiveRef``.
    reference : str
        Its value.
    """
    schema = target[0]
    if not isinstance(schema, dict):
        return None
    if keyword == "$recursiveRef":
        return _RECURSIVE if schema.get("$recursiveAnchor") is True else None
    fragment = reference.partition("#")[2]
    return fragment if fragment and schema.get("$dynamicAnchor") == fragment else None


class DynamicScope:
    """The outermost anchors so far; without ``anchors`` they are not kept.

    Attributes
    ----------
    key : int
        Names the set of anchors within one pass.
    is_kept : bool
        Whether anchors are kept at all.
    """

    def __init__(self, anchors: dict[str, Target] | None = None) -> None:
        self._anchors = anchors
        self.is_kept = anchors is not None
        self._made: dict[tuple[object, ...], DynamicScope] = {}
        self._of_scope: dict[int, dict[str, Target]] = {}
        self.key = 0

    def entered(self, scope: Scope) -> DynamicScope:
        """Return the dynamic scope within a resource."""
        if self._anchors is None:
            return self
        scope = scope.base or scope
        own = self._of_scope.get(id(scope))
        if own is None:
            own = self._of_scope[id(scope)] = _anchors(scope)
        new = {name: target for name, target in own.items() if name not in self._anchors}
        if not new:
            return self
        anchors = {**self._anchors, **new}
        names = tuple(sorted((name, id(target[0])) for name, target in anchors.items()))
        known = self._made.get(names)
        if known is None:
            known = DynamicScope(anchors)
            known._made, known._of_scope = self._made, self._of_scope
            known.key = len(self._made) + 1
            self._made[names] = known
        return known

    def outermost(self, name: str, target: Target) -> Target:
        """Return the outermost anchor of a name, or the target if there is none."""
        if self._anchors is None:
            raise DynamicScopeNeeded
        return self._anchors.get(name, target)


def _anchors(scope: Scope) -> dict[str, Target]:
    """Return the anchors of one resource that dynamic references can mean."""
    found: dict[str, Target] = {}
    root = scope.root
    if isinstance(root, dict) and root.get("$recursiveAnchor") is True:
        found[_RECURSIVE] = (root, scope, scope.path)
    for name, anchor in scope.anchors.items():
        if anchor.dynamic:
            found[name] = (anchor.schema, scope, anchor.path)
    return found
