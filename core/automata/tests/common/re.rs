//! Regular expressions as plain terms, and a matcher that follows their definition word by word:
//! for an operand and a start it finds the set of positions where a member may end.

use super::chance::Chance;
use super::multiples::Multiples;
use grammarlib_automata::Result;
use grammarlib_automata::byteset::ByteSet;
use grammarlib_automata::expr::{Arena, EMPTY, EPSILON, ExprId, PLAIN, UNBOUNDED};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

#[derive(Clone, Debug)]
pub enum Re {
    Nothing,
    Blank,
    Bytes(Vec<(u8, u8)>),
    Class(Vec<(u32, u32)>),
    Lit(Vec<u8>),
    Set(Vec<Vec<u8>>),
    Cat(Vec<Re>),
    Or(Vec<Re>),
    And(Vec<Re>),
    Not(Box<Re>),
    Rep(Box<Re>, u32, Option<u32>),
    Multiples(Multiples),
}

/// Characters of one to four bytes; neighbours, so that classes and single ones overlap.
pub const CHARS: [char; 7] = ['a', 'b', 'c', 'é', 'ê', '─', '😀'];

/// Beyond so many bytes a sample repeats nothing more.
const LONG: usize = 20_000;

pub fn lit(text: &str) -> Re {
    Re::Lit(text.as_bytes().to_vec())
}

pub fn class(lo: char, hi: char) -> Re {
    Re::Class(vec![(lo.into(), hi.into())])
}

pub fn rep(re: Re, min: u32, max: Option<u32>) -> Re {
    Re::Rep(Box::new(re), min, max)
}

impl Re {
    /// The expression, through the arena's constructors.
    pub fn build(&self, arena: &mut Arena) -> Result<ExprId> {
        let all = |list: &[Re], arena: &mut Arena| -> Result<Vec<ExprId>> {
            list.iter().map(|x| x.build(arena)).collect()
        };
        match self {
            Re::Nothing => Ok(EMPTY),
            Re::Blank => Ok(EPSILON),
            Re::Bytes(ranges) => {
                let mut set = ByteSet::EMPTY;
                for &(lo, hi) in ranges {
                    (lo..=hi).for_each(|b| set.insert(b));
                }
                arena.bytes(set)
            }
            Re::Class(ranges) => arena.class(ranges),
            Re::Lit(text) => arena.literal(text),
            Re::Set(texts) => {
                let list: Vec<(&[u8], u32)> = texts.iter().map(|t| (&t[..], PLAIN)).collect();
                arena.literals(&list)
            }
            Re::Cat(list) => {
                let list = all(list, arena)?;
                arena.concat_all(&list)
            }
            Re::Or(list) => {
                let list = all(list, arena)?;
                arena.or(list)
            }
            Re::And(list) => {
                let list = all(list, arena)?;
                arena.and(list)
            }
            Re::Not(x) => {
                let x = x.build(arena)?;
                arena.not(x)
            }
            Re::Rep(x, min, max) => {
                let x = x.build(arena)?;
                arena.repeat(x, *min, max.unwrap_or(UNBOUNDED))
            }
            Re::Multiples(all) => all.build(arena),
        }
    }

