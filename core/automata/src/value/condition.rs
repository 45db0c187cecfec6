//! Conditions: alternatives beside the complement of a value, which is how `if` and `then` are said.
//!
//! *Purpose.* `any_of(not A, B)` and `any_of(not A, all_of(A, B))` are the same values. The first is
//! shorter, and the better one where both alternatives are one shape; but n such conditions on one key
//! (a tag) multiply to 2ⁿ shapes, as `B` may hold where `A` does not. With the second, alternatives
//! exclude each other, and n tags make n + 2 shapes.
//!
//! *Invariants.* A condition gives keys no order: what it declares is taken as a rule of that key's.

use super::{ArrayShape, Node, ObjectShape, Order, State, Typed, Value, Values};
use crate::error::Result;
use crate::expr::{Arena, ExprId};

impl Values {
    /// The union of alternatives without what the one complement among them excludes, if that makes no
    /// more shapes: then the complement's and the others' exclude each other.
    pub(super) fn exclusive(
        &mut self,
        arena: &mut Arena,
        list: &[Value],
        union: &Typed,
        path: &mut Vec<Value>,
    ) -> Result<Option<Typed>> {
        if union.objects.len() < 2 && union.arrays.len() < 2 {
            return Ok(None);
        }
        let complement = |v: &Value| match self.nodes[v.0 as usize] {
            Node::Not(inner) => Some((*v, inner)),
            _ => None,
        };
        let mut complements = list.iter().filter_map(complement);
        let (Some((fails, condition)), None) = (complements.next(), complements.next()) else {
            return Ok(None);
        };
        let holds = self.typed_value(arena, condition, path)?;
        let holds = self.without_order(arena, &holds)?;
        let fails = self.typed_value(arena, fails, path)?;
        let mut made = Typed {
            arrays: fails.arrays.clone(),
            objects: fails.objects.clone(),
            ..union.clone()
        };
        for &v in list {
            if matches!(self.nodes[v.0 as usize], Node::Not(_)) {
                continue;
            }
            let one = self.typed_value(arena, v, path)?;
            let arrays = self.meet_array_lists(&holds.arrays, &one.arrays)?;
            let objects = self.meet_object_lists(arena, &holds.objects, &one.objects)?;
            self.join_arrays(&mut made.arrays, &arrays);
            self.join_objects(&mut made.objects, &objects);
        }
        made.objects = self.unite_objects(made.objects)?;
        let more = made.objects.len() > union.objects.len();
        Ok((!more && made.arrays.len() <= union.arrays.len()).then_some(made))
    }

    /// The same values, giving keys no order.
    fn without_order(&mut self, arena: &mut Arena, typed: &Typed) -> Result<Typed> {
        let mut made = typed.clone();
        if self.order == Order::Free {
            return Ok(made);
        }
        for id in &mut made.arrays {
            *id = self.unordered_array(*id)?;
        }
        for id in &mut made.objects {
            *id = self.unordered_object(arena, *id)?;
        }
        Ok(made)
    }

    fn unordered_array(&mut self, id: u32) -> Result<u32> {
        let shape = self.arrays.get(id);
        let mut contains = shape.contains.to_vec();
        for one in &mut contains {
            one.item = self.unordered(one.item)?;
        }
        contains.sort_unstable();
        let mut prefix = shape.prefix.to_vec();
        for item in &mut prefix {
            *item = self.unordered(*item)?;
        }
        let shape = ArrayShape {
            prefix: prefix.into(),
            rest: self.unordered(shape.rest)?,
            contains: contains.into(),
            ..(*shape).clone()
        };
        Ok(self.arrays.add(shape))
    }

    fn unordered_object(&mut self, arena: &mut Arena, id: u32) -> Result<u32> {
        let shape = self.objects.get(id);
        let mut rules: Vec<(ExprId, State)> = Vec::new();
        let mut witnesses: Vec<(ExprId, State)> = Vec::new();
        let declared = self.texts_of_keys(arena, shape.properties.iter().map(|p| p.0))?;
        let others = arena.not(declared)?;
        for &(key, state) in &shape.properties {
            let text = self.key_text(key);
            rules.push((arena.literal(&text)?, self.unordered(state)?));
        }
        for &(language, state) in &shape.rules {
            rules.push((arena.and(vec![language, others])?, self.unordered(state)?));
        }
        for &(language, state) in &shape.witnesses {
            witnesses.push((language, self.unordered(state)?));
        }
        let shape = ObjectShape {
            properties: Box::new([]),
            rules: rules.into(),
            witnesses: witnesses.into(),
            ..(*shape).clone()
        };
        Ok(self.objects.add(shape))
    }
}
