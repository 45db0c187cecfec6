//! Regular languages over bytes, as a hash-consed algebra.
//!
//! *Purpose.* One arena holds every regular expression of a grammar: concatenation, union,
//! intersection, complement, counted repetition, large literal sets, multiples of a decimal,
//! automata that front ends make, and two decoders (JSON string escapes, UTF-8 validity). A state of
//! an automaton *is* an expression: reading a byte takes its Brzozowski derivative (Owens, Reppy,
//! Turon 2009), and the arena makes equal expressions one id.
//!
//! *Invariants.* `EMPTY` is the only node that is empty by construction, but intersections and
//! complements may denote the empty language without being `EMPTY`: [`Arena::live`] decides, and
//! [`Arena::next`], the automaton's step, never returns a dead state. Children of unions and
//! intersections are ordered by structural digest, so equal structure gives equal digests in every
//! arena. Marks (labelled ends) occur only at the end of an expression, never under a complement.
//!
//! *Cost.* A new derivative costs about a microsecond per byte class; a step already taken is two
//! look-ups. Nothing recurses deeper than `MAX_DEPTH`, spines of concatenations are iterated.
//!
//! *Rejected.* Building automata ahead of time (`a{1,5000}` with a pattern is 5,000 states that no
//! text visits); expansion of counts into copies (same); ids that depend on creation order in the
//! normal form (profiles could not be shared between grammars).

mod base;
mod build;
mod canonical;
mod classes;
mod counts;
mod derive;
mod escape;
mod live;
mod machine;
mod multiples;
mod program;
mod show;
mod sizes;
mod spans;
mod utf8;
mod walks;

pub use counts::WIDE;
pub use counts::{Counter, Seam};
pub(crate) use escape::Read;
pub use escape::{Escape, decode_prefix};
pub use multiples::Spelling;
pub(crate) use show::text as shown_text;
pub use spans::Span;
pub(crate) use utf8::step as utf8_step;
pub use walks::{Group, Walks, rank};

use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use classes::Classes;
use hashbrown::HashTable;
use machine::Machine;
use multiples::{Lattices, Multiple};
use rustc_hash::FxHashMap;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;
use std::sync::Arc;

/// An expression within its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// The empty language.
pub const EMPTY: ExprId = ExprId(0);
/// The language of the empty string.
pub const EPSILON: ExprId = ExprId(1);
/// All byte strings.
pub const FULL: ExprId = ExprId(2);

/// No upper bound of a repetition.
pub const UNBOUNDED: u32 = u32::MAX;

/// The label of an end that is not marked.
pub const PLAIN: u32 = 0;

/// Nesting of groups beyond this is refused, so that recursion over an expression is bounded.
pub const MAX_DEPTH: u32 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Empty,
    Epsilon,
    /// The empty string, marked with a label.
    Mark(u32),
    Bytes(ByteSet),
    Concat(ExprId, ExprId),
    Or(Box<[ExprId]>),
    And(Box<[ExprId]>),
    Not(ExprId),
    Repeat(ExprId, u32, u32),
    /// One state of a trie of literals: where it may end (with which label), and its arms.
    Switch(Option<u32>, Box<[(u8, ExprId)]>),
    /// The rest of a JSON string, closing quote included, whose decoded text is in the language.
    Json(ExprId, Escape),
    /// The members of the language that are valid UTF-8, from a state of the decoder.
    Utf8(ExprId, u8),
    /// The rest of a spelling of a multiple of a decimal.
    Multiple(Box<Multiple>),
    /// The texts that lead from a state of an automaton to its end.
    State(Arc<Machine>, u32),
}

/// What is known of a node when it is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub nullable: bool,
    /// Known to have a member (`false` means: not known).
    pub inhabited: bool,
    /// Known to hold valid UTF-8 only.
    pub text: bool,
    /// Holds marks.
    pub marked: bool,
    /// Holds an intersection or a complement.
    pub boolean: bool,
    pub depth: u32,
    pub digest: u128,
    /// No member begins with another byte. Known without a derivative, and therefore coarse.
    pub begins: ByteSet,
    /// Bounds on the characters of its members, counted by their first bytes ([`UNBOUNDED`]: none).
    pub chars: (u32, u32),
    /// How many large counters occur in it, each occurrence counted, at most two.
    pub counters: u8,
}

