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
mod terms;
mod tokens;
mod walk;

use common::chance::Chance;
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
