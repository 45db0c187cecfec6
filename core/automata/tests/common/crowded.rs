//! Terms over few keys and few values, so that what they say of the same object meets: patterns that
//! overlap, keys of which there are only some, numbers of members near how many there can be,
//! required keys that patterns match, kinds of items counted within bounds, complements of all these,
//! and references below them.

use super::re::{Re, lit, rep};
use super::schema::{Array, Object, Val};
use grammarlib_automata::value::types;
use proptest::prelude::*;

/// Each other's beginnings, and of one another's letters.
pub const FEW: [&str; 4] = ["a", "b", "ab", "aa"];

fn any_text() -> Re {
    rep(Re::Class(vec![(0, 0x10_FFFF)]), 0, None)
}

fn set(texts: &[&str]) -> Re {
    Re::Set(texts.iter().map(|t| t.as_bytes().to_vec()).collect())
}

/// Languages of keys: finite, without end, nearly so, all, none.
fn patterns() -> impl Strategy<Value = Re> {
    let letter = || Re::Class(vec![('a'.into(), 'b'.into())]);
    prop::sample::select(vec![
        letter(),
        set(&["a"]),
        set(&["a", "ab"]),
        set(&["b", "aa", "c"]),
        Re::Cat(vec![lit("a"), any_text()]),
        Re::Cat(vec![any_text(), lit("b")]),
        rep(letter(), 2, Some(2)),
        rep(letter(), 0, None),
        rep(Re::Class(vec![(0, 0x10_FFFF)]), 1, Some(1)),
        Re::Or(vec![lit("a"), Re::Cat(vec![lit("b"), any_text()])]),
        Re::Not(Box::new(set(&["a", "b"]))),
        Re::Not(Box::new(Re::Cat(vec![lit("a"), any_text()]))),
        any_text(),
        Re::Nothing,
    ])
}

fn leaf() -> impl Strategy<Value = Val> {
    prop_oneof![
        4 => Just(Val::Any),
        2 => Just(Val::Never),
        2 => Just(Val::Types(types::NULL)),
        2 => Just(Val::Types(types::NUMBER)),
        2 => Just(Val::Types(types::NULL | types::BOOLEAN | types::OBJECT)),
        1 => Just(Val::Types(types::ARRAY)),
        2 => (1u8..4).prop_map(Val::Bools),
        2 => Just(Val::Strings(set(&["a"]))),
        1 => Just(Val::Strings(set(&["a", "b", ""]))),
        1 => patterns().prop_map(Val::Strings),
        1 => patterns().prop_map(Val::IfString),
        1 => Just(Val::Numbers(set(&["1", "1.0", "2"]))),
        1 => Just(Val::IfNumber(set(&["1", "12"]))),
    ]
}

fn keys(most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(FEW.to_vec(), 0..=most)
        .prop_shuffle()
        .prop_map(|list| list.into_iter().map(String::from).collect())
}

/// At least and at most; now and then no number at all.
fn bounds(most: u32) -> impl Strategy<Value = (u32, Option<u32>)> {
    prop_oneof![
        3 => Just((0, None)),
        2 => (1..=most).prop_map(|min| (min, None)),
        2 => (0..=most).prop_map(|max| (0, Some(max))),
        3 => (0..=most, 0..=1u32).prop_map(|(min, more)| (min, Some(min + more))),
        1 => (1..=most).prop_map(|min| (min, Some(min - 1))),
    ]
}

fn object(below: BoxedStrategy<Val>) -> impl Strategy<Value = Val> {
    let properties = (keys(3), prop::collection::vec(below.clone(), 3))
        .prop_map(|(names, values)| names.into_iter().zip(values).collect());
    let patterned = prop::collection::vec((patterns(), below.clone()), 0..3);
    let additional = prop_oneof![3 => Just(Val::Any), 3 => Just(Val::Never), 2 => below];
    (properties, patterned, additional, keys(2), bounds(4)).prop_map(
        |(properties, patterns, additional, required, (min, max))| {
            Val::IfObject(Box::new(Object {
                properties,
                patterns,
                additional,
                required,
                min,
                max,
            }))
        },
    )
}

fn array(below: BoxedStrategy<Val>) -> impl Strategy<Value = Val> {
    let contains = prop::option::weighted(0.6, (below.clone(), bounds(2)));
    let prefix = prop::collection::vec(below.clone(), 0..3);
    let unique = prop::bool::weighted(0.25);
    (prefix, below, bounds(3), contains, unique).prop_map(
        |(prefix, rest, (min, max), contains, unique)| {
            Val::IfArray(Box::new(Array {
                prefix,
                rest,
                min,
                max,
                contains: contains.map(|(kind, (min, max))| (kind, min, max)),
                unique,
            }))
        },
    )
}

fn names() -> impl Strategy<Value = Val> {
    let one = prop_oneof![
        3 => patterns().prop_map(Val::Strings),
        1 => patterns().prop_map(Val::IfString),
        1 => leaf(),
    ];
    prop_oneof![
        3 => one.clone(),
        1 => one.prop_map(|x| Val::Not(Box::new(x))),
    ]
    .prop_map(|x| Val::Names(Box::new(x)))
}

/// A term; below an array or an object it may refer to one of two definitions.
fn term() -> impl Strategy<Value = Val> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        let below = prop_oneof![5 => inner.clone(), 1 => (0usize..2).prop_map(Val::Ref)].boxed();
        let several = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            6 => object(below.clone()),
            3 => array(below),
            1 => names(),
            3 => several().prop_map(Val::All),
            2 => several().prop_map(Val::AnyOf),
            4 => inner.prop_map(|x| Val::Not(Box::new(x))),
        ]
    })
}

/// A root and two definitions.
pub fn terms() -> impl Strategy<Value = (Val, Vec<Val>)> {
    let below = || prop_oneof![4 => term(), 1 => (0usize..2).prop_map(Val::Ref)].boxed();
    let objects = prop_oneof![6 => object(below()), 1 => names()].boxed();
    let part = prop_oneof![
        4 => objects.clone(),
        3 => objects.clone().prop_map(|x| Val::Not(Box::new(x))),
        1 => prop::collection::vec(objects.clone(), 2..4).prop_map(Val::AnyOf),
        1 => prop::collection::vec(objects, 2..4).prop_map(|x| Val::Not(Box::new(Val::All(x)))),
    ];
    let objects = prop::collection::vec(part, 1..4).prop_map(|mut list| {
        list.insert(0, Val::Types(types::OBJECT));
        Val::All(list)
    });
    let part = prop_oneof![
        4 => array(below()),
        2 => array(below()).prop_map(|x| Val::Not(Box::new(x))),
    ];
    let arrays = prop::collection::vec(part, 1..3).prop_map(|mut list| {
        list.insert(0, Val::Types(types::ARRAY));
        Val::All(list)
    });
    let root = prop_oneof![5 => objects, 3 => arrays, 2 => term()];
    (root, prop::collection::vec(term(), 2))
}
