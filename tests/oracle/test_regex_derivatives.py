"""The two oracles of regex programs against each other, and beginnings against what continues."""

from __future__ import annotations

import random
from itertools import product

from grammarlib.compiler.regex import program as p
from tests.oracle import regex_program
from tests.oracle.regex_derivatives import Terms, accepts, begins

BYTES = [b"a", b"b", "é".encode(), "€".encode(), "😀".encode()]


def draw(chance: random.Random, depth: int) -> bytes:
    """A program over a few characters of one to four bytes."""
    pick = chance.randrange(9 if depth else 3)

    def inner() -> bytes:
        return draw(chance, depth - 1)

    if pick == 0:
        return p.literal(chance.choice(["a", "b", "é", "ab", "€😀", ""]))
    if pick < 3:
        lo, hi = sorted(chance.choice(["\0", "a", "b", "é", "€", "😀"]) for _ in range(2))
        return p.char_class([(ord(lo), ord(hi))])
    if pick < 5:
        return p.concat(*[inner() for _ in range(chance.randint(2, 3))])
    if pick == 5:
        return p.union(inner(), inner())
    if pick == 6:
        return p.intersect(inner(), p.complement(inner()))
    if pick == 7:
        arms = [(ord(c), ord(c), chance.randrange(3)) for c in "abé😀" if chance.random() < 0.7]
        last = [(0, 0x62, 2), (0x63, 0x10FFFF, 1)]
        return p.automaton([(False, arms), (chance.random() < 0.5, last), (True, arms)])
    least = chance.randrange(3)
    return p.repeat(inner(), least, chance.choice([None, least, least + 2]))


def test_members_are_those_of_the_other_oracle() -> None:
    chance = random.Random(1)
    members = 0
    for _ in range(400):
        program = draw(chance, 3)
        for _ in range(12):
            text = b"".join(chance.choices(BYTES, k=chance.randrange(5)))
            expected = regex_program.matches(program, text)
            assert accepts(program, text) == expected, (p.pretty(program), text)
            members += expected
    assert members > 400


def test_beginnings_are_those_of_members() -> None:
    """A beginning is one of bytes; what is none is begun by no member of up to six characters."""
    chance = random.Random(2)
    texts = [b"".join(t) for n in range(4) for t in product(BYTES[:1] + BYTES[2:4], repeat=n)]
    dead = 0
    for _ in range(150):
        program = draw(chance, 2)
        members = [text for text in texts if regex_program.matches(program, text)]
        terms = Terms()
        start = terms.program(program)
        for member in members:
            assert all(terms.live(terms.read(start, member[:i])) for i in range(len(member) + 1))
        for text in texts:
            if not begins(program, text):
                dead += 1
                assert not any(member.startswith(text) for member in members)
    assert dead > 1_000


def test_a_live_term_has_a_member_that_is_found_by_going_on() -> None:
    chance = random.Random(3)
    for _ in range(300):
        program = draw(chance, 2)
        terms = Terms()
        at = terms.program(program)
        text = b""
        for _ in range(40):
            ways = [byte for byte in range(256) if terms.live(terms.derive(at, byte))]
            assert bool(ways) or terms.nullable(at) == terms.live(at)
            if not ways or (terms.nullable(at) and len(text) > 3):
                break
            text += bytes([ways[0]])
            at = terms.derive(at, ways[0])
        if terms.nullable(at):
            assert regex_program.matches(program, text), (p.pretty(program), text)
