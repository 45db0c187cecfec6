//! Vocabularies that cannot spell every byte: a token is allowed exactly if some sequence of tokens
//! after it completes a member. Members are listed, and what tokens spell is found by trying all.

mod common;

use common::chance::Chance;
use common::re::{Re, class, lit, rep};
use common::schema::{Schema, Val, if_array, if_object};
use common::{cases, vocab};
use grammarlib_automata::value::types;
use grammarlib_automata::{Compiled, Error, Limits, Matcher, Vocabulary};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

fn schema(root: Val) -> Schema {
    Schema {
        root,
        defs: vec![],
        blank: Re::Blank,
        declared: false,
    }
}

/// Whether the tokens spell the text: all ways of cutting it.
fn spelled(tokens: &[Vec<u8>], text: &[u8]) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for at in 0..text.len() {
        if reached[at] {
            for token in tokens.iter().filter(|t| text[at..].starts_with(t)) {
                reached[at + token.len()] = true;
            }
        }
    }
    reached[text.len()]
}

/// What may follow a text: the tokens after which some member can still be spelled.
fn allowed(tokens: &[Vec<u8>], members: &[Vec<u8>], before: &[u8]) -> Vec<u32> {
    let can = |token: &Vec<u8>| {
        let now = [before, token].concat();
        let rest = members.iter().filter_map(|m| m.strip_prefix(&now[..]));
        rest.into_iter().any(|rest| spelled(tokens, rest))
    };
    let ids = tokens
        .iter()
        .enumerate()
        .filter(|(_, t)| !t.is_empty() && can(t));
    ids.map(|(i, _)| i as u32).collect()
}

fn compile(schema: &Schema, tokens: &[Vec<u8>]) -> (Arc<Vocabulary>, u32, Option<Arc<Compiled>>) {
    let list: Vec<&[u8]> = tokens.iter().map(|t| &t[..]).collect();
    let (vocab, eos) = vocab::only(&list);
    match schema.compile(&vocab, Limits::default()) {
        Ok(compiled) => (vocab, eos, Some(compiled)),
        Err(Error::Empty(_)) => (vocab, eos, None),
        Err(other) => panic!("{other}"),
    }
}

/// Compares every mask with the definition, in all texts that tokens spell, up to a length.
fn compare(schema: &Schema, tokens: &[Vec<u8>], members: &[Vec<u8>], length: usize) {
    let (vocab, eos, compiled) = compile(schema, tokens);
    let some = members.iter().any(|m| spelled(tokens, m));
    assert_eq!(compiled.is_some(), some, "whether there is a member at all");
    let Some(compiled) = compiled else { return };
    let mut seen = BTreeSet::new();
    let mut todo: Vec<Matcher> = vec![compiled.matcher().expect("a matcher")];
    while let Some(mut m) = todo.pop() {
        if m.text().len() > length || seen.len() > 60 || !seen.insert(m.text().to_vec()) {
            continue;
        }
        let mut mask = vec![0; vocab.words()];
        m.fill(&mut mask).expect("a mask");
        let before = m.text().to_vec();
        let mut expected = allowed(tokens, members, &before);
        if members.contains(&before) {
            expected.push(eos);
        }
        assert_eq!(
            vocab::members(&mask),
            expected,
            "after {}",
            before.escape_ascii()
        );
        for token in 0..vocab.size() {
            let mut next = m.fork();
            let taken = next.accept_token(token).expect("a verdict");
            assert_eq!(
                taken,
                expected.contains(&token),
                "{token} after {}",
                before.escape_ascii()
            );
            if taken && token != eos {
                todo.push(next);
            }
        }
    }
}

fn owned(list: &[&str]) -> Vec<Vec<u8>> {
    list.iter().map(|t| t.as_bytes().to_vec()).collect()
}

fn words(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(&b"ab"[..]), 0..most)
}

