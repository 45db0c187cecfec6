"""Patterns as strings, keys and white space, judged by ``re`` where both speak alike."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import grammarlib as gl
from tests.fuzz import patterns, vocabularies
from tests.fuzz.case import Case, Finding
from tests.fuzz.laws import attempt, check_mask, refused

_TEXTS = ["".join(t) for n in range(4) for t in product("abx", repeat=n)]
_TEXTS += ["é", "1", "\n", "\\", "aé", "a\n", "12", "xx", "xxxx", "c", "abab", "\u2028", "😀"]


def run(case: Case) -> None:
    """Compile a pattern and compare."""
    r = case.random
    ecma, python = patterns.pair(r) if r.random() < 0.5 else (patterns.draw(r), None)
    case.note("pattern", ecma)
    vocab = vocabularies.draw(r)
    case.note("vocabulary", vocab.table)
    place = r.random()
    schema: Any = {"type": "string", "pattern": ecma}
    options: dict[str, Any] = {"whitespace": "compact"}
    if place < 0.1:
        python = None
        schema = {"patternProperties": {ecma: {"type": "null"}}, "type": "object"}
    elif place < 0.2:
        python = None
        schema, options = {"type": "array"}, {"whitespace": ecma}
    elif place < 0.3:
        schema["maxLength"] = r.choice([0, 1, 2, 3, 40])
        schema["minLength"] = r.choice([0, 1, 2])
    elif place < 0.4:
        schema = {"allOf": [schema, {"not": {"pattern": patterns.draw(r)}}]}
        python = None
    elif place < 0.45:
        schema = {"anyOf": [{"not": schema}]}
        python = None
    case.note("schema", schema)
    compiled = attempt(case, lambda: gl.compile(gl.JSONSchema(schema, **options), vocab))
    if not isinstance(compiled, gl.CompiledGrammar):
        return
    case.count("compiled")
    matcher = compiled.matcher()
    for _ in range(r.randrange(1, 12)):
        allowed = attempt(case, lambda: check_mask(matcher, vocab))
        if refused(allowed) or not allowed:
            break
        assert isinstance(allowed, list)
        matcher.accept_token(r.choice(allowed))
    if python is not None:
        _compare(case, compiled, schema, python)


def _compare(case: Case, compiled: gl.CompiledGrammar, schema: Any, python: str) -> None:
    try:
        search = re.compile(python).search
    except re.error:
        return
    for text in _TEXTS:
        expected = search(text) is not None and schema.get("minLength", 0) <= len(
            text
        ) <= schema.get("maxLength", 99)
        matcher = compiled.matcher()
        spelled = json.dumps(text, ensure_ascii=False).encode()

        def takes(matcher: Any = matcher, spelled: bytes = spelled) -> bool:
            return bool(matcher.accept_bytes(spelled) and matcher.is_accepting())

        taken = attempt(case, takes)
        if not refused(taken) and taken != expected:
            if not taken and not vocabularies.spells_every_byte(compiled.vocab):
                continue
            raise Finding("a pattern means what re says", f"{text!r}: {taken}, re says {expected}")
    case.count("compared with re")
