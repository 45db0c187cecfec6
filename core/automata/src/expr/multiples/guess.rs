//! A likely member of what is a multiple of some numbers and of none of others.
//!
//! *Purpose.* Each of the states is live, and whether their intersection is would be a search over
//! the residues of all of them at once: factors 2 to 19 have 9,699,690. The Chinese remainder theorem
//! names the digits to come instead. They are a guess, for the caller to read: other members of the
//! intersection, bounds among them, may forbid them.
//!
//! *Cost.* A few divisions for each length and each number that must not divide.

use super::scientific::FRACTION;
use super::{Lattice, Place, shifted};
use crate::expr::{Arena, ExprId, Node};

/// Most digits of a guess, and most multiples looked at for each number of them.
const LONGEST: u32 = 20;
const TRIES: u64 = 64;

/// Guesses of different lengths.
const LENGTHS: usize = 6;

/// What the digits read and those to come must be, or must not be, a multiple of.
#[derive(Clone, Copy)]
struct Residue {
    modulus: u64,
    /// Of the digits read.
    residue: u64,
    /// The power of ten of the modulus, beside an exponent that is chosen for all.
    power: i32,
}

/// Where digits can be put behind those read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Before the point of a plain decimal.
    Whole,
    /// In a mantissa with so many digits behind its point, which may not be there yet.
    Mantissa(u8, bool),
}

/// A state of multiples as a place for digits: where, modulus, residue, power of ten.
pub(super) type Digits = (Gap, u64, u64, i32);

impl Arena {
    /// Texts after which an intersection with multiples may end, of several lengths.
    pub(in crate::expr) fn guesses(&self, e: ExprId) -> Vec<Vec<u8>> {
        let Node::And(members) = self.node(e) else {
            return Vec::new();
        };
        let mut gaps: Vec<Gap> = Vec::new();
        for &member in members {
            for (gap, ..) in self.digits(member) {
                if !gaps.contains(&gap) {
                    gaps.push(gap);
                }
            }
        }
        let guesses = gaps.into_iter().map(|gap| self.guesses_in(gap, members));
        guesses.flatten().flatten().collect()
    }

    fn guesses_in(&self, gap: Gap, members: &[ExprId]) -> Option<Vec<Vec<u8>>> {
        let (mut of, mut not_of) = (Vec::new(), Vec::new());
        for &member in members {
            let (into, x) = match *self.node(member) {
                Node::Not(x) => (&mut not_of, x),
                _ => (&mut of, member),
            };
            let here = self.digits(x).into_iter().filter(|d| d.0 == gap);
            into.extend(here.map(|(_, modulus, residue, power)| Residue {
                modulus,
                residue,
                power,
            }));
        }
        // With the greatest of their powers, what divides the digits divides the number.
        let power = of.iter().chain(&not_of).map(|r| r.power).max()?;
        let (least, most) = match gap {
            Gap::Whole => (0, LONGEST),
            Gap::Mantissa(read, true) => (u32::from(read == 0), u32::from(FRACTION - read)),
            Gap::Mantissa(_, false) => (0, u32::from(FRACTION)),
        };
        let guesses = (least..=most).filter_map(|digits| {
            let (first, step) = common(&of, digits)?;
            let number = (0..TRIES)
                .map(|n| u128::from(first) + u128::from(n) * u128::from(step))
                .take_while(|&number| number < 10u128.pow(digits))
                .find(|&number| !not_of.iter().any(|r| r.divides(digits, number, power)))?;
            let mut text = match digits {
                0 => String::new(),
                _ => format!("{number:0width$}", width = digits as usize),
            };
            if let Gap::Mantissa(read, point) = gap {
                if !point && digits > 0 {
                    text.insert(0, '.');
                }
                text += &format!("e{}", power + i32::from(read) + digits as i32);
            }
            Some(text.into_bytes())
        });
        Some(guesses.take(LENGTHS).collect())
    }

    /// The states of multiples that a union holds, one of each gap, as places for digits.
    fn digits(&self, e: ExprId) -> Vec<Digits> {
        let alternatives = match self.node(e) {
            Node::Or(list) => &list[..],
            _ => std::slice::from_ref(&e),
        };
        let mut found: Vec<Digits> = Vec::new();
        for &x in alternatives {
            if let Node::Multiple(state) = self.node(x) {
                let of: &Lattice = self.lattices.of(state);
                found.extend(match state.place {
                    Place::Plain(place) => place.gap(of),
                    Place::Scientific(place) => place.gap(of),
                });
            }
        }
        found
    }
}

