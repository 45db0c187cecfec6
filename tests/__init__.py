"""The tests mirror the packages: ``compiler/x/y.py`` has ``tests/compiler/x/test_y.py``."""
