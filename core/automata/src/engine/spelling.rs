//! Vocabularies that cannot spell every byte: no dead ends all the same.
//!
//! *Purpose.* With the tokens {aa, b} and the language {aaab}, `aa` may begin a member by its bytes,
//! yet nothing spells the rest. Where every byte that valid JSON text can hold is a token by itself,
//! that cannot happen and none of this runs. Elsewhere a token is allowed only if, from where it
//! ends, some sequence of tokens completes a member: the question whether L ∩ T* is empty from here,
//! T the byte strings of the tokens.
//!
//! *How.* A depth-first search over (configuration, facts of the text, partial tokens), brackets
//! closed first, and first with one-byte tokens alone, which nearly always finds an end at once.
//! Verdicts are memoised. *Cost*: bounded by a budget of states, after which the question is refused
//! rather than answered; masks of such vocabularies are filtered token by token and much slower.
//!
//! Where a rule wants whole tokens, the search goes through those from the ends of tokens.
//!
//! *Rejected.* Restricting the grammar to bytes that are tokens: it loses members that only longer
//! tokens spell. Checking each terminal alone: a token may cross into the next one.

use super::registers::{Mark, Registers};
use super::{ConfigId, Engine, open_string};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::value::{Action, Pred};
use crate::vocab::Vocabulary;
use rustc_hash::{FxHashMap, FxHashSet};

/// States one search may visit, and terminals that the searches of one operation may look at: a state
/// of an object with hundreds of alternatives costs as much as hundreds of others.
const SEARCH: usize = 10_000;
const TERMINALS: usize = 300_000;

/// Everything a future depends on: configuration, digest of the registers.
type Place = (ConfigId, u128);

/// Verdicts so far.
#[derive(Default)]
pub(crate) struct Spelling {
    verdicts: FxHashMap<Place, bool>,
    /// Terminals that the searches of this operation looked at.
    pub looked_at: usize,
}

impl Spelling {
    pub fn memory(&self) -> usize {
        self.verdicts.len() * 48
    }
}

/// The tokens that the bytes since some token's end may be part of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Partial {
    nodes: Vec<u32>,
    boundary: bool,
}

impl Partial {
    fn start() -> Self {
        Partial {
            nodes: Vec::new(),
            boundary: true,
        }
    }

    fn step(&self, vocab: &Vocabulary, b: u8) -> Partial {
        let roots = vocab.slices.iter().map(|s| s.root);
        let from = self
            .nodes
            .iter()
            .copied()
            .chain(roots.filter(|_| self.boundary));
        let mut nodes = Vec::new();
        for node in from {
            let child = vocab.children(node).find(|&c| vocab.byte[c as usize] == b);
            nodes.extend(child);
        }
        nodes.sort_unstable();
        nodes.dedup();
        let boundary = nodes.iter().any(|&n| !vocab.tokens_at(n).is_empty());
        nodes.retain(|&n| vocab.children(n).next().is_some());
        Partial { nodes, boundary }
    }

    /// Whether what follows can begin a token and can do nothing else, as at the start.
    fn is_start(&self) -> bool {
        self.boundary && self.nodes.is_empty()
    }

    fn is_dead(&self) -> bool {
        self.nodes.is_empty() && !self.boundary
    }
}

/// Whether tokens of one byte spell every byte that can occur in JSON text, or in any.
pub(crate) fn spells_everything(vocab: &Vocabulary, json: bool) -> bool {
    let single = vocab.single_bytes();
    (0..=255u8).all(|b| {
        let occurs = matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0xBF | 0xC2..=0xF4);
        !(occurs || (!json && b < 0x20)) || single.contains(b)
    })
}

struct Frame {
    config: ConfigId,
    place: Place,
    partial: Partial,
    mark: Mark,
    bytes: Vec<u8>,
    /// Where whole tokens lead.
    jumps: Vec<ConfigId>,
}

impl Engine {
    /// Whether some sequence of tokens leads from here to a member.
    pub fn can_finish(&mut self, config: ConfigId, registers: &mut Registers) -> Result<bool> {
        if !self.spelling_matters || self.get(config).accepting {
            return Ok(true);
        }
        let place = self.place(config, registers);
        if let Some(&known) = self.spelling.verdicts.get(&place) {
            return Ok(known);
        }
        self.misses.searches += 1;
        let mark = registers.mark();
        let single = self.search(config, registers, true);
        registers.undo_to(mark);
        let verdict = single? || {
            let any = self.search(config, registers, false);
            registers.undo_to(mark);
            any?
        };
        self.spelling.verdicts.insert(place, verdict);
        Ok(verdict)
    }

