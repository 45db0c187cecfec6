//! Making ahead what texts would make on their first visits.
//!
//! *Purpose.* `masks` makes the profiles of every state of every terminal that the rules reach: the
//! costly part of a first visit. `all` goes through the automaton itself: every state, every step
//! under every outcome of its conditions, every plan of a mask, and what survives each cut under
//! every answer that registers can give (`script`). After `all`, where it is complete, no text finds
//! anything missing.
//!
//! *Invariants.* Only caches are filled, so no result changes. The work stops before a bound of the
//! caches is met, and says that it is not complete; it never makes them be dropped. It is done in
//! slices of time, between which others use the engine and the caller shows progress or gives up.
//!
//! *Bounds.* Rules that call themselves have no end: their states are made for [`LEVELS`] levels and
//! [`STATES`] states, shallow ones first. A cut is followed under [`OUTCOMES`] outcomes.
//!
//! *Cost.* 10 to 20 µs a state, and the profiles, which threads share: a profile needs the
//! vocabulary and an arena of its own and nothing else, and is kept by the digest of its expression.
//! Rejected: building states in threads (all of them intern into one table).

use super::script::Script;
use super::step::Step;
use super::{Compiled, ConfigId, Engine};
use crate::error::{Error, Result};
use crate::expr::{Arena, Counter, EMPTY, ExprId, WIDE};
use crate::grammar::{Ended, RuleState, Rules, StateInfo, Symbol};
use crate::value::{Action, View};
use crate::vocab::{Profile, Vocabulary};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Levels of nesting that are gone through where rules call themselves.
pub const LEVELS: u32 = 4;
/// States that are made where rules call themselves.
pub const STATES: usize = 20_000;
/// Ways in which the conditions of one cut may come out that are followed.
pub const OUTCOMES: usize = 64;
/// As many, where tokens hold keys that the schema does not name, before these are left open.
const FEW: usize = 8;
/// Conditions of one byte under which all outcomes are followed.
const CONDITIONS: usize = 6;
/// Expressions of terminals that are gone through.
const EXPRESSIONS: usize = 200_000;
/// Rule states that are gone through.
const RULES: usize = 200_000;
/// Nesting that counts as rules calling themselves.
const DEEP: u32 = 64;
/// Items of work between two looks at the memory.
const CHECKED: usize = 64;
const MAX_THREADS: usize = 8;

/// What was made ahead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether nothing is left to make.
    pub complete: bool,
    /// Why not.
    pub reasons: Vec<String>,
    /// States gone through, with all their steps.
    pub states: usize,
    /// Levels of nesting whose states were all gone through.
    pub levels: u32,
    /// Profiles that were wanted.
    pub profiles: usize,
    /// Masks put together.
    pub masks: usize,
}

/// How far the work is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being made.
    pub stage: &'static str,
    /// How much of it is done.
    pub done: usize,
    /// Of how much, as far as is known.
    pub total: usize,
    /// Whether all work is over.
    pub finished: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Rules,
    Terminals,
    States,
    Profiles,
    Masks,
    Done,
}

/// A profile to build: its key, and what it is built for.
struct Job {
    key: (u128, bool),
    e: ExprId,
    counter: Option<Counter>,
    /// What to build instead if the counter turns out not to be one-valued.
    closed: ExprId,
}

/// Work under way.
pub struct Precompute {
    compiled: Arc<Compiled>,
    all: bool,
    stage: Stage,
    generation: Option<u64>,
    since_check: usize,
    report: Report,

    rules: Vec<RuleState>,
    rule_levels: FxHashMap<RuleState, u32>,
    recursive: bool,

    seen: FxHashSet<ConfigId>,
    open: BTreeMap<u32, VecDeque<ConfigId>>,
    order: Vec<ConfigId>,

    exprs: Vec<ExprId>,
    known_exprs: FxHashSet<ExprId>,
    next: usize,

    jobs: Vec<Job>,
    next_job: AtomicUsize,
    arenas: Vec<Arena>,

    followed: FxHashSet<super::mask::SurvivorKey>,
}

