//! Token masks: inside tokens are copied, crossing ones are followed into the next rows.
//!
//! *Purpose.* A mask is the union over the enabled components of a configuration: the tokens inside
//! the component's expression, and those that cross its end and survive in the row after it. What
//! does not depend on the registers is merged into a [`Plan`] on the first visit; what does is kept
//! apart with the conditions it rests on.
//!
//! *Invariants.* A bit is set exactly if `Matcher::accept_token` would take the token. Survivors are
//! memoised per (profile, cut, terminal, row after it) together with the conditions on the registers
//! that the walk met, and reused only where all of these come out the same. A token whose fate
//! depends on the text of a key that began before it is tried byte by byte (`doubtful`).
//!
//! *Cost.* A hit is one copy of a bitset and a few ORs. A first visit walks only the tails whose
//! first byte the next row can read: 28 to 36 after a JSON string. Rejected: masks per row (16 kB
//! each at 128,000 tokens), walking the vocabulary through the grammar (milliseconds).

use super::registers::{Condition, Ground, Overlay, Registers};
use super::step::{Facts, Outcome, Walk};
use super::{Component, Config, ConfigId, Engine, open_string};
use crate::error::{Error, Result};
use crate::expr::{EMPTY, ExprId, UNBOUNDED, WIDE, decode_prefix};
use crate::grammar::{RowId, Terminal};
use crate::value::{Action, Key, Pred, Source, is_other};
use crate::vocab::{Cut, Delta, Profile, Tails, Tally, Vocabulary};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A profile, and which counts of its tokens the bounds allow.
#[derive(Clone)]
pub(super) struct Part {
    pub profile: Arc<Profile>,
    pub min: u32,
    pub max: u32,
    /// What the profile lacks, or has too much, for the expression at hand.
    delta: Option<Arc<Delta>>,
}

impl Part {
    /// Whether a token that crosses the cut with this label does so here too.
    pub fn allows(&self, vocab: &Vocabulary, label: u32, (token, count): Tally) -> bool {
        let hidden = |delta: &Arc<Delta>| delta.hides(vocab, label, token);
        self.min <= count && count <= self.max && !self.delta.as_ref().is_some_and(hidden)
    }
}

/// The tokens that cross a cut and may follow.
pub(super) struct Survivors {
    pub conditions: Box<[Condition]>,
    pub tokens: Box<[Tally]>,
    /// Tokens that must be tried one by one.
    pub doubtful: Box<[u32]>,
}

/// Equal tails under way, in [`Engine::walk_tails`].
struct Tail {
    config: ConfigId,
    overlay: Overlay,
    path: Vec<u8>,
    tails: Tails,
}

pub(super) struct PlanCut {
    pub terminal: Terminal,
    pub row: RowId,
    pub cut: usize,
    /// Whether the end of a key of unknown text is crossed.
    pub generic: bool,
    /// Whether the terminal is at its first byte.
    pub fresh: bool,
    pub found: Vec<Arc<Survivors>>,
}

pub(super) struct PlanPart {
    pub pred: Pred,
    pub part: Part,
    pub cuts: Vec<PlanCut>,
}

/// How the mask of a configuration is put together.
#[derive(Default)]
pub(super) struct Plan {
    /// Inside tokens of unconditional components.
    pub inside: Vec<(Arc<Profile>, u32, u32)>,
    /// Crossing tokens that depend on nothing.
    pub tokens: Vec<u32>,
    /// Everything that asks the registers.
    pub conditional: Vec<PlanPart>,
}

pub(super) type SurvivorKey = (u64, usize, Terminal, RowId);

/// The memory of mask making.
#[derive(Default)]
pub(crate) struct Masks {
    parts: FxHashMap<ExprId, Arc<[Part]>>,
    plans: FxHashMap<ConfigId, Plan>,
    survivors: FxHashMap<SurvivorKey, Vec<Arc<Survivors>>>,
    bytes: usize,
    /// Masks put together, and of these from a plan made before.
    pub fills: u64,
    pub hits: u64,
    /// Nodes of the vocabulary's forest that were looked at.
    pub nodes: u64,
}

impl Masks {
    /// What is known to survive a cut into a row, under each outcome of the conditions met.
    pub(super) fn known_survivors(&self, key: &SurvivorKey) -> &[Arc<Survivors>] {
        self.survivors.get(key).map_or(&[], Vec::as_slice)
    }

