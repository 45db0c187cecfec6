//! Exponent forms: a mantissa `d.ddd`, then an exponent.
//!
//! With a factor `unit · 10^power` and a mantissa whose digits are M, without the zeros at its end,
//! M · 10^e' is a multiple exactly if `rest` divides M and e' is at least what M lacks of the powers
//! of `prime`: so what matters of M is its residue by the unit, and the exponents that fit are an
//! interval, which the bounds cut. They are compared by exponent first, by mantissa where it is the
//! bound's own.
//!
//! Whether a member is left: with a greater exponent a mantissa is a multiple all the more, so only
//! the greatest exponent that the upper bound leaves free is asked for, and the bound's own.

use super::guess::{Digits, Gap};
use super::{Bound, Lattice, Place, Read, Scale, hits, shifted, valuation, without_tens};
use crate::byteset::ByteSet;

/// Digits of a mantissa behind the point.
pub(super) const FRACTION: u8 = 16;
const EXPONENT: i32 = 999;

/// A place in an exponent form, before the exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Scientific {
    part: Part,
    /// Digits read behind the point.
    digits: u8,
    /// Zeros at the end of the digits read.
    zeros: u8,
    /// The digits read without these zeros, by the factor's unit.
    residue: u64,
    low: Side,
    high: Side,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Start,
    Lead,
    Point,
    Fraction,
}

/// The digits read beside those of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Side {
    Less,
    /// So many of the bound's digits are read.
    Tight(u8),
    Greater,
}

impl Side {
    fn after(self, bound: Option<&Bound>, digit: u8) -> Side {
        let (Side::Tight(at), Some(bound)) = (self, bound) else {
            return self;
        };
        let own = bound.significant.get(usize::from(at)).copied().unwrap_or(0);
        match digit.cmp(&own) {
            std::cmp::Ordering::Less => Side::Less,
            std::cmp::Ordering::Equal => Side::Tight(at + 1),
            std::cmp::Ordering::Greater => Side::Greater,
        }
    }

    fn rest(at: u8, bound: &Bound) -> &[u8] {
        bound.significant.get(usize::from(at)..).unwrap_or(&[])
    }
}

impl Scientific {
    pub fn start(lattice: &Lattice) -> Self {
        // Without a bound, nothing is compared.
        Scientific {
            part: Part::Start,
            digits: 0,
            zeros: 0,
            residue: 0,
            low: lattice
                .low
                .as_ref()
                .map_or(Side::Greater, |_| Side::Tight(0)),
            high: lattice.high.as_ref().map_or(Side::Less, |_| Side::Tight(0)),
        }
    }

    pub fn begins(&self) -> ByteSet {
        let mark = ByteSet::of(b"eE");
        let digit = ByteSet::range(b'0', b'9');
        match self.part {
            Part::Start => ByteSet::range(b'1', b'9'),
            Part::Lead => mark.union(&ByteSet::single(b'.')),
            Part::Point => digit,
            Part::Fraction if self.digits == FRACTION => mark,
            Part::Fraction => mark.union(&digit),
        }
    }

    pub fn read(self, lattice: &Lattice, b: u8) -> Read {
        match (self.part, b) {
            (Part::Lead, b'.') => Read::To(Place::Scientific(Scientific {
                part: Part::Point,
                ..self
            })),
            (Part::Lead | Part::Fraction, b'e' | b'E') => match self.exponents(lattice) {
                Some((first, last)) => Read::Exponents(first, last),
                None => Read::Fail,
            },
            (Part::Start, b'1'..=b'9') => self.with_digit(lattice, b - b'0', Part::Lead, 0),
            (Part::Point | Part::Fraction, b'0'..=b'9') if self.digits < FRACTION => {
                self.with_digit(lattice, b - b'0', Part::Fraction, self.digits + 1)
            }
            _ => Read::Fail,
        }
    }

    fn with_digit(self, lattice: &Lattice, digit: u8, part: Part, digits: u8) -> Read {
        let unit = lattice.scale.unit;
        let (residue, zeros) = if digit == 0 {
            (self.residue, self.zeros + 1)
        } else {
            let moved = shifted(self.residue, u32::from(self.zeros) + 1, unit);
            let sum = (u128::from(moved) + u128::from(digit)) % u128::from(unit);
            (sum as u64, 0)
        };
        Read::To(Place::Scientific(Scientific {
            part,
            digits,
            zeros,
            residue,
            low: self.low.after(lattice.low.as_ref(), digit),
            high: self.high.after(lattice.high.as_ref(), digit),
        }))
    }

