"""A mask fills its own row, all of it, and nothing else."""

from __future__ import annotations

import numpy as np

from grammarlib.testing.position import Position

__all__ = ["padding_is_zero"]


def padding_is_zero(at: Position) -> None:
    """Bits at and above ``vocab_size`` come out zero, whatever stood there; other rows stay.

    It is so with words to spare, and the mask of a wider row is the same.
    """
    wide = np.full((3, at.pieces.words + 1), -1, dtype=np.int32)
    at.matcher().fill_next_token_bitmask(wide, row=1)
    at.expect(bool((wide[[0, 2]] == -1).all()), "another row of the array is written")
    at.expect(int(wide[1, -1]) == 0, "a word beyond the vocabulary is not zero")
    beyond = [token for token in at.allowed if token >= at.pieces.size]
    at.expect(not beyond, f"bits beyond the vocabulary are set: {beyond[:8]}")
    same = wide[1, :-1].tobytes() == at.here.mask
    at.expect(same, "a row that held ones, with a word to spare, gets another mask")
