//! Prediction and completion at one byte.
//!
//! **Purpose.** From the items that a terminal's end leads to, find all items of the byte: callees of calls
//! (prediction), and returns from rules that end here (completion).
//!
//! **How.** A rule called at this byte has, until the row is finished, a *new* origin: the list of its
//! calls. A rule begun at an earlier byte has an interned one. Ending a rule of an old origin goes through
//! that origin's entries. Ending a rule called at this very byte means that it matched the empty string:
//! all its callers go on at once, those that call it later in this byte as well (the effect of Aycock and
//! Horspool's nullable prediction, without knowing beforehand which rules are nullable).
//!
//! **Invariants.** An item is expanded once; an old origin is returned through once. A call of a rule
//! whose return state only returns is marked as a tail call, for `askers` to see through.
//!
//! **Cost.** Linear in the items, their edges and the entries returned through, charged step by step to the
//! row's budget. Buffers are kept between rows.

use rustc_hash::{FxHashMap, FxHashSet};

use super::origins::{ACCEPT, Caller, OriginId, Origins, OutOfSteps, ROOT, Steps};
use super::rules::{RuleState, Rules, Symbol, Terminal};

pub(super) type Item = (RuleState, Caller);

/// A call made at this byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// The return state.
    pub(super) target: RuleState,
    pub(super) caller: Caller,
    pub(super) is_tail: bool,
    /// The call of the same rule made before this one.
    previous: Option<u32>,
}

/// A rule called at this byte.
#[derive(Clone, Copy, Debug, Default)]
struct Callee {
    last_call: Option<u32>,
    matched_empty: bool,
}

/// Why a row could not be closed.
pub(super) enum Stop<E> {
    Rules(E),
    Steps(OutOfSteps),
}

impl<E> From<OutOfSteps> for Stop<E> {
    fn from(stop: OutOfSteps) -> Self {
        Self::Steps(stop)
    }
}

#[derive(Debug, Default)]
pub(super) struct Closure {
    seen: FxHashSet<Item>,
    work: Vec<Item>,
    /// Items with a terminal to read, and ([`ACCEPT`], [`ROOT`]) if the whole text may end here.
    pub(super) kept: Vec<Item>,
    /// Terminals of the kept items, unsorted.
    pub(super) terminals: Vec<Terminal>,
    returned: FxHashSet<OriginId>,
    callees: Vec<Callee>,
    callee_of: FxHashMap<RuleState, u32>,
    calls: Vec<Call>,
    /// Calls of the state at hand: callee and return state.
    pending: Vec<(RuleState, RuleState)>,
}

impl Closure {
    pub(super) fn clear(&mut self) {
        // Clearing a table costs its capacity: one huge row must not slow down all rows after it.
        const KEEP: usize = 1 << 10;
        if self.seen.capacity() > KEEP && self.seen.capacity() / 8 > self.seen.len() {
            *self = Self::default();
            return;
        }
        self.seen.clear();
        self.work.clear();
        self.kept.clear();
        self.terminals.clear();
        self.returned.clear();
        self.callees.clear();
        self.callee_of.clear();
        self.calls.clear();
        self.pending.clear();
    }

    pub(super) fn add(&mut self, state: RuleState, caller: Caller) {
        if self.seen.insert((state, caller)) {
            self.work.push((state, caller));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.work.is_empty()
    }

    pub(super) fn run<R: Rules>(
        &mut self,
        rules: &mut R,
        origins: &Origins,
        steps: &mut Steps,
    ) -> Result<(), Stop<R::Error>> {
        while let Some((state, caller)) = self.work.pop() {
            if state == ACCEPT {
                self.kept.push((ACCEPT, Caller::Old(ROOT)));
                continue;
            }
            let info = rules.state(state).map_err(Stop::Rules)?;
            steps.spend(1 + info.edges.len())?;
            let is_final = info.is_final;
            let known = self.terminals.len();
            for edge in &info.edges {
                match edge.symbol {
                    Symbol::Terminal(terminal, _) => self.terminals.push(terminal),
                    Symbol::Call(callee) => self.pending.push((callee, edge.target)),
                }
            }
            if self.terminals.len() > known {
                self.kept.push((state, caller));
            }
            while let Some((callee, target)) = self.pending.pop() {
                let info = rules.state(target).map_err(Stop::Rules)?;
                let is_tail = info.only_returns();
                self.call(callee, target, caller, is_tail);
            }
            if is_final {
                match caller {
                    Caller::Old(origin) => self.return_through(origin, origins, steps)?,
                    Caller::New(callee) => self.match_empty(callee, steps)?,
                }
            }
        }
        Ok(())
    }

    /// Number of rules called at this byte: new origins are positions below it.
    pub(super) fn callees(&self) -> usize {
        self.callees.len()
    }

    /// The calls that asked for a rule at this byte.
    pub(super) fn calls_of(&self, callee: u32) -> impl Iterator<Item = &Call> {
        let first = self.callees[callee as usize].last_call;
        std::iter::successors(self.call_at(first), |call| self.call_at(call.previous))
    }

    fn call_at(&self, index: Option<u32>) -> Option<&Call> {
        index.map(|index| &self.calls[index as usize])
    }

    fn call(&mut self, callee: RuleState, target: RuleState, caller: Caller, is_tail: bool) {
        let next = self.callees.len() as u32;
        let position = *self.callee_of.entry(callee).or_insert(next);
        if position == next {
            self.callees.push(Callee::default());
            self.add(callee, Caller::New(position));
        }
        let entry = &mut self.callees[position as usize];
        self.calls.push(Call {
            target,
            caller,
            is_tail,
            previous: entry.last_call,
        });
        entry.last_call = Some((self.calls.len() - 1) as u32);
        if entry.matched_empty {
            self.add(target, caller);
        }
    }

    fn return_through(
        &mut self,
        origin: OriginId,
        origins: &Origins,
        steps: &mut Steps,
    ) -> Result<(), OutOfSteps> {
        if self.returned.insert(origin) {
            let entries = origins.entries(origin);
            steps.spend(entries.len())?;
            for &(state, caller) in entries {
                self.add(state, Caller::Old(caller));
            }
        }
        Ok(())
    }

    fn match_empty(&mut self, callee: u32, steps: &mut Steps) -> Result<(), OutOfSteps> {
        let entry = &mut self.callees[callee as usize];
        if entry.matched_empty {
            return Ok(());
        }
        entry.matched_empty = true;
        let mut next = entry.last_call;
        while let Some(&call) = self.call_at(next) {
            steps.spend(1)?;
            self.add(call.target, call.caller);
            next = call.previous;
        }
        Ok(())
    }
}
