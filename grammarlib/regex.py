"""``Regex``: a grammar given by a regular expression.

A value, made once and never changed. Making it parses the pattern, so that what is wrong with it is
said here; its language is worked out by :func:`grammarlib.compile`.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal

from grammarlib.arguments import choice, instance, whole
from grammarlib.grammar import Grammar

__all__ = ["Regex"]

_DIALECTS: Final = ("python", "ecma")
_ECMA_FLAGS: Final = "imsu"


@dataclass(frozen=True)
class Regex(Grammar):
    r"""The texts that a regular expression matches.

    Parameters
    ----------
    pattern : str
        The regular expression. Back-references are refused, and in Python's dialect choices by
        whether a group matched.
    dialect : {"python", "ecma"}
        Whose pattern it is: that of Python's ``re`` (for text, as the running Python has it), or
        that of ECMA-262 with the ``u`` flag, as JSON Schema uses it.
    flags : int or str
        In Python's dialect those of ``re``, such as ``re.IGNORECASE | re.VERBOSE``; in ECMA-262's
        letters out of ``i``, ``m``, ``s`` and ``u``.
    search : bool
        False: the pattern matches the whole text. True: it matches somewhere in it.

    Raises
    ------
    TypeError, ValueError
        If an option is not one of those above.
    GrammarSyntaxError
        If the pattern is malformed; the error tells the line and the column.
    UnsupportedPattern
        If it uses a construct that is refused.
    CompileBudgetExceeded
        If it is too long, nests too deeply, or repeats too often.

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.from_tokens([b"1", b"2", b"-", b"<end>"], eos_ids=[3])
    >>> matcher = gl.compile(gl.Regex(r"\d{4}-\d\d"), vocab).matcher()
    >>> matcher.accept_bytes(b"2112-12"), matcher.is_accepting()
    (True, True)
    """

    pattern: str
    _: KW_ONLY
    dialect: Literal["python", "ecma"] = "python"
    flags: int | str = 0
    search: bool = False

    def __post_init__(self) -> None:
        instance("pattern", self.pattern, str, "a str")
        choice("dialect", self.dialect, _DIALECTS)
        instance("search", self.search, bool, "a bool")
        if self.dialect == "python":
            object.__setattr__(self, "flags", _python_flags(self.flags))
        else:
            object.__setattr__(self, "flags", _ecma_flags(self.flags))
        self.program()

    def program(self) -> bytes:
        """Return the regex program of the texts (``grammarlib.compiler.regex.program``)."""
        from grammarlib.compiler.regex import ecma, lower, python
        from grammarlib.compiler.regex.emit import emit

        if isinstance(self.flags, int):
            node = python.parse(self.pattern, self.flags)
        else:
            node = ecma.parse(self.pattern, self.flags)
        return emit(lower.search(node) if self.search else lower.fullmatch(node))


def _python_flags(flags: object) -> int:
    from grammarlib.compiler.regex.python import FLAGS

    number = whole("flags", flags, 0)
    if number & ~FLAGS:
        raise ValueError(f"flags has others than {FLAGS!r}: {re.RegexFlag(number)!r}")
    return number


def _ecma_flags(flags: object) -> str:
    if flags == 0 and not isinstance(flags, bool):
        return ""
    instance("flags", flags, str, "a str of flags")
    letters = str(flags)
    if set(letters) - set(_ECMA_FLAGS) or len(set(letters)) < len(letters):
        raise ValueError(f"flags must be letters out of {_ECMA_FLAGS!r}, each once: {letters!r}")
    return letters
