//! How many texts a language has.
//!
//! *Purpose.* No key may come twice, no item of a set. Where a language has no end of members that
//! asks for nothing but a comparison when the text is whole; where it has few, what is used already
//! decides whether a beginning can be finished.
//!
//! *Cost.* A visit of each state that can be reached, kept, until the bytes that can be chosen on one
//! path make a million texts: all but narrow languages end there after a few steps. States that are
//! derived have a budget; tries are there already and have none. Cofinite languages are known by their
//! form.

use super::{Arena, EMPTY, Escape, ExprId, FULL, Node};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use rustc_hash::FxHashSet;

/// Derived states that one count may visit.
const STATES: usize = 20_000;

/// More members than any object or array will ever have.
const MANY: u32 = 1_000_000;

/// States that are looked at to see whether a language stays without end.
const ENDLESS: usize = 2_000;

struct Frame {
    state: ExprId,
    /// One byte of each class, and how many are in it.
    bytes: Box<[(u8, u32)]>,
    at: usize,
    sum: u32,
    /// How many beginnings lead here on the path to it alone.
    ways: u32,
}

impl Arena {
    /// How many texts (of valid UTF-8) are members; `None`: no end of them, or a million.
    pub fn count(&mut self, e: ExprId) -> Result<Option<u32>> {
        if e == FULL || self.cofinite(e) {
            return Ok(None);
        }
        let start = self.utf8(e, 0)?;
        let made = self.texts(start)?;
        Ok((made < MANY).then_some(made))
    }

