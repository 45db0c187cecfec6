//! Deterministic automata over code points, as expressions: one node a state.
//!
//! *Purpose.* Front ends hand over what the algebra has no expression for: loops that look around
//! themselves. Derivatives of such a node are look-ups.
//!
//! *Invariants.* Arms of a state are disjoint and ascend; from every state a member can be reached.
//! Between the bytes of a character there are states of their own, shared where they are equal.
//! Automata are equal if their digests are, which are those of their contents.
//!
//! *Cost.* Made in one pass over the arms; a state is 32 bytes and 8 an arm.

use super::{Arena, EMPTY, EPSILON, ExprId, LATER_BYTES, Node};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use regex_syntax::utf8::{Utf8Range, Utf8Sequences};
use rustc_hash::FxHashMap;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A state as it is handed over: whether the text may end there, and ranges of code points with the
/// states that they lead to.
pub(super) struct Draft {
    pub accepts: bool,
    pub arms: Vec<(u32, u32, u32)>,
}

/// An automaton over bytes.
#[derive(Debug)]
pub(crate) struct Machine {
    states: Box<[State]>,
    digest: u128,
}

#[derive(Debug)]
struct State {
    accepts: bool,
    /// It is between two characters.
    text: bool,
    /// It takes every text, and so do all that follow.
    all: bool,
    arms: Box<[Arm]>,
    /// Fewest characters, and fewest bytes, up to an end.
    least: (u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Arm {
    first: u8,
    last: u8,
    to: u32,
}

impl PartialEq for Machine {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Machine {}

impl Hash for Machine {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u128(self.digest);
    }
}

impl Machine {
    pub fn nullable(&self, state: u32) -> bool {
        self.states[state as usize].accepts
    }

    pub fn is_text(&self, state: u32) -> bool {
        self.states[state as usize].text
    }

    pub fn begins(&self, state: u32) -> ByteSet {
        let arms = self.states[state as usize].arms.iter();
        arms.fold(ByteSet::EMPTY, |all, arm| {
            all.union(&ByteSet::range(arm.first, arm.last))
        })
    }

    /// Fewest characters of a member, counted by their first bytes.
    pub fn characters(&self, state: u32) -> u32 {
        self.states[state as usize].least.0
    }

    /// Fewest bytes of a member.
    pub fn shortest(&self, state: u32) -> u32 {
        self.states[state as usize].least.1
    }

    /// The state after a byte.
    pub fn step(&self, state: u32, b: u8) -> Option<u32> {
        let arms = &self.states[state as usize].arms;
        let at = arms.partition_point(|arm| arm.last < b);
        arms.get(at).filter(|arm| arm.first <= b).map(|arm| arm.to)
    }

    pub fn len(&self) -> usize {
        self.states.len()
    }

    pub fn digest(&self) -> u128 {
        self.digest
    }

    /// What one of its states holds of memory.
    pub fn bytes_of(&self, state: u32) -> usize {
        size_of::<State>() + self.states[state as usize].arms.len() * size_of::<Arm>()
    }

    fn new(drafts: &[Draft]) -> Result<Self> {
        let live = reaching_an_end(drafts)?;
        let mut made = Maker {
            states: Vec::new(),
            between: FxHashMap::default(),
        };
        for draft in drafts {
            made.states.push((draft.accepts, true, Box::default()));
        }
        for (at, draft) in drafts.iter().enumerate() {
            let sequences = sequences(draft, &live)?;
            let sequences: Vec<_> = sequences.iter().map(|(s, to)| (&s[..], *to)).collect();
            made.states[at].2 = made.arms(&sequences)?;
        }
        let least = made.least();
        let mut hasher = SipHasher13::new_with_keys(0x6d61_6368_696e_6521, 1);
        for (accepts, _, arms) in &made.states {
            hasher.write_u8(u8::from(*accepts));
            hasher.write_usize(arms.len());
            for arm in arms {
                hasher.write_u8(arm.first);
                hasher.write_u8(arm.last);
                hasher.write_u32(arm.to);
            }
        }
        let states = made.states.into_iter().zip(least).enumerate();
        Ok(Machine {
            states: states
                .map(|(at, ((accepts, text, arms), least))| State {
                    accepts,
                    text,
                    all: drafts.get(at).is_some_and(|draft| draft.takes_all(at)),
                    arms,
                    least,
                })
                .collect(),
            digest: hasher.finish128().as_u128(),
        })
    }
}

impl Draft {
    /// Whether every text leads back to this state, which accepts.
    fn takes_all(&self, at: usize) -> bool {
        if !self.accepts || self.arms.iter().any(|arm| arm.2 as usize != at) {
            return false;
        }
        // All code points; the surrogates may be left out.
        let covered: u32 = self.arms.iter().map(|(lo, hi, _)| hi - lo + 1).sum();
        covered >= 0x11_0000 - 0x800
    }
}

/// Which states have a member.
fn reaching_an_end(drafts: &[Draft]) -> Result<Vec<bool>> {
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); drafts.len()];
    for (at, draft) in drafts.iter().enumerate() {
        for &(_, _, to) in &draft.arms {
            let known = sources.get_mut(to as usize);
            known
                .ok_or_else(|| Error::Invalid("an arm leads to no state".into()))?
                .push(at);
        }
    }
    let mut live: Vec<bool> = drafts.iter().map(|draft| draft.accepts).collect();
    let mut todo: Vec<usize> = (0..drafts.len()).filter(|&at| live[at]).collect();
    while let Some(at) = todo.pop() {
        for &from in &sources[at] {
            if !std::mem::replace(&mut live[from], true) {
                todo.push(from);
            }
        }
    }
    Ok(live)
}

