"""Places in a schema document: cheap to extend while walking, rendered only in an error.

A path is a tuple ``(parent path, token, token, ...)``; the root is ``()``, and the root of another
document is ``(URI,)``. Extending one allocates one tuple (30 ns); a JSON pointer built for every
subschema would cost more than lowering it.
"""

from __future__ import annotations

from grammarlib.errors import InvalidSchema

__all__ = ["Path", "invalid", "render", "unescape"]

Path = tuple[object, ...]


def render(path: Path) -> str:
    """Return the JSON pointer (RFC 6901) of a path, after ``URI#`` in another document."""
    groups: list[Path] = []
    document = ""
    while path:
        parent = path[0]
        if not isinstance(parent, tuple):
            document = f"{parent}#"
            break
        groups.append(path[1:])
        path = parent
    tokens = [str(token) for group in reversed(groups) for token in group]
    return document + "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)


def unescape(token: str) -> str:
    """Undo the escapes of one token of a JSON pointer."""
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def invalid(path: Path, reason: str) -> InvalidSchema:
    """Return the error that says why the keyword at ``path`` has no meaning."""
    return InvalidSchema(render(path), reason)
