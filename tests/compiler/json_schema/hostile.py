"""Schemas built to explode, and what each costs in a process of its own.

    python -m tests.compiler.json_schema.hostile                  # the table of benchmarks/results
    python -m tests.compiler.json_schema.hostile contains/12 ...  # some of them, as lines of JSON

Each family has a parameter that grows. A case may succeed or be refused by a `GrammarlibError`,
when compiled or later; either way compiling, the first mask and a random walk of 50 bytes along the
masks take at most `SECONDS` of processor time and `MEGABYTES` above what the interpreter, the
library and an empty grammar take. A process that goes far beyond is killed and counted as such.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

SECONDS = 2.0
MEGABYTES = 500
KILL_SECONDS = 20
KILL_MEGABYTES = 4_000
WALK = 50
BACK = 40  # how often a walk that ended early begins again
LIKELY = frozenset(b'"{}[],:abkcdnv0123456789tf')  # other bytes mostly lengthen strings and blanks
ROOT = Path(__file__).resolve().parents[3]

Schema = dict[str, Any]


class Outcome(NamedTuple):
    """What became of a case: "enforced", "refused: ...", or what went wrong."""

    name: str
    outcome: str
    seconds: float
    megabytes: float
    walked: int

    @property
    def bounded(self) -> bool:
        well = self.outcome == "enforced" or self.outcome.startswith("refused: ")
        return well and self.seconds <= SECONDS and self.megabytes <= MEGABYTES


# -- families -------------------------------------------------------------------------------------


def one_of_required(n: int) -> Schema:
    """Exactly one of n keys, said by overlapping branches: no two of 2^n."""
    return {"type": "object", "oneOf": [{"required": [f"k{i}"]} for i in range(n)]}


def one_of_nested(n: int) -> Schema:
    """Ranges that overlap, n deep."""
    schema: Schema = {"type": "integer"}
    for i in range(n):
        schema = {
            "oneOf": [
                {"properties": {"a": schema, "b": {"minimum": i}}, "required": ["a"]},
                {"properties": {"b": {"maximum": i + 2}}, "required": ["b"]},
                {"minProperties": 2},
            ]
        }
    return schema


def all_of_any_of_required(n: int) -> Schema:
    """One of two keys, n times: 2^n ways."""
    return {
        "type": "object",
        "allOf": [{"anyOf": [{"required": [f"a{i}"]}, {"required": [f"b{i}"]}]} for i in range(n)],
    }


def all_of_any_of_values(n: int) -> Schema:
    """Branches about the same keys, whose products hardly ever contradict each other."""
    return {
        "allOf": [
            {
                "anyOf": [
                    {"properties": {f"k{i}": {"enum": [0, 1]}, f"k{i + 1}": {"type": "string"}}},
                    {"properties": {f"k{i}": {"enum": [1, 2]}}, "required": [f"k{i + 1}"]},
                ]
            }
            for i in range(n)
        ]
    }


def all_of_any_of_numbers(n: int) -> Schema:
    return {
        "type": "integer",
        "allOf": [{"anyOf": [{"multipleOf": i + 2}, {"minimum": 10 * i}]} for i in range(n)],
    }


def deep_not(n: int) -> Schema:
    """Negations around objects."""
    schema: Schema = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    for i in range(n):
        schema = {"not": {"properties": {"a": schema, f"b{i % 3}": {"minimum": i}}}}
    return schema


def recursive_not(n: int) -> Schema:
    """n definitions, each the opposite of what the next two say about its children."""
    definitions = {
        f"d{i}": {
            "type": ["object", "null"],
            "oneOf": [
                {"not": {"properties": {"a": {"$ref": f"#/$defs/d{(i + 1) % n}"}}}},
                {"properties": {"b": {"$ref": f"#/$defs/d{(i + 2) % n}"}}},
            ],
        }
        for i in range(n)
    }
    return {"$ref": "#/$defs/d0", "$defs": definitions}


def pattern_properties(n: int) -> Schema:
    """Patterns of which any set may match a key."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return {
        "type": "object",
        "patternProperties": {letters[i]: {"minimum": i} for i in range(n)},
        "additionalProperties": False,
    }


def contains(n: int) -> Schema:
    """n demands that overlap in fewer items than demands: set cover."""
    return {
        "type": "array",
        "allOf": [{"contains": {"enum": [i, (i * 3 + 1) % n, (i * 5 + 2) % n]}} for i in range(n)],
        "maxItems": max(1, n // 3),
    }


def unique_items(n: int) -> Schema:
    """All of finitely many objects, each once."""
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"a": {"enum": list(range(n))}, "b": {"type": "boolean"}},
            "required": ["a", "b"],
            "additionalProperties": False,
        },
        "uniqueItems": True,
        "minItems": 2 * n,
    }


