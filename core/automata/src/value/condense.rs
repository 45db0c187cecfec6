//! Alternatives of objects as one shape: what they say of single keys becomes a formula.
//!
//! *Purpose.* Lists of alternatives multiply when they must hold together. Where the product would be
//! too large, each list is first made one shape, "some of these hold" as a formula over atoms
//! (`atoms`): n lists of alternatives are then one conjunction.
//!
//! *Cost.* Why it is not done always: to read a member the parser must know of every value whether it
//! is in the atoms of its key, and complements are larger than what they are of. And the order that
//! alternatives give to keys nobody else declares is lost.

use super::formula::{FREE, Formula, IMPOSSIBLE};
use super::shapes::too_many;
use super::{ANY_STATE, Key, NO_MAXIMUM, ObjectShape, State, Typed, Values};
use crate::error::Result;
use crate::expr::Arena;
use rustc_hash::FxHashSet;
use std::sync::Arc;

impl Values {
    /// All of these together.
    pub(super) fn meet_all(&mut self, arena: &mut Arena, parts: &[Arc<Typed>]) -> Result<Typed> {
        match self.meet_each(arena, parts) {
            Err(error) if error == too_many() => {
                let mut condensed = Vec::with_capacity(parts.len());
                for part in parts {
                    condensed.push(Arc::new(Typed {
                        objects: self.as_formula(&part.objects)?,
                        ..(**part).clone()
                    }));
                }
                self.meet_each(arena, &condensed)
            }
            met => met,
        }
    }

    /// The same objects, those shapes put together that speak of single keys alone.
    fn as_formula(&mut self, shapes: &[u32]) -> Result<Vec<u32>> {
        if shapes.len() < 2 {
            return Ok(shapes.to_vec());
        }
        let (mut kept, mut any) = (Vec::new(), IMPOSSIBLE);
        for &id in shapes {
            let shape = self.objects.get(id);
            let simple = shape.rules.is_empty()
                && shape.witnesses.is_empty()
                && shape.min == 0
                && shape.max == NO_MAXIMUM;
            if simple {
                let own = self.said_of_keys(&shape)?;
                any = self.formulas.or(any, own)?;
                self.formulas.check(any)?;
            } else {
                kept.push(id);
            }
        }
        if any != IMPOSSIBLE {
            kept.push(self.objects.add(ObjectShape {
                formula: any,
                ..ObjectShape::any()
            }));
        }
        Ok(kept)
    }

    /// What a shape says of the keys that it names, as a formula.
    pub(super) fn said_of_keys(&mut self, shape: &ObjectShape) -> Result<Formula> {
        let mut asked: Vec<(Key, State)> = shape.properties.to_vec();
        let declared: FxHashSet<Key> = asked.iter().map(|p| p.0).collect();
        let others = shape.required.iter().filter(|k| !declared.contains(k));
        asked.extend(others.map(|&key| (key, ANY_STATE)));
        // From the last key to the first: each then comes before all that is there already.
        asked.sort_unstable();
        let mut said = shape.formula;
        for &(key, state) in asked.iter().rev() {
            let such = if state == ANY_STATE {
                FREE
            } else if state == self.never() {
                IMPOSSIBLE
            } else {
                self.atom(key, state)?
            };
            let there = self.formulas.all(&[key])?;
            let fits = if shape.required.binary_search(&key).is_ok() {
                self.formulas.and(there, such)?
            } else {
                let absent = self.formulas.not(there)?;
                self.formulas.or(absent, such)?
            };
            said = self.formulas.and(fits, said)?;
        }
        Ok(said)
    }
}
