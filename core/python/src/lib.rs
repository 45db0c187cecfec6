//! The Python module `grammarlib._core`: a thin binding of `grammarlib-automata`.
//!
//! It converts types and errors and nothing else. Threads: a mask that is already known is copied
//! under the GIL (giving it up can cost a whole switch interval); anything longer runs without it.
//! No lock of the core is ever held while the GIL is taken.

mod bitmask;
mod builder;
mod errors;
mod grammar_builder;
mod matcher;
mod precompute;
mod productions;
mod unicode;
mod view;
mod vocabulary;
mod whole;

use pyo3::prelude::*;

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<vocabulary::Vocabulary>()?;
    module.add_class::<builder::SchemaBuilder>()?;
    module.add_class::<grammar_builder::GrammarBuilder>()?;
    module.add_class::<productions::Productions>()?;
    module.add_class::<matcher::Compiled>()?;
    module.add_class::<matcher::Matcher>()?;
    module.add_class::<precompute::Precomputation>()?;
    module.add_function(wrap_pyfunction!(bitmask::fill_batch, module)?)?;
    module.add_function(wrap_pyfunction!(unicode::case_closure, module)?)?;
    module.add_function(wrap_pyfunction!(unicode::unicode_property, module)?)?;
    Ok(())
}
