//! The items of arrays: by position, or one decision at a time where items of a kind are counted.

use super::{Productions, unknown};
use crate::error::Result;
use crate::value::{ArrayShape, State};
use std::sync::Arc;

/// Arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items {
    /// The first items, as far as there can be items.
    pub prefix: Vec<State>,
    /// The others; `None` where there can be none.
    pub rest: Option<State>,
    /// At least so many.
    pub min: u32,
    /// At most so many, `u32::MAX` for no bound.
    pub max: u32,
    /// Whether no two items are equal.
    pub unique: bool,
    /// Whether some two items are equal.
    pub repeats: bool,
    /// Whether items of a kind are counted; then [`Productions::taken`] says what they are.
    pub counted: bool,
}

/// A way to take the next item of an array that counts items of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The item.
    pub item: State,
    /// The shape of what follows it.
    pub shape: u32,
    /// At least so many items follow it, whatever the bounds on the number of all items.
    pub least: u32,
    /// At most so many, `u32::MAX` for no bound.
    pub most: u32,
}

impl Productions {
    /// What an array of a shape holds.
    pub fn items(&mut self, shape: u32) -> Result<Items> {
        self.begin();
        let shape = self.array(shape)?;
        let max = self.values.longest(&mut self.arena, &shape)?;
        let fixed = shape.prefix.len().min(max as usize);
        let mut prefix = Vec::with_capacity(fixed);
        for &item in &shape.prefix[..fixed] {
            prefix.push(self.item(&shape, item)?);
        }
        let mut rest = None;
        if max as usize > fixed {
            rest = Some(self.item(&shape, shape.rest)?);
        }
        Ok(Items {
            prefix,
            rest,
            min: shape.min,
            max,
            unique: shape.unique,
            repeats: shape.repeats,
            counted: !shape.contains.is_empty(),
        })
    }

    /// The ways to take the next item if `at` of the first items are there, and how many items are
    /// still asked for by kind.
    pub fn taken(&mut self, shape: u32, at: u32) -> Result<(u32, Vec<Taken>)> {
        self.begin();
        let shape = self.array(shape)?;
        let wanted = shape.contains.iter().map(|kind| kind.min);
        let wanted = wanted.fold(0, u32::saturating_add);
        let mut ways = Vec::new();
        for choice in self.values.choices(&mut self.arena, &shape, at)? {
            ways.push(Taken {
                item: self.item(&shape, choice.item)?,
                shape: choice.shape,
                least: choice.lengths.0,
                most: choice.lengths.1,
            });
        }
        Ok((wanted, ways))
    }

    /// The shape of what follows an item, given by its text: it counts wherever it can. `None` where
    /// it is one too many.
    pub fn shape_after(&mut self, shape: u32, at: u32, text: &[u8]) -> Result<Option<u32>> {
        self.begin();
        let shape = self.array(shape)?;
        let item = self.values.any_of_texts(&mut self.arena, &[text])?;
        let item = self.values.state(&[item]);
        let mut bits = 0;
        for (i, kind) in shape.contains.iter().enumerate() {
            let both = self.values.both(kind.item, item);
            if kind.from <= at && self.values.inhabited(&mut self.arena, both)? {
                if kind.max == 0 {
                    return Ok(None);
                }
                bits |= 1 << i;
            }
        }
        Ok(Some(self.values.after(&shape, bits)))
    }

    fn item(&mut self, shape: &ArrayShape, item: State) -> Result<State> {
        self.values
            .comparable(&mut self.arena, shape.compares(), item)
    }

    fn array(&self, shape: u32) -> Result<Arc<ArrayShape>> {
        if (shape as usize) < self.values.arrays.list.len() {
            Ok(self.values.arrays.get(shape))
        } else {
            Err(unknown("array shape", shape))
        }
    }
}
