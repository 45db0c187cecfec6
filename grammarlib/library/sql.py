"""SQL's SELECT over the tables of a given database, as SQLite reads it.

*How.* Which columns a query may name depends on its FROM clause, which stands after its list of
columns: so each set of sources that a FROM clause can have is a *scope* with productions of its
own, and a query is the union over them. n tables of which at most k are joined make n over k
scopes; hence ``max_tables``, and a bound on their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Final, NamedTuple

from grammarlib.arguments import instance, whole
from grammarlib.choice import Choice
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.grammar import Grammar, Part, Rule, rule
from grammarlib.library.sql_words import RESERVED
from grammarlib.library.words import any_of, keyword, names, separated
from grammarlib.regex import Regex

__all__ = ["sql_select"]

MAX_SCOPES: Final = 1000
"""Most sets of tables that FROM clauses may have."""
_PLAIN: Final = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_ORDINARY: Final = r"[^\x00]+"

GAP: Final = Regex("[ \\n]")
_SIGN: Final = Regex("[ \\n]?(?:=|==|<>|!=|<=|>=|<|>)[ \\n]?")
_COMMA: Final = Regex(",[ \\n]?")
_NUMBER: Final = Regex("-?[0-9]+(?:\\.[0-9]+)?")
_STRING: Final = Regex("'(?:[^'\\x00]|'')*'")
_COUNT: Final = Regex("[0-9]{1,9}")


class _Source(NamedTuple):
    """A table in a FROM clause, and the name by which it goes there."""

    table: str
    alias: str | None

    @property
    def name(self) -> str:
        return self.alias or self.table


_From = tuple[_Source, ...]


def sql_select(
    schema: Mapping[str, Iterable[str]],
    *,
    max_tables: int = 2,
    aliases: Iterable[str] = (),
) -> Grammar:
    """SELECT statements of SQL over the tables and columns of a database.

    A query names only tables of the database, and only columns of tables in its own FROM clause; a
    column that several of them have must be qualified. ``SELECT [DISTINCT]`` with ``*``,
    ``table.*``, terms, aggregates (``COUNT``, ``SUM``, ``AVG``, ``MIN``, ``MAX``) and column
    aliases; ``FROM`` with ``,``, ``CROSS JOIN``, ``[INNER] JOIN`` and ``LEFT [OUTER] JOIN ... ON``;
    ``WHERE`` with comparisons, ``LIKE``, ``IN`` (a list, or a query of one column), ``BETWEEN``,
    ``IS [NOT] NULL``, ``EXISTS``, ``AND``, ``OR``, ``NOT`` and parentheses; ``GROUP BY`` columns
    with ``HAVING``; ``ORDER BY`` columns, and aggregates in a query with ``GROUP BY``; ``LIMIT``
    and ``OFFSET``. Every text is a statement that SQLite prepares without an error.

    Keywords may be in any case, names are as in the database. A name is bare where it can be,
    or in double quotes. Between words stands one blank or one line break, and none inside
    parentheses; around comparisons and after commas it may be left out.

    Left out: ``UNION`` and its like, common table expressions, queries in ``FROM`` and as values,
    references to tables of an outer query, ``RIGHT`` and ``NATURAL`` joins, ``USING``, other
    functions, ``CASE``, ``CAST``, window functions and types.

    Parameters
    ----------
    schema : mapping of str to iterable of str
        The columns of each table. Names must differ in more than the case of ASCII letters.
    max_tables : int
        How many tables one FROM clause may have.
    aliases : iterable of str
        The n-th table of a FROM clause may be called ``AS`` the n-th of these, and then only that;
        so a table may be joined with itself.

    Returns
    -------
    Grammar

    Raises
    ------
    CompileBudgetExceeded
        If there are more than 1,000 possible FROM clauses, their order aside.

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> query = gl.library.sql_select({"city": ["id", "name"], "person": ["name", "city_id"]})
    >>> compiled = gl.compile(query, vocab)
    >>> compiled.matcher().accept_bytes(
    ...     b"SELECT city.name, COUNT(*) FROM person JOIN city ON city_id = id "
    ...     b"WHERE person.name LIKE 'A%' GROUP BY city.name ORDER BY COUNT(*) DESC LIMIT 3"
    ... )
    True
    >>> compiled.matcher().accept_bytes(b"SELECT id FROM person WHERE")
    False
    """
    instance("schema", schema, Mapping, "a mapping of tables to their columns")
    tables = names("schema", schema, _ORDINARY)
    given: Mapping[str, Any] = schema
    columns = {table: names(f"schema[{table!r}]", given[table], _ORDINARY) for table in tables}
    called = names("aliases", aliases, _ORDINARY, empty=True)
    _distinct("schema and aliases", [*tables, *called])
    for table, found in columns.items():
        _distinct(f"schema[{table!r}]", found)
    most = whole("max_tables", max_tables, 1)
    return _Queries(columns, called).query(_clauses(tables, called, most))


def _distinct(argument: str, given: list[str]) -> None:
    seen: dict[str, str] = {}
    for name in given:
        folded = _folded(name)
        if folded in seen:
            raise ValueError(f"{argument}: {seen[folded]!r} and {name!r} are one name for SQL")
        seen[folded] = name


def _folded(name: str) -> str:
    """SQL's names are equal if they are but for the case of ASCII letters."""
    return "".join(c.lower() if c.isascii() else c for c in name)


