"""The public names, each imported when it is first asked for (PEP 562).

``import grammarlib`` must stay cheap: it imports none of torch, transformers and numpy, and does
not load the core. So this module holds a table of where each name lives and nothing else. The
imports under ``TYPE_CHECKING`` repeat the table for type checkers and editors; a test keeps the two
equal. Rejected: importing eagerly (seconds, and torch would no longer be an extra); a stub file
beside this one (a third place to keep equal).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammarlib import library, testing
    from grammarlib import strategies as strategies
    from grammarlib._core import Matcher
    from grammarlib.choice import Choice
    from grammarlib.compiler.compile import CompiledGrammar, compile
    from grammarlib.compiler.gbnf import to_gbnf
    from grammarlib.compiler.vocabulary import Vocabulary
    from grammarlib.errors import (
        CompileBudgetExceeded,
        EmptyLanguage,
        GrammarlibError,
        GrammarSyntaxError,
        Incomplete,
        InvalidSchema,
        InvalidValue,
        PromptTooLong,
        StaleState,
        UnsupportedGrammar,
        UnsupportedPattern,
        UnsupportedSchema,
        VocabularyError,
    )
    from grammarlib.free_text import JSON, after, contains
    from grammarlib.gbnf import GBNF
    from grammarlib.grammar import Grammar, rule
    from grammarlib.regex import Regex
    from grammarlib.runtime.bitmask import (
        allocate_token_bitmask,
        apply_token_bitmask_inplace,
        fill_next_token_bitmask_batch,
    )
    from grammarlib.runtime.generate import Generation, generate, generate_json
    from grammarlib.runtime.logits_processor import LogitsProcessor
    from grammarlib.runtime.model import FunctionModel, Model
    from grammarlib.runtime.structured import structured
    from grammarlib.schema import JSONSchema
    from grammarlib.substring import Substring
    from grammarlib.token import Token
    from grammarlib.tools import ToolCall, ToolCalls, ToolStyle
    from grammarlib.types import Call, TypeGrammar, from_type

__version__ = "0.1.0"

__all__ = [
    "GBNF",
    "JSON",
    "Call",
    "Choice",
    "CompileBudgetExceeded",
    "CompiledGrammar",
    "EmptyLanguage",
    "FunctionModel",
    "Generation",
    "Grammar",
    "GrammarSyntaxError",
    "GrammarlibError",
    "Incomplete",
    "InvalidSchema",
    "InvalidValue",
    "JSONSchema",
    "LogitsProcessor",
    "Matcher",
    "Model",
    "PromptTooLong",
    "Regex",
    "StaleState",
    "Substring",
    "Token",
    "ToolCall",
    "ToolCalls",
    "ToolStyle",
    "TypeGrammar",
    "UnsupportedGrammar",
    "UnsupportedPattern",
    "UnsupportedSchema",
    "Vocabulary",
    "VocabularyError",
    "__version__",
    "after",
    "allocate_token_bitmask",
    "apply_token_bitmask_inplace",
    "compile",
    "contains",
    "fill_next_token_bitmask_batch",
    "from_type",
    "generate",
    "generate_json",
    "library",
    "rule",
    "structured",
    "testing",
    "to_gbnf",
]

_NAMES_OF_MODULES = {
    "grammarlib": ("library", "strategies", "testing"),  # a module itself
    "grammarlib._core": ("Matcher",),
    "grammarlib.choice": ("Choice",),
    "grammarlib.compiler.compile": ("CompiledGrammar", "compile"),
    "grammarlib.compiler.gbnf": ("to_gbnf",),
    "grammarlib.compiler.vocabulary": ("Vocabulary",),
    "grammarlib.errors": (
        "CompileBudgetExceeded",
        "EmptyLanguage",
        "GrammarSyntaxError",
        "GrammarlibError",
        "Incomplete",
        "InvalidSchema",
        "InvalidValue",
        "PromptTooLong",
        "StaleState",
        "UnsupportedGrammar",
        "UnsupportedPattern",
        "UnsupportedSchema",
        "VocabularyError",
    ),
    "grammarlib.free_text": ("JSON", "after", "contains"),
    "grammarlib.gbnf": ("GBNF",),
    "grammarlib.grammar": ("Grammar", "rule"),
    "grammarlib.regex": ("Regex",),
    "grammarlib.runtime.bitmask": (
        "allocate_token_bitmask",
        "apply_token_bitmask_inplace",
        "fill_next_token_bitmask_batch",
    ),
    "grammarlib.runtime.generate": ("Generation", "generate", "generate_json"),
    "grammarlib.runtime.logits_processor": ("LogitsProcessor",),
    "grammarlib.runtime.model": ("FunctionModel", "Model"),
    "grammarlib.runtime.structured": ("structured",),
    "grammarlib.schema": ("JSONSchema",),
    "grammarlib.substring": ("Substring",),
    "grammarlib.token": ("Token",),
    "grammarlib.tools": ("ToolCall", "ToolCalls", "ToolStyle"),
    "grammarlib.types": ("Call", "TypeGrammar", "from_type"),
}
_MODULE_OF = {name: module for module, names in _NAMES_OF_MODULES.items() for name in names}


if not TYPE_CHECKING:  # a checker that saw it would accept every name

    def __getattr__(name: str) -> object:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module 'grammarlib' has no attribute {name!r}")
        if module == __name__:
            return importlib.import_module(f"{module}.{name}")  # which sets the attribute
        value: object = getattr(importlib.import_module(module), name)
        globals()[name] = value  # the next look-up does not come here
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})
