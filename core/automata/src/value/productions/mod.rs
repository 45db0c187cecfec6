//! What the texts of a schema are made of, for readers that make texts instead of reading them.
//!
//! *Purpose.* The normal form of each value, as the rules see it: which words, numbers, strings,
//! arrays and objects it has, with everything left out that no text can have (properties without a
//! value, shapes without a member), and the languages of keys, numbers and white space as
//! expressions over *decoded* text that can be walked. What a shape asks of its keys together
//! (`members`) and of its items together (`items`) is handed out one decision at a time.
//!
//! *Invariants.* Read-only: values are normalised on demand, and nothing that was handed out
//! changes. What is listed is inhabited. The order of everything is that of the schema.
//!
//! *Cost.* A value costs its normal form, as in the rules; nothing is ever forgotten, so a reader
//! that walks for long watches [`Productions::memory`] and starts again.
//!
//! *Rejected.* To hand out what the parser asks at each key (can the object still become complete?):
//! a reader that looks for smallest texts finds that by itself, and for all keys at once.

mod items;
mod members;

pub use items::{Items, Taken};
pub use members::{Decision, Demands, Members, Others};

use super::states::number;
use super::variety::shortest_decimals;
use super::{Formula, Node, Order, State, Values, types};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId, FULL, Group, Walks};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A value, type by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternatives {
    /// Whether `null` is in it.
    pub null: bool,
    /// Its booleans (bit 1: false, bit 2: true).
    pub booleans: u8,
    /// Spellings of its numbers.
    pub number: Option<ExprId>,
    /// Decoded texts of its strings.
    pub string: Option<ExprId>,
    /// Its arrays, by number of the shape.
    pub arrays: Vec<u32>,
    /// Its objects.
    pub objects: Vec<u32>,
}

/// The parts of one schema's texts.
pub struct Productions {
    arena: Arena,
    values: Values,
    walks: Walks,
    root: State,
    blanks: ExprId,
    any_number: ExprId,
    /// One spelling of each number.
    plain: ExprId,
    /// Formulas that were handed out, from number 1 on.
    formulas: Vec<Formula>,
    handles: FxHashMap<Formula, u32>,
    /// The keys of object shapes that can be there.
    named: FxHashMap<u32, Arc<[members::Place]>>,
    budget: usize,
}

impl Productions {
    /// Takes the parts of a schema; fails if nothing satisfies it. Each call of a method may make
    /// `budget` expressions.
    pub fn new(
        mut arena: Arena,
        mut values: Values,
        blanks: ExprId,
        root: State,
        budget: usize,
    ) -> Result<Self> {
        values.check_products(&mut arena)?;
        if !values.inhabited(&mut arena, root)? {
            return Err(Error::Empty(String::new()));
        }
        let any_number = number(&mut arena)?;
        let plain = shortest_decimals(&mut arena)?;
        Ok(Productions {
            arena,
            values,
            walks: Walks::default(),
            root,
            blanks,
            any_number,
            plain,
            formulas: Vec::new(),
            handles: FxHashMap::default(),
            named: FxHashMap::default(),
            budget,
        })
    }

    /// The whole text's value.
    pub fn root(&self) -> State {
        self.root
    }

    /// In which order keys come.
    pub fn order(&self) -> Order {
        self.values.order
    }

    /// The language of what stands between two JSON tokens.
    pub fn blanks(&self) -> ExprId {
        self.blanks
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        let named: usize = self
            .named
            .values()
            .map(|places| 64 + places.len() * 12)
            .sum();
        let own = self.formulas.len() * 24 + named;
        self.arena.memory() + self.values.memory() + self.walks.memory() + own
    }

