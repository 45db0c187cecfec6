//! Terminals: what they read, when they may come, what their end does to the registers.
//!
//! Predicates and effects are part of a terminal's identity, not of a rule's edge: two alternatives
//! that wait for the same bracket under different conditions wait for different terminals, and a row
//! can be stepped by exactly those whose condition holds.

use super::{Key, Values};
use crate::expr::ExprId;
use crate::grammar::{Label, Terminal};
use rustc_hash::FxHashMap;

/// The label of a key that is not declared.
pub const GENERIC: Label = 1;

/// The label of the first declared key; the others follow.
pub(super) const DECLARED: Label = 2;

/// A condition on the innermost register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pred {
    /// None.
    Always,
    /// The key has not been used.
    Unused(Key),
    /// All keys of the set have been used.
    AllUsed(u32),
    /// Some key of the set has not been used.
    SomeUnused(u32),
    /// At least so many items are there.
    AtLeast(u32),
    /// Fewer than so many items are there.
    FewerThan(u32),
}

/// What the end of a terminal does to the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing.
    None,
    /// Opens a level.
    Open,
    /// Closes the innermost level.
    Close,
    /// Counts a comma.
    Comma,
    /// Notes the key that ends here; the shape tells which key a label of the end means.
    Key(u32),
}

/// A terminal: what it reads, when it may come, what its end does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The language.
    pub expr: ExprId,
    /// The condition, which holds from its first byte to its last or not at all.
    pub pred: Pred,
    /// The effect of its end.
    pub action: Action,
}

impl Term {
    /// The key that ends with `label`, where the label alone tells it.
    pub(crate) fn key(&self, label: Label, values: &Values) -> Option<Key> {
        match (self.action, self.pred) {
            (Action::Key(_), Pred::Unused(key)) => Some(key),
            (Action::Key(shape), _) if label >= DECLARED => {
                let shape = values.objects.get(shape);
                shape
                    .properties
                    .get((label - DECLARED) as usize)
                    .map(|p| p.0)
            }
            _ => None,
        }
    }
}

/// The terminals of a grammar, interned.
#[derive(Default)]
pub struct Terms {
    list: Vec<Term>,
    index: FxHashMap<Term, Terminal>,
    sets: Vec<Box<[Key]>>,
    set_index: FxHashMap<Box<[Key]>, u32>,
}

impl Terms {
    pub(super) fn add(&mut self, term: Term) -> Terminal {
        *self.index.entry(term).or_insert_with(|| {
            self.list.push(term);
            self.list.len() as Terminal - 1
        })
    }

    pub(super) fn set(&mut self, keys: Vec<Key>) -> u32 {
        let keys: Box<[Key]> = keys.into();
        if let Some(&id) = self.set_index.get(&keys) {
            return id;
        }
        let id = self.sets.len() as u32;
        self.sets.push(keys.clone());
        self.set_index.insert(keys, id);
        id
    }

    /// A terminal.
    pub fn get(&self, terminal: Terminal) -> &Term {
        &self.list[terminal as usize]
    }

    /// A set of keys that a predicate names.
    pub fn keys(&self, set: u32) -> &[Key] {
        &self.sets[set as usize]
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        self.list.len() * 40 + self.sets.iter().map(|s| 64 + s.len() * 8).sum::<usize>()
    }
}
