//! Reads the postfix byte programs in which front ends hand over regular expressions.
//!
//! One program is one call across the language border, whatever its size, and can be kept on disk.
//! The format is described beside its writer, `compiler/regex/program.py`.

use super::machine::Draft;
use super::{Arena, EMPTY, EPSILON, ExprId, PLAIN, Spelling, UNBOUNDED};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};

/// Expressions that a program may keep at a time.
const SLOTS: usize = 1 << 16;

/// Literals of a union that are put into one trie at once.
const MANY: usize = 64;

type Texts<'a> = Vec<&'a [u8]>;

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, what: &str) -> Error {
        Error::Invalid(format!("regex program, byte {}: {what}", self.at))
    }

    fn number(&mut self) -> Result<u64> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let &b = self
                .data
                .get(self.at)
                .ok_or_else(|| self.error("cut short"))?;
            self.at += 1;
            value |= u64::from(b & 0x7F) << shift;
            if b < 0x80 {
                return Ok(value);
            }
        }
        Err(self.error("number too long"))
    }

    fn small(&mut self) -> Result<u32> {
        let value = self.number()?;
        u32::try_from(value).map_err(|_| self.error("number out of range"))
    }

    /// A literal, and those that follow: the ones before the last, and the last; or, where a union
    /// of many of them comes next, the ones before its members, and those.
    ///
    /// PERF: a hundred thousand literals made one by one, and united then, take four times as long as
    /// their common trie. Few have the form that unions have, which is that of equal classes too.
    fn literals(&mut self) -> Result<(Texts<'a>, Texts<'a>)> {
        let mut texts = vec![self.text()?];
        while self.data.get(self.at) == Some(&4) {
            self.at += 1;
            texts.push(self.text()?);
        }
        let mut last = texts.len() - 1;
        let end = self.at;
        if self.data.get(end) == Some(&6) {
            self.at += 1;
            let n = self.small()? as usize;
            match texts.len().checked_sub(n) {
                Some(first) if n >= MANY => last = first,
                _ => self.at = end,
            }
        }
        let united = texts.split_off(last);
        Ok((texts, united))
    }

    /// A place for what is used again.
    fn slot(&mut self) -> Result<usize> {
        let slot = self.small()? as usize;
        if slot < SLOTS {
            Ok(slot)
        } else {
            Err(self.error("slot out of range"))
        }
    }

    /// The states of an automaton.
    fn states(&mut self) -> Result<Vec<Draft>> {
        let mut states = Vec::new();
        for _ in 0..self.small()? {
            let accepts = match self.small()? {
                0 => false,
                1 => true,
                _ => return Err(self.error("a state accepts or not")),
            };
            let mut arms = Vec::new();
            for _ in 0..self.small()? {
                arms.push((self.small()?, self.small()?, self.small()?));
            }
            states.push(Draft { accepts, arms });
        }
        Ok(states)
    }

    /// Bytes after their number.
    fn text(&mut self) -> Result<&'a [u8]> {
        let n = self.small()? as usize;
        let text = self
            .data
            .get(self.at..self.at.saturating_add(n))
            .ok_or_else(|| self.error("literal cut short"))?;
        self.at += n;
        Ok(text)
    }
}

impl Arena {
    /// The expression a program denotes.
    pub fn run_program(&mut self, program: &[u8]) -> Result<ExprId> {
        let mut r = Reader {
            data: program,
            at: 0,
        };
        let mut stack: Vec<ExprId> = Vec::new();
        let mut kept: Vec<Option<ExprId>> = Vec::new();
        while r.at < program.len() {
            let op = program[r.at];
            r.at += 1;
            let e = match op {
                0 => EMPTY,
                1 => EPSILON,
                2 => {
                    let n = r.small()?;
                    let mut ranges = Vec::new();
                    for _ in 0..n {
                        ranges.push((r.small()?, r.small()?));
                    }
                    self.class(&ranges)?
                }
                3 => {
                    let n = r.small()?;
                    let mut set = ByteSet::EMPTY;
                    for _ in 0..n {
                        let (lo, hi) = (r.small()?, r.small()?);
                        let (Ok(lo), Ok(hi), true) = (u8::try_from(lo), u8::try_from(hi), lo <= hi)
                        else {
                            return Err(r.error("byte range"));
                        };
                        set = set.union(&ByteSet::range(lo, hi));
                    }
                    self.bytes(set)?
                }
                4 => {
                    let (before, united) = r.literals()?;
                    for text in before {
                        let e = self.literal(text)?;
                        stack.push(e);
                    }
                    let united: Vec<_> = united.into_iter().map(|text| (text, PLAIN)).collect();
                    self.literals(&united)?
                }
                5..=7 => {
                    let n = r.small()? as usize;
                    let from = stack
                        .len()
                        .checked_sub(n)
                        .ok_or_else(|| r.error("stack underflow"))?;
                    let parts = stack.split_off(from);
                    match op {
                        5 => self.concat_all(&parts)?,
                        6 => self.or(parts)?,
                        _ => self.and(parts)?,
                    }
                }
                8 => {
                    let e = stack.pop().ok_or_else(|| r.error("stack underflow"))?;
                    self.not(e)?
                }
                9 => {
                    let e = stack.pop().ok_or_else(|| r.error("stack underflow"))?;
                    let (min, max) = (r.small()?, r.small()?);
                    self.repeat(e, min, if max == 0 { UNBOUNDED } else { max - 1 })?
                }
                10 => {
                    let spelling = match r.small()? {
                        0 => Spelling::Whole,
                        1 => Spelling::Plain,
                        2 => Spelling::Scientific,
                        _ => return Err(r.error("unknown spelling")),
                    };
                    let (modulus, places) = (r.number()?, r.small()?);
                    let (low, high) = (r.text()?, r.text()?);
                    let high = (!high.is_empty()).then_some(high);
                    self.multiples(spelling, modulus, places, low, high)?
                }
                11 => {
                    let e = stack.pop().ok_or_else(|| r.error("stack underflow"))?;
                    let slot = r.slot()?;
                    if kept.len() <= slot {
                        kept.resize(slot + 1, None);
                    }
                    kept[slot] = Some(e);
                    continue;
                }
                12 => {
                    let slot = r.slot()?;
                    let known = kept.get(slot).copied().flatten();
                    known.ok_or_else(|| r.error("nothing is kept there"))?
                }
                13 => {
                    let states = r.states()?;
                    self.machine(&states)?
                }
                _ => return Err(r.error("unknown operation")),
            };
            stack.push(e);
        }
        match stack[..] {
            [e] => Ok(e),
            _ => Err(r.error("the program must leave one expression")),
        }
    }
}
