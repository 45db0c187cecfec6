//! Is a value empty for an evident reason? A cheap, sound answer, asked while shapes multiply.
//!
//! `if`/`then` chains and tagged unions multiply to 2^n shapes of which all but a few require a key
//! with contradictory constants. Those are dropped as the product grows. The full question
//! (`inhabited`) cannot be asked there: it needs the normal form that is being made. Here only types,
//! string and number languages are looked at, never the inside of arrays and objects.

use super::{Node, ObjectShape, State, Value, Values, types};
use crate::error::Result;
use crate::expr::{Arena, EMPTY, ExprId, FULL};

/// How deep `all_of`, `any_of` and references are followed; deeper counts as anything.
const DEPTH: usize = 12;

/// A superset of a value, type by type.
#[derive(Clone, Copy)]
struct Outline {
    types: u8,
    booleans: u8,
    string: ExprId,
    number: ExprId,
}

const ANYTHING: Outline = Outline {
    types: types::ALL,
    booleans: 3,
    string: FULL,
    number: FULL,
};

impl Values {
    /// Whether a required key of the shape evidently has no value.
    pub(super) fn evidently_empty(
        &mut self,
        arena: &mut Arena,
        shape: &ObjectShape,
    ) -> Result<bool> {
        for &(key, state) in &shape.properties {
            if shape.required.binary_search(&key).is_ok() && self.no_value(arena, state)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn no_value(&mut self, arena: &mut Arena, state: State) -> Result<bool> {
        if let Some(&known) = self.alive.get(&state) {
            return Ok(!known);
        }
        let list = self.states.get(state.0);
        let mut all = ANYTHING;
        for &v in list.iter() {
            let one = self.outline(arena, v, DEPTH)?;
            all = meet(arena, all, one)?;
        }
        if all.types & (types::NULL | types::ARRAY | types::OBJECT) != 0 {
            return Ok(false);
        }
        if all.types & types::BOOLEAN != 0 && all.booleans != 0 {
            return Ok(false);
        }
        if all.types & types::NUMBER != 0 && arena.live(all.number)? {
            return Ok(false);
        }
        Ok(all.types & types::STRING == 0 || !self.string_inhabited(arena, all.string)?)
    }

    fn outline(&mut self, arena: &mut Arena, v: Value, depth: usize) -> Result<Outline> {
        if depth == 0 {
            return Ok(ANYTHING);
        }
        let mut out = ANYTHING;
        match self.nodes[v.0 as usize].clone() {
            Node::Types(mask) => out.types = mask,
            Node::Booleans(mask) => {
                out.types = types::BOOLEAN;
                out.booleans = mask;
            }
            Node::Strings(e) => {
                out.types = types::STRING;
                out.string = e;
            }
            Node::Numbers(e) => {
                out.types = types::NUMBER;
                out.number = e;
            }
            Node::IfString(e) => out.string = e,
            Node::IfNumber(e) => out.number = e,
            Node::IfArray(_) | Node::IfObject(_) | Node::Reference(None) => {}
            Node::Reference(Some(target)) => return self.outline(arena, target, depth - 1),
            Node::All(list) => {
                for &x in list.iter() {
                    let one = self.outline(arena, x, depth - 1)?;
                    out = meet(arena, out, one)?;
                }
            }
            Node::AnyOf(list) => {
                out = Outline {
                    types: 0,
                    booleans: 0,
                    string: EMPTY,
                    number: EMPTY,
                };
                let (mut strings, mut numbers) = (Vec::new(), Vec::new());
                for &x in list.iter() {
                    let one = self.outline(arena, x, depth - 1)?;
                    out.types |= one.types;
                    if one.types & types::BOOLEAN != 0 {
                        out.booleans |= one.booleans;
                    }
                    if one.types & types::STRING != 0 {
                        strings.push(one.string);
                    }
                    if one.types & types::NUMBER != 0 {
                        numbers.push(one.number);
                    }
                }
                out.string = arena.or(strings)?;
                out.number = arena.or(numbers)?;
            }
        }
        Ok(out)
    }
}

fn meet(arena: &mut Arena, a: Outline, b: Outline) -> Result<Outline> {
    Ok(Outline {
        types: a.types & b.types,
        booleans: a.booleans & b.booleans,
        string: arena.and(vec![a.string, b.string])?,
        number: arena.and(vec![a.number, b.number])?,
    })
}
