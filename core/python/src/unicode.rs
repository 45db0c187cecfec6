//! Unicode properties for the compiler's character classes.

use grammarlib_automata::unicode;
use pyo3::prelude::*;

/// The code points of a property as inclusive ranges; `None` if there is none of this name.
#[pyfunction]
pub fn unicode_property(query: &str) -> Option<Vec<(u32, u32)>> {
    unicode::property(query)
}