/// The bytes that continue a character.
const LATER_BYTES: ByteSet = ByteSet::range(0x80, 0xBF);

fn two(count: u8) -> u8 {
    count.min(2)
}

/// The arena of expressions and their lazy automata.
#[derive(Clone)]
pub struct Arena {
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    table: HashTable<u32>,
    classes: Classes,
    class_of: Vec<u32>,
    raw: FxHashMap<(ExprId, u8), ExprId>,
    steps: FxHashMap<ExprId, Box<[u32]>>,
    live: FxHashMap<ExprId, bool>,
    ends: FxHashMap<ExprId, Arc<[u32]>>,
    /// Texts that begin with a character which an escape under way may become.
    escaped: FxHashMap<Escape, ExprId>,
    spans: FxHashMap<ExprId, Option<Span>>,
    lattices: Lattices,
    sizes: FxHashMap<ExprId, u32>,
    text_star: ExprId,
    any_char: ExprId,
    budget: usize,
    work: usize,
    bytes: usize,
}

/// Members of unions and intersections that may be handled, for each expression of the budget.
const WORK: usize = 16;

impl Arena {
    /// An arena that may hold at most `budget` nodes.
    pub fn new(budget: usize) -> Result<Self> {
        let mut arena = Arena {
            nodes: Vec::new(),
            facts: Vec::new(),
            table: HashTable::new(),
            classes: Classes::new(),
            class_of: Vec::new(),
            raw: FxHashMap::default(),
            steps: FxHashMap::default(),
            live: FxHashMap::default(),
            ends: FxHashMap::default(),
            escaped: FxHashMap::default(),
            spans: FxHashMap::default(),
            lattices: Lattices::default(),
            sizes: FxHashMap::default(),
            text_star: EMPTY,
            any_char: EMPTY,
            budget,
            work: budget.saturating_mul(WORK),
            bytes: 0,
        };
        arena.intern(Node::Empty)?;
        arena.intern(Node::Epsilon)?;
        arena.intern(Node::Not(EMPTY))?;
        arena.any_char = arena.class(&[(0, 0x10_FFFF)])?;
        arena.text_star = arena.repeat(arena.any_char, 0, UNBOUNDED)?;
        Ok(arena)
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// An arena always holds its constants.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Approximate memory held, in bytes.
    pub fn memory(&self) -> usize {
        self.bytes
            + self.raw.len() * 24
            + self.live.len() * 12
            + self.ends.len() * 40
            + self.escaped.len() * 24
            + self.spans.len() * 24
            + self.sizes.len() * 12
            + self.classes.memory()
    }

    /// How many nodes may still be made before the budget ends.
    pub fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
        self.work = budget.saturating_sub(self.nodes.len()).saturating_mul(WORK);
    }

    /// Pays for a union or an intersection of so many members. A chain of n optional factors has n
    /// states of n members each: few expressions, and a quadratic number of members.
    pub(crate) fn pay(&mut self, members: usize) -> Result<()> {
        match self.work.checked_sub(members) {
            Some(left) => {
                self.work = left;
                Ok(())
            }
            None => Err(Error::Budget(format!(
                "{WORK} members of unions for each of {} expressions",
                self.budget
            ))),
        }
    }

    /// Forgets every node from `base` on, and every cached step.
    pub fn truncate(&mut self, base: usize) {
        let nodes = &self.nodes;
        self.table.retain(|id| (*id as usize) < base);
        debug_assert!(base <= nodes.len());
        self.nodes.truncate(base);
        self.facts.truncate(base);
        self.class_of.truncate(base);
        self.raw = FxHashMap::default();
        self.steps = FxHashMap::default();
        self.live = FxHashMap::default();
        self.ends = FxHashMap::default();
        self.escaped = FxHashMap::default();
        self.spans = FxHashMap::default();
        self.sizes = FxHashMap::default();
        self.bytes = self.nodes.iter().map(node_bytes).sum();
    }

    /// All valid UTF-8 texts.
    pub fn text_star(&self) -> ExprId {
        self.text_star
    }

