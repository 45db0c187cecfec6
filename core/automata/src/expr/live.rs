//! Does a language have a member at all?
//!
//! Without intersection and complement the constructors decide it. With them, a search over
//! derivatives looks for a nullable state; every verdict on the way is kept. The states of a
//! JSON string are not searched byte by byte (each of 65,536 escapes would be a path): what is
//! escaped there is some code point, so the question is asked of the decoded language.

use super::{Arena, EMPTY, Escape, ExprId, FULL, Node, UNBOUNDED};
use crate::error::{Error, Result};
use rustc_hash::FxHashSet;
use std::collections::VecDeque;

/// States one search may visit.
const SEARCH: usize = 100_000;

/// States of a search for which a member is guessed: what follows a sign and a digit is among them.
const GUESSED: usize = 64;

impl Arena {
    /// Whether `e` has a member.
    pub fn live(&mut self, e: ExprId) -> Result<bool> {
        if e == EMPTY {
            return Ok(false);
        }
        let known = self.fact(e);
        if known.inhabited {
            return Ok(true);
        }
        if (known.begins.is_empty() && !known.nullable) || known.chars.0 > known.chars.1 {
            return Ok(false);
        }
        if let Some(&known) = self.live.get(&e) {
            return Ok(known);
        }
        let verdict = match *self.node(e) {
            // A search that counts an opened counter down does not end.
            _ if self.is_opened(e) => {
                let asked = self.with_counter(e, 0, UNBOUNDED)?;
                self.live(asked)?
            }
            // PERF: all but finitely many strings always leave one; object keys ask this at every
            // digit of an escape.
            Node::Json(inner, escape) if self.cofinite(inner) => {
                escape.pending().is_none_or(|ranges| !ranges.is_empty())
            }
            Node::Json(inner, escape) => match self.literal_takes(inner, escape) {
                Some(known) => known,
                None => {
                    let asked = self.decoded(inner, escape)?;
                    self.live(asked)?
                }
            },
            Node::Concat(_, _) => self.live_factors(e)?,
            _ => self.search(e)?,
        };
        self.live.insert(e, verdict);
        Ok(verdict)
    }

    /// Whether all but finitely many strings are known to be members.
    pub(super) fn cofinite(&self, e: ExprId) -> bool {
        match self.node(e) {
            Node::Not(x) => *x == EMPTY || matches!(self.node(*x), Node::Switch(..)),
            Node::Concat(x, mark) => matches!(self.node(*mark), Node::Mark(_)) && self.cofinite(*x),
            Node::Or(list) => list.iter().any(|&x| self.cofinite(x)),
            Node::And(list) => list.iter().all(|&x| self.cofinite(x)),
            _ => false,
        }
    }

