//! Strongly connected components, without recursion.
//!
//! **Purpose.** The calls made at one byte may be cyclic (left recursion, unit cycles); what a call means
//! is settled component by component, those it depends on first.
//!
//! **Cost.** Linear (Tarjan 1972); the call stack is a vector, so chains of any length are fine.

use std::ops::Range;

/// A directed graph over `0..n`, its edges listed node by node.
pub(super) struct Graph {
    ends: Vec<usize>,
    targets: Vec<u32>,
}

/// The components in an order in which every component comes after those it points to.
pub(super) struct Components {
    nodes: Vec<u32>,
    ends: Vec<usize>,
}

impl Graph {
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self {
            ends: Vec::with_capacity(nodes),
            targets: Vec::new(),
        }
    }

    /// Adds the next node.
    pub(super) fn push(&mut self, targets: impl Iterator<Item = u32>) {
        self.targets.extend(targets);
        self.ends.push(self.targets.len());
    }

    fn range(&self, node: u32) -> Range<usize> {
        range(&self.ends, node as usize)
    }

    pub(super) fn components(&self) -> Components {
        const UNSEEN: u32 = u32::MAX;
        const DONE: u32 = u32::MAX - 1;
        let n = self.ends.len();
        let mut low = vec![UNSEEN; n]; // least visiting number known to be reached; DONE once emitted
        let mut stack: Vec<u32> = Vec::new(); // Tarjan's stack of nodes without a component yet
        let mut calls: Vec<(u32, u32, usize)> = Vec::new(); // node, its number, its next edge
        let mut next_number = 0;
        let mut found = Components {
            nodes: Vec::with_capacity(n),
            ends: Vec::new(),
        };
        for root in 0..n as u32 {
            if low[root as usize] != UNSEEN {
                continue;
            }
            let mut enter = Some(root);
            loop {
                if let Some(node) = enter.take() {
                    low[node as usize] = next_number;
                    stack.push(node);
                    calls.push((node, next_number, self.range(node).start));
                    next_number += 1;
                }
                let Some((node, number, edge)) = calls.last_mut() else {
                    break;
                };
                let at = *node as usize;
                if *edge < self.ends[at] {
                    let target = self.targets[*edge];
                    *edge += 1;
                    match low[target as usize] {
                        UNSEEN => enter = Some(target),
                        DONE => {}
                        reached => low[at] = low[at].min(reached),
                    }
                    continue;
                }
                let (node, number) = (*node, *number);
                calls.pop();
                if low[at] == number {
                    while let Some(member) = stack.pop() {
                        low[member as usize] = DONE;
                        found.nodes.push(member);
                        if member == node {
                            break;
                        }
                    }
                    found.ends.push(found.nodes.len());
                } else if let Some((caller, ..)) = calls.last() {
                    let caller = *caller as usize;
                    low[caller] = low[caller].min(low[at]);
                }
            }
        }
        found
    }
}

impl Components {
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.ends.len()).map(|i| &self.nodes[range(&self.ends, i)])
    }
}

fn range(ends: &[usize], index: usize) -> Range<usize> {
    let start = if index == 0 { 0 } else { ends[index - 1] };
    start..ends[index]
}

#[cfg(test)]
mod tests {
    use super::Graph;

    fn components(edges: &[&[u32]]) -> Vec<Vec<u32>> {
        let mut graph = Graph::with_capacity(edges.len());
        for targets in edges {
            graph.push(targets.iter().copied());
        }
        let sorted = |nodes: &[u32]| {
            let mut nodes = nodes.to_vec();
            nodes.sort_unstable();
            nodes
        };
        graph.components().iter().map(sorted).collect()
    }

    #[test]
    fn components_come_after_those_they_point_to() {
        let found = components(&[&[1, 3], &[2], &[1], &[3, 4], &[]]);
        assert_eq!(found, [vec![1, 2], vec![4], vec![3], vec![0]]);
    }

    #[test]
    fn two_loops_through_one_node_are_one_component() {
        assert_eq!(components(&[&[1, 2], &[0], &[0]]), [vec![0, 1, 2]]);
    }

    #[test]
    fn a_long_ring_and_a_long_chain_need_no_call_stack() {
        let n: u32 = 300_000;
        let mut ring = Graph::with_capacity(n as usize);
        let mut chain = Graph::with_capacity(n as usize);
        for node in 0..n {
            ring.push(std::iter::once((node + 1) % n));
            chain.push((node + 1..n).take(1));
        }
        assert_eq!(ring.components().iter().count(), 1);
        assert_eq!(chain.components().iter().count(), n as usize);
    }
}
