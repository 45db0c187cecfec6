"""A Hypothesis strategy of vocabularies, with all that may go wrong with one.

Bytes that nothing spells, equal tokens, tokens of one to 128 bytes, tokens across several tokens of
JSON, halves of characters, padding, special ids, and several ids that end a text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import strategies as st

from grammarlib.compiler.vocabulary import Vocabulary

PIECES = [
    *[b"{", b"}", b"[", b"]", b'"', b",", b":", b" ", b"\n", b"\\", b'\\"', b"\\u00", b"61"],
    *[b"null", b"true", b"fal", b"se", b"1", b"0", b".", b"-", b"e", b"a", b"b", b"ab", b"\\n"],
    *[b'{"', b'":', b'","', b'"}', b'"]', b"},{", b"]]", b'":[', b'": ', b"1,", b'""', b'"":'],
    *[b'":1}', b'":1,"', b'":""}', b'a":0,"', b'":[]}', b'":1,"a":'],
    *["é".encode(), b"\xc3", b"\xa9", "😀".encode(), b"\xf0\x9f", b"\\ud83d", b"\\ude00", b"\xff"],
]
ASCII = [bytes([byte]) for byte in range(0x20, 0x7F)]
EVERY = [bytes([byte]) for byte in range(256)]


@st.composite
def vocabularies(draw: st.DrawFn, words: Sequence[str] = ()) -> Vocabulary:
    """A vocabulary, some tokens of which spell words.

    Most of them spell every byte; of the others, some spell nearly all of ASCII, and some only what
    was drawn.
    """
    kind = draw(st.sampled_from(["every", "every", "every", "ascii", "few"]))
    spelled = [word.encode() for word in words if word.isprintable()]
    quoted = [json.dumps(word).encode() for word in words]
    pieces = st.sampled_from([*PIECES, *PIECES, *spelled, *quoted])
    token = st.one_of(
        pieces,
        st.lists(pieces, min_size=2, max_size=4).map(b"".join),
        st.tuples(pieces, st.integers(1, 128)).map(lambda pair: (pair[0] * 128)[: pair[1]]),
        st.binary(min_size=1, max_size=3),
        st.none(),
        st.just(b""),
    )
    tokens: list[bytes | None] = list(draw(st.lists(token, min_size=4, max_size=24)))
    if kind == "every":
        tokens += EVERY
    elif kind == "ascii":
        missing = draw(st.sets(st.sampled_from(ASCII), max_size=4))
        tokens += [byte for byte in ASCII if byte not in missing]
    else:
        tokens += draw(st.lists(st.sampled_from(PIECES), min_size=20, max_size=40))
    tokens += [b"a"] if kind == "every" else []
    any_id = st.integers(0, len(tokens) + 2)
    special = st.integers(len(tokens), len(tokens) + 2)
    end = draw(st.sampled_from([special, special, any_id]))
    ends = draw(st.lists(end, min_size=1, max_size=3, unique=True))
    tokens += [None] * 3
    if not any(token for i, token in enumerate(tokens) if i not in ends):
        tokens.append(b"0")
    padding = draw(st.sampled_from([0, 1, 40]))
    return Vocabulary.from_tokens(tokens, eos_ids=ends, vocab_size=len(tokens) + padding)
