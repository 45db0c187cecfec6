//! The facts of the text that no row holds: which keys an object has, how many commas.
//!
//! One frame a JSON level. They are facts of the *text*, not of a reading of it: every alternative
//! that is open sees the same keys and commas, so one set of registers serves all of them, and rows
//! stay few. Changes are logged and undone, so that rolling back costs what was done since.
//!
//! An [`Overlay`] is what a walk over tails sees: the registers as they would be, with every
//! condition asked of the true frames noted, because that is what the walk's result depends on.
//!
//! *Rejected.* Seen keys in row ids: 2^n rows for n optional keys. Persistent maps: a log is smaller
//! and faster, and forks are rare.

use super::distinct::Track;
use crate::error::Result;
use crate::value::{Key, Parsed, Pred, Terms};
use rustc_hash::FxHashSet;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

#[derive(Clone, Debug, Default)]
struct Frame {
    keys: FxHashSet<Key>,
    commas: u32,
    /// Of an array whose items must differ.
    items: Option<Items>,
}

/// Where the items of an array stand in the text.
#[derive(Clone, Debug)]
struct Items {
    /// The one under way.
    start: usize,
    /// Those before it.
    used: Vec<(usize, usize)>,
    /// The values of as many of them as were compared with.
    earlier: Parsed,
    /// Whether one of those was there before.
    repeats: bool,
}

/// An item under way that must differ from those before it.
pub(super) struct UnderWay<'a> {
    pub start: usize,
    pub earlier: &'a Parsed,
}

#[derive(Clone, Debug)]
enum Undo {
    Open,
    Close(Frame),
    /// Where the item before it began, and whether some item was there before, if they are compared.
    Comma(Option<(usize, bool)>),
    Key(Key),
}

/// The frames of a text, and the text itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registers {
    pub text: Vec<u8>,
    frames: Vec<Frame>,
    log: Vec<Undo>,
    /// Items under way, as far as they may be ones that were there before (see `distinct`).
    pub tracks: Vec<Track>,
    /// Whether the innermost array's last item was there before.
    pub repeated: bool,
}

/// A point to come back to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    pub text: usize,
    log: usize,
    repeated: bool,
}

/// What a walk has changed in the innermost true frame it stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delta {
    /// Levels that it closed.
    pub up: u32,
    pub commas: u32,
    pub keys: Vec<Key>,
}

/// What a walk stands on: the true registers, or any that could be.
pub(crate) trait Ground {
    /// Whether a predicate holds where a walk has changed this.
    fn holds_with(&self, pred: Pred, delta: &Delta, terms: &Terms) -> bool;

    /// The same, where it may also be left open.
    fn verdict(&self, pred: Pred, delta: &Delta, terms: &Terms) -> Verdict {
        if self.holds_with(pred, delta, terms) {
            Verdict::Yes
        } else {
            Verdict::No
        }
    }

    /// Whether a result that rests on these conditions holds here too.
    fn agree(&self, conditions: &[Condition], terms: &Terms) -> bool {
        conditions
            .iter()
            .all(|c| self.holds_with(c.pred, &c.delta, terms) == c.held)
    }
}

/// A condition on the true registers, and how it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pred: Pred,
    delta: Delta,
    held: bool,
}

impl Registers {
    pub fn mark(&self) -> Mark {
        Mark {
            text: self.text.len(),
            log: self.log.len(),
            repeated: self.repeated,
        }
    }

