//! Which keys an object has: Boolean functions of "this key is there", as decision diagrams.
//!
//! *Purpose.* `required`, dependencies, and the complements of both say nothing of values, only of
//! presence. Alternatives that differ in nothing else are one shape with one formula, so that
//! n dependencies are n nodes and not 2^n shapes.
//!
//! *Invariants.* Reduced and ordered by key, so equal functions are one number (Bryant 1986). A
//! formula names at most [`KEYS`] keys, which bounds every recursion here.
//!
//! *Cost.* A conjunction costs the product of its operands' nodes at worst, under a budget; in
//! schemas both are a few nodes.

use super::Key;
use crate::error::{Error, Result};
use rustc_hash::{FxHashMap, FxHashSet};

/// Nodes of all formulas of one schema.
const NODES: usize = 200_000;

/// Keys that one formula may name.
pub(super) const KEYS: usize = 1_000;

/// A formula of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Formula(u32);

/// No object.
pub const IMPOSSIBLE: Formula = Formula(0);
/// Every object.
pub const FREE: Formula = Formula(1);

/// The formulas of one schema.
pub(crate) struct Formulas {
    /// Key, the formula where it is absent, that where it is present.
    nodes: Vec<(Key, Formula, Formula)>,
    index: FxHashMap<(Key, Formula, Formula), Formula>,
    both: FxHashMap<(Formula, Formula), Formula>,
    opposite: FxHashMap<Formula, Formula>,
}

