//! `Precomputation`: work ahead, in slices of time.

use crate::errors::ToPython;
use grammarlib_automata::engine::Precompute;
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Complete, reasons, states, levels, profiles, masks.
type Report = (bool, Vec<String>, usize, u32, usize, usize);

/// Work under way.
#[pyclass(frozen, module = "grammarlib._core")]
pub struct Precomputation {
    pub inner: Mutex<Precompute>,
}

#[pymethods]
impl Precomputation {
    /// Work for about so long, and return what is being made, how much of it is done, of how much,
    /// and whether all work is over.
    fn advance(
        &self,
        py: Python<'_>,
        milliseconds: u64,
    ) -> PyResult<(&'static str, usize, usize, bool)> {
        let progress = py
            .detach(|| {
                let mut work = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
                work.advance(Duration::from_millis(milliseconds))
            })
            .py(py)?;
        Ok((
            progress.stage,
            progress.done,
            progress.total,
            progress.finished,
        ))
    }

    /// What was made.
    fn report(&self) -> Report {
        let work = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let report = work.report();
        (
            report.complete,
            report.reasons,
            report.states,
            report.levels,
            report.profiles,
            report.masks,
        )
    }
}
