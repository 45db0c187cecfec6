"""Masks by brute force against texts that are listed by hand."""

from __future__ import annotations

from tests.compiler.json_schema.judge import Lowered
from tests.oracle.json_texts import JsonTexts
from tests.oracle.masks import Masks

COMPACT = b"\x01"


def masks(schema: object, tokens: list[bytes | None], ends: list[int]) -> Masks:
    lowered = Lowered(schema)
    return Masks(JsonTexts(lowered.recorder, lowered.root, COMPACT, True), tokens, ends)


def test_a_token_is_allowed_if_tokens_can_end_the_text_after_it() -> None:
    tokens = [b'"', b"aa", b"b", b"ab", None, None, b"aa", b'aa"']
    found = masks({"const": "aaab"}, tokens, [4])
    start = found.texts.start()
    assert found.mask(start) == {0}
    assert found.mask(found.texts.read(start, b'"')) == {1, 6}
    assert found.mask(found.texts.read(start, b'"aa')) == {3}
    assert found.mask(found.texts.read(start, b'"aaab')) == {0}
    assert found.mask(found.texts.read(start, b'"aaab"')) == {4}
    assert masks({"const": "aaab"}, tokens[:3], []).mask(start) == set()


def test_with_every_byte_a_token_the_language_decides() -> None:
    tokens: list[bytes | None] = [bytes([byte]) for byte in range(256)]
    found = masks({"enum": [1, 12]}, [*tokens, b"12", b"2", None, None], [258, 259])
    start = found.texts.start()
    assert found.mask(start) == {ord("1"), 256}
    after = found.mask(found.texts.read(start, b"1"))
    assert {ord("2"), 257, 258, 259} <= after
    assert ord("1") not in after