def enum_of_objects(n: int) -> Schema:
    return {"enum": [{"id": i, "name": f"n{i * 7919 % n}", "at": [i % 3, i % 5]} for i in range(n)]}


def dependent_cycle(n: int) -> Schema:
    return {
        "type": "object",
        "dependentRequired": {f"k{i}": [f"k{(i + 1) % n}", f"k{i * 2 % n}"] for i in range(n)},
        "minProperties": 1,
        "maxProperties": n - 1,
    }


def count_properties(n: int) -> Schema:
    return {
        "type": "object",
        "properties": {f"key{i}": {"type": "integer"} for i in range(n)},
        "additionalProperties": False,
        "minProperties": n // 2,
        "maxProperties": n // 2 + 1,
    }


def property_names(n: int) -> Schema:
    """The n-th letter from the end: an automaton of 2^n states."""
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^(a|b)*a(a|b){{{n}}}$"},
        "minProperties": 2,
    }


def unevaluated(n: int) -> Schema:
    """Which keys are evaluated depends on which of n branches hold."""
    return {
        "type": "object",
        "anyOf": [
            {"properties": {f"k{i}": {"minimum": i}, f"k{i + 1}": {"maximum": 9}}} for i in range(n)
        ],
        "unevaluatedProperties": False,
    }


def unevaluated_items(n: int) -> Schema:
    return {
        "type": "array",
        "anyOf": [{"prefixItems": [{"minimum": j - i} for j in range(i + 1)]} for i in range(n)],
        "unevaluatedItems": {"type": "string"},
    }


def giant_bounds(n: int) -> Schema:
    """Powers of ten where a count or a number is meant."""
    big = 10**n
    return [
        {"type": "array", "minItems": big},
        {"type": "string", "minLength": big, "maxLength": 2 * big},
        {"type": "object", "minProperties": big},
        {"type": "integer", "minimum": big, "maximum": big + 1, "multipleOf": 7},
        {"type": "array", "contains": {"const": 1}, "minContains": big},
        {"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": True, "minItems": big},
    ][n % 6]


def dynamic_web(n: int) -> Schema:
    """n resources that each redefine the node of all others."""
    definitions = {
        f"d{i}": {
            "$id": f"http://x.test/d{i}",
            "$dynamicAnchor": "node",
            "properties": {
                "a": {"$ref": f"d{(i + 1) % n}"},
                "b": {"$dynamicRef": "#node"},
                "c": {"$ref": f"d{(i * 3 + 1) % n}"},
                f"v{i}": {"type": "integer"},
            },
        }
        for i in range(n)
    }
    return {"$id": "http://x.test/root", "$ref": "d0", "$defs": definitions}


def conditionals(n: int) -> Schema:
    """if/then/else, each in the else of the one before."""
    schema: Schema = {"properties": {"z": {"type": "null"}}}
    for i in range(n):
        schema = {
            "if": {"properties": {"kind": {"const": i}}, "required": ["kind"]},
            "then": {"required": [f"k{i}"]},
            "else": schema,
        }
    return schema


def conditionals_beside(n: int) -> Schema:
    """if/then/else beside each other, about keys of their own."""
    return {
        "type": "object",
        "allOf": [
            {
                "if": {"properties": {f"a{i}": {"type": "string"}}},
                "then": {"required": [f"b{i}"]},
                "else": {"properties": {f"c{i}": False}},
            }
            for i in range(n)
        ],
    }