fn tokens() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let word = words(4).prop_filter("no token is empty", |w| !w.is_empty());
    let with_quotes = (any::<bool>(), words(3), any::<bool>()).prop_map(|(open, w, close)| {
        [
            if open { &b"\""[..] } else { b"" },
            &w,
            if close { b"\"" } else { b"" },
        ]
        .concat()
    });
    let token = prop_oneof![3 => word, 2 => with_quotes].prop_filter("empty", |t| !t.is_empty());
    prop::collection::vec(token, 1..7)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn strings_are_spelled_to_their_end(
        tokens in tokens(),
        list in prop::collection::vec(words(7), 1..5),
    ) {
        let quoted = |w: &Vec<u8>| [&b"\""[..], w, b"\""].concat();
        let members: Vec<Vec<u8>> = list.iter().map(quoted).collect();
        compare(&schema(Val::Strings(Re::Set(list))), &tokens, &members, 99);
    }
}

/// Pieces of the arrays and objects below.
const PIECES: [&str; 14] = [
    "[",
    "]",
    "{",
    "}",
    "\"a\"",
    "\"a",
    "\":",
    "true",
    "tr",
    "ue",
    ",",
    "\"b\":true",
    "e,\"",
    "false",
];

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn arrays_and_objects_are_spelled_to_their_end(
        used in prop::sample::subsequence(PIECES.to_vec(), 3..12),
        seed in any::<u64>(),
        objects in any::<bool>(),
        free in any::<bool>(),
    ) {
        let mut chance = Chance(seed);
        let mut tokens = owned(&used);
        for _ in 0..3 {
            let pieces: Vec<&[u8]> = PIECES.iter().map(|p| p.as_bytes()).collect();
            tokens.push(vocab::joined(&pieces, &mut chance, 3));
        }
        let truth = || Val::Bools(3);
        let (root, members) = if objects {
            let properties = vec![("a".to_string(), truth()), ("b".to_string(), truth())];
            let shape = if_object(properties, Val::Never, vec!["b".to_string()]);
            let mut members = Vec::new();
            for b in ["true", "false"] {
                members.push(format!("{{\"b\":{b}}}"));
                for a in ["true", "false"] {
                    members.push(format!("{{\"a\":{a},\"b\":{b}}}"));
                    if free {
                        members.push(format!("{{\"b\":{b},\"a\":{a}}}"));
                    }
                }
            }
            (Val::All(vec![Val::Types(types::OBJECT), shape]), members)
        } else {
            let item = Val::AnyOf(vec![truth(), Val::Strings(Re::Set(owned(&["a", ""])))]);
            let shape = if_array(vec![], item, 1, Some(2));
            let items = ["true", "false", "\"a\"", "\"\""];
            let mut members = Vec::new();
            for x in items {
                members.push(format!("[{x}]"));
                members.extend(items.iter().map(|y| format!("[{x},{y}]")));
            }
            (Val::All(vec![Val::Types(types::ARRAY), shape]), members)
        };
        let members: Vec<Vec<u8>> = members.into_iter().map(String::into_bytes).collect();
        let schema = Schema { declared: !free, ..schema(root) };
        compare(&schema, &tokens, &members, 99);
    }
}

/// The members of `re` up to a length, over a few characters, as JSON strings.
fn listed(re: &Re, characters: &str, length: usize) -> Vec<Vec<u8>> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..length {
        last = last
            .iter()
            .flat_map(|t| characters.chars().map(move |c| format!("{t}{c}")))
            .collect();
        all.extend(last.iter().cloned());
    }
    let members = all.into_iter().filter(|t| re.matches(t.as_bytes()));
    members.map(|t| format!("\"{t}\"").into_bytes()).collect()
}

#[test]
fn known_traps() {
    // A token that begins a longer one: after `a`, nothing spells the rest.
    let members = owned(&["\"ab\""]);
    let ab = Val::Strings(lit("ab"));
    compare(
        &schema(ab.clone()),
        &owned(&["\"", "a", "ab"]),
        &members,
        99,
    );
    compare(
        &schema(ab.clone()),
        &owned(&["\"a", "\"", "ab\"", "a"]),
        &members,
        99,
    );
    compare(
        &schema(ab),
        &owned(&["\"a", "\"ab", "b", "a\""]),
        &members,
        99,
    );
    // {aa, b} and aaab.
    let members = owned(&["\"aaab\""]);
    compare(
        &schema(Val::Strings(lit("aaab"))),
        &owned(&["\"", "aa", "b"]),
        &members,
        99,
    );
    compare(
        &schema(Val::Strings(lit("aaab"))),
        &owned(&["\"", "aa", "b", "ab"]),
        &members,
        99,
    );
    // No quote at all; only the closing one within a token. Of the members, those are listed that
    // texts of at most six bytes may lead to.
    let any = Val::Strings(rep(class('a', 'a'), 0, None));
    let members = listed(&rep(lit("a"), 0, None), "a", 12);
    compare(&schema(any.clone()), &owned(&["a", "aa"]), &members, 99);
    compare(
        &schema(any),
        &owned(&["\"", "\"a", "aa\"", "aaa"]),
        &members,
        6,
    );
}

