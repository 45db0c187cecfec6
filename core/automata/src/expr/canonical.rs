//! One form for escapes that lead to the same place.
//!
//! An escape spells one of a set of characters that narrows with each digit: `\u4` one of 4,096,
//! `\ud83d` one of 1,024. Kept by value there are 65,536 states of an escape, and a million of a
//! surrogate pair, at every position of every string. Nearly always the language cannot tell these
//! characters apart: all of them lead to one derivative *D*. The digits are then replaced by
//! standard ones of the same kind, and the language by "any character, then *D*", so that escapes
//! of a string without conditions have fourteen states.
//!
//! *Invariant.* What replaces an expression denotes the same language, and depends on structure
//! alone, so that digests stay equal between arenas.
//!
//! *Cost.* A few derivatives for a digit, once for each expression. Rejected: deciding equivalence
//! of derivatives that are not equal in structure (an emptiness search a digit).

use super::{Arena, EMPTY, Escape, ExprId, FULL};
use crate::error::Result;
use regex_syntax::utf8::{Utf8Range, Utf8Sequences};
use rustc_hash::FxHashSet;

/// States that reading one character may pass before the question is left.
const STATES: usize = 16;

const EVERY: [(u32, u32); 1] = [(0, 0x10_FFFF)];

impl Arena {
    /// The language and the escape by which `e` in an escape is represented.
    pub(super) fn canonical_escape(
        &mut self,
        e: ExprId,
        escape: Escape,
    ) -> Result<(ExprId, Escape)> {
        let Some(standard) = escape.standard() else {
            return Ok((e, escape));
        };
        let ranges = escape.pending().unwrap_or_default();
        if ranges.is_empty() {
            return Ok((EMPTY, escape));
        }
        let Some(common) = self.common_derivative(e, &ranges)? else {
            return Ok((e, escape));
        };
        let language = if common == EMPTY || self.is_all_text(common) {
            if common == EMPTY { EMPTY } else { FULL }
        } else if self.common_derivative(common, &EVERY)? == Some(common) {
            common
        } else {
            let any = self.any_char();
            self.concat(any, common)?
        };
        Ok((language, standard))
    }

    fn is_all_text(&self, e: ExprId) -> bool {
        e == FULL || e == self.text_star()
    }

    /// The derivative of `e` by every character of the ranges, if it is one and the same.
    fn common_derivative(&mut self, e: ExprId, ranges: &[(u32, u32)]) -> Result<Option<ExprId>> {
        if e == FULL {
            return Ok(Some(FULL));
        }
        let mut common = None;
        for &(lo, hi) in ranges {
            for (lo, hi) in [(lo, hi.min(0xD7FF)), (lo.max(0xE000), hi)] {
                let (Some(lo), Some(hi)) = (char::from_u32(lo), char::from_u32(hi)) else {
                    continue;
                };
                if lo > hi {
                    continue;
                }
                for sequence in Utf8Sequences::new(lo, hi) {
                    let Some(reached) = self.read_sequence(e, sequence.as_slice())? else {
                        return Ok(None);
                    };
                    for d in reached {
                        if *common.get_or_insert(d) != d {
                            return Ok(None);
                        }
                    }
                }
            }
        }
        Ok(common)
    }

    /// What `e` becomes by the characters of these bytes; `None` if that is too much.
    fn read_sequence(
        &mut self,
        e: ExprId,
        sequence: &[Utf8Range],
    ) -> Result<Option<FxHashSet<ExprId>>> {
        let mut at = FxHashSet::from_iter([e]);
        for range in sequence {
            let mut next = FxHashSet::default();
            for e in at {
                let partition = self.partition(e);
                let mut done = [false; 256];
                for b in range.start..=range.end {
                    let class = self.classes.get(partition).map[usize::from(b)];
                    if !std::mem::replace(&mut done[usize::from(class)], true) {
                        next.insert(self.derivative(e, b)?);
                    }
                }
            }
            if next.len() > STATES {
                return Ok(None);
            }
            at = next;
        }
        Ok(Some(at))
    }
}

impl Escape {
    /// The escape that stands for all of its kind; `None` where each stands for itself.
    fn standard(self) -> Option<Escape> {
        match self {
            Escape::Text(_) | Escape::Backslash | Escape::Unit { digits: 0, .. } => None,
            Escape::Unit { digits, value } => {
                let free = 4 * (4 - u32::from(digits));
                let (lo, hi) = (
                    u32::from(value) << free,
                    ((u32::from(value) + 1) << free) - 1,
                );
                let value = if hi < 0xD800 || lo > 0xDFFF {
                    0
                } else if lo >= 0xD800 && hi <= 0xDFFF {
                    (0xD800 >> free) as u16
                } else {
                    value
                };
                Some(Escape::Unit { digits, value })
            }
            Escape::High(_) => Some(Escape::High(0xD800)),
            Escape::HighBackslash(_) => Some(Escape::HighBackslash(0xD800)),
            Escape::Low { digits, .. } => {
                let free = 4 * (4 - u32::from(digits));
                Some(Escape::Low {
                    high: 0xD800,
                    digits,
                    value: if digits == 0 {
                        0
                    } else {
                        (0xDC00 >> free) as u16
                    },
                })
            }
        }
    }
}
