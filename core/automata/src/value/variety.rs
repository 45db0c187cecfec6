//! How many different values a state has: what arrays of different items can hold.
//!
//! *Invariants.* Numbers are counted by value, strings by text. A number is exact or the question is
//! refused: where alternatives overlap, their sizes do not add up. Numbers are counted by their
//! shortest decimals, which front ends put beside every other spelling; where there are too few, a
//! search makes sure that they did.

use super::numbers::spellings_of;
use super::{ArrayShape, Contains, NO_MAXIMUM, State, Values};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, ExprId, FULL, UNBOUNDED};
use rustc_hash::FxHashSet;

/// Items of arrays that are counted.
const LENGTHS: u32 = 1_000;

/// Questions within questions.
const NESTED: usize = 20;

impl Values {
    /// Whether arrays of different items can be as long as they must be, whatever their first items
    /// are.
    pub(super) fn different_items(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
    ) -> Result<bool> {
        let kinds = shape.contains.iter().filter(|c| c.min > 0);
        let wanted: u32 = kinds.clone().map(|c| c.min).fold(0, u32::saturating_add);
        if wanted > 1 {
            for kind in kinds {
                let both = self.both(shape.rest, kind.item);
                if self.variety(arena, both)?.is_some() {
                    return Err(uncounted());
                }
            }
        }
        for kind in &shape.contains {
            if kind.min > 0 {
                self.way_to(arena, shape, kind, wanted == 1)?;
            }
            if kind.max < shape.min {
                self.enough_others(arena, shape, kind)?;
            }
        }
        if shape.min < 2 {
            return Ok(true); // it may end after any item
        }
        if shape.prefix.is_empty() {
            let different = self.variety(arena, shape.rest)?;
            let enough = different.is_none_or(|n| n >= shape.min);
            if !enough && !self.is_exact(arena, shape.rest, &mut FxHashSet::default())? {
                return Err(uncounted());
            }
            return Ok(enough);
        }
        for &item in shape
            .prefix
            .iter()
            .chain([&shape.rest])
            .take(shape.min as usize)
        {
            if self.variety(arena, item)?.is_some() {
                return Err(uncounted());
            }
        }
        Ok(true)
    }

    /// Makes sure that the items before those that must come can be told apart: until then the array
    /// may not end. Where one is enough, it can come as soon as there is a place for it.
    fn way_to(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
        kind: &Contains,
        one: bool,
    ) -> Result<()> {
        let mut is_such = Vec::with_capacity(shape.prefix.len() + 1);
        for (at, &item) in shape.prefix.iter().chain([&shape.rest]).enumerate() {
            let both = self.both(item, kind.item);
            let here = at as u32 >= kind.from;
            is_such.push(if here {
                self.asked(arena, both)?
            } else {
                Some(false)
            });
        }
        let last = is_such.iter().rposition(|&such| such != Some(false));
        let items = shape.prefix.iter().enumerate();
        for (at, &item) in items.take(last.unwrap_or(0) + 1).skip(1) {
            let at_once = one && is_such[at] == Some(true);
            if !at_once && self.variety(arena, item)?.is_some() {
                return Err(uncounted());
            }
        }
        Ok(())
    }

    /// Whether there is a value; `None` where that is what is being asked.
    fn asked(&mut self, arena: &mut Arena, state: State) -> Result<Option<bool>> {
        if self.counting.len() > NESTED {
            return Err(uncounted());
        }
        if !self.counting.insert(state) {
            return Ok(None);
        }
        let made = self.inhabited(arena, state);
        self.counting.remove(&state);
        made.map(Some)
    }

    /// Makes sure that an array which must be longer than there may be items of a kind has others.
    fn enough_others(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
        kind: &Contains,
    ) -> Result<()> {
        let other = self.not_state(kind.item)?;
        let items = shape.prefix.iter().chain([&shape.rest]);
        for &item in items.take(shape.min as usize) {
            let outside = self.both(item, other);
            let Some(others) = self.variety(arena, outside)? else {
                continue;
            };
            let inside = self.both(item, kind.item);
            let such = self.variety(arena, inside)?.unwrap_or(u32::MAX);
            let all = others.saturating_add(such.min(kind.max));
            let alone = shape.prefix.is_empty() && shape.contains.len() == 1 && kind.from == 0;
            if others > 0 && !(alone && all >= shape.min) {
                return Err(uncounted());
            }
        }
        Ok(())
    }

    /// How many values there are; `None`: no end of them.
    pub(super) fn variety(&mut self, arena: &mut Arena, state: State) -> Result<Option<u32>> {
        if !self.counting.insert(state) {
            return Ok(None); // what holds itself and exists has no end
        }
        let made = self.count_values(arena, state);
        self.counting.remove(&state);
        made
    }

    fn count_values(&mut self, arena: &mut Arena, state: State) -> Result<Option<u32>> {
        if !self.inhabited(arena, state)? {
            return Ok(Some(0));
        }
        let typed = self.typed(arena, state)?;
        if typed.number == FULL || typed.string == FULL {
            return Ok(None);
        }
        let mut sum = u32::from(typed.null) + typed.booleans.count_ones();
        if typed.string != EMPTY {
            match arena.count(typed.string)? {
                Some(n) => sum = sum.saturating_add(n),
                None => return Ok(None),
            }
        }
        if typed.number != EMPTY {
            match self.different_numbers(arena, typed.number)? {
                Some(n) => sum = sum.saturating_add(n),
                None => return Ok(None),
            }
        }
        let composite = self.composites(arena, &typed)?;
        Ok(composite.map(|n| sum.saturating_add(n)))
    }