    /// What a value may be.
    pub fn value(&mut self, state: State) -> Result<Alternatives> {
        self.begin();
        self.check_state(state)?;
        let typed = self.values.typed(&mut self.arena, state)?;
        let number = match typed.number {
            FULL => Some(self.any_number),
            e => self.arena.live(e)?.then_some(e),
        };
        let string = self.text(typed.string)?;
        let (mut arrays, mut objects) = (Vec::new(), Vec::new());
        for &shape in &typed.arrays {
            if self.values.array_inhabited(&mut self.arena, shape)? {
                arrays.push(shape);
            }
        }
        for shape in self.values.settled(&mut self.arena, &typed.objects)? {
            if self.values.object_inhabited(&mut self.arena, shape)? {
                objects.push(shape);
            }
        }
        Ok(Alternatives {
            null: typed.null,
            booleans: typed.booleans,
            number,
            string,
            arrays,
            objects,
        })
    }

    /// The characters that may come next, in groups that lead to one language each; those on a
    /// shortest way to an end first.
    pub fn characters(&mut self, e: ExprId) -> Result<Vec<Group>> {
        let e = self.begin_with(e)?;
        self.walks.characters(&mut self.arena, e)
    }

    /// Whether the empty text is in a language.
    pub fn nullable(&self, e: ExprId) -> Result<bool> {
        self.known(e).map(|e| self.arena.nullable(e))
    }

    /// A shortest text of a language.
    pub fn shortest(&mut self, e: ExprId) -> Result<String> {
        let e = self.begin_with(e)?;
        utf8(&self.walks.shortest(&mut self.arena, e)?)
    }

    /// The first texts of a language, as many as there are up to `count`: the shortest first, of
    /// equally long ones the simplest.
    pub fn texts(&mut self, e: ExprId, count: usize) -> Result<Vec<String>> {
        let e = self.begin_with(e)?;
        let texts = self.walks.texts(&mut self.arena, e, count)?;
        texts.iter().map(|text| utf8(text)).collect()
    }

    /// The numbers of a language in one spelling each.
    pub fn plain(&mut self, e: ExprId) -> Result<Option<ExprId>> {
        let e = self.begin_with(e)?;
        let both = self.arena.and(vec![e, self.plain])?;
        Ok(self.arena.live(both)?.then_some(both))
    }

    /// The arrays and objects of a state that are none of those that JSON texts say.
    pub fn composites_besides(&mut self, state: State, texts: &[&[u8]]) -> Result<State> {
        self.begin();
        self.check_state(state)?;
        let composite = types::ARRAY | types::OBJECT;
        let composite = self.values.add(Node::Types(composite))?;
        let composite = self.values.state(&[composite]);
        let found = self.values.any_of_texts(&mut self.arena, texts)?;
        let found = self.values.state(&[found]);
        let others = self.values.not_state(found)?;
        let both = self.values.both(state, composite);
        Ok(self.values.both(both, others))
    }

    fn check_state(&self, state: State) -> Result<()> {
        if (state.0 as usize) < self.values.states.list.len() {
            Ok(())
        } else {
            Err(unknown("state", state.0))
        }
    }

    fn begin(&mut self) {
        let budget = self.arena.len().saturating_add(self.budget);
        self.arena.set_budget(budget);
    }

    fn begin_with(&mut self, e: ExprId) -> Result<ExprId> {
        self.begin();
        self.known(e)
    }

    fn known(&self, e: ExprId) -> Result<ExprId> {
        if self.arena.contains(e) {
            Ok(e)
        } else {
            Err(unknown("expression", e.0))
        }
    }

    /// The texts among the strings of a language, if there are any.
    fn text(&mut self, e: ExprId) -> Result<Option<ExprId>> {
        let e = match e {
            FULL => self.arena.text_star(),
            e => self.arena.utf8(e, 0)?,
        };
        Ok(self.arena.live(e)?.then_some(e))
    }
}

fn unknown(what: &str, handle: u32) -> Error {
    Error::Invalid(format!("no {what} has the handle {handle}"))
}

fn utf8(text: &[u8]) -> Result<String> {
    String::from_utf8(text.to_vec()).map_err(|_| Error::Invalid("a text that is not UTF-8".into()))
}