/// Numbers end where the text ends, or a comma or bracket follows.
#[test]
fn numbers_are_spelled_to_their_end() {
    let digits = rep(class('0', '1'), 1, Some(4));
    let mut members = Vec::new();
    for text in listed(&digits, "01", 4) {
        members.push([&b"["[..], &text[1..text.len() - 1], b"]"].concat());
    }
    let shape = if_array(vec![], Val::Numbers(digits), 1, Some(1));
    let root = schema(Val::All(vec![Val::Types(types::ARRAY), shape]));
    compare(&root, &owned(&["[", "0", "11", "0]", "1"]), &members, 99);
    compare(&root, &owned(&["[1", "01", "10", "1]"]), &members, 99);
    compare(&root, &owned(&["[1", "01", "10", "[0", "]0"]), &members, 99);
}

/// Characters that are tokens as a whole, not byte by byte.
#[test]
fn characters_without_their_bytes() {
    let re = rep(class('é', 'ê'), 2, Some(3));
    let members = listed(&re, "éê", 3);
    let root = schema(Val::Strings(re));
    compare(&root, &owned(&["\"", "é", "ê", "éé"]), &members, 99);
    let mut tokens = owned(&["\"", "é"]);
    compare(&root, &tokens, &members, 99);
    tokens.push(vec![0xC3]); // its other half is no token
    compare(&root, &tokens, &members, 99);
    tokens.push(vec![0xAA, 0xC3, 0xA9]);
    compare(&root, &tokens, &members, 99);
    tokens.push(vec![0xA9, b'"']);
    compare(&root, &tokens, &members, 99);
}

/// A free text that no token may stand in, but its end.
#[test]
fn missing_characters_leave_the_rest() {
    let string = vec![("a".into(), Val::Types(types::STRING))];
    let shape = if_object(string, Val::Any, vec!["a".into()]);
    let root = schema(Val::All(vec![Val::Types(types::OBJECT), shape]));
    let tokens = owned(&["{", "}", "\"", "a", ":", "b\"", ",", "\\", "n", "\":\""]);
    let (vocab, eos, compiled) = compile(&root, &tokens);
    let mut m = compiled
        .expect("it has members")
        .matcher()
        .expect("a matcher");
    let mut chance = Chance(3);
    for _ in 0..300 {
        let mut mask = vec![0; vocab.words()];
        m.fill(&mut mask).expect("a mask");
        let allowed = vocab::members(&mask);
        assert!(
            !allowed.is_empty(),
            "a dead end after {}",
            m.text().escape_ascii()
        );
        let token = *chance.pick(&allowed);
        assert_eq!(m.accept_token(token), Ok(true));
        if token == eos {
            assert!(root.accepts(m.text()), "{}", m.text().escape_ascii());
            m.reset().expect("a way back");
        }
    }
}

/// Bytes given by hand are not held to what tokens can spell.
#[test]
fn bytes_are_accepted_by_the_language_alone() {
    let root = schema(Val::Strings(lit("aab")));
    let (_, _, compiled) = compile(&root, &owned(&["\"aa", "b\"", "\"a"]));
    let mut m = compiled
        .expect("it has a member")
        .matcher()
        .expect("a matcher");
    assert_eq!(m.accept_token(2), Ok(false), "nothing spells the rest");
    assert_eq!(m.accept_bytes(b"\"a"), Ok(true));
    assert_eq!(m.accept_bytes(b"ab\""), Ok(true));
    assert_eq!(m.is_accepting(), Ok(true));
}
