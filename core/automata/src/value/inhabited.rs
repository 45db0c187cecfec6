//! Is there any value at all?
//!
//! Explored on demand along obligations only: required keys, the least number of items. A state in
//! progress counts as "no"; a "yes" is final at once; a "no" is kept only when it leaned on nothing
//! still in progress (its whole component is done), else it is asked again.

use super::{ArrayShape, ObjectShape, State, Values};
use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, Escape, FULL};
use rustc_hash::FxHashMap;

/// Obligations within obligations.
const DEPTH: usize = 1_000;

impl Values {
    /// Whether some finite JSON value satisfies the state.
    pub fn inhabited(&mut self, arena: &mut Arena, state: State) -> Result<bool> {
        if let Some(&known) = self.alive.get(&state) {
            return Ok(known);
        }
        let mut path = FxHashMap::default();
        Ok(self.explore(arena, state, &mut path)?.0)
    }

    /// The verdict, and the lowest position on the path it leaned on.
    fn explore(
        &mut self,
        arena: &mut Arena,
        state: State,
        path: &mut FxHashMap<State, usize>,
    ) -> Result<(bool, usize)> {
        if let Some(&known) = self.alive.get(&state) {
            return Ok((known, usize::MAX));
        }
        if let Some(&at) = path.get(&state) {
            return Ok((false, at));
        }
        let at = path.len();
        if at > DEPTH {
            return Err(Error::Budget(format!("obligations nested {DEPTH} deep")));
        }
        path.insert(state, at);
        let (verdict, mut lowest) = self.explore_typed(arena, state, path)?;
        path.remove(&state);
        if lowest >= at {
            lowest = usize::MAX;
        }
        if verdict || lowest == usize::MAX {
            self.alive.insert(state, verdict);
        }
        Ok((verdict, lowest))
    }

    fn explore_typed(
        &mut self,
        arena: &mut Arena,
        state: State,
        path: &mut FxHashMap<State, usize>,
    ) -> Result<(bool, usize)> {
        let typed = self.typed(arena, state)?;
        if typed.null || typed.booleans != 0 || typed.number == FULL || typed.string == FULL {
            return Ok((true, usize::MAX));
        }
        if arena.live(typed.number)? || self.string_inhabited(arena, typed.string)? {
            return Ok((true, usize::MAX));
        }
        let mut lowest = usize::MAX;
        for &shape in &typed.arrays {
            let shape = self.arrays.get(shape);
            let (verdict, low) = self.explore_array(arena, &shape, path)?;
            lowest = lowest.min(low);
            if verdict {
                return Ok((true, lowest));
            }
        }
        for &shape in &typed.objects {
            let shape = self.objects.get(shape);
            let (verdict, low) = self.explore_object(arena, &shape, path)?;
            lowest = lowest.min(low);
            if verdict {
                return Ok((true, lowest));
            }
        }
        Ok((false, lowest))
    }

    fn explore_array(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
        path: &mut FxHashMap<State, usize>,
    ) -> Result<(bool, usize)> {
        if shape.min > shape.max {
            return Ok((false, usize::MAX));
        }
        let mut lowest = usize::MAX;
        let needed = shape.prefix.iter().take(shape.min as usize);
        let rest = (shape.min as usize > shape.prefix.len()).then_some(&shape.rest);
        for &item in needed.chain(rest) {
            let (verdict, low) = self.explore(arena, item, path)?;
            lowest = lowest.min(low);
            if !verdict {
                return Ok((false, lowest));
            }
        }
        Ok((true, lowest))
    }

    fn explore_object(
        &mut self,
        arena: &mut Arena,
        shape: &ObjectShape,
        path: &mut FxHashMap<State, usize>,
    ) -> Result<(bool, usize)> {
        let mut lowest = usize::MAX;
        let mut declared = 0;
        for &(key, state) in &shape.properties {
            if shape.required.binary_search(&key).is_err() {
                continue;
            }
            declared += 1;
            let (verdict, low) = self.explore(arena, state, path)?;
            lowest = lowest.min(low);
            if !verdict {
                return Ok((false, lowest));
            }
        }
        if declared < shape.required.len() {
            let (verdict, low) = self.explore(arena, shape.additional, path)?;
            lowest = lowest.min(low);
            if !verdict {
                return Ok((false, lowest));
            }
        }
        Ok((true, lowest))
    }

    /// Whether some text is in the string language.
    pub(crate) fn string_inhabited(
        &mut self,
        arena: &mut Arena,
        e: crate::expr::ExprId,
    ) -> Result<bool> {
        if e == EMPTY {
            return Ok(false);
        }
        let json = arena.json(e, Escape::START)?;
        arena.live(json)
    }

    /// Whether some array has the shape.
    pub(crate) fn array_inhabited(&mut self, arena: &mut Arena, shape: u32) -> Result<bool> {
        let shape = self.arrays.get(shape);
        Ok(self
            .explore_array(arena, &shape, &mut FxHashMap::default())?
            .0)
    }

    /// How many items the array can have at most, counting only items that exist.
    pub(super) fn longest(&mut self, arena: &mut Arena, shape: &ArrayShape) -> Result<u32> {
        for (i, &item) in shape.prefix.iter().enumerate() {
            if i as u32 >= shape.max {
                break;
            }
            if !self.inhabited(arena, item)? {
                return Ok(i as u32);
            }
        }
        if shape.max as usize > shape.prefix.len() && !self.inhabited(arena, shape.rest)? {
            return Ok(shape.prefix.len() as u32);
        }
        Ok(shape.max)
    }

    /// Whether some object has the shape.
    pub(crate) fn object_inhabited(&mut self, arena: &mut Arena, shape: u32) -> Result<bool> {
        let shape = self.objects.get(shape);
        Ok(self
            .explore_object(arena, &shape, &mut FxHashMap::default())?
            .0)
    }
}
