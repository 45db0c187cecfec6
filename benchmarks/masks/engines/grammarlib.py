"""grammarlib: ``compile`` and the matcher.

Schemas that refer to the meta-schemas of JSON Schema find them, as they do in llguidance.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import grammarlib as gl
from benchmarks.masks.engines.base import EmptySchema, Mask, Options, Refused
from benchmarks.masks.vocabularies import Tokens
from grammarlib import _core

__all__ = ["Engine"]


class Session:
    """See ``base.Session``."""

    def __init__(self, compiled: gl.CompiledGrammar, mask: Mask) -> None:
        self._core = compiled.core
        self._matcher: _core.Matcher = compiled.matcher()
        self.fill = functools.partial(self._matcher.fill_next_token_bitmask, mask)
        self.commit = self._matcher.accept_token

    def would_commit(self, token: int) -> bool:
        return self._matcher.accept_token(token)

    def restart(self) -> None:
        self._matcher.reset()

    def counts(self) -> tuple[int, int, int]:
        return self._core.mask_counts()


class Engine:
    """See ``base.Engine``."""

    def __init__(self, tokens: Tokens, options: Options) -> None:
        self.version = gl.__version__
        self.notes = (f"property order: {options.property_order}",)
        self.mask: Mask = gl.allocate_token_bitmask(1, len(tokens.pieces))
        self._options = options
        self._vocab = gl.Vocabulary.from_tokens(tokens.pieces, [tokens.eos])
        self._registry = _meta_schemas()
        assert self._vocab.core  # built on first use, which is not to be timed

    def prepare(self, schema: str) -> Any:
        return json.loads(schema)

    def compile(self, schema: Any) -> Session:
        try:
            grammar = gl.JSONSchema(
                schema, property_order=self._options.property_order, registry=self._registry
            )
            return Session(gl.compile(grammar, self._vocab), self.mask)
        except gl.EmptyLanguage as error:
            raise EmptySchema(str(error)) from error
        except gl.UnsupportedSchema as error:
            raise Refused(f"{error.keyword}: {error.reason}") from error
        except gl.GrammarlibError as error:
            raise Refused(f"{type(error).__name__}: {error}") from error


def _meta_schemas() -> Any:
    try:
        import jsonschema_specifications  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        return None
    return jsonschema_specifications.REGISTRY