    /// One code point, any.
    pub fn any_char(&self) -> ExprId {
        self.any_char
    }

    pub(crate) fn node(&self, e: ExprId) -> &Node {
        &self.nodes[e.0 as usize]
    }

    pub(crate) fn fact(&self, e: ExprId) -> &Facts {
        &self.facts[e.0 as usize]
    }

    /// Whether the handle is one of this arena's.
    pub fn contains(&self, e: ExprId) -> bool {
        (e.0 as usize) < self.nodes.len()
    }

    /// Whether the empty string is a member.
    pub fn nullable(&self, e: ExprId) -> bool {
        self.fact(e).nullable
    }

    /// A digest of the structure, equal in every arena that holds an equal expression.
    pub fn digest(&self, e: ExprId) -> u128 {
        self.fact(e).digest
    }

    /// Whether an intersection or complement occurs in it.
    pub fn is_boolean(&self, e: ExprId) -> bool {
        self.fact(e).boolean
    }

    /// Interns a node as it stands; constructors with simplification are in `build`.
    pub(crate) fn intern(&mut self, node: Node) -> Result<ExprId> {
        let facts = self.facts_of(&node)?;
        let hash = facts.digest as u64;
        let nodes = &self.nodes;
        if let Some(&id) = self.table.find(hash, |&i| nodes[i as usize] == node) {
            return Ok(ExprId(id));
        }
        if self.nodes.len() >= self.budget {
            return Err(Error::Budget(format!(
                "an arena of {} expressions",
                self.budget
            )));
        }
        let id = u32::try_from(self.nodes.len()).map_err(|_| Error::Budget("2^32 nodes".into()))?;
        self.bytes += node_bytes(&node);
        self.nodes.push(node);
        self.facts.push(facts);
        self.class_of.push(u32::MAX);
        let facts = &self.facts;
        self.table
            .insert_unique(hash, id, |&i| facts[i as usize].digest as u64);
        Ok(ExprId(id))
    }

    /// Marks a node as holding valid UTF-8 only, which its maker knows.
    pub(crate) fn set_text(&mut self, e: ExprId) {
        self.facts[e.0 as usize].text = true;
    }

