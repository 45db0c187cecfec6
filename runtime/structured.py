"""``@structured``: a function whose result a model writes.

The return annotation is the schema, the docstring and the arguments are the prompt, and the body is
not run. `grammarlib.from_type` turns the annotation into a grammar and the text into an
instance; this module makes the prompt, and runs `request_json` as the function asks: at once, or
for an ``async`` function in a thread.

**Prompt.** One message of the user: the docstring, without its indentation, in which ``{name}``
stands for the argument ``name`` and ``{{name}}`` for ``{name}`` itself, and after it a line
``name: value`` for each argument that the docstring does not name. Text stands as it is, everything
else as JSON, in which objects that JSON has no form for stand as ``str`` has them; a date, or any
other JSON string, goes without its quotes. ``self`` and ``cls`` stand only where they are named;
``*args`` and ``**kwargs`` of nothing are left out. Any other brace is text, so a docstring may show
JSON.

**When.** Faults are raised where the function is decorated, but for a return annotation that names
something not defined yet: that is looked at again in each call, until it is.

**Cancelling.** Where the task of an ``async`` call is cancelled, the call ends at once, and its
thread at the next token.

Rejected: ``str.format`` (a docstring with JSON in it would fail, and attribute look-ups would run);
running the body for the prompt (two ways to say the same); an annotation evaluated with all others
(a parameter's type need not exist at run time).
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import re
import sys
import threading
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar, cast, overload

from grammarlib.errors import GrammarlibError, Incomplete
from grammarlib.runtime.generate import check_limits, check_model, request_json
from grammarlib.runtime.generation import TokenEvent
from grammarlib.runtime.model import Model
from grammarlib.runtime.protocol import LanguageModel
from grammarlib.runtime.sampling import Sampling
from grammarlib.types import TypeGrammar, from_type

__all__ = ["structured"]

P = ParamSpec("P")
R = TypeVar("R")

_PLACE = re.compile(r"\{\{([^\W\d]\w*)\}\}|\{([^\W\d]\w*)\}")


@overload
def structured(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def structured(
    *,
    model: LanguageModel | None = ...,
    max_tokens: int = ...,
    temperature: float = ...,
    top_k: int | None = ...,
    top_p: float | None = ...,
    min_p: float | None = ...,
    seed: int | None = ...,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def structured(
    function: Callable[P, R] | None = None,
    /,
    *,
    model: LanguageModel | None = None,
    max_tokens: int = 1024,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    seed: int | None = None,
) -> Callable[P, R] | Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a model write what a function returns.

    Used bare or with options. The return annotation says what is written, the docstring and the
    arguments are the prompt (`grammarlib.runtime.structured` says how), the body is not run. An
    ``async`` function runs the model in a thread.

    Parameters
    ----------
    function : function
        With a docstring and a return annotation that pydantic has a JSON Schema for.
    model, max_tokens, temperature, top_k, top_p, min_p, seed
        As for `grammarlib.generate_json`.

    Returns
    -------
    function
        Of the same signature. A call raises, beside what `generate_json` does, `TypeError` where
        the arguments do not fit, `ValueError` where one cannot be put into the prompt, and
        `InvalidValue` where the value satisfies the schema but not the type's own validators.

    Raises
    ------
    ImportError
        If pydantic is not installed.
    TypeError
        If this is no function, a generator, or has no docstring or return annotation, if JSON
        cannot stand for the annotated type, or if an option is of another type.
    ValueError
        If an option is out of range, or the docstring names what is no parameter.
    UnsupportedSchema, InvalidSchema, CompileBudgetExceeded
        If the type asks for what cannot be enforced.
    """
    limits = check_limits(max_tokens, seed)
    sampling = Sampling(temperature, top_k, top_p, min_p)

    def decorate(function: Callable[P, R], depth: int = 1) -> Callable[P, R]:
        names = sys._getframe(depth).f_locals
        writer = _Writer(function, names, model, limits, sampling)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def answer_later(*args: P.args, **kwargs: P.kwargs) -> Any:
                prompt = writer.prompt(args, kwargs)
                stop = threading.Event()
                try:
                    return await asyncio.to_thread(writer.answer, prompt, stop)
                finally:
                    stop.set()

            return cast(Callable[P, R], answer_later)

        @functools.wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            return cast(R, writer.answer(writer.prompt(args, kwargs)))

        return answer

    return decorate if function is None else decorate(function, depth=2)


class _Stopped(Exception):
    """The caller no longer waits."""


