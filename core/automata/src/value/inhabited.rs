//! Is there any value at all?
//!
//! Explored on demand along obligations only: required keys, the least number of items. A state in
//! progress counts as "no"; a "yes" is final at once; a "no" that leaned on states in progress is
//! tentative until all of them are done (`path`).

use super::atoms::Holding;
use super::keys::Keys;
use super::path::{ALONE, Entered, Path};
use super::presence::Presence;
use super::{ArrayShape, Key, NO_MAXIMUM, ObjectShape, State, Values};
use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, Escape, FULL};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Ways to choose the members that an object must have at least.
const ASSIGNMENTS: usize = 10_000;

impl Values {
    /// Whether some finite JSON value satisfies the state.
    pub fn inhabited(&mut self, arena: &mut Arena, state: State) -> Result<bool> {
        if let Some(&known) = self.alive.get(&state) {
            return Ok(known);
        }
        Ok(self.explore(arena, state, &mut Path::default())?.0)
    }

    /// The verdict, and the lowest position on the path it leaned on.
    fn explore(
        &mut self,
        arena: &mut Arena,
        state: State,
        path: &mut Path,
    ) -> Result<(bool, usize)> {
        if let Some(&known) = self.alive.get(&state) {
            return Ok((known, ALONE));
        }
        match path.enter(state) {
            Entered::Fresh => {}
            Entered::Not(lowest) => return Ok((false, lowest)),
            Entered::Deep => {
                let depth = Path::DEPTH;
                return Err(Error::Budget(format!("obligations nested {depth} deep")));
            }
        }
        let (verdict, lowest) = self.explore_typed(arena, state, path)?;
        let lowest = path.leave(state, verdict, lowest, |state| {
            self.alive.insert(state, false);
        });
        if lowest == ALONE {
            self.alive.insert(state, verdict);
        }
        Ok((verdict, lowest))
    }

    fn explore_typed(
        &mut self,
        arena: &mut Arena,
        state: State,
        path: &mut Path,
    ) -> Result<(bool, usize)> {
        let typed = self.typed(arena, state)?;
        if typed.null || typed.booleans != 0 || typed.number == FULL || typed.string == FULL {
            return Ok((true, ALONE));
        }
        if arena.live(typed.number)? || self.string_inhabited(arena, typed.string)? {
            return Ok((true, ALONE));
        }
        let mut lowest = ALONE;
        for &shape in &typed.arrays {
            let shape = self.arrays.get(shape);
            let (verdict, low) = self.explore_array(arena, &shape, path)?;
            lowest = lowest.min(low);
            if verdict {
                return Ok((true, lowest));
            }
        }
        for &shape in &typed.objects {
            let (verdict, low) = self.explore_object(arena, shape, path)?;
            lowest = lowest.min(low);
            if verdict {
                return Ok((true, lowest));
            }
        }
        Ok((false, lowest))
    }

    /// Whether an item can always be written again: where arrays have no greatest length.
    fn explore_repeats(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
        path: &mut Path,
    ) -> Result<(bool, usize)> {
        let mut lowest = ALONE;
        let mut endless =
            shape.max == NO_MAXIMUM && shape.contains.iter().all(|kind| kind.max == NO_MAXIMUM);
        for &item in shape.prefix.iter().chain([&shape.rest]) {
            let (verdict, low) = self.explore(arena, item, path)?;
            lowest = lowest.min(low);
            endless &= verdict;
            if !verdict && low != ALONE {
                return Ok((false, lowest)); // it may yet turn out to be
            }
        }
        if !endless {
            return Err(Error::Budget(
                "two equal items in an array of bounded length (the complement of uniqueItems)"
                    .into(),
            ));
        }
        Ok((true, lowest))
    }

