"""Pieces of text that a grammar names, for the search of ends.

The keys and strings of a schema; of a regular expression its words, and a character of each class.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from grammarlib.compiler.regex.program import decode
from grammarlib.regex import Regex

__all__ = ["hints"]


def hints(grammar: object) -> tuple[bytes, ...]:
    """What a grammar names, each once: of a schema JSON strings, of an expression its words."""
    if isinstance(grammar, Regex):
        return tuple(dict.fromkeys(_words(grammar.program())))
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


def _words(program: bytes) -> Iterator[bytes]:
    for step in decode(program):
        if step.data:
            yield step.data
        for lo, _ in step.ranges[:1]:
            yield chr(lo).encode()
        for _, arms in step.states:
            for lo, _, _ in arms[:1]:
                yield chr(lo).encode()
