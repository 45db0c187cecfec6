//! The automaton as far as it is built: states, steps taken, what each state makes of the tokens.
//!
//! *Purpose.* To look at it and to draw it; the engine itself never asks. A state is a configuration;
//! its number holds until the caches are dropped, which starts another generation, so every question
//! comes with the generation it means and gets no answer if that is over.
//!
//! *Invariants.* Nothing here changes a result. States and edges are told from what was built;
//! profiles that are missing are made, as for a mask.
//!
//! *Cost.* Linear in what is asked for; nothing while unused.

use super::places::Place;
use super::step::{Step, UNKNOWN};
use super::{Component, ConfigId, ConfigKey, Engine};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::expr::shown_text;
use crate::grammar::{Ended, Terminal};
use crate::value::{Action, Pred, Source, is_other};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Characters of an expression that are shown.
const SHOWN: usize = 60;
/// Words of a literal set that are shown.
const WORDS: usize = 8;
/// Conditions of one byte of which all outcomes are looked at.
const CONDITIONS: usize = 8;

/// What a terminal reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// A string.
    String,
    /// An object's key.
    Key,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Literal,
    /// A bracket, a comma or a colon, with the white space before it.
    Punctuation,
    /// White space alone.
    Space,
    /// A text of a rule.
    Text,
    /// A whole token.
    Token,
}

/// A terminal that a state may be reading.
#[derive(Clone, Debug)]
pub struct ComponentView {
    /// What kind of terminal it is.
    pub reads: Reads,
    /// What is left of it, for people.
    pub expects: String,
    /// Whether some byte of it was read.
    pub begun: bool,
    /// Whether it stands inside a character or an escape of a string.
    pub within: bool,
    /// The condition it is read under; empty if there is none.
    pub condition: String,
    /// Where in the value it stands.
    pub places: Vec<Place>,
}

/// A state of the automaton.
#[derive(Clone, Debug)]
pub struct StateView {
    /// Its number in this generation.
    pub id: u32,
    /// Whether the text may end here.
    pub accepting: bool,
    /// Whether its mask was put together.
    pub masked: bool,
    /// What may be under way.
    pub components: Vec<ComponentView>,
}

/// What the end of a terminal does to the facts of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing.
    None,
    /// An array or object opens.
    Open,
    /// The innermost one closes.
    Close,
    /// A comma is counted.
    Comma,
    /// A key is noted.
    Key,
}

/// Bytes that lead from one state to another.
#[derive(Clone, Debug)]
pub struct EdgeView {
    /// Where they lead.
    pub target: u32,
    /// The bytes.
    pub bytes: ByteSet,
    /// What they do.
    pub effect: Effect,
    /// When they do; empty if always.
    pub condition: String,
}

/// Tokens by the states they lead to, and how many of them are not known to lead anywhere yet.
pub type TokenEdges = (Vec<(u32, Vec<u32>)>, Vec<u32>);

impl Engine {
    /// Every state, in the order in which they were made.
    pub fn states(&mut self) -> Result<Vec<StateView>> {
        (0..self.configs.len() as ConfigId)
            .map(|id| self.state_view(id))
            .collect()
    }

    /// One state.
    pub fn state_view(&mut self, id: ConfigId) -> Result<StateView> {
        let config = self.get(id);
        let mut components = Vec::with_capacity(config.components.len());
        for c in &config.components {
            components.push(self.component_view(c)?);
        }
        Ok(StateView {
            id,
            accepting: config.accepting,
            masked: self.masks.knows(id),
            components,
        })
    }

