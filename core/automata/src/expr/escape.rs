//! The decoder of JSON string escapes (RFC 8259 §7), as a state beside an expression.
//!
//! Patterns, lengths and constants speak of *decoded* text; the text a model writes is escaped. A
//! `Json(e, state)` node reads escaped bytes, hands decoded UTF-8 to `e`, and ends with the closing
//! quote. Every escape form is accepted, surrogate pairs are one code point, lone surrogates are
//! not text. Rejected: expanding each character class into its escaped spellings, which multiplies
//! every pattern by the escape forms and loses lengths in code points.

use super::utf8;
use crate::byteset::ByteSet;

/// Where in an escape the decoder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Escape {
    /// In plain text; the state is that of the UTF-8 decoder.
    Text(u8),
    /// After a backslash.
    Backslash,
    /// After `\u` and some of its digits.
    Unit {
        /// How many.
        digits: u8,
        /// Their value.
        value: u16,
    },
    /// After a high surrogate: a backslash must follow.
    High(u16),
    /// After a high surrogate and a backslash: `u` must follow.
    HighBackslash(u16),
    /// Within the low surrogate.
    Low {
        /// The high surrogate.
        high: u16,
        /// How many digits of the low one are read.
        digits: u8,
        /// Their value.
        value: u16,
    },
}

/// The bytes that stand for themselves, or begin a character that does.
const PLAIN: ByteSet = ByteSet::range(0, 0x1F)
    .union(&ByteSet::of(b"\"\\"))
    .complement();

/// What reading a byte does.
pub(crate) enum Read {
    /// The byte cannot come here.
    Fail,
    /// The closing quote.
    Close,
    /// Nothing decoded yet.
    Move(Escape),
    /// One byte of plain text is decoded as it stands.
    Byte(u8, Escape),
    /// A whole code point is decoded.
    Char(char),
}

impl Escape {
    /// At a character boundary.
    pub const START: Escape = Escape::Text(utf8::START);

    pub(crate) fn pack(self) -> u64 {
        match self {
            Escape::Text(state) => u64::from(state),
            Escape::Backslash => 1 << 40,
            Escape::Unit { digits, value } => 2 << 40 | u64::from(digits) << 32 | u64::from(value),
            Escape::High(high) => 3 << 40 | u64::from(high),
            Escape::HighBackslash(high) => 4 << 40 | u64::from(high),
            Escape::Low {
                high,
                digits,
                value,
            } => 5 << 40 | u64::from(digits) << 32 | u64::from(high) << 16 | u64::from(value),
        }
    }

    pub(crate) fn read(self, b: u8) -> Read {
        match self {
            Escape::Text(utf8::START) => match b {
                b'"' => Read::Close,
                b'\\' => Read::Move(Escape::Backslash),
                0x00..=0x1F => Read::Fail,
                _ => text(utf8::START, b),
            },
            Escape::Text(state) => text(state, b),
            Escape::Backslash => match b {
                b'"' | b'\\' | b'/' => Read::Char(char::from(b)),
                b'b' => Read::Char('\u{8}'),
                b'f' => Read::Char('\u{c}'),
                b'n' => Read::Char('\n'),
                b'r' => Read::Char('\r'),
                b't' => Read::Char('\t'),
                b'u' => Read::Move(Escape::Unit {
                    digits: 0,
                    value: 0,
                }),
                _ => Read::Fail,
            },
            Escape::Unit { digits, value } => match hex(value, b) {
                None => Read::Fail,
                Some(value) if digits < 3 => Read::Move(Escape::Unit {
                    digits: digits + 1,
                    value,
                }),
                Some(value @ 0xD800..=0xDBFF) => Read::Move(Escape::High(value)),
                Some(value) => char::from_u32(u32::from(value)).map_or(Read::Fail, Read::Char),
            },
            Escape::High(high) => match b {
                b'\\' => Read::Move(Escape::HighBackslash(high)),
                _ => Read::Fail,
            },
            Escape::HighBackslash(high) => match b {
                b'u' => Read::Move(Escape::Low {
                    high,
                    digits: 0,
                    value: 0,
                }),
                _ => Read::Fail,
            },
            Escape::Low {
                high,
                digits,
                value,
            } => match hex(value, b) {
                None => Read::Fail,
                Some(value) if digits < 3 => Read::Move(Escape::Low {
                    high,
                    digits: digits + 1,
                    value,
                }),
                Some(value @ 0xDC00..=0xDFFF) => {
                    char::from_u32(pair(high, value)).map_or(Read::Fail, Read::Char)
                }
                Some(_) => Read::Fail,
            },
        }
    }