    pub fn undo_to(&mut self, mark: Mark) {
        self.text.truncate(mark.text);
        self.repeated = mark.repeated;
        self.tracks.retain_mut(|track| track.undo_to(mark.text));
        while self.log.len() > mark.log {
            match self.log.pop() {
                Some(Undo::Open) => {
                    self.frames.pop();
                }
                Some(Undo::Close(frame)) => self.frames.push(frame),
                Some(Undo::Comma(before)) => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.commas -= 1;
                        if let (Some(items), Some((start, repeats))) = (&mut frame.items, before) {
                            items.start = start;
                            items.repeats = repeats;
                            items.used.pop();
                            items.earlier.truncate(items.used.len());
                        }
                    }
                }
                Some(Undo::Key(key)) => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.keys.remove(&key);
                    }
                }
                None => break,
            }
        }
    }

    /// Opens a level, whose items may have to differ.
    pub fn open(&mut self, distinct: bool) {
        let items = distinct.then(|| Items {
            start: self.text.len(),
            used: Vec::new(),
            earlier: Parsed::default(),
            repeats: false,
        });
        self.frames.push(Frame {
            items,
            ..Frame::default()
        });
        self.log.push(Undo::Open);
    }

    pub fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.log.push(Undo::Close(frame));
        }
    }

    pub fn comma(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.commas += 1;
            let before = frame.items.as_mut().map(|items| {
                let before = (items.start, items.repeats);
                items.used.push((items.start, self.text.len() - 1));
                items.start = self.text.len();
                items.repeats |= self.repeated;
                before
            });
            self.log.push(Undo::Comma(before));
        }
    }

    /// Whether some open array's items must differ.
    pub fn holds_items(&self) -> bool {
        self.frames.iter().any(|f| f.items.is_some())
    }

    /// Whether some item under way has items before it from which it must differ.
    pub fn watches(&self) -> bool {
        self.frames
            .iter()
            .any(|f| f.items.as_ref().is_some_and(|i| !i.used.is_empty()))
    }

    /// Where the innermost level's item began, if it must differ from others.
    pub fn innermost_item(&self) -> Option<usize> {
        let items = self.frames.last()?.items.as_ref()?;
        (!items.used.is_empty()).then_some(items.start)
    }

    /// The items under way that must differ from those before them, whose values were read.
    pub(super) fn items_under_way(&self) -> impl Iterator<Item = UnderWay<'_>> {
        let items = self.frames.iter().filter_map(|f| f.items.as_ref());
        let items = items.filter(|items| !items.used.is_empty());
        items.map(|items| UnderWay {
            start: items.start,
            earlier: &items.earlier,
        })
    }

    /// Reads the values of the items that are whole.
    pub(super) fn read_items(&mut self) -> Result<()> {
        for items in self.frames.iter_mut().filter_map(|f| f.items.as_mut()) {
            for &(from, to) in &items.used[items.earlier.len()..] {
                items.earlier.push(&self.text[from..to])?;
            }
        }
        Ok(())
    }

    /// Whether a comma at this level ends an item that must differ.
    pub fn is_among_items(&self) -> bool {
        self.frames.last().is_some_and(|f| f.items.is_some())
    }

    pub fn use_key(&mut self, key: Key) {
        if let Some(frame) = self.frames.last_mut() {
            if frame.keys.insert(key) {
                self.log.push(Undo::Key(key));
            }
        }
    }

    /// The keys of the innermost frame.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.frames
            .last()
            .into_iter()
            .flat_map(|f| f.keys.iter().copied())
    }

    pub fn allows(&self, pred: Pred, terms: &Terms) -> bool {
        self.holds_with(pred, &Delta::default(), terms)
    }

    /// A digest of all frames, and of the key in progress.
    pub fn digest(&self, key: &[u8]) -> u128 {
        self.digest_with(key, true)
    }

    /// A digest of the keys and commas of all frames.
    pub fn digest_of_frames(&self) -> u128 {
        self.digest_with(b"", false)
    }

    fn digest_with(&self, key: &[u8], items: bool) -> u128 {
        let mut h = SipHasher13::new();
        for frame in &self.frames {
            h.write_u32(frame.commas);
            let mut keys: Vec<Key> = frame.keys.iter().copied().collect();
            keys.sort_unstable();
            h.write_usize(keys.len());
            keys.iter().for_each(|&k| h.write_u32(k));
            if let Some(items) = frame.items.as_ref().filter(|_| items) {
                let first = items.used.first().map_or(items.start, |item| item.0);
                h.write(&self.text[first..]);
            }
        }
        h.write(key);
        h.finish128().as_u128()
    }

    pub fn memory(&self) -> usize {
        self.text.len() + self.frames.len() * 64 + self.log.len() * 64
    }
}

