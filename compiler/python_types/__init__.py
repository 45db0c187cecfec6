"""Python types as JSON Schemas, and JSON text as their instances, through pydantic.

`adapt` is what the rest of the package needs: `grammarlib.types` makes grammars with it.

========================  ====================================================================
``adapter``               `adapt`: a type becomes a schema, formats, and a `Reader`
``generator``             pydantic's schema of a type, brought to what pydantic reads and writes
``members``               which members of enums and literals are read
``keys``                  what the keys of a dictionary may be
``decimals``              decimals, as numbers and as text
``dates``                 the bounds of a date
``numerals``              numbers within strings: patterns
``formats``, ``urls``     what pydantic reads under the name of a format: patterns
``rust_pattern``          Rust's regular expressions, which are pydantic's, as ECMA-262's
``reading``               text to an instance
``signatures``            the parameters of a callable as a type
========================  ====================================================================

Needs pydantic; nothing else in the package does. Rejected: a walk over type annotations of our own
(pydantic's is complete, and its validation has to agree with the schema).
"""

from __future__ import annotations

from grammarlib.compiler.python_types.adapter import Adapted, adapt
from grammarlib.compiler.python_types.reading import Reader

__all__ = ["Adapted", "Reader", "adapt"]
