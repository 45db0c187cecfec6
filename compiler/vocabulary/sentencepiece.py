"""SentencePiece models: a processor, or the bytes or path of a ``.model`` file.

A piece spells itself with ``▁`` as a blank, a byte piece ``<0xNN>`` spells its byte; control and
unknown pieces never match text. Decoding drops a blank at the start of a text only, so in its
middle every piece adds the same bytes. A model with a denormalizer rewrites the decoded text as a
whole and is refused.
Source: Kudo & Richardson 2018, and the library's decoding, against which this is tested.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from grammarlib.arguments import shown
from grammarlib.compiler.vocabulary.table import TokenTable
from grammarlib.errors import VocabularyError

__all__ = ["SentencePieceModel", "read_sentencepiece"]

_BLANK = "▁"
_DENORMALIZER_SPEC = 5  # field of ModelProto
_PRECOMPILED_CHARSMAP = 2  # field of NormalizerSpec: the rules themselves


class SentencePieceModel(Protocol):
    """The part of ``sentencepiece.SentencePieceProcessor`` that is used."""

    def get_piece_size(self) -> int: ...
    def id_to_piece(self, id: int) -> str: ...
    def is_control(self, id: int) -> bool: ...
    def is_unknown(self, id: int) -> bool: ...
    def is_unused(self, id: int) -> bool: ...
    def is_byte(self, id: int) -> bool: ...
    def eos_id(self) -> int: ...
    def serialized_model_proto(self) -> bytes: ...


def read_sentencepiece(
    model: SentencePieceModel | bytes | str | os.PathLike[str],
    eos_ids: Iterable[int] | None = None,
    vocab_size: int | None = None,
) -> TokenTable:
    """Read a model; see `Vocabulary.from_sentencepiece`."""
    processor = _processor(model)
    if not processor.get_piece_size():  # what the library makes of an empty model
        raise VocabularyError("not a readable SentencePiece model: it has no pieces")
    _refuse_denormalizer(processor.serialized_model_proto())
    tokens = [_spelling(processor, i) for i in range(processor.get_piece_size())]
    if eos_ids is None:
        own = processor.eos_id()
        eos_ids = () if own < 0 else (own,)
    names = {processor.id_to_piece(i): i for i in range(len(tokens)) if processor.is_control(i)}
    return TokenTable.make(tokens, eos_ids, vocab_size, names)


def _processor(model: SentencePieceModel | bytes | str | os.PathLike[str]) -> SentencePieceModel:
    if not isinstance(model, (bytes, str, os.PathLike)):
        if not all(hasattr(model, name) for name in ("id_to_piece", "serialized_model_proto")):
            raise VocabularyError(f"{type(model).__name__} is no SentencePiece model")
        return model
    from sentencepiece import SentencePieceProcessor

    try:
        if isinstance(model, bytes):
            processor = SentencePieceProcessor(model_proto=model)
        else:
            processor = SentencePieceProcessor(model_file=os.fspath(model))
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        raise VocabularyError(f"not a readable SentencePiece model: {shown(model)}") from error
    return cast(SentencePieceModel, processor)


def _spelling(processor: SentencePieceModel, i: int) -> bytes | None:
    if processor.is_control(i) or processor.is_unknown(i) or processor.is_unused(i):
        return None
    piece = processor.id_to_piece(i)
    if processor.is_byte(i):
        return bytes([int(piece[3:5], 16)])  # <0xNN>
    return piece.replace(_BLANK, " ").encode()


def _refuse_denormalizer(model: bytes) -> None:
    for field, denormalizer in _fields(model):
        if field == _DENORMALIZER_SPEC:
            for inner, rules in _fields(denormalizer):
                if inner == _PRECOMPILED_CHARSMAP and rules:
                    raise VocabularyError(
                        "the SentencePiece model has a denormalizer, which rewrites decoded text"
                    )


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a Protocol Buffers message, others skipped."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 2:
            length, at = _varint(message, at)
            yield key >> 3, message[at : at + length]
            at += length
        elif kind == 0:
            _, at = _varint(message, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise VocabularyError("not a readable SentencePiece model: a field of unknown kind")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise VocabularyError("not a readable SentencePiece model: it ends inside a number")
