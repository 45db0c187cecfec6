//! Constructors with simplification. Each keeps the language exactly and makes fewer distinct
//! expressions; a missed simplification costs states, never correctness.

use super::{Arena, EMPTY, EPSILON, Escape, ExprId, FULL, Node, UNBOUNDED, WIDE};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use std::collections::BTreeMap;

impl Arena {
    /// One byte out of a set.
    pub fn bytes(&mut self, set: ByteSet) -> Result<ExprId> {
        if set.is_empty() {
            return Ok(EMPTY);
        }
        self.intern(Node::Bytes(set))
    }

    /// The empty string, marked: when it ends a terminal, it says which of its alternatives ended.
    pub fn mark(&mut self, label: u32) -> Result<ExprId> {
        self.intern(Node::Mark(label))
    }

    /// One literal.
    pub fn literal(&mut self, text: &[u8]) -> Result<ExprId> {
        self.literals(&[(text, super::PLAIN)])
    }

    /// A set of literals, each with the label it ends with, as a minimal trie of switches.
    ///
    /// A literal given twice keeps its first label.
    pub fn literals(&mut self, texts: &[(&[u8], u32)]) -> Result<ExprId> {
        let mut sorted: Vec<(&[u8], u32)> = texts.to_vec();
        sorted.sort_by(|a, b| a.0.cmp(b.0));
        sorted.dedup_by(|b, a| a.0 == b.0);
        // One frame per byte of the literal under construction: its end label and finished arms.
        let mut stack: Vec<Frame> = vec![Frame::default()];
        let mut path: Vec<u8> = Vec::new();
        for (text, label) in sorted {
            let common = path.iter().zip(text).take_while(|(a, b)| a == b).count();
            self.fold_to(&mut stack, &mut path, common)?;
            for &b in &text[common..] {
                path.push(b);
                stack.push(Frame::default());
            }
            if let Some(top) = stack.last_mut() {
                top.text = std::str::from_utf8(text).is_ok();
                top.end = Some(label);
            }
        }
        self.fold_to(&mut stack, &mut path, 0)?;
        match stack.pop() {
            Some(root) => self.switch(root),
            None => Ok(EMPTY),
        }
    }

    fn fold_to(&mut self, stack: &mut Vec<Frame>, path: &mut Vec<u8>, keep: usize) -> Result<()> {
        while path.len() > keep {
            let (Some(frame), Some(b)) = (stack.pop(), path.pop()) else {
                break;
            };
            let text = frame.text;
            let e = self.switch(frame)?;
            if let Some(parent) = stack.last_mut() {
                parent.text &= text;
                parent.arms.push((b, e));
            }
        }
        Ok(())
    }

    fn switch(&mut self, frame: Frame) -> Result<ExprId> {
        if frame.arms.is_empty() {
            return match frame.end {
                None => Ok(EMPTY),
                Some(super::PLAIN) => Ok(EPSILON),
                Some(label) => self.mark(label),
            };
        }
        // A suffix that starts inside a character is no text, though the literal is.
        let text = frame.text && frame.arms.iter().all(|arm| !(0x80..0xC0).contains(&arm.0));
        let e = self.intern(Node::Switch(frame.end, frame.arms.into()))?;
        if text {
            self.set_text(e);
        }
        Ok(e)
    }

    /// `a` followed by `b`.
    pub fn concat(&mut self, a: ExprId, b: ExprId) -> Result<ExprId> {
        if a == EMPTY || b == EMPTY {
            return Ok(EMPTY);
        }
        if a == EPSILON {
            return Ok(b);
        }
        if b == EPSILON {
            return Ok(a);
        }
        let mut heads = Vec::new();
        let mut last = a;
        while let Node::Concat(x, y) = *self.node(last) {
            heads.push(x);
            last = y;
        }
        // A program that uses parts again can double a spine with a few bytes.
        self.pay(heads.len())?;
        heads.push(last);
        let mut e = b;
        for &head in heads.iter().rev() {
            e = self.join(head, e)?;
        }
        Ok(e)
    }

