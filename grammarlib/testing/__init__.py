"""Property tests of compiled grammars: the laws that masks, acceptance and rollback obey.

``assert_laws`` checks a compiled grammar against its vocabulary; each law is a function in
``grammarlib.testing.laws``, short enough to be read as the specification. It works through the
public methods alone, so it also judges an engine of another make, or a wrapper around one.

Needs Hypothesis, which is imported when a law is first checked.
"""

from __future__ import annotations

from grammarlib.testing.check import assert_laws, check_laws
from grammarlib.testing.laws import LAWS
from grammarlib.testing.position import LawBroken, Position, View
from grammarlib.testing.subject import Compiled, Matcher, Vocabulary

__all__ = [
    "LAWS",
    "Compiled",
    "LawBroken",
    "Matcher",
    "Position",
    "View",
    "Vocabulary",
    "assert_laws",
    "check_laws",
]
