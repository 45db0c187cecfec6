//! `Compiled` and `Matcher`.

use crate::bitmask::Bitmask;
use crate::errors::ToPython;
use crate::precompute::Precomputation;
use crate::view;
use crate::whole::Whole;
use grammarlib_automata as core;
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "grammarlib._core")]
pub struct Compiled {
    pub inner: Arc<core::Compiled>,
}

#[pymethods]
impl Compiled {
    fn matcher(&self, py: Python<'_>) -> PyResult<Matcher> {
        Ok(Matcher::new(self.inner.matcher().py(py)?))
    }

    fn cache_memory(&self) -> usize {
        self.inner.cache_memory()
    }

    fn clear_cache(&self) {
        self.inner.clear_cache();
    }

    /// The generation of the caches, and for each state: id, accepting, masked, components.
    fn states(&self, py: Python<'_>) -> PyResult<(u64, Vec<view::State>)> {
        view::states(py, &self.inner)
    }

    /// (target, byte ranges, effect, condition) for each edge; `None` if the generation is over.
    fn edges(
        &self,
        py: Python<'_>,
        generation: u64,
        state: u32,
    ) -> PyResult<Option<Vec<view::Edge>>> {
        view::edges(py, &self.inner, generation, state)
    }

    /// Targets with their tokens, and the tokens that leave what is built, as
    /// little-endian uint32; `None` if the generation is over.
    fn token_edges<'py>(
        &self,
        py: Python<'py>,
        generation: u64,
        state: u32,
    ) -> PyResult<Option<view::TokenEdges<'py>>> {
        view::token_edges(py, &self.inner, generation, state)
    }

    /// The tokens that spell something, and (inside, crossing, survivors; cuts) for each component,
    /// all sets as bitsets of little-endian uint32; `None` if the generation is over.
    fn profile<'py>(
        &self,
        py: Python<'py>,
        generation: u64,
        state: u32,
    ) -> PyResult<Option<view::Profile<'py>>> {
        view::profile(py, &self.inner, generation, state)
    }

    /// The generation, and the states that a text passes.
    fn trace(&self, py: Python<'_>, text: &[u8]) -> PyResult<(u64, Vec<view::State>)> {
        view::trace(py, &self.inner, text)
    }

    /// Work that makes ahead the profiles (`all` false) or everything.
    fn precompute(&self, all: bool) -> Precomputation {
        Precomputation {
            inner: Mutex::new(self.inner.precompute(all)),
        }
    }

    /// What was looked for in the caches and not found, by name.
    fn cache_misses(&self) -> Vec<(&'static str, u64)> {
        let misses = self.inner.misses();
        vec![
            ("states", misses.states),
            ("steps", misses.steps),
            ("rows", misses.rows),
            ("plans", misses.plans),
            ("survivors", misses.survivors),
            ("profiles", misses.profiles),
            ("searches", misses.searches),
        ]
    }

    fn mask_counts(&self) -> (u64, u64, u64) {
        self.inner.mask_counts()
    }
}

/// The token as an id of the vocabulary, or an error that names it.
fn known_id(token: Whole, size: u32) -> PyResult<u32> {
    match token.at_most(size - 1) {
        Some(id) => Ok(id),
        None => Err(PyIndexError::new_err(format!(
            "token {token} is outside the vocabulary of {size}"
        ))),
    }
}

type Handle = Arc<Mutex<core::Matcher>>;

/// One text under way: which tokens may come next, and what was taken so far.
#[pyclass(frozen, module = "grammarlib._core")]
pub struct Matcher {
    inner: Handle,
}

impl Matcher {
    fn new(matcher: core::Matcher) -> Self {
        Matcher {
            inner: Arc::new(Mutex::new(matcher)),
        }
    }

    /// For use without the GIL.
    pub fn handle(&self) -> Handle {
        self.inner.clone()
    }