    /// The bytes that may come next, if decoded text begins with some of `text`, or ends here.
    pub(crate) fn begins(self, text: &ByteSet, ends: bool) -> ByteSet {
        const ESCAPED: ByteSet = ByteSet::of(b"\"\\/bfnrtu");
        const DIGITS: ByteSet = ByteSet::of(b"0123456789abcdefABCDEF");
        const SLASH: ByteSet = ByteSet::single(b'\\');
        const QUOTE: ByteSet = ByteSet::single(b'"');
        const LATER: ByteSet = ByteSet::range(0x80, 0xFF);
        match self {
            Escape::Text(utf8::START) => {
                let mut set = text.intersection(&PLAIN);
                if !text.is_empty() {
                    set = set.union(&SLASH);
                }
                if ends { set.union(&QUOTE) } else { set }
            }
            Escape::Text(_) => text.intersection(&LATER),
            Escape::Backslash => ESCAPED,
            Escape::Unit { .. } | Escape::Low { .. } => DIGITS,
            Escape::High(_) => SLASH,
            Escape::HighBackslash(_) => ByteSet::single(b'u'),
        }
    }

    /// The code points that may still come out of the escape under way; `None`: any, in plain text.
    pub(crate) fn pending(self) -> Option<Vec<(u32, u32)>> {
        let span = |digits: u8, value: u16| {
            let free = 4 * (4 - u32::from(digits));
            let lo = u32::from(value) << free;
            (lo, lo + (1 << free) - 1)
        };
        let mut out = Vec::new();
        match self {
            Escape::Text(_) => return None,
            Escape::Backslash => out.push((0, 0x10_FFFF)),
            Escape::Unit { digits, value } => {
                let (lo, hi) = span(digits, value);
                for (lo, hi) in [(lo, hi.min(0xD7FF)), (lo.max(0xE000), hi)] {
                    if lo <= hi {
                        out.push((lo, hi));
                    }
                }
                let (lo, hi) = (lo.max(0xD800), hi.min(0xDBFF));
                if lo <= hi {
                    out.push((pair(lo as u16, 0xDC00), pair(hi as u16, 0xDFFF)));
                }
            }
            Escape::High(high) | Escape::HighBackslash(high) => {
                out.push((pair(high, 0xDC00), pair(high, 0xDFFF)));
            }
            Escape::Low {
                high,
                digits,
                value,
            } => {
                let (lo, hi) = span(digits, value);
                let (lo, hi) = (lo.max(0xDC00), hi.min(0xDFFF));
                if lo <= hi {
                    out.push((pair(high, lo as u16), pair(high, hi as u16)));
                }
            }
        }
        Some(out)
    }
}

fn text(state: u8, b: u8) -> Read {
    utf8::step(state, b).map_or(Read::Fail, |next| Read::Byte(b, Escape::Text(next)))
}

fn hex(value: u16, b: u8) -> Option<u16> {
    char::from(b).to_digit(16).map(|d| value << 4 | d as u16)
}

fn pair(high: u16, low: u16) -> u32 {
    0x1_0000 + ((u32::from(high) - 0xD800) << 10) + (u32::from(low) - 0xDC00)
}

/// Decodes the inside of a JSON string as far as it goes; an escape that is not finished is left
/// out, which `None` as second member of the result tells apart from a whole text.
pub fn decode_prefix(raw: &[u8]) -> Option<(Vec<u8>, Escape)> {
    let mut out = Vec::with_capacity(raw.len());
    let mut state = Escape::START;
    for &b in raw {
        state = match state.read(b) {
            Read::Fail | Read::Close => return None,
            Read::Move(next) => next,
            Read::Byte(b, next) => {
                out.push(b);
                next
            }
            Read::Char(c) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                Escape::START
            }
        };
    }
    Some((out, state))
}
