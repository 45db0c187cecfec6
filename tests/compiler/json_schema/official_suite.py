"""The official JSON Schema test suite against compiled grammars, byte by byte.

    python -m tests.compiler.json_schema.official_suite    # the table of benchmarks/results

Each instance is spelled as JSON text, bare and with blanks and escapes, and fed to a matcher over
single bytes: could a model held by the grammar have written it? What came out is one of ``KINDS``:
a refusal is named by its error, and counted apart from a wrong verdict; only ``exact`` is done.

Numbers stay as they stand in the files (decimals, not floats), in schemas as in instances.
``NOT_ASKED`` and ``NARROWER`` list what is excused, each with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import jsonschema_specifications
from referencing import Registry, Resource
from referencing.jsonschema import specification_with

from grammarlib.compiler.compile import compile
from grammarlib.errors import EmptyLanguage, GrammarlibError, UnsupportedSchema
from grammarlib.schema import JSONSchema
from tests.compiler.json_schema.core import accepts, single_bytes
from tests.compiler.json_schema.judge import DRAFTS
from tests.compiler.json_schema.shared_data import suite_files
from tests.oracle.json_writer import Compact, Spaced, write

Tier = Literal["required", "format", "optional"]

TIERS: tuple[Tier, ...] = ("required", "format", "optional")
KINDS = ("exact", "refused", "accepted wrongly", "rejected wrongly", "crashed")
IN_SUITE = ("4", "7", "2020-12")
STYLES = (Compact(), Spaced())

NOT_ASKED: dict[str, str] = {
    "optional/dependencies-compatibility.json": (
        "2020-12 does not define `dependencies`; unknown keywords are to be ignored (core 6.5)"
    ),
    "optional/content.json": (
        "draft 7 lets `contentEncoding` and `contentMediaType` assert, later drafts do not; here "
        "they are annotations in every draft"
    ),
}
"""Files that ask for what the specification leaves open; they are not counted."""

_NO_A_LABELS = (
    "no label that begins with `xn--` is taken: which of them are valid depends on the decoded "
    "label (docs/json_schema.md, Formats)"
)
NARROWER: dict[tuple[str, str], str] = {
    (
        "optional/format/hostname.json",
        "validation of A-label (punycode) host names",
    ): _NO_A_LABELS,
    (
        "optional/format/idn-hostname.json",
        "validation of internationalized host names",
    ): _NO_A_LABELS,
    (
        "optional/format/idn-hostname.json",
        "validation of separators in internationalized host names",
    ): (
        "a label that is not ASCII is at most as long as fits however its A-label spells it, which "
        "is less than 63 octets (docs/json_schema.md, Formats)"
    ),
}
"""Groups where valid instances may be rejected: wrong in the tables, and yet no test fails."""


class Verdict(NamedTuple):
    """One test of the suite: where it stands, what came out, and of a refusal why."""

    draft: str
    tier: Tier
    file: str
    group: str
    test: str
    kind: str
    reason: str = ""


@dataclass(frozen=True)
class Group:
    """A schema of the suite with its tests."""

    draft: str
    tier: Tier
    file: str
    content: Any


def tier_of(file: str) -> Tier:
    if file.startswith("optional/format/"):
        return "format"
    return "optional" if file.startswith("optional/") else "required"


def groups(draft: str) -> Iterator[Group]:
    for file, content in suite_files(f"tests/draft{draft}"):
        for group in content:
            yield Group(draft, tier_of(file), file, group)


def remotes(draft: str) -> Registry[Any]:
    """The documents that the suite serves, in the draft of their folder, or else in this one."""
    registry: Registry[Any] = jsonschema_specifications.REGISTRY
    for name, contents in suite_files("remotes"):
        folder = name.partition("/")[0].removeprefix("draft")
        if folder in ("3", "v1"):
            continue
        specification = specification_with(DRAFTS.get(folder, DRAFTS[draft]))
        resource = Resource.from_contents(contents, default_specification=specification)
        registry = registry.with_resource(f"http://localhost:1234/{name}", resource)
    return registry


def judge(group: Group, registry: Registry[Any]) -> Iterator[Verdict]:
    """The verdicts on the tests of a group."""
    place = group.draft, group.tier, group.file, group.content["description"]
    tests = group.content["tests"]
    try:
        compiled = compile(_grammar(group, registry), single_bytes())
    except EmptyLanguage:
        compiled = None
    except Exception as error:
        for test in tests:
            yield Verdict(*place, test["description"], *_failure(error))
        return
    for test in tests:
        kind, reason = "exact", ""
        for style in STYLES:
            try:
                accepted = compiled is not None and accepts(
                    compiled.core, write(test["data"], style)
                )
            except Exception as error:
                kind, reason = _failure(error)
                break
            if accepted != test["valid"]:
                kind = "accepted wrongly" if accepted else "rejected wrongly"
                break
        yield Verdict(*place, test["description"], kind, reason)


def _grammar(group: Group, registry: Registry[Any]) -> JSONSchema:
    schema = group.content["schema"]
    if isinstance(schema, dict):
        schema = {"$schema": DRAFTS[group.draft], **schema}
    return JSONSchema(
        schema,
        property_order="any",
        format="assert" if group.tier == "format" else "annotate",
        registry=registry,
    )


def _failure(error: Exception) -> tuple[str, str]:
    if isinstance(error, UnsupportedSchema):
        return "refused", f"{error.keyword}: {error.reason}"
    if isinstance(error, GrammarlibError):
        return "refused", f"{type(error).__name__}: {error}"
    return "crashed", repr(error)


def run(draft: str, tiers: Iterable[str] = TIERS) -> list[Verdict]:
    """All verdicts of a draft."""
    registry = remotes(draft)
    return [
        verdict
        for group in groups(draft)
        if group.tier in tiers and group.file not in NOT_ASKED
        for verdict in judge(group, registry)
    ]


def exact_share(verdicts: Iterable[Verdict]) -> float:
    kinds = [verdict.kind for verdict in verdicts]
    return kinds.count("exact") / len(kinds)


def faults(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """The wrong verdicts and crashes that nothing excuses."""
    for verdict in verdicts:
        narrower = verdict.kind == "rejected wrongly" and (verdict.file, verdict.group) in NARROWER
        if verdict.kind not in ("exact", "refused") and not narrower:
            yield place(verdict)


# -- tables ---------------------------------------------------------------------------------------


def totals(verdicts: list[Verdict]) -> Iterator[str]:
    yield f"| draft | tier | tests | {' | '.join(KINDS)} | share |"
    yield "|---|---|" + "---:|" * (len(KINDS) + 2)
    for draft in IN_SUITE:
        for tier in TIERS:
            kinds = Counter(v.kind for v in verdicts if (v.draft, v.tier) == (draft, tier))
            if total := kinds.total():
                counts = " | ".join(str(kinds[kind]) for kind in KINDS)
                share = f"{kinds['exact'] / total:.1%}"
                yield f"| {draft} | {tier} | {total} | {counts} | {share} |"


def refusals(verdicts: list[Verdict]) -> Iterator[str]:
    yield "| tests | tier | reason | first met in |"
    yield "|---:|---|---|---|"
    reasons: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.kind == "refused":
            reasons.setdefault((verdict.tier, verdict.reason), []).append(verdict)
    for (tier, reason), met in sorted(reasons.items(), key=lambda entry: -len(entry[1])):
        first = f"{met[0].draft} {met[0].file}: {met[0].group}"
        yield f"| {len(met)} | {tier} | {_cell(reason)} | {_cell(first)} |"


def files(verdicts: list[Verdict]) -> Iterator[str]:
    """How many tests of each file are exact, of how many, in each draft."""
    yield f"| file | {' | '.join(IN_SUITE)} |"
    yield "|---|" + "---:|" * len(IN_SUITE)
    counted: dict[tuple[str, str], Counter[str]] = {}
    for verdict in verdicts:
        counted.setdefault((verdict.file, verdict.draft), Counter())[verdict.kind] += 1
    for file in sorted({file for file, _ in counted}, key=lambda file: (file.count("/"), file)):
        cells = [counted.get((file, draft), Counter()) for draft in IN_SUITE]
        shown = " | ".join(f"{k['exact']} of {k.total()}" if k else "" for k in cells)
        yield f"| {file} | {shown} |"


def report(verdicts: list[Verdict]) -> Iterator[str]:
    """Markdown: totals, wrong verdicts, refusals, files, and what is excused."""
    yield from totals(verdicts)
    yield "\n## Wrong verdicts\n"
    yield from [f"- {_cell(fault)}" for fault in faults(verdicts)] or ["None but these:\n"]
    for (file, group), reason in NARROWER.items():
        met = [v for v in verdicts if (v.file, v.group, v.kind) == (file, group, KINDS[3])]
        yield f"- {file}: {group}: {len(met)} valid instances rejected: {reason}."
    yield "\n## Refusals\n"
    yield from refusals(verdicts)
    yield "\n## Exact, by file\n"
    yield from files(verdicts)
    yield "\n## Not counted\n"
    yield from (f"- {file}: {reason}." for file, reason in NOT_ASKED.items())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def place(verdict: Verdict) -> str:
    """Where a verdict stands and what it is, in a line."""
    name = f"draft {verdict.draft} {verdict.file}: {verdict.group}: {verdict.test}"
    return f"{name}: {verdict.kind} {verdict.reason}".rstrip()


def main() -> None:
    verdicts = [verdict for draft in IN_SUITE for verdict in run(draft)]
    print("# The official JSON Schema test suite\n")
    print(
        "Instances spelled as JSON text, with and without blanks and escapes, against matchers "
        "over single bytes; keys in any order. `format` asserts in the tier of that name alone. A "
        "test is exact if every spelling of its instance gets the right verdict; refused if the "
        "schema is refused by name.\n"
    )
    print(f"{date.today()}, `python -m {__spec__.name}`:\n")
    print("\n".join(report(verdicts)))


if __name__ == "__main__":
    main()
