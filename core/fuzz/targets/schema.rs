//! Schemas: `core/automata/tests/fuzz/schema.rs` says what must hold.
#![no_main]
#![allow(dead_code, reason = "each target uses a part of what they share")]

#[path = "../../automata/tests/common/mod.rs"]
mod common;
#[path = "../../automata/tests/fuzz/input.rs"]
mod input;
#[path = "../../automata/tests/fuzz/schema.rs"]
mod schema;
#[path = "../../automata/tests/fuzz/tally.rs"]
mod tally;
#[path = "../../automata/tests/fuzz/terms.rs"]
mod terms;
#[path = "../../automata/tests/fuzz/tokens.rs"]
mod tokens;
#[path = "../../automata/tests/fuzz/walk.rs"]
mod walk;

libfuzzer_sys::fuzz_target!(|data: &[u8]| schema::run(data));
