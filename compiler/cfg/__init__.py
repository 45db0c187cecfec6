"""Context-free grammars: from grammar expressions to rules for the core.

``expand`` reads grammar expressions into the ``form`` that the passes work on; each pass is a small
file that keeps the language: ``regular`` (intersections and complements become terminals),
``useless`` (rules without texts, and unreachable ones), ``folding`` (lexical rules become
terminals), ``inlining``; ``automata`` writes the rules as states, and ``build`` hands them to the
core.
"""
