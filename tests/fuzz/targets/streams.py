"""Random streams of operations on matchers, against a fresh matcher that reads the same text."""

from __future__ import annotations

from typing import Any

import numpy as np

import grammarlib as gl
from tests.fuzz import documents, vocabularies
from tests.fuzz.case import Case, Finding
from tests.fuzz.laws import allowed_ids, attempt, check_mask, sight

_TEXTS = [
    b'{"a":',
    b"[",
    b"]",
    b'"',
    b"",
    b"\\u00",
    b"1",
    b'{"',
    b"\xc3",
    b"tr",
    b"\xff",
    b" ",
    b"{}",
]


class _Track:
    """A matcher, and what it was told."""

    def __init__(self, matcher: Any, steps: list[int | bytes]) -> None:
        self.matcher = matcher
        self.steps = steps


def run(case: Case) -> None:
    """Draw a grammar that compiles, and play."""
    r = case.random
    vocab = vocabularies.draw(r)
    case.note("vocabulary", vocab.table)
    compiled: Any = None
    for _ in range(5):
        document = documents.draw(r)
        order: Any = r.choice(["any", "declared"])
        white = r.choice(["compact", "flexible"])
        cache = r.choice([1 << 24, 100_000, 5000, 1])

        def make(
            document: Any = document, order: Any = order, white: str = white, cache: int = cache
        ) -> gl.CompiledGrammar:
            grammar = gl.JSONSchema(
                document, property_order=order, whitespace=white, unsupported="record"
            )
            return gl.compile(grammar, vocab, cache_bytes=cache)

        compiled = attempt(case, make)
        if isinstance(compiled, gl.CompiledGrammar):
            case.note("schema", document)
            case.note("options", (order, white, cache))
            break
    else:
        return
    case.count("compiled")
    attempt(case, lambda: _play(case, compiled))


def _play(case: Case, compiled: gl.CompiledGrammar) -> None:
    r = case.random
    vocab = compiled.vocab
    tracks = [_Track(compiled.matcher(), [])]
    log: list[Any] = []
    try:
        for _ in range(r.randrange(1, 40)):
            track = r.choice(tracks)
            _step(case, compiled, tracks, track, log)
            if r.random() < 0.25:
                fresh = _replayed(compiled, track.steps)
                seen, expected = (
                    sight(track.matcher, vocab.vocab_size),
                    sight(fresh, vocab.vocab_size),
                )
                if seen != expected:
                    raise Finding("the same text gives the same sight", f"{seen} != {expected}")
        for track in tracks:
            if _finishable(vocab, track):
                check_mask(track.matcher, vocab)
    finally:
        case.note("operations", log)


def _finishable(vocab: gl.Vocabulary, track: _Track) -> bool:
    """Whether there must be a way on: bytes that are no tokens may lead where none do."""
    spelled = vocabularies.spells_every_byte(vocab)
    return spelled or all(isinstance(step, int) for step in track.steps)


def _replayed(compiled: gl.CompiledGrammar, steps: list[int | bytes]) -> Any:
    matcher = compiled.matcher()
    for step in steps:
        taken = matcher.accept_token(step) if isinstance(step, int) else matcher.accept_bytes(step)
        if not taken:
            raise Finding("the same text is taken again", f"{step!r} of {steps} is refused")
    return matcher


