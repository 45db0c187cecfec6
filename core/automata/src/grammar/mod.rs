//! Context-free rules and the interned Earley rows that follow a text through them.
//!
//! **Purpose.** Given rules whose automata may grow on demand, answer per byte: which terminals may come
//! next, and is the text so far in the language. Every answer is a *row*, interned, so that after the
//! first visit a step is one look-up: a pushdown automaton made deterministic as far as texts need it,
//! with recursion and ambiguity for free.
//!
//! **Parts**, each reading only those above it:
//!
//! | file | holds |
//! |---|---|
//! | `rules` | what a rule is: [`Rules`], [`StateInfo`], [`Edge`], [`Symbol`] |
//! | `tables` | rules written out in full: [`StaticRules`] |
//! | `slices` | interned slices in one arena |
//! | `components` | strongly connected components |
//! | `origins` | interned stacks: who asked for a rule, canonical up to bisimulation |
//! | `closure` | prediction and completion at one byte |
//! | `askers` | the calls made at one byte, turned into origins |
//! | `rows` | [`Rows`]: the memoised steps |
//!
//! It knows nothing of bytes, expressions, tokens or masks: when a terminal ends is the caller's business.

mod askers;
mod closure;
mod components;
mod origins;
mod rows;
mod rules;
mod slices;
mod tables;

pub use origins::OriginId;
pub use rows::{Ended, Limits, RowId, Rows, RowsError};
pub use rules::{Edge, Label, RuleState, Rules, StateInfo, Symbol, Terminal};
pub use tables::{StaticRules, UnknownState};
