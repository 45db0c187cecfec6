//! Witnesses that must be found among keys that have a name, or may be any other.
//!
//! *Purpose.* "Some member is such" is a guess that the parser makes at a member. It is only sound
//! where a fresh key can always be the witness; so before the parser gets a shape, the alternatives
//! in which a *named* key is the witness are shapes of their own (that key is required, its value
//! narrowed), and what is left asks for keys without a name.
//!
//! The normal form itself is left as it is: whether a fresh key has a value is asked *of* normal forms.
//!
//! *Cost.* One more shape for each named key that a witness's language holds: none for the
//! complement of `additionalProperties`, few for that of `patternProperties`.

use super::keys::Class;
use super::shapes::check;
use super::{FREE, Key, NO_MAXIMUM, ObjectShape, State, Values};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId};
use rustc_hash::FxHashSet;

/// Witnesses that may share members where their number is bounded.
const SHARING: usize = 4;

type Witness = (ExprId, State);

impl Values {
    /// The same objects, with witnesses among keys without a name only.
    pub(super) fn settled(&mut self, arena: &mut Arena, shapes: &[u32]) -> Result<Vec<u32>> {
        let mut settled = Vec::new();
        for &id in shapes {
            let id = self.without_decided(arena, id)?;
            let shape = self.objects.get(id);
            if shape.witnesses.is_empty() {
                self.join_objects(&mut settled, &[id]);
                continue;
            }
            for made in self.settle_shape(arena, id, &shape)? {
                if !self.evidently_empty(arena, &made)? {
                    let id = self.objects.add(made);
                    self.join_objects(&mut settled, &[id]);
                }
                check(&settled)?;
            }
        }
        Ok(settled)
    }

    /// The shape without atoms that its values decide.
    fn without_decided(&mut self, arena: &mut Arena, id: u32) -> Result<u32> {
        let shape = self.objects.get(id);
        if shape.formula == FREE {
            return Ok(id);
        }
        let mut ask = |values: &mut Values, arena: &mut Arena, s| values.inhabited(arena, s);
        let formula = self.simplified(arena, &shape, &mut ask)?;
        Ok(self.objects.add(ObjectShape {
            formula,
            ..(*shape).clone()
        }))
    }

    fn settle_shape(
        &mut self,
        arena: &mut Arena,
        id: u32,
        shape: &ObjectShape,
    ) -> Result<Vec<ObjectShape>> {
        let keys = self.keys_of(arena, id)?;
        let names: Vec<Key> = keys.named.iter().map(|n| n.0).collect();
        let named = self.texts_of_keys(arena, names.iter().copied())?;
        let others = arena.not(named)?;
        let bare = ObjectShape {
            witnesses: Box::new([]),
            ..shape.clone()
        };
        let mut made: Vec<(ObjectShape, Vec<Witness>)> = vec![(bare, Vec::new())];
        for (i, &(language, state)) in shape.witnesses.iter().enumerate() {
            let fresh = self.fresh(arena, &keys.classes, i, state)?;
            let mut next = Vec::new();
            for (shape, kept) in made {
                for &key in &names {
                    if self.matches(arena, language, key)? {
                        let with = self.narrowed(arena, &shape, key, state)?;
                        next.push((with, kept.clone()));
                    }
                }
                if fresh {
                    let mut kept = kept;
                    kept.push((arena.and(vec![language, others])?, state));
                    next.push((shape, kept));
                }
            }
            if next.len() > 2 * super::shapes::SHAPES {
                return Err(super::shapes::too_many());
            }
            // Several witnesses may choose the same key, and choices may exclude each other.
            made = Vec::with_capacity(next.len());
            let mut seen: FxHashSet<(ObjectShape, Vec<Witness>)> = FxHashSet::default();
            for one in next {
                if !self.evidently_empty(arena, &one.0)? && seen.insert(one.clone()) {
                    made.push(one);
                }
            }
            if made.len() > super::shapes::SHAPES {
                return Err(super::shapes::too_many());
            }
        }
        let mut out = Vec::new();
        for (shape, kept) in made {
            for witnesses in self.shared(arena, &shape, kept)? {
                out.push(ObjectShape {
                    witnesses: witnesses.into(),
                    ..shape.clone()
                });
            }
        }
        Ok(out)
    }

    /// Whether a key without a name can be the witness, whatever was used.
    fn fresh(
        &mut self,
        arena: &mut Arena,
        classes: &[Class],
        witness: usize,
        state: State,
    ) -> Result<bool> {
        let (mut found, mut few, mut elsewhere) = (false, false, false);
        for class in classes {
            let both = self.both(class.state, state);
            if class.witnesses >> witness & 1 == 1 && self.inhabited(arena, both)? {
                if class.size.is_none() {
                    return Ok(true);
                }
                found = true;
                // If all that the keys may have is a witness, they cannot be used up by others.
                let not = self.not_state(state)?;
                let outside = self.both(class.state, not);
                few |= self.inhabited(arena, outside)?;
            } else if self.inhabited(arena, class.state)? {
                elsewhere = true;
            }
        }
        if few && elsewhere {
            return Err(Error::Budget(
                "a member that must be there under one of finitely many keys".into(),
            ));
        }
        Ok(found)
    }

    /// The shape with a key that must be there, and its value narrowed.
    fn narrowed(
        &mut self,
        arena: &mut Arena,
        shape: &ObjectShape,
        key: Key,
        state: State,
    ) -> Result<ObjectShape> {
        let mut shape = shape.clone();
        let mut required = shape.required.to_vec();
        if let Err(at) = required.binary_search(&key) {
            required.insert(at, key);
        }
        shape.required = required.into();
        match shape.properties.iter().position(|p| p.0 == key) {
            Some(at) => shape.properties[at].1 = self.both(shape.properties[at].1, state),
            None => {
                let text = self.keys.get(key);
                let mut rules = shape.rules.to_vec();
                rules.push((arena.literal(&text)?, state));
                shape.rules = rules.into();
            }
        }
        Ok(shape)
    }

    /// The ways in which one member may be several witnesses, where members are bounded in number.
    fn shared(
        &mut self,
        arena: &mut Arena,
        shape: &ObjectShape,
        witnesses: Vec<Witness>,
    ) -> Result<Vec<Vec<Witness>>> {
        if shape.max == NO_MAXIMUM || witnesses.len() < 2 {
            return Ok(vec![witnesses]);
        }
        if witnesses.len() > SHARING {
            return Err(Error::Budget(format!(
                "{SHARING} members that an object of bounded size must have without their keys \
                 being known"
            )));
        }
        let mut ways: Vec<Vec<Witness>> = vec![Vec::new()];
        for (language, state) in witnesses {
            let mut next = Vec::new();
            for way in ways {
                for i in 0..way.len() {
                    let mut joined = way.clone();
                    let (other, own) = joined[i];
                    joined[i] = (arena.and(vec![other, language])?, self.both(own, state));
                    next.push(joined);
                }
                let mut apart = way;
                apart.push((language, state));
                next.push(apart);
            }
            ways = next;
        }
        Ok(ways)
    }
}
