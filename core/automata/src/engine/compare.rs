//! One text read beside earlier values: which of them it may still become, and whether it is one.
//!
//! *Purpose.* Items that must differ are compared as they are written, byte by byte, with all the
//! items before them at once. Equality is JSON's: numbers by value, strings decoded, keys in any
//! order.
//!
//! *Invariants.* The text is JSON of the grammar's, so only what tells values apart is looked at.
//! Candidates are those that agree with all of the text that is decoded; within an escape, and for
//! keys that were used, there may be more of them, never fewer. No candidate: the item differs,
//! whatever follows.
//!
//! *Cost.* A comparison is copied at every byte, so that the text can be taken back: a few words, as
//! lists and levels are shared. A byte looks at each candidate once.
//!
//! *Rejected.* A grammar of the earlier items (an automaton to compile for each token that ends an
//! item and begins another one: 2 to 30 ms a mask). Comparing when the item is whole: too late.

use crate::byteset::ByteSet;
use crate::error::Result;
use crate::expr::{Arena, EMPTY, Escape, ExprId, Read};
use crate::value::{Json, JsonId, Parsed, Values};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;
use std::sync::Arc;

const BLANKS: ByteSet = ByteSet::of(b" \t\r\n");

/// The value of an earlier item that the value under way may become.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    item: u32,
    value: JsonId,
    /// Within a number, how it goes on.
    rest: ExprId,
    /// Within a key, those of its keys that begin so.
    keys: (u32, u32),
}

type Candidates = Arc<[Candidate]>;

/// A container under way.
#[derive(Debug)]
struct Level {
    /// The containers that it may become.
    candidates: Candidates,
    object: bool,
    /// Members or items that are whole.
    count: u32,
    /// Of the levels below, and the key under way.
    digest: u128,
    below: Option<Arc<Level>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Value,
    /// After the opening bracket of an array.
    FirstItem,
    Literal(&'static [u8]),
    Number,
    String {
        at: u32,
        escape: Escape,
    },
    /// Before a key, or the end of an object that has none.
    BeforeKey,
    Key {
        at: u32,
        escape: Escape,
    },
    Colon,
    AfterMember,
    AfterItem,
    /// After the whole value.
    Whole,
    /// After what follows a value that is an earlier one.
    Equal,
    Different,
}

/// How far a text is, and what it may become.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    mode: Mode,
    candidates: Candidates,
    level: Option<Arc<Level>>,
}

/// What reading needs beside the text.
pub(super) struct Known<'a> {
    pub earlier: &'a Parsed,
    pub arena: &'a mut Arena,
    pub values: &'a mut Values,
}

impl Comparison {
    /// Before a value that is compared with all items.
    pub fn new(earlier: &Parsed) -> Comparison {
        let first = earlier.values().enumerate().map(|(item, value)| Candidate {
            item: item as u32,
            value,
            rest: EMPTY,
            keys: (0, 0),
        });
        Comparison {
            mode: Mode::Value,
            candidates: first.collect(),
            level: None,
        }
    }

    /// Whether nothing that follows makes this an earlier item.
    pub fn differs(&self) -> bool {
        self.mode == Mode::Different
    }

    /// Whether the text is one of the items, or was before its end was seen.
    pub fn is_equal(&self, arena: &Arena) -> bool {
        match self.mode {
            Mode::Whole | Mode::Equal => true,
            Mode::Number if self.level.is_none() => {
                self.candidates.iter().any(|c| arena.nullable(c.rest))
            }
            _ => false,
        }
    }

