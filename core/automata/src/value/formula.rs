//! Which members an object has: Boolean functions of "this key is there" and of "this key is there,
//! with such a value", as decision diagrams.
//!
//! *Purpose.* Alternatives that differ only in which keys are there, and in what some values are not,
//! are one shape with one formula: n dependencies are n nodes and not 2^n shapes, and the complement
//! of an object with n properties is one shape and not n. An *atom* stands for a value of one key.
//!
//! *Invariants.* Reduced and ordered by key, then atom, so equal functions are one number (Bryant
//! 1986). Where a key is absent, its atoms are false; that, and which atoms of a key can hold
//! together, is known to those who read a formula, not to the formula. A formula names at most
//! [`KEYS`] keys, which bounds every recursion here.
//!
//! *Cost.* A conjunction costs the product of its operands' nodes at worst, under a budget; in
//! schemas both are a few nodes.

use super::Key;
use crate::error::{Error, Result};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

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

/// A variable: the presence of a key (atom 0), or one of its atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Var {
    pub key: Key,
    pub atom: u32,
}

/// Variable, the formula where it is false, that where it is true.
type Node = (Var, Formula, Formula);

/// The formulas of one schema.
pub(crate) struct Formulas {
    nodes: Vec<Node>,
    index: FxHashMap<Node, Formula>,
    both: FxHashMap<(Formula, Formula), Formula>,
    opposite: FxHashMap<Formula, Formula>,
    /// The variables of formulas, which are asked for at each of their keys (PERF: an object of 154
    /// alternatives and as many keys took minutes to walk).
    lists: FxHashMap<Formula, Arc<[Var]>>,
    listed: usize,
}

impl Formulas {
    pub fn new() -> Self {
        let none = Var {
            key: Key::MAX,
            atom: 0,
        };
        let constant = (none, IMPOSSIBLE, IMPOSSIBLE);
        Formulas {
            nodes: vec![constant, constant],
            index: FxHashMap::default(),
            both: FxHashMap::default(),
            opposite: FxHashMap::default(),
            lists: FxHashMap::default(),
            listed: 0,
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
        self.lists.clear();
        self.listed = 0;
    }

    pub fn memory(&self) -> usize {
        self.nodes.len() * 36
            + (self.both.len() + self.opposite.len()) * 16
            + self.lists.len() * 24
            + self.listed * size_of::<Var>()
    }

    /// Variable, false, true; `None` for the two constants.
    pub fn node(&self, f: Formula) -> Option<Node> {
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
            all = self.make(Var { key, atom: 0 }, IMPOSSIBLE, all)?;
        }
        Ok(all)
    }

    /// A key is there with a value of one of its atoms.
    pub fn atom(&mut self, key: Key, atom: u32) -> Result<Formula> {
        self.make(Var { key, atom }, IMPOSSIBLE, FREE)
    }

    pub fn not(&mut self, f: Formula) -> Result<Formula> {
        let Some((var, absent, present)) = self.node(f) else {
            return Ok(if f == FREE { IMPOSSIBLE } else { FREE });
        };
        if let Some(&known) = self.opposite.get(&f) {
            return Ok(known);
        }
        let (absent, present) = (self.not(absent)?, self.not(present)?);
        let made = self.make(var, absent, present)?;
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
        let var = x.0.min(y.0);
        let (low, high) = if x.0 == var { (x.1, x.2) } else { (a, a) };
        let (other_low, other_high) = if y.0 == var { (y.1, y.2) } else { (b, b) };
        let (absent, present) = (self.and(low, other_low)?, self.and(high, other_high)?);
        let made = self.make(var, absent, present)?;
        self.both.insert((a, b), made);
        Ok(made)
    }

    pub fn or(&mut self, a: Formula, b: Formula) -> Result<Formula> {
        let (a, b) = (self.not(a)?, self.not(b)?);
        let neither = self.and(a, b)?;
        self.not(neither)
    }

    /// Fails if the formula names too many keys.
    pub fn check(&mut self, f: Formula) -> Result<()> {
        if self.keys(f).len() > KEYS {
            return Err(too_many());
        }
        Ok(())
    }

    /// What is left of a formula where a variable is decided.
    pub fn decide(&mut self, f: Formula, var: Var, holds: bool) -> Result<Formula> {
        self.decide_in(f, var, holds, &mut FxHashMap::default())
    }

    fn decide_in(
        &mut self,
        f: Formula,
        var: Var,
        holds: bool,
        known: &mut FxHashMap<Formula, Formula>,
    ) -> Result<Formula> {
        let Some((own, absent, present)) = self.node(f) else {
            return Ok(f);
        };
        if own > var {
            return Ok(f);
        }
        if own == var {
            return Ok(if holds { present } else { absent });
        }
        if let Some(&known) = known.get(&f) {
            return Ok(known);
        }
        let absent = self.decide_in(absent, var, holds, known)?;
        let present = self.decide_in(present, var, holds, known)?;
        let made = self.make(own, absent, present)?;
        known.insert(f, made);
        Ok(made)
    }

    /// The variables of a formula, ascending.
    pub fn vars(&mut self, f: Formula) -> Arc<[Var]> {
        if let Some(known) = self.lists.get(&f) {
            return known.clone();
        }
        let vars: Arc<[Var]> = self.list(f).into();
        self.listed += vars.len();
        self.lists.insert(f, vars.clone());
        vars
    }

    fn list(&self, f: Formula) -> Vec<Var> {
        let mut seen: FxHashSet<Formula> = FxHashSet::default();
        let mut vars = Vec::new();
        let mut todo = vec![f];
        while let Some(f) = todo.pop() {
            if let Some((var, absent, present)) = self.node(f) {
                if seen.insert(f) {
                    vars.push(var);
                    todo.push(absent);
                    todo.push(present);
                }
            }
        }
        vars.sort_unstable();
        vars.dedup();
        vars
    }

    /// The keys that a formula names, ascending.
    pub fn keys(&mut self, f: Formula) -> Vec<Key> {
        let mut keys: Vec<Key> = self.vars(f).iter().map(|var| var.key).collect();
        keys.dedup();
        keys
    }

    /// The variables of a formula that speak of a key, ascending.
    pub fn vars_of(&mut self, f: Formula, key: Key) -> Vec<Var> {
        let vars = self.vars(f);
        let first = vars.partition_point(|var| var.key < key);
        let own = vars[first..].iter().take_while(|var| var.key == key);
        own.copied().collect()
    }

    fn make(&mut self, var: Var, absent: Formula, present: Formula) -> Result<Formula> {
        if absent == present {
            return Ok(absent);
        }
        let node = (var, absent, present);
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
        while let Some((var, absent, present)) = f.node(at) {
            at = if keys.contains(&var.key) {
                present
            } else {
                absent
            };
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
                made.push(if present {
                    there
                } else {
                    f.not(there).unwrap()
                });
            }
        }
        for _ in 0..2 {
            for i in 0..made.len().min(24) {
                let (a, b) = (made[i], made[(i * 7 + 3) % made.len()]);
                let (and, or, not) = (f.and(a, b).unwrap(), f.or(a, b).unwrap(), f.not(a).unwrap());
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
