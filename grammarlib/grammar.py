"""Grammar expressions: what users put together, and what front ends make of a grammar's text.

*Purpose.* One algebra for every kind of grammar. Leaves (texts, regular expressions, schemas, sets
of strings, tokens) are classes of their own; the operators here join them. An expression is a
value: it is never changed, may stand in many places, and knows nothing of a vocabulary until
:func:`grammarlib.compile` lowers it (``grammarlib.compiler.cfg``). Only a :class:`Rule` is filled
in later, once, so that it can stand in its own definition.

*Invariants.* Expressions form a graph without cycles but for those through rules. Nothing here
walks them: a chain of 100,000 ``+`` is as cheap as its parts.

*Cost.* One small object an operator. Rejected: flattening chains while they are built (quadratic),
equality by structure (it would walk; two expressions are the same one or not).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias, overload

from grammarlib.arguments import instance, whole

__all__ = [
    "Capture",
    "Characters",
    "Complement",
    "Derived",
    "Grammar",
    "Intersection",
    "Part",
    "Program",
    "Repetition",
    "Rule",
    "Sequence",
    "Text",
    "Union",
    "grammar_of",
    "rule",
]

MAX_REPEAT: Final = 2**31 - 1
"""The largest bound of a repetition."""


class Grammar:
    """Base of everything that describes a set of texts.

    A ``str`` beside an operator stands for exactly that text.

    Examples
    --------
    >>> import grammarlib as gl
    >>> digits = gl.Regex("[0-9]").repeat(1)
    >>> number = digits + ("." + digits).optional()
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> gl.compile(number, vocab).matcher().accept_bytes(b"3.14")
    True
    """

    __slots__ = ()

    def __add__(self, other: Part) -> Grammar:
        """Texts of this grammar, each followed by a text of the other."""
        return _joined(Sequence, self, other)

    def __radd__(self, other: str) -> Grammar:
        return _joined(Sequence, other, self)

    def __or__(self, other: Part) -> Grammar:
        """Texts of either grammar."""
        return _joined(Union, self, other)

    def __ror__(self, other: str) -> Grammar:
        return _joined(Union, other, self)

    def __and__(self, other: Part) -> Grammar:
        """Texts of both grammars, of which one is regular: it holds no recursive rule or schema."""
        return _joined(Intersection, self, other)

    def __rand__(self, other: str) -> Grammar:
        return _joined(Intersection, other, self)

    def __invert__(self) -> Grammar:
        """Every text but those of this grammar, which is regular."""
        return Complement(self)

    def repeat(self, min: int = 0, max: int | None = None) -> Grammar:
        """Texts of this grammar, one after the other.

        Parameters
        ----------
        min, max : int
            How many, at least and at most; ``None``: any number.

        Returns
        -------
        Grammar
        """
        least = whole("min", min, 0, MAX_REPEAT)
        most = None if max is None else whole("max", max, least, MAX_REPEAT)
        return Repetition(self, least, most)

    def optional(self) -> Grammar:
        """Texts of this grammar, and the empty text."""
        return Repetition(self, 0, 1)

    def capture(self, name: str) -> Grammar:
        """Return the same grammar, so that what it matches comes back with a result by name.

        Parameters
        ----------
        name : str
            An identifier. Several parts may have the same name.

        Returns
        -------
        Grammar
        """
        instance("name", name, str, "a str")
        if not name.isidentifier():
            raise ValueError(f"a capture's name is an identifier, not {name!r}")
        return Capture(name, self)


Part: TypeAlias = Grammar | str
"""What may stand beside an operator."""


class Text(Grammar):
    """Exactly one text."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        instance("value", value, str, "a str")
        value.encode()  # a lone surrogate has no bytes: UnicodeEncodeError says where
        self.value: Final = value

    def __repr__(self) -> str:
        return f"Text({self.value!r})"


class Characters(Grammar):
    """One character out of some ranges.

    Attributes
    ----------
    ranges : tuple of (int, int)
        Code points, first and last of each range.
    """

    __slots__ = ("ranges",)

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self.ranges: Final = tuple(ranges)

    def __repr__(self) -> str:
        return f"<Characters of {len(self.ranges)} ranges>"


class Program(Grammar):
    """The texts of a regex program, for languages that no pattern says.

    Attributes
    ----------
    name : str
        For messages.
    code : bytes
        The program (``grammarlib.compiler.regex.program``); all its members are UTF-8.
    """

    __slots__ = ("code", "name")

    def __init__(self, name: str, code: bytes) -> None:
        self.name: Final = name
        self.code: Final = code

    def __repr__(self) -> str:
        return f"<Program {self.name}>"


