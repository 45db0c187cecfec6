"""Peak memory of one process that compiles and plays every schema of MaskBench.

    python benchmarks/memory.py [archive or folder] [--cache 64]

One vocabulary serves all schemas; each compiled grammar is let go before the next. Both caches (of
the vocabulary, of the compiled grammar) get the same bound. What is compared with their sum is the
growth of the resident set since the vocabulary was there, everything of Python's included.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if not __package__:  # run by its path, not as a module: Python then looks beside this file only
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import grammarlib as gl
from benchmarks.masks import cases, vocabularies
from benchmarks.masks.tables import share, table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
MIB = 1 << 20


def resident() -> int:
    """Bytes of this process in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=SHARED / "maskbench-dev.tar.xz")
    parser.add_argument("--vocabulary", default="auto", choices=["auto", "llama3", "tekken"])
    parser.add_argument("--property-order", default="any", choices=["declared", "any"])
    parser.add_argument("--cache", type=int, default=64, help="MiB of each cache")
    asked = parser.parse_args()
    try:
        files, _ = cases.read(asked.data)
        tokens = vocabularies.find(asked.vocabulary, SHARED)
    except (OSError, ValueError, ModuleNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    bound = asked.cache * MIB
    vocab = gl.Vocabulary.from_tokens(tokens.pieces, [tokens.eos], cache_bytes=bound)
    encoding = tokens.encoding()
    gl.compile(True, vocab, cache_bytes=bound)
    gc.collect()
    start = resident()
    peak, worst, played, shared = 0, "", 0, 0
    for name, content in _progress(files):
        case = cases.parse(name, content)
        if isinstance(case, cases.Problem):
            continue
        played += play(case, vocab, encoding, asked.property_order, bound)
        grown = resident() - start
        if grown > peak:
            peak, worst = grown, name
        shared = max(shared, vocab.core.cache_memory())
    rows = [
        ["schemas compiled", f"{played:,}"],
        ["bound of both caches, MiB", f"{2 * asked.cache}"],
        ["peak growth of the process, MiB", f"{peak / MIB:.0f} (at {worst})"],
        ["of the bound", share(peak, 2 * bound)],
        ["peak of the shared cache, MiB", f"{shared / MIB:.0f}"],
        ["process before the first schema, MiB", f"{start / MIB:.0f}"],
    ]
    print(table([f"{tokens.name}, property order {asked.property_order}", ""], rows))
    return 0


def play(case: cases.Case, vocab: gl.Vocabulary, encoding: object, order: str, bound: int) -> bool:
    """Compile a schema and fill the mask of every token of its instances."""
    try:
        grammar = gl.JSONSchema(json.loads(case.schema), property_order=order)  # type: ignore[arg-type]
        compiled = gl.compile(grammar, vocab, cache_bytes=bound)
    except gl.GrammarlibError:
        return False
    mask = gl.allocate_token_bitmask(1, vocab.vocab_size)
    matcher = compiled.matcher()
    for instance in case.instances:
        matcher.reset()
        try:
            for token in encoding.encode_ordinary(instance.text):  # type: ignore[attr-defined]
                matcher.fill_next_token_bitmask(mask)
                if not matcher.accept_token(token):
                    break
        except gl.CompileBudgetExceeded:
            continue
    return True


def _progress(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    from tqdm import tqdm

    return iter(tqdm(files.items(), unit="schema", disable=None))


if __name__ == "__main__":
    sys.exit(main())
