"""The notation of llama.cpp's grammars: a reader and a printer."""

from grammarlib.compiler.gbnf.printer import to_gbnf
from grammarlib.compiler.gbnf.reader import read

__all__ = ["read", "to_gbnf"]
