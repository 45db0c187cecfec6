"""``PrefixMasks``: the mask of a row of token ids, found by what the row says.

For decoding loops that tell a processor nothing but token ids: no beginning, no end, no row's
history. So what is known belongs to the token *prefix*, never to the row's place; a table leads
from a digest of a row to it.

- A row that was seen before has its mask in the table.
- A row whose last token alone is new extends the row without it: one ``accept_token``.
- Any other row begins a text. Its prompt is all of it, or what ``prompt_length`` says.

A row is *over* after an end token, and after a token that the grammar refuses. Over it stays, and
end tokens are all that it is allowed.

Without ``prompt_length`` a second prompt that is the first and one token more looks like a text
under way. Where the grammar refuses that token in every row of a call, and never saw those rows
before, they are taken for prompts: a search always has a row that is allowed.

Memory. Prefixes: the last 1,024 asked for, or eight for each row of a call; each holds its mask,
V/8 bytes. All prefixes of a text share one matcher, which stands at the longest; a branch forks it
and rolls back. The last 16 matchers are kept, or two for each row; a text whose matcher is gone is
read again when it is needed. Whatever a row extends was asked for by one of the last calls, so it
is there: a draft of 500 tokens is not too long.

Cost of a call: the rows are compared with those of the call before (or hashed, 1 µs for a hundred
tokens), one accept and one mask for each new prefix.

Rejected: a state for each row (wrong as soon as rows move); a trie of tokens (a walk of the whole
text in Python for each row and call); a matcher for each prefix (a matcher holds 25 bytes for each
byte of its text); remembering how long prompts are (a second generation looks like the first one
going on).
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammarlib._core import Matcher
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.runtime.bitmask import allocate_token_bitmask, fill_next_token_bitmask_batch

__all__ = ["PrefixMasks"]

_PREFIXES = 1024
_MATCHERS = 16


@dataclass(slots=True, eq=False)
class _Reading:
    """A matcher and the number of tokens it has read; None where it was dropped."""

    matcher: Matcher | None
    length: int = 0


@dataclass(slots=True, eq=False)
class _Prefix:
    """What is known of a row.

    Attributes
    ----------
    hasher : digest of the row, open for further tokens
    length : int
        Tokens of the text, the prompt left out.
    reading : _Reading or None
        What has read the text, and maybe more; None where the row is over.
    mask : int32 array [W]
        Right from the end of the call that made the prefix.
    refused : bool
        Whether the grammar refused the last token.
    call : int
        The call that made it.
    """

    hasher: hashlib.blake2b
    length: int
    reading: _Reading | None
    mask: NDArray[np.int32]
    refused: bool
    call: int


class PrefixMasks:
    """Masks of rows under one grammar.

    Parameters
    ----------
    compiled : CompiledGrammar
    prompt_length : int, optional
        Tokens of a row before its text.
    """

    def __init__(self, compiled: CompiledGrammar, prompt_length: int | None = None) -> None:
        vocab = compiled.vocab
        self._compiled = compiled
        self._prompt_length = prompt_length
        self._vocab_size = vocab.vocab_size
        self._only_ends = np.zeros_like(allocate_token_bitmask(1, vocab.vocab_size)[0])
        for token in vocab.eos_ids:
            self._only_ends.view(np.uint32)[token // 32] |= np.uint32(1 << token % 32)
        self.reset()

    def reset(self) -> None:
        """Forget every row."""
        self._prefixes: OrderedDict[bytes, _Prefix] = OrderedDict()
        self._readings: OrderedDict[_Reading, None] = OrderedDict()
        self._call = 0
        self._last_ids = np.empty((0, 0), np.int64)
        self._last_rows: list[_Prefix] = []

    def masks(self, ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """The masks of rows.

        Parameters
        ----------
        ids : int64 array [B, T]
            Contiguous; kept until the next call, so it must not change.

        Returns
        -------
        int32 array [B, ceil(V/32)]

        Raises
        ------
        ValueError
            If the rows are shorter than ``prompt_length``.
        """
        batch, width = ids.shape
        if self._prompt_length is not None and width < self._prompt_length:
            raise ValueError(f"rows of {width} tokens have no prompt of {self._prompt_length}")
        self._call += 1
        rows = [self._find(row, *head) for row, head in zip(ids, self._heads(ids), strict=True)]
        if self._prompt_length is None and all(
            row.refused and row.call == self._call for row in rows
        ):
            for row in dict.fromkeys(rows):
                self._begin(row, ids[0, :0])
        self._fill(rows)
        self._last_ids, self._last_rows = ids, rows
        self._forget(batch)
        return np.stack([row.mask for row in rows])

    def _heads(self, ids: NDArray[np.int64]) -> list[tuple[hashlib.blake2b, _Prefix | None]]:
        """Each row without its last token: its digest, and what is known of it."""
        before = ids[:, :-1]
        if ids.shape[1] and np.array_equal(before, self._last_ids):
            return [(row.hasher, row) for row in self._last_rows]
        heads = []
        for row in before:
            hasher = hashlib.blake2b(row.data, digest_size=16)
            heads.append((hasher, self._prefixes.get(hasher.digest())))
        return heads

    def _find(
        self, row: NDArray[np.int64], before: hashlib.blake2b, head: _Prefix | None
    ) -> _Prefix:
        hasher = before.copy()
        hasher.update(row[-1:].data)
        digest = hasher.digest()
        prefix = self._prefixes.get(digest)
        if prefix is not None:
            self._prefixes.move_to_end(digest)
            return prefix
        prefix = _Prefix(hasher, 0, None, self._only_ends, False, self._call)
        if head is None:
            start = len(row) if self._prompt_length is None else self._prompt_length
            self._begin(prefix, row[start:])
        else:
            prefix.length = head.length + 1
            if head.reading is not None:
                text = row[len(row) - 1 - head.length : len(row) - 1]
                head.reading = self._standing_at(head.reading, text)
                self._accept(prefix, head.reading, int(row[-1]))
        self._prefixes[digest] = prefix
        return prefix

    def _begin(self, prefix: _Prefix, text: NDArray[np.int64]) -> None:
        """Make a prefix a text of its own."""
        prefix.length = len(text)
        prefix.refused = False
        prefix.reading = reading = self._keep(_Reading(self._compiled.matcher()))
        for token in text.tolist():
            prefix.reading = None
            self._accept(prefix, reading, token)
            if prefix.reading is None:
                return

    def _standing_at(self, reading: _Reading, text: NDArray[np.int64]) -> _Reading:
        """A reading of a text and no more, from one that has read it."""
        if reading.matcher is None:
            matcher = self._compiled.matcher()
            for token in text.tolist():
                matcher.accept_token(token)
            return self._keep(_Reading(matcher, len(text)))
        if reading.length > len(text):
            matcher = reading.matcher.fork()
            matcher.rollback(reading.length - len(text))
            return self._keep(_Reading(matcher, len(text)))
        return self._keep(reading)

    def _accept(self, prefix: _Prefix, reading: _Reading, token: int) -> None:
        """Let a prefix follow what was read, by one token; it stays over where that ends it."""
        matcher = reading.matcher
        assert matcher is not None  # it stands at the prefix's head
        if not (0 <= token < self._vocab_size and matcher.accept_token(token)):
            prefix.refused = True
            return
        reading.length += 1
        if not matcher.is_terminated():
            prefix.reading = reading

    def _keep(self, reading: _Reading) -> _Reading:
        self._readings[reading] = None
        self._readings.move_to_end(reading)
        return reading

    def _fill(self, rows: list[_Prefix]) -> None:
        """Give the new prefixes their masks; no reading has gone past its prefix yet."""
        new = {row: row.reading.matcher for row in rows if row.call == self._call and row.reading}
        if not new:
            return
        masks = allocate_token_bitmask(len(new), self._vocab_size)
        fill_next_token_bitmask_batch([matcher for matcher in new.values() if matcher], masks)
        for row, mask in zip(new, masks, strict=True):
            row.mask = mask.copy()  # a view would hold all of them

    def _forget(self, batch: int) -> None:
        while len(self._prefixes) > max(_PREFIXES, 8 * batch):
            self._prefixes.popitem(last=False)
        while len(self._readings) > max(_MATCHERS, 2 * batch):
            self._readings.popitem(last=False)[0].matcher = None
