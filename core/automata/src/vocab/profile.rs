//! What an expression makes of every token: inside, crossing (by its tail), or dead.
//!
//! A profile belongs to one expression and knows nothing of a grammar, so that the vocabulary can
//! share it between all grammars. *Inside*: the token ends while the terminal may go on. *Cut*: at a
//! node of the forest the terminal may end, with a label; what lies below that node are the tails.
//! Tails are not listed one by one: the cuts' children are grouped by their first byte, which is
//! all that is needed to walk many equal tails as one (the row after the terminal decides, and
//! almost always on the first byte).
//!
//! *Counts.* With an opened counter (`expr::counts`) every entry notes how many items its token has
//! consumed, and the bounds select among them. A token inside is alive if some completion fits, so
//! its entry notes the numbers of items that it and its completions consume (`expr::spans`).
//!
//! *Cost.* One walk over the part of the forest that is alive: 2 to 7 ns a node. Slices whose
//! tokens are all inside are taken without a walk.

use super::{Slice, Vocabulary};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::expr::{Arena, Counter, EMPTY, ExprId, Seam, Span, UNBOUNDED};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A set of tokens: a short list or a bitset.
#[derive(Clone, Debug)]
pub enum Bits {
    /// Token ids, in no order.
    Few(Box<[u32]>),
    /// One bit a token.
    Many(Box<[u32]>),
}

impl Bits {
    /// The set of `tokens`, in the smaller form.
    pub fn from_tokens(tokens: Vec<u32>, size: u32) -> Self {
        let words = size.div_ceil(32) as usize;
        if tokens.len() <= words / 4 {
            return Bits::Few(tokens.into());
        }
        let mut bits = vec![0u32; words];
        for t in tokens {
            bits[(t >> 5) as usize] |= 1 << (t & 31);
        }
        Bits::Many(bits.into())
    }

    /// Sets the bits of its members.
    pub fn or_into(&self, mask: &mut [u32]) {
        match self {
            Bits::Few(tokens) => {
                for &t in tokens {
                    mask[(t >> 5) as usize] |= 1 << (t & 31);
                }
            }
            Bits::Many(words) => {
                for (m, w) in mask.iter_mut().zip(words) {
                    *m |= w;
                }
            }
        }
    }

    /// Whether it has no member.
    pub fn is_empty(&self) -> bool {
        matches!(self, Bits::Few(tokens) if tokens.is_empty())
    }

    fn memory(&self) -> usize {
        match self {
            Bits::Few(list) | Bits::Many(list) => 32 + list.len() * 4,
        }
    }
}

/// A token, or a node of the forest, with the number of items consumed up to its end.
pub type Tally = (u32, u32);

/// The tails of a cut that begin with one byte.
#[derive(Clone, Debug)]
pub struct Tails {
    /// The byte.
    pub byte: u8,
    /// The nodes that hold it.
    pub nodes: Box<[Tally]>,
}

/// Where the terminal may end inside a token, for one label.
#[derive(Debug)]
pub struct Cut {
    /// The label of the end.
    pub label: u32,
    /// The tails, by their first byte.
    pub first: Box<[Tails]>,
    /// Tokens that end exactly where the terminal does.
    pub ended: Box<[Tally]>,
}

/// What an expression makes of the vocabulary.
#[derive(Debug)]
pub struct Profile {
    /// A number of its own, for memory that must not outlive it.
    pub id: u64,
    /// Tokens inside, by the least and the greatest number of items that they and what may follow
    /// consume.
    inside: Box<[(Span, Bits)]>,
    /// All of `inside`, where it holds several entries, and the bounds that let all pass.
    all: Option<(Span, Bits)>,
    /// The cuts, one a label.
    pub cuts: Box<[Cut]>,
}

impl Profile {
    /// Sets the bits of the tokens inside that some completion of `min` to `max` items fits.
    pub fn inside_into(&self, min: u32, max: u32, mask: &mut [u32]) {
        match &self.all {
            Some((needs, all)) if needs.0 <= max && min <= needs.1 => all.or_into(mask),
            _ => {
                for ((least, greatest), bits) in &self.inside {
                    if *least <= max && min <= *greatest {
                        bits.or_into(mask);
                    }
                }
            }
        }
    }

