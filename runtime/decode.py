"""The decoding loop: a model, a compiled grammar and prompts in, sequences out.

A row looks ahead after every token: while its mask allows one token only, that token is *forced*
and taken at once. Then the model is run on everything the row has not been fed yet; the scores of
the positions passed give the forced tokens' log-probabilities, the last one the next choice. So a
forced run costs one forward pass, and the result is the same as without look-ahead (a forced token
uses no random number either way). A row that ends in forced tokens is fed once more to score them.

Invariants: every token taken was allowed by the mask and accepted by the matcher; a row's result
depends on its own prompt, its place in the batch and the seed, not on the other rows. Rows of a
batch draw from child streams of the seed, numbered by place. Finished rows leave the batch.

Cost per token beside the model: one mask, one draw (``sampling.py``), a look at the mask's words.
Rejected: accepting forced *text* (its tokens are for the model to choose, unless one is left).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from grammarlib.errors import GrammarlibError
from grammarlib.runtime.bitmask import allocate_token_bitmask, unpack_token_bitmask
from grammarlib.runtime.generation import Stats, TokenEvent
from grammarlib.runtime.protocol import CompiledProtocol, FloatArray, LanguageModel
from grammarlib.runtime.sampling import Sampling, choose, log_probability

__all__ = ["Row", "decode"]


def decode(
    model: LanguageModel,
    grammar: CompiledProtocol,
    prompts: Sequence[Sequence[int]],
    *,
    max_tokens: int,
    sampling: Sampling,
    seed: int | None = None,
    on_token: Callable[[TokenEvent], None] | None = None,
    skip_forced: bool = True,
) -> list[Row]:
    """Generate one sequence for each prompt.

    Parameters
    ----------
    model : LanguageModel
    grammar : compiled grammar
        Its vocabulary agrees with the model's.
    prompts : sequences of token ids
        None of them longer than the model's context.
    max_tokens : int
        The most tokens a row may get, end token included; at least 1.
    sampling : Sampling
    seed : int, optional
    on_token : callable, optional
        Told of every token when it is taken.
    skip_forced : bool
        Whether forced tokens are taken without a forward pass each. Changes no result.

    Returns
    -------
    list of Row
        Finished rows, in the prompts' order.
    """
    streams = np.random.SeedSequence(seed).spawn(len(prompts))
    rows = []
    for index, (prompt, stream) in enumerate(zip(prompts, streams, strict=True)):
        row = Row(index, grammar, sampling, np.random.default_rng(stream), on_token, skip_forced)
        row.start(prompt, max_tokens, model.context_length)
        rows.append(row)
    running = rows
    session = model.session(len(rows))
    while running:
        feeds = [row.feed() for row in running]
        scores = session.extend([tokens for tokens, _ in feeds], [keep for _, keep in feeds])
        for row, logits in zip(running, scores, strict=True):
            row.receive(logits)
        going = [i for i, row in enumerate(running) if row.needs_model]
        if going and len(going) < len(running):
            session.select(going)
        running = [running[i] for i in going]
    return rows


class Row:
    """One sequence: its matcher, its tokens, and what the model has still to see of them.

    Attributes
    ----------
    tokens : list of int
    text : str
    logprob : float
    finish : "stop", "length" or None
    limit : "max_tokens", "context" or None
    stats : Stats
    """

    def __init__(
        self,
        index: int,
        grammar: CompiledProtocol,
        sampling: Sampling,
        rng: np.random.Generator,
        on_token: Callable[[TokenEvent], None] | None,
        skip_forced: bool,
    ) -> None:
        vocab = grammar.vocab
        self.tokens: list[int] = []
        self.logprob = 0.0
        self.finish: Literal["stop", "length"] | None = None
        self.limit: Literal["max_tokens", "context"] | None = None
        self._index = index
        self._matcher = grammar.matcher()
        self._token_bytes = vocab.token_bytes
        self._eos_ids = vocab.eos_ids
        self._sampling = sampling
        self._rng = rng
        self._on_token = on_token
        self._skip_forced = skip_forced
        self._mask = allocate_token_bitmask(1, vocab.vocab_size)
        self._words = self._mask[0]
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pieces: list[str] = []
        self._unfed: list[int] = []
        self._unscored = 0  # forced tokens at the end of `_unfed` that have no score yet
        self._next: int | None = None  # the only allowed token, where it was not taken at once
        self._calls = 0
        self._forced = 0
        self._most = 0
        self._bound: Literal["max_tokens", "context"] = "max_tokens"

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def stats(self) -> Stats:
        return Stats(self._calls, 0, 0, self._forced)

    @property
    def needs_model(self) -> bool:
        """Whether a choice or a score is still open."""
        return self.finish is None or self._unscored > 0

    def start(self, prompt: Sequence[int], max_tokens: int, context: int | None) -> None:
        """Begin after a prompt."""
        self._unfed = list(prompt)
        self._most = max_tokens
        # The last token need not be fed, so one more fits than there are places left.
        if context is not None and (room := context + 1 - len(prompt)) < max_tokens:
            self._most, self._bound = room, "context"
        self._look_ahead()

    def feed(self) -> tuple[list[int], int]:
        """The tokens the model has to see next, and how many last positions are to be scored."""
        self._calls += 1
        if self.finish is None:
            return self._unfed, self._unscored + 1
        return self._unfed[:-1], self._unscored

    def receive(self, scores: FloatArray) -> None:
        """Take the scores asked for by `feed`: float [keep, V]."""
        temperature = self._sampling.temperature
        if self._unscored:
            forced = self._unfed[-self._unscored :]
            for logits, token in zip(scores, forced, strict=False):
                self.logprob += log_probability(logits, token, temperature)
        self._unfed = []
        self._unscored = 0
        if self.finish is not None:
            return
        logits = scores[-1]
        if self._next is not None:
            token = self._next
            self.logprob += log_probability(logits, token, temperature)
            self._take(token, forced=True)
        else:
            allowed = unpack_token_bitmask(self._words, len(logits))
            token, logprob = choose(logits, allowed, self._sampling, self._rng)
            self.logprob += logprob
            self._take(token, forced=False)
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Fill the mask for the next choice, taking forced tokens on the way."""
        self._next = None
        while self.finish is None:
            self._matcher.fill_next_token_bitmask(self._mask, 0)
            token = _only_token(self._words)
            if token is None:
                return
            if not self._skip_forced:
                self._next = token
                return
            self._unscored += 1
            self._take(token, forced=True)

    def _take(self, token: int, forced: bool) -> None:
        if not self._matcher.accept_token(token):
            raise RuntimeError(f"the mask allows token {token}, the matcher does not")
        self.tokens.append(token)
        self._unfed.append(token)
        self._forced += forced
        terminated = self._matcher.is_terminated()
        piece = ""
        if not terminated:
            piece = self._decoder.decode(self._token_bytes(token) or b"")
            self._pieces.append(piece)
        if self._on_token is not None:
            self._on_token(TokenEvent(self._index, token, piece, forced))
        if terminated or (len(self.tokens) == self._most and self._is_complete()):
            self.finish = "stop"
        elif len(self.tokens) == self._most:
            self.finish = "length"
            self.limit = self._bound

    def _is_complete(self) -> bool:
        """Whether nothing but an end token can follow."""
        if not self._matcher.is_accepting():
            return False
        self._matcher.fill_next_token_bitmask(self._mask, 0)
        allowed = np.flatnonzero(unpack_token_bitmask(self._words, 32 * len(self._words)))
        return set(allowed.tolist()) <= set(self._eos_ids)


def _only_token(words: NDArray[np.int32]) -> int | None:
    """The token of a mask that allows just one; None where it allows more.

    Raises
    ------
    GrammarlibError
        If it allows none: a dead end, which compiled grammars rule out.
    """
    count = np.count_nonzero(words)
    if count > 1:
        return None
    if count == 0:
        raise GrammarlibError("no token of the vocabulary continues the text so far")
    at = int(words.nonzero()[0][0])
    word = int(words[at]) & 0xFFFFFFFF
    if word & (word - 1):
        return None
    return 32 * at + word.bit_length() - 1
