//! Rules that a front end wrote out: grammars that are no JSON Schema.
//!
//! *Purpose.* A table of states beside those that values make on demand, in the same numbers and the
//! same rows. A terminal is an expression; it has neither condition nor effect.
//!
//! *Invariants.* Every edge lies on a way to a final state ([`StaticRules::trim`]), and no terminal
//! matches the empty text.
//!
//! *Cost.* Linear, with one question per terminal whether it has a member.

use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId};
use crate::grammar::{Edge, RuleState, Rules, StateInfo, StaticRules, Symbol};

/// A grammar's own rules.
#[derive(Default)]
pub struct Written {
    rules: StaticRules,
    terminals: Vec<ExprId>,
    productive: Vec<bool>,
}

impl Written {
    /// Takes a table whose terminals are indexes of `terminals`.
    pub fn new(arena: &mut Arena, mut rules: StaticRules, terminals: Vec<ExprId>) -> Result<Self> {
        let mut live = Vec::with_capacity(terminals.len());
        for &e in &terminals {
            if arena.nullable(e) {
                return Err(Error::Invalid("a terminal matches the empty text".into()));
            }
            live.push(arena.live(e)?);
        }
        let productive = rules.trim(|terminal, _| live[terminal as usize]);
        Ok(Written {
            rules,
            terminals,
            productive,
        })
    }

    /// Whether the rule that starts in a state has any text.
    pub fn is_productive(&self, state: RuleState) -> bool {
        self.productive.get(state as usize) == Some(&true)
    }

    /// A state of the table, its symbols and targets put as the caller has them.
    pub(super) fn state(
        &mut self,
        state: RuleState,
        mut read: impl FnMut(ExprId) -> u32,
        mut rule: impl FnMut(RuleState) -> RuleState,
    ) -> Result<StateInfo> {
        let known = self.rules.state(state);
        let info = known.map_err(|error| Error::Invalid(error.to_string()))?;
        let edges = info.edges.iter().map(|edge| Edge {
            symbol: match edge.symbol {
                Symbol::Terminal(terminal, label) => {
                    Symbol::Terminal(read(self.terminals[terminal as usize]), label)
                }
                Symbol::Call(callee) => Symbol::Call(rule(callee)),
            },
            target: rule(edge.target),
        });
        Ok(StateInfo {
            edges: edges.collect(),
            is_final: info.is_final,
        })
    }
}
