//! Items that must differ: what is written is compared with the items before it.
//!
//! *Purpose.* In an array whose items must differ the registers keep where its items stand in the
//! text. A *track* reads the item under way along the language of the items before it (any spelling,
//! any order of keys): it is alive while the item may still become one of them, and accepting when it
//! is one. An item that is one cannot be followed by a comma or the end of the array; and a byte is
//! refused where everything that can still be written is an item again.
//!
//! *Invariants.* Tracks are facts of the text, like all registers; profiles and plans know nothing of
//! them. Masks are made as if items could repeat, and then the tokens along the tracks are looked at
//! one by one, and those that go from one item to the next: what kills can only lie there.
//!
//! *Cost.* Nothing where no track is alive: mostly after the first bytes of an item. Else some steps
//! for each node of the vocabulary's forest that agrees with an earlier item. Whether an item can
//! still differ is found by a search that ends at the first byte that no earlier item has; it goes on
//! only where earlier items are all there is, under a budget.
//!
//! *Rejected.* Excluding earlier items from the state of the next one: each item would have rows and
//! masks of its own. Comparing when the item is whole: too late, `[{"a":1},{"a":1` may have no end.

use super::registers::{Mark, Registers};
use super::step::Outcome;
use super::{ConfigId, Engine};
use crate::error::{Error, Result};
use crate::value::RuleKey;
use rustc_hash::FxHashSet;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// Places that one search for an item that differs may go through.
const SEARCH: usize = 20_000;

/// Items that one track compares with.
const ITEMS: usize = 128;

/// The item under way in one array, as a beginning of earlier ones.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    /// Where the item begins.
    pub start: usize,
    /// Up to where the text was read.
    pub read: usize,
    phase: Phase,
    registers: Box<Registers>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Before the item.
    Before(ConfigId),
    In(ConfigId),
    /// After an item that is one of the earlier ones.
    Equal,
    Different,
}

/// A step of a search, or of a walk over tokens.
struct Visit {
    config: ConfigId,
    tracks: Vec<Track>,
    mark: Mark,
}

impl Engine {
    /// Whether the innermost array's last item is one of those before it.
    pub(super) fn is_repeated(&mut self, registers: &mut Registers) -> Result<bool> {
        let Some(start) = registers.innermost_item() else {
            return Ok(false);
        };
        self.follow_tracks(registers)?;
        let mut own = registers.tracks.iter().filter(|t| t.start == start);
        Ok(own.any(|t| match t.phase {
            Phase::Equal => true,
            Phase::In(config) => self.configs[config as usize].accepting,
            _ => false,
        }))
    }

    /// Whether what follows can make all items under way differ from those before them.
    pub(super) fn can_differ(
        &mut self,
        config: ConfigId,
        registers: &mut Registers,
    ) -> Result<bool> {
        self.follow_tracks(registers)?;
        if !registers.has_live_track() {
            return Ok(true);
        }
        let start = self.visit(config, registers);
        let mut seen: FxHashSet<(ConfigId, u128)> = FxHashSet::default();
        let mut stack = vec![(start, self.bytes(config, registers))];
        let found = loop {
            let Some((visit, bytes)) = stack.last_mut() else {
                break false;
            };
            self.come_back(visit, registers);
            let Some(b) = bytes.pop() else {
                stack.pop();
                continue;
            };
            let from = visit.config;
            let Some(to) = self.advance_unchecked(from, b, registers)? else {
                continue;
            };
            self.follow_tracks(registers)?;
            if !registers.has_live_track() {
                break true;
            }
            if seen.insert((to, registers.digest_of_tracks())) {
                if seen.len() > SEARCH {
                    return Err(Error::Budget(format!(
                        "a search for an item that differs, over {SEARCH} places"
                    )));
                }
                let next = self.visit(to, registers);
                let bytes = self.bytes(to, registers);
                stack.push((next, bytes));
            }
        };
        if let Some((first, _)) = stack.into_iter().next() {
            self.come_back(&first, registers);
        }
        Ok(found)
    }

    /// Takes out of a mask the tokens after which an item cannot differ any more: those that read on
    /// along earlier items, and of those that leave the terminal under way (`crossing`) the ones that
    /// go through a whole item.
    pub(super) fn keep_different(
        &mut self,
        config: ConfigId,
        crossing: &[u32],
        registers: &mut Registers,
        mask: &mut [u32],
    ) -> Result<()> {
        let vocab = self.vocab.clone();
        let inside = registers.holds_items();
        for &t in crossing {
            let text = vocab.token(t).unwrap_or(&[]);
            let through = text.contains(&b',') && (inside || text.contains(&b'['));
            if through && !self.takes(config, t, registers)? {
                if let Some(word) = mask.get_mut((t >> 5) as usize) {
                    *word &= !(1 << (t & 31));
                }
            }
        }
        if !registers.watches() {
            return Ok(());
        }
        self.follow_tracks(registers)?;
        if !registers.has_live_track() {
            return Ok(());
        }
        let start = self.visit(config, registers);
        let mut stack: Vec<(Visit, Vec<u32>)> = Vec::new();
        let roots = vocab.roots().collect();
        stack.push((start, roots));
        while let Some((visit, nodes)) = stack.last_mut() {
            self.come_back(visit, registers);
            let Some(node) = nodes.pop() else {
                stack.pop();
                continue;
            };
            self.masks.nodes += 1;
            let from = visit.config;
            let b = vocab.byte[node as usize];
            if !self.configs[from as usize].begins.contains(b) {
                continue; // no mask has these tokens
            }
            match self.advance(from, b, registers)? {
                None => {
                    for &t in vocab.tokens_below(node) {
                        if let Some(word) = mask.get_mut((t >> 5) as usize) {
                            *word &= !(1 << (t & 31));
                        }
                    }
                }
                Some(to) => {
                    self.follow_tracks(registers)?;
                    if registers.has_live_track() {
                        let next = self.visit(to, registers);
                        stack.push((next, vocab.children(node).collect()));
                    }
                }
            }
        }
        Ok(())
    }

