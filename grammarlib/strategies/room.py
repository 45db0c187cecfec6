"""How many bytes choices may still add to the smallest text."""

from __future__ import annotations

from grammarlib.strategies.productions import Productions

__all__ = ["Room"]


class Room:
    """What is left of the bytes of one text.

    Parameters
    ----------
    productions : Productions
        Which tell the sizes of values.
    left : int
        Bytes.
    """

    def __init__(self, productions: Productions, left: int) -> None:
        self._productions = productions
        self.left = left

    def afford(self, state: int, beside: int) -> bool:
        """Pay for something that need not be there, if there is room."""
        size = self._productions.size(state)
        if size is None or size + beside > self.left:
            return False
        self.left -= size + beside
        return True
