"""Patterns of the corpora against the judges: a hundred texts each, and a table of it.

``python -m tests.compiler.regex.corpora.compare`` prints what is kept in
``benchmarks/results/regex_corpora.md``.
"""

from __future__ import annotations

import platform
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes
from tests.compiler.regex.corpora import judges
from tests.compiler.regex.corpora.judges import Judge
from tests.compiler.regex.corpora.patterns import CORPORA, Written
from tests.compiler.regex.corpora.texts import (
    Members,
    derived,
    edited,
    is_settled,
    masked,
)

__all__ = ["ACCEPTED", "DIALECTS", "LENGTHS", "TEXTS", "Counts", "Dialect", "compare"]

Dialect = Literal["python", "ecma"]
DIALECTS: Final[tuple[Dialect, ...]] = ("python", "ecma")

TEXTS: Final = 100
"""Texts of each pattern."""
ACCEPTED: Final = 30
"""How many of them are members, where there are as many."""
LENGTHS: Final = (3_000, 16)
"""Longest texts; the shorter ones where the judge does not come to an end."""
_MASKED, _WALKED, _DERIVED = 20, 20, 25


@dataclass
class Counts:
    """What was compared."""

    patterns: int = 0
    malformed: int = 0
    """Those that the judge refuses, and so do not count."""
    compiled: int = 0
    empty: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    texts: int = 0
    accepted: int = 0
    few: int = 0
    """Patterns of fewer than `ACCEPTED` texts."""
    unjudged: list[Written] = field(default_factory=list)
    """Patterns on which the judge did not come to an end."""
    lacking: list[Written] = field(default_factory=list)
    """Patterns with fewer members among their texts than there should be."""
    differing: list[tuple[Written, str, bool]] = field(default_factory=list)
    """Patterns, texts, and what the judge says of them."""
    seconds: float = 0.0


def compare(
    corpus: Iterable[Written], dialect: Dialect, judge: Judge, *, search: bool, seed: int = 0
) -> Counts:
    """Compare what the engine and the judge say of a hundred texts for each pattern."""
    counts = Counts()
    begun = time.monotonic()
    for written in corpus:
        flags = written.flags if dialect == "python" else written.letters
        if judge.verdicts(written.pattern, flags, search, []) is None:
            counts.malformed += 1
            continue
        counts.patterns += 1
        try:
            grammar = gl.Regex(written.pattern, dialect=dialect, flags=flags, search=search)
            compiled = gl.compile(grammar, single_bytes())
        except gl.EmptyLanguage:
            compiled = None
            counts.empty += 1
        except gl.GrammarlibError as error:
            counts.refused[_reason(error)] += 1
            continue
        chance = random.Random(f"{seed} {written} {dialect} {search}")
        for longest in LENGTHS:
            texts, lacking = _texts(written, grammar, compiled, chance, longest)
            try:
                verdicts = judge.verdicts(written.pattern, flags, search, texts)
                break
            except TimeoutError:
                verdicts = None
        if verdicts is None:
            counts.unjudged.append(written)
            continue
        ours = [compiled is not None and _accepts(compiled, text) for text in texts]
        counts.compiled += 1
        counts.texts += len(texts)
        counts.accepted += sum(ours)
        counts.few += compiled is not None and sum(ours) < ACCEPTED
        if lacking:
            counts.lacking.append(written)
        judged = zip(texts, verdicts, ours, strict=True)
        counts.differing += [(written, text, said) for text, said, our in judged if said != our]
    counts.seconds = time.monotonic() - begun
    return counts


def _reason(error: gl.GrammarlibError) -> str:
    if isinstance(error, gl.UnsupportedPattern):
        return error.reason.partition(" \\")[0].removeprefix("the ").removeprefix("a ")
    return str(error).partition(" at position")[0].partition(" at line")[0]


def _accepts(compiled: gl.CompiledGrammar, text: str) -> bool:
    matcher = compiled.matcher()
    return matcher.accept_bytes(text.encode()) and matcher.is_accepting()


