"""The vocabularies that engines are measured with, and the tokenizer that spells the instances.

Every engine gets the same ids: texts are split once, by tiktoken with the pattern published for the
vocabulary, in the process that hands out the work.
"""

from __future__ import annotations

import base64
import json
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Tokens", "byte_tokens", "find", "llama3", "tekken"]

_LLAMA3_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A vocabulary as plain data, which crosses to other processes.

    Attributes
    ----------
    name : str
    pieces : tuple of (bytes or None)
        What each id adds to the text; ``None`` for special ones.
    eos : int
        The one id that ends a text.
    pattern : str
        How text is split before pairs are merged; ranks are the ids.
    """

    name: str
    pieces: tuple[bytes | None, ...]
    eos: int
    pattern: str

    def encoding(self) -> Any:
        """Return the ``tiktoken.Encoding``."""
        import tiktoken

        ranks = {piece: i for i, piece in enumerate(self.pieces) if piece is not None}
        special = {f"<|special_{i}|>": i for i, piece in enumerate(self.pieces) if piece is None}
        return tiktoken.Encoding(
            self.name, pat_str=self.pattern, mergeable_ranks=ranks, special_tokens=special
        )


def llama3(path: Path) -> Tokens:
    """Llama 3 out of its file of base64 byte strings: 128,256 ids, the last 256 special."""
    with lzma.open(path) as lines:
        pieces = tuple(base64.b64decode(line.split()[0]) for line in lines)
    return Tokens("llama3", pieces + (None,) * 256, len(pieces) + 9, _LLAMA3_PATTERN)


def tekken() -> Tokens:
    """Mistral's Tekken, as mistral-common ships it: 131,072 ids, the first thousand special."""
    import mistral_common

    file = Path(mistral_common.__file__).parent / "data" / "tekken_240911.json"
    model = json.loads(file.read_text())
    config = model["config"]
    special = config["default_num_special_tokens"]
    ordinary = model["vocab"][: config["default_vocab_size"] - special]
    pieces = tuple(base64.b64decode(entry["token_bytes"]) for entry in ordinary)
    return Tokens("tekken", (None,) * special + pieces, 2, config["pattern"])


def byte_tokens() -> Tokens:
    """Single bytes and an end: quick to build, for counting verdicts rather than time."""
    return Tokens("bytes", (*(bytes([i]) for i in range(256)), None), 256, r"(?s:.)")


def find(name: str, shared: Path) -> Tokens:
    """Return the vocabulary of a name; ``"auto"`` is Llama 3 where its file is, else Tekken.

    Raises
    ------
    FileNotFoundError, ModuleNotFoundError
        The vocabulary is not there.
    """
    file = shared / "llama3.tiktoken.xz"
    if name == "auto":
        name = "llama3" if file.exists() else "tekken"
    if name == "llama3":
        return llama3(file)
    return tekken() if name == "tekken" else byte_tokens()
