//! One JSON value as a set: what a text says, in any spelling and any order of keys.
//!
//! Used to leave out values that were derived already: equality is JSON's (numbers by value, strings
//! decoded, keys in any order). Strings and numbers of several values are one language each.

use super::json::{Json, JsonId, Parsed};
use super::numbers::spellings_of;
use super::{ANY_STATE, ArrayShape, Node, ObjectShape, Value, Values, types};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId};

/// Arrays and objects within each other.
const DEPTH: usize = 200;

impl Values {
    /// The values that any of these texts says.
    pub(super) fn any_of_texts(&mut self, arena: &mut Arena, texts: &[&[u8]]) -> Result<Value> {
        let mut parsed = Parsed::default();
        for text in texts {
            parsed.push(text)?;
        }
        let mut found = Vec::new();
        let mut strings: Vec<(&[u8], u32)> = Vec::new();
        let mut numbers: Vec<ExprId> = Vec::new();
        for id in parsed.values() {
            match parsed.value(id) {
                Json::String(text) => strings.push((text, 0)),
                Json::Number(text) => numbers.push(spellings_of(arena, text)?),
                _ => found.push(self.constant(arena, &parsed, id, 0)?),
            }
        }
        if !strings.is_empty() {
            let language = arena.literals(&strings)?;
            found.push(self.add(Node::Strings(language))?);
        }
        if !numbers.is_empty() {
            let language = arena.or(numbers)?;
            found.push(self.add(Node::Numbers(language))?);
        }
        self.add(Node::AnyOf(found.into()))
    }

    fn constant(
        &mut self,
        arena: &mut Arena,
        parsed: &Parsed,
        id: JsonId,
        depth: usize,
    ) -> Result<Value> {
        if depth > DEPTH {
            return Err(Error::Budget(format!(
                "items to be compared that nest {DEPTH} deep"
            )));
        }
        match parsed.value(id) {
            Json::Null => self.add(Node::Types(types::NULL)),
            Json::Bool(held) => self.add(Node::Booleans(if *held { 2 } else { 1 })),
            Json::String(text) => {
                let language = arena.literal(text)?;
                self.add(Node::Strings(language))
            }
            Json::Number(text) => {
                let language = spellings_of(arena, text)?;
                self.add(Node::Numbers(language))
            }
            Json::Array(items) => {
                let mut prefix = Vec::with_capacity(items.len());
                for &item in items {
                    let item = self.constant(arena, parsed, item, depth + 1)?;
                    prefix.push(self.state(&[item]));
                }
                let length = prefix.len() as u32;
                let shape = ArrayShape::new(prefix.into(), self.never(), length, length);
                let shape = self.arrays.add(shape);
                self.only(types::ARRAY, Node::IfArray(shape))
            }
            Json::Object(members) => {
                // No property is declared: the keys have no order.
                let mut shape = ObjectShape::new(Box::new([]), ANY_STATE, Box::new([]));
                let (mut rules, mut required, mut names) = (Vec::new(), Vec::new(), Vec::new());
                for (name, value) in members {
                    let value = self.constant(arena, parsed, *value, depth + 1)?;
                    let language = arena.literal(name)?;
                    rules.push((language, self.state(&[value])));
                    required.push(self.key(name));
                    names.push(language);
                }
                let known = arena.or(names)?;
                rules.push((arena.not(known)?, self.never()));
                required.sort_unstable();
                shape.rules = rules.into();
                shape.required = required.into();
                let shape = self.objects.add(shape);
                self.only(types::OBJECT, Node::IfObject(shape))
            }
        }
    }

    fn only(&mut self, mask: u8, node: Node) -> Result<Value> {
        let of_type = self.add(Node::Types(mask))?;
        let such = self.add(node)?;
        self.add(Node::All(Box::new([of_type, such])))
    }
}