    /// Leaves only the tokens after which a member can still be spelled.
    pub fn keep_spellable(
        &mut self,
        config: ConfigId,
        registers: &mut Registers,
        mask: &mut [u32],
    ) -> Result<()> {
        if !self.spelling_matters {
            return Ok(());
        }
        let vocab = self.vocab.clone();
        for (i, word) in mask.iter_mut().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                let token = i as u32 * 32 + bit;
                if vocab.is_eos(token) {
                    continue;
                }
                let mark = registers.mark();
                let kept = match self.read_token(config, token, registers)? {
                    Some(to) => self.can_finish(to, registers)?,
                    None => false,
                };
                registers.undo_to(mark);
                if !kept {
                    *word &= !(1 << bit);
                }
            }
        }
        Ok(())
    }

    /// The configuration, and a digest of the facts that matter after it.
    pub(super) fn place(&self, config: ConfigId, registers: &Registers) -> Place {
        let at = self.get(config);
        let in_key = at.components.iter().any(|c| {
            let term = self.term(c.terminal);
            matches!(term.action, Action::Key { .. }) && c.expr != term.expr
        });
        let key = if in_key {
            open_string(&registers.text).unwrap_or(&[])
        } else {
            &[]
        };
        (config, registers.digest(key))
    }

    fn search(
        &mut self,
        config: ConfigId,
        registers: &mut Registers,
        single: bool,
    ) -> Result<bool> {
        let vocab = self.vocab.clone();
        let mut seen: FxHashSet<(Place, Partial)> = FxHashSet::default();
        let mut stack = vec![self.frame(config, registers, Partial::start())?];
        while let Some(frame) = stack.last_mut() {
            registers.undo_to(frame.mark);
            let (to, partial) = if let Some(to) = frame.jumps.pop() {
                (to, Partial::start())
            } else {
                let Some(b) = frame.bytes.pop() else {
                    stack.pop();
                    continue;
                };
                let partial = if single {
                    if !vocab.single_bytes().contains(b) {
                        continue;
                    }
                    Partial::start()
                } else {
                    let next = frame.partial.step(&vocab, b);
                    if next.is_dead() {
                        continue;
                    }
                    next
                };
                let from = frame.config;
                match self.advance(from, b, registers)? {
                    Some(to) => (to, partial),
                    None => continue,
                }
            };
            let place = self.place(to, registers);
            let known = partial.boundary && self.spelling.verdicts.get(&place) == Some(&true);
            if known || (partial.boundary && self.get(to).accepting) {
                // Elsewhere the end that was found may lie within a token that began earlier.
                for frame in stack.iter().filter(|f| f.partial.is_start()) {
                    self.spelling.verdicts.insert(frame.place, true);
                }
                return Ok(true);
            }
            if !seen.insert((place, partial.clone())) {
                continue;
            }
            self.spelling.looked_at += self.get(to).components.len();
            if seen.len() > SEARCH || self.spelling.looked_at > TERMINALS {
                return Err(Error::Budget(format!(
                    "a search for tokens that spell the rest of the text, over {SEARCH} states"
                )));
            }
            let next = self.frame(to, registers, partial)?;
            stack.push(next);
        }
        Ok(false)
    }

    fn frame(
        &mut self,
        config: ConfigId,
        registers: &Registers,
        partial: Partial,
    ) -> Result<Frame> {
        let (mut next, mut named) = (ByteSet::EMPTY, ByteSet::EMPTY);
        let mut in_string = false;
        for c in self.get(config).components.iter() {
            if self.enabled(c.terminal, registers) {
                let first = self.arena.first_bytes(c.expr)?;
                next = next.union(&first);
                let term = self.term(c.terminal);
                if matches!(term.pred, Pred::Unused(_) | Pred::Use(..)) {
                    named = named.union(&first);
                }
                in_string |= c.expr != term.expr && first.contains(b'"');
            }
        }
        let mut bytes: Vec<u8> = next.iter().collect();
        // The last one is tried first. Declared keys come before others: those are few, and the
        // required ones among them, while new keys of other names have no end.
        bytes.sort_by_key(|&b| std::cmp::Reverse((!named.contains(b), eagerness(b, in_string))));
        let mut jumps = Vec::new();
        if partial.boundary {
            for end in self.token_terminals(config) {
                let row = self.row_after(&[end])?;
                jumps.push(self.config(row, Vec::new())?);
            }
        }
        Ok(Frame {
            config,
            place: self.place(config, registers),
            partial,
            mark: registers.mark(),
            bytes,
            jumps,
        })
    }
}

/// What ends a text soonest comes first; a bracket in a string ends nothing.
fn eagerness(b: u8, in_string: bool) -> u8 {
    match b {
        b'"' => 0,
        b'}' | b']' if !in_string => 0,
        b':' | b'0'..=b'9' => 1,
        b'a'..=b'z' | b'A'..=b'Z' => 2,
        b',' => 4,
        b'[' | b'{' => 6,
        b' ' | b'\n' | b'\r' | b'\t' | b'\\' => 5,
        _ => 3,
    }
}
