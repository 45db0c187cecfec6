//! Which members an object may still get, judged by the keys that it has.
//!
//! *Purpose.* A [`Presence`] is what one shape asks of the set of keys as a whole: required keys, a
//! formula, bounds on their number, witnesses that are still to come. Given the keys so far it says
//! whether the object may close, and whether a further key leaves a way to its end. The atoms of keys
//! that were read are decided in the formula, but for those that do not hold: a key that is used has
//! no atom that is not decided to hold.
//!
//! *Invariants.* It refers to nothing: terminals carry it, registers judge it. "Feasible" is exact:
//! some set of further members makes the object complete.
//!
//! *Cost.* Linear in the required keys where there is no formula; else at most in the formula's nodes
//! (times the named keys and their number / 64 where numbers are bounded). Shapes that ask only for
//! required keys have none (see `objects`).

use super::Key;
use super::formula::{FREE, Formula, Formulas, IMPOSSIBLE, Var};
use rustc_hash::FxHashMap;

/// What a shape asks of the keys of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Presence {
    /// Every key that the shape names, ascending.
    pub(super) names: Box<[Key]>,
    /// Those of them that may still come, ascending.
    pub(super) open: Box<[Key]>,
    /// Names that must be there, ascending.
    pub(super) required: Box<[Key]>,
    /// Variable, node where it is false, node where it is true.
    nodes: Box<[(Var, u32, u32)]>,
    root: u32,
    /// For keys with atoms: which of them can hold together in one value, as lists, ascending.
    values: Values,
    /// At least so many members, at most so many.
    pub(super) min: u32,
    pub(super) max: u32,
    /// Members without a name that must still come.
    pub(super) pending: u32,
    /// How many keys without a name there are in all; `None`: no end of them.
    pub(super) others: Option<u32>,
}

const NO: u32 = 0;
const YES: u32 = 1;

/// Numbers of further members, as bits.
type Numbers = Vec<u64>;

/// Keys with atoms, ascending, and which of them can hold together.
pub(super) type Values = Box<[(Key, Box<[Holding]>)]>;

/// Atoms of a key that hold together, ascending.
pub(super) type Holding = Box<[u32]>;

/// What can come of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Used,
    Open,
    Gone,
}

impl Presence {
    /// Copies a formula in, and the rest as it is.
    #[allow(clippy::too_many_arguments)] // they are the fields
    pub(super) fn new(
        names: Box<[Key]>,
        open: Box<[Key]>,
        required: Box<[Key]>,
        formulas: &Formulas,
        (formula, values): (Formula, Values),
        (min, max): (u32, u32),
        pending: u32,
        others: Option<u32>,
    ) -> Self {
        let mut nodes = Vec::new();
        let mut index: FxHashMap<Formula, u32> = FxHashMap::default();
        index.insert(IMPOSSIBLE, NO);
        index.insert(FREE, YES);
        let root = copy(formulas, formula, &mut nodes, &mut index);
        Presence {
            names,
            open,
            required,
            nodes: nodes.into(),
            root,
            values,
            min,
            max,
            pending,
            others,
        }
    }

    /// Whether an object of these keys is complete.
    pub(crate) fn may_close(&self, used: &dyn Fn(Key) -> bool, members: u32) -> bool {
        self.pending == 0
            && self.min <= members
            && members <= self.max
            && self.required.iter().all(|&k| used(k))
            && self.holds(used)
    }