    fn component_view(&mut self, c: &Component) -> Result<ComponentView> {
        let term = *self.term(c.terminal);
        let reads = self.reads(c.terminal)?;
        let string = self.arena.in_string(c.expr);
        let mut places = self.places(c.row, c.terminal);
        if matches!(term.action, Action::Close(_)) {
            // It ends the level, whatever item could stand there instead.
            for place in &mut places {
                if let Some(level) = place.stack.last() {
                    place.pointer.clone_from(&level.pointer);
                }
            }
        }
        Ok(ComponentView {
            reads,
            expects: self.expects(c, reads),
            begun: c.expr != term.expr,
            within: string.is_some_and(|s| s.within) && c.expr != term.expr,
            condition: self.condition(term.pred),
            places,
        })
    }

    fn reads(&mut self, terminal: Terminal) -> Result<Reads> {
        let term = *self.term(terminal);
        match term.source {
            Source::Written => return Ok(Reads::Text),
            Source::Tokens(_) => return Ok(Reads::Token),
            Source::Json if self.states.is_blanks(term.expr) => return Ok(Reads::Space),
            Source::Json => {}
        }
        Ok(match term.action {
            Action::Key { .. } => Reads::Key,
            Action::Open(_) | Action::Close(_) | Action::Comma(_) => Reads::Punctuation,
            Action::None => {
                let first = self.arena.first_bytes(term.expr)?;
                let any = |bytes: &[u8]| bytes.iter().any(|&b| first.contains(b));
                if any(b"\"") {
                    Reads::String
                } else if any(b"-0123456789") {
                    Reads::Number
                } else if any(b"tfn") {
                    Reads::Literal
                } else {
                    Reads::Punctuation
                }
            }
        })
    }

    fn expects(&self, c: &Component, reads: Reads) -> String {
        let begun = c.expr != self.term(c.terminal).expr;
        let rest = if begun { "…" } else { "" };
        match reads {
            Reads::Space => "white space".into(),
            Reads::Text => format!("{rest}{}", self.arena.show(c.expr, SHOWN)),
            Reads::Token => "a token".into(),
            Reads::Punctuation => match self.arena.last_byte(c.expr) {
                Some(b) => char::from(b).to_string(),
                None => self.arena.show(c.expr, SHOWN),
            },
            Reads::Number if self.states.is_any_number(c.expr) => "any number".into(),
            Reads::Number => format!("{rest}{}", self.arena.show(c.expr, SHOWN)),
            Reads::Literal => match self.arena.words(c.expr, WORDS) {
                Some((words, _)) => format!("{rest}{}", listed(&words, "", "")),
                None => format!("{rest}{}", self.arena.show(c.expr, SHOWN)),
            },
            Reads::String | Reads::Key => self.expected_text(c, rest),
        }
    }

    fn expected_text(&self, c: &Component, rest: &str) -> String {
        let Some(string) = self.arena.in_string(c.expr) else {
            return self.arena.show(c.expr, SHOWN);
        };
        let mut parts = Vec::new();
        for member in self.arena.members(string.inner) {
            let shown = match self.arena.words(member, WORDS) {
                Some((words, count)) => {
                    let more = count - words.len();
                    let mut text = listed(&words, if rest.is_empty() { "\"" } else { "" }, "\"");
                    if more > 0 {
                        text.push_str(&format!(" | {more} more"));
                    }
                    text
                }
                None if matches!(self.term(c.terminal).action, Action::Key { .. }) => {
                    "any other".into()
                }
                None => match self.arena.show(member, SHOWN) {
                    any if any == ".*" => "any text".into(),
                    some => some,
                },
            };
            parts.push(shown);
        }
        // Names before "any other".
        parts.sort_by_key(|p| p == "any other");
        parts.dedup();
        format!("{rest}{}", parts.join(" | "))
    }