impl Residue {
    /// Whether the modulus divides what is read with so many digits behind it, and that power.
    fn divides(&self, digits: u32, number: u128, power: i32) -> bool {
        let m = u128::from(self.modulus);
        let before = u128::from(shifted(self.residue, digits, self.modulus));
        let sum = (before + number % m) % m;
        shifted(sum as u64, power.abs_diff(self.power), self.modulus) == 0
    }
}

/// The least number of so many digits that makes all of them divide, and how far it is to the next.
fn common(of: &[Residue], digits: u32) -> Option<(u64, u64)> {
    let (mut number, mut step) = (0u64, 1u64);
    for r in of {
        let ahead = (r.modulus - shifted(r.residue, digits, r.modulus)) % r.modulus;
        // number + step·n = ahead (mod r.modulus)
        let (shared, inverse) = inverse(step % r.modulus, r.modulus);
        let gap = (i128::from(ahead) - i128::from(number)).rem_euclid(i128::from(r.modulus)) as u64;
        if gap % shared != 0 {
            return None;
        }
        let rest = r.modulus / shared;
        let n = u128::from(gap / shared) * u128::from(inverse % rest) % u128::from(rest);
        let next = u128::from(number) + u128::from(step) * n;
        let product = u128::from(step) * u128::from(rest);
        if product >> 63 != 0 {
            return None;
        }
        (number, step) = (next as u64, product as u64);
    }
    Some((number, step))
}

/// The greatest common divisor of the two, and what times `a` leaves it.
fn inverse(a: u64, modulus: u64) -> (u64, u64) {
    let (mut r, mut s) = ((i128::from(a), i128::from(modulus)), (1i128, 0i128));
    while r.1 != 0 {
        let q = r.0 / r.1;
        (r, s) = ((r.1, r.0 - q * r.1), (s.1, s.0 - q * s.1));
    }
    (r.0 as u64, s.0.rem_euclid(i128::from(modulus)) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::multiples::Spelling;

    #[test]
    fn what_all_divide_is_found_where_a_search_by_hand_finds_it() {
        let cases: [&[(u64, u64)]; 6] = [
            &[(4, 1), (6, 3)],
            &[(4, 1), (6, 2)],
            &[(7, 0), (5, 3), (12, 11)],
            &[(1, 0), (9, 8)],
            &[(10, 3), (15, 8), (6, 5)],
            &[],
        ];
        for case in cases {
            let of: Vec<Residue> = case
                .iter()
                .map(|&(modulus, residue)| Residue {
                    modulus,
                    residue,
                    power: 0,
                })
                .collect();
            for digits in 0..4 {
                let by_hand = (0..1000u128).find(|&n| of.iter().all(|r| r.divides(digits, n, 0)));
                let found = common(&of, digits).map(|(first, _)| u128::from(first));
                assert_eq!(found, by_hand, "{case:?} {digits}");
            }
        }
    }

    fn multiples(arena: &mut Arena, of: &[u64]) -> Vec<ExprId> {
        let whole = |&m| arena.multiples(Spelling::Whole, m, 0, b"0", None).unwrap();
        of.iter().map(whole).collect()
    }

    fn live(of: &[u64], not_of: &[u64]) -> (bool, usize) {
        let mut arena = Arena::new(100_000).unwrap();
        let mut members = multiples(&mut arena, of);
        let without = multiples(&mut arena, not_of);
        let without = arena.or(without).unwrap();
        members.push(arena.not(without).unwrap());
        let both = arena.and(members).unwrap();
        let nodes = arena.nodes.len();
        (arena.live(both).unwrap(), arena.nodes.len() - nodes)
    }

    #[test]
    fn many_factors_take_no_search_through_their_residues() {
        let (live, nodes) = live(&[2, 5, 11, 17, 23, 31, 41, 47], &[3, 7, 13, 19, 29, 37, 43]);
        assert!(live);
        assert!(nodes < 1_000, "{nodes} nodes");
    }

    #[test]
    fn what_divides_all_of_them_leaves_nothing() {
        assert!(!live(&[2, 3, 5], &[6]).0);
        assert!(!live(&[4, 6], &[12, 7]).0);
        assert!(live(&[4, 6], &[24, 7]).0);
    }
}
