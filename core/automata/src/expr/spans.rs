//! Spans: how many items of a counter the rest of a text may still take.
//!
//! *Purpose.* In `X{m,n} & P`, a token that consumes c items and reaches a state q stays alive
//! exactly if some completion of q takes between m-c and n-c items. For nearly every P the numbers
//! that completions of q take are an interval, its *span*; then two comparisons decide.
//!
//! *How.* The states of the opened expression, their counters put back to the widest, are finitely
//! many; an edge weighs what it consumes. A span is the lightest and the heaviest way to an end.
//! That every number between is taken too is checked state by state: the spans behind a state's
//! edges, shifted by their weights, must cover its own without a gap. Since edges of no weight form
//! no cycle (checked), induction over (number, edges of no weight still to come) proves it.
//!
//! *Cost.* Once for a pattern: a few derivatives for each of its states, at most `STATES`. Where any
//! check fails there is no span, and states are walked one by one as without counters.
//! `^(aa|aaaaa)$` has a gap and fails; so does a pattern with a counter of its own, and one of which
//! a byte can be read by an item and by what follows the items (`[a-z]{12}.*`).

use super::{Arena, EMPTY, Escape, ExprId, Node, UNBOUNDED, WIDE};
use crate::error::Result;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// States of one expression that are gone through.
const STATES: usize = 300;

/// The least and the greatest number of items ([`UNBOUNDED`]: any number).
pub type Span = (u32, u32);

#[derive(Default)]
struct Graph {
    states: Vec<ExprId>,
    /// Target and weight.
    edges: Vec<Vec<(usize, u32)>>,
    ends: Vec<bool>,
}