    fn condition(&self, pred: Pred) -> String {
        let names = |set: u32| {
            let keys = self.terms.keys(set).iter();
            let texts: Vec<Vec<u8>> = keys.map(|&k| self.values.key_text(k).to_vec()).collect();
            let more = texts.len().saturating_sub(WORDS);
            let mut text = listed(&texts[..texts.len() - more], "\"", "\"");
            if more > 0 {
                text.push_str(&format!(" | {more} more"));
            }
            text.replace(" | ", ", ")
        };
        match pred {
            Pred::Always => String::new(),
            Pred::Unused(key) => format!("\"{}\" is new", shown_text(&self.values.key_text(key))),
            Pred::AllUsed(set) => format!("has {}", names(set)),
            Pred::SomeUnused(set) => format!("lacks one of {}", names(set)),
            Pred::AtLeast(n) => format!("{n} items or more"),
            Pred::FewerThan(n) => format!("fewer than {n} items"),
            Pred::Within(least, most) => format!("{least} to {most} items"),
            Pred::Repeated(n) => format!("{n} items or more, two of them equal"),
            Pred::Complete(_) => "the keys are complete".into(),
            Pred::Lacks(_) => "further keys are allowed".into(),
            Pred::Use(_, key) => format!(
                "\"{}\" is new and allowed",
                shown_text(&self.values.key_text(key))
            ),
            Pred::UseOther(_) => "a further key is allowed".into(),
        }
    }

    /// The steps that were taken from a state, by target.
    pub fn edges(&self, from: ConfigId) -> Result<Vec<EdgeView>> {
        self.check(from)?;
        let mut found: BTreeMap<(ConfigId, Effect, String), ByteSet> = BTreeMap::new();
        for b in 0..=255u8 {
            for (target, effect, condition) in self.targets(from, b) {
                let bytes = found.entry((target, effect, condition)).or_default();
                bytes.insert(b);
            }
        }
        let edges = found.into_iter();
        Ok(edges
            .map(|((target, effect, condition), bytes)| EdgeView {
                target,
                bytes,
                effect,
                condition,
            })
            .collect())
    }

    /// Where a byte is known to lead, under every outcome of the conditions that it asks.
    fn targets(&self, from: ConfigId, b: u8) -> Vec<(ConfigId, Effect, String)> {
        let (active, ended) = match self.known_step(from, b) {
            None | Some(Step::Dead) => return Vec::new(),
            Some(Step::To(to)) => return vec![(*to, Effect::None, String::new())],
            Some(Step::Ends { active, ended, .. }) => (active, ended),
        };
        let conditions: Vec<(Pred, bool)> = self.conditions(ended);
        if conditions.len() > CONDITIONS {
            return Vec::new();
        }
        let mut found = Vec::new();
        for outcome in 0..1u32 << conditions.len() {
            let held = |wanted: &(Pred, bool)| {
                let at = conditions.iter().position(|c| c == wanted);
                at.is_none_or(|i| outcome >> i & 1 == 1)
            };
            let passing: Vec<Ended> = ended
                .iter()
                .copied()
                .filter(|end| self.asked(end).iter().all(held))
                .collect();
            let boundary = if passing.is_empty() {
                None
            } else {
                match self.rows.known_next(&passing) {
                    Some(row) => row,
                    None => continue,
                }
            };
            let mut active = active.to_vec();
            active.sort_unstable();
            active.dedup();
            let key = ConfigKey {
                boundary,
                active: active.into(),
            };
            let Some(&to) = self.config_index.get(&key) else {
                continue;
            };
            let effect = match passing.first().map(|end| self.term(end.1).action) {
                None | Some(Action::None) => Effect::None,
                Some(Action::Open(_)) => Effect::Open,
                Some(Action::Close(_)) => Effect::Close,
                Some(Action::Comma(_)) => Effect::Comma,
                Some(Action::Key { .. }) => Effect::Key,
            };
            let texts: Vec<String> = conditions
                .iter()
                .map(|c| {
                    let text = match c {
                        (_, true) => "the key is new".into(),
                        (pred, false) => self.condition(*pred),
                    };
                    if held(c) {
                        text
                    } else {
                        format!("not: {text}")
                    }
                })
                .collect();
            found.push((to, effect, texts.join("; ")));
        }
        found
    }