class Derived(Grammar):
    """A grammar that stands for an expression of others; base of those read from a text."""

    __slots__ = ()

    @property
    def grammar(self) -> Grammar:
        """The expression."""
        raise NotImplementedError


class _Binary(Grammar):
    __slots__ = ("left", "right")

    def __init__(self, left: Grammar, right: Grammar) -> None:
        self.left: Final = left
        self.right: Final = right

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {_name(self.left)} and {_name(self.right)}>"


class Sequence(_Binary):
    """A text of the left grammar followed by one of the right one."""

    __slots__ = ()


class Union(_Binary):
    """A text of either grammar."""

    __slots__ = ()


class Intersection(_Binary):
    """A text of both grammars."""

    __slots__ = ()


class Complement(Grammar):
    """A text that is not one of a regular grammar."""

    __slots__ = ("item",)

    def __init__(self, item: Grammar) -> None:
        self.item: Final = item

    def __repr__(self) -> str:
        return f"<Complement of {_name(self.item)}>"


class Repetition(Grammar):
    """From ``min`` to ``max`` texts of a grammar."""

    __slots__ = ("item", "max", "min")

    def __init__(self, item: Grammar, min: int, max: int | None) -> None:
        self.item: Final = item
        self.min: Final = min
        self.max: Final = max

    def __repr__(self) -> str:
        return f"<Repetition of {_name(self.item)}, {self.min} to {self.max}>"


class Capture(Grammar):
    """A grammar whose texts are wanted by name."""

    __slots__ = ("item", "name")

    def __init__(self, name: str, item: Grammar) -> None:
        self.name: Final = name
        self.item: Final = item

    def __repr__(self) -> str:
        return f"<Capture {self.name} of {_name(self.item)}>"


class Rule(Grammar):
    """A grammar by name, which may stand in its own definition.

    Attributes
    ----------
    name : str
        For messages and pictures; two rules may have the same name.
    """

    __slots__ = ("_body", "name")

    def __init__(self, name: str, body: Part | Callable[[], Part] | None = None) -> None:
        instance("name", name, str, "a str")
        self.name: Final = name
        self._body: Grammar | Callable[[], Part] | None
        self._body = body if body is None or callable(body) else grammar_of(body)

    def define(self, body: Part) -> Rule:
        """Fill the rule in.

        Parameters
        ----------
        body : Grammar or str
            What the rule stands for.

        Returns
        -------
        Rule
            The rule itself.

        Raises
        ------
        ValueError
            If it is defined already.
        """
        if self._body is not None:
            raise ValueError(f"the rule {self.name!r} is defined already")
        self._body = grammar_of(body)
        return self

    @property
    def body(self) -> Grammar:
        """What the rule stands for.

        Raises
        ------
        ValueError
            If it was never defined.
        """
        if callable(self._body):
            made = self._body()
            instance(f"what the rule {self.name!r} returns", made, (Grammar, str), "a grammar")
            self._body = grammar_of(made)
        if self._body is None:
            raise ValueError(f"the rule {self.name!r} is not defined")
        return self._body

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"


@overload
def rule(name_or_body: str = "rule", /) -> Rule: ...
@overload
def rule(name_or_body: Callable[[], Part], /) -> Rule: ...
def rule(name_or_body: str | Callable[[], Part] = "rule", /) -> Rule:
    """Return a rule, to stand in its own definition.

    Parameters
    ----------
    name_or_body : str or callable
        A name for messages: the rule is filled in by ``define``. Or, as a decorator, a function
        without parameters that returns the rule's grammar; it is called once, when it is needed.

    Returns
    -------
    Rule

    Examples
    --------
    >>> import grammarlib as gl
    >>> brackets = gl.rule("brackets")
    >>> _ = brackets.define(("(" + brackets + ")").repeat())

    >>> @gl.rule
    ... def sums():
    ...     return gl.Regex("[0-9]+") + ("+" + sums).optional()
    """
    if callable(name_or_body):
        return Rule(getattr(name_or_body, "__name__", "rule"), name_or_body)
    return Rule(name_or_body)


def grammar_of(part: object) -> Grammar:
    """Return a grammar as it is, and a text as the grammar of it.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if isinstance(part, Grammar):
        return part
    if isinstance(part, str):
        return Text(part)
    raise TypeError(f"a grammar or a str is wanted, not {type(part).__name__}")


def _joined(kind: type[_Binary], left: object, right: object) -> Grammar:
    if isinstance(left, Grammar | str) and isinstance(right, Grammar | str):
        return kind(grammar_of(left), grammar_of(right))
    refusal: Grammar = NotImplemented
    return refusal


def _name(part: Grammar) -> str:
    """Short, whatever is inside."""
    return part.name if isinstance(part, Rule) else type(part).__name__