def patterns_together(n: int) -> Schema:
    """A string with each of n letters: an automaton of 2^n states."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return {"type": "string", "allOf": [{"pattern": letters[i]} for i in range(n)]}


def multiples(n: int) -> Schema:
    """Multiples of all, and of none but, the first primes."""
    primes = [p for p in range(2, 200) if all(p % q for q in range(2, p))][:n]
    return {
        "type": "integer",
        "allOf": [{"multipleOf": p} for p in primes[::2]],
        "not": {"anyOf": [{"multipleOf": p} for p in primes[1::2]]},
    }


def reference_dag(n: int) -> Schema:
    """2^n ways through n definitions, in place."""
    definitions: Schema = {
        f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}, {"not": {"$ref": f"#/$defs/d{i + 1}"}}]}
        for i in range(n)
    }
    definitions[f"d{n}"] = {"properties": {"a": {"type": "integer"}}, "required": ["a"]}
    return {"allOf": [{"$ref": "#/$defs/d0"}] * 2, "$defs": definitions}


FAMILIES: dict[Callable[[int], Schema], list[int]] = {
    one_of_required: [3, 8, 16, 32, 64],
    one_of_nested: [2, 4, 8, 16],
    all_of_any_of_required: [4, 8, 16, 32],
    all_of_any_of_values: [4, 8, 16, 32],
    all_of_any_of_numbers: [4, 8, 16, 32],
    deep_not: [3, 10, 40, 150],
    recursive_not: [2, 5, 20],
    pattern_properties: [3, 8, 16, 32, 52],
    contains: [3, 6, 12, 24],
    unique_items: [2, 5, 20, 100],
    enum_of_objects: [10, 1_000, 10_000, 50_000],
    dependent_cycle: [3, 10, 50, 300],
    count_properties: [10, 50, 200, 800],
    property_names: [3, 8, 16, 32, 100],
    unevaluated: [3, 8, 16, 32, 64],
    unevaluated_items: [3, 8, 16, 32],
    giant_bounds: [6, 7, 8, 9, 10, 11, 18, 300, 303],
    dynamic_web: [2, 5, 15, 40],
    conditionals: [3, 10, 30, 60],
    conditionals_beside: [3, 8, 16, 60],
    patterns_together: [3, 8, 16, 24],
    multiples: [2, 4, 8, 16],
    reference_dag: [3, 10, 30, 60],
}

CASES: dict[str, tuple[Callable[[int], Schema], int]] = {
    f"{family.__name__}/{n}": (family, n) for family, sizes in FAMILIES.items() for n in sizes
}


# -- in a process of its own ----------------------------------------------------------------------


def _peak() -> float:
    """The peak resident set of this process, in megabytes (Linux counts kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(name: str) -> Outcome:
    """Compile a case, fill the first mask, walk; in this process."""
    import numpy as np

    import grammarlib as gl

    vocab = gl.Vocabulary.from_tokens([*[bytes([i]) for i in range(256)], b"<end>"], eos_ids=[256])
    mask = gl.allocate_token_bitmask(1, 257)
    gl.compile(gl.JSONSchema({"type": "object"}, property_order="any"), vocab).matcher()
    family, n = CASES[name]
    schema = family(n)
    base, begun = _peak(), time.process_time()
    walked = 0
    try:
        compiled = gl.compile(gl.JSONSchema(schema, property_order="any"), vocab)
        chance = random.Random(name)
        matcher = compiled.matcher()
        for _ in range(BACK):
            while walked < WALK:
                matcher.fill_next_token_bitmask(mask)
                bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
                tokens = [int(token) for token in np.flatnonzero(bits[:257])]
                if not tokens:
                    raise AssertionError("dead end")
                likely = [token for token in tokens if token in LIKELY]
                token = chance.choice(likely if likely and chance.random() < 0.9 else tokens)
                if token == 256 or not matcher.accept_token(token):
                    break
                walked += 1
            matcher = compiled.matcher()
        outcome = "enforced"
    except gl.GrammarlibError as error:
        outcome = f"refused: {error}"[:160]
    except BaseException as error:
        outcome = f"crashed: {error!r}"[:160]
    return Outcome(name, outcome, time.process_time() - begun, max(0.0, _peak() - base), walked)


def apart(*names: str, seconds: int = KILL_SECONDS) -> list[Outcome]:
    """`measure` in a process for these cases alone, which is killed past its limits."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (KILL_MEGABYTES << 20, KILL_MEGABYTES << 20))

    command = [sys.executable, "-m", "tests.compiler.json_schema.hostile", *names]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, preexec_fn=limit, check=False
    )
    outcomes = [Outcome(*json.loads(line)) for line in done.stdout.splitlines()]
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        ended = f"killed ({done.returncode}) {last}"[:160]
        outcomes.append(Outcome(names[len(outcomes)], ended, seconds, 0.0, 0))
    return outcomes


def table(outcomes: list[Outcome]) -> Iterator[str]:
    yield "| case | outcome | s | MB | bytes walked | |"
    yield "|---|---|---:|---:|---:|---|"
    for case in outcomes:
        outcome = case.outcome.replace("|", "\\|")
        figures = f"{case.seconds:.2f} | {case.megabytes:.0f} | {case.walked}"
        yield f"| {case.name} | {outcome} | {figures} | {'' if case.bounded else 'over'} |"


def main() -> None:
    if names := sys.argv[1:]:
        for name in names:
            print(json.dumps(measure(name)), flush=True)
        return
    print("# Schemas built to explode\n")
    print(
        "Compiling, the first mask and a random walk of 50 bytes along the masks, each case in a "
        "process of its own: processor time, and peak memory above that of an empty grammar. Over "
        f"{SECONDS:.0f} s or {MEGABYTES} MB is over; a vocabulary of single bytes, keys in any "
        "order.\n"
    )
    print(f"{date.today()}, `python -m {__spec__.name}`:\n")
    print("\n".join(table([outcome for name in CASES for outcome in apart(name)])))


if __name__ == "__main__":
    main()
