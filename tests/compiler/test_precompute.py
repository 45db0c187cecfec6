"""``precompute``: what is made ahead leaves nothing to make, and changes no mask."""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
import types
from typing import Any, ClassVar

import numpy as np
import pytest

import grammarlib as gl
from grammarlib import _core
from grammarlib.compiler import precompute as ahead
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.compiler.json_schema import lower
from tests.compiler.vocabulary.real import tekken

PIECES = [
    *[
        b'","',
        b'"}',
        b'": "',
        b"name",
        b"tru",
        b'"],"',
        b"12",
        b'":[',
        b"\\u00",
        b'{"',
        b'a"',
        b" ",
    ],
    *[
        b"\n",
        b"\n  ",
        b'","x":',
        b'":"',
        b"]}",
        b"}}",
        b"},",
        b"0.",
        b"e-",
        b"\\",
        b"\xc3",
        b"aaaaaaaaaa",
    ],
    *[b'{"a":', b',"b":', b'"c":"', b'"","', b'":{}', b"[[", b"]]"],
]
PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 12},
        "email": {"type": "string", "pattern": "^[a-z]+@[a-z.]{2,30}$"},
        "age": {"type": "integer", "minimum": 0, "maximum": 130},
        "tags": {"type": "array", "items": {"enum": ["red", "green", 1, None]}, "maxItems": 3},
        "born": {"type": "string", "format": "date"},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}
OPEN: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "object", "maxProperties": 0}},
    "required": ["c", "d"],
    "additionalProperties": {"type": "array", "minItems": 2, "items": {"type": "boolean"}},
}
NESTED: dict[str, Any] = {
    "anyOf": [
        {"type": "array", "prefixItems": [PERSON, {"type": "number"}], "items": False},
        {
            "type": "object",
            "properties": {"x": {"type": "array", "items": {"type": "null"}}},
            "required": ["x"],
            "additionalProperties": False,
        },
        {"const": {"k": [1, "é", {}]}},
    ]
}
FLAT = [PERSON, OPEN, NESTED, {"type": ["string", "number"]}, {"enum": [1, 12, "a", None]}]
TREE: dict[str, Any] = {
    "type": "object",
    "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}, "name": {"type": "string"}},
    "additionalProperties": False,
}


def small(seed: int) -> gl.Vocabulary:
    chance = random.Random(seed)
    joined = [b"".join(chance.choices(PIECES, k=chance.randint(2, 5))) for _ in range(60)]
    tokens = [*[bytes([i]) for i in range(256)], *PIECES, *joined, None, b"<end>"]
    return gl.Vocabulary.from_tokens(tokens, eos_ids=[len(tokens) - 1])


def misses(compiled: CompiledGrammar) -> dict[str, int]:
    return dict(compiled.core.cache_misses())


def words(compiled: CompiledGrammar, matcher: gl.Matcher) -> Any:
    mask = gl.allocate_token_bitmask(1, compiled.vocab.vocab_size)
    matcher.fill_next_token_bitmask(mask)
    return mask


def allowed(mask: Any) -> list[int]:
    return np.flatnonzero(np.unpackbits(mask.view(np.uint8), bitorder="little")).tolist()


def walk(compiled: CompiledGrammar, chance: random.Random) -> list[tuple[int, Any]]:
    """The tokens of a random text and the masks before them; what is refused is tried as well."""
    matcher = compiled.matcher()
    seen = []
    for _ in range(50):
        mask = words(compiled, matcher)
        tokens = [t for t in allowed(mask) if t not in compiled.vocab.eos_ids]
        if not tokens:
            break
        matcher.find_jump_forward_bytes()
        matcher.accept_token(chance.randrange(compiled.vocab.vocab_size - 1))
        matcher.reset()
        assert matcher.validate_tokens([t for t, _ in seen]) == len(seen)
        for token, _ in seen:
            matcher.accept_token(token)
        # Long tokens are few among many short ones.
        tokens.sort(key=lambda t: len(compiled.vocab.token_bytes(t) or b""))
        token = tokens[-1 - int(len(tokens) * chance.random() ** 3)]
        assert matcher.accept_token(token)
        matcher.fork().accept_bytes(b"\x00")
        seen.append((token, mask))
    return seen