    fn composites(&mut self, arena: &mut Arena, typed: &super::Typed) -> Result<Option<u32>> {
        let (mut shapes, mut sum) = (0, 0u32);
        for &id in &typed.arrays {
            if self.array_inhabited(arena, id)? {
                shapes += 1;
                match self.different_arrays(arena, id)? {
                    Some(n) => sum = sum.saturating_add(n),
                    None => return Ok(None),
                }
            }
        }
        if shapes > 1 {
            return Err(uncounted());
        }
        shapes = 0;
        for &id in &typed.objects {
            if self.object_inhabited(arena, id)? {
                shapes += 1;
                match self.different_objects(arena, id)? {
                    Some(n) => sum = sum.saturating_add(n),
                    None => return Ok(None),
                }
            }
        }
        if shapes > 1 {
            return Err(uncounted());
        }
        Ok(Some(sum))
    }

    /// Whether [`Values::variety`] left nothing out: it counts numbers by their shortest decimals, and
    /// a language may hold others without theirs. To be asked where the number is too small.
    fn is_exact(
        &mut self,
        arena: &mut Arena,
        state: State,
        seen: &mut FxHashSet<State>,
    ) -> Result<bool> {
        if !seen.insert(state) || !self.inhabited(arena, state)? {
            return Ok(true);
        }
        let typed = self.typed(arena, state)?;
        if typed.number != EMPTY && !self.holds_shortest(arena, typed.number)? {
            return Ok(false);
        }
        let mut parts = Vec::new();
        for &id in &typed.arrays {
            let shape = self.arrays.get(id);
            parts.extend(shape.prefix.iter().copied().chain([shape.rest]));
        }
        for &id in &typed.objects {
            let keys = self.keys_of(arena, id)?;
            parts.extend(keys.classes.iter().map(|class| class.state));
            parts.extend(keys.named.iter().map(|named| named.1));
        }
        for part in parts {
            if !self.is_exact(arena, part, seen)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a language of numbers that has few shortest decimals holds no other numbers.
    fn holds_shortest(&mut self, arena: &mut Arena, e: ExprId) -> Result<bool> {
        let one_each = shortest_decimals(arena)?;
        let both = arena.and(vec![e, one_each])?;
        if arena.count(both)?.is_none_or(|n| n > LENGTHS) {
            return Ok(false);
        }
        let mut known = Vec::new();
        for text in arena.texts_of(both)? {
            known.push(spellings_of(arena, &text)?);
        }
        let known = arena.or(known)?;
        let others = arena.not(known)?;
        let others = arena.and(vec![e, others])?;
        Ok(!arena.live(others)?)
    }

    fn different_numbers(&mut self, arena: &mut Arena, e: ExprId) -> Result<Option<u32>> {
        let one_each = shortest_decimals(arena)?;
        let both = arena.and(vec![e, one_each])?;
        arena.count(both)
    }

    fn different_arrays(&mut self, arena: &mut Arena, id: u32) -> Result<Option<u32>> {
        let shape = self.arrays.get(id);
        let longest = self.longest(arena, &shape)?;
        if longest == NO_MAXIMUM && shape.contains.is_empty() && !shape.compares() {
            return Ok(None);
        }
        // By length: the product of the varieties of the items.
        if longest > LENGTHS || !shape.contains.is_empty() || shape.compares() {
            return Err(uncounted());
        }
        let (mut sum, mut product) = (0u32, 1u32);
        for length in 0..=longest {
            if length >= shape.min {
                sum = sum.saturating_add(product);
            }
            if length < longest {
                let item = shape.prefix.get(length as usize).unwrap_or(&shape.rest);
                match self.variety(arena, *item)? {
                    None => return Ok(None),
                    Some(n) => product = product.saturating_mul(n),
                }
            }
        }
        Ok(Some(sum))
    }

    fn different_objects(&mut self, arena: &mut Arena, id: u32) -> Result<Option<u32>> {
        let shape = self.objects.get(id);
        let keys = self.keys_of(arena, id)?;
        let mut others = false;
        for class in &keys.classes {
            if !self.inhabited(arena, class.state)? {
                continue;
            }
            if class.size.is_none() {
                let bounded = shape.max != NO_MAXIMUM;
                return if bounded { Err(uncounted()) } else { Ok(None) };
            }
            others = true;
        }
        if shape.counts_keys() || others {
            return Err(uncounted());
        }
        let mut product = 1u32;
        for &(key, state) in &keys.named {
            let required = shape.required.binary_search(&key).is_ok();
            match self.variety(arena, state)? {
                None => return Ok(None),
                Some(n) => {
                    product = product.saturating_mul(n.saturating_add(u32::from(!required)));
                }
            }
        }
        Ok(Some(product))
    }
}

/// One spelling of each number: no exponent, no zero that can go, no negative zero.
pub(super) fn shortest_decimals(arena: &mut Arena) -> Result<ExprId> {
    let digit = arena.bytes(ByteSet::range(b'0', b'9'))?;
    let nonzero = arena.bytes(ByteSet::range(b'1', b'9'))?;
    let digits = arena.repeat(digit, 0, UNBOUNDED)?;
    let zero = arena.literal(b"0")?;
    let point = arena.literal(b".")?;
    let minus = arena.literal(b"-")?;
    let sign = arena.repeat(minus, 0, 1)?;
    let large = arena.concat(nonzero, digits)?;
    let fraction = arena.concat_all(&[point, digits, nonzero])?;
    let some = arena.repeat(fraction, 0, 1)?;
    let large = arena.concat_all(&[sign, large, some])?;
    let small = arena.concat_all(&[sign, zero, fraction])?;
    arena.or(vec![zero, large, small])
}

fn uncounted() -> Error {
    Error::Budget("counting how many different items an array can have".into())
}
