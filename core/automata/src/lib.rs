//! The kernel of grammarlib: expressions, rows, profiles, matchers. It knows nothing of Python.
//!
//! | module | holds | may know of |
//! |---|---|---|
//! | [`expr`] | regular languages as a hash-consed algebra with lazy automata | bytes |
//! | [`vocab`] | token bytes as a forest; profiles of expressions, shared by all grammars | `expr` |
//! | [`grammar`] | rules as automata, interned rows | nothing |
//! | [`value`] | JSON values as algebra, and their rules made on demand | `expr`, `grammar` |
//! | [`unicode`] | sets of code points by Unicode properties | nothing |
//! | [`engine`] | configurations, registers, masks, matchers | all of them |
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod byteset;
pub mod engine;
pub mod error;
pub mod expr;
pub mod grammar;
pub mod unicode;
pub mod value;
pub mod vocab;

pub use engine::{Compiled, Limits, Matcher};
pub use error::{Error, Result};
pub use expr::Arena;
pub use vocab::Vocabulary;
