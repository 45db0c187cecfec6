//! Symbolic counts: the one large counter of an expression, taken out and put back.
//!
//! A string of at most 5,000 characters has 5,000 states that differ in one number. A profile of
//! the vocabulary is made once, for the expression with its counter opened wide (`{0,WIDE}`), and
//! notes how many items each token consumes; the true bounds then select among the tokens. This is
//! exact while every state reached holds the counter at most once and holds nothing beside it, which
//! the profile's walk checks; otherwise the states are walked one by one.
//!
//! In an intersection `X{m,n} & P` the other factors may need more items, or bear fewer, than the
//! bounds leave: what they need is their *span* (`spans`).

use super::escape::Read;
use super::{Arena, EMPTY, Escape, ExprId, Node, UNBOUNDED};
use crate::error::Result;

/// Bounds above this are kept symbolic.
pub const LARGE: u32 = 8;

/// The upper bound of an opened counter: farther away than any token is long.
pub const WIDE: u32 = 1 << 30;

/// The counter of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// What is counted.
    pub body: ExprId,
    /// Items that must still come.
    pub min: u32,
    /// Items that may still come.
    pub max: u32,
}

/// The place before the items of a counter, where they may go on or end.
#[derive(Clone, Copy, Debug)]
pub struct Seam {
    before: ExprId,
    item: ExprId,
    behind: ExprId,
    escape: Option<Escape>,
}

/// The part of an expression that counts.
struct Counting {
    part: ExprId,
    /// Whether something stands before it that must be read first.
    behind: bool,
}

impl Arena {
    /// The large counter at the head of `e`, where `e` is `p X{m,n} q`, alone or in a JSON string,
    /// with `p` and `q` free of large counters; in a JSON string also one factor of an intersection.
    pub fn counter(&self, e: ExprId) -> Option<Counter> {
        self.counter_in(e, false)
    }

    /// The same; `string`: `e` is the decoded text of a JSON string.
    pub(crate) fn counter_in(&self, e: ExprId, string: bool) -> Option<Counter> {
        if self.fact(e).counters != 1 {
            return None;
        }
        let mut rest = self.counting(e, string)?.part;
        let mut found = None;
        for _ in 0..4 {
            let (head, tail) = match *self.node(rest) {
                Node::Concat(x, y) => (x, Some(y)),
                _ => (rest, None),
            };
            if let Node::Repeat(body, min, max) = *self.node(head) {
                if self.is_large(body, min, max) {
                    found = Some(Counter { body, min, max });
                }
            }
            match tail {
                Some(tail) => rest = tail,
                None => break,
            }
        }
        found.filter(|found| self.fact(found.body).counters == 0)
    }

    /// The part of `e` that is `p X{m,n} q`: below the decoders, and of an intersection the factor
    /// that counts. Outside a JSON string an intersection has none: its states may end where a
    /// token does, and spans do not tell an end from going on.
    fn counting(&self, e: ExprId, mut string: bool) -> Option<Counting> {
        let (mut part, mut behind) = (e, false);
        loop {
            match self.node(part) {
                Node::Json(inner, _) => (part, string) = (*inner, true),
                Node::Utf8(inner, _) if string => part = *inner,
                Node::And(list) if string => {
                    let counts = |x: &&ExprId| self.fact(**x).counters > 0;
                    part = *list.iter().find(counts)?;
                }
                &Node::Concat(head, tail) if self.fact(head).counters == 0 => {
                    // What is to be read first: a quote, or the rest of a character.
                    let within = match self.node(tail) {
                        Node::Json(..) => !string,
                        _ => string && self.fact(tail).boolean,
                    };
                    if !within {
                        break;
                    }
                    if self.nullable(head) {
                        return None;
                    }
                    (part, behind) = (tail, true);
                }
                _ => break,
            }
        }
        (!self.fact(part).boolean).then_some(Counting { part, behind })
    }

    /// Whether any large counter occurs in `e`.
    pub fn holds_counter(&self, e: ExprId) -> bool {
        self.fact(e).counters > 0
    }

    /// Whether the counter of `e` is opened. Its bound is then so far away that there is a member
    /// exactly if there is one without the bound: a search that finds one stops long before.
    pub(crate) fn is_opened(&self, e: ExprId) -> bool {
        self.counter_in(e, true)
            .is_some_and(|c| c.min == 0 && c.max != UNBOUNDED && c.max > WIDE / 2)
    }

    /// Whether a count is kept symbolic. Those of characters always are: they limit lengths.
    pub(crate) fn is_large(&self, body: ExprId, min: u32, max: u32) -> bool {
        let bound = if max == UNBOUNDED { min } else { max };
        bound > LARGE || (bound > 0 && body == self.any_char())
    }

    /// The seam of `e` before its counter's items; `None` where no byte can be read on both sides.
    pub fn seam(&mut self, e: ExprId) -> Result<Option<Seam>> {
        self.seam_in(e, false)
    }