/// The arms of a state as sequences of bytes.
fn sequences(draft: &Draft, live: &[bool]) -> Result<Vec<(Vec<Utf8Range>, u32)>> {
    let mut out = Vec::new();
    let mut next = 0;
    for &(lo, hi, to) in &draft.arms {
        let (Some(first), Some(last)) = (char::from_u32(lo), char::from_u32(hi)) else {
            return Err(Error::Invalid("an arm ends at no character".into()));
        };
        if lo < next || lo > hi {
            return Err(Error::Invalid("arms overlap or do not ascend".into()));
        }
        next = hi + 1;
        if !live[to as usize] {
            continue;
        }
        for sequence in Utf8Sequences::new(first, last) {
            out.push((sequence.as_slice().to_vec(), to));
        }
    }
    Ok(out)
}

/// An automaton under construction.
struct Maker {
    /// Whether it accepts, whether it is between characters, its arms.
    states: Vec<(bool, bool, Box<[Arm]>)>,
    /// States between the bytes of a character, by their arms.
    between: FxHashMap<Box<[Arm]>, u32>,
}

impl Maker {
    /// The arms that read one of the sequences, which ascend and are disjoint.
    fn arms(&mut self, sequences: &[(&[Utf8Range], u32)]) -> Result<Box<[Arm]>> {
        let mut arms: Vec<Arm> = Vec::new();
        // Sequences that share a first range follow each other; other first ranges are disjoint.
        for group in sequences.chunk_by(|a, b| a.0[0] == b.0[0]) {
            let (range, target) = (group[0].0[0], group[0].1);
            let to = if group[0].0.len() == 1 {
                target
            } else {
                let rests: Vec<_> = group.iter().map(|(s, to)| (&s[1..], *to)).collect();
                let arms = self.arms(&rests)?;
                self.between(arms)?
            };
            match arms.last_mut() {
                Some(last) if last.to == to && u16::from(last.last) + 1 == range.start.into() => {
                    last.last = range.end;
                }
                _ => arms.push(Arm {
                    first: range.start,
                    last: range.end,
                    to,
                }),
            }
        }
        Ok(arms.into())
    }

    fn between(&mut self, arms: Box<[Arm]>) -> Result<u32> {
        if let Some(&known) = self.between.get(&arms) {
            return Ok(known);
        }
        let id = u32::try_from(self.states.len())
            .map_err(|_| Error::Budget("an automaton of 2^32 states".into()))?;
        self.states.push((false, false, arms.clone()));
        self.between.insert(arms, id);
        Ok(id)
    }

    /// Fewest characters and bytes from each state to an end.
    fn least(&self) -> Vec<(u32, u32)> {
        let mut least = vec![(u32::MAX, u32::MAX); self.states.len()];
        for (at, (accepts, _, _)) in self.states.iter().enumerate() {
            if *accepts {
                least[at] = (0, 0);
            }
        }
        // Rounds of relaxation, each over all arms; lengths are at most the number of states.
        let mut changed = true;
        while changed {
            changed = false;
            for at in (0..self.states.len()).rev() {
                for arm in &self.states[at].2 {
                    let (characters, bytes) = least[arm.to as usize];
                    let one = u32::from(!LATER_BYTES.contains(arm.first));
                    let here = (characters.saturating_add(one), bytes.saturating_add(1));
                    let known = &mut least[at];
                    if here.0 < known.0 || here.1 < known.1 {
                        *known = (known.0.min(here.0), known.1.min(here.1));
                        changed = true;
                    }
                }
            }
        }
        least
    }
}

impl Arena {
    /// The texts that an automaton takes from its first state.
    pub(super) fn machine(&mut self, drafts: &[Draft]) -> Result<ExprId> {
        let machine = Arc::new(Machine::new(drafts)?);
        let Some(first) = machine.states.first() else {
            return Err(Error::Invalid("an automaton without states".into()));
        };
        if !first.accepts && first.arms.is_empty() {
            return Ok(EMPTY);
        }
        self.machine_state(&machine, 0)
    }

    /// The texts that lead from a state to an end.
    pub(super) fn machine_state(&mut self, machine: &Arc<Machine>, state: u32) -> Result<ExprId> {
        let known = &machine.states[state as usize];
        if known.arms.is_empty() {
            return Ok(EPSILON);
        }
        if known.all {
            return Ok(self.text_star());
        }
        self.intern(Node::State(machine.clone(), state))
    }
}
