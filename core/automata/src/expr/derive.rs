//! Brzozowski derivatives, and the automaton's step.

use super::escape::Read;
use super::{Arena, EMPTY, EPSILON, Escape, ExprId, FULL, Node, PLAIN, UNBOUNDED, utf8};
use crate::byteset::ByteSet;
use crate::error::Result;

/// A step not taken yet.
const UNKNOWN: u32 = u32::MAX;

impl Arena {
    /// The derivative by `b`, dead or not.
    pub(crate) fn derivative(&mut self, e: ExprId, b: u8) -> Result<ExprId> {
        if !self.fact(e).begins.contains(b) {
            return Ok(EMPTY);
        }
        // Leaves are cheaper to derive than to look up.
        match self.node(e) {
            Node::Empty | Node::Epsilon | Node::Mark(_) => return Ok(EMPTY),
            Node::Bytes(set) => return Ok(if set.contains(b) { EPSILON } else { EMPTY }),
            Node::Switch(_, arms) => {
                let found = arms.binary_search_by_key(&b, |arm| arm.0);
                return Ok(found.map_or(EMPTY, |i| arms[i].1));
            }
            Node::Not(EMPTY) => return Ok(FULL),
            _ => {}
        }
        let partition = self.partition(e);
        let class = self.classes.get(partition).map[b as usize];
        if let Some(&found) = self.raw.get(&(e, class)) {
            return Ok(found);
        }
        let out = self.derive(e, b)?;
        self.raw.insert((e, class), out);
        Ok(out)
    }

    fn derive(&mut self, e: ExprId, b: u8) -> Result<ExprId> {
        match self.node(e).clone() {
            Node::Concat(_, _) => {
                let mut members = Vec::new();
                let mut rest = e;
                loop {
                    let Node::Concat(head, tail) = *self.node(rest) else {
                        members.push(self.derivative(rest, b)?);
                        break;
                    };
                    let d = self.derivative(head, b)?;
                    members.push(self.concat(d, tail)?);
                    if !self.nullable(head) {
                        break;
                    }
                    rest = tail;
                }
                self.pay(members.len())?;
                self.or(members)
            }
            Node::Or(list) => {
                let members = self.derive_each(&list, b)?;
                self.or(members)
            }
            Node::And(list) => {
                let mut members = Vec::with_capacity(list.len());
                for &x in list.iter() {
                    let d = self.derivative(x, b)?;
                    if d == EMPTY {
                        return Ok(EMPTY);
                    }
                    members.push(d);
                }
                self.and(members)
            }
            Node::Not(x) => {
                let d = self.derivative(x, b)?;
                self.not(d)
            }
            Node::Repeat(x, min, max) => {
                let d = self.derivative(x, b)?;
                let left = if max == UNBOUNDED { max } else { max - 1 };
                let rest = self.repeat(x, min.saturating_sub(1), left)?;
                self.concat(d, rest)
            }
            Node::Json(x, escape) => self.derive_json(x, escape, b),
            Node::Utf8(x, state) => match utf8::step(state, b) {
                None => Ok(EMPTY),
                Some(next) => {
                    let d = self.derivative(x, b)?;
                    self.utf8(d, next)
                }
            },
            Node::Multiple(state) => self.derive_multiple(&state, b),
            Node::State(machine, state) => match machine.step(state, b) {
                None => Ok(EMPTY),
                Some(next) => self.machine_state(&machine, next),
            },
            _ => Ok(EMPTY),
        }
    }

    fn derive_each(&mut self, list: &[ExprId], b: u8) -> Result<Vec<ExprId>> {
        list.iter().map(|&x| self.derivative(x, b)).collect()
    }

    fn derive_json(&mut self, inner: ExprId, escape: Escape, b: u8) -> Result<ExprId> {
        match escape.read(b) {
            Read::Fail => Ok(EMPTY),
            Read::Move(next) => self.json(inner, next),
            Read::Byte(b, next) => {
                let d = self.derivative(inner, b)?;
                self.json(d, next)
            }
            Read::Char(c) => {
                let mut d = inner;
                for &b in c.encode_utf8(&mut [0; 4]).as_bytes() {
                    d = self.derivative(d, b)?;
                }
                self.json(d, Escape::START)
            }
            Read::Close => {
                let labels = self.ends(inner);
                let mut members = Vec::with_capacity(labels.len());
                for &label in labels.iter() {
                    members.push(if label == PLAIN {
                        EPSILON
                    } else {
                        self.mark(label)?
                    });
                }
                self.or(members)
            }
        }
    }

    /// The automaton's step: the derivative by `b` if it is live, else [`EMPTY`].
    pub fn next(&mut self, e: ExprId, b: u8) -> Result<ExprId> {
        if !self.begins(e).contains(b) {
            return Ok(EMPTY);
        }
        let partition = self.partition(e);
        let class = self.classes.get(partition).map[b as usize] as usize;
        if let Some(row) = self.steps.get(&e) {
            let known = row[class];
            if known != UNKNOWN {
                return Ok(ExprId(known));
            }
        } else {
            let width = self.classes.get(partition).members.len();
            self.bytes += width * 4 + 32;
            self.steps
                .insert(e, vec![UNKNOWN; width].into_boxed_slice());
        }
        let d = self.derivative(e, b)?;
        let d = if self.live(d)? { d } else { EMPTY };
        if let Some(row) = self.steps.get_mut(&e) {
            row[class] = d.0;
        }
        Ok(d)
    }

    /// Whether some non-empty string continues `e`.
    pub fn continues(&mut self, e: ExprId) -> Result<bool> {
        // PERF: what is live without the empty string goes on; most states are such.
        if !self.nullable(e) {
            return self.live(e);
        }
        for b in self.representatives(e).iter() {
            if self.next(e, *b)? != EMPTY {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Bytes of which one comes next in every member of `e` but the empty one; others may be too.
    pub fn begins(&self, e: ExprId) -> &ByteSet {
        &self.fact(e).begins
    }

    /// One byte of each class of `e`.
    pub fn representatives(&mut self, e: ExprId) -> Box<[u8]> {
        let partition = self.partition(e);
        self.classes.get(partition).members.clone()
    }

    /// The bytes that may come next in `e`.
    pub fn first_bytes(&mut self, e: ExprId) -> Result<ByteSet> {
        let partition = self.partition(e);
        let mut alive = [false; 256];
        for (class, b) in self.representatives(e).iter().enumerate() {
            alive[class] = self.next(e, *b)? != EMPTY;
        }
        let map = &self.classes.get(partition).map;
        let mut out = ByteSet::EMPTY;
        for b in 0..=255u8 {
            if alive[map[b as usize] as usize] {
                out.insert(b);
            }
        }
        Ok(out)
    }
}
