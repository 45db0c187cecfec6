//! A matcher: one text under way.
//!
//! *Invariants.* A token that is refused leaves the matcher exactly as it was. The mask and
//! [`Matcher::accept_token`] are two ways through the same tables. The end token is taken exactly
//! when the text so far is in the language; after it nothing is. A matcher of an older generation
//! replays its text on its next use.

use super::registers::{Mark, Registers};
use super::token_view::StateProfile;
use super::view::{EdgeView, StateView, TokenEdges};
use super::{ConfigId, Engine, Misses};
use crate::Arena;
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::value::{RuleKey, States, Values};
use crate::vocab::Vocabulary;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Forced text found in one call is cut off here.
const JUMP: usize = 4_096;

/// A schema compiled against a vocabulary; shared by its matchers, in any thread.
pub struct Compiled {
    engine: Mutex<Engine>,
    vocab: Arc<Vocabulary>,
}

impl Compiled {
    /// Takes the parts of a schema, or of a grammar with rules of its own, and what a whole text is;
    /// fails if nothing is.
    pub fn new(
        vocab: Arc<Vocabulary>,
        arena: Arena,
        values: Values,
        states: States,
        root: impl Into<RuleKey>,
        limits: Limits,
    ) -> Result<Self> {
        let root = root.into();
        let mut engine = Engine::new(vocab.clone(), arena, values, states, root, limits.cache);
        engine.set_budget(limits.expressions);
        engine.begin();
        engine.values.check_products(&mut engine.arena)?;
        let inhabited = match root {
            RuleKey::Root(value) => engine.values.inhabited(&mut engine.arena, value)?,
            RuleKey::Written(rule) => engine.states.has_texts(rule),
            _ => return Err(Error::Invalid("no rule to begin with".into())),
        };
        if !inhabited {
            return Err(Error::Empty(String::new()));
        }
        let start = engine.start()?;
        if !engine.can_finish(start, &mut Registers::default())? {
            return Err(Error::Empty(
                "the vocabulary's tokens spell no member of the language".into(),
            ));
        }
        Ok(Compiled {
            engine: Mutex::new(engine),
            vocab,
        })
    }

    /// The vocabulary.
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocab
    }

    /// A matcher before its text.
    pub fn matcher(self: &Arc<Self>) -> Result<Matcher> {
        let mut engine = self.lock();
        engine.begin();
        let start = engine.start()?;
        let generation = engine.generation;
        drop(engine);
        Ok(Matcher {
            compiled: self.clone(),
            generation,
            config: start,
            registers: Registers::default(),
            history: Vec::new(),
            ended: false,
        })
    }

    /// Approximate bytes held by this schema's caches.
    pub fn cache_memory(&self) -> usize {
        self.lock().memory()
    }

    /// Drops the caches; no result changes by it.
    pub fn clear_cache(&self) {
        self.lock().drop_caches();
    }

    /// Masks filled, of these from a plan made before, and the nodes of the vocabulary looked at.
    pub fn mask_counts(&self) -> (u64, u64, u64) {
        let engine = self.lock();
        let masks = &engine.masks;
        (masks.fills, masks.hits, masks.nodes)
    }

    /// What was looked for in the caches and not found.
    pub fn misses(&self) -> Misses {
        self.lock().misses()
    }

    /// The automaton as far as it is built: the generation of its caches, and the states.
    pub fn states(&self) -> Result<(u64, Vec<StateView>)> {
        let mut engine = self.lock();
        engine.begin();
        Ok((engine.generation, engine.states()?))
    }

    /// The steps taken from a state; `None` if its generation is over.
    pub fn edges(&self, generation: u64, state: u32) -> Result<Option<Vec<EdgeView>>> {
        self.of_generation(generation, |engine| engine.edges(state))
    }

    /// Where tokens lead from a state; `None` if its generation is over.
    pub fn token_edges(&self, generation: u64, state: u32) -> Result<Option<TokenEdges>> {
        self.of_generation(generation, |engine| engine.token_edges(state))
    }

    /// What a state makes of the tokens; `None` if its generation is over.
    pub fn profiles(&self, generation: u64, state: u32) -> Result<Option<StateProfile>> {
        self.of_generation(generation, |engine| engine.profiles(state))
    }

    /// The generation, and the states that a text passes, the first one before it; fewer than its
    /// bytes and one if it leaves the language.
    pub fn trace(&self, text: &[u8]) -> Result<(u64, Vec<StateView>)> {
        let mut engine = self.lock();
        engine.begin();
        let mut registers = Registers::default();
        let mut at = engine.start()?;
        let mut passed = vec![at];
        for &b in text {
            match engine.advance(at, b, &mut registers)? {
                Some(to) => at = to,
                None => break,
            }
            passed.push(at);
        }
        let states: Result<Vec<StateView>> =
            passed.into_iter().map(|id| engine.state_view(id)).collect();
        Ok((engine.generation, states?))
    }

    fn of_generation<T>(
        &self,
        generation: u64,
        f: impl FnOnce(&mut Engine) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut engine = self.lock();
        if engine.generation != generation {
            return Ok(None);
        }
        engine.begin();
        f(&mut engine).map(Some)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bounds of a compiled schema.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of caches before they are dropped.
    pub cache: usize,
    /// Expressions that one operation may make.
    pub expressions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            cache: 256 << 20,
            expressions: 2_000_000,
        }
    }
}

