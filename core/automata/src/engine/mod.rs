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

mod mask;
mod matcher;
mod registers;
mod spelling;

pub use matcher::{Compiled, Limits, Matcher};

use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, Escape, ExprId, decode_prefix};
use crate::grammar::{Ended, Limits as RowLimits, RowId, Rows, RowsError, Terminal};
use crate::value::{Action, GENERIC, Key, Pred, RuleKey, State, States, Term, Terms, Values, View};
use crate::vocab::Vocabulary;
use mask::Masks;
use registers::{Condition, Overlay, Registers, Verdict};
use rustc_hash::FxHashMap;
use spelling::Spelling;
use std::sync::Arc;

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
    /// Whether every component has a predicate.
    conditional: bool,
    /// Whether the text may end here.
    pub accepting: bool,
}

/// What a byte does to a configuration.
enum Step {
    Dead,
    /// Nothing of it depends on the registers or changes them.
    To(ConfigId),
    /// Terminals end that do.
    Ends {
        active: Arc<[Component]>,
        ended: Arc<[Ended]>,
        /// The configuration if all of them pass.
        all: Option<ConfigId>,
    },
}

/// Where a walk comes to.
pub(crate) enum Outcome {
    Dead,
    To(ConfigId),
    /// It depends on a key whose text the walk does not know.
    Unknown,
}

/// A compiled schema and all caches of one generation.
pub(crate) struct Engine {
    pub vocab: Arc<Vocabulary>,
    pub arena: Arena,
    pub values: Values,
    pub terms: Terms,
    states: States,
    rows: Rows,
    root: State,
    /// Expressions and keys of the schema itself, which outlive a generation.
    exprs: usize,
    keys: usize,
    budget: usize,
    configs: Vec<Arc<Config>>,
    config_index: FxHashMap<ConfigKey, ConfigId>,
    config_bytes: usize,
    steps: FxHashMap<(ConfigId, u8), Step>,
    pub masks: Masks,
    spelling: Spelling,
    spelling_matters: bool,
    pub generation: u64,
    limit: usize,
}

impl Engine {
    pub fn new(
        vocab: Arc<Vocabulary>,
        arena: Arena,
        values: Values,
        states: States,
        root: State,
        limit: usize,
    ) -> Self {
        let spelling_matters = !spelling::spells_everything(&vocab);
        Engine {
            vocab,
            exprs: arena.len(),
            keys: values.keys(),
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
            steps: FxHashMap::default(),
            masks: Masks::default(),
            spelling: Spelling::default(),
            spelling_matters,
            generation: 0,
            limit,
        }
    }