    pub(super) fn keep_survivors(&mut self, key: SurvivorKey, made: Arc<Survivors>) {
        self.bytes +=
            96 + made.tokens.len() * 8 + made.doubtful.len() * 4 + made.conditions.len() * 64;
        self.survivors.entry(key).or_default().push(made);
    }

    pub(super) fn take_plan(&mut self, config: ConfigId) -> Option<Plan> {
        self.plans.remove(&config)
    }

    pub(super) fn keep_plan(&mut self, config: ConfigId, plan: Plan) {
        self.plans.insert(config, plan);
    }

    /// Whether the configuration's mask was put together before.
    pub fn knows(&self, config: ConfigId) -> bool {
        self.plans.contains_key(&config)
    }

    pub fn memory(&self) -> usize {
        self.bytes + self.parts.len() * 48 + self.plans.len() * 120 + self.survivors.len() * 64
    }
}

impl Engine {
    /// Writes the mask of a configuration into `mask`, which is zeroed first.
    pub fn fill(
        &mut self,
        config: ConfigId,
        registers: &mut Registers,
        mask: &mut [u32],
    ) -> Result<()> {
        mask.fill(0);
        self.masks.fills += 1;
        self.note_repeated(registers)?;
        let mut plan = match self.masks.plans.remove(&config) {
            Some(plan) => {
                self.masks.hits += 1;
                plan
            }
            None => self.plan(config, registers)?,
        };
        for (profile, min, max) in &plan.inside {
            profile.inside_into(*min, *max, mask);
        }
        // Tokens that end an item and begin another one, where items may have to differ.
        let mut items = self.values.compares_items().then(Vec::new);
        for &t in &plan.tokens {
            set(mask, t);
        }
        if let Some(items) = &mut items {
            items.extend_from_slice(&plan.tokens);
        }
        for part in &mut plan.conditional {
            self.fill_part(config, part, registers, mask, items.as_mut())?;
        }
        self.fill_tokens(config, mask);
        if self.get(config).accepting {
            for &t in self.vocab.eos() {
                set(mask, t);
            }
        }
        self.masks.plans.insert(config, plan);
        if self.get(config).bounded {
            self.keep_new_keys(config, registers, mask)?;
        }
        if let Some(items) = items {
            self.keep_different(config, &items, registers, mask)?;
        }
        self.keep_spellable(config, registers, mask)
    }

    fn fill_part(
        &mut self,
        config: ConfigId,
        part: &mut PlanPart,
        registers: &mut Registers,
        mask: &mut [u32],
        mut crossing: Option<&mut Vec<u32>>,
    ) -> Result<()> {
        if !registers.allows(part.pred, &self.terms) {
            return Ok(());
        }
        let Part {
            profile, min, max, ..
        } = &part.part;
        profile.inside_into(*min, *max, mask);
        for cut in &mut part.cuts {
            let known = cut
                .found
                .iter()
                .find(|s| registers.agree(&s.conditions, &self.terms));
            let survivors = match known {
                Some(survivors) => survivors.clone(),
                None => {
                    let made = self.survivors(&part.part.profile, cut, registers)?;
                    cut.found.push(made.clone());
                    made
                }
            };
            let label = part.part.profile.cuts[cut.cut].label;
            let repeats = if cut.generic {
                self.repeats(registers, cut.fresh)
            } else {
                Some(Vec::new())
            };
            for &(t, count) in &survivors.tokens {
                if !part.part.allows(&self.vocab, label, (t, count)) {
                    continue;
                }
                let allowed = match &repeats {
                    Some(rests) if rests.is_empty() => true,
                    Some(rests) => match self.closes(t, cut.fresh) {
                        Some(key) => !rests.iter().any(|rest| rest == key),
                        None => self.takes(config, t, registers)?,
                    },
                    None => self.takes(config, t, registers)?,
                };
                if allowed {
                    set(mask, t);
                    if let Some(crossing) = &mut crossing {
                        crossing.push(t);
                    }
                }
            }
            for &t in &survivors.doubtful {
                if !is_set(mask, t) && self.takes(config, t, registers)? {
                    set(mask, t);
                }
            }
        }
        Ok(())
    }

