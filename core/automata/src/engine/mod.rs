//! Configurations: where all readings of a text stand after a byte, and the step to the next one.
//!
//! *Purpose.* A [`Config`] is the interned set of what may be under way: the row reached at this
//! byte, if some terminal ends here, and every (row, terminal, expression) in progress. The row's
//! own terminals are *fresh* components, at their first byte. Stepping is memoised by
//! (configuration, byte).
//!
//! *Invariants.* Every component is live. Registers are not part of a configuration: a component
//! whose predicate does not hold stays in it and is passed over each time it is used; predicates
//! cannot change while their terminal is in progress. Every terminal that ends at a byte and passes
//! goes into one call of `Rows::next`, so that there is one row per byte position. Effects on the
//! registers are the same for all terminals that end at a byte.
//!
//! *Generations.* Everything here is a cache over the schema. When it outgrows its bound, all of it
//! is dropped at once and `generation` counts up; matchers then replay their text. Rejected:
//! evicting single rows (they refer to each other) and reference counts (a count per step).

mod compare;
mod distinct;
mod mask;
mod matcher;
mod places;
mod precompute;
mod registers;
mod script;
mod spelling;
mod step;
mod token_view;
mod tokens;
mod view;

pub use matcher::{Compiled, Limits, Matcher};
pub use places::{Open, Place};
pub use precompute::{LEVELS, OUTCOMES, Precompute, Progress, Report, STATES};
pub use token_view::{CutView, ProfileView, StateProfile};
pub use view::{ComponentView, EdgeView, Effect, Reads, StateView, TokenEdges};

use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::expr::{Arena, Escape, ExprId, decode_prefix};
use crate::grammar::{Ended, Limits as RowLimits, RowId, Rows, RowsError, Terminal};
use crate::value::{Key, Pred, RuleKey, Source, States, Term, Terms, Values, View};
use crate::vocab::Vocabulary;
use mask::Masks;
use registers::Registers;
use rustc_hash::FxHashMap;
use spelling::Spelling;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use step::Step;

/// An index of a configuration within its generation.
pub(crate) type ConfigId = u32;

/// A terminal in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Component {
    pub row: RowId,
    pub terminal: Terminal,
    pub expr: ExprId,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ConfigKey {
    boundary: Option<RowId>,
    active: Box<[Component]>,
}

pub(crate) struct Config {
    /// Those in progress, and the fresh ones of the boundary row.
    pub components: Box<[Component]>,
    /// Whether every component has a predicate, or may come to where only used keys are left.
    conditional: bool,
    /// Whether some component reads keys of which it may come to the end.
    bounded: bool,
    /// Whether the text may end here.
    pub accepting: bool,
    /// Whether some component wants a whole token.
    pub tokens: bool,
    /// No component reads another byte, whatever the registers say.
    pub begins: ByteSet,
}

/// What was looked for in the caches and not found, over all generations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Misses {
    /// States of the automaton.
    pub states: u64,
    /// Steps by a class of bytes.
    pub steps: u64,
    /// Rows of the parser.
    pub rows: u64,
    /// Plans of masks.
    pub plans: u64,
    /// Walks over the tails of a cut.
    pub survivors: u64,
    /// Profiles of the vocabulary, and differences from one.
    pub profiles: u64,
    /// Searches for tokens that spell the rest of a text.
    pub searches: u64,
}

/// A compiled schema and all caches of one generation.
pub(crate) struct Engine {
    pub vocab: Arc<Vocabulary>,
    pub arena: Arena,
    pub values: Values,
    pub terms: Terms,
    states: States,
    rows: Rows,
    root: RuleKey,
    /// Expressions of the schema itself, which outlive a generation.
    exprs: usize,
    budget: usize,
    configs: Vec<Arc<Config>>,
    config_index: FxHashMap<ConfigKey, ConfigId>,
    config_bytes: usize,
    /// Which partition of the bytes each configuration's steps are known by.
    classes: Vec<u32>,
    /// By configuration and class of the byte.
    steps: FxHashMap<(ConfigId, u8), Step>,
    pub masks: Masks,
    spelling: Spelling,
    misses: Misses,
    /// Rows made in older generations.
    rows_dropped: u64,
    spelling_matters: bool,
    /// Whether JSON values stand among rules of the grammar's own.
    mixes: bool,
    pub generation: u64,
    limit: usize,
}

