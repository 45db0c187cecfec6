//! Multiples of a decimal, judged by their definition: a spelling is taken apart and compared as
//! decimal digits.

use super::chance::Chance;
use super::re::number;
use grammarlib_automata::Result;
use grammarlib_automata::expr::{Arena, ExprId, Spelling};

/// Those of `modulus · 10^-places` from `low` to `high`, digits in units of `10^-places`.
#[derive(Clone, Debug)]
pub struct Multiples {
    pub spelling: Spelling,
    pub modulus: u64,
    pub places: u32,
    pub low: Vec<u8>,
    pub high: Option<Vec<u8>>,
}

impl Multiples {
    pub fn build(&self, arena: &mut Arena) -> Result<ExprId> {
        let high = self.high.as_deref();
        arena.multiples(self.spelling, self.modulus, self.places, &self.low, high)
    }

    pub fn encode(&self, out: &mut Vec<u8>) {
        out.push(10);
        number(self.spelling as u64, out);
        number(self.modulus, out);
        number(self.places.into(), out);
        for bound in [&self.low[..], self.high.as_deref().unwrap_or(&[])] {
            number(bound.len() as u64, out);
            out.extend_from_slice(bound);
        }
    }

    /// What the description of the format promises.
    pub fn is_well_formed(&self) -> bool {
        let digits = |d: &[u8]| !d.is_empty() && d.len() <= 820 && d.iter().all(u8::is_ascii_digit);
        let most = if self.spelling == Spelling::Whole {
            0
        } else {
            410
        };
        (1..1 << 63).contains(&self.modulus)
            && self.places <= most
            && digits(&self.low)
            && self.high.as_deref().is_none_or(digits)
    }

    pub fn holds(&self, text: &[u8]) -> bool {
        let Some((digits, power)) = self.read(text) else {
            return false;
        };
        // In units of the last place.
        let mut units = digits;
        let power = power + self.places as i32;
        for _ in power..0 {
            if units.pop().is_some_and(|d| d != b'0') {
                return false;
            }
        }
        if units.iter().any(|&d| d != b'0') {
            units.extend((0..power.max(0)).map(|_| b'0'));
        }
        let rest = units.iter().fold(0u128, |r, d| {
            (r * 10 + u128::from(d - b'0')) % u128::from(self.modulus)
        });
        rest == 0
            && !less(&units, &self.low)
            && self.high.as_deref().is_none_or(|high| !less(high, &units))
    }

    /// The digits of a spelling, and the power of ten of the last of them.
    fn read(&self, text: &[u8]) -> Option<(Vec<u8>, i32)> {
        let text = std::str::from_utf8(text).ok()?;
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        if exponent.is_some() != (self.spelling == Spelling::Scientific) {
            return None;
        }
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (mantissa, ""),
        };
        let digits = |d: &str| d.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return None;
        }
        let power = match exponent {
            Some(exponent) => {
                let own = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                let fits = (1..=3).contains(&own.len()) && digits(own);
                let mantissa = whole.len() == 1 && whole != "0" && fraction.len() <= 16;
                if !fits || !mantissa {
                    return None;
                }
                let size: i32 = own.parse().ok()?;
                if exponent.starts_with('-') {
                    -size
                } else {
                    size
                }
            }
            None if whole.len() > 1 && whole.starts_with('0') => return None,
            None if self.spelling == Spelling::Whole && mantissa.contains('.') => return None,
            None => 0,
        };
        let all = format!("{whole}{fraction}").into_bytes();
        Some((all, power - fraction.len() as i32))
    }

    /// A spelling of a number near a bound or of a small one, often a member.
    pub fn sample(&self, chance: &mut Chance, out: &mut Vec<u8>) {
        let near = match (&self.high, chance.below(3)) {
            (Some(high), 0) => high,
            (_, 1) => &self.low,
            _ => &b"0".to_vec(),
        };
        let text = String::from_utf8_lossy(&near[..near.len().min(30)]).into_owned();
        let base: u128 = text.parse().unwrap_or(0);
        let step = u128::from(self.modulus);
        let some = base.saturating_add(chance.below(30) as u128) / step;
        let units = (some + chance.below(3) as u128) * step + u128::from(chance.once_in(4));
        let width = self.places as usize + 1;
        let digits = format!("{units:0width$}");
        let (whole, fraction) = digits.split_at(digits.len() - self.places as usize);
        if self.spelling != Spelling::Scientific {
            out.extend_from_slice(whole.as_bytes());
            let shown = fraction.trim_end_matches('0');
            if !shown.is_empty() || chance.once_in(4) {
                out.extend_from_slice(format!(".{shown}").as_bytes());
                out.extend((0..chance.below(3)).map(|_| b'0'));
            }
            return;
        }
        let shown = digits.trim_start_matches('0');
        let power = shown.len() as i32 - 1 - self.places as i32;
        let kept = shown.trim_end_matches('0');
        let (first, rest) = kept.split_at(kept.len().min(1));
        out.extend_from_slice(first.as_bytes());
        if !rest.is_empty() {
            out.extend_from_slice(format!(".{rest}").as_bytes());
        }
        let power = power + [0, 0, 0, 1, -1][chance.below(5)];
        let plus = if power >= 0 && chance.once_in(2) {
            "+"
        } else {
            ""
        };
        out.extend_from_slice(format!("e{plus}{power}").as_bytes());
    }
}

/// Whether one number is less than another, by their digits.
fn less(a: &[u8], b: &[u8]) -> bool {
    let own = |d: &[u8]| {
        d.iter()
            .skip_while(|&&d| d == b'0')
            .copied()
            .collect::<Vec<u8>>()
    };
    let (a, b) = (own(a), own(b));
    (a.len(), a) < (b.len(), b)
}
