//! What the rows ask of a grammar.
//!
//! **Purpose.** A rule is a finite automaton over terminals and calls of rules, named by its start state.
//! States are asked for one at a time, so that rules can be made while a text is read (the states of JSON
//! values), and rules may share states.
//!
//! **Invariants** the caller keeps: a state, once told, never changes; a terminal never matches the empty
//! string; [`RuleState::MAX`] names no state.
//!
//! **Rejected.** A flag "this rule matches the empty string": the closure finds that by itself at the byte
//! where it matters, while a flag would have to be computed ahead over rules that are not made yet, and a
//! wrong one would lose texts in silence.

/// A state of a rule's automaton. A rule is named by its start state.
pub type RuleState = u32;

/// A terminal, interned by the caller.
pub type Terminal = u32;

/// One of the ways in which a terminal may end; 0 where there is one only.
pub type Label = u32;

/// What an edge reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A terminal that ends with this label.
    Terminal(Terminal, Label),
    /// Any text of the rule that starts in this state.
    Call(RuleState),
}

/// A move of a rule's automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// What it reads.
    pub symbol: Symbol,
    /// Where it leads.
    pub target: RuleState,
}

/// Everything the rows read of a state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateInfo {
    /// The moves from here.
    pub edges: Vec<Edge>,
    /// Whether the rule may end here.
    pub is_final: bool,
}

impl StateInfo {
    /// A call that returns here has nothing left to do but return in turn.
    pub(super) fn only_returns(&self) -> bool {
        self.is_final && self.edges.is_empty()
    }
}

/// A grammar, told state by state.
pub trait Rules {
    /// Why a state could not be made, such as an exceeded budget.
    type Error;

    /// The state `state`, made now if it was only named before.
    fn state(&mut self, state: RuleState) -> Result<&StateInfo, Self::Error>;
}