    /// Whether an object of these keys can become complete by `least` or more further members.
    pub(crate) fn feasible(&self, used: &dyn Fn(Key) -> bool, members: u32, least: u32) -> bool {
        let named = self.names.iter().filter(|&&k| used(k)).count() as u32;
        let Some(left) = self.left(members.saturating_sub(named)) else {
            return false;
        };
        if left < self.pending {
            return false;
        }
        let window = |further: u32| {
            let fewest = self.pending.max(least.saturating_sub(further));
            if fewest > left {
                return false;
            }
            let base = members.saturating_add(further);
            self.min <= self.max
                && base.saturating_add(fewest) <= self.max
                && base.saturating_add(left) >= self.min
        };
        if self.root == NO {
            return false;
        }
        if self.root == YES {
            let missing = self.required.iter().filter(|&&k| !used(k));
            let mut needed = 0;
            for key in missing {
                if self.open.binary_search(key).is_err() {
                    return false;
                }
                needed += 1;
            }
            let free = self.open.iter().filter(|&&k| !used(k)).count() as u32;
            return (needed..=free.max(needed)).any(window);
        }
        if self.min == 0 && self.max == u32::MAX {
            // Any number will do, from the least on.
            if least.saturating_sub(left) <= 1 {
                return self.can_hold(used, least > left);
            }
        }
        let numbers = self.numbers(used);
        (0..numbers.len() as u32 * 64)
            .filter(|&n| has(&numbers, n))
            .any(window)
    }

    /// Approximate memory in bytes; terminals keep each one twice.
    pub(super) fn memory(&self) -> usize {
        let keys = self.names.len() + self.open.len() + self.required.len();
        2 * (128 + keys * 4 + self.nodes.len() * 16 + self.values.len() * 40)
    }

    /// How many more keys without a name there are; `None` if there are too many already.
    fn left(&self, there: u32) -> Option<u32> {
        match self.others {
            None => Some(u32::MAX),
            Some(all) => all.checked_sub(there),
        }
    }

    fn holds(&self, used: &dyn Fn(Key) -> bool) -> bool {
        let mut at = self.root;
        while at > YES {
            let (var, absent, present) = self.nodes[at as usize - 2];
            at = if var.atom == 0 && used(var.key) {
                present
            } else {
                absent
            };
        }
        at == YES
    }

    /// The node after everything that is asked of a key.
    fn follow(&self, node: u32, key: Key, there: bool, holding: &[u32]) -> u32 {
        let mut at = node;
        while at > YES {
            let (var, absent, present) = self.nodes[at as usize - 2];
            if var.key != key {
                break;
            }
            let holds = if var.atom == 0 {
                there
            } else {
                holding.binary_search(&var.atom).is_ok()
            };
            at = if holds { present } else { absent };
        }
        at
    }

    /// Whether some further named keys, `one` at least, make the formula and the required keys hold.
    fn can_hold(&self, used: &dyn Fn(Key) -> bool, one: bool) -> bool {
        let gone = |key: &Key| self.fate(*key, used) == Fate::Gone;
        if self.required.iter().any(gone) {
            return false;
        }
        let open: Vec<Key> = self.open.iter().copied().filter(|&k| !used(k)).collect();
        let key_of = |node: u32| match node {
            NO | YES => Key::MAX,
            node => self.nodes[node as usize - 2].0.key,
        };
        // Whether a key may come of which nothing is asked on the way from one to another.
        let skips = |after: Option<Key>, node: u32| {
            let from = after.map_or(0, |key| open.partition_point(|&k| k <= key));
            open.get(from).is_some_and(|&k| k < key_of(node))
        };
        let mut seen = vec![[false; 2]; self.nodes.len() + 2];
        let mut todo = vec![(self.root, !one || skips(None, self.root))];
        while let Some((node, enough)) = todo.pop() {
            if node == NO || std::mem::replace(&mut seen[node as usize][usize::from(enough)], true)
            {
                continue;
            }
            if node == YES {
                if enough {
                    return true;
                }
                continue;
            }
            let key = key_of(node);
            let fate = self.fate(key, used);
            self.each_way(node, fate, |next, more| {
                todo.push((next, enough || more > 0 || skips(Some(key), next)));
            });
        }
        false
    }

