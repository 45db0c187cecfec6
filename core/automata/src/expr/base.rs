//! The expression that a string language is, but for finitely many literals.

use super::{Arena, ExprId, FULL, Node};
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
}
