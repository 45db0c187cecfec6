//! Registers that are not there: a walk asks, a script answers, every way in turn.
//!
//! *Purpose.* What survives a cut depends on conditions of the registers. To know all of it before
//! any text is read, the walk is made once for each way in which the conditions can come out. Only
//! the walk knows what it asks, so the ways are found as they are gone: each question that is new
//! is answered *yes* at first, and the last *yes* becomes *no* for the next walk.
//!
//! A token may hold whole keys, and each such key is a question of its own; there a script can leave
//! open whether a key that the schema does not name is new, and the tokens that depend on it are
//! then tried one by one when a mask is filled.
//!
//! *Invariants.* One walk gets answers that agree with each other: what follows from the answers so
//! far (a key that is used stays used, three items are more than two) is no new question. Some sets
//! of answers that no text can bring about may remain; their results are never asked for.

use super::registers::{Condition, Delta, Ground, Verdict};
use crate::value::{Key, Pred, Terms};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// What the answers so far say of the frame on one level.
#[derive(Default)]
struct Known {
    used: FxHashMap<Key, bool>,
    /// The commas are at least the one and below the other.
    commas: (u32, Option<u32>),
}

#[derive(Default)]
struct Run {
    levels: FxHashMap<u32, Known>,
    asked: Vec<(Pred, Delta, bool)>,
    answers: Vec<bool>,
}

/// One way through the questions of a walk.
pub(super) struct Script {
    first: Vec<bool>,
    /// Keys from this number on are not named by the schema.
    other: Key,
    /// Whether what is asked of those is left open.
    open: bool,
    run: RefCell<Run>,
}

impl Script {
    /// The way on which every answer is yes; `keys` are named by the schema.
    pub fn first(keys: usize, open: bool) -> Self {
        Script {
            first: Vec::new(),
            other: Key::try_from(keys).unwrap_or(Key::MAX),
            open,
            run: RefCell::default(),
        }
    }

    /// Whether something was asked of a key that the schema does not name.
    pub fn asked_of_others(&self) -> bool {
        let run = self.run.borrow();
        run.asked.iter().any(|asked| self.is_other(asked.0))
    }

    fn is_other(&self, pred: Pred) -> bool {
        matches!(pred, Pred::Unused(key) if key >= self.other)
    }

    /// The next way, after a walk along this one.
    pub fn next(self) -> Option<Script> {
        let mut answers = self.run.into_inner().answers;
        while let Some(answer) = answers.pop() {
            if answer {
                answers.push(false);
                return Some(Script {
                    first: answers,
                    other: self.other,
                    open: self.open,
                    run: RefCell::default(),
                });
            }
        }
        None
    }
}

impl Ground for Script {
    fn holds_with(&self, pred: Pred, delta: &Delta, terms: &Terms) -> bool {
        let mut run = self.run.borrow_mut();
        let before = run.asked.iter().find(|a| a.0 == pred && a.1 == *delta);
        if let Some(&(.., held)) = before {
            return held;
        }
        let known = run.levels.entry(delta.up).or_default();
        if let Some(held) = known.implies(pred, delta, terms) {
            return held;
        }
        let at = run.answers.len();
        let held = self.first.get(at).copied().unwrap_or(true);
        run.answers.push(held);
        run.asked.push((pred, delta.clone(), held));
        let known = run.levels.entry(delta.up).or_default();
        known.note(pred, delta, terms, held);
        held
    }

    fn verdict(&self, pred: Pred, delta: &Delta, terms: &Terms) -> Verdict {
        if matches!(pred, Pred::Repeated(_)) {
            return Verdict::Unknown;
        }
        let known = matches!(pred, Pred::Unused(key) if delta.keys.contains(&key));
        if self.open && !known && self.is_other(pred) {
            return Verdict::Unknown;
        }
        if self.holds_with(pred, delta, terms) {
            Verdict::Yes
        } else {
            Verdict::No
        }
    }

    /// Any way will do where results for all of them are made in the end.
    fn agree(&self, _: &[Condition], _: &Terms) -> bool {
        true
    }
}

impl Known {
    /// Keys of a set that are not known to be used.
    fn rest(&self, set: u32, delta: &Delta, terms: &Terms) -> Vec<Key> {
        let keys = terms.keys(set).iter().copied();
        keys.filter(|k| !delta.keys.contains(k) && self.used.get(k) != Some(&true))
            .collect()
    }

    fn implies(&self, pred: Pred, delta: &Delta, terms: &Terms) -> Option<bool> {
        match pred {
            Pred::Always => Some(true),
            Pred::Unused(key) if delta.keys.contains(&key) => Some(false),
            Pred::Unused(key) => self.used.get(&key).map(|used| !used),
            Pred::AllUsed(set) => self.all_used(set, delta, terms),
            Pred::SomeUnused(set) => self.all_used(set, delta, terms).map(|all| !all),
            Pred::AtLeast(n) => self.has_commas(least(n, delta)),
            Pred::FewerThan(n) => self.has_commas(least(n, delta)).map(|has| !has),
            // What follows for these is not worked out: each is a question of its own.
            Pred::Within(..)
            | Pred::Repeated(_)
            | Pred::Complete(_)
            | Pred::Lacks(_)
            | Pred::Use(..)
            | Pred::UseOther(_) => None,
        }
    }

