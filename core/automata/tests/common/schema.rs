//! The value algebra as plain terms: what they mean, how to say them to the kernel, and texts of them.
//!
//! The meaning is judged on values that were read whole. A list of terms that must hold together is
//! spread into its alternatives; within one, an object is judged against all its shapes at once,
//! because the order of its keys comes from all of them.

use super::chance::Chance;
use super::json::J;
use super::lead::spell;
use super::re::{Re, lit, rep, simple};
use grammarlib_automata::expr::Arena;
use grammarlib_automata::value::{
    ANY, ArrayShape, NEVER, Node, ObjectShape, Order, States, Value, Values, types,
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
    IfArray(Vec<Val>, Box<Val>, u32, Option<u32>),
    /// Properties, additional, required.
    IfObject(Vec<(String, Val)>, Box<Val>, Vec<String>),
    All(Vec<Val>),
    AnyOf(Vec<Val>),
    /// One of the definitions.
    Ref(usize),
}

/// A term with the definitions it may refer to, and the language of white space.
#[derive(Clone, Debug)]
pub struct Schema {
    pub root: Val,
    pub defs: Vec<Val>,
    pub blank: Re,
    pub declared: bool,
}

type Alternative<'a> = Vec<&'a Val>;

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

    /// Whether the text is one of the schema's.
    pub fn accepts(&self, text: &[u8]) -> bool {
        let gap = |blank: &[u8]| self.blank.matches(blank);
        super::json::parse(text, &gap).is_some_and(|j| self.holds(&[&self.root], &j))
    }

    /// Whether the value satisfies all of the terms at once.
    pub fn holds(&self, terms: &[&Val], j: &J) -> bool {
        self.alternatives(terms)
            .iter()
            .any(|list| self.alternative(list, j))
    }

    fn alternatives<'a>(&'a self, terms: &[&'a Val]) -> Vec<Alternative<'a>> {
        let mut out: Vec<Alternative<'a>> = vec![vec![]];
        for &term in terms {
            let own = self.spread(term);
            out = out
                .iter()
                .flat_map(|a| own.iter().map(move |b| [&a[..], &b[..]].concat()))
                .collect();
        }
        out
    }

    fn spread<'a>(&'a self, term: &'a Val) -> Vec<Alternative<'a>> {
        match term {
            Val::All(list) => self.alternatives(&list.iter().collect::<Vec<_>>()),
            Val::AnyOf(list) => list.iter().flat_map(|x| self.spread(x)).collect(),
            Val::Ref(i) => self.spread(&self.defs[*i]),
            leaf => vec![vec![leaf]],
        }
    }

    fn alternative(&self, leaves: &[&Val], j: &J) -> bool {
        if !leaves.iter().all(|leaf| scalar(leaf, j)) {
            return false;
        }
        match j {
            J::Arr(items) => items.iter().enumerate().all(|(i, item)| {
                let own: Vec<&Val> = leaves.iter().filter_map(|leaf| item_of(leaf, i)).collect();
                self.holds(&own, item)
            }),
            J::Obj(members) => {
                let keys: Vec<&[u8]> = members.iter().map(|m| &m.0[..]).collect();
                let repeated = (1..keys.len()).any(|i| keys[..i].contains(&keys[i]));
                if repeated || (self.declared && !in_order(leaves, &keys)) {
                    return false;
                }
                members.iter().all(|(key, value)| {
                    let own: Vec<&Val> = leaves
                        .iter()
                        .filter_map(|leaf| member_of(leaf, key))
                        .collect();
                    self.holds(&own, value)
                })
            }
            _ => true,
        }
    }
}

