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

mod arrays;
mod atoms;
mod condense;
mod condition;
mod constant;
mod formula;
mod inhabited;
mod json;
mod keys;
mod numbers;
mod objects;
mod path;
mod presence;
mod productions;
mod rules;
mod settle;
mod shallow;
mod shapes;
mod states;
mod terms;
mod typed;
mod variety;
mod written;

pub use formula::{FREE, Formula, IMPOSSIBLE};
pub(crate) use json::{Json, JsonId, Parsed};
pub use presence::Presence;
pub use productions::{
    Alternatives, Decision, Demands, Items, Members, Others, Productions, Taken,
};
pub use rules::View;
pub use states::{Kind, Member, MemberKey, RuleKey, States};
pub use terms::{Action, Pred, Source, Term, Terms, is_other};
pub use typed::Typed;
pub use written::{Leaf, Written};

use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId, FULL};
use rustc_hash::{FxHashMap, FxHashSet};
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
    /// Everything but this.
    Not(Value),
    /// Not an object, or one whose keys are strings of this value.
    Names(Value),
    /// A name, defined later.
    Reference(Option<Value>),
}

/// Values that must hold together, of which none is named.
pub(crate) const ANY_STATE: State = State(0);

/// No bound on how many.
pub const NO_MAXIMUM: u32 = u32::MAX;

/// How many items must be of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Contains {
    /// Items before this one are not counted.
    pub from: u32,
    /// The kind.
    pub item: State,
    /// At least so many.
    pub min: u32,
    /// At most so many.
    pub max: u32,
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
    /// How many of a kind, ascending.
    pub contains: Box<[Contains]>,
    /// Whether no two items are equal.
    pub unique: bool,
    /// Whether some two items are equal: what the complement of `unique` is. Then `min` is 2 or more.
    pub repeats: bool,
}

impl ArrayShape {
    /// Arrays of items by position.
    pub fn new(prefix: Box<[State]>, rest: State, min: u32, max: u32) -> Self {
        ArrayShape {
            prefix,
            rest,
            min,
            max,
            contains: Box::new([]),
            unique: false,
            repeats: false,
        }
    }

    /// Whether items are compared with each other.
    pub fn compares(&self) -> bool {
        self.unique || self.repeats
    }
}

/// Objects: what the members are, and which must be there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectShape {
    /// Declared keys in their order.
    pub properties: Box<[(Key, State)]>,
    /// What the values of other keys are: of every key in the language (of decoded text).
    pub rules: Box<[(ExprId, State)]>,
    /// Keys that must be there, ascending.
    pub required: Box<[Key]>,
    /// What else is asked of the presence of keys.
    pub formula: Formula,
    /// At least so many members.
    pub min: u32,
    /// At most so many.
    pub max: u32,
    /// For each, a member whose key and value are such must be there.
    pub witnesses: Box<[(ExprId, State)]>,
}

impl ObjectShape {
    /// Objects of declared properties and others.
    pub fn new(properties: Box<[(Key, State)]>, additional: State, required: Box<[Key]>) -> Self {
        let rules: Box<[_]> = match additional {
            ANY_STATE => Box::new([]),
            other => Box::new([(FULL, other)]),
        };
        ObjectShape {
            properties,
            rules,
            required,
            formula: FREE,
            min: 0,
            max: NO_MAXIMUM,
            witnesses: Box::new([]),
        }
    }

    /// Any object.
    pub fn any() -> Self {
        ObjectShape::new(Box::new([]), ANY_STATE, Box::new([]))
    }
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
    /// What all items take, kept because the whole is asked for at every mask (PERF).
    bytes: usize,
}

/// What an item takes in memory, about.
trait Weight {
    fn bytes(&self) -> usize;
}

impl<T> Weight for Vec<T> {
    fn bytes(&self) -> usize {
        64 + self.len() * size_of::<T>()
    }
}

impl Weight for ArrayShape {
    fn bytes(&self) -> usize {
        128 + self.prefix.len() * 4 + self.contains.len() * 16
    }
}

impl Weight for ObjectShape {
    fn bytes(&self) -> usize {
        160 + (self.properties.len() + self.rules.len() + self.witnesses.len()) * 8
            + self.required.len() * 4
    }
}

#[expect(private_bounds, reason = "what may be interned is named here")]
impl<T: Eq + Hash + Weight> Interner<T> {
    fn new() -> Self {
        Interner {
            list: Vec::new(),
            index: FxHashMap::default(),
            bytes: 0,
        }
    }

    pub fn add(&mut self, item: T) -> u32 {
        if let Some(&id) = self.index.get(&item) {
            return id;
        }
        let id = self.list.len() as u32;
        let item = Arc::new(item);
        self.bytes += item.bytes();
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
            self.bytes -= item.bytes();
        }
    }
}

