//! The Python module `grammarlib._core`: a thin binding of `grammarlib-automata`.

use pyo3::prelude::*;

#[pymodule]
fn _core(_module: &Bound<'_, PyModule>) -> PyResult<()> {
    Ok(())
}
