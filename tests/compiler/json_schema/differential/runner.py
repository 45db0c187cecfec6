"""Random documents and instances through compiled grammars and two judges; disagreements, counted.

    python -m tests.compiler.json_schema.differential.runner 2020-12 17       # replay one document
    python -m tests.compiler.json_schema.differential.runner 2020-12 0 4000   # a range of them

For each document: its instances as JSON text in varied spellings, each against the judge by the
specification, which ``jsonschema`` has to agree with where it is known to be right; then the mask
law at a few places, and random walks along the masks, whose texts are judged too. Refusals are
counted by keyword and reason; the rest of a refused document is enforced all the same
(``unsupported="record"``), and must not reject what is valid. What is wrong is a `Finding`, and can
be replayed from its seed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import numpy as np
from referencing import Registry, Resource
from referencing.jsonschema import specification_with

import grammarlib as gl
from tests.compiler.json_schema.differential.by_jsonschema import CLASSES, ByJsonschema, judged
from tests.compiler.json_schema.differential.instances import Instances
from tests.compiler.json_schema.differential.schemas import (
    Document,
    document,
    interacting,
    keywords_of,
)
from tests.compiler.json_schema.differential.schemas import walk as walk_schema
from tests.compiler.json_schema.differential.shrink import shrink
from tests.compiler.json_schema.judge import DRAFTS
from tests.oracle.json_schema import Judge, Undecided, Unresolvable
from tests.oracle.json_writer import Compact, Varied, write

STEPS = 3_000  # schemas that a verdict may evaluate; the share of instances past it is tiny
CANDIDATES = ["aimed"] * 7 + ["loosened"] * 5 + ["near"] * 5 + ["any"]
OF_EACH = 5  # instances of each verdict that are taken of the candidates
PLACES = 3
LARGEST = 1_100
STRUCTURE = {"$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$defs", "definitions"}
WALK = 40
FINISH = 160
PIECES = """
{" ": "} "a" "a": {"a": [[ [1 ,1 1] ]] }} },{ true false null ,"a ab "ab aa \\u \\u00 \\u0061 😀 é
1. .0 0e e1 10 00 ":1 "] ], {} [] 0,0 ,{" ," "a":1,"b": {"a":1,"b":2} [1,1] [1,1.0]
"""
BLANK = [b', "', b'": ', b"\n  ", b"  ", b": ", b", "]
TOKENS = [
    *[bytes([byte]) for byte in range(256)],
    *(piece.encode() for piece in PIECES.split()),
    *BLANK,
    b"<end>",
]
END = len(TOKENS) - 1

Kind = Literal[
    "accepted wrongly", "rejected wrongly", "called invalid", "crashed", "mask", "dead end",
    "walked astray", "judges differ", "hung or died",
]  # fmt: skip


class Finding(NamedTuple):
    """Something wrong: which document, and after which text."""

    draft: str
    seed: int
    kind: Kind
    text: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: draft {self.draft}, seed {self.seed}: {self.text!r} {self.detail}"


@dataclass
class Tally:
    """What was seen."""

    documents: Counter[str] = field(default_factory=Counter)
    keywords: dict[str, Counter[str]] = field(default_factory=dict)
    interacting: int = 0
    compiled: int = 0
    drawn: int = 0
    drawn_valid: int = 0
    pairs: int = 0
    widened: int = 0
    by_both: int = 0
    undecided: int = 0
    empty: int = 0
    satisfied: int = 0
    places: int = 0
    walks: int = 0
    finished: int = 0
    refused_late: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str, int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name, mine in vars(self).items():
            theirs = getattr(other, name)
            if name == "keywords":
                for draft, counts in theirs.items():
                    mine.setdefault(draft, Counter()).update(counts)
            elif isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, name, mine + theirs)
        self.slowest = sorted(self.slowest, reverse=True)[:5]

    def report(self) -> Iterator[str]:
        documents = self.documents.total()
        yield f"documents         {documents} ({dict(self.documents)})"
        yield f"  interacting     {self.interacting / documents:.1%}"
        yield f"  compiled        {self.compiled} ({self.compiled / documents:.1%})"
        yield f"  with a valid instance  {self.satisfied}; empty by the compiler {self.empty}"
        valid = self.drawn_valid / max(1, self.drawn)
        yield f"instances         {self.drawn}, valid {valid:.1%}"
        yield f"  judged by both  {self.by_both}, undecided {self.undecided}"
        yield f"pairs             {self.pairs}"
        yield f"  of refused documents, valid ones  {self.widened}"
        yield f"refused late      {self.refused_late}"
        yield f"masks compared    {self.places}"
        yield f"walks             {self.walks}, finished {self.finished}"
        for draft, counts in self.keywords.items():
            of = self.documents[draft]
            rarest = [f"{word} {n / of:.1%}" for word, n in counts.most_common()[::-1]]
            yield f"keywords of {draft}: {', '.join(rarest)}"
        yield "refusals"
        yield from (f"  {number:6} {reason}" for reason, number in self.refusals.most_common())
        shown = ", ".join(f"{s:.2f} s {draft}/{seed}" for s, draft, seed in self.slowest)
        yield f"slowest           {shown}"
        yield f"findings          {len(self.findings)}"
        yield from (f"  {finding}" for finding in self.findings[:40])


# -- one document ---------------------------------------------------------------------------------

_VOCABULARY: list[gl.Vocabulary] = []


def vocabulary() -> gl.Vocabulary:
    if not _VOCABULARY:
        _VOCABULARY.append(gl.Vocabulary.from_tokens(TOKENS, eos_ids=[END]))
    return _VOCABULARY[0]


def compiled(made: Document, order: Any = "any", unsupported: Any = "error") -> gl.CompiledGrammar:
    specification = specification_with(DRAFTS[made.draft])
    registry: Registry[Any] = Registry().with_resources(
        (uri, Resource.from_contents(contents, default_specification=specification))
        for uri, contents in made.remotes.items()
    )
    grammar = gl.JSONSchema(
        made.schema,
        property_order=order,
        format="annotate",
        registry=registry,
        unsupported=unsupported,
    )
    return gl.compile(grammar, vocabulary())


def parse(text: str) -> Any:
    """The value of a JSON text; ValueError if a key is repeated, Undecided of 1e999999999."""
    return json.loads(text, parse_float=_decimal, object_pairs_hook=_members)


def _decimal(numeral: str) -> Decimal:
    value = Decimal(numeral)
    if abs(value.adjusted()) > LARGEST:
        raise Undecided("a number too large to be written out")
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key is repeated")
    return members


def reason(error: gl.GrammarlibError) -> str:
    """What a refusal is counted as: numbers and names in it do not matter."""
    if isinstance(error, gl.UnsupportedSchema):
        words = [w for w in error.reason.split() if not any(c.isdigit() or c == "'" for c in w)]
        return f"{error.keyword}: {' '.join(words)}"
    return f"{type(error).__name__}: {error}"


class Trial:
    """A document and everything that judges it."""

    def __init__(self, made: Document, seed: int) -> None:
        self.made = made
        self.seed = seed
        self.chance = random.Random(f"instances/{made.draft}/{seed}")
        self.judge = Judge(made.schema, made.draft, made.remotes, STEPS)
        self.second = None
        if judged(made.draft, [made.schema, *made.remotes.values()]):
            self.second = ByJsonschema(made.schema, made.draft, made.remotes)
        self.tally = Tally()
        self.wide = False  # whether keywords are skipped, so that more is accepted than is valid

    def finding(self, kind: Kind, text: str, detail: str = "") -> None:
        self.tally.findings.append(Finding(self.made.draft, self.seed, kind, text, detail))

    def run(self) -> Tally:
        tally, made = self.tally, self.made
        begun = time.process_time()
        tally.documents[made.draft] += 1
        used = set().union(*map(keywords_of, [made.schema, *made.remotes.values()]))
        tally.keywords[made.draft] = Counter(used)
        tally.interacting += interacting(made.schema)
        try:
            grammar = self.compiled()
            texts = self.instances(grammar)
            if grammar is not None:
                self.laws(grammar, texts)
                self.walks(grammar)
        except gl.InvalidSchema as error:
            self.finding("called invalid", "", str(error))
        except gl.GrammarlibError as error:
            tally.refused_late += tally.compiled
            tally.refusals["late: " * tally.compiled + reason(error)] += 1
        except Exception as error:
            self.finding("crashed", "", repr(error))
        except BaseException as error:  # a panic of the core is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            self.finding("crashed", "", repr(error))
        tally.slowest.append((time.process_time() - begun, made.draft, self.seed))
        return tally

    def crashes(self, text: str) -> list[str]:
        """What goes wrong on the way of `run`, and on a text."""
        tally = self.run()
        try:
            matcher = compiled(self.made, unsupported="record").matcher()
            matcher.accept_bytes(text.encode())
        except (gl.GrammarlibError, KeyboardInterrupt):
            pass
        except BaseException as error:
            return [repr(error)]
        return [finding.detail for finding in tally.findings if finding.kind == "crashed"]

    def compiled(self) -> gl.CompiledGrammar | None:
        """The grammar; None if it is empty. A refused document is compiled as far as it goes."""
        try:
            grammar = compiled(self.made)
        except gl.EmptyLanguage:
            grammar = None
        except gl.UnsupportedSchema as error:
            self.tally.refusals[reason(error)] += 1
            self.wide = True
            try:
                return compiled(self.made, unsupported="record")
            except gl.EmptyLanguage:
                return None
        self.tally.compiled += 1
        self.tally.empty += grammar is None
        return grammar

    # -- instances --------------------------------------------------------------------------------

    def texts(self) -> Iterator[tuple[str, bool]]:
        """Texts of instances with their verdicts, as far as possible of both."""
        drawn = Instances(self.judge, self.chance)
        style = Varied(self.chance)
        kept: dict[str, bool] = {}
        value: Any = None
        for how in CANDIDATES:
            try:
                if how == "any":
                    value = drawn.any()
                elif how == "loosened":
                    value = self.loosened().aimed()
                else:
                    value = drawn.aimed()
                    for _ in range(self.chance.choice([1, 1, 2]) if how == "near" else 0):
                        value = drawn.near(value)
                text = write(value, style)
                valid = self.judge(parse(text))
            except Undecided:
                self.tally.undecided += 1
                continue
            except Unresolvable:
                continue
            if text not in kept and list(kept.values()).count(valid) < OF_EACH:
                kept[text] = valid
        yield from kept.items()

    def loosened(self) -> Instances:
        """Aims at the document without one of its keywords: what only that keyword forbids."""
        schema = deepcopy(self.made.schema)
        places = [
            (inner, keyword)
            for inner in walk_schema(schema)
            for keyword in inner
            if keyword not in STRUCTURE
        ]
        if places:
            inner, keyword = self.chance.choice(places)
            del inner[keyword]
        judge = Judge(schema, self.made.draft, self.made.remotes, STEPS)
        return Instances(judge, self.chance)

    def instances(self, grammar: gl.CompiledGrammar | None) -> list[str]:
        tally = self.tally
        texts = []
        satisfied = False
        for text, valid in self.texts():
            satisfied = satisfied or valid
            texts.append(text)
            tally.drawn += 1
            tally.drawn_valid += valid
            if self.wide:
                tally.widened += valid
            else:
                tally.pairs += 1
            if self.second is not None:
                tally.by_both += 1
                if (also := self.second(parse(text))) != valid:
                    self.finding("judges differ", text, f"jsonschema says {also}")
                    continue
            if grammar is None:
                taken = False
            else:
                matcher = grammar.matcher()
                taken = matcher.accept_bytes(text.encode()) and matcher.is_accepting()
            if taken != valid and not (taken and self.wide):
                self.finding("accepted wrongly" if taken else "rejected wrongly", text)
        tally.satisfied += satisfied
        return texts

    # -- masks ------------------------------------------------------------------------------------

    def laws(self, grammar: gl.CompiledGrammar, texts: list[str]) -> None:
        """The mask law at random places of the texts, as far as they are accepted."""
        for text in self.chance.sample(texts, min(PLACES, len(texts))):
            data = text.encode()
            data = data[: self.chance.randint(0, len(data))]
            matcher = grammar.matcher()
            while not matcher.accept_bytes(data):
                matcher = grammar.matcher()
                data = data[: self.chance.randrange(len(data))]
            self.tally.places += 1
            if broken := mask_fault(matcher):
                self.finding("mask", data.decode(errors="replace"), broken)

    def walks(self, grammar: gl.CompiledGrammar) -> None:
        """A random walk in either order of properties, whose text has to be valid."""
        order = self.chance.choice(["any", "any", "declared"])
        if order == "declared":
            grammar = compiled(self.made, order, "record" if self.wide else "error")
        self.tally.walks += 1
        text, ended = walk(grammar.matcher(), self.chance)
        shown = text.decode(errors="replace")
        if ended is None:
            self.finding("dead end", shown, f"property order: {order}")
        elif ended:
            self.tally.finished += 1
            try:
                if not self.judge(parse(text.decode())) and not self.wide:
                    self.finding("walked astray", shown, f"property order: {order}")
            except Undecided:
                self.tally.undecided += 1
            except ValueError as error:
                self.finding("walked astray", shown, f"property order: {order}: {error}")


def allowed(matcher: gl.Matcher) -> list[int]:
    mask = gl.allocate_token_bitmask(1, len(TOKENS))
    matcher.fill_next_token_bitmask(mask)
    bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
    return [int(token) for token in np.flatnonzero(bits[: len(TOKENS)])]


def mask_fault(matcher: gl.Matcher) -> str:
    """Where the mask and what is accepted differ; empty if nowhere."""
    bits = set(allowed(matcher))
    if not bits:
        return "nothing is allowed"
    for token, data in enumerate(TOKENS):
        by_token = matcher.fork().accept_token(token)
        if token == END:
            by_bytes = matcher.is_accepting()
        else:
            by_bytes = matcher.fork().accept_bytes(data)
        if not (token in bits) == by_token == by_bytes:
            return f"{data!r}: bit {token in bits}, token {by_token}, bytes {by_bytes}"
    return ""


def walk(matcher: gl.Matcher, chance: random.Random) -> tuple[bytes, bool | None]:
    """A text along the masks, and whether it is whole; None if nothing was allowed any more."""
    text = b""
    for step in range(WALK + FINISH):
        tokens = allowed(matcher)
        if not tokens:
            return text, None
        if END in tokens and (step > 0.3 * WALK or chance.random() < 0.3):
            return text, True
        tokens = [token for token in tokens if token != END] or tokens
        closing = [token for token in tokens if TOKENS[token] in (b'"', b"}", b"]", b"0", b"1")]
        if closing and (step > WALK or chance.random() < 0.3):
            tokens = closing
        elif chance.random() < 0.5:  # rather what is written than any byte
            tokens = [token for token in tokens if TOKENS[token] in LIKELY] or tokens
        token = chance.choice(tokens)
        if token == END:
            return text, True
        text += TOKENS[token]
        if not matcher.accept_token(token):
            return text, None
    return text, False


LIKELY = {bytes([byte]) for byte in b'"[]{},:abc0123.-tfn'} | set(TOKENS[256:END])


# -- again, and smaller ---------------------------------------------------------------------------


def fault(made: Document, finding: Finding, text: str) -> bool:
    """Whether a document, with a text where the kind has one, still shows a fault."""
    kind = finding.kind
    judge = Judge(made.schema, made.draft, made.remotes, STEPS)
    if kind == "called invalid":
        CLASSES[made.draft].check_schema(made.schema)
        _resolve_all(judge)
        try:
            compiled(made)
        except gl.InvalidSchema:
            return True
        return False
    if kind == "crashed":
        return finding.detail in Trial(made, finding.seed).crashes(text)
    unsupported = "error" if kind == "accepted wrongly" else "record"
    try:
        grammar = compiled(made, unsupported=unsupported)
    except gl.EmptyLanguage:
        return kind == "rejected wrongly" and judge(parse(text))
    matcher = grammar.matcher()
    if kind in ("mask", "dead end"):
        return matcher.accept_bytes(text.encode()) and bool(mask_fault(matcher))
    taken = matcher.accept_bytes(text.encode()) and matcher.is_accepting()
    valid = judge(parse(text))
    if kind == "judges differ":
        return ByJsonschema(made.schema, made.draft, made.remotes)(parse(text)) != valid
    return taken != valid and taken == (kind != "rejected wrongly")


def _resolve_all(judge: Judge) -> None:
    """Raise if some reference leads nowhere, or, Python's error, in circles."""
    for value in (None, 0, "", [], {}):
        judge(value)
    for resource in judge.resources.values():
        for schema in walk_schema(resource):
            list(judge.references(schema, judge.scope_in(schema, judge.start)))


def shrunk(finding: Finding) -> tuple[Document, str]:
    """The document of a finding and its text, made smaller."""
    made = document(finding.draft, finding.seed)
    text = finding.text

    def still(parts: Any) -> bool:
        try:
            smaller = Document(made.draft, parts["schema"], parts["remotes"])
            spelled = parts.get("text", text)
            if "value" in parts:
                spelled = write(parts["value"], Compact())
            return fault(smaller, finding, spelled)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            return False

    parts = {"schema": made.schema, "remotes": made.remotes}
    if finding.kind in ("accepted wrongly", "rejected wrongly", "walked astray", "judges differ"):
        by_value = {**parts, "value": parse(text)}
        parts = by_value if still(by_value) else parts
    if finding.kind == "hung or died" or not still(parts):
        return made, text
    parts = shrink(parts, lambda p: isinstance(p, dict) and parts.keys() == p.keys() and still(p))
    less = Document(made.draft, parts["schema"], parts["remotes"])
    if "value" in parts:
        text = write(parts["value"], Compact())
    elif finding.kind in ("mask", "dead end"):
        starts = [text[:i] for i in range(len(text))]
        text = next((start for start in starts if still({**parts, "text": start})), text)
    return less, text


def explained(findings: list[Finding], most: int = 5) -> Iterator[str]:
    """The first findings of each kind, made smaller."""
    for kind in sorted({finding.kind for finding in findings}):
        for finding in [f for f in findings if f.kind == kind][:most]:
            made, text = shrunk(finding)
            yield str(finding)
            yield f"  smaller: {text!r} {json.dumps(made.schema, default=float)}"
            if made.remotes:
                yield f"  with {json.dumps(made.remotes, default=float)}"


# -- many -----------------------------------------------------------------------------------------


def run(draft: str, seeds: range) -> Tally:
    """The documents of some seeds."""
    total = Tally()
    for seed in seeds:
        total.add(Trial(document(draft, seed), seed).run())
    return total


def main() -> None:
    draft, first = sys.argv[1], int(sys.argv[2])
    last = int(sys.argv[3]) if len(sys.argv) > 3 else first + 1
    tally = run(draft, range(first, last))
    print("\n".join([*tally.report(), *explained(tally.findings)]))


if __name__ == "__main__":
    main()
