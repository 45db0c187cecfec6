"""The recogniser of texts against `json.loads` and the oracle of whole values, both its elders."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grammarlib.errors import UnsupportedSchema
from grammarlib.schema import JSONSchema
from tests.compiler.json_schema.documents import Chance
from tests.compiler.json_schema.judge import Lowered
from tests.oracle.json_texts import JsonTexts
from tests.oracle.regex_derivatives import Undecided

EXACT = JSONSchema(True, whitespace="compact").whitespace_program()


def texts_of(schema: Any, declared: bool = False) -> tuple[JsonTexts, Lowered]:
    lowered = Lowered(schema)
    return JsonTexts(lowered.recorder, lowered.root, EXACT, declared), lowered


def documents(seed: int, number: int) -> list[tuple[dict[str, Any], Chance]]:
    chance = Chance("2020-12", seed)
    taken: list[tuple[dict[str, Any], Chance]] = []
    while len(taken) < number:
        document = chance.document()
        if '"uniqueItems": true' in json.dumps(document):
            continue  # undecided
        try:
            Lowered(document)
        except UnsupportedSchema:
            continue
        taken.append((document, chance))
    return taken


def test_texts_are_those_of_valid_values() -> None:
    valid = undecided = 0
    for document, chance in documents(1, 150):
        texts, lowered = texts_of(document)
        for instance in chance.instances(12):
            text = json.dumps(instance, ensure_ascii=chance.random.random() < 0.5).encode()
            text = json.dumps(instance, separators=(",", ":")).encode() if b" " in text else text
            expected = lowered(instance)
            try:
                assert texts.accepts(text) == expected, (document, text)
                if expected:
                    valid += 1
                    assert all(texts.begins(text[:i]) for i in range(len(text)))
            except Undecided:
                undecided += 1
    assert valid > 500
    assert undecided < 60


def test_whatever_begins_can_be_ended_and_is_valid() -> None:
    """Random walks over bytes that are said to go on, then towards an end."""
    ended = undecided = 0
    for document, chance in documents(2, 120):
        try:
            text, lowered = _wander(document, chance)
        except Undecided:  # spellings of multiples of one number and of no other are too many
            undecided += 1
            continue
        if text is not None:
            ended += 1
            instance = json.loads(text)
            assert lowered(instance) or not _plain(text), (document, text)
    assert ended > 80
    assert undecided < 5


def _wander(document: dict[str, Any], chance: Chance) -> tuple[bytes | None, Lowered]:
    texts, lowered = texts_of(document)
    state, text = texts.start(), b""
    for step in range(400):
        if texts.ends(state) and (step > 12 or chance.random.random() < 0.1):
            break
        ways = [b for b in range(256) if texts.read(state, bytes([b]))]
        assert ways or texts.ends(state) or not text, (document, text)
        if not ways:
            break
        closing = [b for b in ways if b in b'"}]' or (b in b",:" and step % 3)]
        byte = chance.random.choice(closing if closing and step > 8 else ways)
        text += bytes([byte])
        state = texts.read(state, text[-1:])
    return (text if texts.ends(state) else None), lowered


def _plain(text: bytes) -> bool:
    """Whether the elder, which judges numbers as Python spells them, can judge the text."""
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) == text.decode()


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"enum": ["é\n"]}, ['"é\\n"', '"\\u00e9\\u000A"'], ['"é\n"', '"\\u00e"', '"\\xe9"']),
        ({"const": "😀"}, ['"😀"', '"\\ud83d\\ude00"'], ['"\\ud83d"', '"\\ude00"']),
        ({"type": "string"}, ['""'], ['"\x01"', '"', "'a'", '"\\ud83d\\u0061"']),
        ({"required": ["a", "b"]}, ['{"b":1,"a":1}', '{"\\u0061":1,"b":2}', "1"], ['{"a":1}']),
        ({"type": "object"}, ["{}", '{"":{}}'], ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}']),
        ({"type": "number"}, ["0", "-0.5e+7", "1E2"], ["01", "1.", ".5", "+1", "1e", "-"]),
        ({"maxItems": 1, "items": {"maxItems": 0}}, ["[[]]", "[1]"], ["[[],[]]", "[[1]]", "[,]"]),
    ],
)
def test_texts_of_each_kind(schema: Any, good: list[str], bad: list[str]) -> None:
    texts, _ = texts_of(schema)
    assert [text for text in good if not texts.accepts(text.encode())] == []
    assert [text for text in bad if texts.accepts(text.encode())] == []


def test_declared_order_and_white_space() -> None:
    schema = {
        "type": "object",
        "properties": {"b": {"type": "null"}, "a": False, "c": {"type": "null"}},
        "required": ["c", "d"],
        "additionalProperties": {"type": "null"},
    }
    lowered = Lowered(schema)
    blanks = JSONSchema(schema, whitespace=" ?").whitespace_program()
    texts = JsonTexts(lowered.recorder, lowered.root, blanks, declared=True)
    assert texts.accepts(b'{"b":null,"c" : null ,"d":null}')
    assert texts.accepts(b'{ "c":null,"x":null,"d":null }')
    for cut in [b'{"b":null,"d', b'{"c":null,"b"', b'{"a', b'{"c":null,"a"', b'{"c":null}', b"{  "]:
        assert not texts.begins(cut), cut
    assert not texts.begins(b'{"c":null,"d":null,"d"')


def test_nothing_is_begun_that_has_no_end() -> None:
    endless: dict[str, Any] = {
        "$ref": "#/$defs/x",
        "$defs": {"x": {"items": {"$ref": "#/$defs/x"}, "minItems": 1}},
    }
    texts, _ = texts_of({**endless, "type": "array"})
    assert texts.begins(b"[1")
    assert texts.accepts(b"[1]")
    endless["$defs"]["x"]["type"] = "array"
    texts, _ = texts_of(endless)
    assert not texts.start()
    texts, _ = texts_of({"items": {"type": "string", "pattern": "^(?=a)b"}, "type": "array"})
    assert texts.accepts(b"[]")
    assert not texts.begins(b'["')
