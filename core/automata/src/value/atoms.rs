//! Atoms: what the formula of an object shape says of the values of single keys.
//!
//! *Purpose.* "Key `k` is there, with a value of `s`" is a variable of formulas, the atom (k, s). So
//! the complement of an object with n properties is one shape, and n complements beside each other
//! are a conjunction of formulas, not a product of alternatives.
//!
//! *Invariants.* An atom speaks of the whole value of its key, whatever shape the formula belongs to.
//! When a member is read one of the *holdings* is chosen, a set of its key's atoms that can hold
//! together: the value then holds these atoms and no others. Holdings exclude each other.
//!
//! *Cost.* Two questions for each atom and holding. Atoms that the shape itself decides are taken
//! out of its formula as shapes meet, which leaves tagged unions none.

use super::formula::{Formula, Var};
use super::{ANY_STATE, Key, ObjectShape, State, Values};
use crate::error::{Error, Result};
use crate::expr::Arena;

/// Ways in which the atoms of one key can hold together.
const HOLDINGS: usize = 128;

/// A question whether a state has a value.
type Ask<'a> = dyn FnMut(&mut Values, &mut Arena, State) -> Result<bool> + 'a;

/// Atoms that hold together, ascending, and the values of which they do and no others do.
pub(super) type Holding = (Box<[u32]>, State);

impl Values {
    /// "The key is there, with a value of the state", as a formula.
    pub(super) fn atom(&mut self, key: Key, state: State) -> Result<Formula> {
        let state = self.unordered(state)?;
        let list = self.atoms.entry(key).or_default();
        let at = match list.iter().position(|&s| s == state) {
            Some(at) => at,
            None => {
                list.push(state);
                list.len() - 1
            }
        };
        self.formulas.atom(key, at as u32 + 1)
    }

    fn atom_state(&self, var: Var) -> State {
        self.atoms[&var.key][var.atom as usize - 1]
    }

    /// Forgets atoms of states that are forgotten.
    pub(super) fn forget_atoms(&mut self) {
        let states = self.own.states as u32;
        for list in self.atoms.values_mut() {
            let known = list.iter().take_while(|s| s.0 < states).count();
            list.truncate(known);
        }
        self.atoms.retain(|_, list| !list.is_empty());
    }

    /// The ways in which atoms of a key can hold, for values of a state.
    pub(super) fn holdings(
        &mut self,
        arena: &mut Arena,
        formula: Formula,
        key: Key,
        state: State,
        ask: &mut Ask<'_>,
    ) -> Result<Vec<Holding>> {
        let mut found: Vec<(Vec<u32>, State)> = vec![(Vec::new(), state)];
        for var in self.formulas.vars_of(formula, key) {
            if var.atom == 0 {
                continue;
            }
            let own = self.atom_state(var);
            let not = self.not_state(own)?;
            let mut next = Vec::with_capacity(found.len() * 2);
            for (holding, state) in found {
                let outside = self.both(state, not);
                if ask(self, arena, outside)? {
                    next.push((holding.clone(), outside));
                }
                let inside = self.both(state, own);
                if ask(self, arena, inside)? {
                    let mut holding = holding;
                    holding.push(var.atom);
                    next.push((holding, inside));
                }
            }
            found = next;
            if found.len() > HOLDINGS {
                return Err(Error::Budget(format!(
                    "{HOLDINGS} kinds of values of one key that alternatives tell apart"
                )));
            }
        }
        let boxed = found
            .into_iter()
            .map(|(atoms, state)| (atoms.into(), state));
        Ok(boxed.collect())
    }

    /// The formula after a member was read whose atoms hold so.
    pub(super) fn after_member(
        &mut self,
        formula: Formula,
        key: Key,
        holding: &[u32],
    ) -> Result<Formula> {
        if holding.is_empty() {
            return Ok(formula); // that the key is there, is known; its atoms do not hold
        }
        let mut left = formula;
        for var in self.formulas.vars_of(formula, key) {
            let holds = var.atom == 0 || holding.binary_search(&var.atom).is_ok();
            left = self.formulas.decide(left, var, holds)?;
        }
        Ok(left)
    }

    /// The formula of a shape without what its required keys and its values decide; `ask` may answer
    /// yes where it does not know.
    pub(super) fn simplified(
        &mut self,
        arena: &mut Arena,
        shape: &ObjectShape,
        ask: &mut Ask<'_>,
    ) -> Result<Formula> {
        let mut formula = shape.formula;
        for &var in self.formulas.vars(formula).iter() {
            let declared = shape.properties.iter().find(|p| p.0 == var.key);
            let base = match declared {
                Some(&(_, state)) => state,
                None => self.by_rules(arena, &shape.rules, var.key)?,
            };
            if var.atom == 0 {
                if shape.required.binary_search(&var.key).is_ok() {
                    formula = self.formulas.decide(formula, var, true)?;
                } else if base != ANY_STATE && !ask(self, arena, base)? {
                    formula = self.formulas.decide(formula, var, false)?;
                }
                continue;
            }
            let own = self.atom_state(var);
            let inside = self.both(base, own);
            if !ask(self, arena, inside)? {
                formula = self.formulas.decide(formula, var, false)?;
                continue;
            }
            let not = self.not_state(own)?;
            let outside = self.both(base, not);
            if !ask(self, arena, outside)? {
                // It holds wherever the key is there.
                let there = self.formulas.all(&[var.key])?;
                let absent = self.formulas.not(there)?;
                let with = self.formulas.decide(formula, var, true)?;
                let without = self.formulas.decide(formula, var, false)?;
                let with = self.formulas.and(there, with)?;
                let without = self.formulas.and(absent, without)?;
                formula = self.formulas.or(with, without)?;
            }
        }
        Ok(formula)
    }
}
