//! The expression that a string language is, but for finitely many literals, and where the two
//! part.

use super::{Arena, Escape, ExprId, FULL, Node};
use crate::byteset::ByteSet;
use crate::error::Result;

impl Arena {
    /// For the (rest of a) JSON string in `S | F` or `S & ~F`, F finite: that in `S`.
    ///
    /// `None` where `e` is no JSON string, or has no such finite part.
    pub fn without_literals(&mut self, e: ExprId) -> Result<Option<ExprId>> {
        match self.node(e).clone() {
            Node::Json(inner, escape) => match self.strip(inner)? {
                Some(base) => self.json(base, escape).map(Some),
                None => Ok(None),
            },
            Node::Concat(head, tail) if matches!(self.node(head), Node::Bytes(_)) => {
                match self.without_literals(tail)? {
                    Some(base) => self.concat(head, base).map(Some),
                    None => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// `e` without its literals; `None` if it has none, or nothing else.
    fn strip(&mut self, e: ExprId) -> Result<Option<ExprId>> {
        match self.node(e).clone() {
            Node::Not(x) if matches!(self.node(x), Node::Switch(..)) => Ok(Some(FULL)),
            Node::Concat(x, mark) if matches!(self.node(mark), Node::Mark(_)) => {
                match self.strip(x)? {
                    Some(base) => self.concat(base, mark).map(Some),
                    None => Ok(None),
                }
            }
            Node::Or(list) | Node::And(list) => {
                let or = matches!(self.node(e), Node::Or(_));
                let mut kept = Vec::with_capacity(list.len());
                let mut changed = false;
                for &x in list.iter() {
                    let finite = matches!(
                        self.node(x),
                        Node::Switch(..) | Node::Mark(_) | Node::Epsilon
                    );
                    if or && finite {
                        changed = true;
                        continue;
                    }
                    let base = self.strip(x)?;
                    changed |= base.is_some();
                    kept.push(base.unwrap_or(x));
                }
                if !changed || kept.is_empty() {
                    return Ok(None);
                }
                let base = if or { self.or(kept)? } else { self.and(kept)? };
                Ok(Some(base))
            }
            _ => Ok(None),
        }
    }

    /// The bytes after which `a` and `b` may denote different languages; after the others they
    /// denote the same. Told from their structure, and therefore coarse.
    pub fn part(&self, a: ExprId, b: ExprId) -> ByteSet {
        const ESCAPE: ByteSet = ByteSet::of(b"\"\\");
        if a == b {
            return ByteSet::EMPTY;
        }
        match (self.node(a), self.node(b)) {
            (&Node::Json(x, Escape::START), &Node::Json(y, Escape::START)) => {
                self.part(x, y).union(&ESCAPE)
            }
            (&Node::Concat(x, rest), &Node::Concat(y, other)) if rest == other => {
                let follows = self.nullable(x) != self.nullable(y);
                let parted = self.part(x, y);
                if follows {
                    parted.union(self.begins(rest))
                } else {
                    parted
                }
            }
            (&Node::Concat(x, _), &Node::Concat(y, _)) if x == y && !self.nullable(x) => {
                *self.begins(x)
            }
            (&Node::Not(x), &Node::Not(y)) => self.begins(x).union(self.begins(y)),
            (Node::And(_), _) | (_, Node::And(_)) => {
                let (mine, other) = (self.factors(&a), self.factors(&b));
                let lonely = mine.iter().filter(|x| !other.contains(x));
                let lonely = lonely.chain(other.iter().filter(|x| !mine.contains(x)));
                lonely.fold(ByteSet::EMPTY, |all, &x| match *self.node(x) {
                    Node::Not(x) => all.union(self.begins(x)),
                    _ => ByteSet::FULL,
                })
            }
            _ => {
                let (mine, other) = (self.union_of(&a), self.union_of(&b));
                let lonely = |from: &[ExprId], than: &[ExprId]| -> Vec<ExprId> {
                    from.iter().copied().filter(|x| !than.contains(x)).collect()
                };
                let (mut mine, mut other) = (lonely(mine, other), lonely(other, mine));
                // Two that take nearly everything part only where one of them does not.
                let wide = |list: &[ExprId]| list.iter().position(|&x| self.begins(x).is_full());
                let mut all = ByteSet::EMPTY;
                if let (Some(i), Some(k)) = (wide(&mine), wide(&other)) {
                    let (x, y) = (mine.swap_remove(i), other.swap_remove(k));
                    if (x, y) == (a, b) {
                        return ByteSet::FULL;
                    }
                    all = self.part(x, y);
                }
                let rest = mine.iter().chain(&other);
                rest.fold(all, |all, &x| all.union(self.begins(x)))
            }
        }
    }

    fn union_of<'a>(&'a self, e: &'a ExprId) -> &'a [ExprId] {
        match self.node(*e) {
            Node::Or(list) => list,
            _ => std::slice::from_ref(e),
        }
    }

    fn factors<'a>(&'a self, e: &'a ExprId) -> &'a [ExprId] {
        match self.node(*e) {
            Node::And(list) => list,
            _ => std::slice::from_ref(e),
        }
    }
}
