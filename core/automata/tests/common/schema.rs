//! The value algebra as plain terms, and how to say them to the kernel. What they mean is in
//! `meaning`, texts of them are made in `invent`.

use super::crowded;
use super::multiples::Multiples;
use super::re::{Re, lit, rep, simple};
use grammarlib_automata::expr::{Arena, Spelling};
use grammarlib_automata::value::{
    ANY, ArrayShape, Contains, NEVER, NO_MAXIMUM, Node, ObjectShape, Order, State, States, Value,
    Values, types,
};
use grammarlib_automata::{Compiled, Limits, Result, Vocabulary};
use proptest::prelude::*;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Val {
    Any,
    Never,
    Types(u8),
    Bools(u8),
    Strings(Re),
    Numbers(Re),
    IfString(Re),
    IfNumber(Re),
    IfArray(Box<Array>),
    IfObject(Box<Object>),
    All(Vec<Val>),
    AnyOf(Vec<Val>),
    Not(Box<Val>),
    /// Not an object, or one whose keys are such strings.
    Names(Box<Val>),
    /// One of the definitions.
    Ref(usize),
}

/// What is said of arrays.
#[derive(Clone, Debug)]
pub struct Array {
    /// Of the first items.
    pub prefix: Vec<Val>,
    /// Of the others.
    pub rest: Val,
    pub min: u32,
    pub max: Option<u32>,
    /// At least and at most so many items are such.
    pub contains: Option<(Val, u32, Option<u32>)>,
    /// No two items are equal.
    pub unique: bool,
}

/// What is said of objects.
#[derive(Clone, Debug)]
pub struct Object {
    pub properties: Vec<(String, Val)>,
    /// Of members whose keys match, declared or not.
    pub patterns: Vec<(Re, Val)>,
    /// Of members whose keys are neither declared nor match.
    pub additional: Val,
    pub required: Vec<String>,
    pub min: u32,
    pub max: Option<u32>,
}

impl Object {
    /// Any object.
    pub fn any() -> Self {
        Object {
            properties: vec![],
            patterns: vec![],
            additional: Val::Any,
            required: vec![],
            min: 0,
            max: None,
        }
    }
}

/// Arrays of items by position, so many.
pub fn if_array(prefix: Vec<Val>, rest: Val, min: u32, max: Option<u32>) -> Val {
    Val::IfArray(Box::new(Array {
        prefix,
        rest,
        min,
        max,
        contains: None,
        unique: false,
    }))
}

/// Objects of properties and others, of which some must be there.
pub fn if_object(properties: Vec<(String, Val)>, additional: Val, required: Vec<String>) -> Val {
    Val::IfObject(Box::new(Object {
        properties,
        additional,
        required,
        ..Object::any()
    }))
}

/// A term with the definitions it may refer to, and the language of white space.
#[derive(Clone, Debug)]
pub struct Schema {
    pub root: Val,
    pub defs: Vec<Val>,
    pub blank: Re,
    pub declared: bool,
}

impl Schema {
    pub fn order(&self) -> Order {
        if self.declared {
            Order::Declared
        } else {
            Order::Free
        }
    }

    /// Says the schema to the kernel.
    pub fn compile(&self, vocab: &Arc<Vocabulary>, limits: Limits) -> Result<Arc<Compiled>> {
        let mut arena = Arena::new(limits.expressions)?;
        let mut values = Values::new(100_000, self.order());
        let mut names = Vec::new();
        for _ in &self.defs {
            names.push(values.add(Node::Reference(None))?);
        }
        for (def, &name) in self.defs.iter().zip(&names) {
            let value = def.say(&mut arena, &mut values, &names)?;
            values.define(name, value)?;
        }
        let root = self.root.say(&mut arena, &mut values, &names)?;
        let root = values.state(&[root]);
        let blank = self.blank.build(&mut arena)?;
        let states = States::new(&mut arena, blank, limits.expressions)?;
        let made = Compiled::new(vocab.clone(), arena, values, states, root, limits)?;
        Ok(Arc::new(made))
    }
}

impl Schema {
    /// All terms of the schema, those within others among them.
    pub fn terms(&self) -> impl Iterator<Item = &Val> {
        let mut open: Vec<&Val> = self.defs.iter().chain([&self.root]).collect();
        std::iter::from_fn(move || {
            let term = open.pop()?;
            open.extend(term.parts());
            Some(term)
        })
    }
}

impl Val {
    /// The terms that this one is made of.
    pub fn parts(&self) -> Vec<&Val> {
        match self {
            Val::All(list) | Val::AnyOf(list) => list.iter().collect(),
            Val::Not(x) | Val::Names(x) => vec![x],
            Val::IfArray(array) => {
                let kind = array.contains.as_ref().map(|c| &c.0);
                array
                    .prefix
                    .iter()
                    .chain([&array.rest])
                    .chain(kind)
                    .collect()
            }
            Val::IfObject(object) => {
                let mut parts: Vec<&Val> = object.properties.iter().map(|p| &p.1).collect();
                parts.extend(object.patterns.iter().map(|p| &p.1));
                parts.push(&object.additional);
                parts
            }
            _ => vec![],
        }
    }

