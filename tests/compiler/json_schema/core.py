"""The real core behind one-call questions, over a vocabulary of single bytes."""

from __future__ import annotations

import json
from functools import cache

from grammarlib import _core
from grammarlib.compiler.vocabulary import Vocabulary


@cache
def single_bytes() -> Vocabulary:
    """Token i is the byte i; 256 ends the text."""
    return Vocabulary.from_tokens([*[bytes([i]) for i in range(256)], b"<end>"], eos_ids=[256])


def accepts(compiled: _core.Compiled, text: str) -> bool:
    """Whether the text is a member, by the core."""
    matcher = compiled.matcher()
    return matcher.accept_bytes(text.encode()) and matcher.is_accepting()


def numbers(program: bytes) -> _core.Compiled:
    """The JSON texts that are the spellings of a program."""
    builder = _core.SchemaBuilder(b"\x01", "any")
    return builder.build(builder.numbers(builder.regex(program)), single_bytes().core)


def strings(program: bytes) -> _core.Compiled:
    """The JSON strings whose text is in a program."""
    builder = _core.SchemaBuilder(b"\x01", "any")
    return builder.build(builder.strings(builder.regex(program)), single_bytes().core)


def accepts_string(compiled: _core.Compiled, text: str) -> bool:
    """Whether a compiled language of strings holds this one."""
    return accepts(compiled, json.dumps(text, ensure_ascii=False))