    fn visit(&self, config: ConfigId, registers: &Registers) -> Visit {
        Visit {
            config,
            tracks: registers.tracks.clone(),
            mark: registers.mark(),
        }
    }

    fn come_back(&self, visit: &Visit, registers: &mut Registers) {
        registers.undo_to(visit.mark);
        registers.tracks.clone_from(&visit.tracks);
    }

    /// Bytes to try, one for each way in which the configuration and the tracks tell them apart; those
    /// on which a track ends come last, and are tried first.
    fn bytes(&mut self, config: ConfigId, registers: &Registers) -> Vec<u8> {
        let mut seen: FxHashSet<Vec<u8>> = FxHashSet::default();
        let mut found: Vec<(bool, u8)> = Vec::new();
        let begins = self.configs[config as usize].begins;
        for b in begins.iter() {
            let mut key = vec![self.class(config, b)];
            let mut ends = false;
            for track in &registers.tracks {
                if let Phase::Before(at) | Phase::In(at) = track.phase {
                    key.push(self.class(at, b));
                    ends |= !self.configs[at as usize].begins.contains(b);
                }
            }
            // Blanks and punctuation mean something to tracks too.
            if matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}') {
                key.push(b);
            }
            if seen.insert(key) {
                found.push((ends, b));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|f| f.1).collect()
    }

    /// Reads on along every track, and begins those of new items.
    pub(super) fn follow_tracks(&mut self, registers: &mut Registers) -> Result<()> {
        let mut tracks = std::mem::take(&mut registers.tracks);
        let items = registers.items_under_way();
        tracks.retain(|t| items.iter().any(|item| item.0 == t.start));
        for (start, used) in items {
            if used.is_empty() || tracks.iter().any(|t| t.start == start) {
                continue;
            }
            for used in used.chunks(ITEMS) {
                let texts: Vec<&[u8]> = used
                    .iter()
                    .map(|&(from, to)| &registers.text[from..to])
                    .collect();
                let value = self.values.any_of_texts(&mut self.arena, &texts)?;
                let state = self.values.state(&[value]);
                let config = self.start_of(RuleKey::Root(state))?;
                tracks.push(Track {
                    start,
                    read: start,
                    phase: Phase::Before(config),
                    registers: Box::default(),
                });
            }
        }
        for track in &mut tracks {
            while track.read < registers.text.len() {
                let b = registers.text[track.read];
                track.read += 1;
                self.read_along(track, b)?;
            }
        }
        registers.tracks = tracks;
        Ok(())
    }

    fn read_along(&mut self, track: &mut Track, b: u8) -> Result<()> {
        let blank = matches!(b, b' ' | b'\t' | b'\r' | b'\n');
        let config = match track.phase {
            Phase::Before(_) if blank => return Ok(()),
            Phase::Before(config) | Phase::In(config) => config,
            Phase::Equal | Phase::Different => return Ok(()),
        };
        track.phase = match self.step(config, b, &mut *track.registers)? {
            Outcome::To(next) => Phase::In(next),
            _ if self.configs[config as usize].accepting => Phase::Equal,
            _ => Phase::Different,
        };
        Ok(())
    }
}

impl Track {
    fn is_live(&self) -> bool {
        self.phase != Phase::Different
    }
}

impl Registers {
    /// A digest of what is read along the tracks. What the items themselves are is left out: where a
    /// track is alive, it is in its configuration.
    fn digest_of_tracks(&self) -> u128 {
        let mut h = SipHasher13::new();
        for track in &self.tracks {
            match track.phase {
                Phase::Before(at) => h.write_u64(u64::from(at) << 2),
                Phase::In(at) => h.write_u64(u64::from(at) << 2 | 1),
                Phase::Equal => h.write_u64(2),
                Phase::Different => h.write_u64(3),
            }
            h.write(&track.registers.digest(b"").to_ne_bytes());
        }
        h.write(&self.digest_of_frames().to_ne_bytes());
        h.finish128().as_u128()
    }

    /// Whether some item under way may still become one of those before it.
    fn has_live_track(&self) -> bool {
        self.tracks.iter().any(Track::is_live)
    }
}