    fn facts_of(&self, node: &Node) -> Result<Facts> {
        let mut f = Facts {
            nullable: false,
            inhabited: true,
            text: true,
            marked: false,
            boolean: false,
            depth: 0,
            digest: self.digest_of(node),
            begins: ByteSet::EMPTY,
            chars: (0, 0),
            counters: 0,
        };
        match node {
            Node::Empty => f.inhabited = false,
            Node::Epsilon => f.nullable = true,
            Node::Mark(_) => (f.nullable, f.marked) = (true, true),
            Node::Bytes(set) => {
                (f.text, f.begins) = (set.is_ascii(), *set);
                let later = set.intersection(&LATER_BYTES);
                f.chars = (
                    u32::from(later.is_empty()),
                    u32::from(later.words() != set.words()),
                );
            }
            Node::Concat(a, b) => {
                let (a, b) = (self.fact(*a), self.fact(*b));
                f.nullable = a.nullable && b.nullable;
                f.inhabited = a.inhabited && b.inhabited;
                f.text = a.text && b.text;
                f.marked = a.marked || b.marked;
                f.boolean = a.boolean || b.boolean;
                f.depth = (a.depth + 1).max(b.depth);
                f.begins = a.begins;
                if a.nullable {
                    f.begins = f.begins.union(&b.begins);
                }
                f.chars = (
                    a.chars.0.saturating_add(b.chars.0),
                    a.chars.1.saturating_add(b.chars.1),
                );
                f.counters = two(a.counters + b.counters);
            }
            Node::Or(list) | Node::And(list) => {
                let or = matches!(node, Node::Or(_));
                f.boolean = !or;
                f.nullable = !or;
                f.inhabited = false;
                f.text = or;
                f.chars = (UNBOUNDED, 0);
                if !or {
                    f.begins = ByteSet::FULL;
                    f.chars = (0, UNBOUNDED);
                }
                for &e in list {
                    let e = self.fact(e);
                    f.depth = f.depth.max(e.depth + 1);
                    f.marked |= e.marked;
                    f.boolean |= e.boolean;
                    f.counters = two(f.counters + e.counters);
                    if or {
                        f.nullable |= e.nullable;
                        f.inhabited |= e.inhabited;
                        f.text &= e.text;
                        f.begins = f.begins.union(&e.begins);
                        f.chars = (f.chars.0.min(e.chars.0), f.chars.1.max(e.chars.1));
                    } else {
                        f.nullable &= e.nullable;
                        f.chars = (f.chars.0.max(e.chars.0), f.chars.1.min(e.chars.1));
                        f.begins = f.begins.intersection(&e.begins);
                        f.text |= e.text;
                    }
                }
                f.inhabited |= f.nullable;
            }
            Node::Not(e) => {
                let x = self.fact(*e);
                f.nullable = !x.nullable;
                f.inhabited = f.nullable;
                f.text = false;
                f.boolean = *e != EMPTY;
                f.depth = x.depth + 1;
                f.begins = ByteSet::FULL;
                f.chars = (0, UNBOUNDED);
                f.counters = x.counters;
            }
            Node::Repeat(e, min, max) => {
                let x = self.fact(*e);
                let high = match (x.chars.1, *max) {
                    (0, _) => 0,
                    (UNBOUNDED, _) | (_, UNBOUNDED) => UNBOUNDED,
                    (one, max) => one.saturating_mul(max),
                };
                f.chars = (x.chars.0.saturating_mul(*min), high);
                f.counters = two(x.counters + u8::from(self.is_large(*e, *min, *max)));
                f.nullable = *min == 0;
                f.inhabited = f.nullable || x.inhabited;
                f.text = x.text;
                f.marked = x.marked;
                f.boolean = x.boolean;
                f.depth = x.depth + 1;
                f.begins = x.begins;
            }
            Node::Switch(end, arms) => {
                f.nullable = end.is_some();
                f.chars = (if f.nullable { 0 } else { UNBOUNDED }, 0);
                f.marked = end.is_some_and(|l| l != PLAIN);
                for &(b, e) in arms {
                    let rest = self.fact(e);
                    f.marked |= rest.marked;
                    f.text &= b.is_ascii() && rest.text;
                    f.begins.insert(b);
                    let first = u32::from(!LATER_BYTES.contains(b));
                    f.chars.0 = f.chars.0.min(rest.chars.0.saturating_add(first));
                    f.chars.1 = f.chars.1.max(rest.chars.1.saturating_add(first));
                    f.counters = two(f.counters + rest.counters);
                }
            }
            Node::Json(e, escape) => {
                let x = self.fact(*e);
                // Within an escape, whatever comes of it must be a character.
                let open = escape.pending().is_none_or(|ranges| !ranges.is_empty());
                f.inhabited =
                    (*e == FULL && open) || (x.inhabited && x.text && *escape == Escape::START);
                f.text = false;
                f.marked = x.marked;
                f.boolean = x.boolean;
                f.depth = x.depth + 1;
                f.begins = escape.begins(&x.begins, x.nullable);
                f.chars = (0, UNBOUNDED);
                f.counters = x.counters;
            }
            Node::Utf8(e, state) => {
                let x = self.fact(*e);
                f.nullable = x.nullable && *state == 0;
                f.inhabited = f.nullable || *e == FULL || (x.inhabited && x.text && *state == 0);
                f.text = *state == 0;
                f.marked = x.marked;
                f.boolean = true;
                f.depth = x.depth + 1;
                f.begins = x.begins;
                f.chars = x.chars;
                f.counters = x.counters;
            }
            Node::Multiple(state) => {
                f.nullable = self.lattices.nullable(state);
                f.begins = self.lattices.begins(state);
                f.chars = (u32::from(!f.nullable), UNBOUNDED);
            }
            Node::State(machine, state) => {
                f.nullable = machine.nullable(*state);
                f.text = machine.is_text(*state);
                f.begins = machine.begins(*state);
                f.chars = (machine.characters(*state), UNBOUNDED);
            }
        }
        if f.depth > MAX_DEPTH {
            return Err(Error::Budget(format!(
                "expressions nested {MAX_DEPTH} deep"
            )));
        }
        Ok(f)
    }

