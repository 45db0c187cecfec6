//! What the tests of the kernel judge it by. Nothing here calls the code under test, except the
//! `build` functions, which hand a test's own term over through the public interface.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod chance;
pub mod crowded;
pub mod invent;
pub mod json;
pub mod lead;
pub mod meaning;
pub mod multiples;
pub mod re;
pub mod reduce;
pub mod schema;
pub mod vocab;

use proptest::test_runner::{Config, RngSeed};

/// So many cases, the same ones in every run; with `GRAMMARLIB_TEST_FACTOR=n`, n times as many, and
/// others each time.
pub fn cases(cases: u32) -> Config {
    let factor = std::env::var("GRAMMARLIB_TEST_FACTOR").ok();
    let factor: Option<u32> = factor.and_then(|n| n.parse().ok());
    Config {
        cases: cases * factor.unwrap_or(1),
        failure_persistence: None,
        rng_seed: match factor {
            Some(_) => RngSeed::Random,
            None => RngSeed::Fixed(0x6772_616d),
        },
        max_shrink_iters: 2_000,
        ..Config::default()
    }
}