@pytest.mark.parametrize("order", ["declared", "any"])
@pytest.mark.parametrize("number", range(len(FLAT)))
def test_after_all_nothing_is_missing(number: int, order: Any) -> None:
    vocab = small(number)
    grammar = gl.JSONSchema(FLAT[number], property_order=order)
    compiled = gl.compile(grammar, vocab, precompute="all")
    assert compiled.precomputed.complete, compiled.precomputed
    assert compiled.precomputed.masks == compiled.precomputed.states > 0
    before = misses(compiled)
    chance = random.Random(number)
    for _ in range(40):
        walk(compiled, chance)
    assert misses(compiled) == before
    assert compiled.core.mask_counts()[0] == compiled.core.mask_counts()[1] > 100


@pytest.mark.parametrize("order", ["declared", "any"])
@pytest.mark.parametrize("schema", [*FLAT, TREE, True])
def test_every_mode_has_the_same_masks(schema: Any, order: Any) -> None:
    vocab, chance = small(7), random.Random(7)
    grammar = gl.JSONSchema(schema, property_order=order)
    lazy = gl.compile(grammar, vocab)
    others = [gl.compile(grammar, small(7), precompute=mode) for mode in ("masks", "all")]
    for _ in range(10):
        matchers = [c.matcher() for c in others]
        for token, mask in walk(lazy, chance):
            for compiled, matcher in zip(others, matchers, strict=True):
                assert np.array_equal(words(compiled, matcher), mask)
                assert matcher.accept_token(token)


@pytest.mark.parametrize("mode", ["masks", "all"])
def test_a_large_vocabulary(mode: Any) -> None:
    vocab = gl.Vocabulary.from_tiktoken(tekken(), eos_ids=[2])
    vocab.core.clear_cache()
    lazy = gl.compile(PERSON, vocab)
    texts = [
        b'{"name": "\\u00e9 x", "email": "a@b.c", "age": 12, "tags": ["red", 1]}',
        b'{"name":"x", "age":130,"born": "2020-02-29"}',
        b'{\n  "name": "",\n  "age": 0\n}',
    ]
    masks = [list(masks_along(lazy, text)) for text in texts]
    vocab.core.clear_cache()
    compiled = gl.compile(PERSON, vocab, precompute=mode)
    assert compiled.precomputed.complete
    before = misses(compiled)
    again = [list(masks_along(compiled, text)) for text in texts]
    assert all(
        np.array_equal(a, b)
        for x, y in zip(masks, again, strict=True)
        for a, b in zip(x, y, strict=True)
    )
    after = misses(compiled)
    assert after["profiles"] == before["profiles"]
    assert (after == before) == (mode == "all")


def masks_along(compiled: CompiledGrammar, text: bytes) -> Any:
    matcher = compiled.matcher()
    yield words(compiled, matcher)
    for byte in text:
        assert matcher.accept_bytes(bytes([byte]))
        yield words(compiled, matcher)


def test_rules_that_call_themselves_are_cut_off() -> None:
    compiled = gl.compile(TREE, small(1), precompute="all")
    done = compiled.precomputed
    assert not done.complete
    assert done.levels == 4
    assert "rules that call themselves" in done.reasons[0]
    before = misses(compiled)
    inner = b'{"left":{"left":{"left":{"name":"x"},"right":{}}}}'
    list(masks_along(compiled, inner))
    assert misses(compiled) == before
    list(masks_along(compiled, b'{"left":' * 6 + b"{" + b"}" * 7))
    assert misses(compiled) != before