impl Compiled {
    /// Work that makes ahead the profiles, or with `all` everything.
    pub fn precompute(self: &Arc<Self>, all: bool) -> Precompute {
        Precompute {
            compiled: self.clone(),
            all,
            stage: Stage::Rules,
            generation: None,
            since_check: 0,
            report: Report::default(),
            rules: Vec::new(),
            rule_levels: FxHashMap::default(),
            recursive: false,
            seen: FxHashSet::default(),
            open: BTreeMap::new(),
            order: Vec::new(),
            exprs: Vec::new(),
            known_exprs: FxHashSet::default(),
            next: 0,
            jobs: Vec::new(),
            next_job: AtomicUsize::new(0),
            arenas: Vec::new(),
            followed: FxHashSet::default(),
        }
    }
}

impl Precompute {
    /// Works for about so long.
    pub fn advance(&mut self, slice: Duration) -> Result<Progress> {
        let deadline = Instant::now() + slice;
        while self.stage != Stage::Done && Instant::now() < deadline {
            if self.stage == Stage::Profiles {
                self.build_profiles(deadline)?;
                continue;
            }
            let compiled = self.compiled.clone();
            let mut engine = compiled.lock();
            engine.begin();
            if *self.generation.get_or_insert(engine.generation) != engine.generation {
                self.leave_out("the caches were dropped meanwhile".into());
                self.stage = Stage::Done;
                break;
            }
            self.work(&mut engine, deadline)?;
        }
        Ok(self.progress())
    }

    /// What was made, once the work is over.
    pub fn report(&self) -> Report {
        Report {
            complete: self.stage == Stage::Done && self.report.reasons.is_empty(),
            ..self.report.clone()
        }
    }

    fn progress(&self) -> Progress {
        let (stage, done, total) = match self.stage {
            Stage::Rules => {
                let left = self.rules.len();
                let known = self.rule_levels.len();
                ("rules", known.saturating_sub(left), known)
            }
            Stage::Terminals => ("terminals", self.next, self.exprs.len()),
            Stage::States => ("states", self.order.len(), self.seen.len()),
            Stage::Profiles => {
                let done = self.next_job.load(Ordering::Relaxed);
                ("profiles", done.min(self.jobs.len()), self.jobs.len())
            }
            Stage::Masks if self.all => ("masks", self.next, self.order.len()),
            Stage::Masks => ("masks", self.next, self.exprs.len()),
            Stage::Done => ("done", 1, 1),
        };
        Progress {
            stage,
            done,
            total,
            finished: self.stage == Stage::Done,
        }
    }

    fn leave_out(&mut self, reason: String) {
        if !self.report.reasons.contains(&reason) {
            self.report.reasons.push(reason);
        }
    }

