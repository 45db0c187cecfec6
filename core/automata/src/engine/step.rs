//! The step: what a byte does to a configuration, under given facts of the text.
//!
//! One way through serves true registers, which a matcher changes, and imagined ones, on which a
//! walk follows the tails of tokens; they differ in what they know ([`Facts`]).

use super::registers::{Condition, Ground, Overlay, Registers, Verdict};
use super::{Component, ConfigId, Engine, open_string};
use crate::error::{Error, Result};
use crate::expr::{EMPTY, ExprId, decode_prefix};
use crate::grammar::Ended;
use crate::value::{Action, Key, Pred, Source, Terms, is_other};
use std::sync::Arc;

/// What a byte does to a configuration.
pub(super) enum Step {
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

/// The classes of a configuration that were not asked for.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Where a walk comes to.
pub(crate) enum Outcome {
    Dead,
    To(ConfigId),
    /// It depends on a key whose text the walk does not know.
    Unknown,
}

/// The facts of the text that predicates ask and terminals change.
pub(crate) trait Facts {
    /// Notes a byte, and returns the text up to it (of a walk: since its start).
    fn read(&mut self, b: u8);
    /// The bytes read.
    fn text(&self) -> &[u8];
    /// Whether a predicate holds.
    fn holds(&mut self, pred: Pred, terms: &Terms) -> Verdict;
    /// The keys of the innermost object, and the text as far as it is known; `None` where not all of
    /// them are.
    fn used(&self) -> Option<Vec<Key>>;
    /// Whether the innermost array's last item is one of those before it.
    fn repeats_item(&self) -> bool;
    /// The effect of a terminal's end; `key` is `None` where its text is not known.
    fn act(&mut self, action: Action, key: Option<Key>);
}

impl Facts for Registers {
    fn read(&mut self, b: u8) {
        self.text.push(b);
    }

    fn text(&self) -> &[u8] {
        &self.text
    }

    fn holds(&mut self, pred: Pred, terms: &Terms) -> Verdict {
        if self.allows(pred, terms) {
            Verdict::Yes
        } else {
            Verdict::No
        }
    }

    fn used(&self) -> Option<Vec<Key>> {
        Some(self.keys().collect())
    }

    fn repeats_item(&self) -> bool {
        self.repeated
    }

    fn act(&mut self, action: Action, key: Option<Key>) {
        match (action, key) {
            (Action::Open(distinct), _) => self.open(distinct),
            (Action::Close(_), _) => self.close(),
            (Action::Comma(_), _) => self.comma(),
            (Action::Key { .. }, Some(key)) => self.use_key(key),
            (Action::None | Action::Key { .. }, _) => {}
        }
    }
}

/// The registers of a walk: imagined changes over true ones, and the conditions it met.
pub(crate) struct Walk<'a, G> {
    pub base: &'a G,
    pub overlay: Overlay,
    pub path: Vec<u8>,
    pub log: Vec<Condition>,
}

impl<G: Ground> Facts for Walk<'_, G> {
    fn read(&mut self, b: u8) {
        self.path.push(b);
    }

    fn text(&self) -> &[u8] {
        &self.path
    }

    fn holds(&mut self, pred: Pred, terms: &Terms) -> Verdict {
        self.overlay.holds(pred, self.base, terms, &mut self.log)
    }

    fn used(&self) -> Option<Vec<Key>> {
        None
    }

    /// Masks are made as if items could repeat.
    fn repeats_item(&self) -> bool {
        false
    }

    fn act(&mut self, action: Action, key: Option<Key>) {
        match action {
            Action::None => {}
            Action::Open(_) => self.overlay.open(),
            Action::Close(_) => self.overlay.close(),
            Action::Comma(_) => self.overlay.comma(),
            Action::Key { .. } => self.overlay.use_key(key),
        }
    }
}

impl Engine {
    /// Reads a byte. The registers change even if the byte is refused; the caller undoes.
    pub fn advance(
        &mut self,
        config: ConfigId,
        b: u8,
        registers: &mut Registers,
    ) -> Result<Option<ConfigId>> {
        match self.advance_unchecked(config, b, registers)? {
            Some(to) if self.can_go_on(to, registers)? => Ok(Some(to)),
            _ => Ok(None),
        }
    }

