"""``grammarlib inspect``: a schema or a grammar in a file is drawn, or told in passes."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grammarlib.cli import read_text
from grammarlib.compiler.cfg.build import passes
from grammarlib.compiler.compile import compile
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.drawing.draw import draw
from grammarlib.errors import GrammarlibError
from grammarlib.gbnf import GBNF
from grammarlib.grammar import Grammar
from grammarlib.schema import JSONSchema

__all__ = ["inspect", "read_vocabulary"]


def inspect(options: argparse.Namespace) -> None:
    """Draw the automaton of ``options.file`` and say what is in the drawing."""
    file: Path = options.file
    text = read_text(file)
    try:
        grammar: Grammar
        if file.suffix == ".gbnf":
            grammar, said = GBNF(text), ""
        else:
            grammar = JSONSchema(
                text, whitespace=options.whitespace, property_order=options.property_order
            )
            said = f" White space: {options.whitespace}."
        if options.passes:
            sys.stdout.write("\n".join(f"# {name}\n{rules}" for name, rules in passes(grammar)))
            return
        vocab, name = read_vocabulary(options.vocabulary)
        compiled = compile(grammar, vocab, precompute="all")
    except GrammarlibError as error:
        raise ValueError(f"{file}: {error}") from error
    made = compiled.precomputed
    note = f"Vocabulary: {name}, {vocab.vocab_size:,} tokens.{said}"
    if not made.complete:
        note += f" Not all of the automaton is built: {'; '.join(made.reasons)}."
    drawing = draw(
        compiled,
        text=options.text,
        max_states=options.max_states,
        fold=options.fold,
        title=f"{file.name} · {options.text}" if options.text else file.name,
        note=note,
    )
    out = file.with_suffix(".svg").name if options.out is None else options.out
    if out == "-":
        sys.stdout.write(drawing.svg)
        return
    Path(out).write_text(drawing.svg, encoding="utf-8")
    print(f"{out}: {drawing.drawn} of {drawing.total} boxes, {drawing.states} states")
    print(note)


def read_vocabulary(name: str | None) -> tuple[Vocabulary, str]:
    """Return a vocabulary by the name of the command line, and what to call it.

    Parameters
    ----------
    name : str or None
        ``"default"``, ``"bytes"``, or a folder with a ``tokenizer.json``, or that file; None for
        ``"default"`` where the package tokenizers is installed and ``"bytes"`` elsewhere.
    """
    if name is None:
        name = "default" if importlib.util.find_spec("tokenizers") else "bytes"
    if name == "bytes":
        return Vocabulary.of_bytes(), "single bytes"
    if name == "default":
        from grammarlib import runtime

        folder = Path(runtime.__path__[0]) / "default_model"
        return _from_folder(folder, folder / "tokenizer.json"), "that of the model that ships"
    path = Path(name)
    file = path / "tokenizer.json" if path.is_dir() else path
    return _from_folder(file.parent, file), str(path)


def _from_folder(folder: Path, file: Path) -> Vocabulary:
    from tokenizers import Tokenizer

    if not file.is_file():
        raise FileNotFoundError(f"no such file: {file}")
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises nothing narrower
        raise ValueError(f"{file}: {error}") from error
    ends = _end_ids(folder, tokenizer)
    if not ends:
        raise ValueError(f"{folder}: no file beside the tokenizer says which token ends a text")
    return Vocabulary.from_huggingface(tokenizer, eos_ids=ends)


def _end_ids(folder: Path, tokenizer: Any) -> Sequence[int]:
    """The end tokens, as the files of a model beside its tokenizer name them."""
    for name in ("generation_config.json", "config.json"):
        ids = _read(folder / name).get("eos_token_id")
        if ids is not None:
            return [ids] if isinstance(ids, int) else list(ids)
    token = _read(folder / "tokenizer_config.json").get("eos_token")
    if isinstance(token, dict):
        token = token.get("content")
    found = tokenizer.token_to_id(token) if isinstance(token, str) else None
    return [] if found is None else [found]


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        read = json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise ValueError(f"{file}: {error}") from error
    return read if isinstance(read, dict) else {}
