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
from tests.oracle.value_calls import BOOLEAN, NULL, NUMBER, STRING, Recorder
from tests.oracle.value_sets import Alternative, Arrays, Objects, ValueSets

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
        root = (self.root,)
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
        if byte == ord('"') and each.types & STRING and self.terms.live(each.strings):
            return [(("string", each.strings, each.cuts, WHOLE), rest)]
        if byte == ord("[") and self.sets.has_array(each):
            return [self._blank((("array", each.arrays, 0, "open"), rest))]
        if byte == ord("{") and self.sets.has_object(each):
            return [self._blank((("object", each.objects, frozenset(), "open"), rest))]
        return []

    def _blank(self, rest: Thread) -> Thread:
        return (("blank", self.blanks), rest)

    # -- strings --------------------------------------------------------------------------------

    def _string(self, thread: Thread, byte: int) -> list[Thread]:
        assert thread is not None
        (_, term, cuts, cut), rest = thread
        if byte == ord('"') and cut == WHOLE:
            return [rest] if self.terms.nullable(term) else []
        after = _after(cut, byte)
        if after is None:
            return []
        if after.escape:
            ways = points(after.escape)
            if is_whole(after.escape):
                term = self.terms.read(term, chr(ways[0][0]).encode())
                return [(("string", term, cuts, WHOLE), rest)] if self.terms.live(term) else []
            # Within a range, the expressions tell code points apart at the cuts only.
            tried = {lo for lo, _ in ways}
            tried |= {at for at in cuts if any(lo <= at <= hi for lo, hi in ways)}
            alive = any(self.terms.live(self.terms.read(term, chr(at).encode())) for at in tried)
        else:
            term = self.terms.derive(term, byte)
            alive = self.terms.live(term)
        return [(("string", term, cuts, after), rest)] if alive else []

    # -- arrays ---------------------------------------------------------------------------------

    def _array(
        self, byte: int, rest: Thread, arrays: Arrays, count: int, phase: str
    ) -> list[Thread]:
        """``open``: after the bracket; ``item``: after a comma; ``after``: after an item."""
        if phase != "item" and byte == ord("]"):
            return [rest] if count >= arrays.least else []
        values = arrays.item(count)
        if (arrays.most is not None and count >= arrays.most) or not self.sets.inhabited(values):
            return []
        if phase == "after":
            same = (("array", arrays, count, "item"), rest)
            return [self._blank(same)] if byte == ord(",") else []
        after = (("array", arrays, count + 1, "after"), rest)
        return self._read((("value", values), self._blank(after)), byte)

    # -- objects --------------------------------------------------------------------------------

    def _next_keys(self, objects: Objects, used: frozenset[bytes]) -> tuple[list[str], bool]:
        """The declared keys that may come next, and whether others may."""
        names = list(objects.declared)
        blocked = False
        if self.declared:
            # A key comes after all keys that are declared before it, the others last.
            known = [i for i, name in enumerate(names) if name.encode() in used]
            undeclared = len(used) > len(known)
            names = [] if undeclared else names[max(known, default=-1) + 1 :]
            for i, name in enumerate(names):
                if name in objects.required:
                    names, blocked = names[: i + 1], True
                    break
        left = [
            name
            for name in names
            if name.encode() not in used and self.sets.inhabited(objects.declared[name])
        ]
        return left, not blocked and self.sets.inhabited(objects.additional)

    def _object(
        self, byte: int, rest: Thread, objects: Objects, used: frozenset[bytes], phase: str
    ) -> list[Thread]:
        """``open``: after the brace; ``key``: after a comma; ``after``: after a member."""
        if phase != "key" and byte == ord("}"):
            return [rest] if all(name.encode() in used for name in objects.required) else []
        names, others = self._next_keys(objects, used)
        if not names and not others:
            return []
        if phase == "after":
            same = (("object", objects, used, "key"), rest)
            return [self._blank(same)] if byte == ord(",") else []
        return [(("key", objects, used, b"", WHOLE), rest)] if byte == ord('"') else []

    def _key(
        self,
        byte: int,
        rest: Thread,
        objects: Objects,
        used: frozenset[bytes],
        decoded: bytes,
        cut: Cut,
    ) -> list[Thread]:
        names, others = self._next_keys(objects, used)
        declared = {name.encode() for name in objects.declared}
        if byte == ord('"') and cut == WHOLE:
            taken = decoded in {name.encode() for name in names}
            if not taken and (not others or decoded in declared | used):
                return []
            values = objects.member(decoded.decode())
            after = (("object", objects, used | {decoded}, "after"), rest)
            value = (("value", values), self._blank(after))
            return [self._blank((("colon",), self._blank(value)))]
        later = _after(cut, byte)
        if later is None:
            return []
        ways = points(later.escape) if later.escape else []
        if not later.escape:
            decoded += bytes([byte])
        elif is_whole(later.escape):
            decoded += chr(ways[0][0]).encode()
            later, ways = WHOLE, []
        # Without end are the texts that begin so, and the declared and used keys are not.
        if not others and not any(_goes_on(name, decoded, ways) for name in names):
            return []
        if not self.terms.live(self.terms.read(self.terms.text, decoded)):
            return []
        return [(("key", objects, used, decoded, later), rest)]


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


def _goes_on(name: str, decoded: bytes, ways: list[tuple[int, int]]) -> bool:
    """Whether a key begins with the decoded bytes, then with one of the code points, if any."""
    text = name.encode()
    if not text.startswith(decoded):
        return False
    if not ways:
        return True
    rest = text[len(decoded) :].decode()
    return bool(rest) and any(lo <= ord(rest[0]) <= hi for lo, hi in ways)
