//! The spellings of numbers.
//!
//! Unconstrained numbers take every spelling of RFC 8259. "Every spelling of 1" is not regular
//! (`1 0ᵏ e-k`), so what bounds, constants and complements speak of are the numbers in a universe
//! of spellings: plain decimals, and exponent forms with one digit before the point. The front end
//! says constraints within the same universe.

use super::Values;
use crate::byteset::ByteSet;
use crate::error::Result;
use crate::expr::{Arena, EMPTY, ExprId, FULL, UNBOUNDED};

/// Digits after the point of an exponent form.
const FRACTION: u32 = 16;

/// An exponent beyond every text.
const FAR: i64 = 1 << 48;

/// Digits of an exponent.
const EXPONENT: u32 = 3;

impl Values {
    /// Every number, in the spellings that constraints speak of.
    pub(super) fn all_numbers(&mut self, arena: &mut Arena) -> Result<ExprId> {
        if let Some(known) = self.all_numbers {
            return Ok(known);
        }
        let made = universe(arena)?;
        self.all_numbers = Some(made);
        Ok(made)
    }

    /// The numbers that are not in a set.
    pub(super) fn not_numbers(&mut self, arena: &mut Arena, e: ExprId) -> Result<ExprId> {
        match e {
            FULL => Ok(EMPTY),
            EMPTY => Ok(FULL),
            _ => {
                let (all, others) = (self.all_numbers(arena)?, arena.not(e)?);
                arena.and(vec![all, others])
            }
        }
    }
}

/// `-?(0|[1-9]\d*)(\.\d+)?`, `-?[1-9](\.\d{1,16})?[eE][+-]?\d{1,3}`, and the latter with zeros only
/// before the `e`.
fn universe(arena: &mut Arena) -> Result<ExprId> {
    let digit = arena.bytes(ByteSet::range(b'0', b'9'))?;
    let nonzero = arena.bytes(ByteSet::range(b'1', b'9'))?;
    let zero = arena.literal(b"0")?;
    let point = arena.literal(b".")?;
    let sign = optional_sign(arena)?;
    let digits = arena.repeat(digit, 0, UNBOUNDED)?;
    let large = arena.concat(nonzero, digits)?;
    let whole = arena.or(vec![zero, large])?;
    let tail = |arena: &mut Arena, digit: ExprId, most: u32| -> Result<ExprId> {
        let digits = arena.repeat(digit, 1, most)?;
        let tail = arena.concat(point, digits)?;
        arena.repeat(tail, 0, 1)
    };
    let fraction = tail(arena, digit, UNBOUNDED)?;
    let plain = arena.concat(whole, fraction)?;
    let short = tail(arena, digit, FRACTION)?;
    let zeros = tail(arena, zero, FRACTION)?;
    let mantissa = arena.concat(nonzero, short)?;
    let nothing = arena.concat(zero, zeros)?;
    let mantissas = arena.or(vec![mantissa, nothing])?;
    let exponent = exponent(arena, digit, EXPONENT)?;
    let scientific = arena.concat(mantissas, exponent)?;
    let magnitude = arena.or(vec![plain, scientific])?;
    arena.concat(sign, magnitude)
}

pub(super) fn optional_sign(arena: &mut Arena) -> Result<ExprId> {
    let minus = arena.literal(b"-")?;
    arena.repeat(minus, 0, 1)
}

/// An exponent of one to so many digits.
pub(super) fn exponent(arena: &mut Arena, digit: ExprId, most: u32) -> Result<ExprId> {
    let mut mark = ByteSet::single(b'e');
    mark.insert(b'E');
    let mark = arena.bytes(mark)?;
    let mut signs = ByteSet::single(b'+');
    signs.insert(b'-');
    let signs = arena.bytes(signs)?;
    let signs = arena.repeat(signs, 0, 1)?;
    let digits = arena.repeat(digit, 1, most)?;
    arena.concat_all(&[mark, signs, digits])
}

