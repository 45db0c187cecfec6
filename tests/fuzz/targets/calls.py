"""Calls on matchers, masks, vocabularies and compiled grammars, with arguments that may be wrong.

A refused call must leave the matcher as it was. Sizes that memory cannot hold are no business of
ours: a ``MemoryError`` of an array that was asked for passes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import grammarlib as gl
from tests.fuzz import documents, odd, vocabularies
from tests.fuzz.case import Case, Finding
from tests.fuzz.laws import attempt, refused, sight

_SCHEMAS: list[Any] = [
    {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
    {"type": "array", "items": {"type": "integer"}, "maxItems": 3},
    {"enum": ["ab", "abc", 1, None]},
    True,
]
_CHANCE_OF_ODD = 0.5


class _Table:
    """A compiled grammar with all that calls on it need."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.r = case.random
        self.vocab = vocabularies.draw(self.r)
        schema = self.r.choice(_SCHEMAS)
        case.note("schema", schema)
        case.note("vocabulary", self.vocab.table)
        self.compiled = gl.compile(schema, self.vocab)
        self.matcher = self.compiled.matcher()
        self.size = self.vocab.vocab_size
        other = gl.Vocabulary.from_tokens([b"0", b"[", b"]"], [2, 1])
        self.others = gl.compile({"type": "integer"}, other)

    def draw(self, *valid: Any) -> Any:
        """One of the valid values, or an odd one; a function is called for its value."""
        if self.r.random() < _CHANCE_OF_ODD:
            odd_ones = [self.matcher, self.compiled, self.vocab, *self.compiled.states()[:1]]
            if self.r.random() < 0.1:
                return self.r.choice(odd_ones)
            return odd.odd_value(self.r)
        value = self.r.choice(valid)
        return value() if callable(value) else value

    def token(self) -> Any:
        return self.draw(lambda: self.r.randrange(self.size), lambda: self.vocab.eos_ids[0])

    def tokens(self) -> Any:
        several = [self.token() for _ in range(self.r.randrange(4))]
        return self.draw(lambda: several, lambda: tuple(several), lambda: np.arange(2))

    def text(self) -> Any:
        return self.draw(b"{", b'{"a":', b"[", b"1", b'"', bytearray(b"["), "[", "{", b"\xff")

    def mask(self) -> Any:
        words = -(-self.size // 32)
        rows = self.r.choice([0, 1, 2, 3])
        width = words + self.r.choice([0, 0, 0, 1, -1])

        def frozen() -> Any:
            mask = np.zeros((rows, width), np.int32)
            mask.flags.writeable = False
            return mask

        return self.draw(
            lambda: np.zeros((rows, width), np.int32),
            lambda: np.zeros(words, np.int32),
            lambda: gl.allocate_token_bitmask(2, self.size),
            lambda: np.zeros((rows, width), self.r.choice([np.int64, np.uint32, np.float32, bool])),
            lambda: np.zeros((rows, width, 1), np.int32),
            lambda: np.zeros((rows, width * 2), np.int32)[:, ::2],
            lambda: np.zeros((width, rows), np.int32).T,
            lambda: np.zeros((rows, width), ">i4"),
            lambda: bytearray(4 * words),
            frozen,
        )

    def logits(self) -> Any:
        width = self.size + self.r.choice([0, 0, 1, -1, 40])
        return self.draw(
            lambda: np.zeros((self.r.choice([0, 1, 2, 3]), width), np.float32),
            lambda: np.zeros(width, self.r.choice([np.float16, np.float64, np.int32, bool])),
            lambda: np.zeros((1, 1, width), np.float32),
        )

    def state(self) -> Any:
        return self.draw(
            lambda: self.r.choice(self.compiled.states()),
            lambda: self.others.states()[0],
            lambda: self.r.randrange(5),
        )

    def matchers(self) -> Any:
        some = [self.draw(self.matcher, self.others.matcher()) for _ in range(self.r.randrange(4))]
        return self.draw(lambda: some, lambda: tuple(some), lambda: iter(some))


def run(case: Case) -> None:
    """A few calls on one matcher."""
    table = attempt(case, lambda: _Table(case))
    if not isinstance(table, _Table):
        return  # the vocabulary spells no text
    for _ in range(12):
        name, call = _drawn(table)
        case.note("call", name)
        before = attempt(case, partial(sight, table.matcher, table.size))
        if refused(before):
            return  # the search for what the vocabulary spells has a budget
        try:
            result = attempt(case, call)
        except Finding as finding:
            if isinstance(finding.__cause__, MemoryError) and "allocate" in name:
                continue
            raise
        case.count("refused" if refused(result) else "taken")
        if refused(result) and sight(table.matcher, table.size) != before:
            raise Finding("a refused call changes nothing", name)
        if isinstance(result, gl.Matcher):
            sight(result, table.size)
        if result is None and call.func.__name__ == "fill_next_token_bitmask":
            _check_row(call, table, sight(table.matcher, table.size).mask)


def _check_row(call: partial[Any], table: _Table, expected: bytes) -> None:
    """A row that was filled says what the matcher says."""
    mask = call.args[0]
    if isinstance(mask, np.ndarray):
        row = call.args[1] if len(call.args) > 1 else call.keywords.get("row", 0)
        filled = np.atleast_2d(mask)[int(row)].tolist()
        words = np.frombuffer(expected, np.int32).tolist()
        if filled != words + [0] * (len(filled) - len(words)):
            raise Finding("a mask is filled", f"row {row} of {mask.dtype} {mask.shape}: {filled}")


def _drawn(table: _Table) -> tuple[str, partial[Any]]:
    method = table.r.choice(_CALLS)
    function, arguments, options = method(table)
    from tests.fuzz.describe import describe

    given = [describe(a)[:300] for a in arguments]
    given += [f"{key}={describe(value)[:300]}" for key, value in options.items()]
    name = getattr(function, "__qualname__", str(function))
    return f"{name}({', '.join(given)})", partial(function, *arguments, **options)


_Call = tuple[Callable[..., Any], list[Any], dict[str, Any]]


def _matcher_call(t: _Table) -> _Call:
    m = t.matcher
    calls: list[_Call] = [
        (m.accept_token, [t.token()], {}),
        (m.accept_bytes, [t.text()], {}),
        (m.validate_tokens, [t.tokens()], {}),
        (m.rollback, [t.draw(0, 0, 1)], {}),
        (m.fill_next_token_bitmask, [t.mask()], {}),
        (m.fill_next_token_bitmask, [t.mask(), t.draw(0, 1)], {}),
        (m.fill_next_token_bitmask, [t.mask()], {"row": t.draw(0, 1, 2, -1)}),
        (m.fork, [], {}),
        (m.is_accepting, [], {}),
        (m.find_jump_forward_tokens, [], {}),
    ]
    return t.r.choice(calls)


def _mask_call(t: _Table) -> _Call:
    calls: list[_Call] = [
        (gl.fill_next_token_bitmask_batch, [t.matchers(), t.mask()], {}),
        (gl.apply_token_bitmask_inplace, [t.logits(), t.mask()], {}),
        (gl.allocate_token_bitmask, [t.draw(1, 2), t.draw(10, t.size)], {}),
    ]
    return t.r.choice(calls)


def _compiled_call(t: _Table) -> _Call:
    c = t.compiled
    calls: list[_Call] = [
        (c.edges, [t.state()], {}),
        (c.token_edges, [t.state()], {}),
        (c.profile, [t.state()], {}),
        (c.trace, [t.text()], {}),
        (c.matcher, [], {}),
    ]
    return t.r.choice(calls)


def _vocabulary_call(t: _Table) -> _Call:
    tokens = [t.draw(b"a", b"0", None, b"") for _ in range(t.r.randrange(4))]
    options = {"vocab_size": t.draw(None, 4, 40), "cache_bytes": t.draw(1, 1 << 20)}
    chosen = {name: value for name, value in options.items() if t.r.random() < 0.4}

    def use(*arguments: Any, **options: Any) -> Any:
        vocab = gl.Vocabulary.from_tokens(*arguments, **options)
        if vocab.vocab_size < 100_000:  # a wider one takes its time
            gl.compile(True, vocab).matcher()

    use.__qualname__ = "Vocabulary.from_tokens"
    calls: list[_Call] = [
        (use, [t.draw(tokens, [b"0", b"1", None]), t.draw([0], [1, 0], (1,), [-1], [99])], chosen),
        (t.vocab.token_bytes, [t.token()], {}),
        (t.vocab.decode, [t.tokens()], {}),
        (gl.Vocabulary.from_huggingface, [t.draw(None)], {}),
        (gl.Vocabulary.from_tiktoken, [t.draw(None)], {}),
        (gl.Vocabulary.from_sentencepiece, [t.draw(None, b"x", "/nowhere")], {}),
        (gl.Vocabulary, [t.draw(t.vocab.table)], {"cache_bytes": t.draw(1, 1 << 20)}),
    ]
    return t.r.choice(calls)


def _compile_call(t: _Table) -> _Call:
    names = ["whitespace", "property_order", "format", "registry", "unsupported"]
    options = {t.r.choice(names): t.draw("any", "compact", "record", None)}
    schema = t.draw(True, {"type": "null"}, lambda: documents.draw(t.r))
    calls: list[_Call] = [
        (gl.JSONSchema, [schema], options if t.r.random() < 0.7 else {}),
        (gl.compile, [schema, t.draw(t.vocab)], {}),
        (gl.compile, [{"type": "null"}, t.vocab, t.draw("lazy", "masks")], {}),
        (gl.compile, [{"type": "null"}, t.vocab], {"cache_bytes": t.draw(1, 1 << 20)}),
    ]
    return t.r.choice(calls)


_CALLS: list[Callable[[_Table], _Call]] = [
    *(_matcher_call, _matcher_call, _matcher_call, _mask_call, _compiled_call),
    *(_vocabulary_call, _compile_call),
]
