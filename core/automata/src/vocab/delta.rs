//! A profile as a small difference from another one.
//!
//! "Any key but these" differs from "any key" only along the few literals it leaves out, yet it is
//! another expression at each of their bytes. Walking the vocabulary for each would cost
//! milliseconds a key; walking both expressions side by side, and only where they have not met in
//! one state again, costs the length of the literals.
//!
//! *Invariant.* Both expressions are ends of JSON strings, so that a token crosses the end at one
//! place at most: hiding a cut hides the tokens below it and no others.

use super::profile::Collector;
use super::{Profile, Vocabulary};
use crate::error::Result;
use crate::expr::{Arena, EMPTY, ExprId, UNBOUNDED};
use std::sync::Arc;

/// Nodes a difference may visit before it is given up.
const NODES: usize = 20_000;

/// What must be added to a base profile, and which of its cuts do not hold.
#[derive(Debug)]
pub struct Delta {
    /// Tokens inside and cuts that the base does not have.
    pub more: Arc<Profile>,
    /// Label, and the tokens (by rank, from and to) that the base's cut does not stand for.
    hidden: Box<[(u32, u32, u32)]>,
}

impl Delta {
    /// The difference of `e` from `base`; `None` where it is not small, or takes tokens away. The
    /// nodes that are looked at are added to `walked`.
    pub(crate) fn build(
        vocab: &Vocabulary,
        arena: &mut Arena,
        e: ExprId,
        base: ExprId,
        walked: &mut u64,
    ) -> Result<Option<Delta>> {
        let mut more = Collector::new(vocab);
        let mut hidden = Vec::new();
        let start = (e, base, arena.part(e, base));
        let mut stack = vec![start; vocab.max_depth() + 1];
        let mut visited = 0;
        for slice in &vocab.slices {
            let end = vocab.end[slice.root as usize];
            let mut node = slice.root + 1;
            while node < end {
                *walked += 1;
                let i = node as usize;
                let depth = usize::from(vocab.depth[i]);
                let (x, y, ref part) = stack[depth - 1];
                let b = vocab.byte[i];
                // PERF: all but a few of a node's children are passed over here.
                if !part.contains(b) {
                    node = vocab.end[i];
                    continue;
                }
                let x = if x == EMPTY { x } else { arena.next(x, b)? };
                let y = if y == EMPTY { y } else { arena.next(y, b)? };
                if x == y {
                    node = vocab.end[i];
                    continue;
                }
                visited += 1;
                if visited > NODES {
                    return Ok(None);
                }
                stack[depth] = (x, y, arena.part(x, y));
                let (ours, theirs) = (arena.ends(x), arena.ends(y));
                for &label in theirs.iter().filter(|l| !ours.contains(l)) {
                    let below = vocab.ranks_below(node);
                    hidden.push((label, below.start, below.end));
                }
                for &label in ours.iter().filter(|l| !theirs.contains(l)) {
                    more.cut(label, node, 0);
                }
                let tokens = vocab.tokens_at(node);
                if !tokens.is_empty() {
                    let inside = x != EMPTY && arena.continues(x)?;
                    let before = y != EMPTY && arena.continues(y)?;
                    match (inside, before) {
                        (false, true) => return Ok(None),
                        (true, false) => more.inside((0, UNBOUNDED), tokens),
                        (true, true) => {}
                        (false, false) => {
                            for &label in ours.iter().filter(|l| !theirs.contains(l)) {
                                more.ended(label, tokens, 0);
                            }
                        }
                    }
                }
                node += 1;
            }
        }
        Ok(Some(Delta {
            more: Arc::new(more.finish(&[])),
            hidden: hidden.into(),
        }))
    }

    /// Whether the base's cut with this label does not stand for the token.
    pub fn hides(&self, vocab: &Vocabulary, label: u32, token: u32) -> bool {
        let rank = vocab.rank(token);
        let mut ranges = self.hidden.iter();
        ranges.any(|&(l, from, to)| l == label && from <= rank && rank < to)
    }

    /// Approximate size in bytes.
    pub fn memory(&self) -> usize {
        self.more.memory() + self.hidden.len() * 12
    }
}
