//! What the value algebra once got wrong, by name. The judge of terms says the same.

mod common;

use common::re::{Re, lit, rep};
use common::schema::{Array, Object, Schema, Val, if_array, if_object};
use common::vocab;
use grammarlib_automata::value::types;
use grammarlib_automata::{Compiled, Error, Limits};
use std::sync::Arc;

fn schema(root: Val, declared: bool) -> Schema {
    Schema {
        root,
        defs: vec![],
        blank: Re::Blank,
        declared,
    }
}

/// `None` where it has no members.
fn compile(schema: &Schema) -> Option<Arc<Compiled>> {
    let (vocab, _) = vocab::whole(&[]);
    match schema.compile(&vocab, Limits::default()) {
        Err(Error::Empty(_)) => None,
        made => Some(made.expect("a schema that compiles")),
    }
}

/// Compares with the judge, and both with what is known.
fn check(schema: &Schema, members: &[&str], others: &[&str]) {
    let compiled = compile(schema);
    for (texts, expected) in [(members, true), (others, false)] {
        for text in texts {
            assert_eq!(
                schema.judge(text.as_bytes()),
                Some(expected),
                "judge: {text}"
            );
            let taken = compiled.as_ref().is_some_and(|compiled| {
                let mut m = compiled.matcher().expect("a matcher");
                m.accept_bytes(text.as_bytes()).expect("a verdict")
                    && m.is_accepting().expect("a verdict")
            });
            assert_eq!(taken, expected, "{text}");
        }
    }
}

fn objects(said: Val) -> Val {
    Val::All(vec![Val::Types(types::OBJECT), said])
}

fn arrays(said: Val) -> Val {
    Val::All(vec![Val::Types(types::ARRAY), said])
}

fn not(said: Val) -> Val {
    Val::Not(Box::new(said))
}

fn object(said: Object) -> Val {
    objects(Val::IfObject(Box::new(said)))
}

fn with(properties: &[(&str, Val)]) -> Val {
    let list = properties.iter().map(|(k, v)| (k.to_string(), v.clone()));
    if_object(list.collect(), Val::Any, vec![])
}

/// The numbers of members that are left were compared with each bound, not with both together.
#[test]
fn objects_of_at_least_one_and_at_most_no_member() {
    let both = Object {
        min: 1,
        max: Some(0),
        ..Object::any()
    };
    assert!(compile(&schema(object(both), false)).is_none());
}

/// What complements say of values is said whatever the order of their keys.
#[test]
fn a_complement_gives_keys_no_order() {
    let ordered = || with(&[("b", Val::Any), ("a", Val::Any)]);
    let texts = ["{\"b\":1,\"a\":1}", "{\"a\":1,\"b\":1}"];
    check(&schema(objects(ordered()), true), &texts[..1], &texts[1..]);
    check(&schema(objects(not(not(ordered()))), true), &texts, &[]);
    let within = |text: &str| format!("[{text},0]");
    let (one, other) = (within(texts[0]), within(texts[1]));
    // Not one item and not two that are such: the second is.
    let kind = Val::All(vec![Val::Types(types::OBJECT), ordered()]);
    let none = Array {
        prefix: vec![],
        rest: Val::Any,
        min: 0,
        max: None,
        contains: Some((kind, 0, Some(0))),
        unique: false,
    };
    let some = arrays(not(Val::IfArray(Box::new(none))));
    check(&schema(some, true), &[&one, &other], &["[0]", "[]"]);
    let items = if_array(vec![not(ordered())], Val::Any, 0, None);
    check(&schema(arrays(not(items)), true), &[&one, &other], &["[]"]);
    // Whatever the value of "x" is, "z" is not there.
    let closed = if_object(vec![("x".into(), ordered())], Val::Any, vec!["z".into()]);
    let within = |text: &str| format!("{{\"x\":{text}}}");
    let (one, other) = (within(texts[0]), within(texts[1]));
    check(&schema(objects(not(closed)), true), &[&one, &other], &[]);
}

/// An alternative that another covers brings an order to the members and items of what it applies to.
#[test]
fn a_shape_that_another_covers_still_orders_what_is_within() {
    let one = || with(&[("a", Val::Any), ("b", Val::Any)]);
    let other = || with(&[("b", Val::Any), ("a", Val::Any)]);
    let texts = ["{\"a\":1,\"b\":1}", "{\"b\":1,\"a\":1}"];
    let both = |first: Val, second: Val, only: fn(Val) -> Val| {
        let some = Val::AnyOf(vec![first, Val::Any]);
        schema(only(Val::All(vec![some, second])), true)
    };
    let all = if_object(vec![], one(), vec![]);
    let under = |text: &str| format!("{{\"k\":{text}}}");
    let members = texts.map(under);
    let members = [&members[0][..], &members[1][..]];
    check(&both(all, with(&[("k", other())]), objects), &members, &[]);
    let items = |item| if_array(vec![], item, 0, None);
    let members = texts.map(|text| format!("[{text}]"));
    let members = [&members[0][..], &members[1][..]];
    check(&both(items(one()), items(other()), arrays), &members, &[]);
}

/// A used key leaves one byte of those that begin keys.
#[test]
fn used_keys_force_what_is_left() {
    let text = rep(Re::Class(vec![(0, 0x10_FFFF)]), 0, None);
    let keys = Re::Or(vec![lit("a"), Re::Cat(vec![lit("b"), text])]);
    let names = Val::Names(Box::new(Val::Strings(keys)));
    let compiled = compile(&schema(objects(names), false)).expect("it has members");
    let mut m = compiled.matcher().expect("a matcher");
    for (read, forced) in [("{\"a\":1,", "\""), ("\"\\", "u0062"), ("u0062", "")] {
        assert!(
            m.accept_bytes(read.as_bytes()).expect("a verdict"),
            "{read}"
        );
        let bytes = m.find_jump_forward_bytes().expect("a verdict");
        assert_eq!(bytes, forced.as_bytes(), "after {read}");
    }
}