#[derive(Clone, Copy)]
struct Snapshot {
    config: ConfigId,
    mark: Mark,
    ended: bool,
    /// The token that was taken here, where a whole token may have been wanted.
    token: Option<u32>,
}

/// One text under way.
pub struct Matcher {
    compiled: Arc<Compiled>,
    generation: u64,
    config: ConfigId,
    registers: Registers,
    /// The state before each accepted token (or run of bytes).
    history: Vec<Snapshot>,
    ended: bool,
}

impl Matcher {
    /// The compiled schema.
    pub fn compiled(&self) -> &Arc<Compiled> {
        &self.compiled
    }

    /// The vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.compiled.vocab
    }

    /// Runs `f` on an engine of the matcher's generation.
    fn with<T>(&mut self, f: impl FnOnce(&mut Self, &mut Engine) -> Result<T>) -> Result<T> {
        let compiled = self.compiled.clone();
        let mut engine = compiled.lock();
        engine.begin();
        let behind = engine.generation != self.generation;
        if behind {
            self.replay(&mut engine)?;
        }
        let mark = self.registers.mark();
        let before = (self.config, self.ended, self.history.len());
        let out = f(self, &mut engine);
        if out.is_err() {
            self.registers.undo_to(mark);
            (self.config, self.ended) = (before.0, before.1);
            self.history.truncate(before.2);
        }
        if behind {
            // What one operation needs is kept for the next: dropped, each would make it anew.
            engine.raise_limit();
        } else {
            engine.trim();
        }
        out
    }

    fn replay(&mut self, engine: &mut Engine) -> Result<()> {
        let text = self.registers.text.clone();
        let mut registers = Registers::default();
        let mut config = engine.start()?;
        let mut history = Vec::with_capacity(self.history.len());
        let mut old = self.history.iter().peekable();
        loop {
            let at = registers.text.len();
            let to;
            if let Some(snapshot) = old.next_if(|s| s.mark.text == at) {
                history.push(Snapshot {
                    config,
                    mark: registers.mark(),
                    ..*snapshot
                });
                let Some(token) = snapshot.token else {
                    continue;
                };
                to = engine.read_token(config, token, &mut registers)?;
            } else if let Some(&b) = text.get(at) {
                to = engine.advance(config, b, &mut registers)?;
            } else {
                break;
            }
            config = to.ok_or_else(|| Error::Invalid("a text that cannot be replayed".into()))?;
        }
        self.history = history;
        self.registers = registers;
        self.config = config;
        self.generation = engine.generation;
        Ok(())
    }

    /// Writes the token bitmask (bit 1: allowed) into the first words of `mask`; the others, and
    /// after the end token all of them, are zero.
    pub fn fill(&mut self, mask: &mut [u32]) -> Result<()> {
        let words = self.compiled.vocab.words();
        if mask.len() < words {
            return Err(Error::Invalid(format!(
                "the bitmask row has {} words, the vocabulary needs {words}",
                mask.len()
            )));
        }
        let (mask, padding) = mask.split_at_mut(words);
        padding.fill(0);
        if self.ended {
            mask.fill(0);
            return Ok(());
        }
        self.with(|m, engine| engine.fill(m.config, &mut m.registers, mask))
    }

    /// Fills the mask if all of it is known already; whether it was.
    pub fn fill_known(&mut self, mask: &mut [u32]) -> Result<bool> {
        if self.ended || mask.len() < self.compiled.vocab.words() {
            self.fill(mask)?;
            return Ok(true);
        }
        let known = {
            let engine = self.compiled.lock();
            engine.generation == self.generation && engine.masks.knows(self.config)
        };
        if known {
            self.fill(mask)?;
        }
        Ok(known)
    }

    /// Takes a token, or refuses it and stays as it was.
    pub fn accept_token(&mut self, token: u32) -> Result<bool> {
        let vocab = self.compiled.vocab.clone();
        if self.ended {
            return Ok(false);
        }
        if vocab.is_eos(token) {
            let accepting = self.is_accepting()?;
            if accepting {
                self.note();
                self.ended = true;
            }
            return Ok(accepting);
        }
        self.with(|m, engine| {
            let (mark, config) = (m.registers.mark(), m.config);
            let jumps = engine.get(config).tokens;
            let to = engine.read_token(config, token, &mut m.registers)?;
            m.settle(engine, to, mark, jumps.then_some(token), true)
        })
    }

    /// Takes bytes, all of them or none; one step for [`Matcher::rollback`].
    pub fn accept_bytes(&mut self, bytes: &[u8]) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.with(|m, engine| {
            let mark = m.registers.mark();
            let to = engine.read(m.config, bytes, &mut m.registers)?;
            m.settle(engine, to, mark, None, false)
        })
    }

    /// Goes to where reading led, or back; what tokens led to must be such that tokens can finish it.
    fn settle(
        &mut self,
        engine: &mut Engine,
        to: Option<ConfigId>,
        mark: Mark,
        token: Option<u32>,
        spelled: bool,
    ) -> Result<bool> {
        let to = match to {
            Some(to) if !spelled || engine.can_finish(to, &mut self.registers)? => to,
            _ => {
                self.registers.undo_to(mark);
                return Ok(false);
            }
        };
        self.history.push(Snapshot {
            config: self.config,
            mark,
            ended: false,
            token,
        });
        self.config = to;
        Ok(true)
    }

    fn note(&mut self) {
        self.history.push(Snapshot {
            config: self.config,
            mark: self.registers.mark(),
            ended: self.ended,
            token: None,
        });
    }

    /// How many of the tokens could be accepted one after the other; nothing changes.
    pub fn validate_tokens(&mut self, tokens: &[u32]) -> Result<usize> {
        let mut taken = 0;
        let mut verdict = Ok(());
        for &token in tokens {
            match self.accept_token(token) {
                Ok(true) => taken += 1,
                Ok(false) => break,
                Err(error) => {
                    verdict = Err(error);
                    break;
                }
            }
        }
        self.rollback(taken)?;
        verdict.map(|()| taken)
    }

    /// Takes back the last `n` accepted tokens (or runs of bytes).
    pub fn rollback(&mut self, n: usize) -> Result<()> {
        let Some(keep) = self.history.len().checked_sub(n) else {
            return Err(Error::Invalid(format!(
                "cannot roll back {n} steps of {}",
                self.history.len()
            )));
        };
        if let Some(&snapshot) = self.history.get(keep) {
            self.registers.undo_to(snapshot.mark);
            self.config = snapshot.config;
            self.ended = snapshot.ended;
            self.history.truncate(keep);
        }
        Ok(())
    }

    /// A matcher of its own at the same point.
    pub fn fork(&self) -> Matcher {
        Matcher {
            compiled: self.compiled.clone(),
            generation: self.generation,
            config: self.config,
            registers: self.registers.clone(),
            history: self.history.clone(),
            ended: self.ended,
        }
    }

    /// Goes back before the text.
    pub fn reset(&mut self) -> Result<()> {
        self.rollback(self.history.len())
    }

    /// Whether the text so far is in the language.
    pub fn is_accepting(&mut self) -> Result<bool> {
        self.with(|m, engine| Ok(engine.get(m.config).accepting))
    }

    /// Whether the end token was taken.
    pub fn is_terminated(&self) -> bool {
        self.ended
    }

    /// Where the text stands: equal places of one generation have the same texts after them.
    pub fn place(&mut self) -> Result<(u64, u32, u128)> {
        self.with(|m, engine| {
            let (config, facts) = engine.place(m.config, &m.registers);
            Ok((engine.generation, config, facts))
        })
    }

    /// The text so far.
    pub fn text(&self) -> &[u8] {
        &self.registers.text
    }

    /// Approximate bytes held by this matcher alone.
    pub fn memory(&self) -> usize {
        self.registers.memory() + self.history.len() * 32
    }

    /// The bytes that any continuation must begin with.
    pub fn find_jump_forward_bytes(&mut self) -> Result<Vec<u8>> {
        if self.ended {
            return Ok(Vec::new());
        }
        self.with(|m, engine| {
            let mark = m.registers.mark();
            let mut at = m.config;
            let mut out = Vec::new();
            while out.len() < JUMP {
                engine.note_repeated(&mut m.registers)?;
                let config = engine.get(at);
                if config.accepting || config.tokens {
                    break;
                }
                let mut next = ByteSet::EMPTY;
                for c in config.components.iter() {
                    if engine.enabled(c.terminal, &m.registers) {
                        next = next.union(&engine.arena.first_bytes(c.expr)?);
                    }
                }
                // Where used keys and items exclude bytes, the terminals do not tell.
                let facts = config.bounded || m.registers.watches();
                if !facts && next.iter().nth(1).is_some() {
                    break;
                }
                let here = m.registers.mark();
                let mut ways = Vec::new();
                for b in next.iter() {
                    if let Some(to) = engine.advance(at, b, &mut m.registers)? {
                        ways.push((b, to));
                    }
                    m.registers.undo_to(here);
                    if ways.len() > 1 {
                        break;
                    }
                }
                let [(b, _)] = ways[..] else {
                    break;
                };
                match engine.advance(at, b, &mut m.registers)? {
                    Some(to) => at = to,
                    None => break,
                }
                out.push(b);
            }
            m.registers.undo_to(mark);
            Ok(out)
        })
    }

    /// The tokens that follow for certain: as long as the mask allows exactly one.
    pub fn find_jump_forward_tokens(&mut self) -> Result<Vec<u32>> {
        let mut mask = vec![0u32; self.compiled.vocab.words()];
        let mut out = Vec::new();
        while out.len() < JUMP && !self.ended {
            self.fill(&mut mask)?;
            let mut set = mask.iter().enumerate().filter(|(_, w)| **w != 0);
            let (Some((at, &word)), None) = (set.next(), set.next()) else {
                break;
            };
            if word.count_ones() != 1 {
                break;
            }
            let token = at as u32 * 32 + word.trailing_zeros();
            if !self.accept_token(token)? {
                break;
            }
            out.push(token);
        }
        self.rollback(out.len())?;
        Ok(out)
    }
}