    /// The numbers of further named keys with which the formula and the required keys can hold.
    fn numbers(&self, used: &dyn Fn(Key) -> bool) -> Numbers {
        let fates: Vec<Fate> = self.names.iter().map(|&key| self.fate(key, used)).collect();
        // Where each key stands among the names; those of the formula are all there.
        let place = |node: u32| match node {
            NO | YES => fates.len(),
            _ => {
                let key = self.nodes[node as usize - 2].0.key;
                self.names.partition_point(|&name| name < key)
            }
        };
        // What each node can come to with the keys from its own on: below it are smaller numbers.
        let mut from: Vec<Numbers> = Vec::with_capacity(self.nodes.len() + 2);
        from.extend([Numbers::new(), vec![1]]);
        for node in 2..self.nodes.len() as u32 + 2 {
            let here = place(node);
            let mut numbers = Numbers::new();
            let add = |next: u32, more: u32| {
                let numbers_then = self.past(
                    &fates[here + 1..place(next)],
                    here + 1,
                    &from[next as usize],
                );
                unite(&mut numbers, Some(&numbers_then), more);
            };
            self.each_way(node, fates[here], add);
            from.push(numbers);
        }
        let root = &from[self.root as usize];
        self.past(&fates[..place(self.root)], 0, root)
    }

    /// What a node can come to by its key, and how many members that adds.
    fn each_way(&self, node: u32, fate: Fate, mut go: impl FnMut(u32, u32)) {
        let key = self.nodes[node as usize - 2].0.key;
        if fate != Fate::Used && !self.is_required(key) {
            go(self.follow(node, key, false, &[]), 0);
        }
        let values = self.values.binary_search_by_key(&key, |v| v.0);
        let values = values.map_or(&[] as &[Holding], |at| &self.values[at].1);
        match fate {
            Fate::Gone => {}
            // What a value is, was decided when it was read.
            Fate::Used => go(self.follow(node, key, true, &[]), 0),
            Fate::Open if values.is_empty() => go(self.follow(node, key, true, &[]), 1),
            Fate::Open => {
                for holding in values {
                    go(self.follow(node, key, true, holding), 1);
                }
            }
        }
    }

    fn fate(&self, key: Key, used: &dyn Fn(Key) -> bool) -> Fate {
        if used(key) {
            Fate::Used
        } else if self.open.binary_search(&key).is_ok() {
            Fate::Open
        } else {
            Fate::Gone
        }
    }

    fn is_required(&self, key: Key) -> bool {
        self.required.binary_search(&key).is_ok()
    }

    /// The numbers with keys before them, from the name `first` on, of which the formula says nothing.
    fn past(&self, fates: &[Fate], first: usize, numbers: &Numbers) -> Numbers {
        if numbers.is_empty() {
            return Numbers::new();
        }
        let mut all = numbers.clone();
        for (i, &fate) in fates.iter().enumerate() {
            match (fate, self.is_required(self.names[first + i])) {
                (Fate::Open, must) => {
                    let mut with = Numbers::new();
                    unite(&mut with, Some(&all), 1);
                    if !must {
                        unite(&mut with, Some(&all), 0);
                    }
                    all = with;
                }
                (Fate::Gone, true) => return Numbers::new(),
                (Fate::Used, _) | (Fate::Gone, false) => {}
            }
        }
        all
    }
}

fn copy(
    formulas: &Formulas,
    f: Formula,
    nodes: &mut Vec<(Var, u32, u32)>,
    index: &mut FxHashMap<Formula, u32>,
) -> u32 {
    if let Some(&known) = index.get(&f) {
        return known;
    }
    let Some((var, absent, present)) = formulas.node(f) else {
        return NO;
    };
    let absent = copy(formulas, absent, nodes, index);
    let present = copy(formulas, present, nodes, index);
    nodes.push((var, absent, present));
    let made = nodes.len() as u32 + 1;
    index.insert(f, made);
    made
}

fn has(numbers: &Numbers, n: u32) -> bool {
    numbers
        .get(n as usize / 64)
        .is_some_and(|word| word >> (n % 64) & 1 == 1)
}

