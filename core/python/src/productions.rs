//! `Productions`: what the texts of a schema are made of, read from Python.

use crate::errors::ToPython;
use grammarlib_automata::expr::ExprId;
use grammarlib_automata::value::{self, Order, State};
use pyo3::prelude::*;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Value = (bool, u8, Option<u32>, Option<u32>, Vec<u32>, Vec<u32>);
type Items = (Vec<u32>, Option<u32>, u32, Option<u32>);
type Members = (Vec<(String, u32, bool)>, Vec<String>, Option<(u32, u32)>);
type Group = (u32, Vec<(u32, u32)>);

#[pyclass(frozen, module = "grammarlib._core")]
pub struct Productions {
    inner: Mutex<value::Productions>,
}

impl Productions {
    pub fn new(inner: value::Productions) -> Self {
        Productions {
            inner: Mutex::new(inner),
        }
    }

    fn lock(&self) -> MutexGuard<'_, value::Productions> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Productions {
    /// The state of the whole text's value.
    #[getter]
    fn root(&self) -> u32 {
        self.lock().root().0
    }

    /// Whether keys may come in any order.
    #[getter]
    fn free_order(&self) -> bool {
        self.lock().order() == Order::Free
    }

    /// The expression of what stands between two JSON tokens.
    #[getter]
    fn whitespace(&self) -> u32 {
        self.lock().blanks().0
    }

    /// Approximate bytes held.
    fn memory(&self) -> usize {
        self.lock().memory()
    }

    /// Return what a value may be: null, booleans (1: false, 2: true), the expressions of its
    /// numbers and strings, the shapes of its arrays and objects.
    fn value(&self, py: Python<'_>, state: u32) -> PyResult<Value> {
        let value = self.lock().value(State(state)).py(py)?;
        Ok((
            value.null,
            value.booleans,
            value.number.map(|e| e.0),
            value.string.map(|e| e.0),
            value.arrays,
            value.objects,
        ))
    }

    /// Return the first items of an array shape, the others, and how many there may be.
    fn items(&self, py: Python<'_>, shape: u32) -> PyResult<Items> {
        let items = self.lock().items(shape).py(py)?;
        Ok((
            items.prefix.iter().map(|s| s.0).collect(),
            items.rest.map(|s| s.0),
            items.min,
            (items.max != u32::MAX).then_some(items.max),
        ))
    }

    /// Return the properties of an object shape (key, value, required), the required keys that are
    /// none of them, and the value and the key expression of all others.
    fn members(&self, py: Python<'_>, shape: u32) -> PyResult<Members> {
        let members = self.lock().members(shape).py(py)?;
        let properties = members.properties.into_iter();
        Ok((
            properties.map(|(key, s, must)| (key, s.0, must)).collect(),
            members.undeclared,
            members.additional.map(|(s, e)| (s.0, e.0)),
        ))
    }

    /// Return the characters that may come next: expressions they lead to, each with inclusive
    /// ranges of code points; those on a shortest way to an end first.
    fn characters(&self, py: Python<'_>, expr: u32) -> PyResult<Vec<Group>> {
        let groups = self.lock().characters(ExprId(expr)).py(py)?;
        Ok(groups.into_iter().map(|g| (g.target.0, g.ranges)).collect())
    }

    /// Return whether the empty text is in the language of an expression.
    fn nullable(&self, py: Python<'_>, expr: u32) -> PyResult<bool> {
        self.lock().nullable(ExprId(expr)).py(py)
    }

    /// Return a shortest text of an expression; of several the simplest.
    fn shortest(&self, py: Python<'_>, expr: u32) -> PyResult<String> {
        self.lock().shortest(ExprId(expr)).py(py)
    }
}
