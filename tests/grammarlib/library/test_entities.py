"""Entity links and triplets: judged by splitting, by ``json``, and by the text itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

import grammarlib as gl
from tests.grammarlib.library.judging import judged, takes

TEXT = 'Ada met "Charles"\\\nin\tLondon é'
IDS = ["Q1", "Q22", 'the "Q"']


def test_lines() -> None:
    def judge(text: str) -> bool:
        *lines, last = text.split("\n")
        parts = [line.split("\t") for line in lines]
        return last == "" and all(
            len(p) == 2 and p[0] and p[0] in TEXT and "\r" not in p[0] and p[1] in IDS
            for p in parts
        )

    judged(gl.library.entity_links(TEXT, IDS), judge, 60, 60)


def test_json() -> None:
    def judge(text: str) -> bool:
        try:
            links = json.loads(text)
        except ValueError:
            return False
        return (
            json.dumps(links, ensure_ascii=False) == text
            and isinstance(links, list)
            and all(
                isinstance(link, dict)
                and list(link) == ["span", "entity"]
                and all(isinstance(part, str) for part in link.values())
                and link["span"]
                and link["span"] in TEXT
                and link["entity"] in IDS
                for link in links
            )
        )

    judged(gl.library.entity_links(TEXT, IDS, format="json"), judge, 60, 60)
    # Every stretch, in its own spelling; never half an escape.
    for spell in (TEXT, 'a\\"b', "\x00\x01\t\b\\u0000"):
        grammar = gl.library.entity_links(spell, ["Q"], format="json", min=1, max=1)
        for start in range(len(spell)):
            for end in range(start + 1, len(spell) + 1):
                link = [{"span": spell[start:end], "entity": "Q"}]
                assert takes(grammar, json.dumps(link, ensure_ascii=False))
        assert not takes(grammar, '[{"span": "\\", "entity": "Q"}]')


def test_triplets() -> None:
    entities, relations = ["Ada", "London", "New York"], ["in", "born in"]

    def judge(text: str) -> bool:
        *lines, last = text.split(" ;\n")
        parts = [line.split(" | ") for line in lines]
        return (
            last == ""
            and 1 <= len(parts) <= 3
            and all(
                len(p) == 3 and p[0] in entities and p[1] in relations and p[2] in entities
                for p in parts
            )
        )

    grammar = gl.library.triplets(entities, relations, separator=" | ", end=" ;\n", min=1, max=3)
    judged(grammar, judge, 60, 60)


CLOSED = """
import sys, time
import grammarlib as gl
syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "un")]
names = []
count = int(sys.argv[1])
for number in range(count):
    parts = []
    rest = number * 7_368_787 % 70**4
    for _ in range(4):
        rest, part = divmod(rest, 70)
        parts.append(syllables[part])
    names.append("".join(parts[:2]).title() + " " + "".join(parts[2:]).title())
assert len(set(names)) == count
vocab = gl.Vocabulary.from_tokens([*map(bytes, zip(range(256))), None], eos_ids=[256])
began = time.process_time()
compiled = gl.compile(gl.library.triplets(names, ["born in", "married to"]), vocab)
seconds = time.process_time() - began
for subject, taken in [(names[12_345], True), (names[12_345][:-1] + "~", False)]:
    text = f"{subject}\\tborn in\\t{names[-1]}\\n".encode()
    assert compiled.matcher().accept_bytes(text) == taken
mask = gl.allocate_token_bitmask(1, 257)
compiled.matcher().fill_next_token_bitmask(mask)
# Not ru_maxrss: that begins at what the parent held.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(seconds, int(status["VmHWM"].split()[0]) // 1024)
"""


def cost(names: int) -> tuple[float, float]:
    """Seconds to compile and megabytes held, of a process that does nothing else."""
    command = [sys.executable, "-c", CLOSED, str(names)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def test_a_hundred_thousand_names() -> None:
    seconds, megabytes = cost(100_000)
    assert seconds <= 2
    assert megabytes <= 256


@pytest.mark.exhaustive
def test_a_million_names() -> None:
    seconds, megabytes = cost(1_000_000)
    print(f"\n{seconds:.1f} s, {megabytes:.0f} MB")
    assert seconds <= 10
    assert megabytes <= 1024


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: gl.library.entity_links(1, ["Q"]), TypeError),  # type: ignore[arg-type]
        (lambda: gl.library.entity_links("\n", ["Q"]), ValueError),
        (lambda: gl.library.entity_links("", ["Q"], format="json"), ValueError),
        (lambda: gl.library.entity_links("a", ["Q\t"]), ValueError),
        (lambda: gl.library.entity_links("a", []), ValueError),
        (lambda: gl.library.entity_links("a", ["Q"], format="xml"), ValueError),
        (lambda: gl.library.entity_links("a", ["Q"], min=1, max=0), ValueError),
        (lambda: gl.library.triplets("ab", ["r"]), TypeError),
        (lambda: gl.library.triplets(["a\tb"], ["r"]), ValueError),
        (lambda: gl.library.triplets(["a"], []), ValueError),
        (lambda: gl.library.triplets(["a"], ["r"], separator=""), ValueError),
        (lambda: gl.library.triplets(["a"], ["r"], end=None), TypeError),  # type: ignore[arg-type]
    ],
)
def test_what_is_refused(call: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        call()  # type: ignore[operator]


def test_stretches_hold_no_break_of_a_line() -> None:
    grammar = gl.library.entity_links("a\nb\tc\rd", ["Q"])
    assert all(takes(grammar, f"{c}\tQ\n") for c in "abcd")
    assert not any(takes(grammar, f"{c}\tQ\n") for c in re.findall("(?s)...", "a\nb"))
