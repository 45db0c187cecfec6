//! Plain decimals: the digits as one number in units of `10^-places`.
//!
//! A lower bound says, of the digits still to come before the point, nothing, or how many there must
//! be at least, or that the digits read so far are the bound's own; an upper bound likewise. Behind
//! the last place come zeros only.

use super::guess::{Digits, Gap};
use super::{Lattice, Place, Read, Spelling, hits};
use crate::byteset::ByteSet;

const DIGIT: ByteSet = ByteSet::range(b'0', b'9');
const POINT: ByteSet = ByteSet::single(b'.');

/// A place in a plain decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Plain {
    part: Part,
    residue: u64,
    low: Low,
    high: High,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Start,
    /// After a digit.
    Whole,
    /// After a leading zero.
    Zero,
    /// After the point, with so many places.
    Point(u32),
    /// After a digit behind it, with so many places left.
    Fraction(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Low {
    Free,
    /// So many digits must still come before the point.
    AtLeast(u32),
    /// As many digits are read as are the bound's own.
    Tight(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum High {
    Free,
    /// So many digits may still come before the point.
    AtMost(u32),
    Tight(u32),
}

impl Plain {
    pub fn start(lattice: &Lattice) -> Self {
        Plain {
            part: Part::Start,
            residue: 0,
            low: lattice.low.as_ref().map_or(Low::Free, |_| Low::Tight(0)),
            high: lattice.high.as_ref().map_or(High::Free, |_| High::Tight(0)),
        }
    }

    /// The place for digits before the point.
    pub(super) fn gap(&self, lattice: &Lattice) -> Option<Digits> {
        let modulus = lattice.reduced[lattice.places as usize];
        matches!(self.part, Part::Whole).then_some((Gap::Whole, modulus, self.residue, 0))
    }

    /// Whether the digits of the bounds still matter.
    pub fn is_bounded(&self) -> bool {
        matches!(self.low, Low::Tight(_)) || matches!(self.high, High::Tight(_))
    }

    pub fn begins(&self, lattice: &Lattice) -> ByteSet {
        let point = if lattice.spelling == Spelling::Whole {
            ByteSet::EMPTY
        } else {
            POINT
        };
        match self.part {
            Part::Start | Part::Point(_) | Part::Fraction(_) => DIGIT,
            Part::Whole => DIGIT.union(&point),
            Part::Zero => point,
        }
    }

    pub fn read(self, lattice: &Lattice, b: u8) -> Read {
        match b {
            b'.' => self.read_point(lattice),
            b'0'..=b'9' => self.read_digit(lattice, b - b'0'),
            _ => Read::Fail,
        }
    }

    fn read_point(self, lattice: &Lattice) -> Read {
        if lattice.spelling == Spelling::Whole || !matches!(self.part, Part::Whole | Part::Zero) {
            return Read::Fail;
        }
        let (Some(low), Some(high)) = (self.low_with(lattice, 0), self.high_with(lattice, 0))
        else {
            return Read::Fail;
        };
        // A bound of another length is settled.
        let low = low.map_or(Low::Free, |_| self.low);
        let high = high.map_or(High::Free, |_| self.high);
        Read::To(Place::Plain(Plain {
            part: Part::Point(lattice.places),
            low,
            high,
            ..self
        }))
    }

    fn read_digit(self, lattice: &Lattice, digit: u8) -> Read {
        let (part, coming) = match self.part {
            Part::Start if digit == 0 => (Part::Zero, lattice.places),
            Part::Start | Part::Whole => (Part::Whole, lattice.places),
            Part::Point(0) | Part::Fraction(0) => {
                // The places are read: this digit and all others are zeros.
                return if digit == 0 && self.ends_here(lattice) {
                    Read::Zeros
                } else {
                    Read::Fail
                };
            }
            Part::Point(left) | Part::Fraction(left) => (Part::Fraction(left - 1), left - 1),
            Part::Zero => return Read::Fail,
        };
        let before = matches!(part, Part::Whole | Part::Zero);
        let (Some(low), Some(high)) = (
            self.low_after(lattice, digit, before),
            self.high_after(lattice, digit, before),
        ) else {
            return Read::Fail;
        };
        let modulus = u128::from(lattice.reduced[coming as usize]);
        let residue = (u128::from(self.residue) * 10 + u128::from(digit)) % modulus;
        let state = Plain {
            part,
            residue: residue as u64,
            low,
            high,
        };
        if part == Part::Fraction(0) {
            return if state.ends_here(lattice) {
                Read::Zeros
            } else {
                Read::Fail
            };
        }
        Read::To(Place::Plain(state))
    }

    fn low_after(&self, lattice: &Lattice, digit: u8, before: bool) -> Option<Low> {
        let (Low::Tight(at), Some(bound)) = (self.low, &lattice.low) else {
            return Some(match self.low {
                Low::AtLeast(n) if n > 1 => Low::AtLeast(n - 1),
                _ => Low::Free,
            });
        };
        let width = lattice.width(bound) as u32;
        if before && at == width {
            return Some(Low::Free);
        }
        let own = bound.digits[at as usize];
        let left = if before { width - at - 1 } else { 0 };
        match digit.cmp(&own) {
            std::cmp::Ordering::Equal => Some(Low::Tight(at + 1)),
            std::cmp::Ordering::Greater if left == 0 => Some(Low::Free),
            std::cmp::Ordering::Greater => Some(Low::AtLeast(left)),
            std::cmp::Ordering::Less => before.then_some(Low::AtLeast(left + 1)),
        }
    }

    fn high_after(&self, lattice: &Lattice, digit: u8, before: bool) -> Option<High> {
        let (High::Tight(at), Some(bound)) = (self.high, &lattice.high) else {
            return match self.high {
                High::AtMost(n) => n.checked_sub(1).map(High::AtMost),
                high => Some(high),
            };
        };
        let width = lattice.width(bound) as u32;
        if before && at == width {
            return None;
        }
        let own = bound.digits[at as usize];
        let left = if before { width - at - 1 } else { 0 };
        match digit.cmp(&own) {
            std::cmp::Ordering::Equal => Some(High::Tight(at + 1)),
            std::cmp::Ordering::Less if before => Some(High::AtMost(left)),
            std::cmp::Ordering::Less => Some(High::Free),
            std::cmp::Ordering::Greater => left.checked_sub(1).map(High::AtMost),
        }
    }

    /// The digits that those to come are compared with, if `more` of them come before the point:
    /// `None` if the bound is then broken, `Some(None)` if it is kept whatever they are.
    fn low_with<'a>(&self, lattice: &'a Lattice, more: usize) -> Option<Option<&'a [u8]>> {
        match (self.low, &lattice.low) {
            (Low::Tight(at), Some(bound)) => {
                let left = self.left_of(lattice.width(bound), at);
                let rest = &bound.digits[at as usize..];
                (more >= left).then_some((more == left).then_some(rest))
            }
            (Low::AtLeast(n), _) if more < n as usize => None,
            _ => Some(None),
        }
    }

    fn high_with<'a>(&self, lattice: &'a Lattice, more: usize) -> Option<Option<&'a [u8]>> {
        match (self.high, &lattice.high) {
            (High::Tight(at), Some(bound)) => {
                let left = self.left_of(lattice.width(bound), at);
                let rest = &bound.digits[at as usize..];
                (more <= left).then_some((more == left).then_some(rest))
            }
            (High::AtMost(n), _) if more > n as usize => None,
            _ => Some(None),
        }
    }

    /// Digits of a bound before its point that are not read.
    fn left_of(&self, width: usize, at: u32) -> usize {
        width.saturating_sub(at as usize)
    }

    /// Places that are not read.
    fn places(&self, lattice: &Lattice) -> usize {
        match self.part {
            Part::Point(left) | Part::Fraction(left) => left as usize,
            _ => lattice.places as usize,
        }
    }

    /// Whether `more` digits before the point and `behind` places can make a member.
    fn fits(&self, lattice: &Lattice, more: usize, behind: usize) -> bool {
        let (Some(low), Some(high)) = (self.low_with(lattice, more), self.high_with(lattice, more))
        else {
            return false;
        };
        let unread = self.places(lattice) - behind;
        let modulus = lattice.reduced[unread];
        hits(modulus, self.residue, low, high, more + behind)
    }

    /// Whether the digits read are a member.
    fn ends_here(&self, lattice: &Lattice) -> bool {
        self.fits(lattice, 0, 0)
    }

    pub fn ends(&self, lattice: &Lattice) -> bool {
        match self.part {
            Part::Start | Part::Point(_) => false,
            Part::Whole | Part::Zero | Part::Fraction(_) => self.ends_here(lattice),
        }
    }

    /// Whether a member is left.
    pub fn lives(&self, lattice: &Lattice) -> bool {
        match self.part {
            Part::Start => (0..10).any(|digit| match self.read_digit(lattice, digit) {
                Read::To(Place::Plain(next)) => next.lives(lattice),
                _ => false,
            }),
            Part::Whole => {
                let most = self.most_digits(lattice);
                (self.least_digits(lattice)..=most)
                    .any(|n| self.fits(lattice, n, self.places(lattice)))
            }
            Part::Zero | Part::Point(_) | Part::Fraction(_) => {
                self.fits(lattice, 0, self.places(lattice))
            }
        }
    }

    fn least_digits(&self, lattice: &Lattice) -> usize {
        match (self.low, &lattice.low) {
            (Low::AtLeast(n), _) => n as usize,
            (Low::Tight(at), Some(bound)) => self.left_of(lattice.width(bound), at),
            _ => 0,
        }
    }

    /// Digits that may come before the point, as far as more of them make a difference.
    fn most_digits(&self, lattice: &Lattice) -> usize {
        // So many free digits always make a multiple.
        let enough = self.least_digits(lattice) + 20;
        match (self.high, &lattice.high) {
            (High::AtMost(n), _) => enough.min(n as usize),
            (High::Tight(at), Some(bound)) => enough.min(self.left_of(lattice.width(bound), at)),
            _ => enough,
        }
    }

    /// The length of a shortest member.
    pub fn shortest(&self, lattice: &Lattice) -> u64 {
        let (whole, places) = match self.part {
            Part::Start => {
                let digits = (0..10).filter_map(|d| match self.read_digit(lattice, d) {
                    Read::To(Place::Plain(next)) if next.lives(lattice) => {
                        Some(next.shortest(lattice) + 1)
                    }
                    _ => None,
                });
                return digits.min().unwrap_or(u64::MAX);
            }
            Part::Whole => (self.most_digits(lattice), self.places(lattice)),
            _ => (0, self.places(lattice)),
        };
        let (whole, point) = match (self.part, lattice.spelling) {
            (_, Spelling::Whole) => (whole, 0),
            (Part::Whole | Part::Zero, _) => (whole, 1),
            _ => (whole, 0),
        };
        let least = usize::from(matches!(self.part, Part::Point(_)));
        let mut best = u64::MAX;
        for behind in 0..=places {
            for more in 0..=whole {
                let dot = if behind > 0 { point } else { 0 };
                let length = (more + dot + behind.max(least)) as u64;
                if length >= best {
                    break;
                }
                if self.fits(lattice, more, behind) {
                    best = length;
                }
            }
            if (behind + 1) as u64 >= best {
                break;
            }
        }
        best
    }
}
