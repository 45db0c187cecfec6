"""The report: what a file of records amounts to, as Markdown.

Times of one engine are over the schemas that *it* passes; engines pass different schemas, so only
the tables of pairs compare them: these are over the schemas that both pass. Ratios are the other
engine's figure divided by that of the first engine: above one, the first is faster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import astuple
from typing import Any, Final

import numpy as np

from benchmarks.masks import figures
from benchmarks.masks.figures import Summary, Times
from benchmarks.masks.records import OUTCOMES, Played, Record
from benchmarks.masks.tables import number, ratio, share, table

__all__ = ["report"]

_MEASURES: Final[dict[str, Callable[[Iterable[Record]], Times]]] = {
    "TTFM": figures.first_masks,
    "TBM": figures.tokens,
}
_REASONS = 12
_SLOWEST = 5


def report(run: dict[str, Any], records: list[Record]) -> str:
    """Lay out a run.

    Parameters
    ----------
    run : dict
        The header of the file: what was run, on what.
    records : list of Record
    """
    engines = list(dict.fromkeys(record.engine for record in records))
    by_engine = {name: [r for r in records if r.engine == name] for name in engines}
    parts = ["# MaskBench", _about(run)]
    if not records:
        return "\n\n".join([*parts, "Nothing was measured.", ""])
    parts += ["## Verdicts", _outcomes(by_engine), "## Times, µs", _times(by_engine)]
    for other in engines[1:]:
        both = figures.passed_by_all(records, [engines[0], other])
        parts += [f"## {engines[0]} and {other}", _pair(both)]
    for name in engines:
        where = _where_time_goes(by_engine[name])
        if where:
            parts += [f"## Where the time of {name} goes", where]
    for name in engines:
        parts += [f"## {name}: why not", _reasons(by_engine[name])]
        parts += [f"## {name}: slowest", _slowest(by_engine[name])]
    return "\n\n".join([*parts, ""])


def _about(run: dict[str, Any]) -> str:
    lines = [f"- {key}: {value}" for key, value in run.items() if isinstance(value, str | int)]
    for name, engine in run.get("engines", {}).items():
        notes = "; ".join(engine["notes"])
        lines.append(
            f"- {name} {engine['version']}, built in {engine['seconds']:.1f} s; {notes};"
            f" the clock adds {engine['clock_ns']} ns"
        )
    for name, why in run.get("absent", {}).items():
        lines.append(f"- {name} was not measured: {why}")
    return "\n".join(lines)


def _outcomes(by_engine: dict[str, list[Record]]) -> str:
    counts = {name: Counter(r.outcome for r in records) for name, records in by_engine.items()}
    rows = [
        [outcome, meaning, *(str(counts[name][outcome]) for name in by_engine)]
        for outcome, meaning in OUTCOMES.items()
    ]
    rows.append(["schemas", "", *(str(len(records)) for records in by_engine.values())])
    for valid, what in ((True, "valid accepted"), (False, "invalid rejected")):
        played = {
            name: [p for r in records for p in r.instances if p.valid == valid]
            for name, records in by_engine.items()
        }
        right = (f"{sum(p.accepted == valid for p in ps)} of {len(ps)}" for ps in played.values())
        rows.append([what, "of the instances played", *right])
    split = (
        str(sum(bool(p.disagreement) for r in records for p in r.instances))
        for records in by_engine.values()
    )
    rows.append(["disagreements", "instances where mask and commit differ", *split])
    return table(["", "", *by_engine], rows, 2)


def _times(by_engine: dict[str, list[Record]]) -> str:
    rows = []
    for measure, times_of in _MEASURES.items():
        for name, records in by_engine.items():
            times = times_of(r for r in records if r.outcome == "ok")
            rows.append([f"{measure} {name}", f"{len(times):,}", *_cells(times)])
    return (
        "Over the schemas that each engine passes. TTFM: compiling and the first mask, for each"
        " schema; TBM: mask and commit, for each token.\n\n"
        + table(["", "times", *Summary.names()], rows)
    )


def _cells(times: Times) -> list[str]:
    if not len(times):
        return ["–"] * len(Summary.names())
    return [number(value) for value in astuple(figures.summary(times))]


def _pair(both: dict[str, list[Record]]) -> str:
    first, other = both
    lines = [f"On the {len(both[first])} schemas that both pass, µs."]
    rows = []
    for measure, times_of in _MEASURES.items():
        ours, theirs = times_of(both[first]), times_of(both[other])
        if not len(ours) or not len(theirs):
            continue
        rows.append([f"{measure} {first}", *_cells(ours)])
        rows.append([f"{measure} {other}", *_cells(theirs)])
        factors = figures.summary(theirs).over(figures.summary(ours))
        rows.append([f"{measure} ratio", *map(ratio, factors)])
    if rows:
        lines.append(table(["", *Summary.names()], rows))
    return "\n\n".join(lines)


def _where_time_goes(records: list[Record]) -> str:
    """First visits, cache hits and commits; empty for an engine that does not tell."""
    played = [p for r in records if r.outcome == "ok" for p in r.instances]
    first = [p.fill_ns[at] for p in played for at in p.first_visits]
    if not first:
        return ""
    hits = [ns for p in played for ns in _hits(p)]
    commits = [ns for p in played for ns in p.commit_ns]
    parts = {"masks, first visit": first, "masks, cache hit": hits, "commits": commits}
    fills, total = len(first) + len(hits), sum(map(sum, parts.values()))
    rows = [
        [
            name,
            f"{len(times):,}",
            share(len(times), fills) if name != "commits" else "–",
            share(sum(times), total),
            *_cells(np.array(times, dtype=np.int64)),
        ]
        for name, times in parts.items()
    ]
    # A summary is in thousandths.
    nodes = np.array([n for p in played for n in p.nodes], dtype=np.int64) * 1000
    walked = ["nodes walked, first visit", f"{len(nodes):,}", "–", "–", *_cells(nodes)]
    return (
        "Of the tokens in the schemas that it passes; the first mask of a schema is in TTFM. Times"
        " are µs; the last line counts nodes of the vocabulary's tree.\n\n"
        + table(["", "times", "of masks", "of time", *Summary.names()], [*rows, walked])
    )


def _hits(played: Played) -> list[int]:
    first = set(played.first_visits)
    return [ns for at, ns in enumerate(played.fill_ns) if at not in first]


def _reasons(records: list[Record]) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for record in records:
        if record.outcome != "ok":
            key = (record.outcome, record.detail[:100])
            counts[key] += 1
            example.setdefault(key, record.case)
    if not counts:
        return "It passes every schema."
    rows = [
        [outcome, detail, example[outcome, detail], str(count)]
        for (outcome, detail), count in counts.most_common(_REASONS)
    ]
    left = sum(counts.values()) - sum(count for _, count in counts.most_common(_REASONS))
    more = f"\n\nAnd {left} with other reasons." if left else ""
    return table(["outcome", "reason", "for example", "schemas"], rows, 3) + more


def _slowest(records: list[Record]) -> str:
    tokens = [
        (ns, record.case, f"instance {i}, token {at}, {'mask' if fill else 'commit'}")
        for record in records
        for i, played in enumerate(record.instances)
        for fill, times in ((True, played.fill_ns), (False, played.commit_ns))
        for at, ns in enumerate(times)
    ]
    firsts = [
        (record.first_mask_ns, record.case, f"first mask, of it compiling {_us(record.compile_ns)}")
        for record in records
        if record.first_mask_ns is not None
    ]
    rows = [
        [case, what, _us(ns)]
        for found in (firsts, tokens)
        for ns, case, what in sorted(found, reverse=True)[:_SLOWEST]
    ]
    return table(["schema", "what", "µs"], rows, 2) if rows else "It measured nothing."


def _us(ns: int | None) -> str:
    return "–" if ns is None else number(ns / 1e3)
