//! `Whole`: any whole number of Python's, so that one out of range is refused by the method that
//! knows the range, not as an `OverflowError` by the conversion.

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use std::fmt;

/// A whole number; `None` where 64 bits do not hold it.
#[derive(Clone, Copy)]
pub struct Whole(pub Option<i64>);

impl Whole {
    /// The number, if it is from 0 to `most`.
    pub fn at_most<T: TryFrom<i64> + PartialOrd>(self, most: T) -> Option<T> {
        T::try_from(self.0?).ok().filter(|number| *number <= most)
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("(a number of more than 64 bits)"),
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Whole {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<i64>() {
            Ok(number) => Ok(Whole(Some(number))),
            Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => Ok(Whole(None)),
            Err(error) => Err(error),
        }
    }
}
