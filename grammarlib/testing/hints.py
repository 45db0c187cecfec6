"""Pieces of text that a grammar names, for the search of ends.

The keys and strings of a schema; of regular expressions and rules their words, and a character of
each class.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from grammarlib.compiler.cfg.expand import expand
from grammarlib.compiler.cfg.form import Node, Terminal, Tokens, Value, nodes
from grammarlib.compiler.cfg.regular import make_terminals
from grammarlib.compiler.regex.program import decode
from grammarlib.grammar import Grammar
from grammarlib.regex import Regex
from grammarlib.schema import JSONSchema

__all__ = ["hints", "words"]


def hints(grammar: object) -> tuple[bytes, ...]:
    """What a grammar names, each once: of a schema JSON strings, of an expression its words."""
    if isinstance(grammar, Regex):
        return tuple(dict.fromkeys(words(grammar.program())))
    if isinstance(grammar, Grammar) and not isinstance(grammar, JSONSchema):
        return tuple(dict.fromkeys(_words_of(grammar)))
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


def wants_tokens(grammar: object) -> bool:
    """Whether a grammar wants whole tokens somewhere."""
    return isinstance(grammar, Grammar) and any(isinstance(n, Tokens) for n in _nodes(grammar))


def _words_of(grammar: Grammar) -> Iterator[bytes]:
    for node in _nodes(grammar):
        if isinstance(node, Terminal):
            yield from words(node.program)
        elif isinstance(node, Value):
            yield from hints(node.schema)


def _nodes(grammar: Grammar) -> Iterator[Node]:
    for production in make_terminals(expand(grammar)).productions():
        yield from nodes(production.body)


def words(program: bytes) -> Iterator[bytes]:
    """The words of a regex program, and a character of each class."""
    for step in decode(program):
        if step.data:
            yield step.data
        for lo, _ in step.ranges[:1]:
            yield chr(lo).encode()
        for _, arms in step.states:
            for lo, _, _ in arms[:1]:
                yield chr(lo).encode()
