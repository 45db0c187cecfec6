"""Python's expressions, as far as one line without comments goes.

One rule for each level of the reference's grammar (Python 3.11, "Full Grammar specification", from
``expression`` down). Python's tokenizer takes the longest token, and this grammar has none: so
words are set off by blanks, string literals that follow each other too, and a number has no
attribute.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable

from grammarlib.choice import Choice
from grammarlib.grammar import Grammar, Part, Rule, rule
from grammarlib.library.words import any_of, names, separated
from grammarlib.regex import Regex

__all__ = ["python_expression"]

_WORD = "[A-Za-z_][A-Za-z0-9_]*"
_DIGITS = "[0-9](?:_?[0-9]){0,99}"
_INTEGER = (
    "[1-9](?:_?[0-9]){0,99}|0(?:_?0){0,99}"
    "|0[xX](?:_?[0-9A-Fa-f]){1,99}|0[oO](?:_?[0-7]){1,99}|0[bB](?:_?[01]){1,99}"
)
_POINT = rf"(?:(?:{_DIGITS})?\.{_DIGITS}|{_DIGITS}\.)"
_EXPONENT = f"[eE][+-]?{_DIGITS}"
_FLOAT = f"{_POINT}(?:{_EXPONENT})?|{_DIGITS}{_EXPONENT}"
_NUMBER = f"{_INTEGER}|(?:{_FLOAT})|(?:{_DIGITS}|{_FLOAT})[jJ]"
_SHARED_ESCAPES = r"[\\'\"abfnrtv]|[0-3]?[0-7]{1,2}|x[0-9A-Fa-f]{2}"
_TEXT_ESCAPES = _SHARED_ESCAPES + "|u[0-9A-Fa-f]{4}|U(?:000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4}"
_COMPARISONS = ["==", "!=", "<=", ">=", "<", ">"]
_WORDS = [" in ", " not in ", " is ", " is not "]


def python_expression(variables: Iterable[str] | None = None) -> Grammar:
    r"""Expressions of Python on one line: every text is read by ``ast.parse(text, mode="eval")``.

    Conditional expressions, ``lambda``, boolean operators, comparisons, bit and arithmetic
    operators with their precedence, calls, subscripts and slices, attributes; displays and
    comprehensions of lists, sets, dicts and generators; ``*`` and ``**`` in displays and calls;
    ``:=`` in parentheses; numbers, strings and bytes.

    Between tokens stands one blank at most; around words (``if``, ``in``, ``not``, ...) exactly
    one, whatever is beside them, and none around dots and before brackets that follow a value.

    Left out: f-strings, ``\N{...}``, unknown escapes and continued lines in strings; identifiers
    beyond ASCII; attributes of numbers without parentheses; ``await`` and ``yield``; tuples without
    parentheses (but for subscripts and targets); stars in targets and subscripts; targets other
    than names and tuples of them; ``/`` and the bare ``*`` among parameters; ``:=`` elsewhere;
    ``async`` comprehensions; numbers of more than 100 digits; line breaks outside of triple quotes,
    and comments. CPython's own bounds on nesting are not kept, nor what is wrong for reasons beyond
    syntax (names of parameters that repeat).

    Parameters
    ----------
    variables : iterable of str, optional
        The names that may stand for values, as targets and as parameters; by default all
        identifiers. Attributes and keyword arguments are any identifier.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> compiled = gl.compile(gl.library.python_expression(), vocab)
    >>> compiled.matcher().accept_bytes(b"[x**2 for x in range(10) if x % 2 == 0]")
    True
    >>> compiled.matcher().accept_bytes(b"1 +* 2")
    False
    """
    identifier = Regex(_WORD) & ~Choice(keyword.kwlist)
    name: Grammar = identifier
    if variables is not None:
        known = names("variables", variables, _WORD)
        for word in known:
            if word in keyword.kwlist:
                raise ValueError(f"variables has {word!r}, which is a keyword")
        name = Choice(known)
    return _expression(name, identifier)


def _expression(name: Grammar, identifier: Grammar) -> Grammar:
    blank = Regex(" ?")
    comma = Regex(" ?, ?")
    more = comma.optional()
    expression, disjunction = rule("expression"), rule("disjunction")
    operand = rule("bitwise_or")

    def listed(item: Part) -> Grammar:
        """One item or more, with a comma after the last if wanted."""
        return separated(item, comma) + more

    def between(opening: str, inside: Grammar, closing: str) -> Grammar:
        return (opening + blank) + inside + (blank + closing)

    starred = "*" + blank + operand
    item = expression | starred
    target = rule("target")
    group = between("(", listed(target), ")")
    target.define(name | group)
    targets = target | (target + comma) | (separated(target, comma, 2) + more)
    condition = " if " + disjunction
    clauses = (" for " + targets + " in " + disjunction + condition.repeat()).repeat(1)
    pair = expression + Regex(" ?: ?") + expression
    doubled = "**" + blank + operand

    slice_ = expression | (
        (expression + blank).optional()
        + ":"
        + (blank + expression).optional()
        + (blank + ":" + (blank + expression).optional()).optional()
    )
    named = identifier + Regex(" ?= ?") + expression
    keywords = rule("keyword arguments")
    doubles = rule("doubled arguments")
    doubles.define((named | doubled) + (comma + doubles).optional())
    keywords.define(
        ((named | starred) + (comma + keywords).optional())
        | (doubled + (comma + doubles).optional())
    )
    arguments = rule("arguments")
    arguments.define((item + (comma + arguments).optional()) | keywords)
    call = between("(", blank.optional() | (arguments + more) | (expression + clauses), ")")

    tuple_ = between("(", (item + comma + (listed(item)).optional()), ")")
    walrus = name + Regex(" ?:= ?") + expression
    parenthesised = between("(", expression | walrus | (expression + clauses), ")")
    list_ = between("[", listed(item) | (expression + clauses), "]")
    set_ = between("{", listed(item) | (expression + clauses), "}")
    dict_ = between("{", listed(pair | doubled) | (pair + clauses), "}")
    empty = Regex(r"\( ?\)|\[ ?\]|\{ ?\}")
    constant = Choice(["None", "True", "False", "..."])
    strings = separated(_string("", _TEXT_ESCAPES, False), " ")
    strings = strings | separated(_string("b", _SHARED_ESCAPES, True), " ")
    displays = any_of([tuple_, parenthesised, list_, set_, dict_, empty])
    trailer = ("." + identifier) | call | between("[", separated(slice_, comma) + more, "]")
    number_trailer = call | between("[", separated(slice_, comma) + more, "]")
    primary = ((name | constant | strings | displays) + trailer.repeat()) | (
        Regex(_NUMBER) + (number_trailer + trailer.repeat()).optional()
    )

    factor = rule("factor")
    power = primary + (Regex(r" ?\*\* ?") + factor).optional()
    factor.define((Regex("[-+~]") + blank + factor) | power)
    term = separated(factor, Regex(" ?(?:[*/%@]|//) ?"))
    total = separated(term, Regex(" ?[-+] ?"))
    shifted = separated(total, Regex(" ?(?:<<|>>) ?"))
    conjoined = separated(shifted, Regex(" ?& ?"))
    operand.define(separated(separated(conjoined, Regex(r" ?\^ ?")), Regex(r" ?\| ?")))
    sign = blank + Choice(_COMPARISONS) + blank
    comparison = separated(operand, sign | Choice(_WORDS))
    inversion = rule("inversion")
    inversion.define(("not " + inversion) | comparison)
    conjunction = separated(inversion, " and ")
    disjunction.define(separated(conjunction, " or "))
    function = "lambda" + (" " + _parameters(name, expression, comma)).optional()
    expression.define(
        (disjunction + (" if " + disjunction + " else " + expression).optional())
        | (function + Regex(" ?: ?") + expression)
    )
    return expression


def _parameters(name: Grammar, default: Grammar, comma: Grammar) -> Grammar:
    """Of a ``lambda``: plain, with defaults, the starred one, named ones, the doubled one."""
    given = name + Regex(" ?= ?") + default

    def then(item: Grammar, rest: Grammar) -> Grammar:
        return item + (comma + rest.optional()).optional()

    last = Regex(r"\*\* ?") + name + comma.optional()
    named = rule("named parameters")
    named.define(then(name | given, named) | last)
    starred = then(Regex(r"\* ?") + name, named) | last
    defaulted = rule("parameters with defaults")
    defaulted.define(then(given, defaulted) | starred)
    plain: Rule = rule("parameters")
    return plain.define(then(name, plain) | defaulted)


def _string(kind: str, escapes: str, ascii_only: bool) -> Grammar:
    """Literals of text or of bytes, of either quote, short or long, raw or not."""
    points = "\\x80-\\U0010ffff" if ascii_only else ""
    forms = []
    prefixes = ["[bB]", "[bB][rR]|[rR][bB]"] if kind else ["[uU]?", "[rR]"]
    for prefix, escape in zip(prefixes, [escapes, f"[^\\x00\\r\\n{points}]"], strict=True):
        for quote in "'\"":
            plain = f"[^{quote}\\\\\\x00\\r\\n{points}]"
            short = f"{quote}(?:{plain}|\\\\(?:{escape}))*{quote}"
            long = f"{quote * 3}(?:{quote}{{0,2}}(?:{plain}|\\n|\\\\(?:{escape})))*{quote * 3}"
            forms.append(f"(?:{prefix})(?:{short}|{long})")
    return any_of(map(Regex, forms))