/// Adds to `into` the numbers of `from`, each `more` (0 or 1) greater.
fn unite(into: &mut Numbers, from: Option<&Numbers>, more: u32) {
    let Some(from) = from else { return };
    let carry = more == 1 && from.last().is_some_and(|word| word >> 63 == 1);
    let length = from.len() + usize::from(carry);
    if into.len() < length {
        into.resize(length, 0);
    }
    for (i, &word) in from.iter().enumerate() {
        into[i] |= word << more;
        if more == 1 && word >> 63 == 1 {
            into[i + 1] |= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::formula::Formulas;
    use std::collections::BTreeSet;

    /// Whether some set of further members completes the object, by trying all of them.
    fn completes(
        p: &Presence,
        formula: &dyn Fn(&BTreeSet<Key>) -> bool,
        used: &BTreeSet<Key>,
    ) -> Vec<u32> {
        let named: BTreeSet<Key> = used
            .iter()
            .copied()
            .filter(|k| p.names.contains(k))
            .collect();
        let there = (used.len() - named.len()) as u32;
        let open: Vec<Key> = p
            .open
            .iter()
            .copied()
            .filter(|k| !used.contains(k))
            .collect();
        let mut found = Vec::new();
        for bits in 0..1u32 << open.len() {
            let mut keys = named.clone();
            keys.extend(
                (0..open.len())
                    .filter(|i| bits >> i & 1 == 1)
                    .map(|i| open[i]),
            );
            if !p.required.iter().all(|k| keys.contains(k)) || !formula(&keys) {
                continue;
            }
            for more in p.pending..=6 {
                let all = keys.len() as u32 + there + more;
                let known = p.others.is_none_or(|n| there + more <= n);
                if known && p.min <= all && all <= p.max {
                    found.push(all - used.len() as u32);
                }
            }
        }
        found
    }

    #[test]
    fn feasible_is_what_trying_every_set_of_members_says() {
        let mut f = Formulas::new();
        // 1 implies 2; 3 differs from 4.
        let mut key = |k| f.all(&[k]).unwrap();
        let (a, b, c, d) = (key(1), key(2), key(3), key(4));
        let not_a = f.not(a).unwrap();
        let implies = f.or(not_a, b).unwrap();
        let (not_c, not_d) = (f.not(c).unwrap(), f.not(d).unwrap());
        let (x, y) = (f.and(c, not_d).unwrap(), f.and(not_c, d).unwrap());
        let differs = f.or(x, y).unwrap();
        let both = f.and(implies, differs).unwrap();
        let meaning = |k: &BTreeSet<Key>| {
            (!k.contains(&1) || k.contains(&2)) && (k.contains(&3) != k.contains(&4))
        };
        let free = |_: &BTreeSet<Key>| true;
        let mut checked = 0;
        for (formula, meaning) in [
            (both, &meaning as &dyn Fn(&BTreeSet<Key>) -> bool),
            (FREE, &free),
        ] {
            for open in [vec![1, 2, 3, 4], vec![2, 4], vec![]] {
                for (min, max) in [(0, u32::MAX), (1, u32::MAX), (2, 3), (4, 4), (0, 1), (2, 1)] {
                    for (pending, others) in [(0, None), (1, None), (0, Some(0)), (1, Some(2))] {
                        for required in [vec![], vec![2]] {
                            let p = Presence::new(
                                [1, 2, 3, 4].into(),
                                open.clone().into(),
                                required.into(),
                                &f,
                                (formula, [].into()),
                                (min, max),
                                pending,
                                others,
                            );
                            for bits in 0..64u32 {
                                let used: BTreeSet<Key> = (0..6)
                                    .filter(|i| bits >> i & 1 == 1)
                                    .map(|i| i + 1)
                                    .collect();
                                let unnamed = used.range(5..).count() as u32;
                                if others.is_some_and(|n| unnamed > n) {
                                    continue; // there are no such objects
                                }
                                let more = completes(&p, meaning, &used);
                                let is_used = |k: Key| used.contains(&k);
                                let members = used.len() as u32;
                                for least in 0..3 {
                                    assert_eq!(
                                        p.feasible(&is_used, members, least),
                                        more.iter().any(|&n| n >= least),
                                        "{p:?} {used:?} {least}"
                                    );
                                }
                                assert_eq!(p.may_close(&is_used, members), more.contains(&0));
                                checked += 1;
                            }
                        }
                    }
                }
            }
        }
        assert!(checked > 11_000);
    }
}