    /// A matcher is whole between calls, so another thread's panic does not poison it.
    pub fn lock(handle: &Handle) -> MutexGuard<'_, core::Matcher> {
        handle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Matcher {
    /// Write the token bitmask of what may come next into a row of `mask`, int32 [batch, words] or
    /// [words]; bit 1 means allowed. After the end token no token is.
    #[pyo3(signature = (mask, row = Whole(Some(0))), text_signature = "($self, mask, row=0)")]
    fn fill_next_token_bitmask(
        &self,
        py: Python<'_>,
        mask: &Bound<'_, PyAny>,
        row: Whole,
    ) -> PyResult<()> {
        let mut mask = Bitmask::new(mask)?;
        let row = mask.row(row)?;
        if Self::lock(&self.inner).fill_known(row).py(py)? {
            return Ok(());
        }
        let handle = &self.inner;
        py.detach(|| Self::lock(handle).fill(row)).py(py)
    }

    /// Take a token and return True, or return False and stay as before. `IndexError` if the id is
    /// outside the vocabulary.
    fn accept_token(&self, py: Python<'_>, token: Whole) -> PyResult<bool> {
        let mut matcher = Self::lock(&self.inner);
        let token = known_id(token, matcher.vocabulary().size())?;
        matcher.accept_token(token).py(py)
    }

    /// Take all of the bytes and return True, or return False and stay as before; one step for
    /// `rollback`.
    fn accept_bytes(&self, py: Python<'_>, data: &[u8]) -> PyResult<bool> {
        let handle = &self.inner;
        py.detach(|| Self::lock(handle).accept_bytes(data)).py(py)
    }

    /// Return how many of the tokens could be accepted one after the other; nothing changes.
    fn validate_tokens(&self, py: Python<'_>, tokens: Vec<Whole>) -> PyResult<usize> {
        let handle = &self.inner;
        let size = Self::lock(handle).vocabulary().size();
        let ids: PyResult<Vec<u32>> = tokens.into_iter().map(|t| known_id(t, size)).collect();
        let tokens = ids?;
        py.detach(|| Self::lock(handle).validate_tokens(&tokens))
            .py(py)
    }

    /// Take back the last `steps` accepted tokens or runs of bytes. `ValueError` if there are fewer.
    fn rollback(&self, py: Python<'_>, steps: Whole) -> PyResult<()> {
        let Some(number) = steps.at_most(usize::MAX) else {
            return Err(PyValueError::new_err(format!(
                "cannot roll back {steps} steps"
            )));
        };
        Self::lock(&self.inner).rollback(number).py(py)
    }

    /// Return a matcher of its own at the same point of the text.
    fn fork(&self) -> Matcher {
        let copy = Self::lock(&self.inner).fork();
        Matcher::new(copy)
    }

    /// Go back before the text.
    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        Self::lock(&self.inner).reset().py(py)
    }

    /// Return whether the text so far is in the language, which is when an end token is allowed.
    fn is_accepting(&self, py: Python<'_>) -> PyResult<bool> {
        Self::lock(&self.inner).is_accepting().py(py)
    }

    /// Return the generation of the caches, the state, and a digest of the facts of the text; where all
    /// are equal, equal texts may follow.
    fn place(&self, py: Python<'_>) -> PyResult<(u64, u32, u128)> {
        Self::lock(&self.inner).place().py(py)
    }

    /// Return whether an end token was accepted.
    fn is_terminated(&self) -> bool {
        Self::lock(&self.inner).is_terminated()
    }

    /// Return the bytes that every continuation begins with.
    fn find_jump_forward_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let handle = &self.inner;
        let bytes = py
            .detach(|| Self::lock(handle).find_jump_forward_bytes())
            .py(py)?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Return the tokens that follow for certain: as long as the mask allows exactly one.
    fn find_jump_forward_tokens(&self, py: Python<'_>) -> PyResult<Vec<u32>> {
        let handle = &self.inner;
        py.detach(|| Self::lock(handle).find_jump_forward_tokens())
            .py(py)
    }
}
