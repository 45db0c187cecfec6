"""Vocabularies: which bytes each token of a model adds to the text.

Each adapter reads one kind of tokenizer into a `TokenTable`; `Vocabulary` holds a table and, made
when first needed, the core's trie of it. Adapters import no tokenizer library: they work on the
objects they are given.
"""

from grammarlib.compiler.vocabulary.table import TokenTable
from grammarlib.compiler.vocabulary.vocabulary import Vocabulary

__all__ = ["TokenTable", "Vocabulary"]
