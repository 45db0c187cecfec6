"""The tests mirror the packages: ``compiler/x/y.py`` is tested by ``tests/compiler/x/test_y.py``."""
