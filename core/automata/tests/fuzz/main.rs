//! The fuzz targets (`core/fuzz`) on what is kept of their inputs, and on a few thousand random
//! ones that are the same in every run: what a fuzzer once found stays found, and no nightly
//! compiler is needed for it.

#[path = "../common/mod.rs"]
mod common;
mod input;
mod program;
mod regex;
mod schema;
mod streams;
mod tally;
mod terms;
mod tokens;
mod walk;

use common::chance::Chance;
use common::re::{Re, class, rep};
use common::schema::{Schema, Val, if_object};
use std::path::Path;

type Target = fn(&[u8]);

/// Runs the inputs kept for a target, then `cases` random ones of at most 300 bytes.
fn replay(name: &str, target: Target, cases: u64) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/seeds")
        .join(name);
    let mut paths: Vec<_> = std::fs::read_dir(&kept)
        .unwrap_or_else(|error| panic!("{}: {error}", kept.display()))
        .map(|entry| entry.expect("a directory that can be read").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", kept.display());
    for path in paths {
        eprintln!("{}", path.display()); // shown if it fails
        target(&std::fs::read(&path).expect("a file that can be read"));
    }
    let factor = std::env::var("GRAMMARLIB_TEST_FACTOR").ok();
    let factor = factor.and_then(|n| n.parse().ok()).unwrap_or(1);
    for seed in 0..cases * factor {
        let mut chance = Chance(seed);
        let length = 1 + chance.below(300);
        let data: Vec<u8> = (0..length).map(|_| chance.next() as u8).collect();
        eprintln!("seed {seed}");
        target(&data);
    }
    let (given, left) = tally::counts();
    assert!(left * 100 <= given, "{left} texts unjudged, {given} judged");
}

/// Each round of a count within a count looked at every position of the text from every other.
#[test]
fn the_judge_of_languages_gives_up_in_time() {
    let word = rep(class('a', 'b'), 1, None);
    let words = |n| rep(rep(word.clone(), n, None), 3, None);
    let text = [b'a'; 3_000];
    assert_eq!(words(13).judge(&text[..40]), Some(true));
    assert_eq!(words(14).judge(&text[..40]), Some(false));
    assert_eq!(words(1_000).judge(&text), None);
}

/// Each level said everything of the next one twice, and so chose 2^n times for its n alternatives.
#[test]
fn the_judge_of_values_takes_what_is_said_twice_for_once() {
    let object = |key: &str, value| if_object(vec![(key.into(), value)], Val::Any, vec![]);
    let choice = Val::AnyOf(vec![object("b", Val::Any), object("a", Val::Any)]);
    let again = Val::All(vec![object("a", Val::Ref(0)), object("a", Val::Ref(0))]);
    let schema = Schema {
        root: Val::Ref(0),
        defs: vec![Val::All(vec![choice, again])],
        blank: Re::Blank,
        declared: true,
    };
    let text = |inner: &str| format!("{}{inner}{}", "{\"a\":".repeat(20), "}".repeat(20));
    for (inner, member) in [
        ("{\"a\":1,\"b\":1}", true),
        ("{\"b\":1,\"a\":1}", true),
        ("{\"c\":1,\"a\":1}", false),
    ] {
        assert_eq!(
            schema.judge(text(inner).as_bytes()),
            Some(member),
            "{inner}"
        );
    }
}

/// A value of which nothing is said was not looked into.
#[test]
fn the_judge_of_values_refuses_keys_that_come_twice_wherever_they_do() {
    let schema = Schema {
        root: Val::Any,
        defs: vec![],
        blank: Re::Blank,
        declared: false,
    };
    assert_eq!(schema.judge(b"[{\"a\":{\"b\":1}}]"), Some(true));
    assert_eq!(schema.judge(b"[{\"a\":{\"b\":1,\"b\":1}}]"), Some(false));
}

#[test]
fn schemas() {
    replay("schema", schema::run, 600);
}

#[test]
fn regexes() {
    replay("regex", regex::run, 800);
}

#[test]
fn token_streams() {
    replay("streams", streams::run, 80);
}
