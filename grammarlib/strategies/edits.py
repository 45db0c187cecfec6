"""Edits that take a JSON text out of its language, or nearly so.

Each edit changes one thing. Textual ones know characters only; the others know tokens, values,
items and members, and break what schemas speak of: which keys are there, once, in which order, of
which type values are, their bounds and lengths, and what JSON itself demands. Whether the result is
outside is not known here: an edit may be harmless (a member that is optional, another number).

:func:`edits` goes on from the edit that was drawn to the next ones, so that a caller who takes the
first that is outside never has to reject a draw. Rejected: edits of the schema (a mutated schema's
texts are often far from the language).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from grammarlib.strategies.derivation import Derivation
from grammarlib.strategies.json_text import Blanks, Row, Span
from grammarlib.strategies.walks import Draw, below

__all__ = ["EDITS", "edits"]

TRIES = 8
_CHARACTERS = '0aA"\\{}[],:-+.eE/ \t\n\x00\x7fé\u2028😀'
_VALUES = ["0", '""', "null", "[]", "{}", "true", "false", "-1", "1.5", "1e9", '"0"', "[0]"]
_VALUES += ["[[]]", '{"":0}', "99999999999", '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"']
_MALFORMED = ["01", "+1", "1.", ".5", "1e", "-", "0x1", "NaN", "Infinity", "True", "nul", "''"]
_MALFORMED += [
    '"\\x"',
    '"\\u00g0"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\n"',
    '"\\',
    '"',
    "undefined",
]
_BLANKS = ["   ", "\n\n", "\n" + " " * 41, "\r", " \n", "\x0b", "\u00a0", "/**/", " ", ""]

_T = TypeVar("_T")
_Edit = Callable[[Draw, Row, Blanks], str | None]


def edits(draw: Draw, derivation: Derivation) -> Iterator[str]:
    """Draw texts near to a derived one.

    Yields
    ------
    str
        Edited texts, at most ``TRIES``; the last is no JSON text at all.
    """
    row = Row(derivation.tree)
    first = draw(below(len(EDITS)))
    for turn in range(TRIES):
        edited = EDITS[(first + turn) % len(EDITS)](draw, row, derivation.blanks)
        if edited is not None:
            yield edited
    yield derivation.blanks.between(row.tokens) + "]"


def _one(draw: Draw, things: Sequence[_T]) -> _T:
    return things[draw(below(len(things)))]


def _some(draw: Draw, things: Sequence[_T]) -> _T | None:
    return _one(draw, things) if things else None


# -- characters -----------------------------------------------------------------------------------


def _deleted(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    text = blanks.between(row.tokens)
    at = draw(below(len(text)))
    return text[:at] + text[at + 1 :]


def _truncated(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    text = blanks.between(row.tokens)
    return text[: draw(below(len(text)))]


def _inserted(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    text = blanks.between(row.tokens)
    at = draw(below(len(text) + 1))
    return text[:at] + _one(draw, _CHARACTERS) + text[at:]


def _replaced(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    text = blanks.between(row.tokens)
    at = draw(below(len(text)))
    return text[:at] + _one(draw, _CHARACTERS) + text[at + 1 :]


def _transposed(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    text = blanks.between(row.tokens)
    if len(text) < 2:
        return None
    at = draw(below(len(text) - 1))
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


# -- tokens ---------------------------------------------------------------------------------------


def _punctuation(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """A comma, colon or bracket lost, doubled or exchanged."""
    places = [at for at, token in enumerate(row.tokens) if token in ",:[]{}"]
    at = _some(draw, places)
    if at is None:
        return None
    token = row.tokens[at]
    return _put(row, blanks, (at, at + 1), _one(draw, [[], [token, token], [","], [":"], ["]"]]))


def _other_blanks(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """Other blanks at one place, the ends included."""
    at = draw(below(len(row.tokens) + 1))
    changed = _one(draw, _BLANKS)
    before, after = blanks.between(row.tokens[:at]), ""
    for place, token in enumerate(row.tokens[at:], at):
        after += token if place == at else blanks.at(place - 1) + token
    return before + changed + after


def _malformed(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """A scalar that JSON does not know."""
    return _put(row, blanks, _scalar(draw, row, ""), [_one(draw, _MALFORMED)])


# -- values ---------------------------------------------------------------------------------------


def _other_value(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """Another value, often of another type."""
    return _put(row, blanks, _one(draw, row.values), [_one(draw, _VALUES)])


def _other_number(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """A number beside, out of bounds, or no integer any more."""
    place = _scalar(draw, row, "-0123456789")
    if place is None:
        return None
    number = row.tokens[place[0]]
    turned = number[1:] if number[0] == "-" else f"-{number}"
    others = [turned, f"{number}0", f"{number}.5", f"{number}e9", number[:-1], f"{number}00000"]
    if number.lstrip("-").isdecimal() and len(number) < 400:
        others += [str(int(number) + 1), str(int(number) - 1)]
    return _put(row, blanks, place, [_one(draw, others)])


def _other_string(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """A string that is shorter, longer, or other at an end."""
    place = _scalar(draw, row, '"')
    if place is None:
        return None
    inside = row.tokens[place[0]][1:-1]
    others = ["", f"{inside}0", f"0{inside}", f"{inside} ", inside * 2, inside * 8, inside.upper()]
    if "\\" not in inside:
        others += [inside[:-1], inside[1:]]
    return _put(row, blanks, place, [f'"{_one(draw, others)}"'])


# -- members and items ----------------------------------------------------------------------------


def _part_lost(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """A member or an item lost, with a comma."""
    parts = _some(draw, [parts for parts in row.objects + row.arrays if parts])
    if parts is None:
        return None
    index = draw(below(len(parts)))
    start, end = parts[index]
    if index:
        start -= 1
    elif len(parts) > 1:
        end += 1
    return _put(row, blanks, (start, end), [])


def _part_repeated(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """A member or an item twice."""
    parts = _some(draw, [parts for parts in row.objects + row.arrays if parts])
    if parts is None:
        return None
    start, end = _one(draw, parts)
    return _put(row, blanks, (end, end), [",", *row.tokens[start:end]])


def _parts_exchanged(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """Two members or items in each other's place."""
    parts = _some(draw, [parts for parts in row.objects + row.arrays if len(parts) > 1])
    if parts is None:
        return None
    index = draw(below(len(parts) - 1))
    (start, middle), (other, end) = parts[index], parts[index + 1]
    tokens = row.tokens
    return _put(row, blanks, (start, end), [*tokens[other:end], ",", *tokens[start:middle]])


