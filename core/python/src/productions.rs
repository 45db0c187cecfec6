//! `Productions`: what the texts of a schema are made of, read from Python.

use crate::errors::ToPython;
use grammarlib_automata::expr::ExprId;
use grammarlib_automata::value::{self, NO_MAXIMUM, Order, State};
use pyo3::prelude::*;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Value = (bool, u8, Option<u32>, Option<u32>, Vec<u32>, Vec<u32>);
type Items = (Vec<u32>, Option<u32>, u32, Option<u32>, bool, bool, bool);
type Taken = (u32, u32, u32, Option<u32>);
type Named = Vec<(String, u32, bool)>;
type Others = Vec<(u32, u32, Option<u32>)>;
type Demands = (u32, Vec<u32>, u32, Option<u32>, u32);
type Decision = (u32, Option<u32>, Vec<(u32, u32)>);
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

    /// Return the first items of an array shape, the others, how many there may be, whether they
    /// must differ, whether two must be equal, and whether some are counted.
    fn items(&self, py: Python<'_>, shape: u32) -> PyResult<Items> {
        let items = self.lock().items(shape).py(py)?;
        Ok((
            items.prefix.iter().map(|s| s.0).collect(),
            items.rest.map(|s| s.0),
            items.min,
            bounded(items.max),
            items.unique,
            items.repeats,
            items.counted,
        ))
    }

    /// Return how many items are still asked for by kind where `at` of the first items are there,
    /// and the ways to take the next one: its value, the shape of what follows, how many may follow.
    fn taken(&self, py: Python<'_>, shape: u32, at: u32) -> PyResult<(u32, Vec<Taken>)> {
        let (wanted, ways) = self.lock().taken(shape, at).py(py)?;
        let ways = ways.into_iter();
        let ways = ways.map(|t| (t.item.0, t.shape, t.least, bounded(t.most)));
        Ok((wanted, ways.collect()))
    }

    /// Return the shape of what follows an item that is this JSON text; None where it is one too
    /// many of its kind.
    fn shape_after(
        &self,
        py: Python<'_>,
        shape: u32,
        at: u32,
        text: &str,
    ) -> PyResult<Option<u32>> {
        self.lock().shape_after(shape, at, text.as_bytes()).py(py)
    }

    /// Return the declared keys of an object shape (key, value, required), the others that have a
    /// name, and the classes of all others: value, expression of the keys, how many there are.
    fn members(&self, py: Python<'_>, shape: u32) -> PyResult<(Named, Named, Others)> {
        let members = self.lock().members(shape).py(py)?;
        let named = |list: Vec<(String, State, bool)>| -> Named {
            let list = list.into_iter();
            list.map(|(key, s, must)| (key, s.0, must)).collect()
        };
        let others = members.others.into_iter();
        Ok((
            named(members.properties),
            named(members.undeclared),
            others.map(|o| (o.state.0, o.keys.0, o.size)).collect(),
        ))
    }

    /// Return what an object shape asks of its members together, if it is more than that some must
    /// be there: a formula (0: nothing), the places of the keys that it names in the order of
    /// decisions, how many members, witnesses as bits.
    fn demands(&self, py: Python<'_>, shape: u32) -> PyResult<Option<Demands>> {
        let demands = self.lock().demands(shape).py(py)?;
        let all = |d: value::Demands| (d.formula, d.asked, d.min, bounded(d.max), d.witnesses);
        Ok(demands.map(all))
    }

    /// Return what may become of the first key of a formula: its place, the formula where it is
    /// absent (if it may be), its values where it is there, each with a formula.
    fn decide(&self, py: Python<'_>, shape: u32, formula: u32) -> PyResult<Decision> {
        let decision = self.lock().decide(shape, formula).py(py)?;
        let present = decision.present.into_iter();
        let present = present.map(|(s, formula)| (s.0, formula)).collect();
        Ok((decision.key, decision.absent, present))
    }

    /// Return the members that can be the first of these witnesses: the place of their keys' class,
    /// the witnesses that they are, their value.
    fn witnesses(&self, py: Python<'_>, shape: u32, bits: u32) -> PyResult<Vec<(u32, u32, u32)>> {
        let found = self.lock().witnesses(shape, bits).py(py)?;
        let found = found.into_iter();
        Ok(found.map(|(class, bits, s)| (class, bits, s.0)).collect())
    }

    /// Return the state of the arrays and objects of a state that are none of these JSON texts.
    fn composites_besides(&self, py: Python<'_>, state: u32, texts: Vec<String>) -> PyResult<u32> {
        let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        let mut inner = self.lock();
        Ok(inner.composites_besides(State(state), &texts).py(py)?.0)
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

    /// Return the first texts of an expression, the shortest first.
    fn texts(&self, py: Python<'_>, expr: u32, count: usize) -> PyResult<Vec<String>> {
        self.lock().texts(ExprId(expr), count).py(py)
    }

    /// Return the expression of the same numbers in one spelling each; None where there is none.
    fn plain(&self, py: Python<'_>, expr: u32) -> PyResult<Option<u32>> {
        let plain = self.lock().plain(ExprId(expr)).py(py)?;
        Ok(plain.map(|e| e.0))
    }
}

fn bounded(max: u32) -> Option<u32> {
    (max != NO_MAXIMUM).then_some(max)
}
