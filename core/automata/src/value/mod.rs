//! JSON values as algebra: what a schema says, and when something satisfies it.
//!
//! *Purpose.* A front end states what each keyword means as a [`Value`]: a set of JSON values, built
//! from types, string and number languages, array and object shapes, `all_of`, `any_of`, references.
//! Nothing is normalised then; [`typed`] does it when the parser first reaches a position, and
//! `rules` turns a normal form into rule states.
//!
//! *Invariants.* A [`State`] is a list of values that must hold together, in document order and
//! without repeats; it is interned, so recursion is a state met again. Array and object shapes are
//! interned by content. `ANY` and `NEVER` are fixed.
//!
//! *Cost.* A value is a few words; a normal form costs the product of its disjunctions, budgeted.
//!
//! *Rejected.* Expanding references in the front end (recursive schemas have no end); normalising
//! everything at compile time (most positions of a large schema are never visited).

mod inhabited;
mod objects;
mod productions;
mod rules;
mod shallow;
mod states;
mod terms;
mod typed;

pub use productions::{Alternatives, Items, Members, Productions};
pub use rules::View;
pub use states::{Kind, RuleKey, States};
pub use terms::{Action, GENERIC, Pred, Term, Terms};
pub use typed::Typed;

use crate::error::{Error, Result};
use crate::expr::ExprId;
use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::sync::Arc;

/// A value set of one schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(pub u32);

/// Every JSON value.
pub const ANY: Value = Value(0);
/// No JSON value.
pub const NEVER: Value = Value(1);

/// Values that must hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State(pub u32);

/// A key of objects, interned.
pub type Key = u32;

/// Bits of the types, as the front end gives them.
pub mod types {
    /// `null`
    pub const NULL: u8 = 1;
    /// `true`, `false`
    pub const BOOLEAN: u8 = 2;
    /// Numbers.
    pub const NUMBER: u8 = 4;
    /// Strings.
    pub const STRING: u8 = 8;
    /// Arrays.
    pub const ARRAY: u8 = 16;
    /// Objects.
    pub const OBJECT: u8 = 32;
    /// All of them.
    pub const ALL: u8 = 63;
}

/// What the front end says.
#[derive(Clone, Debug)]
pub enum Node {
    /// Values of these types.
    Types(u8),
    /// These booleans (bit 1: false, bit 2: true).
    Booleans(u8),
    /// Strings whose decoded text is in the language.
    Strings(ExprId),
    /// Numbers so spelled.
    Numbers(ExprId),
    /// Not a string, or such a string.
    IfString(ExprId),
    /// Not a number, or such a number.
    IfNumber(ExprId),
    /// Not an array, or such an array.
    IfArray(u32),
    /// Not an object, or such an object.
    IfObject(u32),
    /// All of these.
    All(Box<[Value]>),
    /// At least one of these.
    AnyOf(Box<[Value]>),
    /// A name, defined later.
    Reference(Option<Value>),
}

/// Arrays: what the items are, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArrayShape {
    /// The first items.
    pub prefix: Box<[State]>,
    /// The others.
    pub rest: State,
    /// At least so many items.
    pub min: u32,
    /// At most so many.
    pub max: u32,
}

/// Objects: what the members are, and which must be there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectShape {
    /// Declared keys in their order.
    pub properties: Box<[(Key, State)]>,
    /// What any other key's value is.
    pub additional: State,
    /// Keys that must be there, ascending.
    pub required: Box<[Key]>,
}

/// In which order keys may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Declared keys in the order of the document, then the others.
    Declared,
    /// Any.
    Free,
}

/// An interning table.
pub(crate) struct Interner<T> {
    pub list: Vec<Arc<T>>,
    index: FxHashMap<Arc<T>, u32>,
}

impl<T: Eq + Hash> Interner<T> {
    fn new() -> Self {
        Interner {
            list: Vec::new(),
            index: FxHashMap::default(),
        }
    }

    pub fn add(&mut self, item: T) -> u32 {
        if let Some(&id) = self.index.get(&item) {
            return id;
        }
        let id = self.list.len() as u32;
        let item = Arc::new(item);
        self.list.push(item.clone());
        self.index.insert(item, id);
        id
    }

    pub fn get(&self, id: u32) -> Arc<T> {
        self.list[id as usize].clone()
    }

    /// Forgets what was added after the first `len`.
    fn truncate(&mut self, len: usize) {
        for item in self.list.drain(len..) {
            self.index.remove(&item);
        }
    }
}

