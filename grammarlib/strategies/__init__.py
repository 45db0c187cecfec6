"""Hypothesis strategies of texts: in a grammar's language, just outside of it, and as tokens.

``from_grammar`` derives texts from the grammar's productions, so that failures shrink to small
texts; ``near_misses`` edits derived texts until the engine says that one is outside;
``token_sequences`` cuts derived texts into tokens at random. Nothing is ever rejected: no draw is
filtered, and no health check of Hypothesis is at risk.

Coverage: choices are uniform over the alternatives of a place, however many texts each has, and
every production can be drawn (see ``derivation`` for how a text's size is bounded and divided).

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
