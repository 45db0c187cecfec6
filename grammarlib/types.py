"""``from_type``: Python types as grammars, whose texts are read into instances.

A ``TypeGrammar`` is a ``JSONSchema`` that knows its type: whatever takes a schema takes it, and
whatever returns values returns instances. What pydantic has to do with it is in
``grammarlib.compiler.python_types``, which is imported when the first type is met, so that pydantic
is needed by nobody else.

Cost: some 2 ms a type, 30 with networks of IP in it; what is used again is worth keeping.

Rejected: a grammar that *holds* a schema (everything that asks for a schema would have to ask
twice), and reading by `json.loads` and a conversion (pydantic is stricter
with text, and faster).
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from grammarlib.regex import Regex
from grammarlib.schema import JSONSchema

if TYPE_CHECKING:
    from referencing.jsonschema import SchemaRegistry

    from grammarlib.compiler.python_types import Reader

__all__ = ["Call", "TypeGrammar", "as_grammar", "from_type", "is_type"]


@dataclass(frozen=True, eq=False)
class TypeGrammar(JSONSchema):
    """The JSON texts of a Python type: what `from_type` returns.

    Attributes
    ----------
    type : type, special form or callable
        What it was made from.
    schema, whitespace, property_order, format, formats, registry, unsupported
        As for `JSONSchema`; ``formats`` has also what the schema means by names of its own.
    """

    _: KW_ONLY
    type: Any = None
    reader: Reader | None = field(default=None, repr=False)

    def read(self, text: str) -> Any:
        """Return the instance that a text of the grammar stands for.

        Parameters
        ----------
        text : str
            A whole text; it is not checked again that it is in the language.

        Returns
        -------
        object
            An instance of the type; for a callable a `Call`.

        Raises
        ------
        InvalidValue
            If the type's own validators refuse it.
        """
        assert self.reader is not None  # from_type gives one
        return self.reader.read(text)


@dataclass(frozen=True)
class Call:
    """A callable and arguments for it; calling it calls it.

    Attributes
    ----------
    function : callable
    arguments : dict
        By the names of parameters, as far as they are given; ``*args`` is a list under its name,
        and ``**kwargs`` a dict.

    Examples
    --------
    >>> import grammarlib as gl
    >>> def repeat(text: str, times: int = 2) -> str:
    ...     return text * times
    >>> call = gl.from_type(repeat).read('{"text": "na"}')
    >>> call.arguments, call()
    ({'text': 'na'}, 'nana')
    """

    function: Callable[..., Any]
    arguments: dict[str, Any]

    def __call__(self) -> Any:
        """Return what the function returns."""
        bound = self.bound
        return self.function(*bound.args, **bound.kwargs)

    @property
    def bound(self) -> inspect.BoundArguments:
        """The arguments at their places, those with a default included."""
        signature = inspect.signature(self.function)
        names = [name for name in signature.parameters if name in self.arguments]
        given = OrderedDict((name, self.arguments[name]) for name in names)
        bound = inspect.BoundArguments(signature, given)
        bound.apply_defaults()
        return bound


def from_type(
    annotation: Any,
    *,
    whitespace: str = "flexible",
    property_order: Literal["declared", "any"] = "declared",
    format: Literal["assert", "annotate"] = "assert",
    formats: Mapping[str, str | Regex] | None = None,
    registry: SchemaRegistry | None = None,
    unsupported: Literal["error", "record"] = "error",
) -> TypeGrammar:
    """Return the JSON texts of a Python type, as a grammar.

    Parameters
    ----------
    annotation : type, special form or callable
        Whatever pydantic has a JSON Schema for: models, dataclasses, typed dictionaries, named
        tuples, enums, ``Literal``, unions, containers, dates, ``Annotated``. Of a callable, its
        parameters, all annotated.
    whitespace, property_order, format, formats, registry, unsupported
        As for `JSONSchema`.

    Returns
    -------
    TypeGrammar
        Its ``read`` makes an instance of a text.

    Raises
    ------
    ImportError
        If pydantic is not installed.
    NameError
        If a name that the type refers to is not defined (yet).
    TypeError
        If JSON cannot stand for the type, or a parameter has no annotation.
    UnsupportedSchema, UnsupportedPattern, InvalidSchema, CompileBudgetExceeded
        If it asks for what cannot be enforced.
    """
    try:
        from grammarlib.compiler.python_types import adapt
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in ("pydantic", "pydantic_core"):
            raise
        raise ImportError(
            "types as grammars need pydantic: pip install 'grammarlib[pydantic]'"
        ) from error
    adapted = adapt(annotation)
    grammar = TypeGrammar(
        adapted.schema,
        whitespace=whitespace,
        property_order=property_order,
        format=format,
        formats={**adapted.formats, **(formats or {})},
        registry=registry,
        unsupported=unsupported,
        type=annotation,
        reader=adapted.reader,
    )
    _refuse_unenforced(grammar)
    return grammar


def _refuse_unenforced(grammar: TypeGrammar) -> None:
    from grammarlib._core import SchemaBuilder
    from grammarlib.compiler.json_schema import lower

    lower(
        grammar.schema,
        SchemaBuilder(grammar.whitespace_program(), grammar.property_order),
        format=grammar.format,
        formats=grammar.formats,
        registry=grammar.registry,
        unsupported=grammar.unsupported,
    )


def as_grammar(given: Any) -> Any:
    """What stands for a grammar as one: a schema's document, a type; anything else as it is."""
    if isinstance(given, dict | bool):
        return JSONSchema(given)
    return from_type(given) if is_type(given) else given


def is_type(value: object) -> bool:
    """Whether `from_type` is meant where something else than a grammar is given."""
    return (
        isinstance(value, type)
        or typing.get_origin(value) is not None
        or type(value).__module__ in ("typing", "typing_extensions")
        or inspect.isroutine(value)
        or isinstance(value, functools.partial)
    )
