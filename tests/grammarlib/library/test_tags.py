"""Elements with matching tags against Python's XML reader and its HTML reader with a stack."""

from __future__ import annotations

import html.parser
import re
import xml.etree.ElementTree as ET

import pytest

import grammarlib as gl
from tests.grammarlib.library.judging import judged, takes

GIVEN = {"a": ["href", "id"], "ab": [], "br": ["id"]}


class Stack(html.parser.HTMLParser):
    """What is open; every end tag must be that of the last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.wrong |= tag != "br"

    def handle_endtag(self, tag: str) -> None:
        self.wrong |= not self.open or self.open.pop() != tag


def as_html(text: str) -> bool:
    stack = Stack()
    stack.feed(text)
    stack.close()
    return not stack.wrong and not stack.open


def as_xml(text: str) -> bool:
    try:
        root = ET.fromstring(text.encode())
    except ET.ParseError:
        return False
    for node in root.iter():
        known = GIVEN.get(node.tag)
        if known is None or list(node.attrib) != [name for name in known if name in node.attrib]:
            return False
        if node.tag == "br" and (len(node) or node.text):
            return False
    return True


def written_otherwise(text: str) -> bool:
    """XML beyond the language: references, other quotes and blanks, raw ``>``, instructions."""
    plain = re.sub('"[^"<]*"', '""', text)
    return bool(
        re.search(r"&#|<[!?]|\r|'|\s\s|\s[/>=]|=\s|[\t\n]|<[^<>]*>[^<]*>", plain)
        or text.strip() != text
        or re.search("<(a|ab|br)[^<>]*/>|<br[^/<>]*>", plain)
    )


def test_against_python() -> None:
    grammar = gl.library.tags(GIVEN, void=["br"])
    judged(grammar, lambda text: as_xml(text) and as_html(text), 80)
    judged(grammar, as_xml, 1, 80, exempt=written_otherwise)


def test_names_match() -> None:
    grammar = gl.library.tags(["a", "ab"])
    assert takes(grammar, "<a>x<ab></ab>&lt;</a>")
    for text in [
        "<a></ab>",
        "<ab></a>",
        "<a><ab></a></ab>",
        "<a>",
        "<A></A>",
        "<a/>",
        '<a b=""></a>',
    ]:
        assert not takes(grammar, text), text


@pytest.mark.parametrize(
    ("elements", "void", "error"),
    [
        ("a", (), TypeError),
        ([], (), ValueError),
        (["a b"], (), ValueError),
        (["a"], ["b"], ValueError),
        ({"a": "id"}, (), TypeError),
        ({"a": ["x=y"]}, (), ValueError),
        ({"a": ["x", "x"]}, (), ValueError),
    ],
)
def test_what_is_refused(elements: object, void: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.library.tags(elements, void=void)  # type: ignore[arg-type]