    /// Whether some array has the shape: items that fill it up to its least length, each of which
    /// may be one that `contains` asks for, and more of them until all of those are there.
    fn explore_array(
        &mut self,
        arena: &mut Arena,
        shape: &ArrayShape,
        path: &mut Path,
    ) -> Result<(bool, usize)> {
        if shape.min > shape.max {
            return Ok((false, ALONE));
        }
        if shape.unique && (shape.repeats || !self.different_items(arena, shape)?) {
            return Ok((false, ALONE));
        }
        let mut lowest = ALONE;
        if shape.repeats {
            let (verdict, low) = self.explore_repeats(arena, shape, path)?;
            lowest = lowest.min(low);
            if !verdict {
                return Ok((false, lowest));
            }
        }
        if shape.contains.is_empty() {
            let needed = shape.prefix.iter().take(shape.min as usize);
            let rest = (shape.min as usize > shape.prefix.len()).then_some(&shape.rest);
            for &item in needed.chain(rest) {
                let (verdict, low) = self.explore(arena, item, path)?;
                lowest = lowest.min(low);
                if !verdict {
                    return Ok((false, lowest));
                }
            }
            return Ok((true, lowest));
        }
        let mut ask = |values: &mut Self, arena: &mut Arena, item| -> Result<bool> {
            let (verdict, low) = values.explore(arena, item, path)?;
            lowest = lowest.min(low);
            Ok(verdict)
        };
        let lengths = self.lengths(arena, shape, 0, &mut ask)?;
        let fits = |&(least, most): &(u32, u32)| least <= shape.max && most >= shape.min;
        Ok((lengths.is_some_and(|l| fits(&l)), lowest))
    }

    /// Whether some object has the shape.
    fn explore_object(
        &mut self,
        arena: &mut Arena,
        id: u32,
        path: &mut Path,
    ) -> Result<(bool, usize)> {
        let shape = self.objects.get(id);
        let mut lowest = ALONE;
        let mut needed = Vec::with_capacity(shape.required.len());
        for &(key, state) in &shape.properties {
            if shape.required.binary_search(&key).is_ok() {
                needed.push(state);
            }
        }
        if needed.len() < shape.required.len() {
            let declared: rustc_hash::FxHashSet<_> = shape.properties.iter().map(|p| p.0).collect();
            for &key in &shape.required {
                if !declared.contains(&key) {
                    needed.push(self.by_rules(arena, &shape.rules, key)?);
                }
            }
        }
        for state in needed {
            let (verdict, low) = self.explore(arena, state, path)?;
            lowest = lowest.min(low);
            if !verdict {
                return Ok((false, lowest));
            }
        }
        if !shape.counts_keys() {
            return Ok((true, lowest));
        }
        let mut search = Search {
            id,
            shape: &shape,
            keys: self.keys_of(arena, id)?,
            path,
            lowest,
            steps: 0,
        };
        let mut found = Found::default();
        // What cannot be without witnesses cannot be with any of them.
        let verdict = self.explore_presence(arena, &mut search, &found)?
            && (search.shape.witnesses.is_empty()
                || self.explore_witnesses(arena, &mut search, &mut found, 0)?);
        Ok((verdict, search.lowest))
    }