    /// Concatenates a head that is no concatenation itself.
    fn join(&mut self, head: ExprId, tail: ExprId) -> Result<ExprId> {
        let (first, rest) = match *self.node(tail) {
            Node::Concat(x, y) => (x, y),
            _ => (tail, EPSILON),
        };
        if head == FULL && first == FULL {
            return Ok(tail);
        }
        if let (&Node::Repeat(x, a, b), &Node::Repeat(y, c, d)) =
            (self.node(head), self.node(first))
        {
            if x == y {
                let both = self.repeat(x, add(a, c), add(b, d))?;
                return self.concat(both, rest);
            }
        }
        self.intern(Node::Concat(head, tail))
    }

    /// Concatenation of many.
    pub fn concat_all(&mut self, parts: &[ExprId]) -> Result<ExprId> {
        let mut e = EPSILON;
        for &part in parts.iter().rev() {
            e = self.concat(part, e)?;
        }
        Ok(e)
    }

    /// Union.
    pub fn or(&mut self, members: Vec<ExprId>) -> Result<ExprId> {
        if let [one] = members[..] {
            return Ok(one);
        }
        let mut flat = Vec::with_capacity(members.len());
        let mut set = ByteSet::EMPTY;
        for e in members {
            match self.node(e) {
                Node::Empty => {}
                Node::Or(list) => {
                    for &x in list {
                        if let Node::Bytes(s) = self.node(x) {
                            set = set.union(s);
                        } else {
                            flat.push(x);
                        }
                    }
                }
                Node::Bytes(s) => set = set.union(s),
                _ => flat.push(e),
            }
        }
        self.pay(flat.len())?;
        if flat.contains(&FULL) && !flat.iter().any(|&e| self.fact(e).marked) {
            return Ok(FULL);
        }
        if !set.is_empty() {
            flat.push(self.bytes(set)?);
        }
        if flat.len() > 1 && flat.contains(&self.text_star) {
            let star = self.text_star;
            flat.retain(|&e| e == star || !self.fact(e).text || self.fact(e).marked);
        }
        if flat.len() > 1 {
            self.merge_counts(&mut flat)?;
        }
        flat.sort_unstable_by_key(|&e| self.fact(e).digest);
        flat.dedup();
        if flat.len() > 1
            && flat.contains(&EPSILON)
            && flat
                .iter()
                .any(|&e| e != EPSILON && self.nullable(e) && !self.fact(e).marked)
        {
            flat.retain(|&e| e != EPSILON);
        }
        match flat[..] {
            [] => Ok(EMPTY),
            [one] => Ok(one),
            _ => self.intern(Node::Or(flat.into())),
        }
    }

    /// `p X{a,b} q | p X{c,d} q` is `p X{min,max} q` where the two ranges touch.
    fn merge_counts(&mut self, flat: &mut Vec<ExprId>) -> Result<()> {
        let mut groups: BTreeMap<_, Vec<(u32, u32, usize)>> = BTreeMap::new();
        for (i, &e) in flat.iter().enumerate() {
            if let Some((prefix, body, min, max, rest)) = self.counted(e) {
                groups
                    .entry((prefix, body, rest))
                    .or_default()
                    .push((min, max, i));
            }
        }
        let mut gone = Vec::new();
        for ((prefix, body, rest), mut ranges) in groups {
            // Of an opened counter, each range is one number of items consumed, and must stay so.
            let opened = ranges.iter().any(|r| r.1 != UNBOUNDED && r.1 > WIDE / 2);
            if ranges.len() < 2 || (opened && !self.nullable(body)) {
                continue;
            }
            ranges.sort_unstable();
            let mut merged: Vec<(u32, u32)> = Vec::new();
            for &(min, max, _) in &ranges {
                match merged.last_mut() {
                    Some(last) if min <= add(last.1, 1) => last.1 = last.1.max(max),
                    _ => merged.push((min, max)),
                }
            }
            if merged.len() == ranges.len() {
                continue;
            }
            gone.extend(ranges.iter().map(|r| r.2));
            for (min, max) in merged {
                let count = self.repeat(body, min, max)?;
                let tail = self.concat(count, rest)?;
                let e = self.concat(prefix, tail)?;
                flat.push(e);
            }
        }
        gone.sort_unstable();
        for i in gone.into_iter().rev() {
            flat.swap_remove(i);
        }
        Ok(())
    }

