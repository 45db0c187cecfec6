"""Engines whose every act is known: they accept the texts that the schema lists, or misbehave.

A schema is ``{"texts": [...]}``, or has a key ``"do"`` that names what goes wrong while it is
compiled, or a key ``"then"`` for after that.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.masks.engines.base import EmptySchema, Mask, Options, Refused
from benchmarks.masks.vocabularies import Tokens

HERE = __name__


class Panic(BaseException):
    """What a Rust engine raises when it panics is no ``Exception`` either."""


def wrong(what: str) -> None:
    """Do what goes wrong."""
    if what == "crash":
        print("about to crash", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "hang":
        time.sleep(600)
    elif what == "panic":
        raise Panic("index out of bounds")
    elif what == "memory":
        bytearray(1 << 40)
    elif what == "raise":
        raise RuntimeError("too\n complex")
    elif what == "refuse":
        raise Refused("not: not implemented")
    elif what == "empty":
        raise EmptySchema("nothing fits")


class Session:
    """A text under way, over single bytes; ``tick`` says how long each act takes."""

    def __init__(self, schema: dict[str, Any], engine: Engine) -> None:
        self._texts = [text.encode() for text in schema.get("texts", [])]
        self._then = schema.get("then", "")
        self._lies = schema.get("lies", {})
        self._engine = engine
        self._at = b""
        self._fills = self._hits = 0
        self._seen: set[bytes] = set()
        self.fill: Callable[[], object] = self._fill
        self.commit: Callable[[int], bool] = self._commit

    def _allowed(self) -> list[int]:
        ways = [text[len(self._at) :] for text in self._texts if text.startswith(self._at)]
        return [way[0] if way else self._engine.eos for way in ways]

    def _fill(self) -> None:
        wrong(self._then)
        self._engine.tick(10)
        self._fills += 1
        self._hits += self._at in self._seen
        self._seen.add(self._at)
        self._engine.mask[:] = 0
        for token in [*self._allowed(), *map(ord, self._lies.get("allow", ""))]:
            self._engine.mask[0, token >> 5] |= np.int32(
                np.uint32(1 << (token & 31)).view(np.int32)
            )

    def _commit(self, token: int) -> bool:
        self._engine.tick(3)
        if token not in self._allowed():
            return False
        if token != self._engine.eos:
            self._at += bytes([token])
        return True

    def would_commit(self, token: int) -> bool:
        self._engine.tick(1000)
        return token in self._allowed() or chr(token) in self._lies.get("take", "")

    def restart(self) -> None:
        self._engine.tick(1000)
        self._at = b""

    def counts(self) -> tuple[int, int, int] | None:
        self._engine.tick(1000)
        return (self._fills, self._hits, 10 * (self._fills - self._hits))


class Engine:
    """Accepts exactly the texts that a schema lists; its clock moves by known steps."""

    def __init__(self, tokens: Tokens, options: Options) -> None:
        self.version = "1.2"
        self.notes = (f"property order: {options.property_order}",)
        self.eos = tokens.eos
        self.mask: Mask = np.zeros((1, (len(tokens.pieces) + 31) // 32), dtype=np.int32)
        self.now = 0

    def tick(self, by: int) -> None:
        self.now += by

    def clock(self) -> int:
        return self.now

    def prepare(self, schema: str) -> Any:
        self.tick(1000)
        return json.loads(schema)

    def compile(self, schema: Any) -> Session:
        wrong(schema.get("do", ""))
        self.tick(100)
        return Session(schema, self)


class Silent(Engine):
    """Its sessions do not tell how often they found a mask."""

    def compile(self, schema: Any) -> Session:
        session = super().compile(schema)
        session.counts = lambda: None  # type: ignore[method-assign]
        return session


class DeadAtStart(Engine):
    """Cannot be built."""

    def __init__(self, tokens: Tokens, options: Options) -> None:
        wrong("crash")


class BrokenAtStart(Engine):
    """Cannot be built and says why."""

    def __init__(self, tokens: Tokens, options: Options) -> None:
        raise ValueError("no such vocabulary")


class DeadAfterwards(Engine):
    """Can be built once for each file that is not there yet: its path is the property order."""

    def __init__(self, tokens: Tokens, options: Options) -> None:
        super().__init__(tokens, options)
        marker = str(options.property_order)
        if os.path.exists(marker):
            wrong("crash")
        open(marker, "w").close()
