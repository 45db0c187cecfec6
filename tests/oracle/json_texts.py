"""A slow, obvious recogniser of the JSON texts of recorded values, byte by byte.

It answers for any byte string whether it is a text of the language, and whether some text of the
language begins with it; both are exact for everything that a ``SchemaBuilder`` can say, save single
bytes of characters in strings' programs, and up to the bounds of `tests.oracle.regex_derivatives`
and `tests.oracle.value_sets`, past which `Undecided` is raised. Not covered: that the tokens of a
vocabulary may be unable to spell a text, which is `tests.oracle.masks`.

A *thread* is one reading of the text so far: a stack of what is still to be read, the innermost
first. Reading a byte replaces each thread by all that it may become; a thread is kept only if it
can be finished, which holds by construction: nothing is begun that has no member.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.json_strings import following, is_whole, points
from tests.oracle.regex_derivatives import Undecided
from tests.oracle.value_arrays import Arrays, Tallies
from tests.oracle.value_calls import BOOLEAN, NULL, NUMBER, STRING, Recorder
from tests.oracle.value_leaves import Said, Values
from tests.oracle.value_objects import Language, Left, Objects, around
from tests.oracle.value_sets import Alternative, ValueSets

Frame = tuple[Any, ...]
Thread = tuple[Frame, "Thread"] | None  # what is to be read, then the rest of it
State = frozenset[Thread]


@dataclass(frozen=True)
class Cut:
    """A character under way in a string: the bytes of an escape, or how many raw bytes follow."""

    escape: bytes = b""
    more: int = 0


WHOLE = Cut()


class JsonTexts:
    """The texts of one recorded value.

    Parameters
    ----------
    recorder : Recorder
        The calls that say what a schema means.
    root : int
        The handle of its value.
    blanks : bytes
        The program of what may stand between JSON tokens.
    declared : bool
        Whether keys come in their declared order.
    """

    def __init__(self, recorder: Recorder, root: int, blanks: bytes, declared: bool) -> None:
        self.sets = ValueSets(recorder)
        self.terms = self.sets.terms
        self.blanks = self.terms.program(blanks)
        self.declared = declared
        self.root = root
        self._steps: dict[tuple[Thread, int], State] = {}

    # -- what is asked --------------------------------------------------------------------------

    def start(self) -> State:
        """The threads before a text; none if the language is empty."""
        root = (Said(self.root),)
        return frozenset([(("value", root), None)] if self.sets.inhabited(root) else [])

    def read(self, state: State, data: bytes) -> State:
        """The threads after ``data``; none if no text goes on so."""
        for byte in data:
            state = frozenset(to for thread in state for to in self._step(thread, byte))
        return state

    def ends(self, state: State) -> bool:
        """Whether the text may end here."""
        return any(self._ends(thread) for thread in state)

    def begins(self, text: bytes) -> bool:
        """Whether some text of the language begins so."""
        return bool(self.read(self.start(), text))

    def accepts(self, text: bytes) -> bool:
        """Whether the text is in the language."""
        return self.ends(self.read(self.start(), text))

    # -- threads --------------------------------------------------------------------------------

    def _ends(self, thread: Thread) -> bool:
        while thread is not None:
            (kind, *operands), thread = thread
            if kind not in ("number", "blank") or not self.terms.nullable(operands[0]):
                return False
        return True

    def _step(self, thread: Thread, byte: int) -> State:
        key = (thread, byte)
        if key not in self._steps:
            self._steps[key] = frozenset(self._read(thread, byte))
        return self._steps[key]

    def _read(self, thread: Thread, byte: int) -> list[Thread]:
        if thread is None:
            return []
        (kind, *operands), rest = thread
        if kind == "word":
            word = operands[0]
            if word[0] != byte:
                return []
            return [(("word", word[1:]), rest) if word[1:] else rest]
        if kind in ("number", "blank"):
            to = self.terms.derive(operands[0], byte)
            out: list[Thread] = [((kind, to), rest)] if self.terms.live(to) else []
            if self.terms.nullable(operands[0]):
                out.extend(self._step(rest, byte))
            return out
        if kind == "value":
            alternatives = self.sets.alternatives(operands[0])
            return [to for each in alternatives for to in self._begin(each, byte, rest)]
        if kind == "string":
            return self._string(thread, byte)
        if kind == "array":
            return self._array(byte, rest, *operands)
        if kind == "object":
            return self._object(byte, rest, *operands)
        if kind == "key":
            return self._key(byte, rest, *operands)
        assert kind == "colon"
        return [rest] if byte == ord(":") else []

    def _begin(self, each: Alternative, byte: int, rest: Thread) -> list[Thread]:
        """Threads of a value of the alternative, after its first byte."""
        if byte == ord("n") and each.types & NULL:
            return [(("word", b"ull"), rest)]
        if each.types & BOOLEAN and byte in b"tf":
            word, bit = (b"rue", 2) if byte == ord("t") else (b"alse", 1)
            return [(("word", word), rest)] if each.booleans & bit else []
        if byte in b"-0123456789" and each.types & NUMBER:
            to = self.terms.derive(each.numbers, byte)
            return [(("number", to), rest)] if self.terms.live(to) else []
        if byte == ord('"') and each.types & STRING and self.terms.live(each.strings.term):
            return [(("string", each.strings, WHOLE), rest)]
        if byte == ord("[") and self.sets.has_array(each):
            return [self._blank((("array", each.arrays, 0, each.arrays.start, "open"), rest))]
        if byte == ord("{") and self.sets.has_object(each):
            objects = each.objects
            start = ("object", objects, frozenset(), objects.everything, "open")
            return [self._blank((start, rest))]
        return []

    def _blank(self, rest: Thread) -> Thread:
        return (("blank", self.blanks), rest)

    # -- strings --------------------------------------------------------------------------------

    def _string(self, thread: Thread, byte: int) -> list[Thread]:
        assert thread is not None
        (_, language, cut), rest = thread
        if byte == ord('"') and cut == WHOLE:
            return [rest] if self.terms.nullable(language.term) else []
        read = self._read_text(language, cut, byte)
        return [(("string", read[0], read[1]), rest)] if read else []

    def _read_text(
        self, language: Language, cut: Cut, byte: int
    ) -> tuple[Language, Cut, str] | None:
        """What follows in a string after a byte, and the character that an escape gave."""
        later = _after(cut, byte)
        if later is None:
            return None
        term, char = language.term, ""
        if not later.escape:
            term = self.terms.derive(term, byte)
            alive = self.terms.live(term)
        else:
            ways = points(later.escape)
            if is_whole(later.escape):
                char, later = chr(ways[0][0]), WHOLE
                term = self.terms.read(term, char.encode())
                alive = self.terms.live(term)
            else:
                # Within a range, the expressions tell code points apart at the cuts only.
                tried = {lo for lo, _ in ways}
                cuts = language.cuts
                tried |= {at for at in cuts if any(lo <= at <= hi for lo, hi in ways)}
                alive = any(
                    self.terms.live(self.terms.read(term, chr(at).encode())) for at in tried
                )
        return (Language(term, language.cuts), later, char) if alive else None

    # -- arrays ---------------------------------------------------------------------------------

    def _array(
        self, byte: int, rest: Thread, arrays: Arrays, count: int, tallies: Tallies, phase: str
    ) -> list[Thread]:
        """``open``: after the bracket; ``item``: after a comma; ``after``: after an item."""
        if arrays.unique and (arrays.most is None or arrays.most > 1):
            raise Undecided("items are not compared")
        if phase != "item" and byte == ord("]"):
            return [rest] if arrays.is_complete(count, tallies) else []
        choices = list(arrays.choices(count, tallies, self.sets.inhabited))
        if phase == "after":
            same = (("array", arrays, count, tallies, "item"), rest)
            return [self._blank(same)] if byte == ord(",") and choices else []
        out: list[Thread] = []
        for values, then in choices:
            after = (("array", arrays, count + 1, then, "after"), rest)
            out += self._read((("value", values), self._blank(after)), byte)
        return out

    # -- objects --------------------------------------------------------------------------------

    def _object(
        self,
        byte: int,
        rest: Thread,
        objects: Objects,
        used: frozenset[bytes],
        left: Left,
        phase: str,
    ) -> list[Thread]:
        """``open``: after the brace; ``key``: after a comma; ``after``: after a member."""
        if phase != "key" and byte == ord("}"):
            return [rest] if objects.is_complete(used, left) else []
        if byte != ord("," if phase == "after" else '"'):
            return []
        out: list[Thread] = []
        for target, values, then in objects.next_keys(
            used, left, self.declared, self.sets.inhabited
        ):
            if phase == "after":
                return [self._blank((("object", objects, used, left, "key"), rest))]
            language = target.language
            if target.name is None:
                again = [self.terms.literal(key) for key in used]
                term = [language.term, self.terms.complement(self.terms.union(again))]
                cuts = language.cuts.union(*[around(key.decode()) for key in used])
                language = Language(self.terms.both(term), cuts)
            out.append((("key", objects, used, then, values, language, b"", WHOLE), rest))
        return out

    def _key(
        self,
        byte: int,
        rest: Thread,
        objects: Objects,
        used: frozenset[bytes],
        left: Left,
        values: Values,
        language: Language,
        decoded: bytes,
        cut: Cut,
    ) -> list[Thread]:
        """``values`` is what the member is then."""
        if byte == ord('"') and cut == WHOLE:
            if not self.terms.nullable(language.term):
                return []
            after = (("object", objects, used | {decoded}, left, "after"), rest)
            value = (("value", values), self._blank(after))
            return [self._blank((("colon",), self._blank(value)))]
        read = self._read_text(language, cut, byte)
        if read is None:
            return []
        language, later, char = read
        decoded += char.encode() if cut.escape or later.escape else bytes([byte])
        return [(("key", objects, used, left, values, language, decoded, later), rest)]


def _after(cut: Cut, byte: int) -> Cut | None:
    """What is under way after one more byte of a string that is no closing quote."""
    if cut.escape:
        escape = cut.escape + bytes([byte])
        return Cut(escape=escape) if points(escape) else None
    if cut.more:
        return Cut(more=cut.more - 1) if 0x80 <= byte < 0xC0 else None
    if byte == ord("\\"):
        return Cut(escape=b"\\")
    if byte < 0x20 or byte == ord('"'):
        return None
    more = following(byte)
    return None if more < 0 else Cut(more=more)