def _texts(
    written: Written,
    grammar: gl.Regex,
    compiled: gl.CompiledGrammar | None,
    chance: random.Random,
    longest: int,
) -> tuple[list[str], bool]:
    """Different texts, and whether there should have been more members among them."""
    found: dict[str, None] = {}

    def known(text: str) -> bool:
        return grammar.dialect == "python" or is_settled(text)

    def take(texts: Iterable[str | None], number: int, tries: int) -> None:
        goal = len(found) + number
        for text, _ in zip(texts, range(tries), strict=False):
            if len(found) == goal:
                break
            if text is not None and len(text) <= longest and known(text):
                found[text] = None

    lacking = False
    if compiled is not None:
        members = Members(grammar)
        take((masked(compiled, chance) for _ in iter(int, 1)), _MASKED, 2 * _MASKED)
        take((members.walked(chance) for _ in iter(int, 1)), _WALKED, 2 * _WALKED)
        if len(found) < ACCEPTED:
            shortest = [text for text in members.shortest(ACCEPTED) if known(text)]
            take(shortest, ACCEPTED - len(found), ACCEPTED)
            lacking = len(found) < len(shortest)
    flags = written.flags
    take(derived(written.pattern, flags, grammar.search, chance), _DERIVED, 3 * _DERIVED)
    found.setdefault("")
    alphabet = "".join(char for char in sorted(set(written.pattern)) if known(char))
    take(edited(list(found), alphabet, chance), TEXTS - len(found), 100 * TEXTS)
    return list(found), lacking


# -- the table ------------------------------------------------------------------------------------


def main() -> None:
    print("# Regular expressions of two corpora against two engines\n")
    print(
        "Every `re.compile` of the standard library (and of its tests) whose arguments are "
        "literal, and every `pattern` and key of `patternProperties` of the development cases of "
        "MaskBench, in both dialects as far as Python's `re`, or Node's RegExp with the `u` flag, "
        "takes them; matched whole, and searched for. For each pattern a hundred different texts: "
        "random walks along the masks and along the language, texts derived from the tree of "
        "the standard library's parser, and all of these with characters changed. At least "
        "thirty are members, where the language has as many.\n"
    )
    print(f"{date.today()}, `python -m {__spec__.name}`, {_versions()}:\n")
    for line in table():
        print(line, flush=True)


def _versions() -> str:
    node = shutil.which("node")
    if node is None:
        return f"Python {platform.python_version()}, without Node"
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return f"Python {platform.python_version()}, Node {done.stdout.strip()}"


def table() -> Iterator[str]:
    """The comparison of everything, as lines of a table; slow."""
    yield (
        "| dialect | patterns of | | the judge takes | and not | refused | empty | under 30 texts "
        "| texts | accepted | unjudged | disagreements | s |"
    )
    yield "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    refused: Counter[tuple[str, str, str]] = Counter()
    found: list[Any] = []
    for dialect in DIALECTS:
        judge = judges.python() if dialect == "python" else judges.node()
        if judge is None:
            continue
        with judge:
            for name, corpus in CORPORA.items():
                for search in (False, True):
                    made = compare(corpus(), dialect, judge, search=search)
                    figures: list[object] = [
                        dialect,
                        name,
                        "searched" if search else "whole",
                        f"{made.patterns:,}",
                        made.malformed,
                        sum(made.refused.values()),
                        made.empty,
                        made.few,
                        f"{made.texts:,}",
                        f"{made.accepted:,}",
                        len(made.unjudged),
                        len(made.differing),
                        f"{made.seconds:.0f}",
                    ]
                    yield f"| {' | '.join(map(str, figures))} |"
                    for reason, number in made.refused.items():
                        refused[dialect, name, reason] = number
                    found += made.differing
    yield ""
    yield "Refused:"
    yield ""
    yield "| dialect | patterns of | reason | patterns |"
    yield "|---|---|---|---:|"
    for (dialect_, name, reason), number in sorted(refused.items()):
        yield f"| {dialect_} | {name} | {reason} | {number} |"
    for written, text, said in found:
        yield f"\nDisagreement: {written} {text!r}: {said}"


if __name__ == "__main__":
    main()
