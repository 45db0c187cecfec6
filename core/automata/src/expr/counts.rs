//! Symbolic counts: the one large counter of an expression, taken out and put back.
//!
//! A string of at most 5,000 characters has 5,000 states that differ in one number. A profile of
//! the vocabulary is made once, for the expression with its counter opened wide (`{0,WIDE}`), and
//! notes how many items each token consumes; the true bounds then select among the tokens. This is
//! exact while every state reached holds the counter at most once and holds nothing beside it, which
//! the profile's walk checks; otherwise the states are walked one by one.

use super::escape::Read;
use super::{Arena, EMPTY, EPSILON, Escape, ExprId, Node, UNBOUNDED};
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

impl Arena {
    /// The large counter at the head of `e`, where `e` is `p X{m,n} q`, alone or in a JSON string,
    /// with `p` and `q` free of large counters.
    pub fn counter(&self, e: ExprId) -> Option<Counter> {
        if self.fact(e).boolean {
            return None;
        }
        let e = match *self.node(e) {
            Node::Json(inner, _) => inner,
            _ => e,
        };
        let mut found = None;
        let mut rest = e;
        for _ in 0..4 {
            let (head, tail) = match *self.node(rest) {
                Node::Concat(x, y) => (x, Some(y)),
                _ => (rest, None),
            };
            if let Node::Repeat(body, min, max) = *self.node(head) {
                if min > LARGE || (max != UNBOUNDED && max > LARGE) {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(Counter { body, min, max });
                }
            }
            match tail {
                Some(tail) => rest = tail,
                None => break,
            }
        }
        let found = found?;
        (self.large_counts(e) == 1 && self.large_counts(found.body) == 0).then_some(found)
    }

    /// Whether any large counter occurs in `e`.
    pub fn holds_counter(&self, e: ExprId) -> bool {
        self.large_counts(e) > 0
    }

    /// How many large counters occur in `e`, each occurrence counted, at most two.
    fn large_counts(&self, e: ExprId) -> usize {
        let mut stack = vec![e];
        let mut found = 0;
        let mut visits = 0;
        while let Some(e) = stack.pop() {
            visits += 1;
            if found >= 2 || visits > 256 {
                return 2;
            }
            match self.node(e) {
                Node::Concat(a, b) => stack.extend([*a, *b]),
                Node::Or(list) | Node::And(list) => stack.extend_from_slice(list),
                Node::Not(x) | Node::Json(x, _) | Node::Utf8(x, _) => stack.push(*x),
                Node::Repeat(x, min, max) => {
                    found += usize::from(*min > LARGE || (*max != UNBOUNDED && *max > LARGE));
                    stack.push(*x);
                }
                _ => {}
            }
        }
        found
    }

    /// The seam of `e` before its counter's items; `None` where no byte can be read on both sides.
    pub fn seam(&mut self, e: ExprId) -> Result<Option<Seam>> {
        let (mut rest, escape) = match *self.node(e) {
            Node::Json(inner, escape) => (inner, Some(escape)),
            _ => (e, None),
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

    /// Whether `b` can be read by an item (or what stands before it) and as well by what follows the
    /// items. Both readings are then one state, which may have swallowed one of them (`X{0,9}.*`
    /// becomes `.*`), and the number of items consumed is not one number.
    pub fn forks(&mut self, seam: &Seam, b: u8) -> Result<bool> {
        if let Some(escape) = seam.escape {
            if matches!(escape.read(b), Read::Fail | Read::Close | Read::Move(_)) {
                return Ok(false);
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

    /// How many of its counter's items the escape under way in `e` takes; `None` where that is not
    /// one number, because the escape may also belong to what stands beside the items.
    pub fn under_way(&mut self, e: ExprId) -> Result<Option<u32>> {
        let Node::Json(mut rest, escape) = *self.node(e) else {
            return Ok(Some(0));
        };
        if matches!(escape, Escape::Text(_)) {
            return Ok(Some(0));
        }
        let mut heads = Vec::new();
        let behind = loop {
            let (head, tail) = match *self.node(rest) {
                Node::Concat(head, tail) => (head, tail),
                _ => (rest, EPSILON),
            };
            if self.large_body(head).is_some() {
                break tail;
            }
            if tail == EPSILON {
                return Ok(Some(0));
            }
            heads.push(head);
            rest = tail;
        };
        let before = self.concat_all(&heads)?;
        if !self.nullable(before) {
            return Ok(Some(0));
        }
        for beside in [before, behind] {
            let read = self.json(beside, escape)?;
            if self.live(read)? {
                return Ok(None);
            }
        }
        Ok(Some(1))
    }

    fn large_body(&self, e: ExprId) -> Option<ExprId> {
        match *self.node(e) {
            Node::Repeat(body, min, max) if min > LARGE || (max != UNBOUNDED && max > LARGE) => {
                Some(body)
            }
            _ => None,
        }
    }

    /// `e` with its counter's bounds replaced.
    pub fn with_counter(&mut self, e: ExprId, min: u32, max: u32) -> Result<ExprId> {
        if let Node::Json(inner, escape) = *self.node(e) {
            let inner = self.with_counter(inner, min, max)?;
            return self.json(inner, escape);
        }
        let mut heads = Vec::new();
        let mut rest = e;
        loop {
            let (head, tail) = match *self.node(rest) {
                Node::Concat(x, y) => (x, Some(y)),
                _ => (rest, None),
            };
            if let Node::Repeat(body, m, n) = *self.node(head) {
                if m > LARGE || (n != UNBOUNDED && n > LARGE) {
                    let count = self.repeat(body, min, max)?;
                    heads.push(count);
                    heads.extend(tail);
                    return self.concat_all(&heads);
                }
            }
            heads.push(head);
            match tail {
                Some(tail) => rest = tail,
                None => return Ok(e),
            }
        }
    }
}
