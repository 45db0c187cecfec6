//! Spellings of the multiples of a decimal, between two bounds, judged by arithmetic.
//!
//! *Purpose.* The multiples of `modulus · 10^-places` are a regular language of spellings, but as a
//! term it has a state for each residue, and with a bound whether one of them is left is a question
//! about all of them (one multiple of 2^20 lies between 10^6 and 1.1·10^6). So a state is a node of
//! its own, which holds the residue of the digits read and how they compare with the bounds; its
//! derivative is arithmetic, and so is the question whether a member is left.
//!
//! ```text
//!   plain       12.50     the digits as one number, in units of 10^-places: plain.rs
//!   scientific  1.25e1    a mantissa of at most 17 digits, then an exponent: scientific.rs
//! ```
//!
//! What several of them have in common is found by a guess (`guess.rs`).
//!
//! Signs and zeros with exponents are for the writer of the program, `numbers.py`, where the
//! spellings are described.
//!
//! *Invariants.* A node is made only if a member is left. Once no bound matters to a plain state, it
//! belongs to a lattice without bounds, so that states are shared; residues are kept by the modulus
//! that the digits still to come leave.
//!
//! *Cost.* States are made as texts visit them, so a large modulus costs nothing by itself. A step is
//! below a microsecond for bounds of a few digits, and linear in their digits.
//!
//! *Rejected.* A table of residues (a modulus of 86,400 has 86,400 states, most never visited); an
//! intersection with the bounds' own language (its emptiness is a search over all residues).

mod guess;
mod plain;
mod scientific;

use super::{Arena, EMPTY, EPSILON, ExprId, Node, UNBOUNDED};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use plain::Plain;
use scientific::Scientific;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// How the multiples are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// `0` and `[1-9][0-9]*`.
    Whole,
    /// The same, with an optional point and digits.
    Plain,
    /// One digit that is not 0, up to sixteen after a point, and an exponent of up to three digits.
    Scientific,
}

/// Most digits of a bound, before and after the point.
pub const DIGITS: usize = 820;

/// Most digits after the point of a factor.
pub const PLACES: u32 = 410;

/// A set of multiples.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Lattice {
    spelling: Spelling,
    modulus: u64,
    places: u32,
    low: Option<Bound>,
    high: Option<Bound>,
    /// The modulus that is left when so many digits are still to come.
    reduced: Box<[u64]>,
    scale: Scale,
}

/// An end of the interval, itself one of the multiples, in units of `10^-places`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bound {
    /// Its digits, at least one before the point.
    digits: Box<[u8]>,
    /// Those that matter: neither leading nor trailing zeros.
    significant: Box<[u8]>,
    /// The power of ten of the first of them.
    exponent: i32,
}

/// The factor as `unit · 10^power`, the unit without trailing zeros as `prime^count · rest`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Scale {
    unit: u64,
    power: i32,
    prime: u64,
    count: u32,
    rest: u64,
}

/// A state: the lattice by its number, and the place in a spelling of one of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Multiple {
    lattice: u32,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Plain(Plain),
    Scientific(Scientific),
}

/// What reading a byte leads to.
pub(super) enum Read {
    Fail,
    To(Place),
    /// Zeros, and nothing else.
    Zeros,
    /// Exponents from the first to the last.
    Exponents(i32, i32),
}

/// The lattices of an arena. They outlive what is forgotten of it: there are few.
#[derive(Clone, Default)]
pub(super) struct Lattices {
    list: Vec<Arc<Lattice>>,
    digests: Vec<u128>,
    /// The lattice without the bounds, for each.
    bare: Vec<u32>,
}

impl Lattices {
    fn add(&mut self, lattice: Lattice) -> u32 {
        let mut h = SipHasher13::new();
        lattice.hash(&mut h);
        let digest = h.finish128().as_u128();
        if let Some(known) = self.digests.iter().position(|&x| x == digest) {
            return known as u32;
        }
        let id = self.list.len() as u32;
        self.list.push(Arc::new(lattice));
        self.digests.push(digest);
        self.bare.push(id);
        id
    }

    fn of(&self, state: &Multiple) -> &Lattice {
        &self.list[state.lattice as usize]
    }

    pub fn write_digest(&self, state: &Multiple, h: &mut impl Hasher) {
        h.write_u128(self.digests[state.lattice as usize]);
        state.place.hash(h);
    }

    /// Whether nothing more need be read.
    pub fn nullable(&self, state: &Multiple) -> bool {
        match state.place {
            Place::Plain(place) => place.ends(self.of(state)),
            Place::Scientific(_) => false,
        }
    }

    /// The bytes that may come next.
    pub fn begins(&self, state: &Multiple) -> ByteSet {
        match state.place {
            Place::Plain(place) => place.begins(self.of(state)),
            Place::Scientific(place) => place.begins(),
        }
    }

    /// What the members are multiples of, for people.
    pub fn show(&self, state: &Multiple) -> String {
        let of = self.of(state);
        if of.places == 0 {
            return format!("{{multiples of {}}}", of.modulus);
        }
        format!("{{multiples of {}e-{}}}", of.modulus, of.places)
    }

