"""Ready-made grammars of common languages, each a function that returns a ``Grammar``.

Scannerless: a grammar is exactly its set of texts, and what that set is stands in the function's
docstring, with its source and with what is left out of it. Those that depend on an input (a
database's schema, a sentence, lists of names) are made for it, so that no text can name what is not
there. All of them may be parts of other grammars.

One module per family; ``words`` holds what they share. Rejected: one class per language (they have
no state beyond their expression), and grammars kept as text in some notation (the input-dependent
ones would have to be printed and read again).
"""

from __future__ import annotations

from grammarlib.library.arithmetic import arithmetic
from grammarlib.library.csv_text import csv
from grammarlib.library.entities import entity_links, triplets
from grammarlib.library.formats import date, date_time, duration, email, time, url
from grammarlib.library.json_text import json, json_lines
from grammarlib.library.lisp import lisp
from grammarlib.library.logic import first_order_logic
from grammarlib.library.python import python_expression
from grammarlib.library.sql import sql_select
from grammarlib.library.tags import tags
from grammarlib.library.trees import constituency_trees

__all__ = [
    "arithmetic",
    "constituency_trees",
    "csv",
    "date",
    "date_time",
    "duration",
    "email",
    "entity_links",
    "first_order_logic",
    "json",
    "json_lines",
    "lisp",
    "python_expression",
    "sql_select",
    "tags",
    "time",
    "triplets",
    "url",
]
