//! Items that must differ: what is written is compared with the items before it.
//!
//! *Purpose.* In an array whose items must differ the registers keep where its items stand in the
//! text. A *track* reads the item under way beside the values of those before it (`compare`): it is
//! alive while the item may still become one of them. An item that is one cannot be followed by a comma or the end of the array; and a byte is
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

use super::compare::{Comparison, Known};
use super::mask::unset;
use super::registers::{Mark, Registers, UnderWay};
use super::{ConfigId, Engine};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::expr::ExprId;
use rustc_hash::{FxHashSet, FxHasher};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// Places that one search for an item that differs may go through.
const SEARCH: usize = 20_000;

/// Tracks of items that are over which are kept, in case the text goes back to them.
const KEPT: usize = 8;

/// The item under way in one array beside those before it.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    /// Where the item begins.
    start: usize,
    comparison: Comparison,
    /// What it was before each byte, up to where the item came to differ.
    past: Vec<Comparison>,
}

/// A step of a search, or of a walk over tokens.
struct Visit {
    config: ConfigId,
    mark: Mark,
}

impl Engine {
    /// Notes in the registers whether the innermost array's last item is one of those before it.
    pub(super) fn note_repeated(&mut self, registers: &mut Registers) -> Result<()> {
        registers.repeated = registers.watches() && self.is_repeated(registers)?;
        Ok(())
    }

    fn is_repeated(&mut self, registers: &mut Registers) -> Result<bool> {
        let Some(start) = registers.innermost_item() else {
            return Ok(false);
        };
        self.follow_tracks(registers)?;
        let own = registers.tracks.iter().find(|t| t.start == start);
        Ok(own.is_some_and(|t| t.comparison.is_equal(&self.arena)))
    }