/// What a leaf says of the value apart from its items and members.
fn scalar(leaf: &Val, j: &J) -> bool {
    let bit = match j {
        J::Null => types::NULL,
        J::Bool(_) => types::BOOLEAN,
        J::Num(_) => types::NUMBER,
        J::Str(_) => types::STRING,
        J::Arr(_) => types::ARRAY,
        J::Obj(_) => types::OBJECT,
    };
    match (leaf, j) {
        (Val::Never, _) => false,
        (Val::Types(mask), _) => mask & bit != 0,
        (Val::Bools(mask), J::Bool(b)) => mask & if *b { 2 } else { 1 } != 0,
        (Val::Bools(_), _) => false,
        (Val::Strings(re) | Val::IfString(re), J::Str(text)) => re.matches(text),
        (Val::Strings(_), _) => false,
        (Val::Numbers(re) | Val::IfNumber(re), J::Num(text)) => re.matches(text.as_bytes()),
        (Val::Numbers(_), _) => false,
        (Val::IfArray(_, _, min, max), J::Arr(items)) => {
            let n = items.len() as u32;
            *min <= n && max.is_none_or(|max| n <= max)
        }
        (Val::IfObject(_, _, required), J::Obj(members)) => required
            .iter()
            .all(|r| members.iter().any(|m| m.0 == r.as_bytes())),
        _ => true,
    }
}

fn item_of(leaf: &Val, i: usize) -> Option<&Val> {
    match leaf {
        Val::IfArray(prefix, rest, _, _) => Some(prefix.get(i).unwrap_or(rest)),
        _ => None,
    }
}

fn member_of<'a>(leaf: &'a Val, key: &[u8]) -> Option<&'a Val> {
    match leaf {
        Val::IfObject(properties, additional, _) => {
            let own = properties.iter().find(|p| p.0.as_bytes() == key);
            Some(own.map_or(&**additional, |p| &p.1))
        }
        _ => None,
    }
}

/// Declared keys in the order in which the leaves first name them, the others after them.
fn in_order(leaves: &[&Val], keys: &[&[u8]]) -> bool {
    let mut order: Vec<&[u8]> = Vec::new();
    for leaf in leaves {
        if let Val::IfObject(properties, _, _) = leaf {
            for (key, _) in properties {
                if !order.contains(&key.as_bytes()) {
                    order.push(key.as_bytes());
                }
            }
        }
    }
    let place = |key: &&[u8]| order.iter().position(|k| k == key).unwrap_or(order.len());
    keys.iter().map(place).is_sorted()
}

impl Val {
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
            Val::IfArray(prefix, rest, min, max) => {
                let mut items = Vec::new();
                for x in prefix {
                    let x = x.say(arena, values, names)?;
                    items.push(values.state(&[x]));
                }
                let rest = rest.say(arena, values, names)?;
                let shape = ArrayShape {
                    prefix: items.into(),
                    rest: values.state(&[rest]),
                    min: *min,
                    max: max.unwrap_or(u32::MAX),
                };
                Node::IfArray(values.array_shape(shape))
            }
            Val::IfObject(properties, additional, required) => {
                let mut list = Vec::new();
                for (key, x) in properties {
                    let x = x.say(arena, values, names)?;
                    list.push((values.key(key.as_bytes()), values.state(&[x])));
                }
                let additional = additional.say(arena, values, names)?;
                let mut needed: Vec<u32> =
                    required.iter().map(|k| values.key(k.as_bytes())).collect();
                needed.sort_unstable();
                needed.dedup();
                let shape = ObjectShape {
                    properties: list.into(),
                    additional: values.state(&[additional]),
                    required: needed.into(),
                };
                Node::IfObject(values.object_shape(shape))
            }
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
    (list, below, bounds).prop_map(|(prefix, rest, (min, more))| {
        Val::IfArray(prefix, Box::new(rest), min, more.map(|n| min + n))
    })
}

