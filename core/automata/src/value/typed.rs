//! The normal form of a value: one language a scalar type, a list of shapes for arrays and objects.
//!
//! `all_of` intersects type by type, `any_of` unites, a complement is taken type by type of the
//! normal form; scalars stay one language, shapes multiply (and are budgeted; see `shapes`). References are followed, one met again on its own path names no value.

use super::shapes::{SHAPES, UNIVERSAL, check};
use super::{Node, State, Value, Values, types};
use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, ExprId, FULL};
use std::sync::Arc;

/// `all_of`, `any_of` and references within each other.
const DEPTH: usize = 1_000;

/// A value, type by type.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Whether `null` is in it.
    pub null: bool,
    /// Its booleans (bit 1: false, bit 2: true).
    pub booleans: u8,
    /// Its numbers, by spelling; `FULL` stands for any.
    pub number: ExprId,
    /// Its strings, by decoded text; `FULL` stands for any.
    pub string: ExprId,
    /// Its arrays: shapes, any of which.
    pub arrays: Vec<u32>,
    /// Its objects.
    pub objects: Vec<u32>,
}

impl Typed {
    fn of_types(mask: u8) -> Self {
        let has = |bit: u8| mask & bit != 0;
        let language = |bit| if has(bit) { FULL } else { EMPTY };
        let shapes = |bit| if has(bit) { vec![UNIVERSAL] } else { vec![] };
        Typed {
            null: has(types::NULL),
            booleans: if has(types::BOOLEAN) { 3 } else { 0 },
            number: language(types::NUMBER),
            string: language(types::STRING),
            arrays: shapes(types::ARRAY),
            objects: shapes(types::OBJECT),
        }
    }
}

impl Values {
    /// The normal form of a state.
    pub fn typed(&mut self, arena: &mut Arena, state: State) -> Result<Arc<Typed>> {
        if let Some(known) = self.normal.get(&state) {
            return Ok(known.clone());
        }
        let list = self.states.get(state.0);
        let mut parts = Vec::with_capacity(list.len());
        for &v in list.iter() {
            parts.push(self.typed_value(arena, v, &mut Vec::new())?);
        }
        let mut typed = match parts.as_slice() {
            [one] => one.clone(),
            _ => Arc::new(self.meet_all(arena, &parts)?),
        };
        // Nothing is to be met any more, so an order of keys beside no order adds nothing.
        if typed.objects.len() > 1 && typed.objects.contains(&UNIVERSAL) {
            Arc::make_mut(&mut typed).objects = vec![UNIVERSAL];
        }
        if typed.arrays.len() > 1 && typed.arrays.contains(&UNIVERSAL) {
            Arc::make_mut(&mut typed).arrays = vec![UNIVERSAL];
        }
        self.normal.insert(state, typed.clone());
        Ok(typed)
    }

    /// Normalises the values whose alternatives may multiply beyond the bound, so that a schema is
    /// refused when it is compiled and not when a text first comes there.
    pub fn check_products(&mut self, arena: &mut Arena) -> Result<()> {
        let mut counts: Vec<usize> = Vec::with_capacity(self.nodes.len());
        let mut large = Vec::new();
        for (i, node) in self.nodes.iter().enumerate() {
            let count = |v: &Value| counts.get(v.0 as usize).copied().unwrap_or(1);
            counts.push(match node {
                Node::All(list) => {
                    let product = list.iter().map(count).fold(1, usize::saturating_mul);
                    if product > SHAPES {
                        large.push(Value(i as u32));
                    }
                    product
                }
                Node::AnyOf(list) => list.iter().map(count).fold(0, usize::saturating_add),
                Node::Reference(Some(target)) => count(target),
                _ => 1,
            });
        }
        for v in large {
            self.typed_value(arena, v, &mut Vec::new())?;
        }
        Ok(())
    }

