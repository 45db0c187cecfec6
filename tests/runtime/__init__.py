"""Tests of ``grammarlib.runtime``, driven by a plain-Python matcher as well as by the core."""
