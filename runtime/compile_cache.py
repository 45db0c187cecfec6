"""Compiled grammars of recent calls, so that asking for the same schema again costs no compile.

Keyed by what the caller can repeat: the schema's JSON text (two equal dicts share an entry, a dict
changed in place gets a new one), every other option, and the vocabulary's identity. The text keeps
the order of keys, which is part of the grammar's meaning. Two types of one schema share an entry:
how texts are read is no part of it. A schema that has no JSON text is compiled without the cache,
and refused there. Any other grammar is its own key. An entry holds its
grammar and vocabulary alive, so no identity in a key is ever reused.

Cost: one ``json.dumps`` a call; at most 64 compiled grammars, least recently used dropped first.
Rejected: a weak dictionary keyed by the schema object (dicts cannot be weakly referenced, and the
usual caller builds an equal dict anew).
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping

from grammarlib.arguments import bounded
from grammarlib.compiler.compile import CompiledGrammar, compile
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.grammar import Grammar
from grammarlib.schema import JSONSchema

__all__ = ["compile_cached"]

_ENTRIES = 64
_VALUES = 1_000_000
_cache: OrderedDict[tuple[object, ...], CompiledGrammar] = OrderedDict()
_lock = threading.Lock()


def compile_cached(grammar: Grammar, vocab: Vocabulary) -> CompiledGrammar:
    """``compile(grammar, vocab)``, or what it returned for an equal grammar before."""
    key = _key(grammar, vocab)
    if key is None:
        return compile(grammar, vocab)
    with _lock:
        if (found := _cache.get(key)) is not None:
            _cache.move_to_end(key)
            return found
    compiled = compile(grammar, vocab)  # outside the lock: it may take long
    with _lock:
        _cache[key] = compiled
        while len(_cache) > _ENTRIES:
            _cache.popitem(last=False)
    return compiled


def _key(grammar: Grammar, vocab: Vocabulary) -> tuple[object, ...] | None:
    if not isinstance(grammar, JSONSchema):
        return (grammar, id(vocab))
    options = [
        _same(option)
        for field in dataclasses.fields(JSONSchema)
        if field.name != "schema"
        for option in [getattr(grammar, field.name)]
    ]
    if not bounded(grammar.schema, _VALUES):
        return None
    try:
        text = json.dumps(grammar.schema, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return None
    return (text, *options, id(vocab))


def _same(option: object) -> object:
    """An option as part of a key: equal where it means the same."""
    if isinstance(option, Mapping):
        return tuple(option.items())
    return option if isinstance(option, str) else id(option)
