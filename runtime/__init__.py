"""Driving a model with a compiled grammar: model adapters, masks, generation.

Imports ``grammarlib.compiler`` and the core; nothing imports it but the public names.
Import it by its full name: a bare ``runtime`` would be a second module with classes of its own.
"""