    /// Tries the tokens that begin used keys, where a beginning may have no other end.
    fn keep_new_keys(
        &mut self,
        config: ConfigId,
        registers: &mut Registers,
        mask: &mut [u32],
    ) -> Result<()> {
        let used: Vec<Key> = registers.keys().collect();
        if used.is_empty() {
            return Ok(());
        }
        let from = self.get(config);
        let mut tokens = Vec::new();
        for c in from.components.iter() {
            let term = *self.term(c.terminal);
            if !term.action.is_bounded() || !registers.allows(term.pred, &self.terms) {
                continue;
            }
            let along = if c.expr == term.expr {
                let keys = self.rests(&used, b"");
                let language = self.one_of(&keys)?;
                self.arena.json_string(language)?
            } else {
                let start = open_string(&registers.text).and_then(decode_prefix);
                let Some((start, escape)) = start else {
                    continue;
                };
                let keys = self.rests(&used, &start);
                let language = self.one_of(&keys)?;
                self.arena.json(language, escape)?
            };
            self.tokens_along(along, &mut tokens)?;
        }
        for t in tokens {
            if self.takes(config, t, registers)? {
                set(mask, t);
            } else {
                unset(mask, t);
            }
        }
        Ok(())
    }

    fn one_of(&mut self, texts: &[Vec<u8>]) -> Result<ExprId> {
        let list: Vec<(&[u8], u32)> = texts.iter().map(|t| (&t[..], 0)).collect();
        self.arena.literals(&list)
    }

    /// The tokens that begin a member of a language.
    fn tokens_along(&mut self, e: ExprId, tokens: &mut Vec<u32>) -> Result<()> {
        let vocab = self.vocab.clone();
        let mut todo: Vec<(u32, ExprId)> = vocab.roots().map(|node| (node, e)).collect();
        while let Some((node, at)) = todo.pop() {
            self.masks.nodes += 1;
            let next = self.arena.next(at, vocab.byte[node as usize])?;
            if next != EMPTY {
                tokens.extend_from_slice(vocab.tokens_at(node));
                todo.extend(vocab.children(node).map(|child| (child, next)));
            }
        }
        Ok(())
    }

    /// The bytes by which a token ends the key in progress, if no escape is among them.
    fn closes(&self, token: u32, fresh: bool) -> Option<&[u8]> {
        let text = self.vocab.token(token)?;
        let text = if fresh {
            text.strip_prefix(b"\"")?
        } else {
            text
        };
        let end = text.iter().position(|&b| b == b'"' || b == b'\\')?;
        (text[end] == b'"').then_some(&text[..end])
    }

    /// Whether the token can be read from here, tried byte by byte.
    pub(super) fn takes(
        &mut self,
        config: ConfigId,
        token: u32,
        registers: &mut Registers,
    ) -> Result<bool> {
        let mark = registers.mark();
        let to = self.read_token(config, token, registers)?;
        registers.undo_to(mark);
        Ok(to.is_some())
    }

    pub(super) fn plan(&mut self, config: ConfigId, registers: &impl Ground) -> Result<Plan> {
        self.misses.plans += 1;
        let mut plan = Plan::default();
        let from: Arc<Config> = self.get(config);
        for c in from.components.iter() {
            if matches!(self.term(c.terminal).source, Source::Tokens(_)) {
                continue;
            }
            for part in self.parts(c.expr)?.iter() {
                self.plan_part(&mut plan, c, part, registers)?;
            }
        }
        plan.tokens.sort_unstable();
        plan.tokens.dedup();
        self.masks.bytes += plan.tokens.len() * 4 + plan.inside.len() * 16;
        Ok(plan)
    }

    fn plan_part(
        &mut self,
        plan: &mut Plan,
        c: &Component,
        part: &Part,
        registers: &impl Ground,
    ) -> Result<()> {
        let term = *self.term(c.terminal);
        let mut cuts = Vec::new();
        for (i, cut) in part.profile.cuts.iter().enumerate() {
            if let Some(row) = self.row_after(&[(c.row, c.terminal, cut.label)])? {
                cuts.push(PlanCut {
                    terminal: c.terminal,
                    row,
                    cut: i,
                    generic: is_other(cut.label) && matches!(term.action, Action::Key { .. }),
                    fresh: c.expr == term.expr,
                    found: Vec::new(),
                });
            }
        }
        if term.pred == Pred::Always {
            return self.settle(plan, part, cuts, registers);
        }
        self.masks.bytes += 64 + cuts.len() * 64;
        plan.conditional.push(PlanPart {
            pred: term.pred,
            part: part.clone(),
            cuts,
        });
        Ok(())
    }

