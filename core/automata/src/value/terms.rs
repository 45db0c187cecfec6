//! Terminals: what they read, when they may come, what their end does to the registers.
//!
//! Predicates and effects are part of a terminal's identity, not of a rule's edge: two alternatives
//! that wait for the same bracket under different conditions wait for different terminals, and a row
//! can be stepped by exactly those whose condition holds.

use super::presence::Presence;
use super::{Key, Values};
use crate::expr::ExprId;
use crate::grammar::{Label, Terminal};
use rustc_hash::FxHashMap;

/// The label of the first class of keys without a name; the others follow.
pub(super) const CLASS: Label = 1;

/// The label of the first key with a name; the others follow.
pub(super) const NAMED: Label = 1_024;

/// Whether the label at the end of a key says that it has no name.
pub fn is_other(label: Label) -> bool {
    (CLASS..NAMED).contains(&label)
}

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
    /// So many items are there, both ends included.
    Within(u32, u32),
    /// So many items are there or more, and one of them is equal to an earlier one.
    Repeated(u32),
    /// The keys are complete.
    Complete(u32),
    /// The keys can become complete by one or more further ones.
    Lacks(u32),
    /// The key has not been used, and with it the keys can become complete.
    Use(u32, Key),
    /// With one more key that has no name the keys can become complete.
    UseOther(u32),
}

/// What the end of a terminal does to the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing.
    None,
    /// Opens a level; of an array, whether its items are compared.
    Open(bool),
    /// Closes the innermost level, which may ask the last item to differ from those before it.
    Close(bool),
    /// Counts a comma; the item before it may have to differ from those before it.
    Comma(bool),
    /// Notes the key that ends here.
    Key {
        /// The shape, which tells which key a label of the end means.
        shape: u32,
        /// Whether used keys can leave a beginning of a key without an end.
        bounded: bool,
    },
}

impl Action {
    /// Whether it ends an item that must differ from those before it.
    pub fn is_distinct(self) -> bool {
        matches!(self, Action::Close(true) | Action::Comma(true))
    }

    /// Whether a beginning of what is read may have no end that is not used.
    pub fn is_bounded(self) -> bool {
        matches!(self, Action::Key { bounded: true, .. })
    }
}

/// Where a terminal is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A JSON value.
    Json,
    /// A rule of the grammar's own.
    Written,
    /// A rule that wants one whole token out of this set; no byte is read.
    Tokens(u32),
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
    /// Where it is from.
    pub source: Source,
}

impl Term {
    /// The key that ends with `label`, where the label alone tells it.
    pub(crate) fn key(&self, label: Label, values: &Values) -> Option<Key> {
        match (self.action, self.pred) {
            (Action::Key { .. }, Pred::Unused(key) | Pred::Use(_, key)) => Some(key),
            (Action::Key { shape, .. }, _) if label >= NAMED => {
                let keys = values.known_keys(shape)?;
                keys.named.get((label - NAMED) as usize).map(|n| n.0)
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
    presences: Vec<Presence>,
    presence_index: FxHashMap<Presence, u32>,
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

    pub(super) fn presence(&mut self, presence: Presence) -> u32 {
        if let Some(&id) = self.presence_index.get(&presence) {
            return id;
        }
        let id = self.presences.len() as u32;
        self.presences.push(presence.clone());
        self.presence_index.insert(presence, id);
        id
    }

    /// What a shape asks of the keys of an object.
    pub fn asked(&self, presence: u32) -> &Presence {
        &self.presences[presence as usize]
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
        self.list.len() * 40
            + self.sets.iter().map(|s| 64 + s.len() * 8).sum::<usize>()
            + self.presences.iter().map(Presence::memory).sum::<usize>()
    }
}