class _Writer:
    """What a decorated function is made of: its prompt, its type, and what to run."""

    def __init__(
        self,
        function: Callable[..., object],
        names: Mapping[str, object],
        model: LanguageModel | None,
        limits: tuple[int, int | None],
        sampling: Sampling,
    ) -> None:
        if not inspect.isfunction(function):
            hint = ""
            if isinstance(function, staticmethod | classmethod):
                hint = f"; put @{type(function).__name__} above @structured"
            raise TypeError(f"a function is needed, not {type(function).__name__}{hint}")
        self._name = function.__qualname__
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{self._name} is a generator, and one value is written")
        self._signature = inspect.signature(function)
        self._text = inspect.cleandoc(function.__doc__ or "")
        if not self._text:
            raise TypeError(
                f"{self._name} has no docstring, which is the prompt (python -OO drops them)"
            )
        self._named = self._names_in_text()
        if "return" not in function.__annotations__:
            raise TypeError(f"{self._name} has no return annotation, which is the schema")
        self._annotation = function.__annotations__["return"]
        annotation = self._annotation
        if annotation is None or (isinstance(annotation, str) and annotation == "None"):
            raise TypeError(f"{self._name} returns None, so there is nothing to write")
        self._globals = function.__globals__
        # At the level of a module these are its globals, which are looked up when they are needed.
        self._locals = {} if names is self._globals else dict(names)
        if model is not None:
            check_model(model)
        self._model = model
        self._limits = limits
        self._sampling = sampling
        self._type: TypeGrammar | None = None
        try:
            self._type = self._evaluated()
        except NameError:
            pass  # defined further down, maybe: the first call will tell
        else:
            self._locals = {}

    def prompt(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
        """The prompt of a call.

        Raises
        ------
        TypeError
            If the arguments do not fit the signature.
        """
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        values = bound.arguments

        def put(match: re.Match[str]) -> str:
            literal, name = match.groups()
            return f"{{{literal}}}" if literal else _spelled(values[name])

        text = _PLACE.sub(put, self._text)
        lines = [
            f"{name}: {_spelled(value)}"
            for name, value in values.items()
            if name not in self._named and not self._is_silent(name, value)
        ]
        return "\n\n".join([text, "\n".join(lines)] if lines else [text])

    def answer(self, prompt: str, stop: threading.Event | None = None) -> Any:
        """The instance that the model writes; `_Stopped` at the first token after ``stop``."""
        if self._type is None:
            self._type = self._evaluated()
            self._locals = {}

        def watch(event: TokenEvent) -> None:
            if stop is not None and stop.is_set():
                raise _Stopped

        max_tokens, seed = self._limits
        (result,) = request_json(
            self._type,
            [[{"role": "user", "content": prompt}]],
            model=Model.default() if self._model is None else self._model,
            max_tokens=max_tokens,
            sampling=self._sampling,
            seed=seed,
            on_token=watch,
        )
        if result.limit is not None:
            raise Incomplete(result.text, result.limit)
        return self._type.read(result.text)

    def _evaluated(self) -> TypeGrammar:
        """The type that the annotation stands for.

        Raises
        ------
        NameError
            If it names what is not defined.
        """
        holder = types.SimpleNamespace(__annotations__={"return": self._annotation})
        try:
            hints = typing.get_type_hints(holder, self._globals, self._locals, include_extras=True)
            return from_type(hints["return"])
        except NameError as error:
            raise NameError(f"the return annotation of {self._name}: {error}") from error
        except (GrammarlibError, ImportError):
            raise
        except Exception as error:  # an annotation is code, and may fail in any way
            raise TypeError(f"the return annotation of {self._name}: {error}") from error

    def _names_in_text(self) -> frozenset[str]:
        names = {match[2] for match in _PLACE.finditer(self._text) if match[2]}
        if unknown := sorted(names.difference(self._signature.parameters)):
            raise ValueError(
                f"the docstring of {self._name} names {{{unknown[0]}}}, which is no parameter"
                f" (write {{{{{unknown[0]}}}}} for the text itself)"
            )
        return frozenset(names)

    def _is_silent(self, name: str, value: object) -> bool:
        kind = self._signature.parameters[name].kind
        if kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            return not value
        return name in ("self", "cls") and name == next(iter(self._signature.parameters))


def _spelled(value: object) -> str:
    """A value in a prompt: text as it is, anything else as JSON, a JSON string without quotes."""
    if isinstance(value, str):
        return value
    from pydantic_core import PydanticSerializationError, to_json

    try:
        data = to_json(
            value, fallback=str, inf_nan_mode="constants", bytes_mode="base64", by_alias=True
        )
    except PydanticSerializationError as error:  # a lone surrogate, or an object within itself
        raise ValueError(f"an argument cannot be written as JSON: {error}") from error
    spelled = data.decode()
    return str(json.loads(spelled)) if spelled.startswith('"') else spelled