    /// Tries each key for the witness `at` and those after it, then the numbers of members.
    fn explore_witnesses(
        &mut self,
        arena: &mut Arena,
        search: &mut Search<'_>,
        found: &mut Found,
        at: usize,
    ) -> Result<bool> {
        search.steps += 1;
        if search.steps > ASSIGNMENTS {
            return Err(Error::Budget(format!(
                "{ASSIGNMENTS} ways to meet what an object must have at least"
            )));
        }
        let Some(&(language, state)) = search.shape.witnesses.get(at) else {
            return self.explore_presence(arena, search, found);
        };
        let keys = search.keys.clone();
        for (i, class) in keys.classes.iter().enumerate() {
            if class.witnesses >> at & 1 == 0 {
                continue;
            }
            // A member of its own, or one that is a witness already.
            for shared in 0..=found.fresh.len() {
                let (before, own) = match found.fresh.get(shared) {
                    Some(&(other, own)) if other == i => (Some(own), own),
                    Some(_) => continue,
                    None => (None, class.state),
                };
                let both = self.both(own, state);
                if !self.ask(arena, search, both)? {
                    continue;
                }
                match before {
                    Some(_) => found.fresh[shared].1 = both,
                    None => found.fresh.push((i, both)),
                }
                let verdict = self.explore_witnesses(arena, search, found, at + 1)?;
                match before {
                    Some(own) => found.fresh[shared].1 = own,
                    None => {
                        found.fresh.pop();
                    }
                }
                if verdict {
                    return Ok(true);
                }
            }
        }
        for &(key, declared) in &keys.named {
            if !self.matches(arena, language, key)? {
                continue;
            }
            let before = found.named.get(&key).copied();
            let both = self.both(before.unwrap_or(declared), state);
            if !self.ask(arena, search, both)? {
                continue;
            }
            found.named.insert(key, both);
            let verdict = self.explore_witnesses(arena, search, found, at + 1)?;
            match before {
                Some(own) => found.named.insert(key, own),
                None => found.named.remove(&key),
            };
            if verdict {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether some set of keys that have values is what the shape asks for.
    fn explore_presence(
        &mut self,
        arena: &mut Arena,
        search: &mut Search<'_>,
        found: &Found,
    ) -> Result<bool> {
        let keys = search.keys.clone();
        let mut open = Vec::with_capacity(keys.named.len());
        for &(key, state) in &keys.named {
            let state = found.named.get(&key).copied().unwrap_or(state);
            let (path, lowest) = (&mut *search.path, &mut search.lowest);
            let mut ask = |values: &mut Self, arena: &mut Arena, state| -> Result<bool> {
                let (verdict, low) = values.explore(arena, state, path)?;
                *lowest = low.min(*lowest);
                Ok(verdict)
            };
            if ask(self, arena, state)? {
                let formula = search.shape.formula;
                open.push((key, self.holdings(arena, formula, key, state, &mut ask)?));
            }
        }
        let mut others = Some(0u32);
        for class in &keys.classes {
            if self.ask(arena, search, class.state)? {
                others = others.zip(class.size).map(|(a, b)| a.saturating_add(b));
            }
        }
        let mut required = search.shape.required.to_vec();
        required.extend(found.named.keys());
        let pending = found.fresh.len() as u32;
        let presence = self.presence(search.id, &open, &required, pending, others)?;
        Ok(presence.feasible(&|_| false, 0, 0))
    }

    /// Whether a state is inhabited, on the path of a search.
    fn ask(&mut self, arena: &mut Arena, search: &mut Search<'_>, state: State) -> Result<bool> {
        let (verdict, low) = self.explore(arena, state, search.path)?;
        search.lowest = search.lowest.min(low);
        Ok(verdict)
    }

    /// What a shape asks of keys of which only some may (still) come, with such values.
    pub(super) fn presence(
        &mut self,
        id: u32,
        open: &[(Key, Vec<Holding>)],
        required: &[Key],
        pending: u32,
        others: Option<u32>,
    ) -> Result<Presence> {
        let shape = self.objects.get(id);
        let mut names: Vec<Key> = match self.known_keys(id) {
            Some(keys) => keys.named.iter().map(|n| n.0).collect(),
            None => shape.properties.iter().map(|p| p.0).collect(),
        };
        names.extend(required);
        let sorted = |keys: &mut Vec<Key>| {
            keys.sort_unstable();
            keys.dedup();
        };
        sorted(&mut names);
        let mut values = Vec::new();
        for (key, holdings) in open {
            if holdings.len() > 1 || holdings.iter().any(|h| !h.0.is_empty()) {
                let atoms: Vec<_> = holdings.iter().map(|h| h.0.clone()).collect();
                values.push((*key, atoms.into_boxed_slice()));
            }
        }
        values.sort_unstable();
        let mut open: Vec<Key> = open.iter().map(|o| o.0).collect();
        let mut required = required.to_vec();
        sorted(&mut open);
        sorted(&mut required);
        Ok(Presence::new(
            names.into(),
            open.into(),
            required.into(),
            &self.formulas,
            (shape.formula, values.into()),
            (shape.min, shape.max),
            pending,
            others,
        ))
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
        Ok(self.explore_array(arena, &shape, &mut Path::default())?.0)
    }

    /// Whether some object has the shape.
    pub(crate) fn object_inhabited(&mut self, arena: &mut Arena, shape: u32) -> Result<bool> {
        Ok(self.explore_object(arena, shape, &mut Path::default())?.0)
    }
}

/// A search for the least that an object must have.
struct Search<'a> {
    id: u32,
    shape: &'a ObjectShape,
    keys: Arc<Keys>,
    path: &'a mut Path,
    lowest: usize,
    steps: usize,
}

/// Witnesses found so far.
#[derive(Default)]
struct Found {
    named: FxHashMap<Key, State>,
    /// Members without a name: their class and value.
    fresh: Vec<(usize, State)>,
}
