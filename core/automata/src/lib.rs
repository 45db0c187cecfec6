//! Languages, grammars and token masks; knows nothing of Python.
#![forbid(unsafe_code)]