    /// Approximate size in bytes.
    pub fn memory(&self) -> usize {
        let inside: usize = self.inside.iter().map(|x| 8 + x.1.memory()).sum();
        let cuts: usize = self
            .cuts
            .iter()
            .map(|c| {
                let first: usize = c.first.iter().map(|f| 24 + f.nodes.len() * 8).sum();
                48 + first + c.ended.len() * 8
            })
            .sum();
        64 + inside + self.all.as_ref().map_or(0, |all| 8 + all.1.memory()) + cuts
    }

    /// Walks the vocabulary for `e`. With `counter`, `e` is the expression with that counter
    /// opened; `None` is returned where the counter turns out not to be one-valued. The nodes that
    /// are looked at are added to `walked`.
    pub(crate) fn build(
        vocab: &Vocabulary,
        arena: &mut Arena,
        e: ExprId,
        counter: Option<Counter>,
        walked: &mut u64,
    ) -> Result<Option<Profile>> {
        let mut walk = Walk::new(vocab, counter);
        let sound = match walk.run(arena, e) {
            // Too large with the counter opened, it may be small within its bounds.
            Err(Error::Budget(_)) if counter.is_some() => false,
            sound => sound?,
        };
        *walked += walk.walked;
        if !sound {
            return Ok(None);
        }
        Ok(Some(walk.found.finish(&walk.slices)))
    }
}

fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Any number of items.
const ANY: Span = (0, UNBOUNDED);

const UNKNOWN: u32 = u32::MAX;
const DEAD: u32 = u32::MAX - 1;

struct State {
    e: ExprId,
    count: u32,
    /// Whether a counter was there and is no more.
    past: bool,
    /// What the state and its completions consume, once it was asked.
    span: Option<Span>,
    /// Where its items may end, once it was asked.
    seam: Option<Option<Seam>>,
    labels: Arc<[u32]>,
    continues: Option<bool>,
}

/// The ends with one label that a walk has found.
#[derive(Default)]
struct Ends {
    nodes: Vec<Tally>,
    tokens: Vec<Tally>,
}

/// Gathers what a walk finds.
pub(super) struct Collector<'a> {
    vocab: &'a Vocabulary,
    inside: BTreeMap<Span, Vec<u32>>,
    cuts: BTreeMap<u32, Ends>,
}

impl<'a> Collector<'a> {
    pub fn new(vocab: &'a Vocabulary) -> Self {
        Collector {
            vocab,
            inside: BTreeMap::new(),
            cuts: BTreeMap::new(),
        }
    }

    pub fn inside(&mut self, span: Span, tokens: &[u32]) {
        self.inside
            .entry(span)
            .or_default()
            .extend_from_slice(tokens);
    }

    pub fn cut(&mut self, label: u32, node: u32, count: u32) {
        let cut = self.cuts.entry(label).or_default();
        cut.nodes.push((node, count));
    }

    pub fn ended(&mut self, label: u32, tokens: &[u32], count: u32) {
        let cut = self.cuts.entry(label).or_default();
        cut.tokens.extend(tokens.iter().map(|&t| (t, count)));
    }

    /// The profile; `slices` are inside as a whole.
    pub fn finish(self, slices: &[usize]) -> Profile {
        let size = self.vocab.size();
        let words = self.vocab.words();
        let mut inside: Vec<(Span, Bits)> = Vec::new();
        let mut all = None;
        if slices.is_empty() {
            if self.inside.len() > 1 {
                let spans = self.inside.keys();
                let least = spans.clone().map(|s| s.0).max().unwrap_or(0);
                let greatest = spans.map(|s| s.1).min().unwrap_or(0);
                let mut words = vec![0u32; words];
                for &t in self.inside.values().flatten() {
                    words[(t >> 5) as usize] |= 1 << (t & 31);
                }
                all = Some(((least, greatest), Bits::Many(words.into())));
            }
            for (span, tokens) in self.inside {
                inside.push((span, Bits::from_tokens(tokens, size)));
            }
        } else {
            let mut bits = vec![0u32; words];
            for &s in slices {
                self.vocab.slices[s].all.or_into(&mut bits);
            }
            for t in self.inside.values().flatten() {
                bits[(t >> 5) as usize] |= 1 << (t & 31);
            }
            inside.push((ANY, Bits::Many(bits.into())));
        }
        let vocab = self.vocab;
        let cuts = self.cuts.into_iter().map(|(label, ends)| {
            let mut first: BTreeMap<u8, Vec<Tally>> = BTreeMap::new();
            for (node, count) in ends.nodes {
                for child in vocab.children(node) {
                    let b = vocab.byte[child as usize];
                    first.entry(b).or_default().push((child, count));
                }
            }
            Cut {
                label,
                first: first
                    .into_iter()
                    .map(|(byte, nodes)| Tails {
                        byte,
                        nodes: nodes.into(),
                    })
                    .collect(),
                ended: ends.tokens.into(),
            }
        });
        Profile {
            id: number(),
            inside: inside.into(),
            all,
            cuts: cuts.collect(),
        }
    }
}