    pub(super) fn typed_value(
        &mut self,
        arena: &mut Arena,
        v: Value,
        path: &mut Vec<Value>,
    ) -> Result<Arc<Typed>> {
        if let Some(known) = self.single.get(&v) {
            return Ok(known.clone());
        }
        if path.len() > DEPTH {
            return Err(Error::Budget(format!(
                "all_of, any_of and references nested {DEPTH} deep"
            )));
        }
        if path.contains(&v) {
            return Err(Error::Invalid("a reference that leads to itself".into()));
        }
        let mut typed = Typed::of_types(types::ALL);
        match self.nodes[v.0 as usize].clone() {
            Node::Types(mask) => typed = Typed::of_types(mask),
            Node::Booleans(mask) => {
                typed = Typed::of_types(0);
                typed.booleans = mask & 3;
            }
            Node::Strings(e) => {
                typed = Typed::of_types(0);
                typed.string = text_language(arena, e);
            }
            Node::Numbers(e) => {
                typed = Typed::of_types(0);
                typed.number = e;
            }
            Node::IfString(e) => typed.string = text_language(arena, e),
            Node::IfNumber(e) => typed.number = e,
            Node::IfArray(shape) => typed.arrays = vec![shape],
            Node::IfObject(shape) => typed.objects = vec![shape],
            Node::Reference(None) => {
                return Err(Error::Invalid(format!("value {} is not defined", v.0)));
            }
            Node::Reference(Some(target)) => {
                path.push(v);
                let out = self.typed_value(arena, target, path)?;
                path.pop();
                self.single.insert(v, out.clone());
                return Ok(out);
            }
            Node::All(list) => {
                path.push(v);
                let mut parts = Vec::with_capacity(list.len());
                for &x in list.iter() {
                    parts.push(self.typed_value(arena, x, path)?);
                }
                typed = self.meet_all(arena, &parts)?;
                path.pop();
            }
            Node::AnyOf(list) => {
                path.push(v);
                typed = Typed::of_types(0);
                let (mut numbers, mut strings) = (Vec::new(), Vec::new());
                for &x in list.iter() {
                    let one = self.typed_value(arena, x, path)?;
                    typed.null |= one.null;
                    typed.booleans |= one.booleans;
                    numbers.push(one.number);
                    strings.push(one.string);
                    self.join_arrays(&mut typed.arrays, &one.arrays);
                    self.join_objects(&mut typed.objects, &one.objects);
                }
                typed.objects = self.unite_objects(typed.objects)?;
                typed.number = arena.or(numbers)?;
                typed.string = arena.or(strings)?;
                if let Some(exclusive) = self.exclusive(arena, &list, &typed, path)? {
                    typed = exclusive;
                }
                path.pop();
            }
            Node::Not(inner) => {
                path.push(v);
                let one = self.typed_value(arena, inner, path)?;
                typed = self.not(arena, &one)?;
                path.pop();
            }
            Node::Names(names) => {
                path.push(v);
                let strings = self.strings_of(arena, names, path)?;
                typed.objects = vec![self.objects_named(arena, strings)?];
                path.pop();
            }
        }
        check(&typed.arrays)?;
        check(&typed.objects)?;
        let typed = Arc::new(typed);
        self.single.insert(v, typed.clone());
        Ok(typed)
    }

    /// All of these together, one after another.
    pub(super) fn meet_each(&mut self, arena: &mut Arena, parts: &[Arc<Typed>]) -> Result<Typed> {
        let mut typed = Typed::of_types(types::ALL);
        for part in parts {
            typed = self.meet(arena, &typed, part)?;
        }
        Ok(typed)
    }

    fn meet(&mut self, arena: &mut Arena, a: &Typed, b: &Typed) -> Result<Typed> {
        Ok(Typed {
            null: a.null && b.null,
            booleans: a.booleans & b.booleans,
            number: arena.and(vec![a.number, b.number])?,
            string: arena.and(vec![a.string, b.string])?,
            arrays: self.meet_array_lists(&a.arrays, &b.arrays)?,
            objects: self.meet_object_lists(arena, &a.objects, &b.objects)?,
        })
    }

    /// The strings of a value: of keys nothing else is asked, so a schema may name itself there.
    fn strings_of(&mut self, arena: &mut Arena, v: Value, path: &mut Vec<Value>) -> Result<ExprId> {
        if path.len() > DEPTH || path.iter().filter(|&&x| x == v).count() > 1 {
            return Err(Error::Invalid("a reference that leads to itself".into()));
        }
        path.push(v);
        let found = match self.nodes[v.0 as usize].clone() {
            Node::Types(mask) if mask & types::STRING == 0 => EMPTY,
            Node::Booleans(_) | Node::Numbers(_) => EMPTY,
            Node::Strings(e) | Node::IfString(e) => text_language(arena, e),
            Node::Types(_)
            | Node::IfNumber(_)
            | Node::IfArray(_)
            | Node::IfObject(_)
            | Node::Names(_) => FULL,
            Node::Reference(None) => {
                return Err(Error::Invalid(format!("value {} is not defined", v.0)));
            }
            Node::Reference(Some(target)) => self.strings_of(arena, target, path)?,
            Node::Not(inner) => {
                let strings = self.strings_of(arena, inner, path)?;
                not_text(arena, strings)?
            }
            Node::All(list) => {
                let mut all = vec![FULL];
                for &x in list.iter() {
                    all.push(self.strings_of(arena, x, path)?);
                }
                arena.and(all)?
            }
            Node::AnyOf(list) => {
                let mut any = Vec::new();
                for &x in list.iter() {
                    any.push(self.strings_of(arena, x, path)?);
                }
                arena.or(any)?
            }
        };
        path.pop();
        Ok(found)
    }

    fn not(&mut self, arena: &mut Arena, a: &Typed) -> Result<Typed> {
        Ok(Typed {
            null: !a.null,
            booleans: !a.booleans & 3,
            number: self.not_numbers(arena, a.number)?,
            string: not_text(arena, a.string)?,
            arrays: self.not_arrays(&a.arrays)?,
            objects: self.not_objects(arena, &a.objects)?,
        })
    }
}

fn text_language(arena: &Arena, e: ExprId) -> ExprId {
    if e == arena.text_star() { FULL } else { e }
}

/// The strings that are not in a language of decoded text.
pub(super) fn not_text(arena: &mut Arena, e: ExprId) -> Result<ExprId> {
    match e {
        FULL => Ok(EMPTY),
        EMPTY => Ok(FULL),
        _ => {
            let (text, others) = (arena.text_star(), arena.not(e)?);
            arena.and(vec![text, others])
        }
    }
}
