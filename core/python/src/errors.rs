//! Errors of the core as the library's own exceptions.

use grammarlib_automata::Error;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// The Python exception for an error of the core.
pub fn to_python(py: Python<'_>, error: Error) -> PyErr {
    let (name, facts) = match error {
        Error::Budget(what) => ("CompileBudgetExceeded", vec![what]),
        Error::Empty(path) => ("EmptyLanguage", vec![path]),
        Error::Unsupported(what) => ("UnsupportedGrammar", vec![what, "a text".into()]),
        Error::Invalid(what) => return PyValueError::new_err(what),
    };
    let raised = py
        .import("grammarlib.errors")
        .and_then(|module| module.getattr(name))
        .and_then(|class| class.call1(PyTuple::new(py, facts)?));
    match raised {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// `result.py(py)?`: the same for results.
pub trait ToPython<T> {
    /// Converts the error.
    fn py(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> ToPython<T> for grammarlib_automata::Result<T> {
    fn py(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| to_python(py, error))
    }
}
