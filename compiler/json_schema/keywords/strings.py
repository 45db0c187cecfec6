"""``minLength``, ``maxLength``, ``pattern``, ``format``: one language over decoded text.

Lengths count code points, patterns are ECMA-262 and match anywhere in the text. All of them are
intersected in one regex program, so that the core sees one expression per string. A maximum that no
text of 2 GiB reaches is no bound.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import STRING
from grammarlib.compiler.json_schema.pointers import Path, invalid
from grammarlib.compiler.regex.ecma import search_program
from grammarlib.compiler.regex.errors import UnsupportedPattern
from grammarlib.compiler.regex.program import ANY_CHAR, EMPTY, MAX_COUNT, intersect, repeat
from grammarlib.errors import CompileBudgetExceeded, GrammarSyntaxError

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["pattern_program", "text", "text_program"]


def text(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Read the keywords about strings together."""
    if not here.mask & STRING:
        lowering.muted += 1
        text_program(lowering, here)
        lowering.muted -= 1
        return None
    program = text_program(lowering, here)
    if program is None:
        return None
    expression = lowering.regex(program)
    if here.mask == STRING:
        here.typed = True
        return lowering.builder.strings(expression)
    return lowering.builder.if_string(expression)


def text_program(lowering: Lowering, here: Subschema) -> bytes | None:
    """Return the program of the texts that the keywords allow; None if they allow all."""
    schema, path = here.schema, here.path
    programs = []
    least, most = 0, None
    if "minLength" in schema:
        least = shapes.count(schema["minLength"], (path, "minLength"))
    if "maxLength" in schema:
        most = shapes.count(schema["maxLength"], (path, "maxLength"))
    if least or most is not None:
        programs.append(_length_program(least, most))
    if "pattern" in schema:
        where = (path, "pattern")
        program = pattern_program(lowering, shapes.text(schema["pattern"], where), where)
        if program is not None:
            programs.append(program)
    if "format" in schema:
        program = _format(lowering, here, schema["format"])
        if program is not None:
            programs.append(program)
    return intersect(*programs) if programs else None


@lru_cache(maxsize=1024)
def _length_program(least: int, most: int | None) -> bytes:
    if least > MAX_COUNT:
        raise CompileBudgetExceeded(f"a minimum length of {MAX_COUNT}")
    if most is not None and most < least:
        return EMPTY
    return repeat(ANY_CHAR, least, None if most is None or most > MAX_COUNT else most)


def pattern_program(
    lowering: Lowering, pattern: str, path: Path, keyword: str = "pattern"
) -> bytes | None:
    """Return the program of the texts in which ``pattern`` matches somewhere."""
    try:
        return search_program(pattern)
    except GrammarSyntaxError as error:
        raise invalid(path, f"is no ECMA-262 pattern: {error}") from error
    except UnsupportedPattern as error:
        lowering.refuse(path, error.reason, keyword)
        return None


def _format(lowering: Lowering, here: Subschema, value: object) -> bytes | None:
    where = (here.path, "format")
    name = shapes.text(value, where)
    if lowering.formats is None:
        return None
    return lowering.formats(name, here.scope.draft.name)
