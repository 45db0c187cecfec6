//! Arrays as rule states: which item may come next, and when an array may close.
//!
//! *Purpose.* Items go by position. What `contains` asks is a guess: each item is taken for one of
//! those asked for, or not, and the readings run side by side; a reading that takes it goes on with a
//! shape that asks for one less. Where there is a maximum, an item that is not taken must not be of
//! the kind, so that exactly one reading is left when it ends.
//!
//! *Invariants.* A choice is offered only where the array can still end within its bounds: how many
//! items a shape still needs at least, and can take at most, is found by [`Values::lengths`]. That
//! every length between the two can be reached holds for the shapes that the budget lets through.
//!
//! *Cost.* Arrays that ask for nothing by kind go the short way. Else 2^n choices for each item,
//! n kinds, under budgets.

use super::rules::View;
use super::states::{ALL_CHOICES, Kind, RuleKey};
use super::terms::{Action, Pred};
use super::{ANY_STATE, ArrayShape, NO_MAXIMUM, Node, ObjectShape, State, Values};
use crate::error::{Error, Result};
use crate::expr::Arena;
use crate::grammar::Edge;
use rustc_hash::FxHashMap;

/// Kinds of items that one array may be asked to count.
const KINDS: usize = 6;

/// Places in the counting of items that one question may go through.
const PLACES: usize = 20_000;

/// Items that one question may look ahead.
const AHEAD: usize = 1_500;

/// Fewest and most further items.
pub(super) type Lengths = (u32, u32);

/// A way to take the next item.
pub(super) struct Choice {
    /// The kinds it is taken for, as bits.
    taken: u16,
    pub item: State,
    /// The shape of what follows.
    pub shape: u32,
    pub lengths: Lengths,
}

/// A question of [`Values::lengths`] under way.
struct Count<'a> {
    shape: &'a ArrayShape,
    known: FxHashMap<(u32, Vec<u32>), Option<Lengths>>,
    depth: usize,
}

type Ask<'a> = dyn FnMut(&mut Values, &mut Arena, State) -> Result<bool> + 'a;

impl Values {
    /// How many items an array still needs at least, and can take at most, if `at` of the first items
    /// are there; `None` if it cannot end. Bounds on the number of all items are left to the caller.
    pub(super) fn lengths(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
        at: u32,
        ask: &mut Ask<'_>,
    ) -> Result<Option<Lengths>> {
        if shape.contains.len() > KINDS {
            return Err(Error::Budget(format!("{KINDS} kinds of items to count")));
        }
        let mut count = Count {
            shape,
            known: FxHashMap::default(),
            depth: 0,
        };
        let taken = vec![0; shape.contains.len()];
        self.lengths_from(arena, &mut count, at, taken, ask)
    }

    fn lengths_from(
        &mut self,
        arena: &mut Arena,
        count: &mut Count<'_>,
        at: u32,
        taken: Vec<u32>,
        ask: &mut Ask<'_>,
    ) -> Result<Option<Lengths>> {
        let place = (at, taken);
        if let Some(&known) = count.known.get(&place) {
            return Ok(known);
        }
        if count.known.len() > PLACES || count.depth > AHEAD {
            return Err(Error::Budget(format!(
                "{AHEAD} items ahead, or {PLACES} places, in the counting of items"
            )));
        }
        let (shape, fixed) = (count.shape, count.shape.prefix.len() as u32);
        let enough = |taken: &[u32]| taken.iter().zip(&shape.contains).all(|(&t, c)| t >= c.min);
        let mut best: Option<Lengths> = enough(&place.1).then_some((0, 0));
        let mut idle = false;
        let next_at = (at + 1).min(fixed);
        for bits in 0..1u16 << shape.contains.len() {
            let Some(next) = take(shape, at, &place.1, bits) else {
                continue;
            };
            let item = self.item(shape, at, bits)?;
            if !ask(self, arena, item)? {
                continue;
            }
            if (next_at, &next) == (at, &place.1) {
                idle = true;
                continue;
            }
            count.depth += 1;
            let found = self.lengths_from(arena, count, next_at, next, ask)?;
            count.depth -= 1;
            if let Some((least, most)) = found {
                let (least, most) = (least.saturating_add(1), most.saturating_add(1));
                best = Some(match best {
                    None => (least, most),
                    Some((l, m)) => (l.min(least), m.max(most)),
                });
            }
        }
        if idle {
            best = best.map(|(least, _)| (least, NO_MAXIMUM));
        }
        count.known.insert(place, best);
        Ok(best)
    }

