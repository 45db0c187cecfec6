//! UTF-8: code point ranges as byte expressions, and the validity decoder's eight states.

use super::{Arena, EMPTY, ExprId};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use regex_syntax::utf8::Utf8Sequences;

/// The decoder between two characters.
pub(crate) const START: u8 = 0;

/// One step of the decoder (Unicode Standard, table 3-7); `None`: not valid UTF-8.
pub(crate) fn step(state: u8, b: u8) -> Option<u8> {
    let within = |lo: u8, hi: u8, next: u8| (lo <= b && b <= hi).then_some(next);
    match state {
        0 => match b {
            0x00..=0x7F => Some(0),
            0xC2..=0xDF => Some(1),
            0xE0 => Some(4),
            0xE1..=0xEC | 0xEE..=0xEF => Some(2),
            0xED => Some(5),
            0xF0 => Some(6),
            0xF1..=0xF3 => Some(3),
            0xF4 => Some(7),
            _ => None,
        },
        1 => within(0x80, 0xBF, 0),
        2 => within(0x80, 0xBF, 1),
        3 => within(0x80, 0xBF, 2),
        4 => within(0xA0, 0xBF, 1),
        5 => within(0x80, 0x9F, 1),
        6 => within(0x90, 0xBF, 2),
        _ => within(0x80, 0x8F, 2),
    }
}

impl Arena {
    /// One character out of these inclusive ranges of code points; surrogates are left out.
    pub fn class(&mut self, ranges: &[(u32, u32)]) -> Result<ExprId> {
        let mut members = Vec::new();
        let mut ascii = ByteSet::EMPTY;
        for &(lo, hi) in ranges {
            if lo > hi || hi > 0x10_FFFF {
                return Err(Error::Invalid(format!(
                    "code point range {lo:#x}-{hi:#x} is malformed"
                )));
            }
            for (lo, hi) in [(lo, hi.min(0xD7FF)), (lo.max(0xE000), hi)] {
                if lo > hi {
                    continue;
                }
                let (Some(lo), Some(hi)) = (char::from_u32(lo), char::from_u32(hi)) else {
                    return Err(Error::Invalid("surrogate in a class".into()));
                };
                for sequence in Utf8Sequences::new(lo, hi) {
                    let parts = sequence.as_slice();
                    if let [one] = parts {
                        ascii = ascii.union(&ByteSet::range(one.start, one.end));
                        continue;
                    }
                    let mut tail = super::EPSILON;
                    for part in parts.iter().rev() {
                        let set = self.bytes(ByteSet::range(part.start, part.end))?;
                        tail = self.concat(set, tail)?;
                    }
                    self.set_text(tail);
                    members.push(tail);
                }
            }
        }
        if !ascii.is_empty() {
            members.push(self.bytes(ascii)?);
        }
        let e = self.or(members)?;
        if e != EMPTY {
            self.set_text(e);
        }
        Ok(e)
    }
}