impl Engine {
    pub fn new(
        vocab: Arc<Vocabulary>,
        arena: Arena,
        mut values: Values,
        states: States,
        root: RuleKey,
        limit: usize,
    ) -> Self {
        let spelling_matters =
            !spelling::spells_everything(&vocab, matches!(root, RuleKey::Root(_)));
        values.settle();
        Engine {
            vocab,
            exprs: arena.len(),
            budget: arena.len(),
            arena,
            values,
            terms: Terms::default(),
            states,
            rows: Rows::new(RowLimits::default()),
            root,
            configs: Vec::new(),
            config_index: FxHashMap::default(),
            config_bytes: 0,
            classes: Vec::new(),
            steps: FxHashMap::default(),
            masks: Masks::default(),
            spelling: Spelling::default(),
            misses: Misses::default(),
            rows_dropped: 0,
            spelling_matters,
            mixes: matches!(root, RuleKey::Written(_)),
            generation: number(),
            limit,
        }
    }

    /// Lets each operation make so many expressions before it is refused.
    pub fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
    }

    /// Renews the budget; called at the start of each operation.
    pub fn begin(&mut self) {
        self.spelling.looked_at = 0;
        self.arena
            .set_budget(self.arena.len().saturating_add(self.budget));
    }

    /// Approximate memory of all caches, in bytes.
    pub fn memory(&self) -> usize {
        self.arena.memory()
            + self.values.memory()
            + self.terms.memory()
            + self.states.memory()
            + self.rows.bytes()
            + self.config_bytes
            + self.steps.len() * 96
            + self.masks.memory()
            + self.spelling.memory()
    }

    /// Drops every cache if they are over their bound. Configurations change their numbers then.
    pub fn trim(&mut self) {
        if self.memory() > self.limit {
            self.drop_caches();
        }
    }

    /// Drops every cache.
    pub fn drop_caches(&mut self) {
        self.rows_dropped += self.rows.made();
        self.rows = Rows::new(RowLimits::default());
        self.configs = Vec::new();
        self.config_index = FxHashMap::default();
        self.config_bytes = 0;
        self.classes = Vec::new();
        self.steps = FxHashMap::default();
        self.masks = Masks::default();
        self.spelling = Spelling::default();
        self.terms = Terms::default();
        self.states.clear();
        self.values.forget();
        self.arena.truncate(self.exprs);
        self.generation = number();
    }

    /// What was not found so far.
    pub fn misses(&self) -> Misses {
        Misses {
            rows: self.rows_dropped + self.rows.made(),
            ..self.misses
        }
    }

    /// Accepts that the caches of a live matcher need more than the bound.
    pub fn raise_limit(&mut self) {
        self.limit = self.limit.max(self.memory().saturating_mul(2));
    }

    /// The configuration before the text.
    pub fn start(&mut self) -> Result<ConfigId> {
        self.start_of(self.root)
    }

    /// The configuration before a text of a rule.
    pub(super) fn start_of(&mut self, rule: RuleKey) -> Result<ConfigId> {
        let root = self.states.id(rule);
        let mut view = View {
            arena: &mut self.arena,
            values: &mut self.values,
            terms: &mut self.terms,
            states: &mut self.states,
        };
        let row = self.rows.start(&mut view, root).map_err(rows_error)?;
        self.config(Some(row), Vec::new())
    }

    /// The row after these terminals have ended.
    pub fn row_after(&mut self, ended: &[Ended]) -> Result<Option<RowId>> {
        let mut view = View {
            arena: &mut self.arena,
            values: &mut self.values,
            terms: &mut self.terms,
            states: &mut self.states,
        };
        self.rows.next(&mut view, ended).map_err(rows_error)
    }

    /// Interns a configuration.
    pub fn config(
        &mut self,
        boundary: Option<RowId>,
        mut active: Vec<Component>,
    ) -> Result<ConfigId> {
        active.sort_unstable();
        active.dedup();
        let key = ConfigKey {
            boundary,
            active: active.into(),
        };
        if let Some(&id) = self.config_index.get(&key) {
            return Ok(id);
        }
        let mut components = key.active.to_vec();
        let mut accepting = false;
        if let Some(row) = boundary {
            accepting = self.rows.accepts(row);
            for &terminal in self.rows.terminals(row) {
                components.push(Component {
                    row,
                    terminal,
                    expr: self.terms.get(terminal).expr,
                });
            }
        }
        let conditional = components.iter().all(|c| {
            let term = self.terms.get(c.terminal);
            term.pred != Pred::Always || (term.action.is_bounded() && c.expr != term.expr)
        });
        let bounded = components
            .iter()
            .any(|c| self.terms.get(c.terminal).action.is_bounded());
        let wants = |c: &Component| matches!(self.terms.get(c.terminal).source, Source::Tokens(_));
        let tokens = components.iter().any(wants);
        let begins = components.iter().fold(ByteSet::EMPTY, |all, c| {
            all.union(self.arena.begins(c.expr))
        });
        let id = u32::try_from(self.configs.len())
            .map_err(|_| Error::Budget("2^32 configurations".into()))?;
        self.misses.states += 1;
        self.classes.push(step::UNKNOWN);
        self.config_bytes += 156 + (components.len() + key.active.len()) * 12;
        self.configs.push(Arc::new(Config {
            components: components.into(),
            conditional,
            bounded,
            accepting,
            tokens,
            begins,
        }));
        self.config_index.insert(key, id);
        Ok(id)
    }

    pub fn get(&self, config: ConfigId) -> Arc<Config> {
        self.configs[config as usize].clone()
    }

    /// What would make the key in progress one that was used: the rests of the used keys that it
    /// begins. `None`: it stands inside an escape, where only trying tells.
    pub fn repeats(&self, registers: &Registers, fresh: bool) -> Option<Vec<Vec<u8>>> {
        let used: Vec<Key> = registers.keys().collect();
        if used.is_empty() {
            return Some(Vec::new());
        }
        let mut start = Vec::new();
        if !fresh {
            let (decoded, escape) = decode_prefix(open_string(&registers.text)?)?;
            if escape != Escape::START {
                return None;
            }
            start = decoded;
        }
        Some(self.rests(&used, &start))
    }

    /// What is left of keys that begin so.
    fn rests(&self, keys: &[Key], start: &[u8]) -> Vec<Vec<u8>> {
        let rest = |&key: &Key| {
            let text = self.values.key_text(key);
            text.strip_prefix(start).map(<[u8]>::to_vec)
        };
        keys.iter().filter_map(rest).collect()
    }

    /// Whether the registers allow the terminal.
    pub fn enabled(&self, terminal: Terminal, registers: &Registers) -> bool {
        registers.allows(self.terms.get(terminal).pred, &self.terms)
    }

    pub fn term(&self, terminal: Terminal) -> &Term {
        self.terms.get(terminal)
    }
}

/// A generation's number, which no other one of the process has: a state of one grammar means
/// nothing in another.
fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The bytes after the last quote that opens a string, in a text that stops inside one.
fn open_string(text: &[u8]) -> Option<&[u8]> {
    let mut at = text.len();
    while let Some(quote) = text[..at].iter().rposition(|&b| b == b'"') {
        let slashes = text[..quote]
            .iter()
            .rev()
            .take_while(|&&b| b == b'\\')
            .count();
        if slashes % 2 == 0 {
            return Some(&text[quote + 1..]);
        }
        at = quote;
    }
    None
}

fn rows_error(error: RowsError<Error>) -> Error {
    match error {
        RowsError::Rules(error) => error,
        other => Error::Budget(other.to_string()),
    }
}
