"""SELECT statements, prepared by SQLite over a database with the schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

import grammarlib as gl
from tests.grammarlib.library.judging import edited, judged, takes

SCHEMA = {
    "city": ["id", "name"],
    "person": ["name", "city_id", "Age"],
    "order": ["id", "from", 'a "b"', "été"],
}


def prepared(schema: dict[str, list[str]]) -> Callable[[str], bool]:
    database = sqlite3.connect(":memory:")

    def quoted(name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    for table, columns in schema.items():
        database.execute(f"CREATE TABLE {quoted(table)} ({', '.join(map(quoted, columns))})")

    def judge(text: str) -> bool:
        try:
            database.execute("EXPLAIN " + text)
        except sqlite3.Error:
            return False
        return True

    return judge


@pytest.mark.parametrize(
    ("tables", "options"),
    [(3, {"max_tables": 1}), (3, {}), (2, {"max_tables": 2, "aliases": ["T1", "t 2"]})],
)
def test_what_is_accepted_is_prepared(tables: int, options: dict[str, object]) -> None:
    schema = dict(list(SCHEMA.items())[:tables])
    judged(gl.library.sql_select(schema, **options), prepared(schema), 50)  # type: ignore[arg-type]


def test_three_tables() -> None:
    schema = {"a": ["x", "y"], "b": ["x", "z"], "c": ["y", "w"]}
    grammar = gl.library.sql_select(schema, max_tables=3)
    judged(grammar, prepared(schema), 40)
    # The condition of the first join names a column that the third table has too.
    assert takes(grammar, "SELECT w FROM a JOIN b ON a.y = z JOIN c ON a.y = c.y")
    assert not takes(grammar, "SELECT w FROM a JOIN b ON y = z JOIN c ON a.y = c.y")


GRAMMAR = gl.library.sql_select(SCHEMA)


BY_HAND = [
    ("SELECT * FROM city", True),
    ("select distinct name, AVG(Age) from person Group By name having Avg(Age) > 3.5", True),
    ("SELECT id FROM city WHERE id IN (SELECT city_id FROM person) LIMIT 5 OFFSET 2", True),
    ("SELECT COUNT(*) AS n FROM city, person WHERE city.name = person.name", True),
    ('SELECT "order"."from" FROM "order" LEFT OUTER JOIN city ON city.id = "order".id', True),
    ("SELECT name FROM city WHERE name LIKE 'it''s' OR NOT (id < -1 AND id IS NOT NULL)", True),
    ("SELECT name FROM city WHERE EXISTS (SELECT * FROM person) ORDER BY name DESC, id", True),
    ("SELECT age FROM city", False),
    ("SELECT Age FROM city", False),
    ("SELECT name FROM city, person", False),
    ("SELECT id FROM order", False),
    ("SELECT id FROM cities", False),
    ("SELECT id FROM city WHERE COUNT(*) > 1", False),
    ("SELECT id FROM city ORDER BY COUNT(*)", False),
    ("SELECT id AS from FROM city", False),
    ("SELECT id FROM city WHERE id IN (SELECT * FROM person)", False),
    ("SELECT person.name FROM city", False),
    ("\u017fELECT id FROM city", False),
    ("SELECT id FROM city HAVING id > 1", False),
]


@pytest.mark.parametrize(("text", "inside"), BY_HAND)
def test_by_hand(text: str, inside: bool) -> None:
    assert takes(GRAMMAR, text) == inside
    if text not in ("SELECT age FROM city", "SELECT id FROM city HAVING id > 1") and inside:
        assert prepared(SCHEMA)(text)


def test_edits_of_them() -> None:
    texts = [text for text, inside in BY_HAND if inside]
    assert edited(GRAMMAR, prepared(SCHEMA), texts, 5000) > 300


def test_an_alias_hides_the_table() -> None:
    grammar = gl.library.sql_select({"t": ["x"]}, aliases=["T1", "T2"])
    assert takes(grammar, "SELECT T1.x FROM t AS T1 JOIN t AS T2 ON T1.x = T2.x")
    for text in ["SELECT t.x FROM t AS T1", "SELECT T2.x FROM t AS T2", "SELECT x FROM t, t"]:
        assert not takes(grammar, text), text


@pytest.mark.parametrize(
    ("schema", "options", "error"),
    [
        (["t"], {}, TypeError),
        ({}, {}, ValueError),
        ({"t": []}, {}, ValueError),
        ({"t": "x"}, {}, TypeError),
        ({"t": ["x", "X"]}, {}, ValueError),
        ({"t": ["x"], "T": ["x"]}, {}, ValueError),
        ({"t\0": ["x"]}, {}, ValueError),
        ({"t": ["x"]}, {"max_tables": 0}, ValueError),
        ({"t": ["x"]}, {"aliases": ["T"]}, ValueError),
        ({"t": ["x"]}, {"aliases": "T1"}, TypeError),
        ({f"t{i}": ["x"] for i in range(60)}, {}, gl.CompileBudgetExceeded),
    ],
)
def test_what_is_refused(schema: object, options: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        gl.library.sql_select(schema, **options)  # type: ignore[arg-type]
