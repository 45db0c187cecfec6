"""Does the shipped model, under a grammar, complete and satisfy real schemas?

    python -m benchmarks.shipped_model [archive] [--count 200] [--max-tokens 400]

Takes schemas of MaskBench (a ``.tar.xz`` of JSON files with a ``schema`` each) in an order fixed by
``--seed``, leaves out those that the compiler refuses by name, and lets the model answer each once
at temperature 1. Prints how many answers were complete, how many of those the ``jsonschema``
package finds valid under the schema's own draft, and every error by name. The first answer that
is complete but not valid would be a bug; the exit code is then 1.

Formats are annotations here, for the grammar and for ``jsonschema`` alike, so that the two judge by
the same specification.
"""

from __future__ import annotations

import argparse
import json
import random
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
from tqdm import tqdm  # type: ignore[import-untyped]

from grammarlib.compiler.compile import CompiledGrammar, compile
from grammarlib.errors import GrammarlibError
from grammarlib.runtime.generate import request_json
from grammarlib.runtime.model import Model
from grammarlib.runtime.sampling import Sampling
from grammarlib.schema import JSONSchema

_ARCHIVE = Path(__file__).parents[2] / "shared" / "data" / "maskbench-dev.tar.xz"
_PROMPT = "An example."


def schemas(archive: Path, seed: int) -> Iterator[tuple[str, Any]]:
    """Names and schemas of the archive, in an order that the seed fixes."""
    texts: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:  # read in its own order: seeking back decompresses anew
        for member in tar:
            content = tar.extractfile(member) if member.name.endswith(".json") else None
            if content is not None:
                texts[member.name] = content.read()
    names = sorted(texts)
    random.Random(seed).shuffle(names)
    for name in names:
        yield name, json.loads(texts[name])["schema"]


def compiled(
    archive: Path, seed: int, model: Model, refused: Counter[str]
) -> Iterator[tuple[str, Any, CompiledGrammar]]:
    """The schemas that compile, with their grammars; the others are counted by error."""
    for name, schema in schemas(archive, seed):
        try:
            yield name, schema, compile(JSONSchema(schema, format="annotate"), model.vocab)
        except GrammarlibError as error:
            refused[type(error).__name__] += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("archive", nargs="?", type=Path, default=_ARCHIVE)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--max-tokens", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    model = Model.default()
    refused: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    invalid: list[str] = []
    tokens = forced = complete = answered = 0
    seconds = 0.0
    source = compiled(options.archive, options.seed, model, refused)
    progress = tqdm(range(options.count), unit="schema")
    for _, (name, schema, grammar) in zip(progress, source, strict=False):
        begun = time.perf_counter()
        try:
            (result,) = request_json(
                grammar,
                [_PROMPT],
                model=model,
                max_tokens=options.max_tokens,
                sampling=Sampling(),
                seed=options.seed,
            )
        except Exception as error:  # each kind is a finding of its own
            errors[f"{type(error).__name__}: {error} ({name})"] += 1
            continue
        seconds += time.perf_counter() - begun
        answered += 1
        tokens += len(result.tokens)
        forced += result.stats.forced
        if result.finish_reason == "stop":
            complete += 1
            if not jsonschema.validators.validator_for(schema)(schema).is_valid(result.value):
                invalid.append(f"{name}: {result.text}")
    print(f"schemas refused on the way: {dict(refused)}")
    print(f"answered: {answered}, complete: {complete}, of these valid: {complete - len(invalid)}")
    if answered:
        print(
            f"tokens: {tokens}, {tokens / seconds:.0f} a second,"
            f" {forced / tokens:.1%} forced by the grammar"
        )
    for line in [*invalid, *errors]:
        print(line)
    return 1 if invalid or errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
