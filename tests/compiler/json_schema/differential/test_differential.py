"""Compiled grammars against two judges on random documents and instances: nothing differs.

The default run takes some documents of every draft; ``-m exhaustive`` goes on until 200,000 pairs
are judged, and prints what was drawn and what was refused. A failure prints smaller documents with
the same fault, and the seeds that replay them (``runner`` says how).
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from grammarlib import _core
from grammarlib.compiler.json_schema.drafts import BY_URI
from tests.compiler.json_schema.differential import by_jsonschema, runner
from tests.compiler.json_schema.differential.apart import apart
from tests.compiler.json_schema.differential.runner import (
    END,
    Finding,
    Tally,
    explained,
    run,
    shrunk,
)
from tests.compiler.json_schema.differential.schemas import document, interacting, keywords_of
from tests.compiler.json_schema.judge import DRAFTS
from tests.oracle.json_schema import KNOWN

PAIRS = 200_000
CHUNK = 250
REFERENCES = {
    "4": {"$ref", "id"},
    "6": {"$ref", "$id"},
    "7": {"$ref", "$id"},
    "2019-09": {"$ref", "$id", "$anchor", "$recursiveRef", "$recursiveAnchor", "$defs"},
    "2020-12": {"$ref", "$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$defs"},
}


@pytest.mark.parametrize("draft", DRAFTS)
def test_nothing_differs(draft: str) -> None:
    tally = apart(draft, range(120))
    assert not tally.findings, "\n".join(explained(tally.findings))
    assert tally.pairs + tally.widened > 300
    assert 0.3 <= tally.drawn_valid / tally.drawn <= 0.7
    assert tally.places > 200
    assert tally.finished > 0.9 * tally.walks > 50


@pytest.mark.exhaustive
def test_nothing_differs_in_two_hundred_thousand_pairs() -> None:
    total = Tally()
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for first in count(1_000_000, CHUNK):
            seeds = range(first, first + CHUNK)
            for tally in workers.map(apart, DRAFTS, [seeds] * len(DRAFTS)):
                total.add(tally)
            if total.pairs + total.widened >= PAIRS:
                break
    print("\n" + "\n".join(total.report()))
    assert not total.findings, "\n".join(explained(total.findings))
    assert 0.3 <= total.drawn_valid / total.drawn <= 0.7
    assert total.interacting >= 0.4 * total.documents.total()


@pytest.mark.parametrize("draft", DRAFTS)
def test_documents_use_every_keyword_and_let_them_meet(draft: str) -> None:
    number = 500
    documents = [document(draft, seed) for seed in range(number)]
    used: Counter[str] = Counter()
    for made in documents:
        used.update(set().union(*map(keywords_of, [made.schema, *made.remotes.values()])))
    rare = {word: used[word] for word in KNOWN[draft] | REFERENCES[draft] if used[word] < 10}
    assert rare == {}
    assert sum(interacting(made.schema) for made in documents) >= 0.4 * number


@pytest.mark.parametrize("draft", DRAFTS)
def test_documents_are_what_the_metaschema_allows(draft: str) -> None:
    for seed in range(40):
        by_jsonschema.CLASSES[draft].check_schema(document(draft, seed).schema)


def test_a_seed_is_a_document_and_its_verdicts() -> None:
    assert document("2020-12", 7) == document("2020-12", 7)
    first, again = run("7", range(20)), run("7", range(20))
    first.slowest = again.slowest = []
    assert first == again


# -- what the runner sees -------------------------------------------------------------------------


def _first(draft: str, kind: str) -> Finding:
    """The first finding of a kind; the bugs here show within a few dozen compiled documents."""
    for seed in range(500):
        for finding in run(draft, range(seed, seed + 1)).findings:
            if finding.kind == kind:
                return finding
    raise AssertionError(f"nothing is {kind}")


def _plant(monkeypatch: pytest.MonkeyPatch, keyword: str, handle: int | None) -> None:
    """Let a keyword, alone where it stands, mean a fixed value; None asserts nothing."""
    keywords: Any = BY_URI[DRAFTS["2020-12"]].keywords
    monkeypatch.setitem(keywords, keyword, (0, lambda *_: handle))


@pytest.mark.parametrize("keyword", ["enum", "allOf", "dependentRequired"])
@pytest.mark.parametrize(
    ("handle", "kind"),
    [(None, "accepted wrongly"), (_core.SchemaBuilder.NEVER, "rejected wrongly")],
)
def test_a_planted_keyword_is_seen(
    keyword: str, handle: int | None, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plant(monkeypatch, keyword, handle)
    assert _first("2020-12", kind)


def test_a_finding_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(monkeypatch, "const", None)
    finding = _first("2020-12", "accepted wrongly")
    made, text = shrunk(finding)
    assert len(keywords_of(made.schema) - {"$schema", "const"}) <= 3
    assert len(text) <= 20


def test_a_wrong_bit_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = runner.allowed
    monkeypatch.setattr(runner, "allowed", lambda matcher: [*allowed(matcher), 0])
    assert _first("7", "mask")


def test_a_dead_end_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = runner.allowed

    def none_in_the_end(matcher: Any) -> list[int]:
        return [token for token in allowed(matcher) if token != END]

    monkeypatch.setattr(runner, "allowed", none_in_the_end)
    assert _first("7", "dead end")


def test_a_text_that_walks_astray_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "walk", lambda matcher, chance: (b'{"a":1,"a":1}', True))
    assert "a key is repeated" in _first("7", "walked astray").detail


def test_a_process_that_hangs_is_seen() -> None:
    tally = apart("7", range(10), longest=1e-3)
    assert {finding.kind for finding in tally.findings} == {"hung or died"}
    assert tally.documents["7"] == 10


def test_judges_that_differ_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_jsonschema, "_search", lambda pattern, text: True)
    assert _first("6", "judges differ")