    /// The exponents that make a member of the mantissa read.
    fn exponents(&self, lattice: &Lattice) -> Option<(i32, i32)> {
        let scale = &lattice.scale;
        if self.residue % scale.rest != 0 {
            return None;
        }
        let held = match self.residue {
            0 => scale.count,
            r => valuation(r, scale.prime).min(scale.count),
        };
        let places = i32::from(self.digits) - i32::from(self.zeros);
        let mut first = (scale.count - held) as i32 + places + scale.power;
        let mut last = EXPONENT;
        if let Some(low) = &lattice.low {
            let met = match self.low {
                Side::Less => false,
                Side::Tight(at) => Side::rest(at, low).is_empty(),
                Side::Greater => true,
            };
            first = first.max(low.exponent + i32::from(!met));
        }
        if let Some(high) = &lattice.high {
            last = last.min(high.exponent - i32::from(self.high == Side::Greater));
        }
        first = first.max(-EXPONENT);
        (first <= last).then_some((first, last))
    }

    /// The place for digits of the mantissa.
    pub(super) fn gap(&self, lattice: &Lattice) -> Option<Digits> {
        let Scale { unit, power, .. } = lattice.scale;
        let residue = shifted(self.residue, u32::from(self.zeros), unit);
        let gap = Gap::Mantissa(
            self.digits,
            matches!(self.part, Part::Point | Part::Fraction),
        );
        (self.part != Part::Start).then_some((gap, unit, residue, power))
    }

    /// Whether a member is left.
    pub fn lives(&self, lattice: &Lattice) -> bool {
        match self.part {
            Part::Start => (b'1'..=b'9').any(|b| match self.read(lattice, b) {
                Read::To(Place::Scientific(next)) => next.lives(lattice),
                _ => false,
            }),
            _ => self.fits(lattice, FRACTION - self.digits),
        }
    }

    /// Whether `more` digits can make a mantissa of a member.
    fn fits(&self, lattice: &Lattice, more: u8) -> bool {
        let top = lattice.high.as_ref().map_or(EXPONENT, |h| h.exponent);
        let top = top.min(EXPONENT);
        [top, top - 1]
            .iter()
            .any(|&e| self.fits_with(lattice, more, e))
    }

    fn fits_with(&self, lattice: &Lattice, more: u8, exponent: i32) -> bool {
        if exponent < -EXPONENT {
            return false;
        }
        let mut low = None;
        if let Some(bound) = &lattice.low {
            match (exponent.cmp(&bound.exponent), self.low) {
                (std::cmp::Ordering::Less, _) => return false,
                (std::cmp::Ordering::Equal, Side::Less) => return false,
                (std::cmp::Ordering::Equal, Side::Tight(at)) => low = Some(Side::rest(at, bound)),
                _ => {}
            }
        }
        let mut high = None;
        if let Some(bound) = &lattice.high {
            match (exponent.cmp(&bound.exponent), self.high) {
                (std::cmp::Ordering::Greater, _) => return false,
                (std::cmp::Ordering::Equal, Side::Greater) => return false,
                (std::cmp::Ordering::Equal, Side::Tight(at)) => high = Some(Side::rest(at, bound)),
                _ => {}
            }
        }
        let scale = &lattice.scale;
        let read = shifted(self.residue, u32::from(self.zeros), scale.unit);
        // The power of ten of the last digit of the mantissa, beside that of the unit.
        let last = exponent - i32::from(self.digits) - i32::from(more) - scale.power;
        if last >= 0 {
            let modulus = without_tens(scale.unit, last.unsigned_abs());
            return hits(modulus, read, low, high, usize::from(more));
        }
        // So many digits at the end must be zeros.
        let idle = last.unsigned_abs();
        if idle <= u32::from(more) {
            let free = u32::from(more) - idle;
            return hits(scale.unit, read, low, high, free as usize);
        }
        let behind = idle - u32::from(more);
        let Some(kept) = u32::from(self.zeros).checked_sub(behind) else {
            return false;
        };
        low.is_none_or(|rest| rest.iter().all(|&d| d == 0))
            && shifted(self.residue, kept, scale.unit) == 0
    }

    /// No member is shorter.
    pub fn shortest(&self, lattice: &Lattice) -> u64 {
        // A digit, and a mark with one digit.
        let own = match self.part {
            Part::Start => return 3,
            Part::Lead | Part::Fraction => 2,
            Part::Point => 3,
        };
        let room = FRACTION - self.digits;
        let from = u8::from(self.part == Part::Point);
        let digits = (from..=room).find(|&more| self.fits(lattice, more));
        let digits = u64::from(digits.unwrap_or(room));
        own - u64::from(from) + digits + u64::from(self.part == Part::Lead && digits > 0)
    }
}