    /// Whether what follows can make all items under way differ from those before them.
    pub(super) fn can_differ(
        &mut self,
        config: ConfigId,
        registers: &mut Registers,
    ) -> Result<bool> {
        self.follow_tracks(registers)?;
        if !registers.has_live_track() || self.differs_at_once(config, registers)? {
            return Ok(true);
        }
        let start = Visit::at(config, registers);
        let mut seen: FxHashSet<(ConfigId, u128)> = FxHashSet::default();
        let mut stack = vec![(start, self.bytes(config, registers))];
        let found = loop {
            let Some((visit, bytes)) = stack.last_mut() else {
                break false;
            };
            registers.undo_to(visit.mark);
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
                let next = Visit::at(to, registers);
                let bytes = self.bytes(to, registers);
                stack.push((next, bytes));
            }
        };
        if let Some((first, _)) = stack.first() {
            registers.undo_to(first.mark);
        }
        Ok(found)
    }

    /// Whether a byte may come next that no earlier item has here.
    fn differs_at_once(&mut self, config: ConfigId, registers: &mut Registers) -> Result<bool> {
        let mut others = self.configs[config as usize].begins;
        for (item, track) in registers.live_tracks() {
            let own = track.comparison.next(item.earlier, &self.arena);
            others = others.intersection(&own.complement());
        }
        others = others.intersection(&ByteSet::of(b" \t\r\n,]}").complement());
        let mark = registers.mark();
        let mut seen: Vec<u8> = Vec::new();
        for b in others.iter() {
            let class = self.class(config, b);
            if seen.contains(&class) {
                continue;
            }
            seen.push(class);
            let to = self.advance_unchecked(config, b, registers)?;
            registers.undo_to(mark);
            if to.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
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
        self.keep_ends(config, crossing, registers, mask)?;
        if !registers.watches() {
            return Ok(());
        }
        self.follow_tracks(registers)?;
        if !registers.has_live_track() {
            return Ok(());
        }
        let vocab = self.vocab.clone();
        let start = Visit::at(config, registers);
        let mut stack: Vec<(Visit, Vec<u32>)> = Vec::new();
        let roots = vocab.roots().collect();
        stack.push((start, roots));
        while let Some((visit, nodes)) = stack.last_mut() {
            registers.undo_to(visit.mark);
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
                        unset(mask, t);
                    }
                }
                Some(to) if registers.has_live_track() => {
                    let next = Visit::at(to, registers);
                    stack.push((next, vocab.children(node).collect()));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Tries the tokens that may end an item and begin another one, or end an array and go on, one
    /// after another as they are spelled: what they share is read once.
    fn keep_ends(
        &mut self,
        config: ConfigId,
        crossing: &[u32],
        registers: &mut Registers,
        mask: &mut [u32],
    ) -> Result<()> {
        let vocab = self.vocab.clone();
        let (among, inside) = (registers.is_among_items(), registers.holds_items());
        let text = |t: u32| vocab.token(t).unwrap_or(&[]);
        let ends = |text: &[u8]| {
            let closes = || text.iter().any(|b| matches!(b, b']' | b'}'));
            let next =
                text.contains(&b',') && (among || inside && closes() || text.contains(&b'['));
            // An array may also be read as one whose items may repeat, and what follows it tells.
            let last = text.len().saturating_sub(1);
            next || (among || inside) && text[..last].contains(&b']')
        };
        let mut tokens: Vec<u32> = crossing
            .iter()
            .copied()
            .filter(|&t| ends(text(t)))
            .collect();
        tokens.sort_unstable_by_key(|&t| text(t));
        let mut path = vec![Some(Visit::at(config, registers))];
        let mut before: &[u8] = &[];
        for t in tokens {
            let text = text(t);
            let shared = before.iter().zip(text).take_while(|(a, b)| a == b).count();
            path.truncate(shared + 1);
            before = text;
            while let (Some(Some(at)), Some(&b)) = (path.last(), text.get(path.len() - 1)) {
                registers.undo_to(at.mark);
                let to = self.advance(at.config, b, registers)?;
                path.push(to.map(|to| Visit::at(to, registers)));
            }
            if let Some(None) = path.last() {
                unset(mask, t);
            }
        }
        if let Some(Some(start)) = path.first() {
            registers.undo_to(start.mark);
        }
        Ok(())
    }

    /// Bytes to try, one for each way in which the configuration and the tracks tell them apart; those
    /// on which a track ends come last, and are tried first.
    fn bytes(&mut self, config: ConfigId, registers: &Registers) -> Vec<u8> {
        let mut seen: FxHashSet<u64> = FxHashSet::default();
        let mut found: Vec<(bool, u8)> = Vec::new();
        let mut begins = self.configs[config as usize].begins;
        // PERF: what need not be escaped is tried as it stands; in twelve spellings of each character
        // a search of 180 names took 100 ms.
        let exprs: Vec<ExprId> = self.get(config).components.iter().map(|c| c.expr).collect();
        if !exprs.into_iter().any(|e| self.arena.needs_escape(e)) {
            begins = begins.intersection(&ByteSet::single(b'\\').complement());
        }
        let live = registers.live_tracks();
        let next: Vec<ByteSet> = live
            .map(|(item, track)| track.comparison.next(item.earlier, &self.arena))
            .collect();
        for b in begins.iter() {
            let mut key = FxHasher::default();
            key.write_u8(self.class(config, b));
            let along = next.iter().any(|set| set.contains(b));
            // Blanks and punctuation mean something to tracks too.
            if along || matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}') {
                key.write_u8(b);
            }
            let ends = next.iter().any(|set| !set.contains(b));
            key.write_u8(u8::from(ends));
            if seen.insert(key.finish()) {
                found.push((ends, b));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|f| f.1).collect()
    }

    /// Reads on along every track, and begins those of new items.
    fn follow_tracks(&mut self, registers: &mut Registers) -> Result<()> {
        registers.read_items()?;
        let mut tracks = std::mem::take(&mut registers.tracks);
        let known = tracks.len();
        for item in registers.items_under_way() {
            if !tracks.iter().any(|t| t.start == item.start) {
                tracks.push(Track {
                    start: item.start,
                    comparison: Comparison::new(item.earlier),
                    past: Vec::new(),
                });
            }
        }
        if tracks.len() > known {
            let over = |t: &Track| {
                !registers
                    .items_under_way()
                    .any(|item| item.start == t.start)
            };
            let count = tracks.iter().filter(|t| over(t)).count();
            let mut surplus = count.saturating_sub(KEPT);
            tracks.retain(|t| {
                let drop = surplus > 0 && over(t);
                surplus -= usize::from(drop);
                !drop
            });
        }
        for item in registers.items_under_way() {
            let Some(track) = tracks.iter_mut().find(|t| t.start == item.start) else {
                continue;
            };
            let mut known = Known {
                earlier: item.earlier,
                arena: &mut self.arena,
                values: &mut self.values,
            };
            while let Some(&b) = registers.text.get(track.read()) {
                if track.comparison.differs() {
                    break;
                }
                track.past.push(track.comparison.clone());
                track.comparison.read(b, &mut known)?;
            }
        }
        registers.tracks = tracks;
        Ok(())
    }
}

impl Track {
    /// Up to where the text was read.
    fn read(&self) -> usize {
        self.start + self.past.len()
    }

    /// Goes back in the text; false if the item is not there any more.
    pub fn undo_to(&mut self, length: usize) -> bool {
        if length < self.start {
            return false;
        }
        let kept = length - self.start;
        if kept < self.past.len() {
            self.past.truncate(kept + 1);
            if let Some(before) = self.past.pop() {
                self.comparison = before;
            }
        }
        true
    }
}

impl Visit {
    fn at(config: ConfigId, registers: &Registers) -> Visit {
        Visit {
            config,
            mark: registers.mark(),
        }
    }
}

impl Registers {
    /// A digest of what is read along the tracks. What the items themselves are is left out: where a
    /// track is alive, its candidates tell.
    fn digest_of_tracks(&self) -> u128 {
        let mut h = SipHasher13::new();
        for (_, track) in self.live_tracks() {
            h.write(&track.comparison.digest().to_ne_bytes());
        }
        h.write(&self.digest_of_frames().to_ne_bytes());
        h.finish128().as_u128()
    }

    /// Whether some item under way may still become one of those before it.
    fn has_live_track(&self) -> bool {
        self.live_tracks().next().is_some()
    }

    /// The tracks of items under way that may still become earlier ones.
    fn live_tracks(&self) -> impl Iterator<Item = (UnderWay<'_>, &Track)> {
        self.items_under_way().filter_map(|item| {
            let track = self.tracks.iter().find(|t| t.start == item.start)?;
            (!track.comparison.differs()).then_some((item, track))
        })
    }
}
