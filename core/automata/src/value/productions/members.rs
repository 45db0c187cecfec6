//! The members of objects: keys with a name, classes of others, and what is asked of the keys that
//! are there, one key at a time.
//!
//! A formula on the presence of keys is a decision diagram; its first key is decided first, and what
//! is left of it is a formula again. A member whose value meets some of a key's atoms and not the
//! others is one decision for each way in which they can hold, as in the rules.

use super::{Productions, unknown, utf8};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId};
use crate::value::keys::Class;
use crate::value::{FREE, Formula, IMPOSSIBLE, Key, ObjectShape, State, Values};
use std::sync::Arc;

/// The number of the formula that asks nothing.
pub const NOTHING: u32 = 0;

/// Witnesses that one member may be at once; of more, it is one.
const TOGETHER: u32 = 6;

/// Objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// Declared keys that can be there: text, value, whether required.
    pub properties: Vec<(String, State, bool)>,
    /// The same for other keys that the shape names.
    pub undeclared: Vec<(String, State, bool)>,
    /// All other keys that can be there.
    pub others: Vec<Others>,
}

/// What a shape asks of the members of an object together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demands {
    /// What is asked of the presence of keys, for [`Productions::decide`]; [`NOTHING`] is nothing.
    pub formula: u32,
    /// The keys that it may ask about, as places among the declared and the other keys, in the order
    /// of decisions.
    pub asked: Vec<u32>,
    /// At least so many members.
    pub min: u32,
    /// At most so many, `u32::MAX` for no bound.
    pub max: u32,
    /// Witnesses that must be found among the other keys, as bits.
    pub witnesses: u32,
}

/// Keys without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Others {
    /// The value.
    pub state: State,
    /// The language of the keys.
    pub keys: ExprId,
    /// How many there are; `None`: no end.
    pub size: Option<u32>,
}

/// What may become of a key, each with the formula that is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The place of the key among the declared and the other keys.
    pub key: u32,
    /// It is not there.
    pub absent: Option<u32>,
    /// It is there with such a value.
    pub present: Vec<(State, u32)>,
}

impl Productions {
    /// What an object of a shape holds.
    pub fn members(&mut self, id: u32) -> Result<Members> {
        self.begin();
        let shape = self.object(id)?;
        let places = self.places(id, &shape)?;
        let (mut properties, mut undeclared) = (Vec::new(), Vec::new());
        for place in places.iter() {
            let required = shape.required.binary_search(&place.key).is_ok();
            let text = utf8(&self.values.key_text(place.key))?;
            let list = match place.declared {
                true => &mut properties,
                false => &mut undeclared,
            };
            list.push((text, place.state, required));
        }
        let others = self.classes(id)?.into_iter();
        let others = others.map(|(class, keys)| Others {
            state: class.state,
            keys,
            size: class.size,
        });
        let others = others.collect();
        Ok(Members {
            properties,
            undeclared,
            others,
        })
    }

    /// What is asked of the members together, if it is more than that some must be there.
    pub fn demands(&mut self, id: u32) -> Result<Option<Demands>> {
        self.begin();
        let shape = self.object(id)?;
        if !shape.counts_keys() {
            return Ok(None);
        }
        let places = self.places(id, &shape)?;
        let names = self.values.formulas.keys(shape.formula);
        let place = |key: &Key| places.iter().position(|p| p.key == *key);
        let asked = names.iter().filter_map(place).map(|at| at as u32);
        let formula = self.first_open(&places, shape.formula);
        Ok(Some(Demands {
            asked: asked.collect(),
            formula: self.handle(formula),
            min: shape.min,
            max: shape.max,
            witnesses: ((1u64 << shape.witnesses.len()) - 1) as u32,
        }))
    }

    /// What may become of the first key that a formula of a shape names.
    pub fn decide(&mut self, id: u32, formula: u32) -> Result<Decision> {
        self.begin();
        let shape = self.object(id)?;
        let known = self.formulas.get((formula as usize).wrapping_sub(1));
        let Some(&formula) = known else {
            return Err(unknown("formula", formula));
        };
        let places = self.places(id, &shape)?;
        let var = self.values.formulas.node(formula).map(|node| node.0);
        let found = var.and_then(|var| places.iter().position(|p| p.key == var.key));
        let Some(at) = found else {
            return Err(Error::Invalid("a formula of another shape".into()));
        };
        let (key, state) = (places[at].key, places[at].state);
        let mut absent = None;
        if shape.required.binary_search(&key).is_err() {
            let left = self.follow(formula, key, None);
            let left = self.first_open(&places, left);
            if left != IMPOSSIBLE {
                absent = Some(self.handle(left));
            }
        }
        let mut present = Vec::new();
        let mut ask = |values: &mut Values, arena: &mut Arena, s| values.inhabited(arena, s);
        let holdings = self
            .values
            .holdings(&mut self.arena, formula, key, state, &mut ask)?;
        for (holding, state) in holdings {
            let left = self.follow(formula, key, Some(&holding));
            let left = self.first_open(&places, left);
            if left != IMPOSSIBLE {
                present.push((state, self.handle(left)));
            }
        }
        Ok(Decision {
            key: at as u32,
            absent,
            present,
        })
    }

