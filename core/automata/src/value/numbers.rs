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
    let exponent = exponent(arena, digit)?;
    let scientific = arena.concat(mantissas, exponent)?;
    let magnitude = arena.or(vec![plain, scientific])?;
    arena.concat(sign, magnitude)
}

fn optional_sign(arena: &mut Arena) -> Result<ExprId> {
    let minus = arena.literal(b"-")?;
    arena.repeat(minus, 0, 1)
}

fn exponent(arena: &mut Arena, digit: ExprId) -> Result<ExprId> {
    let mut mark = ByteSet::single(b'e');
    mark.insert(b'E');
    let mark = arena.bytes(mark)?;
    let mut signs = ByteSet::single(b'+');
    signs.insert(b'-');
    let signs = arena.bytes(signs)?;
    let signs = arena.repeat(signs, 0, 1)?;
    let digits = arena.repeat(digit, 1, EXPONENT)?;
    arena.concat_all(&[mark, signs, digits])
}
