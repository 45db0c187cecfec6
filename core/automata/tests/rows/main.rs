//! Tests of the interned Earley rows: named grammars with the numbers they must keep (`flatness`), small
//! languages with known texts (`languages`), rules made on demand (`demand`), tables (`tables`), and laws
//! over random rules against a recogniser that shares no code with the library (`laws`, `oracle`).
//! `machine` drives rows by bytes, without a lexer.

mod demand;
mod flatness;
mod grammars;
mod languages;
mod laws;
mod machine;
mod oracle;
mod tables;
