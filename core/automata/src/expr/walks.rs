//! Walking a language of text character by character, and its shortest members.
//!
//! *Purpose.* Texts of a language are made by going through its automaton: [`Walks::characters`]
//! says which characters may come next and where each leads, [`Walks::shortest`] ends a text in as
//! few bytes as can be. Of members equally long the one whose characters come first in the order
//! of [`rank`] is preferred, digits and letters before the rest, so that small texts are legible.
//!
//! *Invariants.* Languages hold valid UTF-8 only. Results depend on the language's structure and
//! never on the numbers of expressions, so that another arena gives the same ones.
//!
//! *Cost.* A state's characters: one step for each byte class of each byte of a character. The
//! shortest member is found by A*: a lower bound read off the structure leads straight to it where
//! there is no intersection and no complement, and what a search finds is kept for the next.
//!
//! *Rejected.* Breadth-first search (`.{1000}` would be gone through at every step); steps by bytes
//! (a reader of the walk would have to know UTF-8).

use super::{Arena, ExprId, Node, utf8};
use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::rc::Rc;

/// States one search for a shortest member may go through.
const SEARCH: usize = 100_000;

/// Beginnings of texts that one list of them may go through.
const BEGUN: usize = 2_000_000;

/// No member at all.
const NEVER: u64 = u64::MAX;

/// Characters that lead to one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where they lead.
    pub target: ExprId,
    /// Inclusive ranges of code points, ascending.
    pub ranges: Vec<(u32, u32)>,
}

/// Code points by how simple they look: those from `0` to the end of ASCII, the rest of ASCII,
/// all others.
pub fn rank(c: u32) -> u32 {
    if c < 0x80 { (c + 0x50) % 0x80 } else { c }
}

/// What is known of the ways through an arena's languages.
#[derive(Default)]
pub struct Walks {
    /// Lower bounds of the length of a member, in bytes.
    bounds: FxHashMap<ExprId, u64>,
    /// Lengths of a shortest member, in bytes.
    known: FxHashMap<ExprId, u64>,
}

type Tails = Rc<Vec<(ExprId, u32, u32)>>;