    /// Reads a byte.
    pub fn read(&mut self, b: u8, known: &mut Known<'_>) -> Result<()> {
        let blank = BLANKS.contains(b);
        match self.mode {
            Mode::Different | Mode::Equal => {}
            Mode::Number if !is_numeric(b) => {
                self.retain(|c| known.arena.nullable(c.rest));
                self.end_value();
                return self.read(b, known);
            }
            Mode::Number => self.read_digit(b, known)?,
            Mode::String { at, escape } => self.read_string(b, at, escape, known.earlier),
            Mode::Key { at, escape } => self.read_key(b, at, escape, known.earlier),
            Mode::Literal(rest) => match rest {
                [_] => self.end_value(),
                _ => self.mode = Mode::Literal(&rest[1..]),
            },
            _ if blank => {}
            Mode::FirstItem if b == b']' => self.end_container(known.earlier),
            Mode::FirstItem => {
                self.next_item(known.earlier);
                self.begin_value(b, known)?;
            }
            Mode::Value => self.begin_value(b, known)?,
            Mode::BeforeKey if b == b'"' => {
                let whole = |c: &Candidate| match known.earlier.value(c.value) {
                    Json::Object(members) => Some(Candidate {
                        keys: (0, members.len() as u32),
                        ..*c
                    }),
                    _ => None,
                };
                self.keep(whole);
                self.become_mode(Mode::Key {
                    at: 0,
                    escape: Escape::START,
                });
            }
            Mode::BeforeKey => self.end_container(known.earlier),
            Mode::Colon => {
                self.keep(|c| match known.earlier.value(c.value) {
                    Json::Object(members) => Some(Candidate {
                        value: members[c.keys.0 as usize].1,
                        ..*c
                    }),
                    _ => None,
                });
                self.become_mode(Mode::Value);
            }
            Mode::AfterMember if b == b',' => {
                self.keep_longer(known.earlier);
                self.become_mode(Mode::BeforeKey);
            }
            Mode::AfterItem if b == b',' => {
                self.next_item(known.earlier);
                self.become_mode(Mode::Value);
            }
            Mode::AfterMember | Mode::AfterItem => self.end_container(known.earlier),
            Mode::Whole => self.become_mode(Mode::Equal),
        }
        Ok(())
    }

    /// The bytes that may come next if the text is to become an earlier item, or more.
    pub fn next(&self, earlier: &Parsed, arena: &Arena) -> ByteSet {
        let mut set = ByteSet::EMPTY;
        match self.mode {
            Mode::Different | Mode::Equal => return ByteSet::EMPTY,
            Mode::Number => {
                for c in self.candidates.iter() {
                    set = set.union(arena.begins(c.rest));
                    if arena.nullable(c.rest) {
                        set = set.union(&BLANKS).union(&ByteSet::of(b",]}"));
                    }
                }
                return set;
            }
            Mode::Literal(rest) => return ByteSet::single(rest[0]),
            Mode::String { at, escape } => {
                let mut ends = false;
                for c in self.candidates.iter() {
                    match earlier.value(c.value) {
                        Json::String(text) => match text.get(at as usize) {
                            Some(&b) => set.insert(b),
                            None => ends = true,
                        },
                        _ => ends = true,
                    }
                }
                return escape.begins(&set, ends);
            }
            Mode::Key { at, escape } => {
                let mut ends = false;
                for c in self.candidates.iter() {
                    for (key, _) in keys_of(c, earlier) {
                        match key.get(at as usize) {
                            Some(&b) => set.insert(b),
                            None => ends = true,
                        }
                    }
                }
                return escape.begins(&set, ends);
            }
            Mode::Value => {
                for c in self.candidates.iter() {
                    set = set.union(&first_bytes(earlier.value(c.value)));
                }
            }
            Mode::FirstItem => {
                for c in self.candidates.iter() {
                    match earlier.value(c.value) {
                        Json::Array(items) if !items.is_empty() => {
                            set = set.union(&first_bytes(earlier.value(items[0])));
                        }
                        _ => set.insert(b']'),
                    }
                }
            }
            Mode::BeforeKey => set = ByteSet::of(b"\"}"),
            Mode::Colon => set.insert(b':'),
            Mode::AfterMember => set = ByteSet::of(b",}"),
            Mode::AfterItem | Mode::Whole => set = ByteSet::of(b",]"),
        }
        set.union(&BLANKS)
    }

    /// A digest of all that decides what follows, apart from keys that were used.
    pub fn digest(&self) -> u128 {
        let mut h = SipHasher13::new();
        let (mode, at, state) = match self.mode {
            Mode::Value => (0, 0, 0),
            Mode::FirstItem => (1, 0, 0),
            Mode::Literal(rest) => (2, rest.len() as u32, u64::from(rest[0])),
            Mode::Number => (3, 0, 0),
            Mode::String { at, escape } => (4, at, escape.pack()),
            Mode::BeforeKey => (5, 0, 0),
            Mode::Key { at, escape } => (6, at, escape.pack()),
            Mode::Colon => (7, 0, 0),
            Mode::AfterMember => (8, 0, 0),
            Mode::AfterItem => (9, 0, 0),
            Mode::Whole => (10, 0, 0),
            Mode::Equal => (11, 0, 0),
            Mode::Different => (12, 0, 0),
        };
        h.write_u32(mode);
        h.write_u32(at);
        h.write_u64(state);
        for c in self.candidates.iter() {
            h.write_u32(c.item);
            h.write_u32(c.value);
            h.write_u32(c.rest.0);
            h.write_u32(c.keys.0);
        }
        if let Some(level) = &self.level {
            h.write(&level.digest.to_ne_bytes());
            h.write_u32(level.count);
        }
        h.finish128().as_u128()
    }