def test_profiles_of_recursive_schemas_are_finite() -> None:
    compiled = gl.compile(TREE, small(1), precompute="masks")
    assert compiled.precomputed.complete
    before = misses(compiled)["profiles"]
    list(masks_along(compiled, b'{"left":' * 6 + b'{"name": "\\u0041"' + b"}" * 7))
    assert misses(compiled)["profiles"] == before


def test_nothing_is_dropped_for_the_sake_of_what_is_made_ahead() -> None:
    properties = {f"p{i}": {"type": "string"} for i in range(200)}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    builder = _core.SchemaBuilder(
        gl.JSONSchema(schema).whitespace_program(), "declared", cache_bytes=1 << 20
    )
    grammar = gl.JSONSchema(schema)
    root, _ = lower(
        schema, builder, format=grammar.format, registry=grammar.registry, unsupported="error"
    )
    core = builder.build(root, small(2).core)
    (generation, _) = core.states()
    done = ahead.precompute(core, "all")
    assert not done.complete
    assert done.reasons == ("the bound of the caches",)
    assert core.cache_memory() < 1 << 20
    matcher = core.matcher()
    assert matcher.accept_bytes(b'{"p1": "x"')
    assert core.states()[0] == generation


def test_caches_dropped_meanwhile_end_the_work() -> None:
    compiled = gl.compile({"type": "array", "items": PERSON}, small(3))
    work = compiled.core.precompute(all=True)
    work.advance(1)
    compiled.core.clear_cache()
    while not work.advance(10)[3]:
        pass
    complete, reasons, *_ = work.report()
    assert not complete
    assert reasons == ["the caches were dropped meanwhile"]


def test_others_use_the_grammar_meanwhile() -> None:
    compiled = gl.compile(NESTED, small(4))
    expected = [words(compiled, compiled.matcher()) for _ in range(2)]
    failed: list[object] = []
    stop = threading.Event()

    def use() -> None:
        while not stop.is_set():
            if not np.array_equal(words(compiled, compiled.matcher()), expected[0]):
                failed.append("a mask")

    users = [threading.Thread(target=use) for _ in range(2)]
    for user in users:
        user.start()
    done = ahead.precompute(compiled.core, "all")
    stop.set()
    for user in users:
        user.join()
    assert done.complete
    assert not failed


class Bar:
    """A progress bar that keeps what it is told."""

    made: ClassVar[list[Bar]] = []

    def __init__(self, **options: object) -> None:
        self.shown: list[tuple[str, int, int]] = []
        self.text, self.n, self.total, self.closed = "", 0, 0, False
        Bar.made.append(self)

    def set_description(self, text: str, refresh: bool = True) -> None:
        self.text = text

    def refresh(self) -> None:
        self.shown.append((self.text, self.n, self.total))

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    Bar.made = []
    monkeypatch.setitem(sys.modules, "tqdm", types.SimpleNamespace(tqdm=Bar))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(ahead, "_PATIENCE", 0.0)
    monkeypatch.setattr(ahead, "_SLICE", 1)
    gl.compile(NESTED, small(5), precompute="all")
    assert len(Bar.made) == terminal
    for bar in Bar.made:
        assert bar.closed
        assert {text for text, _, _ in bar.shown} >= {"states", "done"}
        assert all(0 <= n <= total for _, n, total in bar.shown)


def test_an_interrupt_ends_it() -> None:
    wide = {"type": "array", "prefixItems": [PERSON] * 60, "items": False}
    vocab = small(6)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    begun = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.15)
        with pytest.raises(KeyboardInterrupt):
            gl.compile(wide, vocab, precompute="all")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - begun < 5


def test_lazily_nothing_is_made() -> None:
    compiled = gl.compile(PERSON, small(8))
    assert compiled.precomputed.mode == "lazy"
    assert not compiled.precomputed.complete
    assert misses(compiled)["plans"] == 0
