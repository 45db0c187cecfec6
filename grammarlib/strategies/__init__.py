"""Hypothesis strategies of texts: in a grammar's language, just outside of it, and as tokens.

``from_grammar`` derives texts from the grammar's productions, so that failures shrink to small
texts; ``near_misses`` edits derived texts until the engine says that one is outside;
``token_sequences`` cuts derived texts into tokens at random. Nothing is ever rejected: no draw is
filtered, and no health check of Hypothesis is at risk.

Coverage: choices are uniform over the alternatives of a place, however many texts each has, and
every production can be drawn (see ``derivation`` for how a text's size is bounded and divided).
Rejected: ``hypothesis.target`` on the productions in a text, or on those not seen before. On 28
schemas fresh draws reached 99% of all productions in 400 texts, and targeted ones fewer (of a
schema with 1,737, fresh draws 1,366, targeted ones 1,210 and 1,098): the search spends its texts
near the best one so far.

Needs Hypothesis, which ``import grammarlib`` does not: ``pip install "grammarlib[hypothesis]"``.
"""

from __future__ import annotations

try:
    import hypothesis as _hypothesis  # noqa: F401
except ImportError as error:
    raise ImportError(
        "grammarlib.strategies needs Hypothesis, which is not installed: "
        'pip install "grammarlib[hypothesis]"'
    ) from error

from grammarlib.strategies.public import from_grammar, near_misses, token_sequences

__all__ = ["from_grammar", "near_misses", "token_sequences"]