    fn begin_value(&mut self, b: u8, known: &mut Known<'_>) -> Result<()> {
        let earlier = known.earlier;
        self.retain(|c| first_bytes(earlier.value(c.value)).contains(b));
        match b {
            b'"' => self.become_mode(Mode::String {
                at: 0,
                escape: Escape::START,
            }),
            b'{' => self.open(true),
            b'[' => self.open(false),
            b'n' => self.become_mode(Mode::Literal(b"ull")),
            b't' => self.become_mode(Mode::Literal(b"rue")),
            b'f' => self.become_mode(Mode::Literal(b"alse")),
            _ => {
                let mut numbers = Vec::with_capacity(self.candidates.len());
                for c in self.candidates.iter() {
                    if let Json::Number(text) = earlier.value(c.value) {
                        let rest = known.values.spellings(known.arena, text)?;
                        numbers.push(Candidate { rest, ..*c });
                    }
                }
                self.candidates = numbers.into();
                self.become_mode(Mode::Number);
                self.read_digit(b, known)?;
            }
        }
        Ok(())
    }

    fn read_digit(&mut self, b: u8, known: &mut Known<'_>) -> Result<()> {
        let mut kept = Vec::with_capacity(self.candidates.len());
        for c in self.candidates.iter() {
            let rest = known.arena.next(c.rest, b)?;
            if rest != EMPTY {
                kept.push(Candidate { rest, ..*c });
            }
        }
        self.candidates = kept.into();
        self.become_mode(self.mode);
        Ok(())
    }

    fn read_string(&mut self, b: u8, at: u32, escape: Escape, earlier: &Parsed) {
        let rest = |c: &Candidate| match earlier.value(c.value) {
            Json::String(text) => &text[at as usize..],
            _ => &[],
        };
        match escape.read(b) {
            Read::Fail => self.become_mode(Mode::Different),
            Read::Move(escape) => self.mode = Mode::String { at, escape },
            Read::Close => {
                self.retain(|c| rest(c).is_empty());
                self.end_value();
            }
            Read::Byte(b, escape) => {
                self.retain(|c| rest(c).first() == Some(&b));
                self.become_mode(Mode::String { at: at + 1, escape });
            }
            Read::Char(char) => {
                let mut bytes = [0; 4];
                let bytes = char.encode_utf8(&mut bytes).as_bytes();
                self.retain(|c| rest(c).starts_with(bytes));
                self.become_mode(Mode::String {
                    at: at + bytes.len() as u32,
                    escape: Escape::START,
                });
            }
        }
    }

    fn read_key(&mut self, b: u8, at: u32, escape: Escape, earlier: &Parsed) {
        let mut bytes = [0; 4];
        let (more, escape) = match escape.read(b) {
            Read::Fail => return self.become_mode(Mode::Different),
            Read::Move(escape) => return self.mode = Mode::Key { at, escape },
            Read::Close => {
                let ends = |key: &(Box<[u8]>, JsonId)| key.0.len() == at as usize;
                self.retain(|c| keys_of(c, earlier).first().is_some_and(ends));
                return self.end_key(earlier);
            }
            Read::Byte(b, escape) => {
                bytes[0] = b;
                (&bytes[..1], escape)
            }
            Read::Char(char) => (char.encode_utf8(&mut bytes).as_bytes(), Escape::START),
        };
        self.keep(|c| {
            let keys = keys_of(c, earlier);
            let rest = |key: &[u8]| key[at as usize..].cmp(more);
            let begins = |key: &[u8]| key[at as usize..].starts_with(more);
            let lo = keys.partition_point(|(key, _)| rest(key).is_lt());
            let length = keys[lo..].iter().take_while(|(key, _)| begins(key)).count();
            let lo = c.keys.0 + lo as u32;
            (length > 0).then_some(Candidate {
                keys: (lo, lo + length as u32),
                ..*c
            })
        });
        self.become_mode(Mode::Key {
            at: at + more.len() as u32,
            escape,
        });
    }

    /// After the quote of a key: it is part of what tells levels apart.
    fn end_key(&mut self, earlier: &Parsed) {
        if let (Some(level), Some(c)) = (&self.level, self.candidates.first()) {
            let mut h = SipHasher13::new();
            h.write(&level.digest_below().to_ne_bytes());
            if let Some((key, _)) = keys_of(c, earlier).first() {
                h.write(key);
            }
            self.level = Some(Arc::new(Level {
                candidates: self.candidates.clone(),
                object: true,
                count: level.count,
                digest: h.finish128().as_u128(),
                below: level.below.clone(),
            }));
        }
        self.become_mode(Mode::Colon);
    }

