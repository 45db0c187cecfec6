//! Byte classes: partitions of the 256 bytes into those an expression cannot tell apart.
//!
//! A partition is interned; the meet of two is memoised. Taking one derivative per class instead of
//! per byte is what makes lazy automata cheap. A partition may be finer than necessary, never coarser.

use super::utf8;
use super::{Arena, Escape, ExprId, Node};
use crate::byteset::ByteSet;
use rustc_hash::FxHashMap;

#[derive(Clone)]
pub(crate) struct Partition {
    pub map: [u8; 256],
    /// One byte of each class.
    pub members: Box<[u8]>,
}

#[derive(Clone)]
pub(crate) struct Classes {
    list: Vec<Partition>,
    index: FxHashMap<[u8; 256], u32>,
    meets: FxHashMap<(u32, u32), u32>,
    sets: FxHashMap<ByteSet, u32>,
    /// Partitions of JSON text, by that of the decoded text and the state of the UTF-8 decoder.
    texts: FxHashMap<(u32, u8), u32>,
    /// Partitions of the UTF-8 decoder, by its state.
    decoders: FxHashMap<u8, u32>,
    hex: Option<u32>,
    number: Option<u32>,
}

/// All bytes in one class.
pub(crate) const TRIVIAL: u32 = 0;

impl Classes {
    pub fn new() -> Self {
        let mut classes = Classes {
            list: Vec::new(),
            index: FxHashMap::default(),
            meets: FxHashMap::default(),
            sets: FxHashMap::default(),
            texts: FxHashMap::default(),
            decoders: FxHashMap::default(),
            hex: None,
            number: None,
        };
        classes.intern(|_| 0);
        classes
    }

    pub fn memory(&self) -> usize {
        self.list.len() * 640 + (self.meets.len() + self.texts.len()) * 16 + self.sets.len() * 48
    }

    pub fn get(&self, id: u32) -> &Partition {
        &self.list[id as usize]
    }

    /// Interns the partition by the kernel of `key`.
    pub fn intern(&mut self, key: impl Fn(u8) -> u32) -> u32 {
        let mut map = [0u8; 256];
        let mut members: Vec<u8> = Vec::new();
        let mut seen: FxHashMap<u32, u8> = FxHashMap::default();
        // PERF: neighbours mostly share a class; asking the map for each byte took 2 µs.
        let mut last = None;
        for b in 0..=255u8 {
            let key = key(b);
            let class = match last {
                Some((known, class)) if known == key => class,
                _ => *seen.entry(key).or_insert_with(|| {
                    members.push(b);
                    (members.len() - 1) as u8
                }),
            };
            last = Some((key, class));
            map[b as usize] = class;
        }
        self.keep(map, members)
    }

    /// Each arm's byte in a class of its own, and the others in one. Arms ascend by byte.
    pub fn apart(&mut self, arms: &[(u8, ExprId)]) -> u32 {
        let mut map = [0u8; 256];
        let mut members = Vec::with_capacity(arms.len() + 1);
        // The others come first, unless byte 0 is not one of them.
        if arms.first().is_none_or(|arm| arm.0 != 0) && arms.len() < 256 {
            members.push(0);
            for &(b, _) in arms {
                map[b as usize] = members.len() as u8;
                members.push(b);
            }
            return self.keep(map, members);
        }
        let mut key = [0u32; 256];
        for (i, &(b, _)) in arms.iter().enumerate() {
            key[b as usize] = i as u32 + 1;
        }
        self.intern(|b| key[b as usize])
    }

    fn keep(&mut self, map: [u8; 256], members: Vec<u8>) -> u32 {
        if let Some(&id) = self.index.get(&map) {
            return id;
        }
        let id = self.list.len() as u32;
        self.index.insert(map, id);
        self.list.push(Partition {
            map,
            members: members.into(),
        });
        id
    }

    pub fn set(&mut self, set: &ByteSet) -> u32 {
        if let Some(&id) = self.sets.get(set) {
            return id;
        }
        let id = self.intern(|b| u32::from(set.contains(b)));
        self.sets.insert(*set, id);
        id
    }

    /// Hexadecimal digits by value, and the rest.
    pub fn hex(&mut self) -> u32 {
        if let Some(known) = self.hex {
            return known;
        }
        let id = self.intern(|b| char::from(b).to_digit(16).map_or(99, |d| d));
        self.hex = Some(id);
        id
    }

    /// What spells a number: digits, the point, the mark of an exponent, and the rest.
    fn number(&mut self) -> u32 {
        if let Some(known) = self.number {
            return known;
        }
        let id = self.intern(|b| match b {
            b'0'..=b'9' | b'.' => u32::from(b),
            b'e' | b'E' => 1,
            _ => 0,
        });
        self.number = Some(id);
        id
    }