    /// `e` as `prefix · body{min,max} · rest`, if its first or second factor is a count.
    fn counted(&self, e: ExprId) -> Option<(ExprId, ExprId, u32, u32, ExprId)> {
        let split = |e: ExprId| match *self.node(e) {
            Node::Concat(x, y) => (x, y),
            _ => (e, EPSILON),
        };
        let (first, tail) = split(e);
        if let Node::Repeat(body, min, max) = *self.node(first) {
            return Some((EPSILON, body, min, max, tail));
        }
        let (second, rest) = split(tail);
        if let Node::Repeat(body, min, max) = *self.node(second) {
            return Some((first, body, min, max, rest));
        }
        None
    }

    /// Intersection.
    pub fn and(&mut self, members: Vec<ExprId>) -> Result<ExprId> {
        let mut flat = Vec::with_capacity(members.len());
        for e in members {
            match self.node(e) {
                Node::Empty => return Ok(EMPTY),
                Node::And(list) => flat.extend_from_slice(list),
                _ => flat.push(e),
            }
        }
        self.pay(flat.len())?;
        flat.retain(|&e| e != FULL);
        if flat.contains(&self.text_star) {
            let star = self.text_star;
            if flat.iter().any(|&e| e != star && self.fact(e).text) {
                flat.retain(|&e| e != star);
            }
        }
        flat.sort_unstable_by_key(|&e| self.fact(e).digest);
        flat.dedup();
        if flat.len() > 1 && !self.bound_lengths(&mut flat)? {
            return Ok(EMPTY);
        }
        match flat[..] {
            [] => return Ok(FULL),
            [one] => return Ok(one),
            _ => {}
        }
        if flat.contains(&EPSILON) {
            let all = flat.iter().all(|&e| self.nullable(e));
            if !all {
                return Ok(EMPTY);
            }
            if !flat.iter().any(|&e| self.fact(e).marked) {
                return Ok(EPSILON);
            }
        }
        if let Some(&marked) = flat
            .iter()
            .find(|&&e| matches!(self.node(e), Node::Mark(_)))
        {
            let all = flat.iter().all(|&e| self.nullable(e));
            return Ok(if all { marked } else { EMPTY });
        }
        if flat.iter().any(|&e| self.excludes(e, &flat)) {
            return Ok(EMPTY);
        }
        self.intern(Node::And(flat.into()))
    }

    /// Whether a member of an intersection is the complement of something that holds all of the
    /// others together: a search would go through the product of both.
    fn excludes(&self, e: ExprId, members: &[ExprId]) -> bool {
        let Node::Not(x) = *self.node(e) else {
            return false;
        };
        let holds_one = |x: ExprId| {
            let text = x == self.text_star;
            members
                .iter()
                .any(|&y| y == x || (text && self.fact(y).text))
        };
        match self.node(x) {
            _ if holds_one(x) => true,
            Node::And(list) => list.iter().all(|&y| holds_one(y)),
            Node::Or(list) => list.iter().any(|&y| holds_one(y)),
            _ => false,
        }
    }