    fn known_step(&self, from: ConfigId, b: u8) -> Option<&Step> {
        let classes = self.classes[from as usize];
        if classes == UNKNOWN {
            return None;
        }
        self.steps.get(&(from, self.arena.class_in(classes, b)))
    }

    /// The conditions that an end asks; `true` stands for "the key that ends here is new".
    pub(super) fn asked(&self, end: &Ended) -> Vec<(Pred, bool)> {
        let term = self.term(end.1);
        let mut asked = Vec::new();
        if term.pred != Pred::Always {
            asked.push((term.pred, false));
        }
        if is_other(end.2) && matches!(term.action, Action::Key { .. }) {
            asked.push((Pred::Always, true));
        }
        asked
    }

    /// All conditions that these ends ask.
    pub(super) fn conditions(&self, ended: &[Ended]) -> Vec<(Pred, bool)> {
        let mut conditions = Vec::new();
        for end in ended {
            for asked in self.asked(end) {
                if !conditions.contains(&asked) {
                    conditions.push(asked);
                }
            }
        }
        conditions
    }

    /// The bytes that some component reads next, whatever the registers say.
    fn next_bytes(&mut self, at: ConfigId) -> Result<ByteSet> {
        let mut next = ByteSet::EMPTY;
        for c in self.get(at).components.iter() {
            next = next.union(&self.arena.first_bytes(c.expr)?);
        }
        Ok(next)
    }

    /// Tokens by the states that they are known to lead to (under some outcome of the conditions),
    /// and the tokens that leave what is built.
    pub fn token_edges(&mut self, from: ConfigId) -> Result<TokenEdges> {
        self.check(from)?;
        let vocab = self.vocab.clone();
        let mut found: BTreeMap<ConfigId, Vec<u32>> = BTreeMap::new();
        let mut unknown = Vec::new();
        let mut memo: FxHashMap<(ConfigId, u8), Vec<ConfigId>> = FxHashMap::default();
        let mut stack: Vec<Vec<ConfigId>> = vec![vec![from]; vocab.max_depth() + 1];
        for slice in &vocab.slices {
            let end = vocab.end[slice.root as usize];
            let mut node = slice.root + 1;
            while node < end {
                let i = node as usize;
                let (depth, b) = (usize::from(vocab.depth[i]), vocab.byte[i]);
                let mut next = Vec::new();
                let mut leaves = false;
                for at in stack[depth - 1].clone() {
                    let targets = memo.entry((at, b)).or_insert_with(|| {
                        let targets = self.targets(at, b).into_iter();
                        targets.map(|target| target.0).collect()
                    });
                    next.extend_from_slice(targets);
                    leaves |= targets.is_empty() && self.next_bytes(at)?.contains(b);
                }
                next.sort_unstable();
                next.dedup();
                if leaves {
                    unknown.extend_from_slice(vocab.tokens_below(node));
                }
                if leaves || next.is_empty() {
                    node = vocab.end[i];
                    continue;
                }
                for &at in &next {
                    let tokens = found.entry(at).or_default();
                    tokens.extend_from_slice(vocab.tokens_at(node));
                }
                stack[depth] = next;
                node += 1;
            }
        }
        found.retain(|_, tokens| !tokens.is_empty());
        Ok((found.into_iter().collect(), unknown))
    }

    /// Refuses a number that no state has.
    pub(super) fn check(&self, state: ConfigId) -> Result<()> {
        if (state as usize) < self.configs.len() {
            return Ok(());
        }
        Err(Error::Invalid(format!(
            "state {state} of an automaton of {} states",
            self.configs.len()
        )))
    }
}

/// Words, with `open` before and `close` after each.
fn listed(words: &[Vec<u8>], open: &str, close: &str) -> String {
    let texts: Vec<String> = words
        .iter()
        .map(|w| format!("{open}{}{close}", shown_text(w)))
        .collect();
    texts.join(" | ")
}