    fn digest_of(&self, node: &Node) -> u128 {
        let mut h = SipHasher13::new_with_keys(0x6772_616d_6d61_726c, 1);
        let child = |h: &mut SipHasher13, e: ExprId| h.write_u128(self.facts[e.0 as usize].digest);
        match node {
            Node::Empty => h.write_u8(0),
            Node::Epsilon => h.write_u8(1),
            Node::Mark(label) => {
                h.write_u8(2);
                h.write_u32(*label);
            }
            Node::Bytes(set) => {
                h.write_u8(3);
                set.words().iter().for_each(|&w| h.write_u64(w));
            }
            Node::Concat(a, b) => {
                h.write_u8(4);
                child(&mut h, *a);
                child(&mut h, *b);
            }
            Node::Or(list) | Node::And(list) => {
                h.write_u8(if matches!(node, Node::Or(_)) { 5 } else { 6 });
                list.iter().for_each(|&e| child(&mut h, e));
            }
            Node::Not(e) => {
                h.write_u8(7);
                // The first nodes are made before there is a child to digest.
                if *e != EMPTY {
                    child(&mut h, *e);
                }
            }
            Node::Repeat(e, min, max) => {
                h.write_u8(8);
                child(&mut h, *e);
                h.write_u32(*min);
                h.write_u32(*max);
            }
            Node::Switch(end, arms) => {
                h.write_u8(9);
                h.write_u64(end.map_or(u64::MAX, u64::from));
                for &(b, e) in arms {
                    h.write_u8(b);
                    child(&mut h, e);
                }
            }
            Node::Json(e, escape) => {
                h.write_u8(10);
                child(&mut h, *e);
                h.write_u64(escape.pack());
            }
            Node::Utf8(e, state) => {
                h.write_u8(11);
                child(&mut h, *e);
                h.write_u8(*state);
            }
            Node::Multiple(state) => {
                h.write_u8(12);
                self.lattices.write_digest(state, &mut h);
            }
            Node::State(machine, state) => {
                h.write_u8(13);
                h.write_u128(machine.digest());
                h.write_u32(*state);
            }
        }
        h.finish128().as_u128()
    }

    /// The labels with which the empty string ends `e`; empty if it does not.
    pub fn ends(&mut self, e: ExprId) -> Arc<[u32]> {
        let f = self.fact(e);
        if !f.nullable {
            return Arc::from([]);
        }
        if let Some(found) = self.ends.get(&e) {
            return found.clone();
        }
        let mut out = Vec::new();
        if f.marked {
            self.collect_ends(e, &mut out);
        } else {
            out.push(PLAIN);
        }
        out.sort_unstable();
        out.dedup();
        let out: Arc<[u32]> = out.into();
        self.ends.insert(e, out.clone());
        out
    }

    fn collect_ends(&self, mut e: ExprId, out: &mut Vec<u32>) {
        while let Node::Concat(_, tail) = self.node(e) {
            if !self.fact(e).nullable {
                return;
            }
            e = *tail;
        }
        let f = self.fact(e);
        if !f.nullable {
            return;
        }
        match self.node(e) {
            Node::Mark(label) => out.push(*label),
            Node::Switch(Some(label), _) => out.push(*label),
            Node::Or(list) => list.iter().for_each(|&x| self.collect_ends(x, out)),
            Node::And(list) => {
                let before = out.len();
                for &x in list.iter().filter(|&&x| self.fact(x).marked) {
                    self.collect_ends(x, out);
                }
                if out.len() == before {
                    out.push(PLAIN);
                }
            }
            Node::Utf8(x, _) => self.collect_ends(*x, out),
            _ => out.push(PLAIN),
        }
    }
}

fn node_bytes(node: &Node) -> usize {
    let own = 40 + 112 + 12;
    own + match node {
        Node::Or(list) | Node::And(list) => list.len() * 4,
        Node::Switch(_, arms) => arms.len() * 8,
        Node::Multiple(_) => size_of::<Multiple>(),
        Node::State(machine, state) => machine.bytes_of(*state),
        _ => 0,
    }
}