    /// Whether it excludes values, or compares them with each other.
    pub fn compares(&self) -> bool {
        match self {
            Val::Not(_) => true,
            Val::IfArray(array) => {
                array.unique || array.contains.as_ref().is_some_and(|c| c.2.is_some())
            }
            _ => false,
        }
    }

    fn state(&self, arena: &mut Arena, values: &mut Values, names: &[Value]) -> Result<State> {
        let said = self.say(arena, values, names)?;
        Ok(values.state(&[said]))
    }

    fn say(&self, arena: &mut Arena, values: &mut Values, names: &[Value]) -> Result<Value> {
        let node = match self {
            Val::Any => return Ok(ANY),
            Val::Never => return Ok(NEVER),
            Val::Ref(i) => return Ok(names[*i]),
            Val::Types(mask) => Node::Types(*mask),
            Val::Bools(mask) => Node::Booleans(*mask),
            Val::Strings(re) => Node::Strings(re.build(arena)?),
            Val::Numbers(re) => Node::Numbers(re.build(arena)?),
            Val::IfString(re) => Node::IfString(re.build(arena)?),
            Val::IfNumber(re) => Node::IfNumber(re.build(arena)?),
            Val::IfArray(array) => {
                let shape = array.say(arena, values, names)?;
                Node::IfArray(values.array_shape(shape))
            }
            Val::IfObject(object) => {
                let shape = object.say(arena, values, names)?;
                Node::IfObject(values.object_shape(shape))
            }
            Val::Not(x) => Node::Not(x.say(arena, values, names)?),
            Val::Names(x) => Node::Names(x.say(arena, values, names)?),
            Val::All(list) | Val::AnyOf(list) => {
                let mut said = Vec::new();
                for x in list {
                    said.push(x.say(arena, values, names)?);
                }
                match self {
                    Val::All(_) => Node::All(said.into()),
                    _ => Node::AnyOf(said.into()),
                }
            }
        };
        values.add(node)
    }
}

impl Array {
    fn say(&self, arena: &mut Arena, values: &mut Values, names: &[Value]) -> Result<ArrayShape> {
        let mut prefix = Vec::new();
        for x in &self.prefix {
            prefix.push(x.state(arena, values, names)?);
        }
        let rest = self.rest.state(arena, values, names)?;
        let max = self.max.unwrap_or(NO_MAXIMUM);
        let mut shape = ArrayShape::new(prefix.into(), rest, self.min, max);
        if let Some((kind, min, max)) = &self.contains {
            shape.contains = Box::new([Contains {
                from: 0,
                item: kind.state(arena, values, names)?,
                min: *min,
                max: max.unwrap_or(NO_MAXIMUM),
            }]);
        }
        shape.unique = self.unique;
        Ok(shape)
    }
}

impl Object {
    fn say(&self, arena: &mut Arena, values: &mut Values, names: &[Value]) -> Result<ObjectShape> {
        let mut rules = Vec::new();
        for (re, x) in &self.patterns {
            rules.push((re.build(arena)?, x.state(arena, values, names)?));
        }
        let mut properties = Vec::new();
        for (key, x) in &self.properties {
            let key = values.key(key.as_bytes());
            let own = x.state(arena, values, names)?;
            properties.push((key, values.declared(arena, own, &rules, key)?));
        }
        let mut required: Vec<u32> = self
            .required
            .iter()
            .map(|k| values.key(k.as_bytes()))
            .collect();
        required.sort_unstable();
        required.dedup();
        let additional = self.additional.state(arena, values, names)?;
        let mut shape = ObjectShape::new(properties.into(), additional, required.into());
        if !rules.is_empty() {
            let matched = arena.or(rules.iter().map(|rule| rule.0).collect())?;
            rules.push((arena.not(matched)?, additional));
            shape.rules = rules.into();
        }
        shape.min = self.min;
        shape.max = self.max.unwrap_or(NO_MAXIMUM);
        Ok(shape)
    }
}

/// Whole numbers, as a language of spellings.
pub fn whole_numbers() -> Re {
    let digits = Re::Class(vec![('0'.into(), '9'.into())]);
    let large = Re::Cat(vec![
        Re::Class(vec![('1'.into(), '9'.into())]),
        rep(digits, 0, None),
    ]);
    Re::Cat(vec![
        rep(lit("-"), 0, Some(1)),
        Re::Or(vec![lit("0"), large]),
    ])
}

/// Keys that are each other's beginnings, need escapes, hold nothing or more than one byte a character.
pub const KEYS: [&str; 6] = ["a", "ab", "b", "", "é\"", "c"];