def _step(
    case: Case, compiled: gl.CompiledGrammar, tracks: list[_Track], track: _Track, log: list[Any]
) -> None:
    r = case.random
    vocab, matcher = compiled.vocab, track.matcher
    size = vocab.vocab_size
    kind = r.choice(
        ["token"] * 10
        + ["any", "bytes", "back", "fork", "reset", "drop", "batch"] * 2
        + ["forced", "validate", "trace"]
    )
    log.append((tracks.index(track), kind))
    if kind == "token":
        allowed = allowed_ids(matcher, size)
        if allowed:
            token = r.choice(allowed)
            log[-1] += (token,)
            if not matcher.accept_token(token):
                raise Finding("a mask's bit is acceptance", f"allowed token {token} is refused")
            track.steps.append(token)
        elif not matcher.is_terminated() and _finishable(vocab, track):
            raise Finding("no dead ends", "nothing is allowed and no end token was taken")
    elif kind == "any":
        token = r.randrange(size)
        before = sight(matcher, size)
        if matcher.accept_token(token):
            track.steps.append(token)
        elif sight(matcher, size) != before:
            raise Finding("refusal changes nothing", f"token {token}")
    elif kind == "bytes":
        data = r.choice(_TEXTS)
        before = sight(matcher, size)
        if matcher.accept_bytes(data):
            track.steps.append(data)
        elif sight(matcher, size) != before:
            raise Finding("refusal changes nothing", f"bytes {data!r}")
    elif kind == "back":
        steps = r.randrange(len(track.steps) + 1)
        matcher.rollback(steps)
        del track.steps[len(track.steps) - steps :]
    elif kind == "fork":
        if len(tracks) < 5:
            tracks.append(_Track(matcher.fork(), list(track.steps)))
    elif kind == "reset":
        if r.random() < 0.3:
            matcher.reset()
            track.steps.clear()
    elif kind == "drop":
        r.choice([compiled.core.clear_cache, vocab.core.clear_cache])()
    elif kind == "batch":
        _batch(case, compiled, tracks)
    elif kind == "forced":
        _forced(compiled, track)
    elif kind == "validate":
        _validate(case, compiled, track)
    else:
        _trace(compiled, track)


def _batch(case: Case, compiled: gl.CompiledGrammar, tracks: list[_Track]) -> None:
    size = compiled.vocab.vocab_size
    mask = gl.allocate_token_bitmask(len(tracks) + 1, size)
    last = mask[-1].copy()
    gl.fill_next_token_bitmask_batch([track.matcher for track in tracks], mask)
    for row, track in enumerate(tracks):
        if mask[row].tobytes() != sight(track.matcher, size).mask:
            raise Finding("a batch is its rows", f"row {row}")
    if not np.array_equal(mask[-1], last):
        raise Finding("a batch is its rows", "a row of no matcher was changed")


def _forced(compiled: gl.CompiledGrammar, track: _Track) -> None:
    size = compiled.vocab.vocab_size
    fork = track.matcher.fork()
    for token in track.matcher.find_jump_forward_tokens():
        if allowed_ids(fork, size) != [token] or not fork.accept_token(token):
            raise Finding("forced tokens are the only ones", f"token {token}")
    forced = track.matcher.find_jump_forward_bytes()
    if forced and not track.matcher.fork().accept_bytes(forced):
        raise Finding("forced bytes are accepted", repr(forced))


def _validate(case: Case, compiled: gl.CompiledGrammar, track: _Track) -> None:
    r = case.random
    size = compiled.vocab.vocab_size
    fork = track.matcher.fork()
    tokens: list[int] = []
    for _ in range(r.randrange(6)):
        allowed = allowed_ids(fork, size)
        if not allowed:
            break
        tokens.append(r.choice(allowed))
        fork.accept_token(tokens[-1])
    tokens += [r.randrange(size) for _ in range(r.randrange(3))]
    count = track.matcher.validate_tokens(tokens)
    one_by_one = track.matcher.fork()
    taken = 0
    while taken < len(tokens) and one_by_one.accept_token(tokens[taken]):
        taken += 1
    if taken != count:
        raise Finding("validation is acceptance", f"{tokens}: {count}, one by one {taken}")


def _trace(compiled: gl.CompiledGrammar, track: _Track) -> None:
    vocab = compiled.vocab
    parts = [
        step if isinstance(step, bytes) else vocab.token_bytes(step) or b"" for step in track.steps
    ]
    states = compiled.trace(b"".join(parts))
    if len(states) != len(b"".join(parts)) + 1:
        raise Finding("a trace passes every byte", f"{len(states)} states of {parts}")
    compiled.profile(states[-1])
    compiled.token_edges(states[-1])