    fn open(&mut self, object: bool) {
        let mut level = Level {
            candidates: self.candidates.clone(),
            object,
            count: 0,
            digest: 0,
            below: self.level.take(),
        };
        level.digest = level.digest_below();
        self.level = Some(Arc::new(level));
        self.become_mode(if object {
            Mode::BeforeKey
        } else {
            Mode::FirstItem
        });
    }

    /// Goes on to the next item of each array that has one.
    fn next_item(&mut self, earlier: &Parsed) {
        let count = self.count();
        self.keep(|c| match earlier.value(c.value) {
            Json::Array(items) => items.get(count).map(|&value| Candidate { value, ..*c }),
            _ => None,
        });
    }

    /// Keeps the containers that have more than is written.
    fn keep_longer(&mut self, earlier: &Parsed) {
        let count = self.count();
        self.retain(|c| length_of(earlier.value(c.value)) > count);
    }

    fn end_container(&mut self, earlier: &Parsed) {
        let count = self.count();
        self.retain(|c| length_of(earlier.value(c.value)) == count);
        self.level = self.level.take().and_then(|level| level.below.clone());
        self.end_value();
    }

    /// After a value that the candidates are equal to.
    fn end_value(&mut self) {
        let Some(level) = &self.level else {
            return self.become_mode(Mode::Whole);
        };
        let mut ended = self.candidates.iter().map(|c| c.item).peekable();
        let both = level.candidates.iter().filter(|c| {
            while ended.peek().is_some_and(|&item| item < c.item) {
                ended.next();
            }
            ended.peek() == Some(&c.item)
        });
        let candidates: Candidates = both.copied().collect();
        let object = level.object;
        let next = Level {
            candidates: candidates.clone(),
            object,
            count: level.count + 1,
            digest: level.digest_below(),
            below: level.below.clone(),
        };
        self.candidates = candidates;
        self.level = Some(Arc::new(next));
        self.become_mode(if object {
            Mode::AfterMember
        } else {
            Mode::AfterItem
        });
    }

    fn count(&self) -> usize {
        self.level.as_ref().map_or(0, |level| level.count as usize)
    }

    /// Keeps the candidates that become others.
    fn keep(&mut self, f: impl Fn(&Candidate) -> Option<Candidate>) {
        self.candidates = self.candidates.iter().filter_map(f).collect();
    }

    /// Keeps some candidates as they are.
    fn retain(&mut self, f: impl Fn(&Candidate) -> bool) {
        if !self.candidates.iter().all(&f) {
            self.candidates = self.candidates.iter().copied().filter(f).collect();
        }
    }

    fn become_mode(&mut self, mode: Mode) {
        self.mode = mode;
        if self.candidates.is_empty() || mode == Mode::Different {
            *self = Comparison {
                mode: Mode::Different,
                candidates: Arc::new([]),
                level: None,
            };
        }
    }
}

impl Level {
    /// Of the levels below with what is under way in them.
    fn digest_below(&self) -> u128 {
        let Some(below) = &self.below else {
            return 0;
        };
        let mut h = SipHasher13::new();
        h.write(&below.digest.to_ne_bytes());
        h.write_u32(below.count);
        h.finish128().as_u128()
    }
}

impl Drop for Level {
    // One by one: as many may lie below each other as a text nests.
    fn drop(&mut self) {
        let mut below = self.below.take();
        while let Some(level) = below {
            below = Arc::into_inner(level).and_then(|mut level| level.below.take());
        }
    }
}

fn is_numeric(b: u8) -> bool {
    matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
}

/// The keys that the text may still become.
fn keys_of<'a>(c: &Candidate, earlier: &'a Parsed) -> &'a [(Box<[u8]>, JsonId)] {
    match earlier.value(c.value) {
        Json::Object(members) => &members[c.keys.0 as usize..c.keys.1 as usize],
        _ => &[],
    }
}

fn length_of(value: &Json) -> usize {
    match value {
        Json::Array(items) => items.len(),
        Json::Object(members) => members.len(),
        _ => 0,
    }
}

fn first_bytes(value: &Json) -> ByteSet {
    match value {
        Json::Null => ByteSet::single(b'n'),
        Json::Bool(true) => ByteSet::single(b't'),
        Json::Bool(false) => ByteSet::single(b'f'),
        Json::Number(_) => ByteSet::of(b"-0123456789"),
        Json::String(_) => ByteSet::single(b'"'),
        Json::Array(_) => ByteSet::single(b'['),
        Json::Object(_) => ByteSet::single(b'{'),
    }
}