    /// Whether items that must differ still can.
    pub(super) fn can_go_on(&mut self, to: ConfigId, registers: &mut Registers) -> Result<bool> {
        Ok(!registers.watches() || self.can_differ(to, registers)?)
    }

    /// Reads a byte without asking whether items can still differ.
    pub(super) fn advance_unchecked(
        &mut self,
        config: ConfigId,
        b: u8,
        registers: &mut Registers,
    ) -> Result<Option<ConfigId>> {
        self.note_repeated(registers)?;
        Ok(match self.step(config, b, registers)? {
            Outcome::To(to) => Some(to),
            Outcome::Dead | Outcome::Unknown => None,
        })
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

    /// Reads a byte under any facts.
    pub fn step(&mut self, config: ConfigId, b: u8, facts: &mut impl Facts) -> Result<Outcome> {
        facts.read(b);
        if !self.configs[config as usize].begins.contains(b) {
            return Ok(Outcome::Dead);
        }
        let class = self.class(config, b);
        let known = match self.steps.get(&(config, class)) {
            Some(known) => known,
            None => {
                self.prepare(config, b)?;
                self.steps.get(&(config, class)).unwrap_or(&Step::Dead)
            }
        };
        let to = match known {
            Step::Dead => return Ok(Outcome::Dead),
            Step::To(to) => *to,
            Step::Ends { active, ended, all } => {
                let (active, ended, all) = (active.clone(), ended.clone(), *all);
                let Some((passing, key)) = self.passing(&ended, facts)? else {
                    return Ok(Outcome::Unknown);
                };
                self.act(&passing, key, facts);
                let complete = passing.len() == ended.len();
                match all {
                    Some(to) if complete => to,
                    _ => match self.join((config, class), active, &passing, complete)? {
                        Some(to) => to,
                        None => return Ok(Outcome::Dead),
                    },
                }
            }
        };
        self.viable(to, facts)
    }

    /// What ends that pass do to the registers; where one wants items watched, they are.
    pub(super) fn act(&self, passing: &[Ended], key: Option<Key>, facts: &mut impl Facts) {
        let actions = passing.iter().map(|end| self.terms.get(end.1).action);
        let mut actions = actions.filter(|&action| action != Action::None);
        if let Some(first) = actions.next() {
            let watched = actions.find(|&action| action == Action::Open(true));
            facts.act(watched.unwrap_or(first), key);
        }
    }

    /// The ends whose conditions hold, and the key that ends with them; `None` if the facts do not
    /// tell.
    pub(super) fn passing(
        &mut self,
        ended: &[Ended],
        facts: &mut impl Facts,
    ) -> Result<Option<(Vec<Ended>, Option<Key>)>> {
        let mut key = None;
        let mut passing = Vec::with_capacity(ended.len());
        for &end in ended {
            let term = *self.terms.get(end.1);
            match facts.holds(term.pred, &self.terms) {
                Verdict::Unknown => return Ok(None),
                Verdict::No => continue,
                Verdict::Yes => {}
            }
            if term.action.is_distinct() && facts.repeats_item() {
                continue;
            }
            if matches!(term.action, Action::Key { .. }) {
                let id = match key {
                    Some(id) => id,
                    None => self.closed_key(facts.text())?,
                };
                key = Some(id);
                if is_other(end.2) {
                    match facts.holds(Pred::Unused(id), &self.terms) {
                        Verdict::Unknown => return Ok(None),
                        Verdict::No => continue,
                        Verdict::Yes => {}
                    }
                }
            }
            passing.push(end);
        }
        Ok(Some((passing, key)))
    }

    /// Whether anything may follow here, or the text may end.
    pub fn viable(&mut self, config: ConfigId, facts: &mut impl Facts) -> Result<Outcome> {
        let reached = &self.configs[config as usize];
        if !reached.conditional || reached.accepting {
            return Ok(Outcome::To(config));
        }
        let reached = reached.clone();
        let mut unknown = false;
        for c in &reached.components {
            let term = *self.terms.get(c.terminal);
            let verdict = match facts.holds(term.pred, &self.terms) {
                Verdict::Yes if term.action.is_bounded() && c.expr != term.expr => {
                    self.leaves_keys(c.expr, facts)?
                }
                verdict => verdict,
            };
            match verdict {
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

    /// Whether the key under way can still become one that is not used.
    fn leaves_keys(&mut self, e: ExprId, facts: &mut impl Facts) -> Result<Verdict> {
        if self.arena.leaves_many(e)? {
            return Ok(Verdict::Yes);
        }
        let Some(used) = facts.used() else {
            return Ok(Verdict::Unknown);
        };
        let start = open_string(facts.text()).and_then(decode_prefix);
        let (start, _) = start.ok_or_else(|| Error::Invalid("no key is under way".into()))?;
        let rests = self.rests(&used, &start);
        Ok(if self.arena.leaves_others(e, &rests)? {
            Verdict::Yes
        } else {
            Verdict::No
        })
    }

    /// The class of a byte among those that no component of the configuration tells apart.
    pub(super) fn class(&mut self, config: ConfigId, b: u8) -> u8 {
        let at = config as usize;
        if self.classes[at] == UNKNOWN {
            let from = self.get(config);
            let exprs = from.components.iter().map(|c| c.expr);
            self.classes[at] = self.arena.common_partition(exprs);
        }
        self.arena.class_in(self.classes[at], b)
    }

    /// Makes the step by a byte, and with it that by every byte of its class.
    pub(super) fn prepare(&mut self, config: ConfigId, b: u8) -> Result<()> {
        self.misses.steps += 1;
        let class = self.class(config, b);
        let (active, ended) = self.moved(config, b)?;
        let simple = ended.iter().all(|end| {
            let term = self.terms.get(end.1);
            term.pred == Pred::Always && term.action == Action::None
        });
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
        self.steps.insert((config, class), step);
        Ok(())
    }

    /// What goes on after a byte, and what ends with it.
    ///
    /// Registers are facts of the text. A reading that is inside a JSON value while another one opens,
    /// closes or counts would find its own facts changed; such a text is refused.
    pub(super) fn moved(
        &mut self,
        config: ConfigId,
        b: u8,
    ) -> Result<(Vec<Component>, Vec<Ended>)> {
        let from = self.get(config);
        let mut active = Vec::new();
        let mut ended: Vec<Ended> = Vec::new();
        for c in from.components.iter() {
            let expr = self.arena.next(c.expr, b)?;
            if expr == EMPTY {
                continue;
            }
            if self.arena.nullable(expr) {
                for &label in self.arena.ends(expr).iter() {
                    ended.push((c.row, c.terminal, label));
                }
            }
            if self.arena.continues(expr)? {
                active.push(Component { expr, ..*c });
            }
        }
        if self.mixes {
            self.check_mixed(&active, &ended)?;
        }
        Ok((active, ended))
    }

    fn check_mixed(&self, active: &[Component], ended: &[Ended]) -> Result<()> {
        let acts = |end: &&Ended| self.terms.get(end.1).action != Action::None;
        let Some(acting) = ended.iter().find(acts) else {
            return Ok(());
        };
        let kind = std::mem::discriminant(&self.terms.get(acting.1).action);
        let json = |terminal| self.terms.get(terminal).source == Source::Json;
        let stays = active.iter().any(|c| json(c.terminal));
        let differs = ended.iter().any(|end| {
            json(end.1) && std::mem::discriminant(&self.terms.get(end.1).action) != kind
        });
        if stays || differs {
            return Err(Error::Unsupported(
                "two JSON values that begin at different places of one text".into(),
            ));
        }
        Ok(())
    }

    /// The configuration after the passing ends, remembered where all passed.
    pub(super) fn join(
        &mut self,
        from: (ConfigId, u8),
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
            if let Some(Step::Ends { all, .. }) = self.steps.get_mut(&from) {
                *all = Some(to);
            }
        }
        Ok(Some(to))
    }

    /// The key whose closing quote is the last byte of `text`.
    fn closed_key(&mut self, text: &[u8]) -> Result<Key> {
        let inside = open_string(&text[..text.len().saturating_sub(1)]);
        match inside.and_then(decode_prefix) {
            Some((key, _)) => Ok(self.values.key(&key)),
            None => Err(Error::Invalid("a key that does not decode".into())),
        }
    }
}
