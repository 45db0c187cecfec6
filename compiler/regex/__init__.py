"""Regular expressions as byte programs for the core: a shared syntax tree, and dialects.

``search_program`` and ``fullmatch_program`` compile ECMA-262 patterns, ``python`` reads those of
Python's ``re``; ``program`` holds the combinators with which other languages (formats, number
spellings) are written directly.
"""

from __future__ import annotations

from grammarlib.compiler.regex.ecma import fullmatch_program, search_program
from grammarlib.compiler.regex.errors import UnsupportedPattern

__all__ = ["UnsupportedPattern", "fullmatch_program", "search_program"]
