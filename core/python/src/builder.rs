//! `SchemaBuilder`: how a front end says what a schema means.

use crate::errors::ToPython;
use crate::matcher::Compiled;
use crate::productions::Productions;
use crate::vocabulary::Vocabulary;
use grammarlib_automata::byteset::ByteSet;
use grammarlib_automata::expr::{Arena, ExprId};
use grammarlib_automata::value::{
    self, ArrayShape, Contains, NO_MAXIMUM, Node, ObjectShape, Order, States, Value, Values,
};
use grammarlib_automata::{Error, Limits, Result};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Arc;

pub(crate) struct Parts {
    pub(crate) arena: Arena,
    pub(crate) values: Values,
    pub(crate) blanks: ExprId,
}

#[pyclass(module = "grammarlib._core")]
pub struct SchemaBuilder {
    parts: Option<Parts>,
    limits: Limits,
}

impl SchemaBuilder {
    fn parts(&mut self) -> PyResult<&mut Parts> {
        self.parts
            .as_mut()
            .ok_or_else(|| PyValueError::new_err("this SchemaBuilder was built already"))
    }

    /// The root's state and all parts, which are gone from here then.
    fn end(&mut self, py: Python<'_>, root: u32) -> PyResult<(value::State, Parts)> {
        let root = self.parts()?.state(root).py(py)?;
        Ok((root, self.take()?))
    }

    /// Everything made so far, which is gone from here then.
    pub(crate) fn take(&mut self) -> PyResult<Parts> {
        let parts = self.parts.take();
        parts.ok_or_else(|| PyValueError::new_err("this SchemaBuilder was built already"))
    }

    fn add(
        &mut self,
        py: Python<'_>,
        make: impl FnOnce(&mut Parts) -> Result<Node>,
    ) -> PyResult<u32> {
        let parts = self.parts()?;
        let node = make(parts).py(py)?;
        Ok(parts.values.add(node).py(py)?.0)
    }
}

impl Parts {
    fn expr(&self, handle: u32) -> Result<ExprId> {
        let e = ExprId(handle);
        if self.arena.contains(e) {
            Ok(e)
        } else {
            Err(Error::Invalid(format!(
                "no expression has the handle {handle}"
            )))
        }
    }

    fn value(&self, handle: u32) -> Result<Value> {
        let v = Value(handle);
        if self.values.contains(v) {
            Ok(v)
        } else {
            Err(Error::Invalid(format!("no value has the handle {handle}")))
        }
    }

    fn state(&mut self, handle: u32) -> Result<value::State> {
        let v = self.value(handle)?;
        Ok(self.values.state(&[v]))
    }

    fn list(&self, handles: &[u32]) -> Result<Box<[Value]>> {
        handles.iter().map(|&h| self.value(h)).collect()
    }

    fn shape_of_arrays(
        &mut self,
        prefix: &[u32],
        rest: u32,
        (min, max): (u32, Option<u32>),
        contains: Option<(u32, u32, Option<u32>)>,
        unique: bool,
    ) -> Result<u32> {
        let prefix: Result<Vec<_>> = prefix.iter().map(|&h| self.state(h)).collect();
        let rest = self.state(rest)?;
        let max = max.unwrap_or(NO_MAXIMUM);
        let mut shape = ArrayShape::new(prefix?.into(), rest, min, max);
        shape.unique = unique;
        if let Some((kind, min, max)) = contains {
            shape.contains = Box::new([Contains {
                from: 0,
                item: self.state(kind)?,
                min,
                max: max.unwrap_or(NO_MAXIMUM),
            }]);
        }
        Ok(self.values.array_shape(shape))
    }

