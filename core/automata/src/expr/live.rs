//! Does a language have a member at all?
//!
//! Without intersection and complement the constructors decide it. With them, a depth-first search
//! over derivatives looks for a nullable state; every verdict on the way is kept. The states of a
//! JSON string are not searched byte by byte (each of 65,536 escapes would be a path): what is
//! escaped there is some code point, so the question is asked of the decoded language.

use super::{Arena, EMPTY, Escape, ExprId, FULL, Node};
use crate::error::{Error, Result};

/// States one search may visit.
const SEARCH: usize = 100_000;

impl Arena {
    /// Whether `e` has a member.
    pub fn live(&mut self, e: ExprId) -> Result<bool> {
        if e == EMPTY {
            return Ok(false);
        }
        if self.fact(e).inhabited {
            return Ok(true);
        }
        if let Some(&known) = self.live.get(&e) {
            return Ok(known);
        }
        let verdict = match *self.node(e) {
            // PERF: all but finitely many strings always leave one; object keys ask this at every
            // digit of an escape.
            Node::Json(inner, escape) if self.cofinite(inner) => {
                escape.pending().is_none_or(|ranges| !ranges.is_empty())
            }
            Node::Json(inner, escape) => {
                let asked = self.decoded(inner, escape)?;
                self.live(asked)?
            }
            Node::Concat(_, _) => self.live_factors(e)?,
            _ => self.search(e)?,
        };
        self.live.insert(e, verdict);
        Ok(verdict)
    }

    /// Whether all but finitely many strings are known to be members.
    fn cofinite(&self, e: ExprId) -> bool {
        match self.node(e) {
            Node::Not(x) => *x == EMPTY || matches!(self.node(*x), Node::Switch(..)),
            Node::Concat(x, mark) => matches!(self.node(*mark), Node::Mark(_)) && self.cofinite(*x),
            Node::Or(list) => list.iter().any(|&x| self.cofinite(x)),
            Node::And(list) => list.iter().all(|&x| self.cofinite(x)),
            _ => false,
        }
    }

    fn live_factors(&mut self, e: ExprId) -> Result<bool> {
        let mut rest = e;
        while let Node::Concat(head, tail) = *self.node(rest) {
            if !self.live(head)? {
                return Ok(false);
            }
            rest = tail;
        }
        self.live(rest)
    }

    /// The decoded texts that may still come out of a JSON string in this state.
    fn decoded(&mut self, inner: ExprId, escape: Escape) -> Result<ExprId> {
        match (escape, escape.pending()) {
            (Escape::Text(state), _) => self.utf8(inner, state),
            (_, Some(ranges)) => {
                let head = self.class(&ranges)?;
                let shape = self.concat(head, FULL)?;
                let both = self.and(vec![inner, shape])?;
                self.utf8(both, 0)
            }
            (_, None) => Ok(inner),
        }
    }

    fn search(&mut self, start: ExprId) -> Result<bool> {
        // (state, its representatives, how many of them are done)
        let mut stack: Vec<(ExprId, Box<[u8]>, usize)> = vec![];
        let mut seen = rustc_hash::FxHashSet::default();
        let push = |arena: &mut Arena, stack: &mut Vec<_>, e| {
            let bytes = arena.representatives(e);
            stack.push((e, bytes, 0));
        };
        seen.insert(start);
        push(self, &mut stack, start);
        while let Some((e, bytes, done)) = stack.last_mut() {
            let Some(&b) = bytes.get(*done) else {
                stack.pop();
                continue;
            };
            *done += 1;
            let e = *e;
            let d = self.derivative(e, b)?;
            if d == EMPTY || !seen.insert(d) {
                continue;
            }
            let known = self.fact(d).inhabited || self.live.get(&d) == Some(&true);
            if known {
                self.live.insert(d, true);
                for (e, _, _) in &stack {
                    self.live.insert(*e, true);
                }
                return Ok(true);
            }
            if self.live.get(&d) == Some(&false) {
                continue;
            }
            if seen.len() > SEARCH {
                return Err(Error::Budget(format!(
                    "an emptiness search over {SEARCH} states"
                )));
            }
            push(self, &mut stack, d);
        }
        for e in seen {
            self.live.insert(e, false);
        }
        Ok(false)
    }
}
