//! Rules that a front end wrote out: grammars that are no JSON Schema.
//!
//! *Purpose.* A table of states beside those that values make on demand, in the same numbers and the
//! same rows. A terminal is an expression, or a set of whole tokens; it has neither condition nor
//! effect. A rule of the table may stand for a JSON value, and is called like any other.
//!
//! *Invariants.* Every edge lies on a way to a final state ([`StaticRules::trim`]), and no terminal
//! matches the empty text.
//!
//! *Cost.* Linear, with one question per terminal whether it has a member.

use super::states::RuleKey;
use super::{State, Values};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId};
use crate::grammar::{Edge, RuleState, Rules, StateInfo, StaticRules, Symbol};
use rustc_hash::FxHashMap;

/// What a terminal of the table reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// A text.
    Text(ExprId),
    /// One whole token out of a set.
    Tokens(u32),
}

/// A grammar's own rules.
#[derive(Default)]
pub struct Written {
    rules: StaticRules,
    leaves: Vec<Leaf>,
    /// The sets of tokens, as bitmasks.
    tokens: Vec<Box<[u32]>>,
    /// States that stand for the texts of a value.
    values: FxHashMap<RuleState, State>,
    productive: Vec<bool>,
}

impl Written {
    /// Takes a table whose terminals are indexes of `leaves`, and in which the states of `values` have
    /// no moves.
    pub fn new(
        arena: &mut Arena,
        values: &mut Values,
        mut rules: StaticRules,
        leaves: Vec<Leaf>,
        tokens: Vec<Box<[u32]>>,
        of_values: FxHashMap<RuleState, State>,
    ) -> Result<Self> {
        let mut live = Vec::with_capacity(leaves.len());
        for &leaf in &leaves {
            live.push(match leaf {
                Leaf::Text(e) if arena.nullable(e) => {
                    return Err(Error::Invalid("a terminal matches the empty text".into()));
                }
                Leaf::Text(e) => arena.live(e)?,
                Leaf::Tokens(set) => tokens[set as usize].iter().any(|&word| word != 0),
            });
        }
        values.check_products(arena)?;
        for (&rule, &state) in &of_values {
            if values.inhabited(arena, state)? {
                let made = rules.set_final(rule);
                made.map_err(|error| Error::Invalid(error.to_string()))?;
            }
        }
        let productive = rules.trim(|terminal, _| live[terminal as usize]);
        Ok(Written {
            rules,
            leaves,
            tokens,
            values: of_values,
            productive,
        })
    }

    /// Whether the rule that starts in a state has any text.
    pub fn is_productive(&self, state: RuleState) -> bool {
        self.productive.get(state as usize) == Some(&true)
    }

    /// Whether a set holds a token.
    pub(crate) fn holds(&self, set: u32, token: u32) -> bool {
        let word = self.tokens[set as usize].get(token as usize / 32);
        word.is_some_and(|word| word >> (token % 32) & 1 != 0)
    }

    /// A set of tokens, as a bitmask.
    pub(crate) fn tokens(&self, set: u32) -> &[u32] {
        &self.tokens[set as usize]
    }

    /// A state of the table, its symbols and targets put as the caller has them.
    pub(super) fn state(
        &mut self,
        state: RuleState,
        mut read: impl FnMut(Leaf) -> u32,
        mut rule: impl FnMut(RuleKey) -> RuleState,
    ) -> Result<StateInfo> {
        let known = self.rules.state(state);
        let info = known.map_err(|error| Error::Invalid(error.to_string()))?;
        let edges = info.edges.iter().map(|edge| Edge {
            symbol: match edge.symbol {
                Symbol::Terminal(terminal, label) => {
                    Symbol::Terminal(read(self.leaves[terminal as usize]), label)
                }
                Symbol::Call(callee) => Symbol::Call(rule(match self.values.get(&callee) {
                    Some(&value) => RuleKey::Root(value),
                    None => RuleKey::Written(callee),
                })),
            },
            target: rule(RuleKey::Written(edge.target)),
        });
        Ok(StateInfo {
            edges: edges.collect(),
            is_final: info.is_final,
        })
    }
}