/// Every spelling, within the universe, of the number that a text spells.
pub(super) fn spellings_of(arena: &mut Arena, text: &[u8]) -> Result<ExprId> {
    let number = Decimal::read(text);
    let digit_zero = arena.literal(b"0")?;
    let zeros = |arena: &mut Arena, most: u32| arena.repeat(digit_zero, 0, most);
    let magnitude = if number.digits.is_empty() {
        let digit = arena.bytes(ByteSet::range(b'0', b'9'))?;
        let point = arena.literal(b".")?;
        let tail = |arena: &mut Arena, most: u32| -> Result<ExprId> {
            let zeros = arena.repeat(digit_zero, 1, most)?;
            let tail = arena.concat(point, zeros)?;
            arena.repeat(tail, 0, 1)
        };
        let (long, short) = (tail(arena, UNBOUNDED)?, tail(arena, FRACTION)?);
        let exponent = exponent(arena, digit, EXPONENT)?;
        let plain = arena.concat(digit_zero, long)?;
        let scientific = arena.concat_all(&[digit_zero, short, exponent])?;
        arena.or(vec![plain, scientific])?
    } else {
        let plain = number.positional(arena)?;
        let places = number.digits.len() as u32 - 1;
        if places <= FRACTION && number.exponent.unsigned_abs() < 1_000 {
            let mantissa = if places == 0 {
                let head = arena.literal(&number.digits)?;
                let tail = arena.literal(b".0")?;
                let more = zeros(arena, FRACTION - 1)?;
                let tail = arena.concat(tail, more)?;
                let tail = arena.repeat(tail, 0, 1)?;
                arena.concat(head, tail)?
            } else {
                let mut text = number.digits.clone();
                text.insert(1, b'.');
                let text = arena.literal(&text)?;
                let more = zeros(arena, FRACTION - places)?;
                arena.concat(text, more)?
            };
            let exponent = exponent_of(arena, number.exponent)?;
            let scientific = arena.concat(mantissa, exponent)?;
            arena.or(vec![plain, scientific])?
        } else {
            plain
        }
    };
    let sign = match (number.digits.is_empty(), number.negative) {
        (true, _) => optional_sign(arena)?,
        (false, true) => arena.literal(b"-")?,
        (false, false) => crate::expr::EPSILON,
    };
    arena.concat(sign, magnitude)
}

/// `e` and the spellings of one exponent of up to three digits.
fn exponent_of(arena: &mut Arena, value: i64) -> Result<ExprId> {
    let mut mark = ByteSet::single(b'e');
    mark.insert(b'E');
    let mark = arena.bytes(mark)?;
    let mut signs = ByteSet::EMPTY;
    if value >= 0 {
        signs.insert(b'+');
    }
    if value <= 0 {
        signs.insert(b'-');
    }
    let sign = arena.bytes(signs)?;
    let sign = arena.repeat(sign, u32::from(value < 0), 1)?;
    let text = value.unsigned_abs().to_string();
    let zero = arena.literal(b"0")?;
    let zeros = arena.repeat(zero, 0, EXPONENT.saturating_sub(text.len() as u32))?;
    let digits = arena.literal(text.as_bytes())?;
    arena.concat_all(&[mark, sign, zeros, digits])
}

/// A decimal number d₁.d₂… · 10ᵉ; zero has no digits.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Reads a JSON number.
    fn read(text: &[u8]) -> Decimal {
        let negative = text.first() == Some(&b'-');
        let end = text.iter().position(|b| matches!(b, b'e' | b'E'));
        let (mantissa, power) = text.split_at(end.unwrap_or(text.len()));
        let power = std::str::from_utf8(power.get(1..).unwrap_or(&[])).unwrap_or("");
        let power: i64 = match power.strip_prefix('+').unwrap_or(power) {
            "" => 0,
            power => power.parse().unwrap_or(match power.starts_with('-') {
                true => -FAR,
                false => FAR,
            }),
        };
        let power = power.clamp(-FAR, FAR);
        let point = mantissa.iter().position(|&b| b == b'.');
        let whole = point.unwrap_or(mantissa.len()) - usize::from(negative);
        let all: Vec<u8> = mantissa
            .iter()
            .copied()
            .filter(u8::is_ascii_digit)
            .collect();
        let first = all.iter().position(|&b| b != b'0');
        let Some(first) = first else {
            return Decimal {
                negative,
                digits: Vec::new(),
                exponent: 0,
            };
        };
        let last = all.iter().rposition(|&b| b != b'0').unwrap_or(first);
        Decimal {
            negative,
            digits: all[first..=last].to_vec(),
            exponent: (whole as i64 - 1 - first as i64).saturating_add(power),
        }
    }

    /// The spellings without an exponent: none if they are longer than any text.
    fn positional(&self, arena: &mut Arena) -> Result<ExprId> {
        let zero = arena.literal(b"0")?;
        let more = arena.repeat(zero, 0, UNBOUNDED)?;
        // How many zeros stand between the digits and the point.
        let digits = self.digits.len() as i64;
        let between = match self.exponent {
            before if before < 0 => -1 - before,
            before => before + 1 - digits,
        };
        let between = match u32::try_from(between.max(0)) {
            Ok(zeros) if zeros < UNBOUNDED => arena.repeat(zero, zeros, zeros)?,
            _ => return Ok(EMPTY),
        };
        if self.exponent < 0 {
            let (point, digits) = (arena.literal(b"0.")?, arena.literal(&self.digits)?);
            return arena.concat_all(&[point, between, digits, more]);
        }
        if self.exponent + 1 < digits {
            let mut text = self.digits.clone();
            text.insert(self.exponent as usize + 1, b'.');
            let text = arena.literal(&text)?;
            return arena.concat(text, more);
        }
        let (digits, point) = (arena.literal(&self.digits)?, arena.literal(b".0")?);
        let tail = arena.concat(point, more)?;
        let tail = arena.repeat(tail, 0, 1)?;
        arena.concat_all(&[digits, between, tail])
    }
}