    /// Whether `e` is the rest of a JSON string that stays alive whatever whole characters are read,
    /// as what searches for a pattern does.
    pub fn takes_any_text(&mut self, e: ExprId) -> Result<bool> {
        let Node::Json(inner, Escape::START) = *self.node(e) else {
            return Ok(false);
        };
        let members = match self.node(inner) {
            Node::Or(list) => list.clone(),
            _ => [inner].into(),
        };
        for x in members {
            let Node::Concat(head, _) = *self.node(x) else {
                continue;
            };
            if head == self.text_star || head == FULL {
                let string = self.json(x, Escape::START)?;
                if self.live(string)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether a state of a trie takes one of the characters that an escape under way may become;
    /// `None` where its nodes do not tell.
    ///
    /// PERF: keys ask this at each digit of an escape, and making expressions of it took most of
    /// the time that their profiles take.
    fn literal_takes(&self, e: ExprId, escape: Escape) -> Option<bool> {
        let ranges = match escape {
            Escape::Text(_) => return None,
            Escape::Backslash => vec![(0, 0x10_FFFF)],
            _ => escape.pending()?,
        };
        let Node::Switch(_, arms) = self.node(e) else {
            return None;
        };
        for &(b, rest) in arms {
            // Longer characters, and what is not known to be text, are left to the search.
            if !b.is_ascii() || !self.fact(rest).text {
                return None;
            }
            let c = u32::from(b);
            if ranges.iter().any(|&(lo, hi)| lo <= c && c <= hi) {
                return Some(true);
            }
        }
        Some(false)
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
    pub(super) fn decoded(&mut self, inner: ExprId, escape: Escape) -> Result<ExprId> {
        match (escape, escape.pending()) {
            (Escape::Text(state), _) => self.utf8(inner, state),
            (_, Some(ranges)) => {
                let shape = match self.escaped.get(&escape) {
                    Some(&known) => known,
                    None => {
                        let head = self.class(&ranges)?;
                        let made = self.concat(head, FULL)?;
                        self.escaped.insert(escape, made);
                        made
                    }
                };
                let both = self.and(vec![inner, shape])?;
                self.utf8(both, 0)
            }
            (_, None) => Ok(inner),
        }
    }

    /// Whether a guess is a member; if so, so is the rest of it from each state on the way.
    fn is_guessed(&mut self, start: ExprId) -> Result<bool> {
        for text in self.guesses(start) {
            let mut path = vec![start];
            for b in text {
                let d = self.derivative(path[path.len() - 1], b)?;
                path.push(d);
            }
            if self.fact(path[path.len() - 1]).nullable {
                self.live.extend(path.into_iter().map(|e| (e, true)));
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Searches for a member depth first and breadth first at once, a derivative each in turn: the
    /// one finds long members at once (`.{1000,}&~F`), the other members beside a path that does not
    /// end (`~(a{0,1000000})`).
    fn search(&mut self, start: ExprId) -> Result<bool> {
        if self.is_guessed(start)? {
            return Ok(true);
        }
        let mut deep = Frontier::new(self, start);
        let mut wide = Frontier::new(self, start);
        loop {
            for (frontier, first) in [(&mut deep, false), (&mut wide, true)] {
                match frontier.advance(self, first)? {
                    Progress::Live => return Ok(true),
                    Progress::Dead => {
                        for &(e, _) in &frontier.found {
                            self.live.insert(e, false);
                        }
                        return Ok(false);
                    }
                    Progress::More => {}
                }
            }
        }
    }
}

/// States found, each with the one it was found from, and those not gone through yet.
struct Frontier {
    found: Vec<(ExprId, usize)>,
    seen: FxHashSet<ExprId>,
    open: VecDeque<Open>,
}

struct Open {
    at: usize,
    bytes: Box<[u8]>,
    done: usize,
}

enum Progress {
    Live,
    Dead,
    More,
}

impl Frontier {
    fn new(arena: &mut Arena, start: ExprId) -> Self {
        let mut frontier = Frontier {
            found: Vec::new(),
            seen: FxHashSet::default(),
            open: VecDeque::new(),
        };
        frontier.add(arena, start, 0);
        frontier
    }

    fn add(&mut self, arena: &mut Arena, e: ExprId, from: usize) {
        self.seen.insert(e);
        self.found.push((e, from));
        self.open.push_back(Open {
            at: self.found.len() - 1,
            bytes: arena.representatives(e),
            done: 0,
        });
    }

    /// Takes one derivative, of the state found first or last.
    fn advance(&mut self, arena: &mut Arena, first: bool) -> Result<Progress> {
        let open = if first {
            self.open.front_mut()
        } else {
            self.open.back_mut()
        };
        let Some(open) = open else {
            return Ok(Progress::Dead);
        };
        let Some(&b) = open.bytes.get(open.done) else {
            if first {
                self.open.pop_front();
            } else {
                self.open.pop_back();
            }
            return Ok(Progress::More);
        };
        open.done += 1;
        let at = open.at;
        let d = arena.derivative(self.found[at].0, b)?;
        if d == EMPTY || self.seen.contains(&d) {
            return Ok(Progress::More);
        }
        match arena.live.get(&d) {
            Some(false) => return Ok(Progress::More),
            known => {
                if known.is_some()
                    || arena.fact(d).inhabited
                    || (self.seen.len() <= GUESSED && arena.is_guessed(d)?)
                {
                    self.mark(arena, d, at);
                    return Ok(Progress::Live);
                }
            }
        }
        if self.seen.len() >= SEARCH {
            return Err(Error::Budget(format!(
                "an emptiness search over {SEARCH} states"
            )));
        }
        self.add(arena, d, at);
        Ok(Progress::More)
    }

    /// Notes that a state is live, and those on the way to it.
    fn mark(&self, arena: &mut Arena, e: ExprId, mut at: usize) {
        arena.live.insert(e, true);
        loop {
            let (e, from) = self.found[at];
            arena.live.insert(e, true);
            if at == from {
                return;
            }
            at = from;
        }
    }
}