    /// The byte program (the format of `compiler/regex/program.py`), written from its description.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Re::Nothing => out.push(0),
            Re::Blank => out.push(1),
            Re::Class(ranges) => {
                out.push(2);
                number(ranges.len() as u64, out);
                for &(lo, hi) in ranges {
                    number(lo.into(), out);
                    number(hi.into(), out);
                }
            }
            Re::Bytes(ranges) => {
                out.push(3);
                number(ranges.len() as u64, out);
                for &(lo, hi) in ranges {
                    number(lo.into(), out);
                    number(hi.into(), out);
                }
            }
            Re::Lit(text) => {
                out.push(4);
                number(text.len() as u64, out);
                out.extend_from_slice(text);
            }
            Re::Set(texts) => {
                for text in texts {
                    Re::Lit(text.clone()).encode(out);
                }
                out.push(6);
                number(texts.len() as u64, out);
            }
            Re::Cat(list) | Re::Or(list) | Re::And(list) => {
                list.iter().for_each(|x| x.encode(out));
                out.push(match self {
                    Re::Cat(_) => 5,
                    Re::Or(_) => 6,
                    _ => 7,
                });
                number(list.len() as u64, out);
            }
            Re::Not(x) => {
                x.encode(out);
                out.push(8);
            }
            Re::Rep(x, min, max) => {
                x.encode(out);
                out.push(9);
                number((*min).into(), out);
                number(max.map_or(0, |m| u64::from(m) + 1), out);
            }
            Re::Multiples(all) => all.encode(out),
        }
    }

    pub fn matches(&self, text: &[u8]) -> bool {
        self.judge(text).expect("a text that the judge can take")
    }

    /// The same; `None` where counts within counts would take the judge too long.
    pub fn judge(&self, text: &[u8]) -> Option<bool> {
        let mut room = ROOM;
        let verdict = self.judge_within(text, &mut room);
        (room > 0).then_some(verdict)
    }

    /// The same, where no more than `room` ends are handled; with none left the verdict is void.
    pub fn judge_within(&self, text: &[u8], room: &mut usize) -> bool {
        let mut judge = Judge::new(text);
        judge.room = *room;
        let verdict = judge.ends(self, 0).contains(&text.len());
        *room = judge.room;
        verdict
    }

    /// Whether some member begins with `text`. For terms without `And`, `Not` and `Nothing`, whose
    /// classes and sets hold something.
    pub fn begins(&self, text: &[u8]) -> bool {
        let mut judge = Judge::new(text);
        let over = judge.over(self, 0);
        assert!(judge.room > 0, "a text that the judge cannot take");
        over
    }

    /// Code points where the term's classes and literals begin, or have just ended.
    pub fn bounds(&self, out: &mut BTreeSet<u32>) {
        match self {
            Re::Nothing | Re::Blank | Re::Bytes(_) | Re::Multiples(_) => {}
            Re::Class(ranges) => {
                for &(lo, hi) in ranges {
                    out.extend([lo, hi + 1]);
                }
            }
            Re::Lit(text) => chars_of(text, out),
            Re::Set(texts) => texts.iter().for_each(|t| chars_of(t, out)),
            Re::Cat(list) | Re::Or(list) | Re::And(list) => {
                list.iter().for_each(|x| x.bounds(out));
            }
            Re::Not(x) | Re::Rep(x, _, _) => x.bounds(out),
        }
    }

    /// A text that is often a member.
    pub fn sample(&self, chance: &mut Chance, out: &mut Vec<u8>) {
        match self {
            Re::Nothing | Re::Blank => {}
            Re::Bytes(ranges) => {
                if let [_, ..] = ranges[..] {
                    let (lo, hi) = *chance.pick(ranges);
                    out.push(lo + chance.below(usize::from(hi - lo) + 1) as u8);
                }
            }
            Re::Class(ranges) => {
                if let [_, ..] = ranges[..] {
                    let (lo, hi) = *chance.pick(ranges);
                    let c = lo + chance.below((hi - lo) as usize + 1) as u32;
                    let c = char::from_u32(c).unwrap_or('a');
                    out.extend_from_slice(c.to_string().as_bytes());
                }
            }
            Re::Lit(text) => out.extend_from_slice(text),
            Re::Set(texts) => {
                if let [_, ..] = texts[..] {
                    out.extend(chance.pick(&texts[..]));
                }
            }
            Re::Cat(list) => list.iter().for_each(|x| x.sample(chance, out)),
            Re::Or(list) | Re::And(list) => {
                if let [_, ..] = list[..] {
                    chance.pick(list).sample(chance, out);
                }
            }
            Re::Not(x) => {
                x.sample(chance, out);
                if chance.once_in(2) {
                    out.push(b'a');
                }
            }
            Re::Rep(x, min, max) => {
                let some = chance.below(4) as u32;
                let times = max.unwrap_or(u32::MAX).min(min.saturating_add(some));
                for i in 0..times {
                    let before = out.len();
                    x.sample(chance, out);
                    // Counts within counts multiply.
                    if out.len() > LONG || (out.len() == before && i > 4) {
                        break;
                    }
                }
            }
            Re::Multiples(all) => all.sample(chance, out),
        }
    }
}

fn chars_of(text: &[u8], out: &mut BTreeSet<u32>) {
    for c in String::from_utf8_lossy(text).chars() {
        out.extend([c.into(), u32::from(c) + 1]);
    }
}

/// An unsigned LEB128 number.
pub fn number(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

type Spot = (*const Re, usize);

/// How many ends one judgement may handle, each as often as it does.
const ROOM: usize = 2_000_000;

/// One text under judgement.
struct Judge<'a> {
    text: &'a [u8],
    ends: HashMap<Spot, Rc<BTreeSet<usize>>>,
    over: HashMap<Spot, bool>,
    /// What is left of [`ROOM`]; with none left all answers are meaningless, and come at once.
    room: usize,
}

impl<'a> Judge<'a> {
    fn new(text: &'a [u8]) -> Self {
        Judge {
            text,
            ends: HashMap::new(),
            over: HashMap::new(),
            room: ROOM,
        }
    }

    fn pay(&mut self, ends: usize) {
        self.room = self.room.saturating_sub(ends);
    }