    /// Drops a factor `any{m,n}` where the lengths of another one say as much already; `false` where
    /// they say that nothing is left.
    fn bound_lengths(&mut self, flat: &mut Vec<ExprId>) -> Result<bool> {
        let any = self.any_char();
        let bounds = |arena: &Arena, e: ExprId| match *arena.node(e) {
            Node::Repeat(x, m, n) if x == any => Some((m, n)),
            _ if e == any => Some((1, 1)),
            _ => None,
        };
        let Some(at) = flat.iter().position(|&e| bounds(self, e).is_some()) else {
            return Ok(true);
        };
        let Some((m, n)) = bounds(self, flat[at]) else {
            return Ok(true);
        };
        // An opened counter must stay.
        if n != UNBOUNDED && n > WIDE / 2 {
            return Ok(true);
        }
        for i in (0..flat.len()).filter(|&i| i != at) {
            let fact = *self.fact(flat[i]);
            let (low, high) = fact.chars;
            if low > n || high < m {
                return Ok(false);
            }
            if fact.text && m <= low && high <= n && !self.fact(flat[at]).marked {
                flat.swap_remove(at);
                flat.sort_unstable_by_key(|&e| self.fact(e).digest);
                return Ok(true);
            }
            if let Node::Repeat(x, a, b) = *self.node(flat[i]) {
                let one = self.fact(x);
                if one.text && one.chars == (1, 1) {
                    let both = self.repeat(x, a.max(m), b.min(n))?;
                    flat[i] = both;
                    flat.swap_remove(at);
                    flat.sort_unstable_by_key(|&e| self.fact(e).digest);
                    flat.dedup();
                    return Ok(both != EMPTY);
                }
            }
        }
        Ok(true)
    }

    /// Complement, relative to all byte strings.
    pub fn not(&mut self, e: ExprId) -> Result<ExprId> {
        if self.fact(e).marked {
            return Err(Error::Invalid("a mark under a complement".into()));
        }
        match *self.node(e) {
            Node::Not(x) => Ok(x),
            _ => self.intern(Node::Not(e)),
        }
    }

    /// `e` between `min` and `max` times ([`UNBOUNDED`]: no upper bound).
    pub fn repeat(&mut self, e: ExprId, min: u32, max: u32) -> Result<ExprId> {
        if min > max {
            return Ok(EMPTY);
        }
        if max == 0 {
            return Ok(EPSILON);
        }
        if self.fact(e).marked {
            return Err(Error::Invalid("a mark under a repetition".into()));
        }
        match *self.node(e) {
            Node::Empty => return Ok(if min == 0 { EPSILON } else { EMPTY }),
            Node::Epsilon => return Ok(EPSILON),
            Node::Not(EMPTY) => return Ok(FULL),
            Node::Repeat(x, 0 | 1, UNBOUNDED) => {
                let from = if self.nullable(e) { 0 } else { min };
                return self.repeat(x, from.min(min), UNBOUNDED);
            }
            _ => {}
        }
        let min = if self.nullable(e) { 0 } else { min };
        if (min, max) == (1, 1) {
            return Ok(e);
        }
        if max == 1 && self.nullable(e) {
            return Ok(e);
        }
        self.intern(Node::Repeat(e, min, max))
    }

    /// The rest of a JSON string (closing quote included) whose decoded text is in `e`.
    pub fn json(&mut self, e: ExprId, escape: Escape) -> Result<ExprId> {
        if e == EMPTY {
            return Ok(EMPTY);
        }
        let e = if e == self.text_star { FULL } else { e };
        let (e, escape) = self.canonical_escape(e, escape)?;
        if e == EMPTY {
            return Ok(EMPTY);
        }
        self.intern(Node::Json(e, escape))
    }

    /// A whole JSON string, both quotes included.
    pub fn json_string(&mut self, e: ExprId) -> Result<ExprId> {
        let quote = self.bytes(ByteSet::single(b'"'))?;
        let rest = self.json(e, Escape::START)?;
        self.concat(quote, rest)
    }

    /// The members of `e` that are valid UTF-8 when read from `state` of the decoder.
    pub(crate) fn utf8(&mut self, e: ExprId, state: u8) -> Result<ExprId> {
        if e == EMPTY || (state == 0 && self.fact(e).text) {
            return Ok(e);
        }
        self.intern(Node::Utf8(e, state))
    }
}

struct Frame {
    end: Option<u32>,
    arms: Vec<(u8, ExprId)>,
    text: bool,
}

impl Default for Frame {
    fn default() -> Self {
        Frame {
            end: None,
            arms: Vec::new(),
            text: true,
        }
    }
}

/// Saturating, with [`UNBOUNDED`] as infinity.
fn add(a: u32, b: u32) -> u32 {
    a.saturating_add(b)
}
