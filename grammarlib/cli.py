"""The command line.

``grammarlib demo`` shows a schema, a prompt, and the answer as it is written;
``grammarlib inspect`` draws the automaton of a schema.

Errors are one line on stderr and exit code 2, never a trace: a user's mistake is not a crash.
Everything heavy is imported by the command that needs it, so ``--version`` and ``--help`` are
instant.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammarlib import __version__
from grammarlib.errors import GrammarlibError, Incomplete

if TYPE_CHECKING:
    from grammarlib.runtime.generation import TokenEvent
    from grammarlib.schema import JSONSchema

__all__ = ["main"]

_PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0},
        "city": {"type": "string"},
        "languages": {"type": "array", "items": {"type": "string"}},
        "married": {"type": "boolean"},
    },
    "required": ["name", "age", "city", "languages", "married"],
    "additionalProperties": False,
}
_ORDER = {
    "type": "object",
    "properties": {
        "order_id": {"type": "string"},
        "customer": {"type": "string"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "quantity": {"type": "integer", "minimum": 1},
                    "product": {"type": "string"},
                },
                "required": ["quantity", "product"],
                "additionalProperties": False,
            },
        },
        "status": {"enum": ["pending", "shipped", "delivered", "cancelled"]},
        "total": {"type": "number"},
    },
    "required": ["order_id", "customer", "items", "status", "total"],
    "additionalProperties": False,
}
_EVENT = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "date": {"type": "string", "format": "date"},
        "city": {"type": "string"},
        "capacity": {"type": "integer"},
        "price": {"type": ["number", "null"]},
    },
    "required": ["title", "date", "city", "capacity", "price"],
    "additionalProperties": False,
}
_EXAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Clara Novak is 34 years old and lives in Lisbon. She speaks English, Polish and Greek. "
        "She is not married.",
        _PERSON,
    ),
    (
        "Order KX-2071 was placed by Daniel Evans. It contains 3 red ceramic mug and 12 silent "
        "keyboard. It is shipped and costs 184.5 in total.",
        _ORDER,
    ),
    (
        'The event "The Golden Harbour" takes place on 2025-06-14. It is held in Vienna and has '
        "room for 450 guests.",
        _EVENT,
    ),
)
_NEUTRAL_PROMPT = "An example."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The arguments after the program's name; those of the process without it.

    Returns
    -------
    int
        The exit code: 0, 2 after an error, 130 after an interrupt.
    """
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A model may write what the terminal's encoding, or any encoding, cannot hold.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        command(options)
    except (GrammarlibError, ImportError, OSError, TypeError, ValueError) as error:
        print(f"grammarlib: error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ngrammarlib: interrupted", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="grammarlib", description="Text from a language model that is valid by construction."
    )
    parser.add_argument("--version", action="version", version=f"grammarlib {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_demo(commands)
    _add_inspect(commands)
    return parser


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="watch the model that ships write JSON for a schema",
        description="Watch the model that ships write JSON for a schema; without a schema and a "
        "prompt, for a few examples of both.",
    )
    demo.add_argument("--schema", metavar="FILE", type=Path, help="a JSON Schema to satisfy")
    demo.add_argument("--prompt", metavar="TEXT", help="what the answer is to be read from")
    demo.add_argument("--seed", type=int, default=0, help="seed of the draws (default: 0)")
    demo.add_argument(
        "--temperature",
        type=float,
        default=0.0,
        help="0 takes the most probable token, 1 the model's own law (default: 0)",
    )
    demo.add_argument("--max-tokens", type=int, default=1024, help="longest answer (default: 1024)")
    demo.set_defaults(command=_demo)


