//! `Vocabulary`: the token bytes as a forest, with the profiles that grammars share.

use crate::errors::ToPython;
use grammarlib_automata as core;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::borrow::Cow;
use std::sync::Arc;

/// Bytes of profiles kept per vocabulary unless told otherwise.
const CACHE: usize = 512 << 20;

#[pyclass(frozen, module = "grammarlib._core")]
pub struct Vocabulary {
    pub inner: Arc<core::Vocabulary>,
}

#[pymethods]
impl Vocabulary {
    #[new]
    #[pyo3(signature = (tokens, eos_ids, vocab_size, cache_bytes = CACHE))]
    fn new(
        py: Python<'_>,
        tokens: &Bound<'_, PyAny>,
        eos_ids: Vec<u32>,
        vocab_size: u32,
        cache_bytes: usize,
    ) -> PyResult<Self> {
        let mut list: Vec<Option<Vec<u8>>> = Vec::new();
        for token in tokens.try_iter()? {
            let token = token?;
            list.push(if token.is_none() {
                None
            } else {
                Some(token.extract::<Cow<'_, [u8]>>()?.into_owned())
            });
        }
        let inner = py
            .detach(|| core::Vocabulary::new(&list, &eos_ids, vocab_size, cache_bytes))
            .py(py)?;
        Ok(Vocabulary {
            inner: Arc::new(inner),
        })
    }

    #[getter]
    fn vocab_size(&self) -> u32 {
        self.inner.size()
    }

    #[getter]
    fn eos_ids(&self) -> Vec<u32> {
        self.inner.eos().to_vec()
    }

    fn token_bytes<'py>(
        &self,
        py: Python<'py>,
        token: u32,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        if token >= self.inner.size() {
            return Err(PyIndexError::new_err(format!(
                "token {token} is outside the vocabulary of {}",
                self.inner.size()
            )));
        }
        Ok(self.inner.token(token).map(|b| PyBytes::new(py, b)))
    }

    fn cache_memory(&self) -> usize {
        self.inner.cache_memory()
    }

    fn clear_cache(&self) {
        self.inner.clear_cache();
    }
}
