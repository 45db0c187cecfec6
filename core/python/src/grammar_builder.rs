//! `GrammarBuilder`: how a front end writes rules out.

use crate::builder::SchemaBuilder;
use crate::errors::ToPython;
use crate::matcher::Compiled;
use crate::vocabulary::Vocabulary;
use grammarlib_automata::byteset::ByteSet;
use grammarlib_automata::expr::{Arena, EPSILON, ExprId, UNBOUNDED};
use grammarlib_automata::grammar::{StaticRules, Symbol, UnknownState};
use grammarlib_automata::value::{Leaf, Order, RuleKey, State, States, Value, Values, Written};
use grammarlib_automata::{Error, Limits, Result};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

struct Parts {
    arena: Arena,
    values: Values,
    blanks: ExprId,
    rules: StaticRules,
    leaves: Vec<Leaf>,
    /// The place of each leaf.
    numbers: FxHashMap<Leaf, u32>,
    tokens: Vec<Box<[u32]>>,
    /// States that stand for values.
    of_values: FxHashMap<u32, State>,
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
        self.leaf(from, Leaf::Text(e), to)
    }

    fn leaf(&mut self, from: u32, leaf: Leaf, to: u32) -> Result<()> {
        let next = self.leaves.len() as u32;
        let terminal = *self.numbers.entry(leaf).or_insert(next);
        if terminal == next {
            self.leaves.push(leaf);
        }
        let symbol = Symbol::Terminal(terminal, 0);
        self.rules.add_edge(from, symbol, to).map_err(unknown)
    }
}

/// The terminals without texts that hold a byte of no token: rules that need one have no text then,
/// which no search has to find out.
fn spelled(
    arena: &mut Arena,
    leaves: Vec<Leaf>,
    vocab: &grammarlib_automata::Vocabulary,
) -> Result<Vec<Leaf>> {
    let bytes = vocab.spelled_bytes();
    let text = ByteSet::range(0, 0xBF).union(&ByteSet::range(0xC2, 0xF4));
    if text.intersection(&bytes.complement()) == ByteSet::EMPTY {
        return Ok(leaves);
    }
    let one = arena.bytes(*bytes)?;
    let any = arena.repeat(one, 0, UNBOUNDED)?;
    let mut only = |leaf| match leaf {
        Leaf::Text(e) => Ok(Leaf::Text(arena.and(vec![e, any])?)),
        Leaf::Tokens(_) => Ok(leaf),
    };
    leaves.into_iter().map(&mut only).collect()
}

#[pymethods]
impl GrammarBuilder {
    #[new]
    #[pyo3(signature = (schemas = None, budget = 2_000_000, cache_bytes = 256 << 20))]
    fn new(
        py: Python<'_>,
        schemas: Option<PyRefMut<'_, SchemaBuilder>>,
        budget: usize,
        cache_bytes: usize,
    ) -> PyResult<Self> {
        let (arena, values, blanks) = match schemas {
            Some(mut builder) => {
                let made = builder.take()?;
                (made.arena, made.values, made.blanks)
            }
            None => {
                let arena = Arena::new(budget).py(py)?;
                (arena, Values::new(budget, Order::Free), EPSILON)
            }
        };
        Ok(GrammarBuilder {
            parts: Some(Parts {
                arena,
                values,
                blanks,
                rules: StaticRules::new(),
                leaves: Vec::new(),
                numbers: FxHashMap::default(),
                tokens: Vec::new(),
                of_values: FxHashMap::default(),
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

    /// Reads one whole token out of a set, given as the bytes of a bitmask.
    fn read_token(&mut self, py: Python<'_>, from: u32, tokens: &[u8], to: u32) -> PyResult<()> {
        let words = tokens.chunks(4).map(|chunk| {
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            u32::from_le_bytes(word)
        });
        let parts = self.parts()?;
        let set: Box<[u32]> = words.collect();
        let known = parts.tokens.iter().position(|known| *known == set);
        let set = known.unwrap_or_else(|| {
            parts.tokens.push(set);
            parts.tokens.len() - 1
        });
        parts.leaf(from, Leaf::Tokens(set as u32), to).py(py)
    }

    /// A rule of the texts of a value that the schema builder made.
    fn value(&mut self, py: Python<'_>, value: u32) -> PyResult<u32> {
        let parts = self.parts()?;
        if !parts.values.contains(Value(value)) {
            let error = Error::Invalid(format!("no value has the handle {value}"));
            return Err(error).py(py);
        }
        let state = parts.values.state(&[Value(value)]);
        let rule = parts.rules.add_state();
        parts.of_values.insert(rule, state);
        Ok(rule)
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
                let Some(parts) = parts else {
                    return Err(Error::Invalid("nothing to build".into()));
                };
                let (mut arena, mut values) = (parts.arena, parts.values);
                let budget = limits.expressions;
                let states = States::new(&mut arena, parts.blanks, budget)?;
                let leaves = spelled(&mut arena, parts.leaves, &vocab)?;
                let written = Written::new(
                    &mut arena,
                    &mut values,
                    parts.rules,
                    leaves,
                    parts.tokens,
                    parts.of_values,
                )?;
                let states = states.with_rules(written);
                let root = RuleKey::Written(root);
                grammarlib_automata::Compiled::new(vocab, arena, values, states, root, limits)
            })
            .py(py)?;
        Ok(Compiled {
            inner: Arc::new(compiled),
        })
    }
}
