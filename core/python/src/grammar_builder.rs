//! `GrammarBuilder`: how a front end writes rules out.

use crate::errors::ToPython;
use crate::matcher::Compiled;
use crate::vocabulary::Vocabulary;
use grammarlib_automata::expr::{Arena, EPSILON, ExprId};
use grammarlib_automata::grammar::{StaticRules, Symbol, UnknownState};
use grammarlib_automata::value::{Order, RuleKey, States, Values, Written};
use grammarlib_automata::{Error, Limits, Result};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

struct Parts {
    arena: Arena,
    rules: StaticRules,
    terminals: Vec<ExprId>,
    /// The place of each terminal.
    numbers: HashMap<ExprId, u32>,
}

#[pyclass(module = "grammarlib._core")]
pub struct GrammarBuilder {
    parts: Option<Parts>,
    limits: Limits,
}

fn unknown(error: UnknownState) -> Error {
    Error::Invalid(error.to_string())
}

impl GrammarBuilder {
    fn parts(&mut self) -> PyResult<&mut Parts> {
        self.parts
            .as_mut()
            .ok_or_else(|| PyValueError::new_err("this GrammarBuilder was built already"))
    }
}

impl Parts {
    fn known(&self, expression: u32) -> Result<ExprId> {
        let e = ExprId(expression);
        if self.arena.contains(e) {
            return Ok(e);
        }
        Err(Error::Invalid(format!(
            "no expression has the handle {expression}"
        )))
    }

    fn read(&mut self, from: u32, expression: u32, to: u32) -> Result<()> {
        let mut e = self.known(expression)?;
        if self.arena.nullable(e) {
            let some = self.arena.not(EPSILON)?;
            e = self.arena.and(vec![e, some])?;
        }
        let next = self.terminals.len() as u32;
        let terminal = *self.numbers.entry(e).or_insert(next);
        if terminal == next {
            self.terminals.push(e);
        }
        let symbol = Symbol::Terminal(terminal, 0);
        self.rules.add_edge(from, symbol, to).map_err(unknown)
    }
}

#[pymethods]
impl GrammarBuilder {
    #[new]
    #[pyo3(signature = (budget = 2_000_000, cache_bytes = 256 << 20))]
    fn new(py: Python<'_>, budget: usize, cache_bytes: usize) -> PyResult<Self> {
        Ok(GrammarBuilder {
            parts: Some(Parts {
                arena: Arena::new(budget).py(py)?,
                rules: StaticRules::new(),
                terminals: Vec::new(),
                numbers: HashMap::new(),
            }),
            limits: Limits {
                cache: cache_bytes,
                expressions: budget,
            },
        })
    }

    fn regex(&mut self, py: Python<'_>, program: &[u8]) -> PyResult<u32> {
        Ok(self.parts()?.arena.run_program(program).py(py)?.0)
    }

    fn nullable(&mut self, py: Python<'_>, expression: u32) -> PyResult<bool> {
        let parts = self.parts()?;
        let e = parts.known(expression).py(py)?;
        Ok(parts.arena.nullable(e))
    }

    fn state(&mut self) -> PyResult<u32> {
        Ok(self.parts()?.rules.add_state())
    }

    fn read(&mut self, py: Python<'_>, from: u32, expression: u32, to: u32) -> PyResult<()> {
        self.parts()?.read(from, expression, to).py(py)
    }

    fn call(&mut self, py: Python<'_>, from: u32, rule: u32, to: u32) -> PyResult<()> {
        let symbol = Symbol::Call(rule);
        let made = self.parts()?.rules.add_edge(from, symbol, to);
        made.map_err(unknown).py(py)
    }

    fn end(&mut self, py: Python<'_>, state: u32) -> PyResult<()> {
        self.parts()?.rules.set_final(state).map_err(unknown).py(py)
    }

    /// Ends the building: the handles are of no use afterwards.
    fn build(&mut self, py: Python<'_>, root: u32, vocabulary: &Vocabulary) -> PyResult<Compiled> {
        self.parts()?;
        let parts = self.parts.take();
        let limits = self.limits;
        let vocab = vocabulary.inner.clone();
        let compiled = py
            .detach(move || {
                let Some(Parts {
                    mut arena,
                    rules,
                    terminals,
                    ..
                }) = parts
                else {
                    return Err(Error::Invalid("nothing to build".into()));
                };
                let written = Written::new(&mut arena, rules, terminals)?;
                let states = States::with_rules(&mut arena, written, limits.expressions)?;
                let values = Values::new(limits.expressions, Order::Free);
                let root = RuleKey::Written(root);
                grammarlib_automata::Compiled::new(vocab, arena, values, states, root, limits)
            })
            .py(py)?;
        Ok(Compiled {
            inner: Arc::new(compiled),
        })
    }
}
