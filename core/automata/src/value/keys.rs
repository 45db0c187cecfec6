//! The keys of an object shape: those it names, and the classes of all others.
//!
//! *Purpose.* Rules overlap (`^a` and `b$`), so a key that is not declared falls into one of the
//! classes that they cut all keys into; the class says what its value is. Keys whose presence the
//! shape asks about are named like declared ones, so that a condition can speak of them; so are keys
//! of which there are few where a witness is among them.
//!
//! *Invariants.* Named keys and classes share no key and make up all keys. Only live classes are
//! kept. Nothing here asks whether a value is inhabited: that question is asked *with* this.
//!
//! *Cost.* Kept by shape. A shape without patterns has one class; with n overlapping patterns up to
//! 2^n, under a budget.

use super::{FREE, Key, NO_MAXIMUM, ObjectShape, State, Values};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId, FULL};
use std::sync::Arc;

/// Classes of keys of one shape.
const CLASSES: usize = 256;

/// Keys of a class that are named where one of them must be there.
const FEW: u32 = 64;

/// Witnesses that one shape may ask for.
pub(super) const WITNESSES: usize = 16;

/// Keys without a name that all rules treat alike.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// By decoded text.
    pub language: ExprId,
    /// Their values.
    pub state: State,
    /// How many there are; `None`: no end.
    pub size: Option<u32>,
    /// Whether used keys can leave a beginning without an end.
    pub bounded: bool,
    /// Of which witnesses its members may be one, as bits.
    pub witnesses: u32,
}

/// The keys of a shape.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// Declared keys in their order, then the others that the shape names.
    pub named: Box<[(Key, State)]>,
    /// How many are declared.
    pub declared: usize,
    /// All other keys.
    pub classes: Box<[Class]>,
}

impl Values {
    /// The keys of an object shape.
    pub(super) fn keys_of(&mut self, arena: &mut Arena, id: u32) -> Result<Arc<Keys>> {
        if let Some(known) = self.keyed.get(&id) {
            return Ok(known.clone());
        }
        let shape = self.objects.get(id);
        let made = Arc::new(self.find_keys(arena, &shape)?);
        self.keyed.insert(id, made.clone());
        Ok(made)
    }

    /// The keys of an object shape, if they were asked for.
    pub(crate) fn known_keys(&self, id: u32) -> Option<&Keys> {
        self.keyed.get(&id).map(Arc::as_ref)
    }

    fn find_keys(&mut self, arena: &mut Arena, shape: &ObjectShape) -> Result<Keys> {
        let mut named = shape.properties.to_vec();
        let plain = shape.rules.iter().all(|rule| rule.0 == FULL);
        if !plain || shape.counts_keys() {
            let mut more = shape.required.to_vec();
            more.extend(self.formulas.keys(shape.formula));
            more.sort_unstable();
            more.dedup();
            let declared: rustc_hash::FxHashSet<Key> = named.iter().map(|p| p.0).collect();
            for key in more {
                if !declared.contains(&key) {
                    named.push((key, self.by_rules(arena, &shape.rules, key)?));
                }
            }
        }
        let names = self.texts_of_keys(arena, named.iter().map(|p| p.0))?;
        let others = arena.not(names)?;
        let mut classes = Vec::new();
        for class in self.classes(arena, shape, others)? {
            // A witness may be one of these: then it is required by its name.
            if class.witnesses != 0 && class.size.is_some_and(|n| n <= FEW) {
                for text in arena.texts_of(class.language)? {
                    named.push((self.key(&text), class.state));
                }
            } else {
                classes.push(class);
            }
        }
        Ok(Keys {
            named: named.into(),
            declared: shape.properties.len(),
            classes: classes.into(),
        })
    }

    fn classes(
        &mut self,
        arena: &mut Arena,
        shape: &ObjectShape,
        others: ExprId,
    ) -> Result<Vec<Class>> {
        if shape.witnesses.len() > WITNESSES {
            return Err(Error::Budget(format!(
                "{WITNESSES} members that an object must have without their keys being known"
            )));
        }
        // Language, values, witnesses.
        let mut parts: Vec<(ExprId, State, u32)> = vec![(others, super::ANY_STATE, 0)];
        for &(language, state) in &shape.rules {
            let mut next = Vec::with_capacity(parts.len());
            for (part, own, bits) in parts {
                let (inside, outside) = self.split(arena, part, language)?;
                if let Some(inside) = inside {
                    next.push((inside, self.both(own, state), bits));
                }
                if let Some(outside) = outside {
                    next.push((outside, own, bits));
                }
            }
            parts = within_budget(next)?;
        }
        for (i, &(language, _)) in shape.witnesses.iter().enumerate() {
            let mut next = Vec::with_capacity(parts.len());
            for (part, own, bits) in parts {
                let (inside, outside) = self.split(arena, part, language)?;
                if let Some(inside) = inside {
                    next.push((inside, own, bits | 1 << i));
                }
                if let Some(outside) = outside {
                    next.push((outside, own, bits));
                }
            }
            parts = within_budget(next)?;
        }
        let mut classes = Vec::with_capacity(parts.len());
        for (language, state, witnesses) in parts {
            classes.push(Class {
                language,
                state,
                size: arena.count(language)?,
                bounded: !arena.endless(language)?,
                witnesses,
            });
        }
        Ok(classes)
    }

    /// What of a language lies in another, and what does not, as far as there is any.
    fn split(
        &mut self,
        arena: &mut Arena,
        part: ExprId,
        language: ExprId,
    ) -> Result<(Option<ExprId>, Option<ExprId>)> {
        if language == FULL {
            return Ok((Some(part), None));
        }
        let inside = arena.and(vec![part, language])?;
        let outside = arena.not(language)?;
        let outside = arena.and(vec![part, outside])?;
        let live = |values: &mut Self, arena: &mut Arena, e| -> Result<Option<ExprId>> {
            Ok(values.string_inhabited(arena, e)?.then_some(e))
        };
        let inside = live(self, arena, inside)?;
        Ok((inside, live(self, arena, outside)?))
    }
}

impl ObjectShape {
    /// Whether the shape asks more of its keys than that some must be there.
    pub(super) fn counts_keys(&self) -> bool {
        self.formula != FREE
            || self.max != NO_MAXIMUM
            || self.min as usize > self.required.len()
            || !self.witnesses.is_empty()
    }
}

fn within_budget<T>(parts: Vec<T>) -> Result<Vec<T>> {
    if parts.len() > CLASSES {
        return Err(Error::Budget(format!(
            "{CLASSES} classes of keys that patterns tell apart"
        )));
    }
    Ok(parts)
}
