"""``ToolCalls``: free text with calls of functions in it, as chat models write them.

*How.* A call is put together from texts and the schema of its function's parameters; a trigger that
free text does not hold begins it, so where a call stands is never in doubt. Reading the calls of a
text back needs no grammar: it looks for the trigger, and JSON tells where it ends.

*Rejected.* One schema with an alternative for each function (their definitions and formats would
have to be renamed apart).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, Literal

from grammarlib.arguments import choice, instance, members, whole
from grammarlib.free_text import contains, until
from grammarlib.grammar import MAX_REPEAT, Derived, Grammar, Text
from grammarlib.regex import Regex
from grammarlib.schema import FLEXIBLE, JSONSchema
from grammarlib.token import Token
from grammarlib.types import Call, TypeGrammar, from_type

__all__ = ["STYLES", "ToolCall", "ToolCalls", "ToolStyle"]


@dataclass(frozen=True)
class ToolStyle:
    """How a model writes calls.

    Attributes
    ----------
    trigger : str or Token
        What begins a call, or a list of calls, and nothing else. Empty: the whole text is calls.
    before, after : str
        What stands between the trigger and the call, and after it; ``{name}`` in ``before`` is the
        function's name.
    form : {"object", "list", "arguments"}
        A JSON object with the name and the arguments; a list of such objects; or the arguments
        alone, where ``before`` names the function.
    name_key, arguments_key : str
        The keys of the object.
    """

    trigger: str | Token
    before: str = ""
    after: str = ""
    form: Literal["object", "list", "arguments"] = "object"
    name_key: str = "name"
    arguments_key: str = "arguments"

    def __post_init__(self) -> None:
        instance("trigger", self.trigger, (str, Token), "a str or a Token")
        choice("form", self.form, ("object", "list", "arguments"))
        for field in ("before", "after", "name_key", "arguments_key"):
            instance(field, getattr(self, field), str, "a str")
        if self.form == "arguments" and self.before.count("{name}") != 1:
            raise ValueError("where calls are their arguments alone, `before` says {name} once")


STYLES: Final[Mapping[str, ToolStyle]] = {
    "hermes": ToolStyle("<tool_call>", "\n", "\n</tool_call>"),
    "llama": ToolStyle("<function=", "{name}>", "</function>", form="arguments"),
    "mistral": ToolStyle("[TOOL_CALLS]", form="list"),
    "json": ToolStyle("", form="object", arguments_key="parameters"),
}
"""By name: that of Hermes and Qwen, Llama 3.1's for custom functions, Mistral's; a bare object."""


@dataclass(frozen=True)
class ToolCall:
    """A call that a text holds.

    Attributes
    ----------
    name : str
        The function's name.
    arguments : dict
        As JSON reads them.
    call : Call or None
        Where the tool is a Python function: the call, with instances for arguments. Calling it
        calls the function.
    """

    name: str
    arguments: dict[str, Any]
    call: Call | None = None


class ToolCalls(Derived):
    """Free text, and calls of some functions in it.

    Parameters
    ----------
    tools : iterable of callable or dict
        Functions whose parameters are all annotated, or descriptions as chat interfaces take them:
        ``{"name": ..., "parameters": schema}``, also as the ``"function"`` of another dict.
    style : str or ToolStyle
        How calls are written: a name of ``STYLES``, or a style of your own.
    text : bool
        Whether free text may stand before, between and after calls.
    at_least, at_most : int
        How many calls (or lists of calls). Without a trigger one at most, unless more are wanted.
    whitespace : str
        Between JSON tokens, as for `JSONSchema`.

    Examples
    --------
    >>> import grammarlib as gl
    >>> def weather(city: str, days: int = 1) -> str:
    ...     return f"{days} days of sun in {city}"
    >>> calls = gl.ToolCalls([weather])
    >>> text = 'So: <tool_call>\\n{"name": "weather", "arguments": {"city": "Oslo"}}\\n</tool_call>'
    >>> [call.call() for call in calls.read(text)]
    ['1 days of sun in Oslo']
    """

    def __init__(
        self,
        tools: Iterable[Callable[..., Any] | Mapping[str, Any]],
        style: str | ToolStyle = "hermes",
        *,
        text: bool = True,
        at_least: int = 0,
        at_most: int | None = None,
        whitespace: str = "flexible",
    ) -> None:
        if not isinstance(style, ToolStyle):
            choice("style", style, list(STYLES))
            style = STYLES[style]
        instance("text", text, bool, "a bool")
        self.style = style
        self.tools: dict[str, JSONSchema] = {}
        for tool in members("tools", tools, "functions or descriptions of functions"):
            name, grammar = _described(tool, whitespace)
            if name in self.tools:
                raise ValueError(f"two tools are named {name!r}")
            self.tools[name] = grammar
        if not self.tools:
            raise ValueError("at least one tool is needed")
        least = whole("at_least", at_least, 0, MAX_REPEAT)
        if at_most is None and style.trigger == "":
            at_most = max(1, least)  # nothing would tell where one call ends and the next begins
        most = None if at_most is None else whole("at_most", at_most, least, MAX_REPEAT)
        blanks = _blanks(whitespace)
        self._grammar = self._whole(blanks, text, least, most)

    @property
    def grammar(self) -> Grammar:
        return self._grammar

    def read(self, text: str) -> list[ToolCall]:
        """Return the calls that a text of the grammar holds, in order.

        Parameters
        ----------
        text : str
            A whole text; it is not checked again that it is in the language.

        Raises
        ------
        ValueError
            If the text is none of the grammar; or the style's trigger is a token, which a text does
            not show: use captures then.
        InvalidValue
            If a function's own validators refuse its arguments.
        """
        instance("text", text, str, "a str")
        if isinstance(self.style.trigger, Token):
            raise ValueError("a trigger without a text is seen in tokens, not in a text")
        found: list[ToolCall] = []
        at = 0
        while True:
            start = text.find(self.style.trigger, at)
            if start < 0 or start >= len(text):
                return found
            try:
                at = self._read_at(text, start + len(self.style.trigger), found)
            except (IndexError, KeyError, json.JSONDecodeError) as error:
                raise ValueError(f"no whole text of the grammar: a call at {start} ends") from error

    def __repr__(self) -> str:
        return f"<ToolCalls of {', '.join(self.tools)}>"

    def _whole(self, blanks: Grammar, text: bool, least: int, most: int | None) -> Grammar:
        trigger = self.style.trigger
        made = [self._call(name, grammar, blanks) for name, grammar in self.tools.items()]
        call: Grammar = reduce(or_, made)
        if self.style.form == "list":
            rest = ("," + blanks + call + blanks).repeat()
            call = "[" + blanks + call + blanks + rest + "]"
        if self.style.form != "arguments":
            call = self.style.before + call
        call = call.capture("call") + self.style.after
        if trigger == "":
            return call.repeat(least, most)
        begun: Grammar = trigger if isinstance(trigger, Token) else Text(trigger)
        if not text:
            return (begun + call).repeat(least, most)
        if isinstance(trigger, Token):
            tail = (~trigger).repeat()
        else:
            tail = ~contains(trigger)
        return (until(trigger) + call).repeat(least, most) + tail

    def _call(self, name: str, arguments: Grammar, blanks: Grammar) -> Grammar:
        if self.style.form == "arguments":
            return self.style.before.replace("{name}", name) + arguments
        colon = blanks + ":" + blanks
        named = _quoted(self.style.name_key) + colon + _quoted(name)
        given = _quoted(self.style.arguments_key) + colon + arguments
        return "{" + blanks + named + blanks + "," + blanks + given + blanks + "}"

    def _read_at(self, text: str, at: int, found: list[ToolCall]) -> int:
        """Add the calls that stand here; where they end."""
        decode = json.JSONDecoder().raw_decode
        if self.style.form == "arguments":
            before, after = map(re.escape, self.style.before.split("{name}", 1))
            names = "|".join(map(re.escape, sorted(self.tools, key=len, reverse=True)))
            head = re.compile(f"{before}({names}){after}").match(text, at)
            if head is None:
                raise KeyError(at)
            _, end = decode(text, head.end())
            found.append(self._made(head[1], text[head.end() : end]))
            return end
        at += len(self.style.before)
        if self.style.form == "object":
            return self._object(text, at, found)
        while text[at] != "]":  # an opening bracket, or the comma after a call
            at = _after_blanks(text, at + 1)
            at = _after_blanks(text, self._object(text, at, found))
        return at + 1

    def _object(self, text: str, at: int, found: list[ToolCall]) -> int:
        decode = json.JSONDecoder().raw_decode
        at = _after_blanks(text, at + 1)  # the brace
        _, at = decode(text, at)
        name, at = decode(text, _after_blanks(text, _after_blanks(text, at) + 1))
        at = _after_blanks(text, _after_blanks(text, at) + 1)  # the comma
        _, at = decode(text, at)
        start = _after_blanks(text, _after_blanks(text, at) + 1)
        _, end = decode(text, start)
        found.append(self._made(name, text[start:end]))
        return _after_blanks(text, end) + 1

    def _made(self, name: str, arguments: str) -> ToolCall:
        grammar = self.tools[name]
        call = grammar.read(arguments) if isinstance(grammar, TypeGrammar) else None
        return ToolCall(name, json.loads(arguments), call)


def _described(tool: object, whitespace: str) -> tuple[str, JSONSchema]:
    if isinstance(tool, Mapping):
        said = tool.get("function", tool)
        name = said.get("name") if isinstance(said, Mapping) else None
        if not isinstance(name, str):
            raise TypeError("a tool's description has a name, which is a str")
        schema = said.get("parameters", {"type": "object", "additionalProperties": False})
        return name, JSONSchema(schema, whitespace=whitespace)
    if not callable(tool):
        raise TypeError(f"a tool is a function or a description, not {type(tool).__name__}")
    name = getattr(tool, "__name__", None)
    if not isinstance(name, str):
        raise TypeError(f"a {type(tool).__name__} has no name: describe it as a dict")
    return name, from_type(tool, whitespace=whitespace)


def _quoted(text: str) -> Grammar:
    return Text(json.dumps(text, ensure_ascii=False))


def _blanks(whitespace: str) -> Grammar:
    if whitespace == "compact":
        return Text("")
    return Regex(FLEXIBLE if whitespace == "flexible" else whitespace, dialect="ecma")


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at