impl Formulas {
    pub fn new() -> Self {
        let constant = (Key::MAX, IMPOSSIBLE, IMPOSSIBLE);
        Formulas {
            nodes: vec![constant, constant],
            index: FxHashMap::default(),
            both: FxHashMap::default(),
            opposite: FxHashMap::default(),
        }
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Forgets what was made after the first `len` nodes.
    pub fn truncate(&mut self, len: usize) {
        for node in self.nodes.drain(len..) {
            self.index.remove(&node);
        }
        self.both.clear();
        self.opposite.clear();
    }

    pub fn memory(&self) -> usize {
        self.nodes.len() * 36 + (self.both.len() + self.opposite.len()) * 16
    }

    /// Key, absent, present; `None` for the two constants.
    pub fn node(&self, f: Formula) -> Option<(Key, Formula, Formula)> {
        (f.0 > 1).then(|| self.nodes[f.0 as usize])
    }

    /// All of the keys are there.
    pub fn all(&mut self, keys: &[Key]) -> Result<Formula> {
        let mut sorted = keys.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.len() > KEYS {
            return Err(too_many());
        }
        let mut all = FREE;
        for &key in sorted.iter().rev() {
            all = self.make(key, IMPOSSIBLE, all)?;
        }
        Ok(all)
    }

    pub fn not(&mut self, f: Formula) -> Result<Formula> {
        let Some((key, absent, present)) = self.node(f) else {
            return Ok(if f == FREE { IMPOSSIBLE } else { FREE });
        };
        if let Some(&known) = self.opposite.get(&f) {
            return Ok(known);
        }
        let (absent, present) = (self.not(absent)?, self.not(present)?);
        let made = self.make(key, absent, present)?;
        self.opposite.insert(f, made);
        Ok(made)
    }

    pub fn and(&mut self, a: Formula, b: Formula) -> Result<Formula> {
        if a == b || b == FREE {
            return Ok(a);
        }
        if a == FREE {
            return Ok(b);
        }
        let (a, b) = (a.min(b), a.max(b));
        let (Some(x), Some(y)) = (self.node(a), self.node(b)) else {
            return Ok(IMPOSSIBLE);
        };
        if let Some(&known) = self.both.get(&(a, b)) {
            return Ok(known);
        }
        let key = x.0.min(y.0);
        let (low, high) = if x.0 == key { (x.1, x.2) } else { (a, a) };
        let (other_low, other_high) = if y.0 == key { (y.1, y.2) } else { (b, b) };
        let (absent, present) = (self.and(low, other_low)?, self.and(high, other_high)?);
        let made = self.make(key, absent, present)?;
        self.both.insert((a, b), made);
        Ok(made)
    }

    pub fn or(&mut self, a: Formula, b: Formula) -> Result<Formula> {
        let (a, b) = (self.not(a)?, self.not(b)?);
        let neither = self.and(a, b)?;
        self.not(neither)
    }

    /// Fails if the formula names too many keys.
    pub fn check(&self, f: Formula) -> Result<()> {
        if self.keys(f).len() > KEYS {
            return Err(too_many());
        }
        Ok(())
    }

    /// The keys that a formula names, ascending.
    pub fn keys(&self, f: Formula) -> Vec<Key> {
        let mut seen: FxHashSet<Formula> = FxHashSet::default();
        let mut keys = Vec::new();
        let mut todo = vec![f];
        while let Some(f) = todo.pop() {
            if let Some((key, absent, present)) = self.node(f) {
                if seen.insert(f) {
                    keys.push(key);
                    todo.push(absent);
                    todo.push(present);
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn make(&mut self, key: Key, absent: Formula, present: Formula) -> Result<Formula> {
        if absent == present {
            return Ok(absent);
        }
        let node = (key, absent, present);
        if let Some(&known) = self.index.get(&node) {
            return Ok(known);
        }
        if self.nodes.len() >= NODES {
            return Err(Error::Budget(format!(
                "{NODES} conditions on which keys objects have"
            )));
        }
        let made = Formula(self.nodes.len() as u32);
        self.nodes.push(node);
        self.index.insert(node, made);
        Ok(made)
    }
}

fn too_many() -> Error {
    Error::Budget(format!("a condition on the presence of {KEYS} keys"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(f: &Formulas, mut at: Formula, keys: &[Key]) -> bool {
        while let Some((key, absent, present)) = f.node(at) {
            at = if keys.contains(&key) { present } else { absent };
        }
        at == FREE
    }

    /// Every subset of four keys.
    fn subsets() -> Vec<Vec<Key>> {
        (0..16u32)
            .map(|bits| (0..4).filter(|k| bits >> k & 1 == 1).collect())
            .collect()
    }

    #[test]
    fn operations_are_those_of_sets_of_subsets() {
        let mut f = Formulas::new();
        let mut made = vec![FREE, IMPOSSIBLE];
        for key in 0..4 {
            for present in [true, false] {
                let there = f.all(&[key]).unwrap();
                made.push(if present { there } else { f.not(there).unwrap() });
            }
        }
        for _ in 0..2 {
            for i in 0..made.len().min(24) {
                let (a, b) = (made[i], made[(i * 7 + 3) % made.len()]);
                let (and, or, not) = (
                    f.and(a, b).unwrap(),
                    f.or(a, b).unwrap(),
                    f.not(a).unwrap(),
                );
                for keys in subsets() {
                    let (x, y) = (holds(&f, a, &keys), holds(&f, b, &keys));
                    assert_eq!(holds(&f, and, &keys), x && y);
                    assert_eq!(holds(&f, or, &keys), x || y);
                    assert_eq!(holds(&f, not, &keys), !x);
                }
                made.extend([and, or, not]);
            }
        }
    }

    #[test]
    fn equal_functions_are_one_formula() {
        let mut f = Formulas::new();
        let (a, b) = (f.all(&[1]).unwrap(), f.all(&[2]).unwrap());
        let all = f.all(&[2, 1]).unwrap();
        assert_eq!(f.and(b, a).unwrap(), all);
        let not = f.not(all).unwrap();
        let (x, y) = (f.not(a).unwrap(), f.not(b).unwrap());
        assert_eq!(f.or(x, y).unwrap(), not);
        assert_eq!(f.keys(not), [1, 2]);
    }
}
