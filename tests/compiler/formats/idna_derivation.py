"""Derives the code points of IDNA's labels from the standard library's Unicode data.

    python -m tests.compiler.formats.idna_derivation    # writes compiler/formats/idna_points.py

RFC 5892, section 2, in code points; what Form C composes, by trying; Bidi_Class, combining classes.
Takes half a second, which is why the result is kept beside its reader.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from grammarlib import _core
from grammarlib.compiler.formats import idna_points
from grammarlib.compiler.formats.abnf import one_of
from grammarlib.compiler.formats.idna import IN_CONTEXT

_PVALID: Final = one_of("ßς۽۾་〇")
_DISALLOWED: Final = frozenset("ـߺ〮〯〱〲〳〴〵〻")
_JAMO: Final = ((0x1100, 0x11FF), (0xA960, 0xA97C), (0xD7B0, 0xD7FB))
_IGNORED_BLOCKS: Final = ((0x20D0, 0x20FF), (0x1D100, 0x1D1FF), (0x1D200, 0x1D24F))
_LETTER_DIGITS: Final = frozenset({"Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"})


class Derived(NamedTuple):
    """What the module of data holds, in characters."""

    allowed: str
    marks: str
    transparent: str
    classes: dict[int, str]
    directions: dict[str, str]
    composing: dict[tuple[int, str], str]
    """By combining class, and the starters that compose with them."""


def derived() -> Derived:
    """Derive everything."""
    ignored = _core.unicode_property("Default_Ignorable_Code_Point") or []
    never = {p for lo, hi in (*ignored, *_JAMO, *_IGNORED_BLOCKS) for p in range(lo, hi + 1)}
    valid = {c for c in stable(letters_and_digits()) if ord(c) not in never}
    pairs = [*_PVALID, *one_of("-"), *IN_CONTEXT]
    valid |= {chr(p) for lo, hi in pairs for p in range(lo, hi + 1)}
    allowed = "".join(sorted(valid - _DISALLOWED))
    marks = "".join([c for c in allowed if unicodedata.category(c)[0] == "M"])
    classes: dict[int, str] = {}
    directions: dict[str, str] = {}
    for c in marks:
        rank = unicodedata.combining(c)
        if rank:
            classes[rank] = classes.get(rank, "") + c
    for c in allowed:
        direction = unicodedata.bidirectional(c)
        if direction != "L":
            directions[direction] = directions.get(direction, "") + c
    nonspacing = [c for c in marks if unicodedata.category(c) == "Mn"]
    transparent = "".join(sorted({*nonspacing, "\U0001e94b"}))
    return Derived(allowed, marks, transparent, classes, directions, dict(_composing(allowed)))


def letters_and_digits() -> str:
    # Planes 4 to 13 are unassigned, 15 and 16 private, in 14 there are no letters.
    chars = map(chr, range(0x40000))
    return "".join([c for c in chars if unicodedata.category(c) in _LETTER_DIGITS])


def stable(text: str) -> str:
    """The characters that case folding and compatibility composition leave as they are.

    A text is left as it is only if each of its characters is; most stretches are.
    """

    def fold(part: str) -> str:
        once = unicodedata.normalize("NFKC", part).casefold()
        return unicodedata.normalize("NFKC", once)

    kept: list[str] = []
    stack = [text]
    while stack:
        part = stack.pop()
        if fold(part) == part:
            kept.append(part)
        elif len(part) > 1:
            half = len(part) // 2
            stack += [part[half:], part[:half]]
    return "".join(kept)


def _composing(allowed: str) -> Iterator[tuple[tuple[int, str], str]]:
    """Marks (or others) by their combining class and the starters that they compose with."""
    bases: set[str] = set()
    last: set[str] = set()
    for c in allowed:
        parts = unicodedata.decomposition(c)
        # Syllables compose of Jamo, which no label holds.
        if parts and parts[0] != "<" and " " in parts:
            first, second = (chr(int(part, 16)) for part in parts.split())
            bases.add(unicodedata.normalize("NFD", first)[0])
            last.add(second)
    starters = [c for c in allowed if unicodedata.normalize("NFD", c)[0] in bases]
    found: dict[tuple[int, str], str] = {}
    for mark in sorted(last & set(allowed)):
        met = [c for c in starters if not unicodedata.is_normalized("NFC", c + mark)]
        if met:  # starters and marks apart: a mark is no starter
            key = unicodedata.combining(mark), "".join(met)
            found[key] = found.get(key, "") + mark
    yield from sorted(found.items())


# -- the module -----------------------------------------------------------------------------------


def ranges(chars: Iterable[str]) -> str:
    """Ascending characters as ranges of hexadecimal numbers."""
    out: list[list[int]] = []
    for point in map(ord, chars):
        if out and out[-1][1] + 1 == point:
            out[-1][1] = point
        else:
            out.append([point, point])
    return " ".join(f"{lo:X}" if lo == hi else f"{lo:X}-{hi:X}" for lo, hi in out)


def module() -> str:
    """The text of the module of data."""
    found = derived()
    lines = [f'"""{idna_points.__doc__}"""', "", "from typing import Final", "", "# fmt: off"]
    lines.append(f'VERSION: Final = "{unicodedata.unidata_version}"')
    for name, chars in (
        ("ALLOWED", found.allowed),
        ("MARKS", found.marks),
        ("TRANSPARENT", found.transparent),
    ):
        lines += [f'{name}: Final = """', *_wrapped(chars), '"""']
    lines.append("CLASSES: Final = {")
    for rank, chars in sorted(found.classes.items()):
        lines += [f'    {rank}: """', *_wrapped(chars), '""",']
    lines += ["}", "DIRECTIONS: Final = {"]
    for name, chars in sorted(found.directions.items()):
        lines += [f'    "{name}": """', *_wrapped(chars), '""",']
    lines += ["}", "COMPOSING: Final = ("]
    for (rank, starters), marks in found.composing.items():
        lines += [f'    ({rank}, """', *_wrapped(starters), '""", """', *_wrapped(marks), '"""),']
    return "\n".join([*lines, ")", ""])


def _wrapped(chars: str) -> list[str]:
    return textwrap.wrap(ranges(chars), 98, break_on_hyphens=False)


if __name__ == "__main__":
    Path(str(idna_points.__file__)).resolve().write_text(module())
