"""Entity linking over a given text, and closed triplets over given names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from grammarlib.arguments import choice, instance, whole
from grammarlib.choice import Choice
from grammarlib.grammar import Grammar, Program, grammar_of
from grammarlib.library.words import any_of, names, separated
from grammarlib.substring import Substring, stretches

__all__ = ["entity_links", "triplets"]

_FORMATS = ("lines", "json")


def entity_links(
    text: str,
    entities: Iterable[str],
    *,
    format: str = "lines",
    min: int = 0,
    max: int | None = None,
) -> Grammar:
    r"""A list of stretches of a text, each with one of some entities.

    ``"lines"``: the stretch, a tab, the entity and ``\n`` for each; stretches hold no tab and no
    line break then. ``"json"``: ``[{"span": "...", "entity": "..."}, ...]``, with one blank after
    each comma and colon, and with escapes where JSON needs them, as Python's ``json`` writes them
    (``ensure_ascii=False``).

    Parameters
    ----------
    text : str
        The document.
    entities : iterable of str
        Names or ids of entities; for ``"lines"`` without tabs and line breaks.
    format : {"lines", "json"}
        How the list is written.
    min, max : int
        How many links, at least and at most; ``None``: any number.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> links = gl.library.entity_links("Ada met Charles.", ["Q7259", "Q46633"])
    >>> compiled = gl.compile(links, vocab)
    >>> compiled.matcher().accept_bytes(b"Ada\tQ7259\nCharles\tQ46633\n")
    True
    >>> compiled.matcher().accept_bytes(b"Bob\t")
    False
    """
    instance("text", text, str, "a str")
    choice("format", format, _FORMATS)
    least = whole("min", min, 0)
    most = None if max is None else whole("max", max, least)
    if format == "lines":
        known = Choice(names("entities", entities, r"[^\t\n\r]+"))
        pieces = [piece for piece in re.split("[\\t\\n\\r]", text) if piece]
        if not pieces:
            raise ValueError("text must hold something but tabs and line breaks")
        span = any_of(map(Substring, dict.fromkeys(pieces)))
        return (span + "\t" + known + "\n").repeat(least, most)
    quoted = Choice(_quoted(name) for name in names("entities", entities))
    link = '{"span": "' + _escaped(text) + '", "entity": ' + quoted + "}"
    return "[" + separated(link, ", ", least, most) + "]"


def triplets(
    entities: Iterable[str],
    relations: Iterable[str],
    *,
    separator: str = "\t",
    end: str = "\n",
    min: int = 0,
    max: int | None = None,
) -> Grammar:
    r"""A list of subject, relation and object, all of closed sets, each ended by ``end``.

    For closed information extraction: a million names of entities are one set in the compiled
    grammar, which takes a few seconds and some hundred megabytes.

    Parameters
    ----------
    entities : iterable of str
        The names of subjects and objects.
    relations : iterable of str
        The names of relations.
    separator, end : str
        What stands between the three, and what ends each triplet. No name may hold one of them.
    min, max : int
        How many triplets, at least and at most; ``None``: any number.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> facts = gl.library.triplets(["Ada", "London"], ["born in", "died in"])
    >>> compiled = gl.compile(facts, vocab)
    >>> compiled.matcher().accept_bytes(b"Ada\tborn in\tLondon\n")
    True
    >>> compiled.matcher().accept_bytes(b"Ada\tLondon")
    False
    """
    for name, value in (("separator", separator), ("end", end)):
        instance(name, value, str, "a str")
        if not value:
            raise ValueError(f"{name} must not be empty")
    least = whole("min", min, 0)
    most = None if max is None else whole("max", max, least)
    known, between = names("entities", entities), names("relations", relations)
    for name in (*known, *between):
        if separator in name or end in name:
            raise ValueError(f"the name {name!r} holds the separator or the end")
    entity = Choice(known)
    triplet = entity + separator + Choice(between) + separator + entity + end
    return grammar_of(triplet).repeat(least, most)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _escaped(text: str) -> Grammar:
    """Stretches of a text as they stand in a JSON string: no escape is cut."""
    from grammarlib.compiler.regex.program import automaton

    if not text:
        raise ValueError("text must not be empty")
    text.encode()  # a lone surrogate has no bytes: UnicodeEncodeError says where
    return Program("span", automaton(stretches(text, lambda c: _quoted(c)[1:-1])))