    fn ends(&mut self, re: &Re, at: usize) -> Rc<BTreeSet<usize>> {
        if let Some(known) = self.ends.get(&(re as *const Re, at)) {
            return known.clone();
        }
        let made = Rc::new(self.ends_of(re, at));
        self.ends.insert((re, at), made.clone());
        made
    }

    fn after(&mut self, re: &Re, starts: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut out = BTreeSet::new();
        for &at in starts {
            if self.room == 0 {
                break;
            }
            let own = self.ends(re, at);
            self.pay(1 + own.len());
            out.extend(own.iter());
        }
        out
    }

    fn ends_of(&mut self, re: &Re, at: usize) -> BTreeSet<usize> {
        let n = self.text.len();
        let rest = &self.text[at..];
        match re {
            Re::Nothing => BTreeSet::new(),
            Re::Blank => BTreeSet::from([at]),
            Re::Bytes(ranges) => match rest.first() {
                Some(b) if ranges.iter().any(|(lo, hi)| (lo..=hi).contains(&b)) => {
                    BTreeSet::from([at + 1])
                }
                _ => BTreeSet::new(),
            },
            Re::Class(ranges) => {
                let found = (1..=rest.len().min(4)).find_map(|n| {
                    let c = std::str::from_utf8(&rest[..n]).ok()?;
                    Some((u32::from(c.chars().next()?), n))
                });
                match found {
                    Some((c, n)) if ranges.iter().any(|&(lo, hi)| lo <= c && c <= hi) => {
                        BTreeSet::from([at + n])
                    }
                    _ => BTreeSet::new(),
                }
            }
            Re::Lit(text) if rest.starts_with(text) => BTreeSet::from([at + text.len()]),
            Re::Lit(_) => BTreeSet::new(),
            Re::Set(texts) => {
                let hits = texts.iter().filter(|t| rest.starts_with(t));
                hits.map(|t| at + t.len()).collect()
            }
            Re::Cat(list) => {
                let mut reached = BTreeSet::from([at]);
                for x in list {
                    reached = self.after(x, &reached);
                }
                reached
            }
            Re::Or(list) => {
                let all = list.iter().map(|x| self.after(x, &BTreeSet::from([at])));
                all.flatten().collect()
            }
            Re::And(list) => {
                let mut reached: BTreeSet<usize> = (at..=n).collect();
                self.pay(reached.len());
                for x in list {
                    let own = self.ends(x, at);
                    self.pay(reached.len());
                    reached.retain(|p| own.contains(p));
                }
                reached
            }
            Re::Not(x) => {
                let own = self.ends(x, at);
                self.pay(n - at);
                (at..=n).filter(|p| !own.contains(p)).collect()
            }
            Re::Rep(x, min, max) => {
                let (least, most) = (self.least(x, at, *min), max.unwrap_or(u32::MAX));
                let mut reached = BTreeSet::from([at]);
                let mut out = BTreeSet::new();
                let mut round = 0;
                loop {
                    if round >= least {
                        // What was reached by fewer rounds has been gone on from already.
                        if least == 0 {
                            reached.retain(|p| !out.contains(p));
                        }
                        out.extend(reached.iter().copied());
                    }
                    if round == most || reached.is_empty() {
                        return out;
                    }
                    reached = self.after(x, &reached);
                    round += 1;
                }
            }
            Re::Multiples(all) => {
                let ends = (at..=n).filter(|&end| all.holds(&self.text[at..end]));
                ends.collect()
            }
        }
    }

    /// A body that holds the empty string may be repeated less often: the rest of it is empty.
    fn least(&mut self, body: &Re, at: usize, min: u32) -> u32 {
        let empty = self.ends(body, at).contains(&at);
        if empty { 0 } else { min }
    }

    /// Whether what stands from `at` on begins a member.
    fn over(&mut self, re: &Re, at: usize) -> bool {
        if at == self.text.len() {
            return true;
        }
        if let Some(&known) = self.over.get(&(re as *const Re, at)) {
            return known;
        }
        let made = self.over_of(re, at);
        self.over.insert((re, at), made);
        made
    }