    /// The next item of an array whose items may have to differ: the numbers in it are then spelled
    /// as those are that can be compared.
    pub(super) fn comparable(
        &mut self,
        arena: &mut Arena,
        compares: bool,
        item: State,
    ) -> Result<State> {
        if !compares {
            return Ok(item);
        }
        let comparable = match self.comparable {
            Some(known) => known,
            None => {
                let made = self.all_comparable(arena)?;
                self.comparable = Some(made);
                made
            }
        };
        Ok(self.both(item, comparable))
    }

    /// Values whose numbers are spelled so, however deep.
    fn all_comparable(&mut self, arena: &mut Arena) -> Result<State> {
        let name = self.add(Node::Reference(None))?;
        let own = self.state(&[name]);
        let numbers = self.all_numbers(arena)?;
        let items = ArrayShape::new(Box::new([]), own, 0, NO_MAXIMUM);
        let members = ObjectShape::new(Box::new([]), own, Box::new([]));
        let (items, members) = (self.arrays.add(items), self.objects.add(members));
        let parts = [
            self.add(Node::IfNumber(numbers))?,
            self.add(Node::IfArray(items))?,
            self.add(Node::IfObject(members))?,
        ];
        let all = self.add(Node::All(parts.into()))?;
        self.define(name, all)?;
        Ok(own)
    }

    /// The next item where it is taken for these kinds.
    fn item(&mut self, shape: &ArrayShape, at: u32, bits: u16) -> Result<State> {
        let mut item = shape.prefix.get(at as usize).copied().unwrap_or(shape.rest);
        for (i, kind) in shape.contains.iter().enumerate() {
            if bits >> i & 1 == 1 {
                item = self.both(item, kind.item);
            } else if kind.max != NO_MAXIMUM && kind.from <= at {
                let not = self.not_state(kind.item)?;
                item = self.both(item, not);
            }
        }
        Ok(item)
    }

    /// What is asked of the array after an item that was taken for these kinds.
    pub(super) fn after(&mut self, shape: &ArrayShape, bits: u16) -> u32 {
        let mut next = shape.clone();
        let mut contains = shape.contains.to_vec();
        for (i, kind) in contains.iter_mut().enumerate() {
            if bits >> i & 1 == 1 {
                kind.min = kind.min.saturating_sub(1);
                if kind.max != NO_MAXIMUM {
                    kind.max -= 1;
                }
            }
        }
        contains.retain(|kind| kind.min > 0 || kind.max != NO_MAXIMUM);
        next.contains = contains.into();
        self.arrays.add(next)
    }

    /// The ways to take the next item after which the array can end.
    pub(super) fn choices(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
        at: u32,
    ) -> Result<Vec<Choice>> {
        let mut choices = Vec::new();
        let none = vec![0; shape.contains.len()];
        let next_at = (at + 1).min(shape.prefix.len() as u32);
        let mut ask = |values: &mut Values, arena: &mut Arena, item| values.inhabited(arena, item);
        for taken in 0..1u16 << shape.contains.len() {
            if take(shape, at, &none, taken).is_none() {
                continue;
            }
            let item = self.item(shape, at, taken)?;
            if item != ANY_STATE && !self.inhabited(arena, item)? {
                continue;
            }
            let next = self.after(shape, taken);
            let rest = self.arrays.get(next);
            let lengths = self.lengths(arena, &rest, next_at, &mut ask)?;
            if let Some(lengths) = lengths {
                choices.push(Choice {
                    taken,
                    item,
                    shape: next,
                    lengths,
                });
            }
        }
        Ok(choices)
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
}

/// How many of each kind are there after an item taken for these, as far as it matters; `None` where
/// it cannot be taken so.
fn take(shape: &ArrayShape, at: u32, taken: &[u32], bits: u16) -> Option<Vec<u32>> {
    let mut next = taken.to_vec();
    for (i, kind) in shape.contains.iter().enumerate() {
        if bits >> i & 1 == 0 {
            continue;
        }
        if kind.from > at || next[i] >= kind.max {
            return None;
        }
        if kind.max == NO_MAXIMUM && next[i] >= kind.min {
            return None; // enough of them: to take more says nothing
        }
        next[i] += 1;
    }
    Some(next)
}

impl View<'_> {
    pub(super) fn array(
        &mut self,
        id: u32,
        at: u32,
        kind: Kind,
        chosen: u16,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let shape = self.values.arrays.get(id);
        if kind == Kind::After {
            return self.after_item(id, &shape, at, edges);
        }
        let key = |kind| RuleKey::Array(id, at, kind, chosen);
        if !self.blanks(kind, edges, key)? {
            return Ok(());
        }
        let opens = matches!(kind, Kind::Open | Kind::OpenBlank);
        if opens && shape.min == 0 && shape.contains.iter().all(|c| c.min == 0) {
            self.close_now(b']', Pred::Always, edges)?;
        }
        let next = (at + 1).min(shape.prefix.len() as u32);
        if shape.contains.is_empty() {
            if self.values.longest(self.arena, &shape)? > at {
                let item = shape.prefix.get(at as usize).copied();
                let to = self.states.id(RuleKey::Array(id, next, Kind::After, 0));
                let item = item.unwrap_or(shape.rest);
                let item = self.values.comparable(self.arena, shape.compares(), item)?;
                self.value(item, to, edges)?;
            }
            return Ok(());
        }
        for choice in self.values.choices(self.arena, &shape, at)? {
            let (least, most) = choice.lengths;
            let fits = least < shape.max && most.saturating_add(1) >= shape.min;
            if (chosen == choice.taken || chosen == ALL_CHOICES) && (!opens || fits) {
                let to = RuleKey::Array(choice.shape, next, Kind::After, 0);
                let to = self.states.id(to);
                let item = self
                    .values
                    .comparable(self.arena, shape.compares(), choice.item)?;
                self.value(item, to, edges)?;
            }
        }
        Ok(())
    }