    fn shape_of_objects(
        &mut self,
        properties: &[(String, u32)],
        patterns: &[(u32, u32)],
        additional: u32,
        required: &[String],
        (min, max): (u32, Option<u32>),
    ) -> Result<u32> {
        let mut rules = Vec::with_capacity(patterns.len());
        for &(language, handle) in patterns {
            rules.push((self.expr(language)?, self.state(handle)?));
        }
        let mut list = Vec::with_capacity(properties.len());
        for (key, handle) in properties {
            let key = self.values.key(key.as_bytes());
            let own = self.state(*handle)?;
            list.push((
                key,
                self.values.declared(&mut self.arena, own, &rules, key)?,
            ));
        }
        let mut required: Vec<_> = required
            .iter()
            .map(|key| self.values.key(key.as_bytes()))
            .collect();
        required.sort_unstable();
        required.dedup();
        let additional = self.state(additional)?;
        let mut shape = ObjectShape::new(list.into(), additional, required.into());
        if !rules.is_empty() {
            let mut languages = Vec::with_capacity(rules.len());
            languages.extend(rules.iter().map(|rule| rule.0));
            let matched = self.arena.or(languages)?;
            let others = self.arena.not(matched)?;
            if additional != self.state(value::ANY.0)? {
                rules.push((others, additional));
            }
            shape.rules = rules.into();
        }
        (shape.min, shape.max) = (min, max.unwrap_or(NO_MAXIMUM));
        Ok(self.values.object_shape(shape))
    }
}

#[pymethods]
impl SchemaBuilder {
    #[classattr]
    const ANY: u32 = value::ANY.0;
    #[classattr]
    const NEVER: u32 = value::NEVER.0;