fn object(below: BoxedStrategy<Val>) -> impl Strategy<Value = Val> {
    let several = prop::collection::vec(below.clone(), 4);
    (keys(), several, below, keys(), 0usize..3).prop_map(
        |(names, values, additional, mut required, n)| {
            required.truncate(n);
            let properties = names.into_iter().zip(values).collect();
            Val::IfObject(properties, Box::new(additional), required)
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

pub fn schemas() -> impl Strategy<Value = Schema> {
    let defs = prop::collection::vec(prop_oneof![term(), composite()], 2);
    let root = prop_oneof![1 => term(), 5 => composite()];
    (root, defs, blanks(), any::<bool>()).prop_map(|(root, defs, blank, declared)| Schema {
        root,
        defs,
        blank,
        declared,
    })
}

impl Schema {
    /// A text that is often one of the schema's, and nearly one otherwise.
    pub fn sample(&self, chance: &mut Chance) -> Vec<u8> {
        let mut j = self.invent(&[&self.root], 8, chance);
        if chance.once_in(4) {
            disturb(&mut j, chance);
        }
        let mut out = Vec::new();
        self.write(&j, chance, &mut out);
        out
    }

    /// A value that tries to satisfy the terms, but for what would lie too deep.
    fn invent(&self, terms: &[&Val], depth: usize, chance: &mut Chance) -> J {
        if depth == 0 {
            return J::Null;
        }
        let all = self.alternatives(terms);
        let Some(leaves) = all.get(chance.below(all.len().max(1))) else {
            return J::Null;
        };
        let mut fit = Vec::new();
        for mask in [1, 2, 4, 8, 16, 32] {
            let takes = |leaf: &&Val| match leaf {
                Val::Types(own) => own & mask != 0,
                Val::Bools(_) => mask == 2,
                Val::Numbers(_) => mask == 4,
                Val::Strings(_) => mask == 8,
                _ => true,
            };
            if leaves.iter().all(takes) {
                let says = |leaf: &&Val| match leaf {
                    Val::IfArray(..) => mask == 16,
                    Val::IfObject(..) => mask == 32,
                    _ => false,
                };
                let times = if leaves.iter().any(says) { 6 } else { 1 };
                fit.extend(vec![mask; times]);
            }
        }
        let kind = if fit.is_empty() {
            1
        } else {
            *chance.pick(&fit)
        };
        match kind {
            1 => J::Null,
            2 => J::Bool(
                match leaves.iter().find(|leaf| matches!(leaf, Val::Bools(_))) {
                    Some(Val::Bools(mask)) => *mask == 2 || (*mask == 3 && chance.once_in(2)),
                    _ => chance.once_in(2),
                },
            ),
            4 => {
                let own = leaves.iter().find_map(|leaf| match leaf {
                    Val::Numbers(re) | Val::IfNumber(re) => Some(re),
                    _ => None,
                });
                let mut text = Vec::new();
                match own {
                    Some(re) => re.sample(chance, &mut text),
                    None => text.extend(*chance.pick(&[&b"0"[..], b"1.0", b"-12", b"1E+2"])),
                }
                J::Num(String::from_utf8_lossy(&text).into_owned())
            }
            8 => {
                let own = leaves.iter().find_map(|leaf| match leaf {
                    Val::Strings(re) | Val::IfString(re) => Some(re),
                    _ => None,
                });
                let mut text = Vec::new();
                match own {
                    Some(re) => re.sample(chance, &mut text),
                    None => text.extend(chance.pick(&KEYS).as_bytes()),
                }
                text.truncate(60);
                J::Str(String::from_utf8_lossy(&text).into_owned().into_bytes())
            }
            16 => {
                let (mut least, mut most) = (0, 5);
                for leaf in leaves {
                    if let Val::IfArray(_, _, min, max) = leaf {
                        least = least.max(*min);
                        most = most.min(max.unwrap_or(5)).min(least + 3);
                    }
                }
                let most = if depth < 5 { least } else { most.max(least) };
                let n = least as usize + chance.below((most - least) as usize + 1);
                let item = |i: usize, chance: &mut Chance| {
                    let own: Vec<&Val> = leaves.iter().filter_map(|l| item_of(l, i)).collect();
                    self.invent(&own, depth - 1, chance)
                };
                let n = if depth < 5 { n.min(2) } else { n };
                J::Arr((0..n).map(|i| item(i, chance)).collect())
            }
            _ => {
                let mut keys: Vec<&str> = Vec::new();
                for leaf in leaves {
                    if let Val::IfObject(properties, _, required) = leaf {
                        for (key, _) in properties {
                            let needed = required.contains(key);
                            if !keys.contains(&&key[..])
                                && (needed || (depth > 4 && !chance.once_in(3)))
                            {
                                keys.push(key);
                            }
                        }
                    }
                }
                for leaf in leaves {
                    if let Val::IfObject(_, _, required) = leaf {
                        for key in required {
                            if !keys.contains(&&key[..]) {
                                keys.push(key);
                            }
                        }
                    }
                }
                if chance.once_in(3) {
                    let more = *chance.pick(&KEYS);
                    if !keys.contains(&more) {
                        keys.push(more);
                    }
                }
                if chance.once_in(4) {
                    chance.shuffle(&mut keys);
                }
                let depth = depth - 1;
                let member = |key: &str, chance: &mut Chance| {
                    let own: Vec<&Val> = leaves
                        .iter()
                        .filter_map(|l| member_of(l, key.as_bytes()))
                        .collect();
                    (key.as_bytes().to_vec(), self.invent(&own, depth, chance))
                };
                if depth < 4 {
                    keys.truncate(2);
                }
                J::Obj(keys.into_iter().map(|key| member(key, chance)).collect())
            }
        }
    }

    /// The value as text, spelled and spaced by chance.
    fn write(&self, j: &J, chance: &mut Chance, out: &mut Vec<u8>) {
        match j {
            J::Null => out.extend_from_slice(b"null"),
            J::Bool(true) => out.extend_from_slice(b"true"),
            J::Bool(false) => out.extend_from_slice(b"false"),
            J::Num(text) => out.extend_from_slice(text.as_bytes()),
            J::Str(text) => out.extend(written(text, chance)),
            J::Arr(items) => {
                out.push(b'[');
                self.gap(chance, out);
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        self.gap(chance, out);
                        out.push(b',');
                        self.gap(chance, out);
                    }
                    self.write(item, chance, out);
                }
                if !items.is_empty() {
                    self.gap(chance, out);
                }
                out.push(b']');
            }
            J::Obj(members) => {
                out.push(b'{');
                self.gap(chance, out);
                for (i, (key, value)) in members.iter().enumerate() {
                    if i > 0 {
                        self.gap(chance, out);
                        out.push(b',');
                        self.gap(chance, out);
                    }
                    out.extend(written(key, chance));
                    self.gap(chance, out);
                    out.push(b':');
                    self.gap(chance, out);
                    self.write(value, chance, out);
                }
                if !members.is_empty() {
                    self.gap(chance, out);
                }
                out.push(b'}');
            }
        }
    }

    fn gap(&self, chance: &mut Chance, out: &mut Vec<u8>) {
        if chance.once_in(60) {
            out.push(*chance.pick(b" \n\t"));
        } else {
            self.blank.sample(chance, out);
        }
    }
}

fn written(text: &[u8], chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    if chance.once_in(2) {
        let plain = text.chars().all(|c| c != '"' && c != '\\' && c >= ' ');
        if plain {
            return format!("\"{text}\"").into_bytes();
        }
    }
    spell(&text, chance)
}

/// A small change somewhere.
fn disturb(j: &mut J, chance: &mut Chance) {
    match j {
        J::Arr(items) if !items.is_empty() && chance.once_in(2) => {
            let i = chance.below(items.len());
            disturb(&mut items[i], chance);
        }
        J::Arr(items) => {
            if chance.once_in(2) {
                items.pop();
            } else {
                items.push(J::Null);
            }
        }
        J::Obj(members) if !members.is_empty() => {
            let i = chance.below(members.len());
            match chance.below(5) {
                0 => disturb(&mut members[i].1, chance),
                1 => {
                    members.remove(i);
                }
                2 => members.push(members[i].clone()),
                3 => members[i].0 = chance.pick(&KEYS).as_bytes().to_vec(),
                _ => chance.shuffle(members),
            }
        }
        other => {
            let all = [
                J::Null,
                J::Bool(true),
                J::Num("1".into()),
                J::Num("01".into()),
                J::Str(b"a".to_vec()),
                J::Arr(vec![]),
                J::Obj(vec![(b"a".to_vec(), J::Null)]),
            ];
            *other = chance.pick(&all).clone();
        }
    }
}
