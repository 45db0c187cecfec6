//! Rules written out in full.
//!
//! **Purpose.** The table that front ends with a finite grammar fill, and that tests drive.
//!
//! **Invariant.** After [`StaticRules::trim`] every edge lies on a way to a final state, so a row offers a
//! terminal only if some text of the language goes on with it, and returns that became trivial are seen as
//! tail calls.
//!
//! **Cost.** `trim` is linear in the number of edges.

use std::fmt;

use super::rules::{Edge, Label, RuleState, Rules, StateInfo, Symbol, Terminal};

/// Rules in a table.
#[derive(Clone, Debug, Default)]
pub struct StaticRules {
    states: Vec<StateInfo>,
}

/// A state was named that the table does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownState(pub RuleState);

impl fmt::Display for UnknownState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the grammar has no rule state {}", self.0)
    }
}

impl std::error::Error for UnknownState {}

impl Rules for StaticRules {
    type Error = UnknownState;

    fn state(&mut self, state: RuleState) -> Result<&StateInfo, UnknownState> {
        self.states.get(state as usize).ok_or(UnknownState(state))
    }
}

impl StaticRules {
    /// A table without states.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new state, neither final nor with moves.
    pub fn add_state(&mut self) -> RuleState {
        let state = self.states.len() as RuleState;
        self.states.push(StateInfo::default());
        state
    }

    /// A new move. A repeated one changes nothing but costs time.
    pub fn add_edge(
        &mut self,
        from: RuleState,
        symbol: Symbol,
        target: RuleState,
    ) -> Result<(), UnknownState> {
        let known = self.states.len();
        let callee = match symbol {
            Symbol::Call(callee) => callee,
            Symbol::Terminal(..) => target,
        };
        for named in [target, callee] {
            if named as usize >= known {
                return Err(UnknownState(named));
            }
        }
        self.info(from)?.edges.push(Edge { symbol, target });
        Ok(())
    }

    /// Lets a rule end in `state`.
    pub fn set_final(&mut self, state: RuleState) -> Result<(), UnknownState> {
        self.info(state)?.is_final = true;
        Ok(())
    }

    /// Number of states.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether there are no states.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Removes every edge that no finished text can take: `inhabited` says which terminals match anything.
    /// Returns, for each state, whether some text leads from it to a final state.
    pub fn trim(&mut self, inhabited: impl Fn(Terminal, Label) -> bool) -> Vec<bool> {
        // An edge is useful once all it waits for (its target, its callee) is productive.
        let mut missing: Vec<Vec<u8>> = Vec::with_capacity(self.states.len());
        let mut waiting: Vec<Vec<(RuleState, usize)>> = vec![Vec::new(); self.states.len()];
        for (from, info) in self.states.iter().enumerate() {
            let from = from as RuleState;
            let mut counts = Vec::with_capacity(info.edges.len());
            for (position, edge) in info.edges.iter().enumerate() {
                waiting[edge.target as usize].push((from, position));
                counts.push(match edge.symbol {
                    Symbol::Call(callee) => {
                        waiting[callee as usize].push((from, position));
                        2
                    }
                    Symbol::Terminal(terminal, label) if inhabited(terminal, label) => 1,
                    Symbol::Terminal(..) => u8::MAX, // counts down once at most: never 0
                });
            }
            missing.push(counts);
        }
        let mut productive: Vec<bool> = self.states.iter().map(|info| info.is_final).collect();
        let mut work: Vec<usize> = (0..productive.len()).filter(|&s| productive[s]).collect();
        while let Some(state) = work.pop() {
            for &(from, position) in &waiting[state] {
                let from = from as usize;
                missing[from][position] -= 1;
                if missing[from][position] == 0 && !productive[from] {
                    productive[from] = true;
                    work.push(from);
                }
            }
        }
        for (info, counts) in self.states.iter_mut().zip(&missing) {
            let mut counts = counts.iter();
            info.edges.retain(|_| counts.next() == Some(&0));
        }
        productive
    }

    fn info(&mut self, state: RuleState) -> Result<&mut StateInfo, UnknownState> {
        self.states
            .get_mut(state as usize)
            .ok_or(UnknownState(state))
    }
}