    #[new]
    #[pyo3(signature = (whitespace, property_order, budget = 2_000_000, cache_bytes = 256 << 20))]
    fn new(
        py: Python<'_>,
        whitespace: &[u8],
        property_order: &str,
        budget: usize,
        cache_bytes: usize,
    ) -> PyResult<Self> {
        let order = match property_order {
            "declared" => Order::Declared,
            "any" => Order::Free,
            other => {
                return Err(PyValueError::new_err(format!(
                    "property_order must be \"declared\" or \"any\", not {other:?}"
                )));
            }
        };
        let mut arena = Arena::new(budget).py(py)?;
        let blanks = arena.run_program(whitespace).py(py)?;
        let mut other = ByteSet::EMPTY;
        (0..=255u8)
            .filter(|b| !b" \t\r\n".contains(b))
            .for_each(|b| other.insert(b));
        let other = arena.bytes(other).py(py)?;
        let full = grammarlib_automata::expr::FULL;
        let holding = arena.concat_all(&[full, other, full]).py(py)?;
        let both = arena.and(vec![blanks, holding]).py(py)?;
        if !arena.live(blanks).py(py)? {
            return Err(PyValueError::new_err(
                "white space must match some text, the empty one for none",
            ));
        }
        if arena.live(both).py(py)? {
            return Err(PyValueError::new_err(
                "white space may hold blanks, tabs and line breaks only",
            ));
        }
        Ok(SchemaBuilder {
            parts: Some(Parts {
                arena,
                values: Values::new(budget, order),
                blanks,
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

    fn types(&mut self, py: Python<'_>, mask: u8) -> PyResult<u32> {
        self.add(py, |_| Ok(Node::Types(mask & value::types::ALL)))
    }

    fn booleans(&mut self, py: Python<'_>, mask: u8) -> PyResult<u32> {
        self.add(py, |_| Ok(Node::Booleans(mask & 3)))
    }

    fn strings(&mut self, py: Python<'_>, expr: u32) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::Strings(parts.expr(expr)?)))
    }

    fn numbers(&mut self, py: Python<'_>, expr: u32) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::Numbers(parts.expr(expr)?)))
    }

    fn string_literals(&mut self, py: Python<'_>, texts: Vec<String>) -> PyResult<u32> {
        self.add(py, |parts| {
            let list: Vec<(&[u8], u32)> = texts.iter().map(|t| (t.as_bytes(), 0)).collect();
            Ok(Node::Strings(parts.arena.literals(&list)?))
        })
    }

    fn if_string(&mut self, py: Python<'_>, expr: u32) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::IfString(parts.expr(expr)?)))
    }

    fn if_number(&mut self, py: Python<'_>, expr: u32) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::IfNumber(parts.expr(expr)?)))
    }

    #[pyo3(signature = (prefix, rest, min_items, max_items, contains = None, unique = false))]
    #[allow(clippy::too_many_arguments)] // they are the keywords
    fn if_array(
        &mut self,
        py: Python<'_>,
        prefix: Vec<u32>,
        rest: u32,
        min_items: u32,
        max_items: Option<u32>,
        contains: Option<(u32, u32, Option<u32>)>,
        unique: bool,
    ) -> PyResult<u32> {
        self.add(py, |parts| {
            let counts = (min_items, max_items);
            let shape = parts.shape_of_arrays(&prefix, rest, counts, contains, unique)?;
            Ok(Node::IfArray(shape))
        })
    }

    #[pyo3(signature = (
        properties, additional, required, patterns = None, min_properties = 0,
        max_properties = None
    ))]
    #[allow(clippy::too_many_arguments)] // they are the keywords
    fn if_object(
        &mut self,
        py: Python<'_>,
        properties: Vec<(String, u32)>,
        additional: u32,
        required: Vec<String>,
        patterns: Option<Vec<(u32, u32)>>,
        min_properties: u32,
        max_properties: Option<u32>,
    ) -> PyResult<u32> {
        self.add(py, |parts| {
            let counts = (min_properties, max_properties);
            let shape = parts.shape_of_objects(
                &properties,
                &patterns.unwrap_or_default(),
                additional,
                &required,
                counts,
            )?;
            Ok(Node::IfObject(shape))
        })
    }

    fn if_names(&mut self, py: Python<'_>, names: u32) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::Names(parts.value(names)?)))
    }

    fn negation(&mut self, py: Python<'_>, value: u32) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::Not(parts.value(value)?)))
    }

    fn all_of(&mut self, py: Python<'_>, values: Vec<u32>) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::All(parts.list(&values)?)))
    }

    fn any_of(&mut self, py: Python<'_>, values: Vec<u32>) -> PyResult<u32> {
        self.add(py, |parts| Ok(Node::AnyOf(parts.list(&values)?)))
    }

    fn reference(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.add(py, |_| Ok(Node::Reference(None)))
    }

    fn define(&mut self, py: Python<'_>, reference: u32, value: u32) -> PyResult<()> {
        let parts = self.parts()?;
        let (name, value) = (parts.value(reference).py(py)?, parts.value(value).py(py)?);
        parts.values.define(name, value).py(py)
    }

    /// Ends the building: the handles are of no use afterwards.
    fn build(&mut self, py: Python<'_>, root: u32, vocabulary: &Vocabulary) -> PyResult<Compiled> {
        let (root, mut parts) = self.end(py, root)?;
        let limits = self.limits;
        let vocab = vocabulary.inner.clone();
        let compiled = py
            .detach(move || {
                let states = States::new(&mut parts.arena, parts.blanks, limits.expressions)?;
                grammarlib_automata::Compiled::new(
                    vocab,
                    parts.arena,
                    parts.values,
                    states,
                    root,
                    limits,
                )
            })
            .py(py)?;
        Ok(Compiled {
            inner: Arc::new(compiled),
        })
    }

    /// Ends the building, like `build`, for a reader that makes texts of the schema.
    fn productions(&mut self, py: Python<'_>, root: u32) -> PyResult<Productions> {
        let (root, parts) = self.end(py, root)?;
        let budget = self.limits.expressions;
        let inner = py
            .detach(move || {
                value::Productions::new(parts.arena, parts.values, parts.blanks, root, budget)
            })
            .py(py)?;
        Ok(Productions::new(inner))
    }
}
