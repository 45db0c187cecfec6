"""What ``benchmarks/maskbench.py`` is made of.

``cases`` and ``vocabularies`` read what is measured on; ``engines`` say how each engine is driven;
``play`` measures one engine on one schema, in a process of ``worker``; ``lanes`` keeps such
processes busy; ``records`` is what they report, ``figures``, ``report`` and ``plot`` what is said
about it.
"""
