//! One JSON value as a set: what a text says, in any spelling and any order of keys.
//!
//! Used to compare items with earlier ones: equality is JSON's (numbers by value, strings decoded,
//! keys in any order). Strings and numbers of several values are one language each.

use super::numbers::spellings_of;
use super::{ANY_STATE, ArrayShape, Node, ObjectShape, Value, Values, types};
use crate::error::{Error, Result};
use crate::expr::{Arena, Escape, ExprId, decode_prefix};

/// Arrays and objects within each other.
const DEPTH: usize = 200;

impl Values {
    /// The values that any of these texts says.
    pub(crate) fn any_of_texts(&mut self, arena: &mut Arena, texts: &[&[u8]]) -> Result<Value> {
        let mut found = Vec::new();
        let mut strings: Vec<Vec<u8>> = Vec::new();
        let mut numbers: Vec<ExprId> = Vec::new();
        for text in texts {
            let mut reader = Reader { text, at: 0 };
            match reader.peek()? {
                b'"' => strings.push(reader.string()?),
                b'-' | b'0'..=b'9' => numbers.push(spellings_of(arena, reader.number())?),
                _ => found.push(self.constant(arena, &mut reader, 0)?),
            }
        }
        if !strings.is_empty() {
            let list: Vec<(&[u8], u32)> = strings.iter().map(|s| (&s[..], 0)).collect();
            let language = arena.literals(&list)?;
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
        reader: &mut Reader<'_>,
        depth: usize,
    ) -> Result<Value> {
        if depth > DEPTH {
            return Err(Error::Budget(format!(
                "items to be compared that nest {DEPTH} deep"
            )));
        }
        match reader.peek()? {
            b'n' => {
                reader.at += 4;
                self.add(Node::Types(types::NULL))
            }
            b't' => {
                reader.at += 4;
                self.add(Node::Booleans(2))
            }
            b'f' => {
                reader.at += 5;
                self.add(Node::Booleans(1))
            }
            b'"' => {
                let text = reader.string()?;
                let language = arena.literal(&text)?;
                self.add(Node::Strings(language))
            }
            b'[' => self.constant_array(arena, reader, depth),
            b'{' => self.constant_object(arena, reader, depth),
            _ => {
                let language = spellings_of(arena, reader.number())?;
                self.add(Node::Numbers(language))
            }
        }
    }

    fn constant_array(
        &mut self,
        arena: &mut Arena,
        reader: &mut Reader<'_>,
        depth: usize,
    ) -> Result<Value> {
        let mut prefix = Vec::new();
        reader.at += 1;
        while reader.peek()? != b']' {
            let item = self.constant(arena, reader, depth + 1)?;
            prefix.push(self.state(&[item]));
            if reader.peek()? == b',' {
                reader.at += 1;
            }
        }
        reader.at += 1;
        let length = prefix.len() as u32;
        let shape = ArrayShape::new(prefix.into(), self.never(), length, length);
        let shape = self.arrays.add(shape);
        self.only(types::ARRAY, Node::IfArray(shape))
    }

    fn constant_object(
        &mut self,
        arena: &mut Arena,
        reader: &mut Reader<'_>,
        depth: usize,
    ) -> Result<Value> {
        // No property is declared: the keys have no order.
        let mut shape = ObjectShape::new(Box::new([]), ANY_STATE, Box::new([]));
        let (mut rules, mut required, mut names) = (Vec::new(), Vec::new(), Vec::new());
        reader.at += 1;
        while reader.peek()? != b'}' {
            let name = reader.string()?;
            if reader.peek()? == b':' {
                reader.at += 1;
            }
            let value = self.constant(arena, reader, depth + 1)?;
            let language = arena.literal(&name)?;
            rules.push((language, self.state(&[value])));
            required.push(self.key(&name));
            names.push(language);
            if reader.peek()? == b',' {
                reader.at += 1;
            }
        }
        reader.at += 1;
        let known = arena.or(names)?;
        rules.push((arena.not(known)?, self.never()));
        required.sort_unstable();
        shape.rules = rules.into();
        shape.required = required.into();
        let shape = self.objects.add(shape);
        self.only(types::OBJECT, Node::IfObject(shape))
    }

    fn only(&mut self, mask: u8, node: Node) -> Result<Value> {
        let of_type = self.add(Node::Types(mask))?;
        let such = self.add(node)?;
        self.add(Node::All(Box::new([of_type, such])))
    }
}

/// A JSON text that is known to be well formed.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8> {
        while let Some(&b) = self.text.get(self.at) {
            if !matches!(b, b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(b);
            }
            self.at += 1;
        }
        Err(malformed())
    }

    fn string(&mut self) -> Result<Vec<u8>> {
        self.peek()?;
        let start = self.at + 1;
        let mut end = start;
        while *self.text.get(end).ok_or_else(malformed)? != b'"' {
            end += if self.text[end] == b'\\' { 2 } else { 1 };
        }
        self.at = end + 1;
        match decode_prefix(&self.text[start..end]) {
            Some((text, Escape::START)) => Ok(text),
            _ => Err(malformed()),
        }
    }

    fn number(&mut self) -> &'a [u8] {
        let start = self.at;
        let part = |b: &u8| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
        while self.text.get(self.at).is_some_and(part) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }
}

fn malformed() -> Error {
    Error::Invalid("an item that is no JSON".into())
}
