"""What generation returns: the result, its counts, and the event that reports a token.

Plain frozen data, so that results can be stored and compared; no reference to a model is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Generation", "Stats", "TokenEvent"]


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of one sequence.

    Attributes
    ----------
    target_calls : int
        Forward passes of the model this sequence took part in, the prompt's included.
    drafted, accepted : int
        Tokens proposed by a drafter, and those of them that were kept.
    forced : int
        Tokens that were the only ones the grammar allowed. No forward pass is spent on choosing
        them: a run of them is scored in one pass together with the token before.
    """

    target_calls: int
    drafted: int
    accepted: int
    forced: int


@dataclass(frozen=True, slots=True)
class Generation:
    """One generated sequence.

    Attributes
    ----------
    text : str
        The generated text. Bytes of a character that was not finished are left out.
    tokens : tuple of int
        Generated token ids, ending with the end token where one was emitted.
    value : object
        The parsed JSON value, where the grammar is a JSON Schema and the text is complete, else
        None; the instance where the schema is that of a type, and None where its own validators
        refuse the text (`TypeGrammar.read` says why).
    logprob : float
        Sum of ``log P(token)`` over ``tokens``: ``P`` is the model's law at this temperature (at 1
        where that is 0), over the whole vocabulary, before mask, top-k, top-p and min-p.
    finish_reason : "stop" or "length"
        "stop" where an end token was emitted, or only end tokens could have followed.
    limit : "max_tokens", "context" or None
        Which bound cut the text off; None where ``finish_reason`` is "stop".
    stats : Stats
    captures : mapping of str to tuple of str
        What the named parts of the grammar matched (`Grammar.capture`), where the text is complete.
    """

    text: str
    tokens: tuple[int, ...]
    value: object
    logprob: float
    finish_reason: Literal["stop", "length"]
    limit: Literal["max_tokens", "context"] | None
    stats: Stats
    captures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """A token, as ``on_token`` is told of it.

    Attributes
    ----------
    row : int
        Place of its prompt in the batch; 0 for a single prompt.
    token : int
    text : str
        The characters it completed, maybe none. Over a sequence they join to ``Generation.text``.
    forced : bool
        Whether the grammar allowed no other token.
    """

    row: int
    token: int
    text: str
    forced: bool