def _add_inspect(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    inspect = commands.add_parser(
        "inspect",
        help="draw the automaton of a schema or a grammar",
        description="Draw the token-level automaton of a JSON Schema or a GBNF grammar as SVG: its "
        "states, the stack of open arrays and objects, and what each state makes of the tokens.",
    )
    inspect.add_argument(
        "file", metavar="FILE", type=Path, help="a JSON Schema, or a grammar in FILE.gbnf"
    )
    inspect.add_argument(
        "--passes",
        action="store_true",
        help="print the rules as they are after each pass of the compiler, and draw nothing",
    )
    inspect.add_argument(
        "--out", metavar="FILE", help="where to write the drawing, - for stdout (default: FILE.svg)"
    )
    inspect.add_argument(
        "--vocabulary",
        metavar="NAME",
        help="'default' for the model that ships, 'bytes' for the 256 bytes, or the folder or "
        "tokenizer.json of a model (default: 'default' if tokenizers is installed, else 'bytes')",
    )
    inspect.add_argument(
        "--text", default="", metavar="PREFIX", help="mark the states that this text passes"
    )
    inspect.add_argument(
        "--max-states", type=int, default=60, metavar="N", help="boxes at most (default: 60)"
    )
    inspect.add_argument(
        "--fold",
        type=int,
        metavar="N",
        help="draw a string, key or number of more boxes as one (default: 8, or 40 if it is alone)",
    )
    inspect.add_argument(
        "--whitespace",
        default="compact",
        help="'compact', 'flexible' or a regex; texts are usually generated with 'flexible', which "
        "is harder to read (default: compact)",
    )
    inspect.add_argument(
        "--property-order", choices=["declared", "any"], default="declared", help="order of keys"
    )
    inspect.set_defaults(command=_inspect)


def _inspect(options: argparse.Namespace) -> None:
    from grammarlib.drawing.command import inspect

    inspect(options)


def _demo(options: argparse.Namespace) -> None:
    from grammarlib.schema import JSONSchema

    if options.schema is None and options.prompt is None:
        examples = [(prompt, JSONSchema(schema)) for prompt, schema in _EXAMPLES]
    else:
        grammar = JSONSchema(_PERSON) if options.schema is None else _read_schema(options.schema)
        examples = [(_NEUTRAL_PROMPT if options.prompt is None else options.prompt, grammar)]
    for number, (prompt, grammar) in enumerate(examples):
        if number:
            print()
        _show(prompt, grammar, options)


def _read_schema(path: Path) -> JSONSchema:
    from grammarlib.schema import JSONSchema

    text = read_text(path)
    try:
        return JSONSchema(text)
    except GrammarlibError as error:
        raise ValueError(f"{path}: {error}") from error


def read_text(path: Path) -> str:
    """The text of a file.

    Raises
    ------
    ValueError
        If it is not UTF-8; the message names the file.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from error


def _show(prompt: str, grammar: JSONSchema, options: argparse.Namespace) -> None:
    """Generate one answer and print it as it comes."""
    from grammarlib.compiler.compile import compile
    from grammarlib.runtime.generate import request_json
    from grammarlib.runtime.model import Model
    from grammarlib.runtime.prompt_template import schema_text
    from grammarlib.runtime.sampling import Sampling

    sampling = Sampling(options.temperature)
    model = Model.default()
    begun = time.perf_counter()
    compiled = compile(grammar, model.vocab)
    compiling = time.perf_counter() - begun
    print(f"Prompt: {prompt}\nSchema: {schema_text(grammar.schema)}")
    print("Answer: ", end="", flush=True)

    def write(event: TokenEvent) -> None:
        print(event.text, end="", flush=True)

    begun = time.perf_counter()
    try:
        (result,) = request_json(
            compiled,
            [prompt],
            model=model,
            max_tokens=options.max_tokens,
            sampling=sampling,
            seed=options.seed,
            on_token=write,
        )
    finally:
        print()
    seconds = time.perf_counter() - begun
    if result.limit is not None:
        raise Incomplete(result.text, result.limit)
    print(f"Parsed: {json.dumps(result.value, ensure_ascii=False, indent=2, default=str)}")
    count = len(result.tokens)
    print(
        f"{count} tokens, {count / seconds:.0f} a second; "
        f"{result.stats.forced / count:.0%} forced by the grammar; "
        f"compiled in {1000 * compiling:.1f} ms"
    )
