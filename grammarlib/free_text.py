"""Free text around a grammar: texts that contain something, and what follows a trigger."""

from __future__ import annotations

from grammarlib.arguments import instance
from grammarlib.grammar import Characters, Grammar, Part, Text, grammar_of
from grammarlib.schema import JSONSchema
from grammarlib.token import Token

__all__ = ["JSON", "after", "any_text", "contains"]

_ANY = Characters([(0, 0x10FFFF)])


def any_text() -> Grammar:
    """Every text."""
    return _ANY.repeat()


def contains(part: Part) -> Grammar:
    """Texts in which a text of a grammar stands somewhere.

    Parameters
    ----------
    part : Grammar or str
        What is wanted; with a regular one, the result may stand under ``&`` and ``~``.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> polite = gl.contains("please") & ~gl.contains("now")
    """
    return any_text() + grammar_of(part) + any_text()


def after(trigger: str | Token, grammar: Part) -> Grammar:
    """Free text up to a trigger, then the grammar.

    Parameters
    ----------
    trigger : str or Token
        The first place where it stands ends the free text. Where it is one special token of the
        vocabulary, without a text, say ``gl.Token(trigger)``.
    grammar : Grammar or str
        What follows, up to the end.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> answer = gl.after("</think>", gl.JSONSchema({"type": "integer"}))
    """
    return until(trigger) + grammar_of(grammar)


def until(trigger: str | Token) -> Grammar:
    """Free text that ends with the first place of a trigger, which is part of it."""
    if isinstance(trigger, Token):
        return (~trigger).repeat() + trigger
    instance("trigger", trigger, str, "a str or a Token")
    if not trigger:
        raise ValueError("an empty trigger stands everywhere")
    further = any_text() + Text(trigger) + _ANY.repeat(1)
    return (any_text() + Text(trigger)) & ~further


def JSON() -> JSONSchema:  # noqa: N802 - named like the classes beside it
    """Every JSON text."""
    return JSONSchema(True)
