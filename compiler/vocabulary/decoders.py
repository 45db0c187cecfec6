"""What a token adds in the middle of a text, read off a Hugging Face decoder pipeline.

A tokenizer.json ends in a *decoder*: steps that turn a list of token strings into a text. The bytes
of a token are well defined only if, at every position but the first, each step treats the token by
itself. Then ``decode(prompt + generated)`` is ``decode(prompt)`` followed by the generated tokens'
bytes, which is what a grammar is matched against. Most decoders are so; all that differ only at the
first token of a text (the leading space that SentencePiece adds and its decoders take away again)
are so for any prompt that holds text. The others are refused by name.

A pipeline is a list of *text* steps (string to string, token by token), then one *spelling* (how a
string becomes bytes), then steps that join, after which nothing may look at tokens any more.

Rejected: asking ``decode`` for the bytes of each token, which answers U+FFFD for the parts of a
character; reading the pre-tokenizer or the normalizer, which shape how text is split into tokens
and have no say in what tokens spell.
Source: the steps' behaviour in the ``tokenizers`` library, tested against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from grammarlib.compiler.vocabulary.byte_level import byte_level_bytes
from grammarlib.errors import VocabularyError

__all__ = ["Json", "token_speller"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
TextStep: TypeAlias = Callable[[str], str]
Spelling: TypeAlias = Callable[[str], bytes]

_BYTE_TOKEN = re.compile("<0x([0-9A-Fa-f]{2})>")

# WordPiece's clean-up, in its order: English written with its spaces before punctuation.
_CLEANED = (
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" do not", " don't"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
)


def token_speller(decoder: Json) -> Spelling:
    """The function from a token's string to the bytes it adds in the middle of a text.

    Parameters
    ----------
    decoder : JSON value
        The ``decoder`` of a tokenizer.json; ``None`` joins tokens by single spaces.

    Raises
    ------
    VocabularyError
        A step is unknown, or what it makes of a token depends on the tokens around it.
    """
    if decoder is None:
        return lambda token: b" " + token.encode()
    pipeline = _Pipeline()
    for step in _flattened(decoder):
        pipeline.add(step)
    return pipeline.speller()


class _Pipeline:
    """A decoder as far as it is read: text steps, then a spelling, then joining."""

    def __init__(self) -> None:
        self.text_steps: list[TextStep] = []
        self.spelling: Spelling | None = None
        self.joined = False

    def add(self, step: Mapping[str, Json]) -> None:
        kind = step.get("type")
        if kind == "Fuse":
            self.joined = True
        elif kind == "Strip":
            self._strip(step)
        elif kind == "ByteFallback":
            self._spell(kind, _byte_fallback_bytes)
        elif kind == "ByteLevel":
            self._spell(kind, byte_level_bytes)
            self.joined = True
        elif kind == "Replace":
            self._text(kind, _replace(step))
        elif kind == "Metaspace":
            self._text(kind, _metaspace(step))
        elif kind == "WordPiece":
            self._text(kind, _word_piece(step))
        elif kind == "BPEDecoder":
            raise _refused(kind, "whether a word is followed by a space depends on what follows")
        elif kind == "CTC":
            raise _refused(kind, "a token that repeats the one before it adds nothing")
        else:
            raise _refused(str(kind), "it is not known to this version")

    def speller(self) -> Spelling:
        text_steps = tuple(self.text_steps)
        spelling = self.spelling or str.encode

        def spell(token: str) -> bytes:
            for text_step in text_steps:
                token = text_step(token)
            return spelling(token)

        return spell

    def _text(self, kind: str, step: TextStep) -> None:
        if self.joined:
            raise _refused(kind, "it comes after the tokens are joined")
        if self.spelling is not None:
            raise _refused(kind, "it comes after the step that spells bytes")
        self.text_steps.append(step)

    def _spell(self, kind: str, spelling: Spelling) -> None:
        if self.joined or self.spelling is not None:
            raise _refused(kind, "it comes after the tokens are joined or spelled")
        self.spelling = spelling

    def _strip(self, step: Mapping[str, Json]) -> None:
        if step.get("stop") != 0:
            raise _refused("Strip", "what it takes off the end depends on what follows")
        if not self.joined:
            raise _refused("Strip", "it comes before the tokens are joined")
        # At the start of the whole text only, so nothing changes in its middle.


def _refused(kind: str, reason: str) -> VocabularyError:
    return VocabularyError(f"the tokenizer's decoder step {kind} is not supported: {reason}")


def _flattened(decoder: Json) -> list[Mapping[str, Json]]:
    """The pipeline's steps in order; a Sequence may hold Sequences."""
    steps: list[Mapping[str, Json]] = []
    pending = [decoder]
    while pending:
        step = pending.pop()
        if not isinstance(step, dict):
            raise VocabularyError(f"a decoder step is not an object: {step!r}")
        parts = step.get("decoders")
        if step.get("type") != "Sequence":
            steps.append(step)
        elif isinstance(parts, list):
            pending.extend(reversed(parts))
        else:
            raise VocabularyError("a decoder's Sequence has no list of decoders")
    return steps


def _text_of(step: Mapping[str, Json], key: str) -> str:
    value = step.get(key)
    if not isinstance(value, str):
        raise VocabularyError(f"the decoder step {step.get('type')} has no text {key!r}")
    return value


def _replace(step: Mapping[str, Json]) -> TextStep:
    pattern = step.get("pattern")
    old = pattern.get("String") if isinstance(pattern, dict) else None
    if not isinstance(old, str) or not old:
        raise _refused("Replace", f"only a fixed text can be replaced, not {pattern!r}")
    new = _text_of(step, "content")
    return lambda token: token.replace(old, new)


def _metaspace(step: Mapping[str, Json]) -> TextStep:
    blank = _text_of(step, "replacement")
    return lambda token: token.replace(blank, " ")


def _word_piece(step: Mapping[str, Json]) -> TextStep:
    prefix = _text_of(step, "prefix")
    cleaned = _CLEANED if step.get("cleanup") else ()

    def spell(token: str) -> str:
        text = token[len(prefix) :] if token.startswith(prefix) else " " + token
        for old, new in cleaned:
            text = text.replace(old, new)
        return text

    return spell


def _byte_fallback_bytes(token: str) -> bytes:
    byte = _BYTE_TOKEN.fullmatch(token)
    return bytes([int(byte[1], 16)]) if byte else token.encode()