fn numbers() -> impl Strategy<Value = Re> {
    prop_oneof![
        Just(whole_numbers()),
        (1u64..20, 0u32..3, 0u32..200).prop_map(|(modulus, places, low)| {
            Re::Multiples(Multiples {
                spelling: Spelling::Plain,
                modulus,
                places,
                low: low.to_string().into_bytes(),
                high: None,
            })
        }),
        Just(Re::Set(vec![
            b"1".to_vec(),
            b"12".to_vec(),
            b"-0.5".to_vec()
        ])),
        Just(Re::Set(vec![
            b"1".to_vec(),
            b"1.0".to_vec(),
            b"1e1".to_vec()
        ])),
        Just(Re::Nothing),
    ]
}

fn strings() -> impl Strategy<Value = Re> {
    prop_oneof![
        3 => simple(),
        2 => prop::collection::vec(prop::sample::select(&KEYS[..]), 1..4)
            .prop_map(|list| Re::Set(list.iter().map(|t| t.as_bytes().to_vec()).collect())),
        1 => simple().prop_map(|x| Re::Not(Box::new(x))),
        1 => Just(Re::Class(vec![(0xD800, 0xDFFF)])),
    ]
}

fn leaf() -> impl Strategy<Value = Val> {
    prop_oneof![
        3 => Just(Val::Any),
        1 => Just(Val::Never),
        4 => (1u8..64).prop_map(Val::Types),
        3 => prop::sample::select(&[1u8, 2, 4, 8, 16, 32, 12, 48][..]).prop_map(Val::Types),
        1 => (1u8..4).prop_map(Val::Bools),
        2 => strings().prop_map(Val::Strings),
        1 => strings().prop_map(Val::IfString),
        2 => numbers().prop_map(Val::Numbers),
        1 => numbers().prop_map(Val::IfNumber),
    ]
}

fn keys() -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(KEYS.to_vec(), 0..4)
        .prop_shuffle()
        .prop_map(|list| list.into_iter().map(String::from).collect())
}

fn array(below: BoxedStrategy<Val>) -> impl Strategy<Value = Val> {
    let bounds = (0u32..4, prop::option::of(0u32..3));
    let list = prop::collection::vec(below.clone(), 0..3);
    (list, below, bounds)
        .prop_map(|(prefix, rest, (min, more))| if_array(prefix, rest, min, more.map(|n| min + n)))
}

fn object(below: BoxedStrategy<Val>) -> impl Strategy<Value = Val> {
    let several = prop::collection::vec(below.clone(), 4);
    (keys(), several, below, keys(), 0usize..3).prop_map(
        |(names, values, additional, mut required, n)| {
            required.truncate(n);
            let properties = names.into_iter().zip(values).collect();
            if_object(properties, additional, required)
        },
    )
}

/// Terms; below an array or an object they may refer to one of two definitions.
fn term() -> impl Strategy<Value = Val> {
    leaf().prop_recursive(4, 20, 4, move |inner| {
        let below = prop_oneof![4 => inner.clone(), 1 => (0usize..2).prop_map(Val::Ref)].boxed();
        prop_oneof![
            2 => array(below.clone()),
            4 => object(below),
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Val::All),
            2 => prop::collection::vec(inner, 0..4).prop_map(Val::AnyOf),
        ]
    })
}

/// Terms of arrays and objects only.
fn composite() -> impl Strategy<Value = Val> {
    let below = || prop_oneof![4 => term(), 1 => (0usize..2).prop_map(Val::Ref)].boxed();
    let one = prop_oneof![1 => array(below()), 3 => object(below())].boxed();
    let only = |x| Val::All(vec![Val::Types(types::ARRAY | types::OBJECT), x]);
    prop_oneof![
        3 => one.clone(),
        1 => prop::collection::vec(one.clone(), 2..4).prop_map(Val::All),
        1 => prop::collection::vec(one.clone(), 2..4).prop_map(Val::AnyOf),
        1 => (prop::collection::vec(one.clone(), 2..3), one)
            .prop_map(|(some, x)| Val::All(vec![Val::AnyOf(some), x])),
    ]
    .prop_map(only)
}

/// What may stand between the parts of a JSON text.
fn blanks() -> impl Strategy<Value = Re> {
    let blank = || Re::Bytes(vec![(b' ', b' '), (b'\n', b'\n'), (b'\t', b'\t')]);
    prop_oneof![
        3 => Just(Re::Blank),
        2 => Just(rep(lit(" "), 0, Some(1))),
        2 => Just(rep(blank(), 0, Some(3))),
        1 => Just(Re::Or(vec![Re::Cat(vec![lit("\n"), rep(lit(" "), 0, Some(40))]), rep(lit(" "), 0, Some(2))])),
        1 => Just(lit(" ")),
        1 => Just(rep(blank(), 0, None)),
    ]
}

/// Terms of every kind, some of them over few keys and values, so that they meet.
pub fn schemas() -> impl Strategy<Value = Schema> {
    let plain = (
        prop_oneof![1 => term(), 5 => composite()],
        prop::collection::vec(prop_oneof![term(), composite()], 2),
    );
    let terms = prop_oneof![1 => plain, 1 => crowded::terms()];
    (terms, blanks(), any::<bool>()).prop_map(|((root, defs), blank, declared)| Schema {
        root,
        defs,
        blank,
        declared,
    })
}
