"""The parameters of a callable, as a type: an object with a key for each of them.

The type is a ``TypedDict``, which takes any name and runs nothing when it is read, so that reading
arguments is not yet calling. Optional keys are the parameters with a default, which stays the
function's own business: it is told in the schema, and not put into the arguments. ``*args`` is an
array and ``**kwargs`` an object, under their names, both optional: JSON has one object where Python
has positions and names. Parameters may be given by name even where Python takes them by position;
`Call` puts them where they belong.

Rejected: pydantic's own schema of a callable (it validates by calling, and knows no signature with
both ``/`` and ``*``), and a model made on the fly (names such as ``json`` and ``_x`` collide).
"""

from __future__ import annotations

import functools
import inspect
import json
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NotRequired, Required

from pydantic import ConfigDict, Field, with_config
from pydantic_core import PydanticSerializationError, to_jsonable_python
from typing_extensions import TypedDict, Unpack

from grammarlib.types import Call

__all__ = ["Parameters", "is_callable", "parameters"]

_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Parameters:
    """The parameters of a callable.

    Attributes
    ----------
    annotation : TypedDict
        The type of its arguments.
    """

    def __init__(
        self, function: Callable[..., Any], signature: inspect.Signature, annotation: Any
    ) -> None:
        self.annotation = annotation
        self._function = function
        self._signature = signature

    def bound(self, arguments: dict[str, Any]) -> Call:
        """The call that arguments make."""
        return Call(self._function, arguments)

    def described(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of the arguments, with the function's docstring and defaults."""
        properties = dict(schema.get("properties", {}))
        for name, parameter in self._signature.parameters.items():
            if parameter.default is not inspect.Parameter.empty and name in properties:
                default = _jsonable(parameter.default)
                if default is not inspect.Parameter.empty:
                    properties[name] = {**properties[name], "default": default}
        said = {**schema, "properties": properties}
        text = inspect.getdoc(self._function)
        if text and not isinstance(self._function, functools.partial):
            said.setdefault("description", text)
        return said


def is_callable(annotation: Any) -> bool:
    """Whether something is to be called, and no type."""
    if isinstance(annotation, type) or typing.get_origin(annotation) is not None:
        return False
    if inspect.isroutine(annotation) or isinstance(annotation, functools.partial):
        return True
    kind = type(annotation)
    call = getattr(kind, "__call__", None)  # noqa: B004  # a look at what it is
    return (
        kind.__module__ not in ("typing", "typing_extensions") and inspect.isfunction(call)
    ) or hasattr(annotation, "__wrapped__")


def parameters(function: Callable[..., Any]) -> Parameters:
    """The parameters of a callable.

    Raises
    ------
    NameError
        If an annotation names what is not defined.
    TypeError
        If there is no signature, or a parameter is not annotated.
    """
    shown = getattr(function, "__qualname__", None) or repr(function)
    try:
        signature = inspect.signature(function)
    except ValueError as error:
        raise TypeError(f"{shown} tells no signature") from error
    hints = _hints(function, shown)
    fields: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if name not in hints or parameter.annotation is inspect.Parameter.empty:
            raise TypeError(f"the parameter {name} of {shown} has no annotation")
        fields[name] = _field(parameter, hints[name], signature)
    made: Any = TypedDict("Arguments", fields)  # type: ignore[misc]
    return Parameters(function, signature, with_config(ConfigDict(extra="forbid"))(made))


def _field(parameter: inspect.Parameter, hint: Any, signature: inspect.Signature) -> Any:
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return NotRequired[list[hint]]
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        if typing.get_origin(hint) in (Unpack, getattr(typing, "Unpack", Unpack)):
            (inner,) = typing.get_args(hint)
            is_needed = bool(getattr(inner, "__required_keys__", ()))
            return Required[inner] if is_needed else NotRequired[inner]
        taken: list[Any] = [
            name
            for name, other in signature.parameters.items()
            if other.kind not in (*_VARIADIC, inspect.Parameter.POSITIONAL_ONLY)
        ]
        if not taken:
            return NotRequired[dict[str, hint]]
        free = Field(json_schema_extra={"not": {"enum": taken}})
        return NotRequired[dict[Annotated[str, free], hint]]
    if parameter.default is inspect.Parameter.empty:
        return Required[hint]
    return NotRequired[hint]


def _hints(function: Any, shown: str) -> Mapping[str, Any]:
    while isinstance(function, functools.partial):
        function = function.func
    if not inspect.isroutine(function) and not hasattr(function, "__wrapped__"):
        function = type(function).__call__
    function = inspect.unwrap(function)
    try:
        return typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise NameError(f"the parameters of {shown}: {error}") from error
    except Exception as error:  # an annotation is code, and may fail in any way
        raise TypeError(f"the parameters of {shown}: {error}") from error


def _jsonable(value: object) -> Any:
    try:
        json.dumps(said := to_jsonable_python(value), allow_nan=False)
    except (PydanticSerializationError, TypeError, ValueError):
        return inspect.Parameter.empty
    return said