impl Walks {
    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        self.bounds.len() * 24 + self.known.len() * 24
    }

    /// The characters that may come next, those on a shortest way to a member's end first.
    pub fn characters(&mut self, arena: &mut Arena, e: ExprId) -> Result<Vec<Group>> {
        let mut groups: Vec<Group> = Vec::new();
        let mut index: FxHashMap<ExprId, usize> = FxHashMap::default();
        let tails = tails(arena, e, utf8::START, &mut FxHashMap::default())?;
        for &(target, lo, hi) in tails.iter() {
            let at = *index.entry(target).or_insert_with(|| {
                groups.push(Group {
                    target,
                    ranges: Vec::new(),
                });
                groups.len() - 1
            });
            groups[at].ranges.push((lo, hi));
        }
        let mut keyed = Vec::with_capacity(groups.len());
        for group in groups {
            let best = first(&group.ranges);
            let bytes = char::from_u32(best).map_or(4, char::len_utf8) as u64;
            let rest = self.length(arena, group.target)?;
            keyed.push((rest.saturating_add(bytes), rank(best), group));
        }
        keyed.sort_by_key(|entry| (entry.0, entry.1));
        Ok(keyed.into_iter().map(|entry| entry.2).collect())
    }

    /// A shortest member; of several the simplest from the left.
    pub fn shortest(&mut self, arena: &mut Arena, e: ExprId) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut at = e;
        let mut left = self.length(arena, e)?;
        while left > 0 {
            left -= 1;
            let mut found = None;
            for b in simplest_bytes(arena, at) {
                let next = arena.next(at, b)?;
                let near = next != super::EMPTY && self.bound(arena, next) <= left;
                if near && self.length(arena, next)? == left {
                    found = Some((b, next));
                    break;
                }
            }
            let Some((b, next)) = found else {
                return Err(Error::Invalid("no step of a shortest text".into()));
            };
            out.push(b);
            at = next;
        }
        Ok(out)
    }

    /// The first members, up to `count`, the shortest first; in an order that depends on the language
    /// alone, the simplest mostly first.
    pub fn texts(&mut self, arena: &mut Arena, e: ExprId, count: usize) -> Result<Vec<Vec<u8>>> {
        // Beginnings, each the one before it and a byte; in queues by how long a member gets.
        let mut begun: Vec<(ExprId, usize, u8)> = vec![(e, 0, 0)];
        let mut queues: BTreeMap<u64, VecDeque<usize>> = BTreeMap::new();
        let mut found = Vec::new();
        if arena.live(e)? {
            let length = self.length(arena, e)?;
            queues.entry(length).or_default().push_back(0);
        }
        while found.len() < count {
            let Some(mut queue) = queues.first_entry() else {
                break;
            };
            let length = *queue.key();
            let Some(at) = queue.get_mut().pop_front() else {
                queue.remove();
                continue;
            };
            let state = begun[at].0;
            let text = spelled(&begun, at);
            for b in (0..=255u8).map(|i| i.wrapping_add(0x30)) {
                let next = arena.next(state, b)?;
                if next == super::EMPTY {
                    continue;
                }
                if begun.len() > BEGUN {
                    return Err(Error::Budget(format!("{BEGUN} beginnings of first texts")));
                }
                let rest = self.length(arena, next)?;
                let whole = rest.saturating_add(text.len() as u64 + 1);
                queues.entry(whole).or_default().push_back(begun.len());
                begun.push((next, at, b));
            }
            // Those that end in this length go on at once, in their order.
            if let Some(queue) = queues.get_mut(&length) {
                let own = queue
                    .iter()
                    .rev()
                    .take_while(|&&i| begun[i].1 == at && i > 0);
                let own = own.count();
                queue.rotate_right(own);
            }
            if arena.nullable(state) {
                found.push(text);
            }
        }
        Ok(found)
    }

    /// How long a shortest member is, in bytes.
    pub fn length(&mut self, arena: &mut Arena, e: ExprId) -> Result<u64> {
        if let Some(&length) = self.known.get(&e) {
            return Ok(length);
        }
        if !arena.live(e)? {
            return Err(Error::Invalid(
                "the shortest member of an empty language".into(),
            ));
        }
        // States in the order of their discovery, each with the one before it.
        let mut found: Vec<(ExprId, usize)> = vec![(e, usize::MAX)];
        let mut best: FxHashMap<ExprId, u64> = FxHashMap::default();
        best.insert(e, 0);
        let mut open = BinaryHeap::new();
        let bound = self.bound(arena, e);
        open.push((Reverse(bound), 0u64, Reverse(0usize)));
        while let Some((_, so_far, Reverse(at))) = open.pop() {
            let state = found[at].0;
            if best.get(&state).is_some_and(|&b| b < so_far) {
                continue;
            }
            let rest = if arena.nullable(state) {
                Some(0)
            } else {
                self.known.get(&state).copied()
            };
            if let Some(mut length) = rest {
                let mut at = at;
                loop {
                    let (state, before) = found[at];
                    self.known.insert(state, length);
                    if before == usize::MAX {
                        return Ok(length);
                    }
                    (length, at) = (length + 1, before);
                }
            }
            if found.len() > SEARCH {
                return Err(Error::Budget(format!(
                    "a search for a shortest text over {SEARCH} states"
                )));
            }
            for b in simplest_bytes(arena, state) {
                let next = arena.next(state, b)?;
                if next == super::EMPTY {
                    continue;
                }
                let length = so_far + 1;
                if best.get(&next).is_some_and(|&b| b <= length) {
                    continue;
                }
                best.insert(next, length);
                let rest = match self.known.get(&next) {
                    Some(&rest) => rest,
                    None => self.bound(arena, next),
                };
                let key = Reverse(length.saturating_add(rest));
                open.push((key, length, Reverse(found.len())));
                found.push((next, at));
            }
        }
        Err(Error::Invalid("a live language without a member".into()))
    }

    /// No member of `e` is shorter.
    fn bound(&mut self, arena: &Arena, e: ExprId) -> u64 {
        let mut stack = vec![e];
        while let Some(&e) = stack.last() {
            if self.bounds.contains_key(&e) {
                stack.pop();
                continue;
            }
            let before = stack.len();
            let bound = self.bound_of(arena, e, &mut stack);
            if stack.len() == before {
                self.bounds.insert(e, bound);
                stack.pop();
            }
        }
        self.bounds[&e]
    }

    /// The bound of a node, if those of its parts are known; else it puts these on the stack.
    fn bound_of(&self, arena: &Arena, e: ExprId, stack: &mut Vec<ExprId>) -> u64 {
        let mut part = |e: ExprId| {
            self.bounds.get(&e).copied().unwrap_or_else(|| {
                stack.push(e);
                0
            })
        };
        match arena.node(e) {
            Node::Empty => NEVER,
            Node::Epsilon | Node::Mark(_) => 0,
            Node::Bytes(_) => 1,
            Node::Concat(a, b) => part(*a).saturating_add(part(*b)),
            Node::Or(list) => list.iter().map(|&x| part(x)).min().unwrap_or(NEVER),
            Node::And(list) => list.iter().map(|&x| part(x)).max().unwrap_or(0),
            Node::Not(_) => u64::from(!arena.nullable(e)),
            Node::Repeat(_, 0, _) => 0,
            Node::Repeat(x, min, _) => part(*x).saturating_mul(u64::from(*min)),
            Node::Switch(Some(_), _) => 0,
            Node::Switch(None, arms) => {
                let least = arms.iter().map(|arm| part(arm.1)).min().unwrap_or(NEVER);
                least.saturating_add(1)
            }
            Node::Json(_, _) => 1,
            Node::Utf8(x, _) => part(*x),
            Node::Multiple(state) => arena.lattices.shortest(state),
            Node::State(machine, state) => machine.shortest(*state).into(),
        }
    }
}

