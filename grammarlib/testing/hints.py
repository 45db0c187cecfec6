"""Pieces of text that a grammar names, for the search of ends: the keys and strings of a schema."""

from __future__ import annotations

import json

__all__ = ["hints"]


def hints(grammar: object) -> tuple[bytes, ...]:
    """The JSON strings of what a ``JSONSchema`` names, each once; nothing for other grammars."""
    found: dict[str, None] = {}
    todo = [getattr(grammar, "schema", None)]
    seen: set[int] = set()  # a schema may hold an object in many places, even within itself
    while todo:
        part = todo.pop()
        if isinstance(part, dict | list | tuple):
            if id(part) in seen:
                continue
            seen.add(id(part))
        if isinstance(part, str):
            found[part] = None
        elif isinstance(part, dict):
            todo.extend(part)
            todo.extend(part.values())
        elif isinstance(part, list | tuple):
            todo.extend(part)
    quoted = (json.dumps(text, ensure_ascii=False) for text in found)
    return tuple(text.encode("utf-8", "surrogatepass") + b":" for text in quoted)
