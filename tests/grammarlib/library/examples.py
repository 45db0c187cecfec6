"""One small grammar of each kind of the library, by name."""

from __future__ import annotations

from collections.abc import Callable

import grammarlib as gl

EXAMPLES: dict[str, Callable[[], gl.Grammar]] = {
    "arithmetic": lambda: gl.library.arithmetic(["x"]),
    "constituency_trees": lambda: gl.library.constituency_trees("I run", ["S", "NP"], tags=["N"]),
    "csv": lambda: gl.library.csv(["a", "b"], line_end="\n"),
    "date": gl.library.date,
    "date_time": gl.library.date_time,
    "duration": gl.library.duration,
    "email": gl.library.email,
    "entity_links": lambda: gl.library.entity_links("Ada met Al", ["Q1", "Q2"], format="json"),
    "first_order_logic": lambda: gl.library.first_order_logic(
        {"P": 1, "R": 2}, constants=["a"], variables=["x", "y"], closed=True
    ),
    "json": lambda: gl.library.json(whitespace=1),
    "json_lines": gl.library.json_lines,
    "lisp": gl.library.lisp,
    "python_expression": gl.library.python_expression,
    "sql_select": lambda: gl.library.sql_select({"t": ["x"], "u": ["x", "y"]}),
    "tags": lambda: gl.library.tags({"a": ["id"], "br": []}, void=["br"]),
    "time": gl.library.time,
    "triplets": lambda: gl.library.triplets(["Ada", "New York"], ["in", "from"]),
    "url": gl.library.url,
}