    /// Sorts an unconditional component into what is fixed and what asks the registers.
    fn settle(
        &mut self,
        plan: &mut Plan,
        part: &Part,
        cuts: Vec<PlanCut>,
        registers: &impl Ground,
    ) -> Result<()> {
        let mut open = Vec::new();
        for mut cut in cuts {
            let survivors = self.survivors(&part.profile, &cut, registers)?;
            let fixed = survivors.conditions.is_empty() && survivors.doubtful.is_empty();
            if fixed && !cut.generic {
                let label = part.profile.cuts[cut.cut].label;
                let tokens = survivors.tokens.iter();
                let allowed = tokens.filter(|&&tally| part.allows(&self.vocab, label, tally));
                plan.tokens.extend(allowed.map(|(t, _)| *t));
            } else {
                cut.found.push(survivors);
                open.push(cut);
            }
        }
        if open.is_empty() {
            plan.inside.push((part.profile.clone(), part.min, part.max));
        } else {
            self.masks.bytes += 64 + open.len() * 64;
            plan.conditional.push(PlanPart {
                pred: Pred::Always,
                part: part.clone(),
                cuts: open,
            });
        }
        Ok(())
    }

    /// The profiles that an expression is made of.
    pub(super) fn parts(&mut self, e: ExprId) -> Result<Arc<[Part]>> {
        if let Some(parts) = self.masks.parts.get(&e) {
            return Ok(parts.clone());
        }
        let parts: Arc<[Part]> = match self.by_difference(e)? {
            Some(parts) => parts.into(),
            None => [self.whole(e)?].into(),
        };
        self.masks.parts.insert(e, parts.clone());
        Ok(parts)
    }

    /// A string language that is another one but for some literals, as that one and the difference.
    fn by_difference(&mut self, e: ExprId) -> Result<Option<[Part; 2]>> {
        let Some(base) = self.arena.without_literals(e)? else {
            return Ok(None);
        };
        if !self.arena.live(base)? {
            return Ok(None);
        }
        let vocab = self.vocab.clone();
        self.misses.profiles += 1;
        let Some(delta) = Delta::build(&vocab, &mut self.arena, e, base, &mut self.masks.nodes)?
        else {
            return Ok(None);
        };
        let delta = Arc::new(delta);
        self.masks.bytes += delta.memory();
        let more = Part {
            profile: delta.more.clone(),
            min: 0,
            max: UNBOUNDED,
            delta: None,
        };
        let base = Part {
            delta: Some(delta),
            ..self.whole(base)?
        };
        Ok(Some([base, more]))
    }

    /// One profile for an expression, its counter taken out where it has one.
    fn whole(&mut self, e: ExprId) -> Result<Part> {
        let vocab = self.vocab.clone();
        if let Some(counter) = self.arena.counter(e) {
            let opened = self.arena.with_counter(e, 0, WIDE)?;
            let key = (self.arena.digest(opened), true);
            let wide = self.arena.counter(opened);
            let profile = match (vocab.known_profile(key), wide) {
                (Some(known), _) => known,
                (None, Some(wide)) => {
                    self.misses.profiles += 1;
                    let made = Profile::build(
                        &vocab,
                        &mut self.arena,
                        opened,
                        Some(wide),
                        &mut self.masks.nodes,
                    )?;
                    vocab.keep_profile(key, made)
                }
                (None, None) => None,
            };
            if let Some(profile) = profile {
                return Ok(Part {
                    profile,
                    min: counter.min,
                    max: counter.max,
                    delta: None,
                });
            }
        }
        let key = (self.arena.digest(e), false);
        let profile = match vocab.known_profile(key) {
            Some(known) => known,
            None => {
                self.misses.profiles += 1;
                let made = Profile::build(&vocab, &mut self.arena, e, None, &mut self.masks.nodes)?;
                vocab.keep_profile(key, made)
            }
        };
        Ok(Part {
            profile: profile
                .ok_or_else(|| Error::Invalid("a walk without counters that counts".into()))?,
            min: 0,
            max: UNBOUNDED,
            delta: None,
        })
    }