/// One walk; its states are numbered locally so that a step is one load.
struct Walk<'a> {
    vocab: &'a Vocabulary,
    counter: Option<Counter>,
    table: Vec<[u32; 256]>,
    states: Vec<State>,
    index: FxHashMap<(ExprId, u32), u32>,
    found: Collector<'a>,
    slices: Vec<usize>,
    walked: u64,
}

impl<'a> Walk<'a> {
    fn new(vocab: &'a Vocabulary, counter: Option<Counter>) -> Self {
        Walk {
            vocab,
            counter,
            table: Vec::new(),
            states: Vec::new(),
            index: FxHashMap::default(),
            found: Collector::new(vocab),
            slices: Vec::new(),
            walked: 0,
        }
    }

    /// Whether the walk is sound, which fails only for counters.
    fn run(&mut self, arena: &mut Arena, e: ExprId) -> Result<bool> {
        let Some(start) = self.state(arena, e, 0) else {
            return Ok(false);
        };
        let vocab = self.vocab;
        let mut stack = vec![start; vocab.max_depth() + 1];
        let any_text = self.counter.is_none() && arena.takes_any_text(e)?;
        for (s, slice) in vocab.slices.iter().enumerate() {
            let root = slice.root;
            if vocab.end[root as usize] == root + 1 {
                continue;
            }
            if slice.uniform
                && self.counter.is_none()
                && ((any_text && slice.is_text()) || takes_slice(arena, e, slice)?)
            {
                self.slices.push(s);
                continue;
            }
            let end = vocab.end[root as usize];
            let mut node = root + 1;
            while node < end {
                self.walked += 1;
                let i = node as usize;
                let depth = usize::from(vocab.depth[i]);
                let from = stack[depth - 1];
                let mut to = self.table[from as usize][usize::from(vocab.byte[i])];
                if to == UNKNOWN {
                    let Some(made) = self.step(arena, from, vocab.byte[i])? else {
                        return Ok(false);
                    };
                    to = made;
                }
                if to == DEAD {
                    node = vocab.end[i];
                    continue;
                }
                stack[depth] = to;
                if !self.visit(arena, node, to)? {
                    return Ok(false);
                }
                node += 1;
            }
        }
        Ok(true)
    }

    /// Notes what a node's tokens are; `false`: no span tells whether they are inside.
    fn visit(&mut self, arena: &mut Arena, node: u32, at: u32) -> Result<bool> {
        let tokens = self.vocab.tokens_at(node);
        let state = &mut self.states[at as usize];
        if !state.labels.is_empty() {
            for &label in state.labels.iter() {
                self.found.cut(label, node, state.count);
            }
        }
        if tokens.is_empty() {
            return Ok(true);
        }
        let continues = match state.continues {
            Some(known) => known,
            None => {
                let known = arena.continues(state.e)?;
                state.continues = Some(known);
                known
            }
        };
        if continues {
            let span = match state.span {
                Some(span) => span,
                None => match span(arena, state)? {
                    Some(span) => *state.span.insert(span),
                    None => return Ok(false),
                },
            };
            self.found.inside(span, tokens);
        } else {
            for &label in state.labels.iter() {
                self.found.ended(label, tokens, state.count);
            }
        }
        Ok(true)
    }