    fn over_of(&mut self, re: &Re, at: usize) -> bool {
        let n = self.text.len();
        let rest = &self.text[at..];
        let within = |ranges: &[(u32, u32)], lo: u32, hi: u32| {
            ranges.iter().any(|&(a, b)| a.max(lo) <= b.min(hi))
        };
        match re {
            Re::Nothing | Re::And(_) | Re::Not(_) | Re::Multiples(_) => {
                unreachable!("asked of simple terms only")
            }
            Re::Blank => false,
            Re::Bytes(_) => self.ends(re, at).contains(&n),
            Re::Class(ranges) => {
                self.ends(re, at).contains(&n)
                    || super::json::cut_character(rest)
                        .is_some_and(|(lo, hi)| within(ranges, lo, hi))
            }
            Re::Lit(text) => text.starts_with(rest),
            Re::Set(texts) => texts.iter().any(|t| t.starts_with(rest)),
            Re::Or(list) => list.iter().any(|x| self.over(x, at)),
            Re::Cat(list) => {
                let mut reached = BTreeSet::from([at]);
                for x in list {
                    if reached.iter().any(|&p| self.over(x, p)) {
                        return true;
                    }
                    reached = self.after(x, &reached);
                }
                reached.contains(&n)
            }
            Re::Rep(x, _, max) => {
                let mut seen = BTreeSet::new();
                let mut reached = BTreeSet::from([at]);
                for _ in 0..max.unwrap_or(u32::MAX) {
                    if reached.iter().any(|&p| self.over(x, p)) {
                        return true;
                    }
                    seen.extend(reached.iter().copied());
                    reached = self.after(x, &reached);
                    // What was tried once goes on no better with fewer rounds left.
                    reached.retain(|p| !seen.contains(p));
                    if reached.is_empty() {
                        return false;
                    }
                }
                false
            }
        }
    }
}

fn characters() -> impl Strategy<Value = Re> {
    let ranges = (0..CHARS.len(), 0..CHARS.len()).prop_map(|(i, j)| {
        let (i, j) = (i.min(j), i.max(j));
        class(CHARS[i], CHARS[j])
    });
    prop_oneof![
        4 => prop::sample::select(&CHARS[..]).prop_map(|c| class(c, c)),
        2 => ranges,
        1 => Just(Re::Class(vec![(0, 0x60), (0x63, 0xD7FF), (0xE000, 0x10_FFFF)])),
        1 => Just(Re::Class(vec![(0, 0x10_FFFF)])),
    ]
}

fn texts() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(&CHARS[..]), 0..5)
        .prop_map(|chars| chars.into_iter().collect::<String>().into_bytes())
}

fn bounds() -> impl Strategy<Value = (u32, Option<u32>)> {
    prop_oneof![
        4 => (0u32..4, 0u32..4).prop_map(|(min, more)| (min, Some(min + more))),
        2 => (0u32..3).prop_map(|min| (min, None)),
        1 => (0u32..20, 0u32..5_000).prop_map(|(min, more)| (min, Some(min + more))),
        1 => Just((0, Some(4_000_000_000))),
    ]
}

/// Terms over text, without complement and intersection, that are not empty.
pub fn simple() -> impl Strategy<Value = Re> {
    let leaf = prop_oneof![
        6 => characters(),
        2 => texts().prop_map(Re::Lit),
        1 => prop::collection::vec(texts(), 1..6).prop_map(Re::Set),
        1 => Just(Re::Blank),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(Re::Cat),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(Re::Or),
            3 => (inner, bounds()).prop_map(|(x, (min, max))| rep(x, min, max)),
        ]
    })
}

/// Any term at all.
pub fn any() -> impl Strategy<Value = Re> {
    let bytes = prop_oneof![
        Just(Re::Bytes(vec![(b'a', b'b')])),
        Just(Re::Bytes(vec![(0xC3, 0xC3)])),
        Just(Re::Bytes(vec![(0x80, 0xFF)])),
        Just(Re::Bytes(vec![(0, 0xFF)])),
        Just(Re::Bytes(vec![])),
    ];
    let leaf = prop_oneof![
        6 => characters(),
        2 => texts().prop_map(Re::Lit),
        1 => prop::collection::vec(texts(), 0..6).prop_map(Re::Set),
        2 => bytes,
        1 => Just(Re::Lit(vec![0xC3])),
        1 => Just(Re::Blank),
        1 => Just(Re::Nothing),
        1 => Just(Re::Class(vec![])),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 0..4).prop_map(Re::Cat),
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Re::Or),
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Re::And),
            1 => inner.clone().prop_map(|x| Re::Not(Box::new(x))),
            3 => (inner, bounds()).prop_map(|(x, (min, max))| rep(x, min, max)),
        ]
    })
}

/// A text over the terms' alphabet, sometimes cut within a character, sometimes no text at all.
pub fn text(chance: &mut Chance, length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..chance.below(length + 1) {
        match chance.below(12) {
            0 => out.push(*chance.pick(&[0xC3, 0x80, 0xFF, 0xE2, b'z', 0])),
            _ => out.extend_from_slice(chance.pick(&CHARS).to_string().as_bytes()),
        }
    }
    if chance.once_in(6) {
        out.pop();
    }
    out
}
