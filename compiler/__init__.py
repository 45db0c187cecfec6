"""From grammars and tokenizers to compiled tables: front ends, lowering, vocabulary adapters.

Imports the expressions and errors of ``grammarlib`` and the core; never ``grammarlib.runtime``.
Import it by its full name: a bare ``compiler`` would be a second module with classes of its own.
"""
