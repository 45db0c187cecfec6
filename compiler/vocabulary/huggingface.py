"""Hugging Face tokenizers: ``tokenizers.Tokenizer`` and the fast tokenizers of transformers.

What a token spells is decided by the tokenizer's own decoder (`decoders`), then checked: every
token that spells whole characters is decoded after another one by the tokenizer itself, and a
difference refuses the tokenizer. Reading 128,000 tokens takes under a second.

The text meant is that of the decoder: transformers' ``clean_up_tokenization_spaces``, which edits
English punctuation after decoding, is not applied. Tokens flagged special, and the unknown token,
never match text. Added tokens that are not special spell what the decoder makes of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, cast

from grammarlib.compiler.vocabulary.decoders import Json, token_speller
from grammarlib.compiler.vocabulary.table import TokenTable
from grammarlib.errors import VocabularyError

__all__ = ["read_huggingface"]

# Steps that store blanks and bytes under other characters; without a decoder nothing undoes them.
_ENCODING_STEPS = ("ByteLevel", "Metaspace")


class _AddedToken(Protocol):
    special: bool


class _Backend(Protocol):
    """The part of ``tokenizers.Tokenizer`` that is used."""

    def to_str(self) -> str: ...
    def id_to_token(self, id: int) -> str | None: ...
    def get_vocab(self, with_added_tokens: bool = True) -> Mapping[str, int]: ...
    def get_added_tokens_decoder(self) -> Mapping[int, _AddedToken]: ...
    def decode_batch(
        self, sequences: Sequence[Sequence[int]], skip_special_tokens: bool = True
    ) -> Sequence[str]: ...


def read_huggingface(
    tokenizer: object, eos_ids: Iterable[int] | None = None, vocab_size: int | None = None
) -> TokenTable:
    """Read a fast tokenizer; see `Vocabulary.from_huggingface`."""
    backend = _backend(tokenizer)
    state = _state(backend)
    strings = _strings(backend)
    special = {i for i, added in backend.get_added_tokens_decoder().items() if added.special}
    silent = special | _unknown_ids(state, strings)
    spell = token_speller(_decoder(state))
    tokens = [
        None if string is None or i in silent else spell(string) for i, string in enumerate(strings)
    ]
    _check(backend, tokens)
    names = {string: i for i in silent if (string := strings[i]) is not None}
    return TokenTable.make(tokens, _eos_ids(tokenizer, eos_ids), vocab_size, names)


def _backend(tokenizer: object) -> _Backend:
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not all(hasattr(backend, name) for name in ("to_str", "id_to_token", "decode_batch")):
        raise VocabularyError(
            f"{type(tokenizer).__name__} is not a fast Hugging Face tokenizer; load it with "
            "use_fast=True, or use from_sentencepiece, from_tiktoken or from_tokens"
        )
    return cast(_Backend, backend)


def _state(backend: _Backend) -> dict[str, Json]:
    try:
        state: Json = json.loads(backend.to_str())
    except Exception as error:  # a step written in Python has no state to read
        raise VocabularyError(f"the tokenizer's pipeline cannot be read: {error}") from error
    if not isinstance(state, dict):
        raise VocabularyError("the tokenizer's pipeline is not an object")
    return state


def _decoder(state: Mapping[str, Json]) -> Json:
    decoder = state.get("decoder")
    if decoder is None:
        front = json.dumps([state.get("normalizer"), state.get("pre_tokenizer")])
        for step in _ENCODING_STEPS:
            if f'"{step}"' in front:
                raise VocabularyError(f"the tokenizer has a {step} step but no decoder to undo it")
    return decoder


def _strings(backend: _Backend) -> list[str | None]:
    size = max(backend.get_vocab(with_added_tokens=True).values(), default=-1) + 1
    return [backend.id_to_token(i) for i in range(size)]


def _unknown_ids(state: Mapping[str, Json], strings: Sequence[str | None]) -> set[int]:
    """The token that stands for text the vocabulary cannot spell, so for no text in particular."""
    model = state.get("model")
    if not isinstance(model, dict):
        raise VocabularyError("the tokenizer has no model")
    by_id, by_name = model.get("unk_id"), model.get("unk_token")
    if isinstance(by_id, int):
        return {by_id}
    return {strings.index(by_name)} if isinstance(by_name, str) and by_name in strings else set()


def _eos_ids(tokenizer: object, eos_ids: Iterable[int] | None) -> Iterable[int]:
    if eos_ids is not None:
        return eos_ids
    own = getattr(tokenizer, "eos_token_id", None)
    return () if own is None else (own,)


def _check(backend: _Backend, tokens: Sequence[bytes | None]) -> None:
    """Compare with the tokenizer's own decoding, after a token that spells something visible."""
    whole: dict[int, str] = {}
    for i, token in enumerate(tokens):
        if token is not None:
            try:
                whole[i] = token.decode()
            except UnicodeDecodeError:  # part of a character: decoding alone cannot show it
                continue
    anchor = next((i for i, text in whole.items() if text.strip()), None)
    if anchor is None:
        return
    (before,) = backend.decode_batch([[anchor]], skip_special_tokens=False)
    ids = list(whole)
    texts = backend.decode_batch([[anchor, i] for i in ids], skip_special_tokens=False)
    for i, text in zip(ids, texts, strict=True):
        if text != before + whole[i]:
            raise VocabularyError(
                f"token {i} should spell {whole[i]!r} after {before!r}, but the tokenizer "
                f"decodes {text!r}"
            )