    /// The same; `string`: `e` is the decoded text of a JSON string.
    pub(super) fn seam_in(&mut self, e: ExprId, string: bool) -> Result<Option<Seam>> {
        let escape = match *self.node(e) {
            Node::Json(_, escape) => Some(escape),
            _ => None,
        };
        let mut rest = match self.counting(e, string) {
            Some(counting) if !counting.behind => counting.part,
            _ => return Ok(None),
        };
        let mut heads = Vec::new();
        while let Node::Concat(head, tail) = *self.node(rest) {
            if let Some(item) = self.large_body(head) {
                let before = self.concat_all(&heads)?;
                return Ok(self.nullable(before).then_some(Seam {
                    before,
                    item,
                    behind: tail,
                    escape,
                }));
            }
            heads.push(head);
            rest = tail;
        }
        Ok(None)
    }

    /// How many items reading `b` consumes; `None`: not one number.
    pub fn consumed(&mut self, e: ExprId, b: u8) -> Result<Option<u32>> {
        let mut text = [0; 4];
        match *self.node(e) {
            Node::Json(inner, escape) => match escape.read(b) {
                Read::Byte(b, _) => self.consumed_in(inner, &[b]),
                Read::Char(c) => self.consumed_in(inner, c.encode_utf8(&mut text).as_bytes()),
                Read::Fail | Read::Close | Read::Move(_) => Ok(Some(0)),
            },
            _ => self.consumed_in(e, &[b]),
        }
    }

    /// The same of decoded bytes. The part that counts is asked alone: an intersection may lose its
    /// counter with the last item.
    pub(crate) fn consumed_in(&mut self, e: ExprId, bytes: &[u8]) -> Result<Option<u32>> {
        let Some(before) = self.counter_in(e, true) else {
            return Ok(Some(0));
        };
        let mut part = match self.counting(e, true) {
            None => return Ok(None),
            Some(counting) if counting.behind => return Ok(Some(0)),
            Some(counting) => counting.part,
        };
        for &b in bytes {
            part = self.derivative(part, b)?;
        }
        Ok(match self.counter_in(part, true) {
            Some(now) if now.body == before.body && now.max <= before.max => {
                Some(before.max - now.max)
            }
            Some(_) => None,
            None => (!self.holds_counter(part)).then_some(0),
        })
    }

    /// Whether `b` can be read by an item (or what stands before it) and as well by what follows the
    /// items. Both readings are then one state, which may have swallowed one of them (`X{0,9}.*`
    /// becomes `.*`), and the number of items consumed is not one number. Within an escape nothing is
    /// consumed yet, and the readings are apart unless the counter is gone (`lost`).
    pub fn forks(&mut self, seam: &Seam, b: u8, lost: bool) -> Result<bool> {
        if let Some(escape) = seam.escape {
            match escape.read(b) {
                Read::Fail | Read::Close => return Ok(false),
                Read::Move(_) if !lost => return Ok(false),
                _ => {}
            }
        }
        let mut reads = |e: ExprId| {
            let e = match seam.escape {
                Some(escape) => self.json(e, escape)?,
                None => e,
            };
            Ok(self.next(e, b)? != EMPTY)
        };
        Ok(reads(seam.behind)? && (reads(seam.item)? || reads(seam.before)?))
    }

    fn large_body(&self, e: ExprId) -> Option<ExprId> {
        match *self.node(e) {
            Node::Repeat(body, min, max) if self.is_large(body, min, max) => Some(body),
            _ => None,
        }
    }

    /// `e` with its counter's bounds replaced.
    pub fn with_counter(&mut self, e: ExprId, min: u32, max: u32) -> Result<ExprId> {
        match self.node(e).clone() {
            Node::Json(inner, escape) => {
                let inner = self.with_counter(inner, min, max)?;
                self.json(inner, escape)
            }
            Node::Utf8(inner, state) => {
                let inner = self.with_counter(inner, min, max)?;
                self.utf8(inner, state)
            }
            Node::And(list) => {
                let mut factors = list.into_vec();
                for x in &mut factors {
                    if self.holds_counter(*x) {
                        *x = self.with_counter(*x, min, max)?;
                    }
                }
                self.and(factors)
            }
            Node::Repeat(body, m, n) if self.is_large(body, m, n) => self.repeat(body, min, max),
            Node::Concat(..) => {
                let mut parts = Vec::new();
                let mut rest = e;
                while let Node::Concat(head, tail) = *self.node(rest) {
                    parts.push(head);
                    rest = tail;
                }
                parts.push(rest);
                for x in &mut parts {
                    if self.holds_counter(*x) {
                        *x = self.with_counter(*x, min, max)?;
                    }
                }
                self.concat_all(&parts)
            }
            _ => Ok(e),
        }
    }
}
