//! Whole tokens that rules want, whatever their bytes.
//!
//! *Purpose.* A terminal may be a set of tokens. Such a token is a step of its own, from the row in
//! which the token begins to the row after it; at the same time the token's bytes may be read as text.
//! Both readings end at one place, so their ends go into one row.
//!
//! *Invariants.* No byte is read by such a terminal (its expression is empty), so masks and steps of
//! bytes pass it over. The text of a token that has one is part of the text, however it was read.
//!
//! *Cost.* Nothing where no rule wants tokens: a flag of the configuration. Else a row per token, and
//! its last byte's step is made anew.
//!
//! *Rejected.* Spelling a token by bytes that no text holds: tokens of single bytes could spell it too.

use super::registers::Registers;
use super::step::Outcome;
use super::{Component, ConfigId, Engine};
use crate::error::Result;
use crate::grammar::Ended;
use crate::value::Source;

impl Engine {
    /// Reads a token; the caller undoes.
    pub fn read_token(
        &mut self,
        config: ConfigId,
        token: u32,
        registers: &mut Registers,
    ) -> Result<Option<ConfigId>> {
        let vocab = self.vocab.clone();
        let bytes = vocab.token(token).unwrap_or(&[]);
        if !self.get(config).tokens {
            return match bytes {
                [] => Ok(None),
                _ => self.read(config, bytes, registers),
            };
        }
        let mut ends = self.token_terminals(config);
        ends.retain(|end| self.wants(end, token));
        if ends.is_empty() {
            return match bytes {
                [] => Ok(None),
                _ => self.read(config, bytes, registers),
            };
        }
        let mark = registers.mark();
        let whole = ends.len();
        let mut active = Vec::new();
        if let Some((&last, start)) = bytes.split_last() {
            if let Some(at) = self.read(config, start, registers)? {
                self.note_repeated(registers)?;
                active = self.step_into(at, last, registers, &mut ends)?;
            }
        }
        if active.is_empty() && ends.len() == whole {
            // Nothing reads the bytes, so nothing of them is a fact but the text.
            registers.undo_to(mark);
            registers.text.extend_from_slice(bytes);
        }
        let row = self.row_after(&ends)?;
        let to = self.config(row, active)?;
        Ok(match self.viable(to, registers)? {
            Outcome::To(to) if self.can_go_on(to, registers)? => Some(to),
            _ => None,
        })
    }

    /// The terminals of a configuration that want a whole token, as ends.
    pub(super) fn token_terminals(&self, config: ConfigId) -> Vec<Ended> {
        let config = self.get(config);
        if !config.tokens {
            return Vec::new();
        }
        let components = config.components.iter();
        let wanting = components
            .filter(|c| matches!(self.term(c.terminal).source, Source::Tokens(_)))
            .map(|c| (c.row, c.terminal, 0));
        wanting.collect()
    }

    /// Sets the bits of the tokens that rules want here.
    pub(super) fn fill_tokens(&self, config: ConfigId, mask: &mut [u32]) {
        for end in self.token_terminals(config) {
            if let Source::Tokens(set) = self.term(end.1).source {
                let wanted = self.states.written().tokens(set);
                for (word, more) in mask.iter_mut().zip(wanted) {
                    *word |= more;
                }
            }
        }
    }

    fn wants(&self, end: &Ended, token: u32) -> bool {
        match self.term(end.1).source {
            Source::Tokens(set) => self.states.written().holds(set, token),
            _ => false,
        }
    }

    /// Reads a byte; what ends with it is added to `ends`, what goes on is returned.
    fn step_into(
        &mut self,
        config: ConfigId,
        b: u8,
        registers: &mut Registers,
        ends: &mut Vec<Ended>,
    ) -> Result<Vec<Component>> {
        registers.text.push(b);
        let (active, ended) = self.moved(config, b)?;
        if let Some((passing, key)) = self.passing(&ended, registers)? {
            self.act(&passing, key, registers);
            ends.extend(passing);
        }
        Ok(active)
    }
}