/// Sizes of tables.
#[derive(Clone, Copy, Default)]
struct Own {
    nodes: usize,
    states: usize,
    arrays: usize,
    objects: usize,
    keys: usize,
    formulas: usize,
    unique: bool,
}

/// The values of one schema, with their normal forms as far as they were asked for.
pub struct Values {
    pub(crate) nodes: Vec<Node>,
    pub(crate) states: Interner<Vec<Value>>,
    pub(crate) arrays: Interner<ArrayShape>,
    pub(crate) objects: Interner<ObjectShape>,
    pub(crate) keys: Interner<Vec<u8>>,
    pub(crate) formulas: formula::Formulas,
    normal: FxHashMap<State, Arc<Typed>>,
    single: FxHashMap<Value, Arc<Typed>>,
    negated: FxHashMap<State, State>,
    /// The values that formulas speak of, by key.
    atoms: FxHashMap<Key, Vec<State>>,
    alive: FxHashMap<State, bool>,
    /// Whether states give keys an order.
    ordering: FxHashMap<State, bool>,
    /// States whose values are being counted.
    counting: FxHashSet<State>,
    /// The keys of object shapes.
    keyed: FxHashMap<u32, Arc<keys::Keys>>,
    /// Spellings of numbers that are compared.
    spelled: FxHashMap<Box<[u8]>, ExprId>,
    /// Every number in the spellings that bounds and constants speak of.
    all_numbers: Option<ExprId>,
    /// Everything but numbers in other spellings.
    comparable: Option<State>,
    /// How much of the tables is the schema's own.
    own: Own,
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
            formulas: formula::Formulas::new(),
            normal: FxHashMap::default(),
            single: FxHashMap::default(),
            negated: FxHashMap::default(),
            atoms: FxHashMap::default(),
            alive: FxHashMap::default(),
            ordering: FxHashMap::default(),
            counting: FxHashSet::default(),
            keyed: FxHashMap::default(),
            spelled: FxHashMap::default(),
            all_numbers: None,
            comparable: None,
            own: Own::default(),
            order,
            budget,
        };
        let any = values.state(&[ANY]);
        debug_assert_eq!(any, ANY_STATE);
        let arrays = ArrayShape::new(Box::new([]), any, 0, NO_MAXIMUM);
        values.arrays.add(arrays);
        values.objects.add(ObjectShape::any());
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

    /// Every spelling of the number that a text spells, among those that are compared.
    pub(crate) fn spellings(&mut self, arena: &mut Arena, text: &[u8]) -> Result<ExprId> {
        if let Some(&known) = self.spelled.get(text) {
            return Ok(known);
        }
        let made = numbers::spellings_of(arena, text)?;
        self.spelled.insert(text.into(), made);
        Ok(made)
    }

    /// How many keys the schema names, before any text adds its own.
    pub fn own_keys(&self) -> usize {
        self.own.keys
    }

    /// Whether the schema has arrays whose items must differ.
    pub(crate) fn compares_items(&self) -> bool {
        self.own.unique
    }

    /// Takes everything that is there for the schema's own; the rest is forgotten by [`forget`].
    ///
    /// [`forget`]: Values::forget
    pub fn settle(&mut self) {
        self.own = Own {
            nodes: self.nodes.len(),
            states: self.states.list.len(),
            arrays: self.arrays.list.len(),
            objects: self.objects.list.len(),
            keys: self.keys.list.len(),
            formulas: self.formulas.len(),
            unique: self.arrays.list.iter().any(|shape| shape.compares()),
        };
    }

    /// The normal form of a state, if it was asked for.
    pub(crate) fn known(&self, state: State) -> Option<&Typed> {
        self.normal.get(&state).map(Arc::as_ref)
    }

    /// Forgets what was found since the schema was said: expressions made since are about to go.
    pub fn forget(&mut self) {
        self.nodes.truncate(self.own.nodes);
        self.states.truncate(self.own.states);
        self.arrays.truncate(self.own.arrays);
        self.objects.truncate(self.own.objects);
        self.keys.truncate(self.own.keys);
        self.formulas.truncate(self.own.formulas);
        self.normal.clear();
        self.single.clear();
        self.negated.clear();
        self.forget_atoms();
        self.alive.clear();
        self.ordering.clear();
        self.keyed.clear();
        self.spelled.clear();
        self.all_numbers = None;
        self.comparable = None;
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        self.nodes.len() * 48
            + self.states.bytes
            + self.arrays.bytes
            + self.objects.bytes
            + self.keys.bytes
            + self.spelled.len() * 48
            + self.normal.len() * 160
            + self.single.len() * 160
            + self.negated.len() * 16
            + self.keyed.len() * 120
            + self.formulas.memory()
    }
}
