//! Is a value empty for an evident reason? A cheap, sound answer, asked while shapes multiply.
//!
//! `if`/`then` chains and tagged unions multiply to 2^n shapes of which all but a few require a key
//! with contradictory constants. Those are dropped as the product grows. The full question
//! (`inhabited`) cannot be asked there: it needs the normal form that is being made. Here only types,
//! string and number languages are looked at, never the inside of arrays and objects.

use super::typed::not_text;
use super::{IMPOSSIBLE, Node, ObjectShape, State, Value, Values, types};
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
        if shape.min > shape.max || (shape.required.len() as u64) > u64::from(shape.max) {
            return Ok(true);
        }
        if shape.formula == IMPOSSIBLE {
            return Ok(true);
        }
        for &(language, state) in &shape.witnesses {
            if !self.may_witness(arena, shape, language, state)? {
                return Ok(true);
            }
        }
        let mut declared = 0;
        for &(key, state) in &shape.properties {
            if shape.required.binary_search(&key).is_ok() {
                declared += 1;
                if self.no_value(arena, state)? {
                    return Ok(true);
                }
            }
        }
        if declared < shape.required.len() && !shape.rules.is_empty() {
            for &key in &shape.required {
                if shape.properties.iter().all(|p| p.0 != key) {
                    let state = self.by_rules(arena, &shape.rules, key)?;
                    if self.no_value(arena, state)? {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Whether a member that the shape allows may have such a key and value.
    fn may_witness(
        &mut self,
        arena: &mut Arena,
        shape: &ObjectShape,
        language: ExprId,
        state: State,
    ) -> Result<bool> {
        for &(key, own) in &shape.properties {
            if self.matches(arena, language, key)? {
                let both = self.both(own, state);
                if !self.no_value(arena, both)? {
                    return Ok(true);
                }
            }
        }
        // Keys that no rule forbids.
        let named = shape.properties.iter().map(|p| p.0);
        let mut gone = vec![self.texts_of_keys(arena, named)?];
        for &(keys, own) in &shape.rules {
            let both = self.both(own, state);
            if self.no_value(arena, both)? {
                gone.push(keys);
            }
        }
        let gone = arena.or(gone)?;
        let left = arena.not(gone)?;
        let left = arena.and(vec![language, left])?;
        self.string_inhabited(arena, left)
    }

    pub(super) fn no_value(&mut self, arena: &mut Arena, state: State) -> Result<bool> {
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
        self.outline_of(arena, v, true, depth)
    }

    /// The outline of a value, or of everything else.
    fn outline_of(
        &mut self,
        arena: &mut Arena,
        v: Value,
        holds: bool,
        depth: usize,
    ) -> Result<Outline> {
        if depth == 0 {
            return Ok(ANYTHING);
        }
        let mut out = ANYTHING;
        match self.nodes[v.0 as usize].clone() {
            Node::Types(mask) => out.types = if holds { mask } else { types::ALL & !mask },
            Node::Booleans(mask) if holds => {
                out.types = types::BOOLEAN;
                out.booleans = mask;
            }
            Node::Booleans(mask) => out.booleans = 3 & !mask,
            Node::Strings(e) if holds => {
                out.types = types::STRING;
                out.string = e;
            }
            Node::Strings(e) => out.string = not_text(arena, e)?,
            Node::Numbers(e) if holds => {
                out.types = types::NUMBER;
                out.number = e;
            }
            Node::Numbers(e) => out.number = self.not_numbers(arena, e)?,
            Node::IfString(e) if holds => out.string = e,
            Node::IfString(e) => {
                out.types = types::STRING;
                out.string = not_text(arena, e)?;
            }
            Node::IfNumber(e) if holds => out.number = e,
            Node::IfNumber(e) => {
                out.types = types::NUMBER;
                out.number = self.not_numbers(arena, e)?;
            }
            Node::IfArray(_) if !holds => out.types = types::ARRAY,
            Node::IfObject(_) | Node::Names(_) if !holds => out.types = types::OBJECT,
            Node::IfArray(_) | Node::IfObject(_) | Node::Names(_) | Node::Reference(None) => {}
            Node::Reference(Some(target)) => {
                return self.outline_of(arena, target, holds, depth - 1);
            }
            Node::Not(inner) => return self.outline_of(arena, inner, !holds, depth - 1),
            Node::All(list) if holds => return self.outline_of_all(arena, &list, true, depth),
            Node::AnyOf(list) if !holds => return self.outline_of_all(arena, &list, false, depth),
            Node::All(list) | Node::AnyOf(list) => {
                out = Outline {
                    types: 0,
                    booleans: 0,
                    string: EMPTY,
                    number: EMPTY,
                };
                let (mut strings, mut numbers) = (Vec::new(), Vec::new());
                for &x in list.iter() {
                    let one = self.outline_of(arena, x, holds, depth - 1)?;
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

    fn outline_of_all(
        &mut self,
        arena: &mut Arena,
        list: &[Value],
        hold: bool,
        depth: usize,
    ) -> Result<Outline> {
        let mut out = ANYTHING;
        for &x in list {
            let one = self.outline_of(arena, x, hold, depth - 1)?;
            out = meet(arena, out, one)?;
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
