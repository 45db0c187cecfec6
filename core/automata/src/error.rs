//! What can go wrong in the kernel. Nothing here panics on input: every construction that can grow
//! has a budget and ends in [`Error::Budget`], which names the budget.

use std::fmt;

/// Errors of compilation and of matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A construction outgrew its budget; the text names the budget and its size.
    Budget(String),
    /// The language has no member; the text says which part of it is empty.
    Empty(String),
    /// The grammar asks for what is not enforced exactly; the text says what.
    Unsupported(String),
    /// The caller broke a contract (unknown handle, malformed program, ...).
    Invalid(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Budget(what) => write!(f, "budget exceeded: {what}"),
            Error::Empty(what) => write!(f, "empty language: {what}"),
            Error::Unsupported(what) => write!(f, "unsupported: {what}"),
            Error::Invalid(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for Error {}

/// Shorthand for results of the kernel.
pub type Result<T> = std::result::Result<T, Error>;