    fn survivors(
        &mut self,
        profile: &Arc<Profile>,
        at: &PlanCut,
        registers: &impl Ground,
    ) -> Result<Arc<Survivors>> {
        let key = (profile.id, at.cut, at.terminal, at.row);
        if let Some(list) = self.masks.survivors.get(&key) {
            let known = list
                .iter()
                .find(|s| registers.agree(&s.conditions, &self.terms));
            if let Some(known) = known {
                return Ok(known.clone());
            }
        }
        self.misses.survivors += 1;
        let made = Arc::new(self.walk_tails(&profile.cuts[at.cut], at, registers)?);
        self.masks.keep_survivors(key, made.clone());
        Ok(made)
    }

    /// Follows every tail of a cut into the row after it, equal tails together.
    pub(super) fn walk_tails(
        &mut self,
        cut: &Cut,
        at: &PlanCut,
        registers: &impl Ground,
    ) -> Result<Survivors> {
        let vocab = self.vocab.clone();
        let term = *self.term(at.terminal);
        let mut walk = Walk {
            base: registers,
            overlay: Overlay::default(),
            path: Vec::new(),
            log: Vec::new(),
        };
        let mut tokens: Vec<Tally> = Vec::new();
        let mut doubtful: Vec<u32> = Vec::new();
        // The condition of the terminal itself is asked by the plan.
        walk.act(term.action, term.key(cut.label, &self.values));
        let start = self.config(Some(at.row), Vec::new())?;
        match self.viable(start, &mut walk)? {
            Outcome::Dead => {}
            Outcome::To(_) => tokens.extend_from_slice(&cut.ended),
            Outcome::Unknown => doubtful.extend(cut.ended.iter().map(|x| x.0)),
        }
        let mut todo: Vec<Tail> = Vec::new();
        let next = self.configs[start as usize].begins;
        for tails in cut.first.iter().filter(|t| next.contains(t.byte)) {
            todo.push(Tail {
                config: start,
                overlay: walk.overlay.clone(),
                path: Vec::new(),
                tails: tails.clone(),
            });
        }
        while let Some(tail) = todo.pop() {
            walk.overlay = tail.overlay;
            walk.path = tail.path;
            let nodes = tail.tails.nodes;
            self.masks.nodes += nodes.len() as u64;
            let to = match self.step(tail.config, tail.tails.byte, &mut walk)? {
                Outcome::Dead => continue,
                Outcome::Unknown => {
                    for &(node, _) in &nodes {
                        doubtful.extend_from_slice(vocab.tokens_below(node));
                    }
                    continue;
                }
                Outcome::To(to) => to,
            };
            // PERF: most tails end at their first byte; only those that may go on are grouped.
            let next = self.configs[to as usize].begins;
            let mut children: BTreeMap<u8, Vec<Tally>> = BTreeMap::new();
            for &(node, count) in &nodes {
                tokens.extend(vocab.tokens_at(node).iter().map(|&t| (t, count)));
                for child in vocab.children(node) {
                    let b = vocab.byte[child as usize];
                    if !next.contains(b) {
                        continue;
                    }
                    children.entry(b).or_default().push((child, count));
                }
            }
            for (byte, nodes) in children {
                todo.push(Tail {
                    config: to,
                    overlay: walk.overlay.clone(),
                    path: walk.path.clone(),
                    tails: Tails {
                        byte,
                        nodes: nodes.into(),
                    },
                });
            }
        }
        Ok(Survivors {
            conditions: std::mem::take(&mut walk.log).into(),
            tokens: tokens.into(),
            doubtful: doubtful.into(),
        })
    }
}

fn set(mask: &mut [u32], t: u32) {
    if let Some(word) = mask.get_mut((t >> 5) as usize) {
        *word |= 1 << (t & 31);
    }
}

pub(super) fn unset(mask: &mut [u32], t: u32) {
    if let Some(word) = mask.get_mut((t >> 5) as usize) {
        *word &= !(1 << (t & 31));
    }
}

fn is_set(mask: &[u32], t: u32) -> bool {
    mask.get((t >> 5) as usize)
        .is_some_and(|w| w >> (t & 31) & 1 == 1)
}