/// The text that leads to a beginning.
fn spelled(begun: &[(ExprId, usize, u8)], mut at: usize) -> Vec<u8> {
    let mut text = Vec::new();
    while at > 0 {
        text.push(begun[at].2);
        at = begun[at].1;
    }
    text.reverse();
    text
}

/// One byte of each class, the simplest of it; the simplest first.
fn simplest_bytes(arena: &mut Arena, e: ExprId) -> Vec<u8> {
    let partition = arena.partition(e);
    let classes = arena.classes.get(partition);
    let mut seen = vec![false; classes.members.len()];
    let order = (0x30..0x80u8).chain(0..0x30).chain(0x80..=0xFF);
    order
        .filter(|&b| !std::mem::replace(&mut seen[classes.map[b as usize] as usize], true))
        .collect()
}

/// The first of the ranges' code points in the order of [`rank`].
fn first(ranges: &[(u32, u32)]) -> u32 {
    let from_zero = ranges.iter().filter(|r| r.1 >= 0x30);
    let least = from_zero.map(|r| r.0.max(0x30)).min();
    match least {
        Some(c) if c < 0x80 => c,
        _ => ranges.first().map_or(0, |r| r.0),
    }
}

/// What may follow within a character: states behind its end, by ranges of the bits still to come.
fn tails(
    arena: &mut Arena,
    e: ExprId,
    decoder: u8,
    memo: &mut FxHashMap<(ExprId, u8), Tails>,
) -> Result<Tails> {
    if let Some(known) = memo.get(&(e, decoder)) {
        return Ok(known.clone());
    }
    let mut out: Vec<(ExprId, u32, u32)> = Vec::new();
    for b in 0..=255u8 {
        let Some(after) = utf8::step(decoder, b) else {
            continue;
        };
        let next = arena.next(e, b)?;
        if next == super::EMPTY {
            continue;
        }
        let more = match after {
            utf8::START => 0,
            1 => 1,
            2 | 4 | 5 => 2,
            _ => 3,
        };
        let payload = match (decoder, b) {
            (utf8::START, 0..=0x7F) => b,
            (utf8::START, 0xC0..=0xDF) => b & 0x1F,
            (utf8::START, 0xE0..=0xEF) => b & 0x0F,
            (utf8::START, _) => b & 0x07,
            _ => b & 0x3F,
        };
        let base = u32::from(payload) << (6 * more);
        if more == 0 {
            extend(&mut out, (next, base, base));
            continue;
        }
        let rest = tails(arena, next, after, memo)?;
        for &(target, lo, hi) in rest.iter() {
            extend(&mut out, (target, base + lo, base + hi));
        }
    }
    let out = Rc::new(out);
    memo.insert((e, decoder), out.clone());
    Ok(out)
}

/// Adds a range, as part of the one before it where they meet.
fn extend(out: &mut Vec<(ExprId, u32, u32)>, range: (ExprId, u32, u32)) {
    match out.last_mut() {
        Some(last) if last.0 == range.0 && last.2 + 1 == range.1 => last.2 = range.2,
        _ => out.push(range),
    }
}