def _clauses(
    tables: list[str], aliases: list[str], most: int
) -> dict[frozenset[_Source], list[_From]]:
    """The FROM clauses by their set of sources."""
    found: dict[frozenset[_Source], list[_From]] = {}
    for size in range(1, min(most, len(tables) + len(aliases)) + 1):
        at = [
            [
                _Source(table, alias)
                for alias in (None, *aliases[place : place + 1])
                for table in tables
            ]
            for place in range(size)
        ]
        for clause in product(*at):
            if len({source.name for source in clause}) == size:
                found.setdefault(frozenset(clause), []).append(clause)
                if len(found) > MAX_SCOPES:
                    raise CompileBudgetExceeded(f"{MAX_SCOPES} sets of tables in FROM clauses")
    return found


class _Scope(NamedTuple):
    """The productions of one set of sources."""

    column: Grammar
    value: Grammar
    """A term of columns and literals."""
    condition: Grammar
    aggregate: Grammar
    having: Grammar
    """A condition over aggregates too."""


class _Queries:
    """The productions of one database."""

    def __init__(self, columns: dict[str, list[str]], aliases: list[str]) -> None:
        self._columns = columns
        self._scopes: dict[tuple[frozenset[_Source], frozenset[_Source]], _Scope] = {}
        self._one_column = rule("query of one column")
        self._any = rule("query")
        self._label = _words("AS") + (_PLAIN_NAME | Regex('"(?:[^"\\x00]|"")+"'))

    def query(self, clauses: dict[frozenset[_Source], list[_From]]) -> Grammar:
        whole_queries: list[Part] = []
        single: list[Part] = []
        for sources, orders in clauses.items():
            scope = self._scope(sources, sources)
            rest = rule("rest of a query").define(self._rest(sources, orders, scope))
            term = (scope.value | scope.aggregate) + self._label.optional()
            stars = Choice(["*", *(way for s in sources for way in _stars(s))])
            head = _head("SELECT") + (keyword("DISTINCT") + GAP).optional()
            whole_queries.append(head + separated(stars | term, _COMMA) + rest)
            single.append(head + term + rest)
        self._one_column.define(any_of(single))
        return self._any.define(any_of(whole_queries))

    def _rest(self, sources: frozenset[_Source], orders: list[_From], scope: _Scope) -> Grammar:
        start = _words("FROM") + any_of(self._from(order) for order in orders)
        where = (_words("WHERE") + scope.condition).optional()
        direction = (GAP + (keyword("ASC") | keyword("DESC"))).optional()

        def ordered(by: Grammar) -> Grammar:
            return (_words("ORDER", "BY") + separated(by + direction, _COMMA)).optional()

        grouped = _words("GROUP", "BY") + separated(scope.column, _COMMA)
        grouped = grouped + (_words("HAVING") + scope.having).optional()
        grouped = grouped + ordered(scope.column | scope.aggregate)
        offset = (_words("OFFSET") + _COUNT).optional()
        limit = (_words("LIMIT") + _COUNT + offset).optional()
        return start + where + (grouped | ordered(scope.column)) + limit

    def _from(self, order: _From) -> Grammar:
        first, *others = order
        clause = _source(first)
        whole_set = frozenset(order)
        kind = (keyword("INNER") + GAP) | (
            keyword("LEFT") + GAP + (keyword("OUTER") + GAP).optional()
        )
        for count, source in enumerate(others, 2):
            condition = self._scope(frozenset(order[:count]), whole_set).condition
            joined = GAP + kind.optional() + keyword("JOIN") + GAP + _source(source)
            clause = clause + (
                (joined + _words("ON") + condition)
                | ((_COMMA | (_words("CROSS", "JOIN"))) + _source(source))
            )
        return clause

    def _scope(self, visible: frozenset[_Source], every: frozenset[_Source]) -> _Scope:
        """What may be said with some sources; what stands in another one too must be qualified."""
        if (visible, every) in self._scopes:
            return self._scopes[visible, every]
        owners: dict[str, int] = {}
        for source in every:
            for column in self._columns[source.table]:
                owners[_folded(column)] = owners.get(_folded(column), 0) + 1
        ways: list[str] = []
        for source in sorted(visible, key=lambda source: source.name):
            for column in self._columns[source.table]:
                ways += (f"{a}.{b}" for a in _ways(source.name) for b in _ways(column))
                if owners[_folded(column)] == 1:
                    ways += _ways(column)
        some = Choice(ways)
        value, having = rule("term"), rule("term of a group")
        leaves = some | _NUMBER | _STRING | keyword("NULL")
        value.define(_arithmetic(leaves, value))
        name = any_of(map(keyword, ("COUNT", "SUM", "AVG", "MIN", "MAX")))
        distinct = (keyword("DISTINCT") + GAP).optional()
        aggregate = (keyword("COUNT") + "(*)") | (name + "(" + distinct + value + ")")
        having.define(_arithmetic(leaves | aggregate, having))
        made = self._scopes[visible, every] = _Scope(
            some, value, self._condition(value), aggregate, self._condition(having)
        )
        return made

    def _condition(self, term: Rule) -> Grammar:
        condition = rule("condition")
        negated = (keyword("NOT") + GAP).optional()
        literal = _NUMBER | _STRING | keyword("NULL")
        members = "(" + (separated(literal, _COMMA) | self._one_column) + ")"
        test = (_SIGN + term) | (
            GAP
            + (
                (negated + keyword("LIKE") + GAP + _STRING)
                | (negated + keyword("IN") + GAP + members)
                | (negated + keyword("BETWEEN") + GAP + term + _words("AND") + term)
                | (keyword("IS") + GAP + negated + keyword("NULL"))
            )
        )
        exists = keyword("EXISTS") + GAP + "(" + self._any + ")"
        single = negated + ((term + test) | exists | ("(" + condition + ")"))
        return condition.define(separated(separated(single, _words("AND")), _words("OR")))


def _arithmetic(leaf: Grammar, term: Grammar) -> Grammar:
    """Blanks around the operators: two minus signs side by side begin a comment."""
    return separated(leaf | ("(" + term + ")"), Regex("[ \\n](?:[-+*/%]|\\|\\|)[ \\n]"))


def _source(source: _Source) -> Grammar:
    table: Grammar = Choice(_ways(source.table))
    if source.alias is None:
        return table
    return table + _words("AS") + Choice(_ways(source.alias))


def _stars(source: _Source) -> list[str]:
    return [f"{way}.*" for way in _ways(source.name)]


def _ways(name: str) -> list[str]:
    """How a name may be written."""
    quoted = '"' + name.replace('"', '""') + '"'
    bare = _PLAIN.fullmatch(name) and name.upper() not in RESERVED
    return [name, quoted] if bare else [quoted]


def _head(word: str) -> Grammar:
    return keyword(word) + GAP


def _words(*words: str) -> Grammar:
    """Keywords with gaps around them."""
    found: Grammar = GAP
    for word in words:
        found = found + keyword(word) + GAP
    return found


_PLAIN_NAME: Final = Regex(_PLAIN.pattern) & ~any_of(map(keyword, sorted(RESERVED)))