impl Arena {
    /// The span of a JSON string's state whose counter is opened.
    pub fn span(&mut self, e: ExprId) -> Result<Option<Span>> {
        let asked = match *self.node(e) {
            Node::Json(inner, escape) => self.decoded(inner, escape)?,
            Node::Concat(_, tail) => match *self.node(tail) {
                Node::Json(inner, Escape::START) => self.decoded(inner, Escape::START)?,
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        if self.holds_counter(e) && !self.holds_counter(asked) {
            return Ok(None); // `.*X{0,9}.*` within a character is `.*`
        }
        let start = match self.widest(asked)? {
            Some(start) => start,
            None => return Ok(None),
        };
        if let Some(&known) = self.spans.get(&start) {
            return Ok(known);
        }
        let found = match self.counted_states(start)? {
            Some(graph) => spans(&graph).map(|spans| (graph, spans)),
            None => None,
        };
        match found {
            Some((graph, spans)) => {
                for (e, span) in graph.states.into_iter().zip(spans) {
                    self.spans.insert(e, Some(span));
                }
            }
            None => {
                self.spans.insert(start, None);
            }
        }
        Ok(self.spans.get(&start).copied().flatten())
    }

    /// Whether `e` stands inside an escape of a JSON string.
    pub fn in_escape(&self, e: ExprId) -> bool {
        matches!(self.node(e), Node::Json(_, escape) if !matches!(escape, Escape::Text(_)))
    }

    /// `e` with its counter put back to the widest; `None` where it is not one counter.
    fn widest(&mut self, e: ExprId) -> Result<Option<ExprId>> {
        if self.counter_in(e, true).is_some() {
            return self.with_counter(e, 0, WIDE).map(Some);
        }
        Ok((!self.holds_counter(e)).then_some(e))
    }

    fn counted_states(&mut self, start: ExprId) -> Result<Option<Graph>> {
        let mut graph = Graph::default();
        let mut index: FxHashMap<ExprId, usize> = FxHashMap::default();
        index.insert(start, 0);
        graph.states.push(start);
        let mut at = 0;
        while let Some(&e) = graph.states.get(at) {
            let mut edges = Vec::new();
            // Behind the counter no item is left, whatever follows.
            let past = !self.holds_counter(e);
            let bytes = if past {
                Box::default()
            } else {
                self.representatives(e)
            };
            let seam = self.seam_in(e, true)?;
            for b in bytes.iter() {
                let d = self.next(e, *b)?;
                if d == EMPTY {
                    continue;
                }
                if let Some(seam) = &seam {
                    if self.forks(seam, *b, false)? {
                        return Ok(None);
                    }
                }
                let Some(weight) = self.consumed_in(e, &[*b])? else {
                    return Ok(None);
                };
                let Some(d) = self.widest(d)? else {
                    return Ok(None);
                };
                let next = graph.states.len();
                let to = *index.entry(d).or_insert(next);
                if to == next {
                    if next == STATES {
                        return Ok(None);
                    }
                    graph.states.push(d);
                }
                edges.push((to, weight));
            }
            edges.sort_unstable();
            edges.dedup();
            graph.edges.push(edges);
            graph.ends.push(past || self.nullable(e));
            at += 1;
        }
        Ok(Some(graph))
    }
}

/// The span of every state; `None` where one is no interval, or that is not proved.
fn spans(graph: &Graph) -> Option<Vec<Span>> {
    let n = graph.states.len();
    let mut into: Vec<Vec<(usize, u32)>> = vec![Vec::new(); n];
    for (from, edges) in graph.edges.iter().enumerate() {
        for &(to, weight) in edges {
            into[to].push((from, weight));
        }
    }
    let weightless = peel(graph, &into, |weight| weight == 0);
    if weightless.len() < n {
        return None;
    }
    let mut spans = vec![(UNBOUNDED, UNBOUNDED); n];
    let mut queue: VecDeque<usize> = (0..n).filter(|&q| graph.ends[q]).collect();
    queue.iter().for_each(|&q| spans[q].0 = 0);
    while let Some(q) = queue.pop_front() {
        for &(from, weight) in &into[q] {
            let low = spans[q].0.saturating_add(weight);
            if low < spans[from].0 {
                spans[from].0 = low;
                queue.push_back(from);
            }
        }
    }
    // What is peeled reaches no cycle.
    for q in peel(graph, &into, |_| true) {
        let onward = graph.edges[q].iter();
        let high = onward.map(|&(to, weight)| spans[to].1.saturating_add(weight));
        spans[q].1 = high.max().unwrap_or(0);
    }
    (0..n).all(|q| covered(graph, &spans, q)).then_some(spans)
}

/// The states from which edges of the kind lead into no cycle, each after those it leads to.
fn peel(graph: &Graph, into: &[Vec<(usize, u32)>], kind: impl Fn(u32) -> bool) -> Vec<usize> {
    let count = |q: usize| graph.edges[q].iter().filter(|e| kind(e.1)).count();
    let mut left: Vec<usize> = (0..graph.states.len()).map(count).collect();
    let mut done: Vec<usize> = (0..left.len()).filter(|&q| left[q] == 0).collect();
    let mut at = 0;
    while let Some(&q) = done.get(at) {
        for &(from, weight) in &into[q] {
            if kind(weight) {
                left[from] -= 1;
                if left[from] == 0 {
                    done.push(from);
                }
            }
        }
        at += 1;
    }
    done
}

/// Whether the spans behind a state's edges cover its own without a gap.
fn covered(graph: &Graph, spans: &[Span], q: usize) -> bool {
    let mut parts: Vec<Span> = graph.edges[q]
        .iter()
        .map(|&(to, weight)| {
            let (low, high) = spans[to];
            (low.saturating_add(weight), high.saturating_add(weight))
        })
        .collect();
    if graph.ends[q] {
        parts.push((0, 0));
    }
    parts.sort_unstable();
    let (low, high) = spans[q];
    let mut next = low;
    for (from, to) in parts {
        if from > next {
            return false;
        }
        if to >= high {
            return true;
        }
        next = next.max(to + 1);
    }
    false
}
