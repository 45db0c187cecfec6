"""Elements with matching tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grammarlib.grammar import Grammar, rule
from grammarlib.library.words import any_of, names
from grammarlib.regex import Regex

__all__ = ["tags"]

NAME = "[A-Za-z_][A-Za-z0-9_.-]*"
# The characters of XML 1.0 but for < and &; a text holds no > either, so never "]]>".
_CHARACTERS = "\\t\\n\\x20-\\x25\\x27-\\x3b\\x3d\\x3f-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff"
_ENTITY = "&(?:amp|lt|gt|quot|apos);"


def tags(
    elements: Iterable[str] | Mapping[str, Iterable[str]], *, void: Iterable[str] = ()
) -> Grammar:
    """One element of some names, with elements and text inside; each end tag has its start's name.

    ``<name a="...">...</name>``. In text and in attributes ``<`` and ``&`` are written ``&lt;`` and
    ``&amp;``, in text also ``>`` as ``&gt;``; the entities are these, ``&quot;`` and ``&apos;``.
    Every text is a well-formed XML element; comments, CDATA, processing instructions and carriage
    returns are left out. Names are taken as they are written, case included.

    Parameters
    ----------
    elements : iterable of str, or mapping of str to iterable of str
        The names of elements, or a mapping of them to their attributes. Each attribute may be
        there or not, in the order given, after one blank.
    void : iterable of str
        Those of them that have no content and no end tag: ``<br/>``.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> html = gl.library.tags({"p": ["class"], "b": [], "br": []}, void=["br"])
    >>> compiled = gl.compile(html, vocab)
    >>> compiled.matcher().accept_bytes(b'<p class="x">one<br/><b>two</b></p>')
    True
    >>> compiled.matcher().accept_bytes(b"<p><b>two</p>")
    False
    """
    known = names("elements", elements, NAME)
    attributes: dict[str, list[str]] = {name: [] for name in known}
    if isinstance(elements, Mapping):
        given: Mapping[str, Any] = elements
        attributes = {
            name: names(f"attributes of {name}", given[name], NAME, empty=True) for name in known
        }
    alone = names("void", void, empty=True)
    for name in alone:
        if name not in attributes:
            raise ValueError(f"void has {name!r}, which is none of the elements")
    text = Regex(f"(?:(?![<&>])[{_CHARACTERS}]|{_ENTITY})+")
    value = Regex(f'"(?:(?!["<&])[{_CHARACTERS}]|{_ENTITY})*"')
    element = rule("element")
    content = rule("content")
    ways = []
    for name in known:
        start: Grammar = Regex(f"<{name}")
        for attribute in attributes[name]:
            start = start + (f" {attribute}=" + value).optional()
        if name in alone:
            ways.append(start + "/>")
        else:
            ways.append(start + ">" + content + f"</{name}>")
    content.define((element | text).repeat())
    return element.define(any_of(ways))