def _member_added(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """One more member, with a key of its own or one of another object."""
    parts = _some(draw, row.objects)
    if parts is None:
        return None
    known = [row.tokens[start] for members in row.objects for start, _ in members]
    member = [_one(draw, ['""', '"0"', '"additional"', *known]), ":", _one(draw, _VALUES)]
    if parts:
        end = parts[-1][1]
        return _put(row, blanks, (end, end), [",", *member])
    at = _one(draw, [at for at in range(len(row.tokens)) if row.tokens[at : at + 2] == ["{", "}"]])
    return _put(row, blanks, (at + 1, at + 1), member)


def _key_changed(draw: Draw, row: Row, blanks: Blanks) -> str | None:
    """A key that is spelled a little otherwise."""
    starts = [start for members in row.objects for start, _ in members]
    start = _some(draw, starts)
    if start is None:
        return None
    inside = row.tokens[start][1:-1]
    others = [f"{inside}0", f"0{inside}", inside.swapcase(), f"{inside} ", ""]
    return _put(row, blanks, (start, start + 1), [f'"{_one(draw, others)}"'])


# -- rows -----------------------------------------------------------------------------------------


def _scalar(draw: Draw, row: Row, first: str) -> Span | None:
    """The place of a scalar that begins with one of some characters."""
    places = [
        (start, end)
        for start, end in row.values
        if row.tokens[start] not in "[{" and (not first or row.tokens[start][0] in first)
    ]
    return _some(draw, places)


def _put(row: Row, blanks: Blanks, place: Span | None, tokens: list[str]) -> str | None:
    if place is None:
        return None
    return blanks.between([*row.tokens[: place[0]], *tokens, *row.tokens[place[1] :]])


EDITS: tuple[_Edit, ...] = (
    _deleted,
    _part_lost,
    _other_value,
    _truncated,
    _other_number,
    _part_repeated,
    _inserted,
    _other_string,
    _parts_exchanged,
    _replaced,
    _member_added,
    _punctuation,
    _key_changed,
    _other_blanks,
    _transposed,
    _malformed,
)