    /// Lets each operation make so many expressions before it is refused.
    pub fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
    }

    /// Renews the budget; called at the start of each operation.
    pub fn begin(&mut self) {
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
        self.rows = Rows::new(RowLimits::default());
        self.configs = Vec::new();
        self.config_index = FxHashMap::default();
        self.config_bytes = 0;
        self.steps = FxHashMap::default();
        self.masks = Masks::default();
        self.spelling = Spelling::default();
        self.terms = Terms::default();
        self.states.clear();
        self.values.forget(self.keys);
        self.arena.truncate(self.exprs);
        self.generation += 1;
    }

    /// Accepts that the caches of a live matcher need more than the bound.
    pub fn raise_limit(&mut self) {
        self.limit = self.limit.max(self.memory().saturating_mul(2));
    }

    /// The configuration before the text.
    pub fn start(&mut self) -> Result<ConfigId> {
        let root = self.states.id(RuleKey::Root(self.root));
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
        let conditional = components
            .iter()
            .all(|c| self.terms.get(c.terminal).pred != Pred::Always);
        let id = u32::try_from(self.configs.len())
            .map_err(|_| Error::Budget("2^32 configurations".into()))?;
        self.config_bytes += 120 + (components.len() + key.active.len()) * 12;
        self.configs.push(Arc::new(Config {
            components: components.into(),
            conditional,
            accepting,
        }));
        self.config_index.insert(key, id);
        Ok(id)
    }

    pub fn get(&self, config: ConfigId) -> Arc<Config> {
        self.configs[config as usize].clone()
    }

    fn prepare(&mut self, config: ConfigId, b: u8) -> Result<()> {
        if self.steps.contains_key(&(config, b)) {
            return Ok(());
        }
        let from = self.get(config);
        let mut active = Vec::new();
        let mut ended: Vec<Ended> = Vec::new();
        let mut simple = true;
        for c in from.components.iter() {
            let expr = self.arena.next(c.expr, b)?;
            if expr == EMPTY {
                continue;
            }
            if self.arena.nullable(expr) {
                let term = *self.terms.get(c.terminal);
                simple &= term.pred == Pred::Always && term.action == Action::None;
                for &label in self.arena.ends(expr).iter() {
                    ended.push((c.row, c.terminal, label));
                }
            }
            if self.arena.continues(expr)? {
                active.push(Component { expr, ..*c });
            }
        }
        let step = if active.is_empty() && ended.is_empty() {
            Step::Dead
        } else if simple {
            let boundary = if ended.is_empty() {
                None
            } else {
                self.row_after(&ended)?
            };
            Step::To(self.config(boundary, active)?)
        } else {
            Step::Ends {
                active: active.into(),
                ended: ended.into(),
                all: None,
            }
        };
        self.steps.insert((config, b), step);
        Ok(())
    }

    /// Reads a byte. The registers change even if the byte is refused; the caller undoes.
    pub fn advance(
        &mut self,
        config: ConfigId,
        b: u8,
        registers: &mut Registers,
    ) -> Result<Option<ConfigId>> {
        registers.text.push(b);
        self.prepare(config, b)?;
        let to = match self.steps.get(&(config, b)) {
            None | Some(Step::Dead) => return Ok(None),
            Some(Step::To(to)) => *to,
            Some(Step::Ends { active, ended, all }) => {
                let (active, ended, all) = (active.clone(), ended.clone(), *all);
                let mut key = None;
                let mut passing: Vec<Ended> = Vec::with_capacity(ended.len());
                for &end in ended.iter() {
                    let term = *self.terms.get(end.1);
                    if !registers.holds(term.pred, &self.terms) {
                        continue;
                    }
                    if matches!(term.action, Action::Key(_)) {
                        let id = match key {
                            Some(id) => id,
                            None => self.closed_key(&registers.text)?,
                        };
                        key = Some(id);
                        if end.2 == GENERIC && registers.is_used(id) {
                            continue;
                        }
                    }
                    passing.push(end);
                }
                if let Some(term) = passing.first().map(|end| *self.terms.get(end.1)) {
                    act(registers, term.action, key);
                }
                let complete = passing.len() == ended.len();
                match all {
                    Some(to) if complete => to,
                    _ => match self.join(config, b, active, &passing, complete)? {
                        Some(to) => to,
                        None => return Ok(None),
                    },
                }
            }
        };
        let reached = &self.configs[to as usize];
        if !reached.conditional || reached.accepting {
            return Ok(Some(to));
        }
        let open = reached
            .components
            .iter()
            .any(|c| registers.holds(self.terms.get(c.terminal).pred, &self.terms));
        Ok(open.then_some(to))
    }

    /// Reads bytes; the caller undoes.
    pub fn read(
        &mut self,
        config: ConfigId,
        bytes: &[u8],
        registers: &mut Registers,
    ) -> Result<Option<ConfigId>> {
        let mut at = config;
        for &b in bytes {
            match self.advance(at, b, registers)? {
                Some(to) => at = to,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    /// The configuration after the passing ends, remembered where all passed.
    fn join(
        &mut self,
        config: ConfigId,
        b: u8,
        active: Arc<[Component]>,
        passing: &[Ended],
        complete: bool,
    ) -> Result<Option<ConfigId>> {
        let boundary = if passing.is_empty() {
            None
        } else {
            self.row_after(passing)?
        };
        if boundary.is_none() && active.is_empty() {
            return Ok(None);
        }
        let to = self.config(boundary, active.to_vec())?;
        if complete {
            if let Some(Step::Ends { all, .. }) = self.steps.get_mut(&(config, b)) {
                *all = Some(to);
            }
        }
        Ok(Some(to))
    }

    /// Reads a byte of a tail, on registers that are only imagined.
    pub fn advance_walk(&mut self, config: ConfigId, b: u8, walk: &mut Walk) -> Result<Outcome> {
        walk.path.push(b);
        self.prepare(config, b)?;
        let to = match self.steps.get(&(config, b)) {
            None | Some(Step::Dead) => return Ok(Outcome::Dead),
            Some(Step::To(to)) => *to,
            Some(Step::Ends { active, ended, all }) => {
                let (active, ended, all) = (active.clone(), ended.clone(), *all);
                let mut key = None;
                let mut passing: Vec<Ended> = Vec::with_capacity(ended.len());
                for &end in ended.iter() {
                    let term = *self.terms.get(end.1);
                    match walk.holds(term.pred, &self.terms) {
                        Verdict::Unknown => return Ok(Outcome::Unknown),
                        Verdict::No => continue,
                        Verdict::Yes => {}
                    }
                    if matches!(term.action, Action::Key(_)) {
                        let id = match key {
                            Some(id) => id,
                            None => self.closed_key(&walk.path)?,
                        };
                        key = Some(id);
                        if end.2 == GENERIC {
                            match walk.holds(Pred::Unused(id), &self.terms) {
                                Verdict::Unknown => return Ok(Outcome::Unknown),
                                Verdict::No => continue,
                                Verdict::Yes => {}
                            }
                        }
                    }
                    passing.push(end);
                }
                if let Some(term) = passing.first().map(|end| *self.terms.get(end.1)) {
                    walk.act(term.action, key);
                }
                let complete = passing.len() == ended.len();
                match all {
                    Some(to) if complete => to,
                    _ => match self.join(config, b, active, &passing, complete)? {
                        Some(to) => to,
                        None => return Ok(Outcome::Dead),
                    },
                }
            }
        };
        self.viable(to, walk)
    }

    /// Whether a walk may stand here.
    pub fn viable(&mut self, config: ConfigId, walk: &mut Walk) -> Result<Outcome> {
        let reached = self.get(config);
        if !reached.conditional || reached.accepting {
            return Ok(Outcome::To(config));
        }
        let mut unknown = false;
        for c in reached.components.iter() {
            match walk.holds(self.terms.get(c.terminal).pred, &self.terms) {
                Verdict::Yes => return Ok(Outcome::To(config)),
                Verdict::No => {}
                Verdict::Unknown => unknown = true,
            }
        }
        Ok(if unknown {
            Outcome::Unknown
        } else {
            Outcome::Dead
        })
    }

    /// The key whose closing quote is the last byte of `text`.
    fn closed_key(&mut self, text: &[u8]) -> Result<Key> {
        let inside = open_string(&text[..text.len().saturating_sub(1)]);
        match inside.and_then(decode_prefix) {
            Some((key, _)) => Ok(self.values.key(&key)),
            None => Err(Error::Invalid("a key that does not decode".into())),
        }
    }

    /// What would make the key in progress one that was used: the rests of the used keys that it
    /// begins. `None`: it stands inside an escape, where only trying tells.
    pub fn repeats(&self, registers: &Registers, fresh: bool) -> Option<Vec<Vec<u8>>> {
        let mut used = registers.used().peekable();
        if used.peek().is_none() {
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
        let rest = |key| {
            let text = self.values.key_text(key);
            text.strip_prefix(&start[..]).map(<[u8]>::to_vec)
        };
        Some(used.filter_map(rest).collect())
    }

    /// Whether the registers allow the terminal.
    pub fn enabled(&self, terminal: Terminal, registers: &Registers) -> bool {
        registers.holds(self.terms.get(terminal).pred, &self.terms)
    }

    pub fn term(&self, terminal: Terminal) -> &Term {
        self.terms.get(terminal)
    }
}

/// The registers of a walk: imagined changes over true ones.
pub(crate) struct Walk<'a> {
    pub base: &'a Registers,
    pub overlay: Overlay,
    pub path: Vec<u8>,
    pub log: Vec<Condition>,
}

impl Walk<'_> {
    fn holds(&mut self, pred: Pred, terms: &Terms) -> Verdict {
        self.overlay.holds(pred, self.base, terms, &mut self.log)
    }

    /// The effect of a terminal's end; `key` is `None` where its text is not known.
    pub fn act(&mut self, action: Action, key: Option<Key>) {
        match action {
            Action::None => {}
            Action::Open => self.overlay.open(),
            Action::Close => self.overlay.close(),
            Action::Comma => self.overlay.comma(),
            Action::Key(_) => self.overlay.use_key(key),
        }
    }
}

fn act(registers: &mut Registers, action: Action, key: Option<Key>) {
    match (action, key) {
        (Action::Open, _) => registers.open(),
        (Action::Close, _) => registers.close(),
        (Action::Comma, _) => registers.comma(),
        (Action::Key(_), Some(key)) => registers.use_key(key),
        (Action::None | Action::Key(_), _) => {}
    }
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
