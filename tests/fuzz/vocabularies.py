"""Random vocabularies: equal, empty and long tokens, bytes that no token spells."""

from __future__ import annotations

import random
from typing import Any

import grammarlib as gl

__all__ = ["draw", "spells_every_byte"]

_PIECES = [
    *(b'{"', b'"}', b'":', b'","', b'": ', b"[]", b"{}", b"[{", b"}]", b"]]", b", ", b"\n", b"  "),
    *(b"true", b"false", b"null", b"tru", b"e,", b"ul", b"0.", b"00", b"-1", b"e+", b"12", b"1e9"),
    *(b"\\u00", b"\\n", b'\\"', b"\\\\", b"\\ud83d", b"\\ude00", b"a" * 128, b'"' + b"b" * 127),
    *("é".encode(), "😀".encode(), b"\xc3", b"\x9f\x98", b"\xf0", b"\xff", b"\xed\xa0\x80", b"ab"),
    *(b" ", b"\t", b"\r\n", b'":{"', b'"]', b"abc", b"a", b'"a"', b'"a":', b"\x00", b"\x7f"),
]
_FEW = [bytes([b]) for b in b'{}[]":, \\ntruefalsab0123456789.-+eE']


def draw(r: random.Random) -> gl.Vocabulary:
    """A vocabulary of at most 400 tokens."""
    tokens: list[bytes | None] = []
    kind = r.random()
    if kind < 0.7:
        tokens += [bytes([b]) for b in range(256)]
    elif kind < 0.9:
        tokens += _FEW
        if r.random() < 0.5:
            r.shuffle(tokens)
            del tokens[r.randrange(len(tokens)) :]
    tokens += r.choices(_PIECES, k=r.randrange(40))
    for _ in range(r.randrange(8)):
        tokens.append(r.choice([None, b"", *tokens[:50], r.randbytes(r.randrange(1, 5))]))
    if r.random() < 0.3:
        r.shuffle(tokens)
    if not any(tokens):
        tokens.append(b"0")
    ends = [len(tokens)]
    tokens.append(r.choice([None, b"<end>", b"0"]))
    if r.random() < 0.2:
        ends.append(r.randrange(len(tokens)))
        if not any(token for i, token in enumerate(tokens) if i not in ends):
            del ends[1:]
    options: dict[str, Any] = {}
    if r.random() < 0.2:
        options["vocab_size"] = len(tokens) + r.randrange(70)
    if r.random() < 0.3:
        options["cache_bytes"] = r.choice([1, 1000, 100_000, 1 << 20])
    return gl.Vocabulary.from_tokens(tokens, ends, **options)


def spells_every_byte(vocab: gl.Vocabulary) -> bool:
    """Whether each byte is a token by itself, so that any text can be spelled."""
    return {bytes([b]) for b in range(256)} <= set(vocab.table.tokens)