    /// The members that can be the first of some witnesses, and others of them: the place of the
    /// class, the witnesses, the value.
    pub fn witnesses(&mut self, id: u32, bits: u32) -> Result<Vec<(u32, u32, State)>> {
        self.begin();
        let shape = self.object(id)?;
        let first = bits & bits.wrapping_neg();
        let mut found = Vec::new();
        for (place, (class, _)) in self.classes(id)?.into_iter().enumerate() {
            if class.witnesses & first == 0 {
                continue;
            }
            let mut more = bits & !first & class.witnesses;
            if more.count_ones() >= TOGETHER {
                more = 0;
            }
            // All subsets of these, from the empty one on.
            let mut with = 0;
            loop {
                let mut state = class.state;
                for (i, &(_, witness)) in shape.witnesses.iter().enumerate() {
                    if (first | with) >> i & 1 == 1 {
                        state = self.values.both(state, witness);
                    }
                }
                if self.values.inhabited(&mut self.arena, state)? {
                    found.push((place as u32, first | with, state));
                }
                with = with.wrapping_sub(more) & more;
                if with == 0 {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// The classes of keys without a name that can be there, and their texts.
    fn classes(&mut self, id: u32) -> Result<Vec<(Class, ExprId)>> {
        let keys = self.values.keys_of(&mut self.arena, id)?;
        let mut found = Vec::with_capacity(keys.classes.len());
        for class in &keys.classes {
            if self.values.inhabited(&mut self.arena, class.state)? {
                if let Some(texts) = self.text(class.language)? {
                    found.push((class.clone(), texts));
                }
            }
        }
        Ok(found)
    }

    /// The keys with a name that can be there.
    fn places(&mut self, id: u32, shape: &ObjectShape) -> Result<Arc<[Place]>> {
        if let Some(known) = self.named.get(&id) {
            return Ok(known.clone());
        }
        let keys = self.values.keys_of(&mut self.arena, id)?;
        let mut all: Vec<(Key, State)> = keys.named.to_vec();
        let named: rustc_hash::FxHashSet<Key> = all.iter().map(|n| n.0).collect();
        for &key in shape.required.iter().filter(|key| !named.contains(key)) {
            let state = self.values.by_rules(&mut self.arena, &shape.rules, key)?;
            all.push((key, state));
        }
        let mut places = Vec::with_capacity(all.len());
        for (i, (key, state)) in all.into_iter().enumerate() {
            if self.values.inhabited(&mut self.arena, state)? {
                places.push(Place {
                    key,
                    state,
                    declared: i < keys.declared,
                });
            }
        }
        let places: Arc<[Place]> = places.into();
        self.named.insert(id, places.clone());
        Ok(places)
    }

    /// The formula where keys that cannot be there are not there, up to the first that can.
    fn first_open(&self, places: &[Place], mut formula: Formula) -> Formula {
        while let Some((var, _, _)) = self.values.formulas.node(formula) {
            if places.iter().any(|place| place.key == var.key) {
                break;
            }
            formula = self.follow(formula, var.key, None);
        }
        formula
    }

    /// What is left of a formula where its first key is absent, or there with such atoms.
    fn follow(&self, mut formula: Formula, key: Key, holding: Option<&[u32]>) -> Formula {
        while let Some((var, absent, present)) = self.values.formulas.node(formula) {
            if var.key != key {
                break;
            }
            let holds =
                holding.is_some_and(|h| var.atom == 0 || h.binary_search(&var.atom).is_ok());
            formula = if holds { present } else { absent };
        }
        formula
    }

    /// The number under which a formula is handed out.
    fn handle(&mut self, formula: Formula) -> u32 {
        if formula == FREE {
            return NOTHING;
        }
        let formulas = &mut self.formulas;
        *self.handles.entry(formula).or_insert_with(|| {
            formulas.push(formula);
            formulas.len() as u32
        })
    }

    fn object(&self, id: u32) -> Result<Arc<ObjectShape>> {
        if (id as usize) < self.values.objects.list.len() {
            Ok(self.values.objects.get(id))
        } else {
            Err(unknown("object shape", id))
        }
    }
}

/// A key that can be there.
pub(super) struct Place {
    key: Key,
    state: State,
    declared: bool,
}
