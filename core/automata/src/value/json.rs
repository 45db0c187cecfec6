//! JSON texts read as values: items that others are compared with, or that a set is made of.
//!
//! *Invariants.* Nodes lie one behind the other, a text's before those of the texts after it, so that
//! forgetting the last ones is cutting the list short. Keys of an object are sorted.

use crate::error::{Error, Result};
use crate::expr::{Escape, decode_prefix};

/// One value, by its number in [`Parsed`].
pub(crate) type JsonId = u32;

/// A JSON value; strings are decoded, numbers are as they were written.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Box<[u8]>),
    String(Box<[u8]>),
    Array(Box<[JsonId]>),
    Object(Box<[(Box<[u8]>, JsonId)]>),
}

/// The values of some texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parsed {
    nodes: Vec<Json>,
    /// The value of each text, and how many nodes there were before it.
    texts: Vec<(JsonId, usize)>,
}

/// A container that is being read.
enum Open {
    Array(Vec<JsonId>),
    Object(Vec<(Box<[u8]>, JsonId)>, Option<Box<[u8]>>),
}

impl Parsed {
    /// Adds a text.
    pub fn push(&mut self, text: &[u8]) -> Result<()> {
        let before = self.nodes.len();
        match self.read(text) {
            Ok(value) => {
                self.texts.push((value, before));
                Ok(())
            }
            Err(error) => {
                self.nodes.truncate(before);
                Err(error)
            }
        }
    }

    /// Forgets all but so many texts.
    pub fn truncate(&mut self, count: usize) {
        if let Some(&(_, before)) = self.texts.get(count) {
            self.nodes.truncate(before);
            self.texts.truncate(count);
        }
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// The value of each text.
    pub fn values(&self) -> impl Iterator<Item = JsonId> + '_ {
        self.texts.iter().map(|text| text.0)
    }

    pub fn value(&self, id: JsonId) -> &Json {
        &self.nodes[id as usize]
    }

    fn add(&mut self, value: Json) -> JsonId {
        self.nodes.push(value);
        self.nodes.len() as JsonId - 1
    }

    fn read(&mut self, text: &[u8]) -> Result<JsonId> {
        let mut open: Vec<Open> = Vec::new();
        let mut at = 0;
        loop {
            let b = *text.get(at).ok_or_else(malformed)?;
            at += 1;
            let value = match b {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => continue,
                b'[' => {
                    open.push(Open::Array(Vec::new()));
                    continue;
                }
                b'{' => {
                    open.push(Open::Object(Vec::new(), None));
                    continue;
                }
                b']' | b'}' => match open.pop() {
                    Some(Open::Array(items)) => Json::Array(items.into()),
                    Some(Open::Object(mut members, None)) => {
                        members.sort_unstable();
                        Json::Object(members.into())
                    }
                    _ => return Err(malformed()),
                },
                b'"' => {
                    let string = string(text, &mut at)?;
                    match open.last_mut() {
                        Some(Open::Object(_, key @ None)) => {
                            *key = Some(string);
                            continue;
                        }
                        _ => Json::String(string),
                    }
                }
                b'n' | b't' | b'f' => {
                    at += if b == b'f' { 4 } else { 3 };
                    match b {
                        b'n' => Json::Null,
                        b => Json::Bool(b == b't'),
                    }
                }
                _ => {
                    let part = |b: &u8| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                    let length = text[at..].iter().take_while(|b| part(b)).count();
                    at += length;
                    Json::Number(text[at - length - 1..at].into())
                }
            };
            let value = self.add(value);
            match open.last_mut() {
                None => return Ok(value),
                Some(Open::Array(items)) => items.push(value),
                Some(Open::Object(members, key)) => {
                    members.push((key.take().ok_or_else(malformed)?, value));
                }
            }
        }
    }
}

/// The string whose opening quote was read.
fn string(text: &[u8], at: &mut usize) -> Result<Box<[u8]>> {
    let start = *at;
    let mut end = start;
    while *text.get(end).ok_or_else(malformed)? != b'"' {
        end += if text[end] == b'\\' { 2 } else { 1 };
    }
    *at = end + 1;
    match decode_prefix(&text[start..end]) {
        Some((text, Escape::START)) => Ok(text.into()),
        _ => Err(malformed()),
    }
}

fn malformed() -> Error {
    Error::Invalid("a text that is no JSON".into())
}