    /// No member is shorter.
    pub fn shortest(&self, state: &Multiple) -> u64 {
        match state.place {
            Place::Plain(place) => place.shortest(self.of(state)),
            Place::Scientific(place) => place.shortest(self.of(state)),
        }
    }
}

impl Lattice {
    fn new(
        spelling: Spelling,
        modulus: u64,
        places: u32,
        low: Option<Bound>,
        high: Option<Bound>,
    ) -> Self {
        let mut reduced = vec![modulus];
        for t in 0..places as usize {
            let last = reduced[t];
            // Of 2^s · 5^t · rest, each digit to come takes one 2 and one 5.
            let fives = if last % 5 == 0 { last / 5 } else { last };
            reduced.push(if last % 2 == 0 { fives / 2 } else { fives });
        }
        let (mut unit, mut power) = (modulus, -i32::try_from(places).unwrap_or(i32::MAX));
        while unit % 10 == 0 {
            (unit, power) = (unit / 10, power + 1);
        }
        let prime = if unit % 5 == 0 { 5 } else { 2 };
        let count = valuation(unit, prime);
        let scale = Scale {
            unit,
            power,
            prime,
            count,
            rest: unit / prime.pow(count),
        };
        Lattice {
            spelling,
            modulus,
            places,
            low,
            high,
            reduced: reduced.into(),
            scale,
        }
    }

    /// Digits before the point.
    fn width(&self, bound: &Bound) -> usize {
        bound.digits.len() - self.places as usize
    }
}

impl Bound {
    fn new(digits: &[u8], places: u32) -> Result<Self> {
        let least = places as usize + 1;
        if digits.len() > DIGITS {
            return Err(Error::Budget(format!("a bound of {DIGITS} digits")));
        }
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Error::Invalid("a bound of multiples is a number".into()));
        }
        let zeros = digits.iter().take_while(|&&b| b == b'0').count();
        let own = digits[zeros..].iter().map(|b| b - b'0');
        let mut padded = vec![0; least.saturating_sub(digits.len() - zeros)];
        padded.extend(own.clone());
        let mut significant: Vec<u8> = own.collect();
        let exponent = significant.len() as i32 - 1 - places as i32;
        while significant.last() == Some(&0) {
            significant.pop();
        }
        Ok(Bound {
            digits: padded.into(),
            significant: significant.into(),
            exponent,
        })
    }

    fn is_zero(&self) -> bool {
        self.significant.is_empty()
    }
}

/// How often `prime` divides `n`, which is not 0.
fn valuation(mut n: u64, prime: u64) -> u32 {
    let mut count = 0;
    while n % prime == 0 {
        (n, count) = (n / prime, count + 1);
    }
    count
}

/// `(residue · 10^digits) mod modulus`.
fn shifted(residue: u64, digits: u32, modulus: u64) -> u64 {
    let m = u128::from(modulus);
    let mut r = u128::from(residue) % m;
    for _ in 0..digits {
        if r == 0 {
            break;
        }
        r = r * 10 % m;
    }
    r as u64
}

/// `modulus / gcd(modulus, 10^digits)`.
fn without_tens(mut modulus: u64, digits: u32) -> u64 {
    for prime in [2, 5] {
        for _ in 0..digits {
            if modulus % prime != 0 {
                break;
            }
            modulus /= prime;
        }
    }
    modulus
}

/// Whether `digits` digits may follow a number of this residue so that the modulus divides it: digits
/// that are, as a number, at least the first so many of `low` (more, if the rest of `low` is not 0)
/// and at most those of `high`. Past the ends of the two come zeros; without them, any digits do.
fn hits(
    modulus: u64,
    residue: u64,
    low: Option<&[u8]>,
    high: Option<&[u8]>,
    digits: usize,
) -> bool {
    // No modulus is beyond 2^63.
    if low.is_none() && high.is_none() && digits >= 19 {
        return true;
    }
    const CAP: i128 = 1 << 70;
    let m = u128::from(modulus);
    let (mut least, mut width) = (0u128, 0i128);
    let mut target = u128::from(residue) % m;
    for i in 0..digits {
        let lo = low.map_or(0, |d| d.get(i).copied().unwrap_or(0));
        let hi = high.map_or(9, |d| d.get(i).copied().unwrap_or(0));
        least = (least * 10 + u128::from(lo)) % m;
        target = target * 10 % m;
        // A difference of 2 or more only grows.
        width = (width * 10 + i128::from(hi) - i128::from(lo)).clamp(-CAP, CAP);
    }
    if low.is_some_and(|d| d.iter().skip(digits).any(|&d| d != 0)) {
        least = (least + 1) % m;
        width -= 1;
    }
    let ahead = (2 * m - target - least) % m;
    width >= 0 && ahead as i128 <= width
}