    fn step(&mut self, arena: &mut Arena, from: u32, b: u8) -> Result<Option<u32>> {
        let (e, count) = {
            let state = &self.states[from as usize];
            (state.e, state.count)
        };
        let d = arena.next(e, b)?;
        let to = if d == EMPTY {
            DEAD
        } else if self.forks(arena, from, b, !arena.holds_counter(d))? {
            return Ok(None);
        } else {
            let consumed = match self.counter {
                None => Some(0),
                // Within an escape, what is to come may have been parted from its counter.
                Some(_) if arena.is_boolean(e) && arena.in_escape(d) && !arena.holds_counter(d) => {
                    None
                }
                Some(_) => arena.consumed(e, b)?,
            };
            let to = consumed.and_then(|items| self.state(arena, d, count + items));
            match to {
                Some(to) => to,
                None => return Ok(None),
            }
        };
        self.table[from as usize][usize::from(b)] = to;
        Ok(Some(to))
    }

    /// Whether items are counted and the step reads both one of them and what follows them.
    fn forks(&mut self, arena: &mut Arena, from: u32, b: u8, lost: bool) -> Result<bool> {
        let state = &mut self.states[from as usize];
        if self.counter.is_none() || state.past {
            return Ok(false);
        }
        let seam = match state.seam {
            Some(seam) => seam,
            None => *state.seam.insert(arena.seam(state.e)?),
        };
        match seam {
            Some(seam) => arena.forks(&seam, b, lost),
            None => Ok(false),
        }
    }

    /// The local state of `e`; `count` is what was consumed on the way.
    fn state(&mut self, arena: &mut Arena, e: ExprId, count: u32) -> Option<u32> {
        let mut count = count;
        let mut past = false;
        if let Some(ours) = self.counter {
            match arena.counter(e) {
                Some(now) if now.body == ours.body && now.max <= ours.max => {
                    count = ours.max - now.max;
                }
                Some(_) => return None,
                None if arena.holds_counter(e) => return None,
                None => past = true,
            }
        }
        if let Some(&known) = self.index.get(&(e, count)) {
            return Some(known);
        }
        let id = self.states.len() as u32;
        self.states.push(State {
            e,
            count,
            past,
            span: self.counter.is_none().then_some(ANY),
            seam: None,
            labels: arena.ends(e),
            continues: None,
        });
        // PERF: most states read few bytes, and hundreds of siblings are asked for at a root.
        let begins = arena.begins(e);
        self.table.push(std::array::from_fn(|b| {
            if begins.contains(b as u8) {
                UNKNOWN
            } else {
                DEAD
            }
        }));
        self.index.insert((e, count), id);
        Some(id)
    }
}

/// What a state with an opened counter and its completions consume.
fn span(arena: &mut Arena, state: &State) -> Result<Option<Span>> {
    if state.past {
        return Ok(Some((state.count, state.count)));
    }
    // A character under way in an escape is an item that is not counted yet.
    let after = if arena.is_boolean(state.e) || arena.in_escape(state.e) {
        arena.span(state.e)?
    } else {
        Some(ANY)
    };
    let add = |items: u32| items.saturating_add(state.count);
    Ok(after.map(|(least, greatest)| (add(least), add(greatest))))
}

/// Whether every token made of the slice's bytes stays inside `e`, whatever their order.
///
/// The states reached by such bytes must be few, live and not nullable (a nullable one would have
/// cuts to note).
fn takes_slice(arena: &mut Arena, e: ExprId, slice: &Slice) -> Result<bool> {
    const STATES: usize = 12;
    let bytes: Vec<u8> = slice.bytes.iter().collect();
    let mut seen: FxHashSet<(ExprId, u8)> = FxHashSet::default();
    let mut todo = vec![(e, 0u8)];
    seen.insert((e, 0));
    while let Some((e, utf8)) = todo.pop() {
        let mut done = ByteSet::EMPTY;
        for &b in &bytes {
            let next = if slice.whole {
                match crate::expr::utf8_step(utf8, b) {
                    Some(next) => next,
                    None => continue,
                }
            } else {
                0
            };
            done.insert(b);
            let d = arena.next(e, b)?;
            if d == EMPTY || arena.nullable(d) {
                return Ok(false);
            }
            if seen.insert((d, next)) {
                if seen.len() > STATES {
                    return Ok(false);
                }
                todo.push((d, next));
            }
        }
        if done.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}
