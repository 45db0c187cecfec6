"""Every error the library raises on purpose, under one root.

Each error names the *place* of the fault (a JSON pointer, a line and column, a limit), because a
refusal that does not say where is no better than a crash. Fields are attributes, so that callers
need not parse messages. Rejected: plain ``ValueError`` with a text, which cannot be caught apart.
"""

from __future__ import annotations

__all__ = [
    "CompileBudgetExceeded",
    "EmptyLanguage",
    "GrammarSyntaxError",
    "GrammarlibError",
    "Incomplete",
    "InvalidSchema",
    "InvalidValue",
    "PromptTooLong",
    "StaleState",
    "UnsupportedGrammar",
    "UnsupportedPattern",
    "UnsupportedSchema",
    "VocabularyError",
]


_LONGEST_POINTER = 600


class GrammarlibError(Exception):
    """Root of all errors raised on purpose by this library."""

    def __str__(self) -> str:
        # Schemas and patterns may hold lone surrogates, which no terminal or log can take.
        return super().__str__().encode(errors="backslashreplace").decode()


def _place(pointer: str) -> str:
    """A JSON pointer in a message; the attribute keeps all of it."""
    if len(pointer) > _LONGEST_POINTER:
        half = _LONGEST_POINTER // 2
        return f"{pointer[:half]} ... {pointer[-half:]}"
    return pointer or "(root)"


class UnsupportedSchema(GrammarlibError):
    """A schema asserts something that is not enforced, so it is refused by name.

    Parameters
    ----------
    pointer : str
        JSON pointer (RFC 6901) of the keyword within the schema document.
    keyword : str
        The keyword that is refused.
    reason : str
        Why.
    """

    def __init__(self, pointer: str, keyword: str, reason: str) -> None:
        self.pointer = pointer
        self.keyword = keyword
        self.reason = reason
        super().__init__(f"unsupported schema at {_place(pointer)}: {keyword}: {reason}")


class InvalidSchema(GrammarlibError):
    """The schema itself is malformed: a keyword has a value the specification forbids."""

    def __init__(self, pointer: str, reason: str) -> None:
        self.pointer = pointer
        self.reason = reason
        super().__init__(f"invalid schema at {_place(pointer)}: {reason}")


class GrammarSyntaxError(GrammarlibError):
    """A grammar or pattern text cannot be parsed; ``line`` and ``column`` count from 1."""

    def __init__(self, message: str, line: int, column: int, text: str) -> None:
        self.message = message
        self.line = line
        self.column = column
        self.text = text
        lines = text.split("\n")
        shown = lines[line - 1] if 0 < line <= len(lines) else ""
        start = max(0, column - 1 - 60)
        excerpt = shown[start : start + 120]
        caret = " " * (column - 1 - start) + "^"
        super().__init__(f"line {line}, column {column}: {message}\n  {excerpt}\n  {caret}")


class UnsupportedPattern(GrammarlibError):
    """A well-formed pattern uses a construct that is not enforced exactly, so it is refused.

    Parameters
    ----------
    reason : str
        The construct, and why it is refused.
    position : int
        Index of the construct in the pattern, counted in code points from 0.
    pattern : str
        The whole pattern.
    """

    def __init__(self, reason: str, position: int, pattern: str) -> None:
        self.reason = reason
        self.position = position
        self.pattern = pattern
        start = max(0, position - 30)
        super().__init__(
            f"unsupported pattern: {reason} at position {position}: {pattern[start : start + 60]!r}"
        )


class UnsupportedGrammar(GrammarlibError):
    """A well-formed grammar asks for what is not enforced exactly, so it is refused.

    Parameters
    ----------
    reason : str
        What, and why it is refused.
    place : str
        The rule, the operator, or the line and column.
    """

    def __init__(self, reason: str, place: str) -> None:
        self.reason = reason
        self.place = place
        super().__init__(f"unsupported grammar at {_place(place)}: {reason}")


class EmptyLanguage(GrammarlibError):
    """Nothing satisfies the grammar; ``path`` says which part of it is empty."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"the language is empty: {_place(path)}")


class StaleState(GrammarlibError):
    """A state was asked about where it means nothing; ``state`` is its id.

    The caches it lived in were dropped, or it is of another grammar.
    """

    def __init__(self, state: int) -> None:
        self.state = state
        super().__init__(
            f"state {state} is of caches that were dropped since, or of another grammar; "
            "ask for states() again"
        )


class CompileBudgetExceeded(GrammarlibError):
    """A construction outgrew its budget; ``limit`` names the budget and its size."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(f"compile budget exceeded: {limit}")


class Incomplete(GrammarlibError):
    """Generation stopped before the text was complete.

    Parameters
    ----------
    partial : str
        The text so far: a prefix of some member of the language.
    reason : str
        ``"max_tokens"`` or ``"context"``.
    """

    def __init__(self, partial: str, reason: str) -> None:
        self.partial = partial
        self.reason = reason
        what = {"max_tokens": "max_tokens was reached", "context": "the model's context is full"}
        super().__init__(f"incomplete: {what.get(reason, reason)} after {len(partial)} characters")


class InvalidValue(GrammarlibError):
    """A generated text satisfies the schema of a Python type, but the type refuses its value.

    Parameters
    ----------
    text : str
        The text.
    reason : str
        What the type's validators say, and where.
    """

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"the text satisfies the schema, but its value is refused: {reason}")


class PromptTooLong(GrammarlibError):
    """The prompt alone exceeds the model's context."""

    def __init__(self, prompt_tokens: int, context: int) -> None:
        self.prompt_tokens = prompt_tokens
        self.context = context
        super().__init__(
            f"the prompt has {prompt_tokens} tokens, the model's context holds {context}"
        )


class VocabularyError(GrammarlibError):
    """A tokenizer cannot be turned into a vocabulary (no end token, unreadable pieces, ...)."""