    fn all_used(&self, set: u32, delta: &Delta, terms: &Terms) -> Option<bool> {
        let rest = self.rest(set, delta, terms);
        if rest.is_empty() {
            return Some(true);
        }
        let unused = rest.iter().any(|k| self.used.get(k) == Some(&false));
        unused.then_some(false)
    }

    /// Whether there are at least `n` commas.
    fn has_commas(&self, n: u32) -> Option<bool> {
        if self.commas.0 >= n {
            return Some(true);
        }
        self.commas.1.filter(|&below| below <= n).map(|_| false)
    }

    fn note(&mut self, pred: Pred, delta: &Delta, terms: &Terms, held: bool) {
        match pred {
            Pred::Always => {}
            Pred::Unused(key) => {
                self.used.insert(key, !held);
            }
            Pred::AllUsed(set) => self.note_all(set, delta, terms, held),
            Pred::SomeUnused(set) => self.note_all(set, delta, terms, !held),
            Pred::AtLeast(n) => self.note_commas(least(n, delta), held),
            Pred::FewerThan(n) => self.note_commas(least(n, delta), !held),
            Pred::Within(..)
            | Pred::Repeated(_)
            | Pred::Complete(_)
            | Pred::Lacks(_)
            | Pred::Use(..)
            | Pred::UseOther(_) => {}
        }
    }

    fn note_all(&mut self, set: u32, delta: &Delta, terms: &Terms, all: bool) {
        let rest = self.rest(set, delta, terms);
        if all {
            self.used.extend(rest.into_iter().map(|key| (key, true)));
        } else if let [only] = rest[..] {
            self.used.insert(only, false);
        }
    }

    fn note_commas(&mut self, n: u32, has: bool) {
        if has {
            self.commas.0 = self.commas.0.max(n);
        } else {
            self.commas.1 = Some(self.commas.1.map_or(n, |below| below.min(n)));
        }
    }
}

/// The commas of the true frame that make `n` items.
fn least(n: u32, delta: &Delta) -> u32 {
    n.saturating_sub(1).saturating_sub(delta.commas)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers of every way through these questions.
    fn ways(questions: &[(Pred, Delta)], other: usize, open: bool) -> Vec<Vec<Verdict>> {
        let terms = Terms::default();
        let mut found = Vec::new();
        let mut script = Some(Script::first(other, open));
        while let Some(way) = script {
            let ask = |(pred, delta): &(Pred, Delta)| way.verdict(*pred, delta, &terms);
            found.push(questions.iter().map(ask).collect());
            script = way.next();
        }
        found
    }

    fn asked(preds: &[Pred]) -> Vec<(Pred, Delta)> {
        preds.iter().map(|&p| (p, Delta::default())).collect()
    }

    #[test]
    fn every_outcome_is_answered_once() {
        let found = ways(&asked(&[Pred::Unused(1), Pred::Unused(2)]), 9, false);
        let (yes, no) = (Verdict::Yes, Verdict::No);
        assert_eq!(found, [[yes, yes], [yes, no], [no, yes], [no, no]]);
    }

    #[test]
    fn what_follows_is_no_question() {
        let counts = [Pred::AtLeast(3), Pred::AtLeast(2), Pred::FewerThan(3)];
        let (yes, no) = (Verdict::Yes, Verdict::No);
        assert_eq!(
            ways(&asked(&counts), 9, false),
            [[yes, yes, no], [no, yes, yes], [no, no, yes]]
        );
        let again = [Pred::Unused(1), Pred::Unused(1)];
        assert_eq!(ways(&asked(&again), 9, false), [[yes, yes], [no, no]]);
    }

    #[test]
    fn what_the_walk_changed_counts() {
        let used = Delta {
            keys: vec![1],
            ..Delta::default()
        };
        let comma = Delta {
            commas: 2,
            ..Delta::default()
        };
        let above = Delta {
            up: 1,
            ..Delta::default()
        };
        let questions = [(Pred::Unused(1), used), (Pred::AtLeast(3), comma)];
        let (yes, no) = (Verdict::Yes, Verdict::No);
        assert_eq!(ways(&questions, 9, false), [[no, yes]]);
        let levels = [
            (Pred::AtLeast(3), above),
            (Pred::AtLeast(3), Delta::default()),
        ];
        assert_eq!(ways(&levels, 9, false).len(), 4);
    }

    #[test]
    fn keys_that_the_schema_does_not_name_can_be_left_open() {
        let questions = asked(&[Pred::Unused(1), Pred::Unused(9)]);
        let (yes, no, unknown) = (Verdict::Yes, Verdict::No, Verdict::Unknown);
        assert_eq!(ways(&questions, 9, true), [[yes, unknown], [no, unknown]]);
    }
}