    fn decoder(&mut self, state: u8) -> u32 {
        if let Some(&id) = self.decoders.get(&state) {
            return id;
        }
        let id = self.intern(|b| utf8::step(state, b).map_or(99, u32::from));
        self.decoders.insert(state, id);
        id
    }

    /// What JSON text of a partition cannot tell apart.
    fn text(&mut self, own: u32, state: u8) -> u32 {
        if let Some(&id) = self.texts.get(&(own, state)) {
            return id;
        }
        let map = self.get(own).map;
        let id = self.intern(|b| {
            let special = state == utf8::START && (b == b'"' || b == b'\\');
            if special {
                return 1 << 20 | u32::from(b);
            }
            if state == utf8::START && b < 0x20 {
                return 1 << 21;
            }
            utf8::step(state, b).map_or(1 << 21, |next| {
                u32::from(next) << 8 | u32::from(map[b as usize])
            })
        });
        self.texts.insert((own, state), id);
        id
    }

    pub fn meet(&mut self, a: u32, b: u32) -> u32 {
        if a == b || b == TRIVIAL {
            return a;
        }
        if a == TRIVIAL {
            return b;
        }
        let key = (a.min(b), a.max(b));
        if let Some(&id) = self.meets.get(&key) {
            return id;
        }
        let (x, y) = (self.get(a).map, self.get(b).map);
        let id = self.intern(|b| u32::from(x[b as usize]) << 8 | u32::from(y[b as usize]));
        self.meets.insert(key, id);
        id
    }
}

impl Arena {
    /// The coarsest partition known that is fine enough for all of these expressions.
    pub(crate) fn common_partition(&mut self, exprs: impl Iterator<Item = ExprId>) -> u32 {
        exprs.fold(TRIVIAL, |id, e| {
            let own = self.partition(e);
            self.classes.meet(id, own)
        })
    }

    /// The class of a byte in a partition.
    pub(crate) fn class_in(&self, partition: u32, b: u8) -> u8 {
        self.classes.get(partition).map[usize::from(b)]
    }

    /// The partition of `e`, made on first use.
    pub(crate) fn partition(&mut self, e: ExprId) -> u32 {
        let known = self.class_of[e.0 as usize];
        if known != u32::MAX {
            return known;
        }
        let id = match self.node(e).clone() {
            Node::Empty | Node::Epsilon | Node::Mark(_) => TRIVIAL,
            Node::Bytes(set) => self.classes.set(&set),
            Node::Concat(_, _) => self.spine_partition(e),
            Node::Or(list) | Node::And(list) => list.iter().fold(TRIVIAL, |id, &x| {
                let own = self.partition(x);
                self.classes.meet(id, own)
            }),
            Node::Not(x) | Node::Repeat(x, _, _) => self.partition(x),
            Node::Switch(_, arms) => self.classes.apart(&arms),
            Node::Json(x, escape) => self.json_partition(x, escape),
            Node::Multiple(_) => self.classes.number(),
            Node::State(machine, state) => self
                .classes
                .intern(|b| machine.step(state, b).unwrap_or(u32::MAX)),
            Node::Utf8(x, state) => {
                let own = self.partition(x);
                let by_state = self.classes.decoder(state);
                self.classes.meet(own, by_state)
            }
        };
        self.class_of[e.0 as usize] = id;
        id
    }

    /// The partition of a concatenation. Those of its tails are kept on the way, or a chain of
    /// optional factors would be gone through once for each of its tails.
    fn spine_partition(&mut self, e: ExprId) -> u32 {
        let mut spine = Vec::new();
        let mut rest = e;
        let mut id = loop {
            let known = self.class_of[rest.0 as usize];
            if known != u32::MAX {
                break known;
            }
            let Node::Concat(head, tail) = *self.node(rest) else {
                break self.partition(rest);
            };
            spine.push((rest, head));
            if !self.nullable(head) {
                break TRIVIAL;
            }
            rest = tail;
        };
        while let Some((e, head)) = spine.pop() {
            let own = self.partition(head);
            id = self.classes.meet(id, own);
            self.class_of[e.0 as usize] = id;
        }
        id
    }

    fn json_partition(&mut self, inner: ExprId, escape: Escape) -> u32 {
        match escape {
            Escape::Text(state) => {
                let own = self.partition(inner);
                self.classes.text(own, state)
            }
            Escape::Backslash => self.classes.intern(|b| match b {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u' => u32::from(b),
                _ => 0,
            }),
            Escape::Unit { .. } | Escape::Low { .. } => self.classes.hex(),
            Escape::High(_) => self.classes.set(&ByteSet::single(b'\\')),
            Escape::HighBackslash(_) => self.classes.set(&ByteSet::single(b'u')),
        }
    }
}
