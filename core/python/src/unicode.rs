//! Unicode properties for the compiler's character classes.

use grammarlib_automata::unicode;
use pyo3::prelude::*;

/// The code points of a property as inclusive ranges; `None` if there is none of this name.
#[pyfunction]
pub fn unicode_property(query: &str) -> Option<Vec<(u32, u32)>> {
    unicode::property(query)
}

/// The code points that differ from some of these ranges by case alone, these included.
#[pyfunction]
pub fn case_closure(ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    unicode::case_closure(&ranges)
}
