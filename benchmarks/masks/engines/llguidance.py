"""llguidance: ``LLMatcher`` on its own tiktoken adapter.

Keywords that it does not implement make it refuse (``lenient=False``), white space is flexible, and
the vocabulary has the slices that it recommends for JSON. Masks are written through the pointer
call, which its numpy helper wraps.

After forced text its masks allow the canonical next token alone, although its parser takes others:
`Session.would_commit` may be true where the mask says no.
"""

from __future__ import annotations

import functools
from importlib.metadata import version

from llguidance import LLMatcher, LLTokenizer
from llguidance.tiktoken import lltokenizer_from_encoding

import grammarlib as gl
from benchmarks.masks.engines.base import EmptySchema, Mask, Options, Refused
from benchmarks.masks.vocabularies import Tokens

__all__ = ["Engine"]

_EMPTY = "Unsatisfiable schema"


class Session:
    """See ``base.Session``."""

    def __init__(self, matcher: LLMatcher, mask: Mask) -> None:
        self._matcher = matcher
        self.fill = functools.partial(
            matcher.unsafe_compute_mask_ptr, mask.ctypes.data, mask.nbytes
        )
        self.commit = matcher.consume_token

    def would_commit(self, token: int) -> bool:
        return self._matcher.validate_tokens([token]) == 1  # a refused commit ends a matcher

    def restart(self) -> None:
        if not self._matcher.reset():
            raise RuntimeError(self._matcher.get_error())

    def counts(self) -> None:
        return None


class Engine:
    """See ``base.Engine``."""

    def __init__(self, tokens: Tokens, options: Options) -> None:
        self.version = version("llguidance")
        self.notes = ("property order: declared, it has no other",)
        self.mask: Mask = gl.allocate_token_bitmask(1, len(tokens.pieces))
        self._tokenizer = lltokenizer_from_encoding(
            tokens.encoding(),
            n_vocab=len(tokens.pieces),
            eos_token=tokens.eos,
            slices=LLTokenizer.json_slices(),
        )

    def prepare(self, schema: str) -> str:
        return schema

    def compile(self, schema: str) -> Session:
        try:
            grammar = LLMatcher.grammar_from_json_schema(
                schema, overrides={"whitespace_flexible": True, "lenient": False}
            )
        except ValueError as error:  # options have no place in a schema that is true or false
            raise Refused(str(error)) from error
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0)
        if matcher.is_error():
            reason = matcher.get_error()
            raise EmptySchema(reason) if reason.startswith(_EMPTY) else Refused(reason)
        return Session(matcher, self.mask)
