"""XGrammar: ``GrammarCompiler`` and ``GrammarMatcher``, on one thread.

Strict mode is off, since it forbids what the schema does not name, and any white space is allowed:
the readings that JSON Schema and the other engines share. What it does not implement it leaves out
without a word, or with a warning in its log. Its cache of compiled grammars is on and bounded.
"""

from __future__ import annotations

import functools
import re
from importlib.metadata import version

import torch
import xgrammar

import grammarlib as gl
from benchmarks.masks.engines.base import Mask, Options, Refused
from benchmarks.masks.vocabularies import Tokens

__all__ = ["Engine"]

_CACHE_BYTES = 1 << 30
_PLACE = re.compile(r"^\[[\d:]+\] \S+:\d+: ")


class Session:
    """See ``base.Session``."""

    def __init__(self, compiled: xgrammar.CompiledGrammar, mask: torch.Tensor) -> None:
        self._matcher = xgrammar.GrammarMatcher(compiled)
        self.fill = functools.partial(self._matcher.fill_next_token_bitmask, mask)
        self.commit = self._matcher.accept_token

    def would_commit(self, token: int) -> bool:
        return self._matcher.accept_token(token)

    def restart(self) -> None:
        self._matcher.reset()

    def counts(self) -> None:
        return None


class Engine:
    """See ``base.Engine``."""

    def __init__(self, tokens: Tokens, options: Options) -> None:
        self.version = version("xgrammar")
        self._any_order = options.property_order == "any"
        self.notes = (
            "property order: any, by any_order=True, which leaves 'required' unchecked"
            if self._any_order
            else "property order: declared",
        )
        self.mask: Mask = gl.allocate_token_bitmask(1, len(tokens.pieces))
        self._tensor = torch.from_numpy(self.mask)  # the same memory; quicker to pass than numpy's
        info = xgrammar.TokenizerInfo(
            [piece or b"" for piece in tokens.pieces],
            xgrammar.VocabType.RAW,
            vocab_size=len(tokens.pieces),
            stop_token_ids=[tokens.eos],
        )
        self._compiler = xgrammar.GrammarCompiler(
            info, max_threads=1, cache_limit_bytes=_CACHE_BYTES
        )

    def prepare(self, schema: str) -> str:
        return schema

    def compile(self, schema: str) -> Session:
        try:
            compiled = self._compiler.compile_json_schema(
                schema, any_whitespace=True, strict_mode=False, any_order=self._any_order
            )
        except RuntimeError as error:
            if "bad_alloc" in str(error):
                raise MemoryError(str(error)) from error
            raise Refused(_PLACE.sub("", str(error))) from error
        return Session(compiled, self._tensor)