/// The values of one schema, with their normal forms as far as they were asked for.
pub struct Values {
    pub(crate) nodes: Vec<Node>,
    pub(crate) states: Interner<Vec<Value>>,
    pub(crate) arrays: Interner<ArrayShape>,
    pub(crate) objects: Interner<ObjectShape>,
    pub(crate) keys: Interner<Vec<u8>>,
    normal: FxHashMap<State, Arc<Typed>>,
    single: FxHashMap<Value, Arc<Typed>>,
    alive: FxHashMap<State, bool>,
    pub(crate) order: Order,
    budget: usize,
}

impl Values {
    /// A table that may hold `budget` values, for texts with keys in this order.
    pub fn new(budget: usize, order: Order) -> Self {
        let mut values = Values {
            nodes: vec![Node::Types(types::ALL), Node::Types(0)],
            states: Interner::new(),
            arrays: Interner::new(),
            objects: Interner::new(),
            keys: Interner::new(),
            normal: FxHashMap::default(),
            single: FxHashMap::default(),
            alive: FxHashMap::default(),
            order,
            budget,
        };
        let any = values.state(&[ANY]);
        values.arrays.add(ArrayShape {
            prefix: Box::new([]),
            rest: any,
            min: 0,
            max: u32::MAX,
        });
        values.objects.add(ObjectShape {
            properties: Box::new([]),
            additional: any,
            required: Box::new([]),
        });
        values
    }

    /// Adds a value.
    pub fn add(&mut self, node: Node) -> Result<Value> {
        if self.nodes.len() >= self.budget {
            return Err(Error::Budget(format!("a schema of {} values", self.budget)));
        }
        self.nodes.push(node);
        Ok(Value(self.nodes.len() as u32 - 1))
    }

    /// Whether the handle is one of this table's.
    pub fn contains(&self, v: Value) -> bool {
        (v.0 as usize) < self.nodes.len()
    }

    /// Gives a reference its meaning.
    pub fn define(&mut self, name: Value, value: Value) -> Result<()> {
        match self.nodes.get_mut(name.0 as usize) {
            Some(Node::Reference(slot @ None)) => {
                *slot = Some(value);
                Ok(())
            }
            _ => Err(Error::Invalid(format!(
                "value {} is no undefined reference",
                name.0
            ))),
        }
    }

    /// The state of values that hold together.
    pub fn state(&mut self, values: &[Value]) -> State {
        let mut list: Vec<Value> = Vec::with_capacity(values.len());
        if values.contains(&NEVER) {
            list.push(NEVER);
        } else {
            for &v in values {
                if v != ANY && !list.contains(&v) {
                    list.push(v);
                }
            }
            if list.is_empty() {
                list.push(ANY);
            }
        }
        State(self.states.add(list))
    }

    /// The state in which both hold, the first one's order first.
    pub(crate) fn both(&mut self, a: State, b: State) -> State {
        if a == b {
            return a;
        }
        let mut list = self.states.get(a.0).to_vec();
        list.extend(self.states.get(b.0).iter());
        self.state(&list)
    }

    /// The number of an array shape.
    pub fn array_shape(&mut self, shape: ArrayShape) -> u32 {
        self.arrays.add(shape)
    }

    /// The number of an object shape.
    pub fn object_shape(&mut self, shape: ObjectShape) -> u32 {
        self.objects.add(shape)
    }

    /// The number of a key.
    pub fn key(&mut self, text: &[u8]) -> Key {
        self.keys.add(text.to_vec())
    }

    /// The text of a key.
    pub fn key_text(&self, key: Key) -> Arc<Vec<u8>> {
        self.keys.get(key)
    }

    /// How many keys there are now: those of the schema, before any text adds its own.
    pub fn keys(&self) -> usize {
        self.keys.list.len()
    }

    /// The normal form of a state, if it was asked for.
    pub(crate) fn known(&self, state: State) -> Option<&Typed> {
        self.normal.get(&state).map(Arc::as_ref)
    }

    /// Forgets what normalisation has found (expressions made since are about to go), and all keys
    /// but the first `keys`.
    pub fn forget(&mut self, keys: usize) {
        self.keys.truncate(keys);
        self.normal.clear();
        self.single.clear();
        self.alive.clear();
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        self.nodes.len() * 48
            + self.states.list.len() * 64
            + self.arrays.list.len() * 128
            + self
                .objects
                .list
                .iter()
                .map(|o| 128 + o.properties.len() * 8)
                .sum::<usize>()
            + self.keys.list.len() * 96
            + self.normal.len() * 160
            + self.single.len() * 160
    }
}