    /// A closing bracket or a comma. `at` items are there; at the end of the prefix, that many or
    /// more.
    fn after_item(
        &mut self,
        id: u32,
        shape: &ArrayShape,
        at: u32,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let open_ended = at as usize == shape.prefix.len();
        if shape.contains.iter().all(|c| c.min == 0) {
            if shape.repeats {
                self.close(b']', Pred::Repeated(shape.min), false, edges)?;
            } else if shape.min <= at.max(1) {
                self.close(b']', Pred::Always, shape.unique, edges)?;
            } else if open_ended {
                self.close(b']', Pred::AtLeast(shape.min), shape.unique, edges)?;
            }
        }
        if shape.contains.is_empty() {
            let max = self.values.longest(self.arena, shape)?;
            let pred = if max == NO_MAXIMUM {
                Some(Pred::Always)
            } else if open_ended {
                (max > at.max(1)).then_some(Pred::FewerThan(max))
            } else {
                (at < max).then_some(Pred::Always)
            };
            if let Some(pred) = pred {
                self.comma(id, at, ALL_CHOICES, pred, edges)?;
            }
            return Ok(());
        }
        let choices = self.values.choices(self.arena, shape, at)?;
        let mut conditions: Vec<(Pred, u16)> = Vec::with_capacity(choices.len());
        for choice in choices {
            // With n items there, the next one, and `least` to `most` more.
            let (least, most) = choice.lengths;
            let highest = match shape.max {
                NO_MAXIMUM => NO_MAXIMUM,
                max => match max.checked_sub(least.saturating_add(1)) {
                    Some(highest) => highest,
                    None => continue,
                },
            };
            let lowest = shape.min.saturating_sub(most.saturating_add(1));
            let pred = match (lowest, highest) {
                (0 | 1, NO_MAXIMUM) => Pred::Always,
                (lowest, NO_MAXIMUM) => Pred::AtLeast(lowest),
                (0 | 1, highest) => Pred::FewerThan(highest + 1),
                (lowest, highest) => Pred::Within(lowest, highest),
            };
            conditions.push((pred, choice.taken));
        }
        match conditions.first() {
            Some(&(first, _)) if conditions.iter().all(|c| c.0 == first) => {
                self.comma(id, at, ALL_CHOICES, first, edges)
            }
            _ => {
                for (pred, taken) in conditions {
                    self.comma(id, at, taken, pred, edges)?;
                }
                Ok(())
            }
        }
    }

    fn comma(
        &mut self,
        id: u32,
        at: u32,
        chosen: u16,
        pred: Pred,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let to = self.states.id(RuleKey::Array(id, at, Kind::Comma, chosen));
        let unique = self.values.arrays.get(id).unique;
        self.punctuation(true, b',', pred, Action::Comma(unique), to, edges)
    }
}
