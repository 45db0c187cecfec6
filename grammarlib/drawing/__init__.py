"""Drawings of the token-level automaton, as SVG.

``graph`` turns states and edges into a graph fit for reading, ``layout`` gives its boxes places,
``svg`` writes them, ``labels`` spells bytes. Nothing outside the standard library is needed.
"""

from grammarlib.drawing.draw import Drawing, draw

__all__ = ["Drawing", "draw"]