    /// The texts of a language that has few.
    pub fn texts_of(&mut self, e: ExprId) -> Result<Vec<Vec<u8>>> {
        let start = self.utf8(e, 0)?;
        let mut found = Vec::new();
        let mut todo = vec![(start, Vec::new())];
        while let Some((state, text)) = todo.pop() {
            if self.nullable(state) {
                found.push(text.clone());
            }
            for b in 0..=255 {
                let next = self.next(state, b)?;
                if next != EMPTY {
                    let mut longer = text.clone();
                    longer.push(b);
                    todo.push((next, longer));
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Whether the rest of a JSON string can still become a text that is not among those used;
    /// these are given without what was read of them.
    pub(crate) fn leaves_others(&mut self, e: ExprId, used: &[Vec<u8>]) -> Result<bool> {
        let Node::Json(inner, escape) = *self.node(e) else {
            return Ok(true);
        };
        if self.cofinite(inner) {
            return Ok(true);
        }
        let rest = self.decoded(inner, escape)?;
        let left = self.texts(rest)?;
        if left as usize > used.len() {
            return Ok(true);
        }
        let mut gone = 0;
        for text in used {
            let mut at = rest;
            for &b in text {
                at = self.next(at, b)?;
            }
            gone += u32::from(self.nullable(at));
        }
        Ok(left > gone)
    }

    /// Whether something may come next in a JSON string that only an escape spells; also true of what is
    /// not at a character of one.
    pub(crate) fn needs_escape(&self, e: ExprId) -> bool {
        const SPECIAL: ByteSet = ByteSet::range(0, 0x1F).union(&ByteSet::of(b"\"\\"));
        match *self.node(e) {
            Node::Json(inner, Escape::START) => {
                !self.begins(inner).intersection(&SPECIAL).is_empty()
            }
            _ => self.begins(e).contains(b'\\'),
        }
    }

    /// Whether the rest of a JSON string can become more texts than any object has keys.
    pub(crate) fn leaves_many(&mut self, e: ExprId) -> Result<bool> {
        let Node::Json(inner, escape) = *self.node(e) else {
            return Ok(true);
        };
        if self.cofinite(inner) {
            return Ok(true);
        }
        let rest = self.decoded(inner, escape)?;
        Ok(self.texts(rest)? == MANY)
    }

    /// Whether every beginning of a member is that of no end of members; no where it would take long
    /// to see.
    pub fn endless(&mut self, e: ExprId) -> Result<bool> {
        if e == FULL || self.cofinite(e) {
            return Ok(true);
        }
        let start = self.utf8(e, 0)?;
        let mut seen: FxHashSet<ExprId> = FxHashSet::default();
        let mut todo = vec![start];
        seen.insert(start);
        let mut room = STATES;
        while let Some(state) = todo.pop() {
            if seen.len() > ENDLESS || self.texts_within(state, &mut room)? != Some(MANY) {
                return Ok(false);
            }
            for b in self.representatives(state).iter() {
                let next = self.next(state, *b)?;
                if next != EMPTY && seen.insert(next) {
                    todo.push(next);
                }
            }
        }
        Ok(true)
    }

    fn texts(&mut self, start: ExprId) -> Result<u32> {
        match self.texts_within(start, &mut STATES.clone())? {
            Some(texts) => Ok(texts),
            None => Err(Error::Budget(format!(
                "{STATES} states to count the texts of a language"
            ))),
        }
    }

    /// How many texts there are, up to a million; `None` once the room for states is gone.
    fn texts_within(&mut self, start: ExprId, room: &mut usize) -> Result<Option<u32>> {
        if let Some(&known) = self.sizes.get(&start) {
            return Ok(Some(known));
        }
        if !self.live(start)? {
            return Ok(Some(0));
        }
        let mut open: FxHashSet<ExprId> = FxHashSet::default();
        let mut stack = vec![self.frame(start, 1)];
        open.insert(start);
        while let Some(frame) = stack.last_mut() {
            let Some(&(b, width)) = frame.bytes.get(frame.at) else {
                let (state, sum) = (frame.state, frame.sum);
                open.remove(&state);
                self.sizes.insert(state, sum);
                stack.pop();
                if stack.is_empty() {
                    return Ok(Some(sum));
                }
                continue; // the frame below finds it among the known ones
            };
            let (state, ways) = (frame.state, frame.ways.saturating_mul(width));
            let next = self.next(state, b)?;
            let known = if next == EMPTY {
                Some(0)
            } else if open.contains(&next) {
                Some(MANY) // a live state that leads back to itself
            } else {
                self.sizes.get(&next).copied()
            };
            match known {
                Some(MANY) => {
                    // Everything on the way here has as many.
                    for frame in stack {
                        self.sizes.insert(frame.state, MANY);
                    }
                    return Ok(Some(MANY));
                }
                Some(size) => {
                    if let Some(frame) = stack.last_mut() {
                        frame.add(size.saturating_mul(width));
                    }
                }
                None if ways >= MANY => {
                    // So has everything from which the path here is as wide.
                    for frame in stack {
                        if ways / frame.ways >= MANY {
                            self.sizes.insert(frame.state, MANY);
                        }
                    }
                    return Ok(Some(MANY));
                }
                None => {
                    if !matches!(self.node(next), Node::Switch(..)) {
                        if *room == 0 {
                            return Ok(None);
                        }
                        *room -= 1;
                    }
                    open.insert(next);
                    stack.push(self.frame(next, ways));
                }
            }
        }
        Ok(Some(MANY))
    }

    fn frame(&mut self, state: ExprId, ways: u32) -> Frame {
        let bytes = match self.node(state) {
            Node::Switch(_, arms) => arms.iter().map(|arm| (arm.0, 1)).collect(),
            _ => {
                let partition = self.partition(state);
                let members = self.representatives(state);
                let mut bytes: Box<[(u8, u32)]> = members.iter().map(|&b| (b, 0)).collect();
                for b in 0..=255u8 {
                    bytes[usize::from(self.class_in(partition, b))].1 += 1;
                }
                bytes
            }
        };
        Frame {
            state,
            bytes,
            at: 0,
            sum: u32::from(self.nullable(state)),
            ways,
        }
    }
}

impl Frame {
    fn add(&mut self, members: u32) {
        self.sum = self.sum.saturating_add(members).min(MANY);
        self.at += 1;
    }
}
