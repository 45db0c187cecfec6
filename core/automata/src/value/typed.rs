//! The normal form of a value: one language a scalar type, a list of shapes for arrays and objects.
//!
//! `all_of` intersects type by type, `any_of` unites; scalars stay one language, shapes multiply
//! (and are budgeted). References are followed, one met again on its own path names no value.

use super::{ArrayShape, Node, ObjectShape, Order, State, Value, Values, types};
use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, ExprId, FULL};
use std::sync::Arc;

/// Alternatives of arrays, or of objects, that one value may have.
const SHAPES: usize = 2_000;

/// Pairs of alternatives that may be looked at to find those that are left.
const PAIRS: usize = 50_000;

/// `all_of`, `any_of` and references within each other.
const DEPTH: usize = 1_000;

/// The shape of any array, and of any object.
const UNIVERSAL: u32 = 0;

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
        let mut typed: Option<Arc<Typed>> = None;
        for &v in list.iter() {
            let one = self.typed_value(arena, v, &mut Vec::new())?;
            typed = Some(match typed {
                None => one,
                Some(so_far) => Arc::new(self.meet(arena, &so_far, &one)?),
            });
        }
        let mut typed = typed.unwrap_or_else(|| Arc::new(Typed::of_types(types::ALL)));
        // Nothing is to be met any more, so an order of keys beside no order adds nothing.
        if typed.objects.len() > 1 && typed.objects.contains(&UNIVERSAL) {
            Arc::make_mut(&mut typed).objects = vec![UNIVERSAL];
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

    fn typed_value(
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
                for &x in list.iter() {
                    let one = self.typed_value(arena, x, path)?;
                    typed = self.meet(arena, &typed, &one)?;
                }
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
                    join(&mut typed.arrays, &one.arrays);
                    self.join_objects(&mut typed.objects, &one.objects);
                }
                typed.number = arena.or(numbers)?;
                typed.string = arena.or(strings)?;
                path.pop();
            }
        }
        check(&typed.arrays)?;
        check(&typed.objects)?;
        let typed = Arc::new(typed);
        self.single.insert(v, typed.clone());
        Ok(typed)
    }

    /// Adds the shapes of `more`. Any shape beside the universal one adds no objects; but where keys
    /// have an order, it brings its own to keys that are named later (`anyOf: [{}, A]` beside `B`).
    fn join_objects(&self, shapes: &mut Vec<u32>, more: &[u32]) {
        if self.order == Order::Free {
            return join(shapes, more);
        }
        for &shape in more {
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
        }
        if shapes.contains(&UNIVERSAL) {
            let objects = &self.objects;
            shapes.retain(|&s| s == UNIVERSAL || !objects.get(s).properties.is_empty());
        }
    }

    fn meet(&mut self, arena: &mut Arena, a: &Typed, b: &Typed) -> Result<Typed> {
        check_product(&a.arrays, &b.arrays)?;
        check_product(&a.objects, &b.objects)?;
        let mut arrays = Vec::new();
        for &x in &a.arrays {
            for &y in &b.arrays {
                let both = self.meet_arrays(x, y);
                join(&mut arrays, &[both]);
            }
        }
        let mut objects = Vec::new();
        let several = a.objects.len() * b.objects.len() > 1;
        for &x in &a.objects {
            for &y in &b.objects {
                let both = self.meet_objects(x, y);
                if several {
                    let shape = self.objects.get(both);
                    if self.evidently_empty(arena, &shape)? {
                        continue;
                    }
                }
                self.join_objects(&mut objects, &[both]);
            }
        }
        check(&arrays)?;
        check(&objects)?;
        Ok(Typed {
            null: a.null && b.null,
            booleans: a.booleans & b.booleans,
            number: arena.and(vec![a.number, b.number])?,
            string: arena.and(vec![a.string, b.string])?,
            arrays,
            objects,
        })
    }

    fn meet_arrays(&mut self, x: u32, y: u32) -> u32 {
        if x == y || y == UNIVERSAL {
            return x;
        }
        if x == UNIVERSAL {
            return y;
        }
        let (a, b) = (self.arrays.get(x), self.arrays.get(y));
        let length = a.prefix.len().max(b.prefix.len());
        let mut prefix = Vec::with_capacity(length);
        for i in 0..length {
            let at = |shape: &ArrayShape| shape.prefix.get(i).copied().unwrap_or(shape.rest);
            prefix.push(self.both(at(&a), at(&b)));
        }
        let shape = ArrayShape {
            prefix: prefix.into(),
            rest: self.both(a.rest, b.rest),
            min: a.min.max(b.min),
            max: a.max.min(b.max),
        };
        self.arrays.add(shape)
    }

    fn meet_objects(&mut self, x: u32, y: u32) -> u32 {
        if x == y || y == UNIVERSAL {
            return x;
        }
        if x == UNIVERSAL {
            return y;
        }
        let (a, b) = (self.objects.get(x), self.objects.get(y));
        let index = |shape: &ObjectShape| -> rustc_hash::FxHashMap<u32, State> {
            shape.properties.iter().copied().collect()
        };
        let (in_a, in_b) = (index(&a), index(&b));
        let mut properties = Vec::with_capacity(a.properties.len() + b.properties.len());
        for &(key, state) in &a.properties {
            let other = in_b.get(&key).copied().unwrap_or(b.additional);
            properties.push((key, self.both(state, other)));
        }
        for &(key, state) in &b.properties {
            if !in_a.contains_key(&key) {
                properties.push((key, self.both(a.additional, state)));
            }
        }
        let mut required: Vec<u32> = a.required.iter().chain(&b.required).copied().collect();
        required.sort_unstable();
        required.dedup();
        let shape = ObjectShape {
            properties: properties.into(),
            additional: self.both(a.additional, b.additional),
            required: required.into(),
        };
        self.objects.add(shape)
    }
}

fn text_language(arena: &Arena, e: ExprId) -> ExprId {
    if e == arena.text_star() { FULL } else { e }
}

/// Adds the shapes of `more`; any shape beside the universal one adds nothing.
fn join(shapes: &mut Vec<u32>, more: &[u32]) {
    for &shape in more {
        if shapes.contains(&UNIVERSAL) || shapes.contains(&shape) {
            continue;
        }
        if shape == UNIVERSAL {
            shapes.clear();
        }
        shapes.push(shape);
    }
}

fn check(shapes: &[u32]) -> Result<()> {
    if shapes.len() > SHAPES {
        return Err(too_many());
    }
    Ok(())
}

fn check_product(a: &[u32], b: &[u32]) -> Result<()> {
    if a.len().saturating_mul(b.len()) > PAIRS {
        return Err(too_many());
    }
    Ok(())
}

fn too_many() -> Error {
    Error::Budget(format!("{SHAPES} alternatives of one value"))
}
