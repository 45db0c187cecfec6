"""``JSONSchema``: a grammar given by a JSON Schema document, with what the document leaves open.

A value, made once and never changed; making it checks the options and reads JSON text, and looks
into the schema no further: its keywords are judged by :func:`grammarlib.compile`, which walks it
anyway. The document is kept, not copied, and must not be changed afterwards.

Imports neither the compiler's JSON Schema front end nor the core unless white space or a format is
given by a pattern, which is checked here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from grammarlib.arguments import choice, instance
from grammarlib.errors import CompileBudgetExceeded, GrammarSyntaxError, InvalidSchema
from grammarlib.grammar import Grammar
from grammarlib.regex import Regex

if TYPE_CHECKING:
    from referencing.jsonschema import SchemaRegistry

__all__ = ["FLEXIBLE", "JSONSchema"]

_OPTIONS: Final = {
    "property_order": ("declared", "any"),
    "format": ("assert", "annotate"),
    "unsupported": ("error", "record"),
}
FLEXIBLE: Final = "\\r?\\n[ \\t]{0,40}|[ \\t]{0,2}"
"""What ``whitespace="flexible"`` means, as a pattern."""


@dataclass(frozen=True, eq=False)
class JSONSchema(Grammar):
    """The JSON texts whose value is valid against a schema.

    Parameters
    ----------
    schema : dict, bool or str
        The document, or its JSON text. Drafts 4, 6, 7, 2019-09 and 2020-12, as ``$schema`` says;
        2020-12 where it says nothing. Of a key that JSON text repeats, the last is taken.
    whitespace : str
        What may stand between JSON tokens. ``"flexible"``: one line break and at most 40 blanks or
        tabs after it, or at most two blanks or tabs. ``"compact"``: nothing. Anything else is a
        pattern (ECMA-262) of the whole white space, made of blanks, tabs and line breaks. All of
        them restrict the language: JSON itself has no bound.
    property_order : {"declared", "any"}
        ``"declared"`` wants the keys of an object in the order in which the schema first names
        them, undeclared keys last; ``"any"`` is the schema's own language.
    format : {"assert", "annotate"}
        Whether ``format`` asserts. Unknown formats never do.
    formats : mapping of str to str or Regex, optional
        Formats of your own, by name: patterns (ECMA-262) of the whole text, or `Regex`. They take
        the place of formats of the specification with the same name.
    registry : referencing.Registry, optional
        Other documents that ``$ref`` may lead to. Nothing else is ever retrieved.
    unsupported : {"error", "record"}
        What to do with a keyword that cannot be enforced: refuse the schema, or enforce the rest
        and list the keyword in ``CompiledGrammar.unenforced``.

    Raises
    ------
    TypeError, ValueError
        If an option is not one of those above, or the white space may hold anything else.
    GrammarSyntaxError
        If the text is no JSON, or ``whitespace`` or a format is no pattern.
    UnsupportedPattern
        If one of these patterns uses a construct that is not enforced.
    InvalidSchema
        If the text holds ``NaN`` or an infinity.
    CompileBudgetExceeded
        If the text nests too deeply, or holds a number of more than 400 digits.
    """

    schema: dict[str, Any] | bool
    _: KW_ONLY
    whitespace: str = "flexible"
    property_order: Literal["declared", "any"] = "declared"
    format: Literal["assert", "annotate"] = "assert"
    formats: Mapping[str, str | Regex] | None = None
    registry: SchemaRegistry | None = None
    unsupported: Literal["error", "record"] = "error"

    if TYPE_CHECKING:  # what the generated constructor takes is wider than what the field holds

        def __init__(
            self,
            schema: dict[str, Any] | bool | str,
            *,
            whitespace: str = "flexible",
            property_order: Literal["declared", "any"] = "declared",
            format: Literal["assert", "annotate"] = "assert",
            formats: Mapping[str, str | Regex] | None = None,
            registry: SchemaRegistry | None = None,
            unsupported: Literal["error", "record"] = "error",
        ) -> None: ...

    def __post_init__(self) -> None:
        schema: object = self.schema
        if isinstance(schema, str):
            object.__setattr__(self, "schema", _read(schema))
        elif not isinstance(schema, dict | bool):
            raise TypeError(f"a schema is a dict, a bool or JSON text, not {type(schema).__name__}")
        for option, choices in _OPTIONS.items():
            choice(option, getattr(self, option), choices)
        if self.formats is not None:
            object.__setattr__(self, "formats", _checked_formats(self.formats))
        if self.registry is not None:
            _check_registry(self.registry)
        if not isinstance(self.whitespace, str):
            kind = type(self.whitespace).__name__
            raise TypeError(f"whitespace is 'flexible', 'compact' or a pattern, not {kind}")
        if self.whitespace not in ("flexible", "compact"):
            _check_whitespace(self.whitespace_program())

    def whitespace_program(self) -> bytes:
        """Return the regex program of what may stand between JSON tokens."""
        from grammarlib.compiler.regex.ecma import fullmatch_program
        from grammarlib.compiler.regex.program import EPSILON

        if self.whitespace == "compact":
            return EPSILON
        return fullmatch_program(FLEXIBLE if self.whitespace == "flexible" else self.whitespace)


def _checked_formats(formats: object) -> dict[str, str | Regex]:
    from grammarlib.compiler.formats import format_programs

    instance("formats", formats, Mapping, "a mapping of names to patterns")
    checked: dict[str, str | Regex] = {}
    for name, pattern in cast(Mapping[object, object], formats).items():
        instance("the name of a format", name, str, "a str")
        instance("the pattern of a format", pattern, (str, Regex), "a str or a Regex")
        checked[cast(str, name)] = cast("str | Regex", pattern)
    format_programs(checked)
    return checked


def _check_registry(registry: object) -> None:
    from referencing import Registry

    instance("registry", registry, Registry, "a referencing.Registry")


def _check_whitespace(program: bytes) -> None:
    from grammarlib._core import SchemaBuilder

    SchemaBuilder(program, "any")  # which raises ValueError


def _read(text: str) -> Any:
    """Read JSON text; numbers that no float equals stay decimals."""
    constants: list[_NoJSON] = []

    def constant(name: str) -> _NoJSON:
        constants.append(_NoJSON(name))
        return constants[-1]

    try:
        document = json.loads(text, parse_float=_number, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise GrammarSyntaxError(error.msg, error.lineno, error.colno, text) from error
    except RecursionError:
        raise CompileBudgetExceeded("schema nesting of 200") from None
    except ValueError as error:  # an integer past Python's own limit on digits
        raise CompileBudgetExceeded("a number of 400 digits in a schema") from error
    if constants:
        _refuse_constant(document)
    return document


def _number(spelling: str) -> float | Decimal:
    exact = Decimal(spelling)
    number = float(spelling)
    return number if Decimal(repr(number)) == exact else exact


@dataclass(frozen=True)
class _NoJSON:
    """What Python's reader takes for a number and JSON does not know."""

    name: str


def _refuse_constant(document: object) -> None:
    """Refuse the first such constant at its place; a repeated key may have hidden it."""
    from grammarlib.compiler.json_schema.pointers import Path, render

    todo: list[tuple[Path, object]] = [((), document)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, _NoJSON):
            raise InvalidSchema(render(path), f"{value.name} is no JSON")
        inside: list[tuple[object, object]] = []
        if isinstance(value, dict):
            inside = list(value.items())
        elif isinstance(value, list):
            inside = list(enumerate(value))
        todo += [((path, key), part) for key, part in reversed(inside)]
    raise InvalidSchema("", "NaN and infinities are no JSON")