impl Arena {
    /// The spellings of the multiples of `modulus · 10^-places` from `low` to `high`, which are
    /// numbers in units of `10^-places` as decimal digits. No sign, and of exponent forms none of 0.
    pub fn multiples(
        &mut self,
        spelling: Spelling,
        modulus: u64,
        places: u32,
        low: &[u8],
        high: Option<&[u8]>,
    ) -> Result<ExprId> {
        if modulus == 0 || modulus >> 63 != 0 {
            return Err(Error::Invalid("a modulus is from 1 to 2^63".into()));
        }
        if places > PLACES || (spelling == Spelling::Whole && places > 0) {
            return Err(Error::Invalid("digits after the point of a factor".into()));
        }
        let low = Some(Bound::new(low, places)?).filter(|low| !low.is_zero());
        let high = high.map(|high| Bound::new(high, places)).transpose()?;
        if spelling == Spelling::Scientific && high.as_ref().is_some_and(Bound::is_zero) {
            return Ok(EMPTY);
        }
        let bare = self
            .lattices
            .add(Lattice::new(spelling, modulus, places, None, None));
        let lattice = Lattice::new(spelling, modulus, places, low, high);
        let place = match spelling {
            Spelling::Scientific => Place::Scientific(Scientific::start(&lattice)),
            _ => Place::Plain(Plain::start(&lattice)),
        };
        let id = self.lattices.add(lattice);
        self.lattices.bare[id as usize] = bare;
        self.at_place(id, place)
    }

    /// The node of a place, if a member is left.
    fn at_place(&mut self, id: u32, place: Place) -> Result<ExprId> {
        let own = &self.lattices.list[id as usize];
        let (live, bounded) = match place {
            Place::Plain(place) => (place.lives(own), place.is_bounded()),
            Place::Scientific(place) => (place.lives(own), true),
        };
        if !live {
            return Ok(EMPTY);
        }
        let lattice = if bounded {
            id
        } else {
            self.lattices.bare[id as usize]
        };
        self.intern(Node::Multiple(Box::new(Multiple { lattice, place })))
    }

    pub(super) fn derive_multiple(&mut self, state: &Multiple, b: u8) -> Result<ExprId> {
        let lattice = self.lattices.of(state);
        let read = match state.place {
            Place::Plain(place) => place.read(lattice, b),
            Place::Scientific(place) => place.read(lattice, b),
        };
        match read {
            Read::Fail => Ok(EMPTY),
            Read::To(place) => self.at_place(state.lattice, place),
            Read::Zeros => {
                let zero = self.bytes(ByteSet::single(b'0'))?;
                self.repeat(zero, 0, UNBOUNDED)
            }
            Read::Exponents(first, last) => self.exponents(first, last),
        }
    }

    /// `[+-]?[0-9]{1,3}` from `first` to `last`; `-0` is 0.
    fn exponents(&mut self, first: i32, last: i32) -> Result<ExprId> {
        let (first, last) = (first.max(-999), last.min(999));
        let mut members = Vec::new();
        if last >= first.max(0) {
            let plus = self.literal(b"+")?;
            let plus = self.repeat(plus, 0, 1)?;
            let digits = self.padded(first.max(0) as u32, last as u32)?;
            members.push(self.concat(plus, digits)?);
        }
        if first <= last.min(0) {
            let minus = self.literal(b"-")?;
            let digits = self.padded((-last).max(0) as u32, -first as u32)?;
            members.push(self.concat(minus, digits)?);
        }
        self.or(members)
    }

    /// One to three digits, leading zeros allowed, that spell a number from `first` to `last`.
    fn padded(&mut self, first: u32, last: u32) -> Result<ExprId> {
        let mut members = Vec::new();
        for (width, least) in [(1, 0), (2, 10), (3, 100)] {
            let (lo, hi) = (first.max(least), last.min(10u32.pow(width) - 1));
            if lo > hi {
                continue;
            }
            let zero = self.bytes(ByteSet::single(b'0'))?;
            let zeros = self.repeat(zero, 0, 3 - width)?;
            let digits = self.between(lo, hi, width)?;
            members.push(self.concat(zeros, digits)?);
        }
        self.or(members)
    }

    /// The numbers from `lo` to `hi`, with exactly so many digits.
    fn between(&mut self, lo: u32, hi: u32, width: u32) -> Result<ExprId> {
        if width == 0 {
            return Ok(EPSILON);
        }
        let unit = 10u32.pow(width - 1);
        let mut members = Vec::new();
        // Digits with the same numbers behind them are joined by the union.
        for digit in lo / unit..=hi / unit {
            let rest_lo = lo.max(digit * unit) - digit * unit;
            let rest_hi = hi.min(digit * unit + unit - 1) - digit * unit;
            members.push((rest_lo, rest_hi, b'0' + digit as u8));
        }
        let mut out = Vec::new();
        while let Some(&(rest_lo, rest_hi, _)) = members.first() {
            let mut set = ByteSet::EMPTY;
            members.retain(|&(l, h, b)| {
                let same = (l, h) == (rest_lo, rest_hi);
                if same {
                    set.insert(b);
                }
                !same
            });
            let head = self.bytes(set)?;
            let rest = self.between(rest_lo, rest_hi, width - 1)?;
            out.push(self.concat(head, rest)?);
        }
        self.or(out)
    }
}
