"""Calls on what stands around the compiler: generation, the decorator, strategies, laws, commands.

Slower a call than the others: some import torch, some run Hypothesis.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import grammarlib as gl
from grammarlib import cli
from tests.fuzz import documents, odd
from tests.fuzz.case import Case, Finding
from tests.fuzz.describe import describe
from tests.fuzz.laws import attempt

_TOKENS: list[bytes | None] = [*[bytes([b]) for b in range(256)], b'{"', b'":', b"true", None]
_SCHEMA = {"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]}


def run(case: Case) -> None:
    """One call."""
    call = case.random.choice(
        [_generate, _generate, _structured, _processor, _laws, _texts, _command]
    )
    vocab = gl.Vocabulary.from_tokens(_TOKENS, [259])
    call(case, vocab)


def _draw(case: Case, *valid: Any) -> Any:
    r = case.random
    return odd.odd_value(r) if r.random() < 0.35 else r.choice(valid)


def _some(case: Case, options: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Some of the options, drawn."""
    names = [name for name in options if case.random.random() < 0.3]
    return {name: options[name]() for name in names}


def _called(case: Case, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    given = [describe(a)[:500] for a in arguments]
    given += [f"{key}={describe(value)[:500]}" for key, value in options.items()]
    case.note("call", f"{getattr(function, '__name__', function)}({', '.join(given)})")
    return attempt(case, partial(function, *arguments, **options), also=(NameError,))


def _generate(case: Case, vocab: gl.Vocabulary) -> None:
    scores = np.zeros(vocab.vocab_size, np.float32)
    scores[259] = 3.0
    result = _draw(case, scores, scores.tolist(), scores.astype(np.float64), scores[:5])
    model: Any = gl.FunctionModel(vocab, lambda tokens: result)
    options = _some(
        case,
        {
            "temperature": lambda: _draw(case, 0, 0.5, 1.0),
            "top_k": lambda: _draw(case, None, 3),
            "top_p": lambda: _draw(case, None, 0.5),
            "min_p": lambda: _draw(case, None, 0.5),
            "seed": lambda: _draw(case, None, 3),
            "on_token": lambda: _draw(case, None),
            "model": lambda: _draw(case, model),
        },
    )
    if options.get("on_token") is len or callable(options.get("on_token")):
        del options["on_token"]  # whatever it raises is its own
    function = case.random.choice([gl.generate, gl.generate_json])
    prompt = _draw(case, "x", [1, 2], [{"role": "user", "content": "x"}], ["x", "y"], [])
    tokens = _draw(case, 1, 5, 5)
    if isinstance(tokens, int | float) and tokens > 100:
        tokens = 100
    grammar = _draw(case, _SCHEMA, True, gl.compile(_SCHEMA, vocab), None)
    arguments = {"model": model, "max_tokens": tokens, **options}
    if arguments["model"] is None:
        arguments["model"] = model  # the model that ships is slow
    _called(case, function, grammar, prompt, **arguments)


def _structured(case: Case, vocab: gl.Vocabulary) -> None:
    scores = np.zeros(vocab.vocab_size)
    model = gl.FunctionModel(vocab, lambda tokens: scores)
    options = {"model": model, "max_tokens": 3, "seed": 0}
    options |= _some(
        case,
        {
            "temperature": lambda: _draw(case, 1.0),
            "max_tokens": lambda: case.random.choice([1, 0, -1, 2.5, "x", None, True]),
            "top_k": lambda: _draw(case, None, 3),
            "seed": lambda: _draw(case, None, 3),
            "model": lambda: _draw(case, model),
        },
    )
    if options["model"] is None:
        options["model"] = model
    returned = _draw(case, int, str, list[int], dict[str, bool], bool | None, complex, "int")
    given = _draw(case, 1, "x", None, {"a": [1.5]})

    def decorate(**options: Any) -> Any:
        def written(value: object) -> object:
            """Write {value}."""
            return None

        written.__annotations__["return"] = returned
        return gl.structured(**options)(written)(given)

    case.note("return annotation", returned)
    case.note("argument", given)
    _called(case, decorate, **options)


def _processor(case: Case, vocab: gl.Vocabulary) -> None:
    import torch

    r = case.random
    options = _some(case, {"prompt_length": lambda: _draw(case, None, 0, 1, 2)})
    processor = _called(
        case, gl.LogitsProcessor, _draw(case, gl.compile(_SCHEMA, vocab)), **options
    )
    if not isinstance(processor, gl.LogitsProcessor):
        return
    rows = r.randrange(3)
    for _ in range(3):
        ids = torch.randint(0, 260, (rows, r.randrange(1, 5)))
        dtype = r.choice([torch.float32, torch.float16, torch.int32])
        scores = torch.zeros((rows, r.choice([260, 260, 300, 10])), dtype=dtype)
        _called(case, processor, _draw(case, ids, ids.float(), ids[0:1]), _draw(case, scores))


def _laws(case: Case, vocab: gl.Vocabulary) -> None:
    options = _some(
        case,
        {
            "laws": lambda: _draw(case, None, ["mask_is_acceptance"], "no_dead_ends"),
            "places": lambda: _small(_draw(case, 1, 2)),
            "max_tokens": lambda: _small(_draw(case, 1, 5)),
            "seed": lambda: _draw(case, None, 3),
            "contains": lambda: _draw(case, None),
            "members": lambda: _draw(case, (), [b'{"a":true}']),
            "precompute": lambda: _draw(case, ("lazy",)),
            "completion_tokens": lambda: _small(_draw(case, 40)),
            "completion_attempts": lambda: _small(_draw(case, 2)),
        },
    )
    if callable(options.get("contains")):
        del options["contains"]  # an oracle that is wrong is told so
    examples = _small(_draw(case, 1, 2))
    compiled = _draw(case, gl.compile(_SCHEMA, vocab))

    def assert_laws(*arguments: Any, **options: Any) -> None:
        # An end that is looked for too briefly is not found.
        with contextlib.suppress(gl.testing.LawBroken):
            gl.testing.assert_laws(*arguments, **options)

    _called(case, assert_laws, compiled, max_examples=examples, **options)


def _small(value: Any) -> Any:
    """The value, unless it is a number that would take its time."""
    return 3 if isinstance(value, int | float) and value > 3 else value


def _texts(case: Case, vocab: gl.Vocabulary) -> None:
    import hypothesis
    from hypothesis import given, settings

    r = case.random
    document = documents.draw(r)
    make: Any = r.choice([gl.strategies.from_grammar, gl.strategies.near_misses])
    argument = _draw(case, document, document, document)
    if r.random() < 0.2:
        make = gl.strategies.token_sequences
        argument = _draw(case, gl.compile(_SCHEMA, vocab))
    strategy = _called(case, make, argument)
    if not isinstance(strategy, hypothesis.strategies.SearchStrategy):
        return
    case.count("strategies")

    def examples() -> None:
        @hypothesis.seed(0)
        @settings(
            max_examples=5,
            database=None,
            deadline=None,
            suppress_health_check=[],
            phases=[hypothesis.Phase.generate],
        )
        @given(strategy)
        def look(text: object) -> None:
            assert text is not None

        look()

    _called(case, examples)


def _command(case: Case, vocab: gl.Vocabulary) -> None:
    """The command line never shows a trace: exit code 0, or 2 and one line."""
    r = case.random
    document = documents.draw(r)
    try:
        data = json.dumps(document).encode(r.choice(["utf-8", "utf-8", "utf-16", "utf-8-sig"]))
    except (TypeError, ValueError, RecursionError):
        data = r.randbytes(20)
    if r.random() < 0.2:
        at = r.randrange(len(data) + 1)
        data = data[:at] + r.randbytes(1) + data[at + 1 :]
    case.note("file", data)
    arguments = ["--vocabulary", r.choice(["bytes"] * 9 + ["nowhere"]), "--out", "-"]
    for option, values in {
        "--text": ["{", '{"', "[1", "x", "\udcff"],
        "--max-states": ["1", "10", "0", "-1", "x", "99999999999999999999"],
        "--fold": ["0", "1", "-1", "99999999999999999999"],
        "--whitespace": ["compact", "flexible", "(", "a", " *"],
        "--property-order": ["any", "declared", "x"],
    }.items():
        if r.random() < 0.3:
            arguments += [option, r.choice(values)]
    case.note("arguments", arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schema.json"
        path.write_bytes(data)
        out, err = io.StringIO(), io.StringIO()

        def command() -> int:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    return cli.main(["inspect", str(path), *arguments])
                except SystemExit as error:  # argparse's own
                    return int(str(error.code))

        code = attempt(case, command)
    case.count(f"exit code {code}")
    if code not in (0, 2) or (code == 2 and not err.getvalue().strip()):
        raise Finding("a command ends with 0, or with 2 and a message", f"{code}: {err.getvalue()}")
    if code == 0 and not out.getvalue().startswith("<"):
        raise Finding("a drawing is SVG", out.getvalue()[:200])