impl Ground for Registers {
    fn holds_with(&self, pred: Pred, delta: &Delta, terms: &Terms) -> bool {
        let empty = Frame::default();
        let at = self.frames.len().checked_sub(1 + delta.up as usize);
        let frame = at.and_then(|i| self.frames.get(i)).unwrap_or(&empty);
        let last = self.repeated && *delta == Delta::default();
        match pred {
            // Of the item that ends here.
            Pred::Repeated(n) if last => judge(frame, Pred::AtLeast(n), delta, terms),
            _ => judge(frame, pred, delta, terms),
        }
    }
}

fn judge(frame: &Frame, pred: Pred, delta: &Delta, terms: &Terms) -> bool {
    let used = |key: Key| frame.keys.contains(&key) || delta.keys.contains(&key);
    let members = || {
        let new = delta.keys.iter().filter(|k| !frame.keys.contains(k));
        (frame.keys.len() + new.count()) as u32
    };
    let items = frame.commas.saturating_add(delta.commas).saturating_add(1);
    match pred {
        Pred::Always => true,
        Pred::Unused(key) => !used(key),
        Pred::AllUsed(set) => terms.keys(set).iter().all(|&k| used(k)),
        Pred::SomeUnused(set) => terms.keys(set).iter().any(|&k| !used(k)),
        Pred::AtLeast(n) => items >= n,
        Pred::FewerThan(n) => items < n,
        Pred::Within(least, most) => least <= items && items <= most,
        Pred::Repeated(n) => items >= n && frame.items.as_ref().is_some_and(|i| i.repeats),
        Pred::Complete(p) => terms.asked(p).may_close(&used, members()),
        Pred::Lacks(p) => terms.asked(p).feasible(&used, members(), 1),
        Pred::Use(p, key) => {
            let with = |k: Key| k == key || used(k);
            !used(key) && terms.asked(p).feasible(&with, members() + 1, 0)
        }
        Pred::UseOther(p) => terms.asked(p).feasible(&used, members() + 1, 0),
    }
}

/// Whether a condition holds, as far as a walk can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Yes,
    No,
    /// It depends on a key whose text the walk does not know.
    Unknown,
}

/// The registers as a walk over tails sees them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    delta: Delta,
    /// A key of unknown text was added to the frame that `delta` speaks of.
    unknown_key: bool,
    opened: Vec<Frame>,
}

impl Overlay {
    pub fn open(&mut self) {
        self.opened.push(Frame::default());
    }

    pub fn close(&mut self) {
        if self.opened.pop().is_none() {
            self.delta = Delta {
                up: self.delta.up + 1,
                ..Delta::default()
            };
            self.unknown_key = false;
        }
    }

    pub fn comma(&mut self) {
        match self.opened.last_mut() {
            Some(frame) => frame.commas += 1,
            None => self.delta.commas += 1,
        }
    }

    pub fn use_key(&mut self, key: Option<Key>) {
        match (self.opened.last_mut(), key) {
            (Some(frame), Some(key)) => {
                frame.keys.insert(key);
            }
            (None, Some(key)) => self.delta.keys.push(key),
            // Only the key that a walk starts in has unknown text, and it is in a true frame.
            (_, None) => self.unknown_key = true,
        }
    }

    pub fn holds(
        &self,
        pred: Pred,
        base: &impl Ground,
        terms: &Terms,
        log: &mut Vec<Condition>,
    ) -> Verdict {
        let verdict = |held| if held { Verdict::Yes } else { Verdict::No };
        if pred == Pred::Always {
            return Verdict::Yes;
        }
        if matches!(pred, Pred::Repeated(_)) {
            return Verdict::Unknown; // a walk does not compare
        }
        if let Some(frame) = self.opened.last() {
            return verdict(judge(frame, pred, &Delta::default(), terms));
        }
        let counts = matches!(
            pred,
            Pred::AtLeast(_) | Pred::FewerThan(_) | Pred::Within(..)
        );
        if self.unknown_key && !counts {
            return Verdict::Unknown;
        }
        let verdict = base.verdict(pred, &self.delta, terms);
        if verdict != Verdict::Unknown {
            log.push(Condition {
                pred,
                delta: self.delta.clone(),
                held: verdict == Verdict::Yes,
            });
        }
        verdict
    }
}