    fn work(&mut self, engine: &mut Engine, deadline: Instant) -> Result<()> {
        let stage = self.stage;
        while self.stage == stage && Instant::now() < deadline {
            let done = match stage {
                Stage::Rules => self.rule(engine),
                Stage::Terminals => self.terminal(engine),
                Stage::States => self.state(engine),
                Stage::Masks => self.mask(engine),
                Stage::Profiles | Stage::Done => return Ok(()),
            };
            match done {
                Ok(()) => {}
                // A text that comes there will be told the same.
                Err(Error::Budget(what)) => self.leave_out(what),
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Whether the caches are fuller than so many quarters of their bounds, looked at now and then.
    fn is_full(&mut self, engine: &Engine, quarters: usize) -> bool {
        self.since_check += 1;
        if self.since_check % CHECKED != 1 {
            return false;
        }
        let vocab = &engine.vocab;
        let full = engine.memory() / quarters > engine.limit / 4
            || vocab.cache_memory() / quarters > vocab.cache_limit() / 4;
        if full {
            self.leave_out("the bound of the caches".into());
        }
        full
    }

    /// Looks at a rule state: what it reads, and whether rules call themselves.
    fn rule(&mut self, engine: &mut Engine) -> Result<()> {
        if self.rule_levels.is_empty() {
            let root = engine.root_rule();
            self.rule_levels.insert(root, 0);
            self.rules.push(root);
        }
        let full = self.is_full(engine, 2);
        let Some(state) = self.rules.pop().filter(|_| !full) else {
            self.rules.clear();
            if self.all {
                self.begin_states(engine)?;
            } else {
                self.stage = Stage::Terminals;
            }
            return Ok(());
        };
        let level = self.rule_levels[&state];
        let info = engine.rule_info(state)?;
        for edge in &info.edges {
            self.rule_at(edge.target, level);
            match edge.symbol {
                Symbol::Call(callee) => self.rule_at(callee, level + 1),
                Symbol::Terminal(terminal, _) => {
                    let e = engine.term(terminal).expr;
                    self.want(e);
                }
            }
        }
        if self.rule_levels.len() > RULES {
            self.leave_out(format!("more than {RULES} rule states"));
            self.rules.clear();
        }
        Ok(())
    }

    fn rule_at(&mut self, state: RuleState, level: u32) {
        if level > DEEP {
            self.recursive = true;
            return;
        }
        let known = self.rule_levels.get(&state);
        if known.is_none_or(|&known| known < level) {
            self.rule_levels.insert(state, level);
            self.rules.push(state);
        }
    }

    fn want(&mut self, e: ExprId) {
        if self.known_exprs.insert(e) {
            self.exprs.push(e);
        }
    }

    /// Finds the states after one of a terminal.
    fn terminal(&mut self, engine: &mut Engine) -> Result<()> {
        let full = self.is_full(engine, 2);
        let over = self.exprs.len() > EXPRESSIONS;
        if over {
            self.leave_out(format!("more than {EXPRESSIONS} states of terminals"));
        }
        let Some(&e) = self.exprs.get(self.next).filter(|_| !full && !over) else {
            return self.begin_profiles(engine);
        };
        self.next += 1;
        for &b in engine.arena.representatives(e).iter() {
            let next = engine.arena.next(e, b)?;
            if next != EMPTY && engine.arena.continues(next)? {
                self.want(next);
            }
        }
        Ok(())
    }

    fn begin_states(&mut self, engine: &mut Engine) -> Result<()> {
        self.exprs.clear();
        self.known_exprs.clear();
        self.stage = Stage::States;
        if self.recursive {
            self.leave_out(format!(
                "rules that call themselves: the states of {LEVELS} levels, {STATES} at most"
            ));
        }
        if engine.spelling_matters {
            self.leave_out(
                "a vocabulary that does not spell every byte: each token is followed by a search"
                    .into(),
            );
        }
        let start = engine.start()?;
        self.reach(start, 0);
        Ok(())
    }

    fn reach(&mut self, config: ConfigId, level: u32) {
        if self.seen.insert(config) {
            self.open.entry(level).or_default().push_back(config);
        }
    }

    /// Takes every step from the next state, the least nested first.
    fn state(&mut self, engine: &mut Engine) -> Result<()> {
        let full = self.is_full(engine, 2);
        let over = self.recursive && self.order.len() >= STATES;
        let next = self.open.iter_mut().find(|(_, list)| !list.is_empty());
        let levels = next.as_ref().map(|(level, _)| **level);
        let next =
            next.filter(|(level, _)| !(full || over || (self.recursive && **level > LEVELS)));
        let Some((&level, list)) = next else {
            let deepest = self.open.keys().next_back().copied().unwrap_or(0);
            self.report.levels = levels.map_or(deepest, |level| level.saturating_sub(1));
            return self.begin_profiles(engine);
        };
        let Some(config) = list.pop_front() else {
            return Ok(());
        };
        self.order.push(config);
        self.report.states += 1;
        for c in engine.get(config).components.iter() {
            self.want(c.expr);
        }
        for end in engine.token_terminals(config) {
            let row = engine.row_after(&[end])?;
            let to = engine.config(row, Vec::new())?;
            self.reach(to, level);
        }
        let mut done = [false; 256];
        for b in 0..=255u8 {
            let class = engine.class(config, b);
            if !std::mem::replace(&mut done[usize::from(class)], true) {
                self.steps(engine, config, b, level)?;
            }
        }
        Ok(())
    }

    /// Takes the step by a byte under every outcome of its conditions.
    fn steps(&mut self, engine: &mut Engine, from: ConfigId, b: u8, level: u32) -> Result<()> {
        let class = engine.class(from, b);
        engine.prepare(from, b)?;
        let (active, ended) = match engine.steps.get(&(from, class)) {
            None | Some(Step::Dead) => return Ok(()),
            Some(Step::To(to)) => {
                let to = *to;
                self.reach(to, level);
                return Ok(());
            }
            Some(Step::Ends { active, ended, .. }) => (active.clone(), ended.clone()),
        };
        let conditions = engine.conditions(&ended);
        if conditions.len() > CONDITIONS {
            self.leave_out(format!("more than {CONDITIONS} conditions of one byte"));
        }
        let asked = conditions.len().min(CONDITIONS);
        for no in 0..1u32 << asked {
            let passing: Vec<Ended> = ended
                .iter()
                .copied()
                .filter(|end| {
                    engine.asked(end).iter().all(|condition| {
                        let at = conditions.iter().position(|c| c == condition);
                        at.is_none_or(|i| i >= CONDITIONS || no >> i & 1 == 0)
                    })
                })
                .collect();
            let complete = passing.len() == ended.len();
            let to = engine.join((from, class), active.clone(), &passing, complete)?;
            let level = match passing.first().map(|end| engine.term(end.1).action) {
                Some(Action::Open(_)) => level + 1,
                Some(Action::Close(_)) => level.saturating_sub(1),
                _ => level,
            };
            if let Some(to) = to {
                self.reach(to, level);
            }
        }
        Ok(())
    }

    fn begin_profiles(&mut self, engine: &mut Engine) -> Result<()> {
        self.open.clear();
        self.next = 0;
        let mut wanted = FxHashSet::default();
        for i in 0..self.exprs.len() {
            let e = self.exprs[i];
            let job = match engine.profile_job(e) {
                Ok(job) => job,
                Err(Error::Budget(what)) => {
                    self.leave_out(what);
                    continue;
                }
                Err(other) => return Err(other),
            };
            if wanted.insert(job.key) && engine.vocab.known_profile(job.key).is_none() {
                self.jobs.push(job);
            }
        }
        self.report.profiles = wanted.len();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let room = engine.limit / engine.arena.memory().max(1);
        let threads = cores.min(MAX_THREADS).min(room).min(self.jobs.len()).max(1);
        let budget = engine.arena.len().saturating_add(engine.budget);
        self.arenas = vec![engine.arena.clone(); threads];
        self.arenas.iter_mut().for_each(|a| a.set_budget(budget));
        self.stage = Stage::Profiles;
        Ok(())
    }

    /// Builds profiles in threads until the deadline.
    fn build_profiles(&mut self, deadline: Instant) -> Result<()> {
        let (jobs, next) = (&self.jobs, &self.next_job);
        let vocab = self.compiled.vocabulary();
        let bound = vocab.cache_limit() / 4 * 3;
        let stopped: Mutex<Vec<Error>> = Mutex::new(Vec::new());
        let note = |error| {
            let mut stopped = stopped.lock().unwrap_or_else(PoisonError::into_inner);
            stopped.push(error);
        };
        std::thread::scope(|scope| {
            for arena in &mut self.arenas {
                scope.spawn(|| {
                    while Instant::now() < deadline {
                        let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) else {
                            return;
                        };
                        if vocab.cache_memory() > bound {
                            next.store(jobs.len(), Ordering::Relaxed);
                            note(Error::Budget("the bound of the caches".into()));
                            return;
                        }
                        if let Err(error) = job.run(vocab, arena) {
                            note(error);
                        }
                    }
                });
            }
        });
        for error in stopped.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match error {
                Error::Budget(what) => self.leave_out(what),
                other => return Err(other),
            }
        }
        if self.next_job.load(Ordering::Relaxed) >= self.jobs.len() {
            self.arenas = Vec::new();
            self.stage = Stage::Masks;
        }
        Ok(())
    }

    /// Puts the parts of the next mask together, and follows its cuts.
    fn mask(&mut self, engine: &mut Engine) -> Result<()> {
        if self.is_full(engine, 3) {
            self.stage = Stage::Done;
            return Ok(());
        }
        if !self.all {
            let Some(&e) = self.exprs.get(self.next) else {
                self.stage = Stage::Done;
                return Ok(());
            };
            self.next += 1;
            return engine.parts(e).map(|_| ());
        }
        let Some(&config) = self.order.get(self.next) else {
            self.stage = Stage::Done;
            return Ok(());
        };
        self.next += 1;
        let plan = match engine.masks.take_plan(config) {
            Some(plan) => plan,
            None => engine.plan(config, &Script::first(engine.values.own_keys(), false))?,
        };
        self.report.masks += 1;
        for part in &plan.conditional {
            for cut in &part.cuts {
                self.follow(engine, &part.part.profile, cut)?;
            }
        }
        engine.masks.keep_plan(config, plan);
        Ok(())
    }

    /// Finds what survives a cut under every outcome of the conditions met.
    fn follow(
        &mut self,
        engine: &mut Engine,
        profile: &Profile,
        at: &super::mask::PlanCut,
    ) -> Result<()> {
        let key = (profile.id, at.cut, at.terminal, at.row);
        if !self.followed.insert(key) {
            return Ok(());
        }
        let keys = engine.values.own_keys();
        for open in [false, true] {
            let mut script = Some(Script::first(keys, open));
            let mut ways = 0;
            let mut others = false;
            while let Some(way) = script {
                ways += 1;
                if ways > OUTCOMES || (others && !open && ways > FEW) {
                    break;
                }
                let made = engine.walk_tails(&profile.cuts[at.cut], at, &way)?;
                let known = engine.masks.known_survivors(&key);
                if !known.iter().any(|k| k.conditions == made.conditions) {
                    engine.masks.keep_survivors(key, Arc::new(made));
                }
                others |= way.asked_of_others();
                script = way.next();
                if script.is_none() {
                    return Ok(());
                }
            }
        }
        self.leave_out(format!("more than {OUTCOMES} outcomes of one cut"));
        Ok(())
    }
}

impl Job {
    fn run(&self, vocab: &Vocabulary, arena: &mut Arena) -> Result<()> {
        let made = Profile::build(vocab, arena, self.e, self.counter, &mut 0)?;
        let failed = made.is_none();
        vocab.keep_profile(self.key, made);
        if failed {
            let key = (arena.digest(self.closed), false);
            if vocab.known_profile(key).is_none() {
                let made = Profile::build(vocab, arena, self.closed, None, &mut 0)?;
                vocab.keep_profile(key, made);
            }
        }
        Ok(())
    }
}

impl Engine {
    fn root_rule(&mut self) -> RuleState {
        self.states.id(self.root)
    }

    fn rule_info(&mut self, state: RuleState) -> Result<StateInfo> {
        let mut view = View {
            arena: &mut self.arena,
            values: &mut self.values,
            terms: &mut self.terms,
            states: &mut self.states,
        };
        view.state(state).cloned()
    }

    /// What to build for an expression: the same as a mask would ask for first.
    fn profile_job(&mut self, e: ExprId) -> Result<Job> {
        let base = match self.arena.without_literals(e)? {
            Some(base) if self.arena.live(base)? => base,
            _ => e,
        };
        if self.arena.counter(base).is_some() {
            let opened = self.arena.with_counter(base, 0, WIDE)?;
            if let Some(wide) = self.arena.counter(opened) {
                return Ok(Job {
                    key: (self.arena.digest(opened), true),
                    e: opened,
                    counter: Some(wide),
                    closed: base,
                });
            }
        }
        Ok(Job {
            key: (self.arena.digest(base), false),
            e: base,
            counter: None,
            closed: base,
        })
    }
}
