//! Masks of strings over random vocabularies: against acceptance token by token, and against what
//! the definition of the language says of the bytes. Counted repetitions are the heart of it: the
//! kernel makes one profile for all counts and selects by bounds, acceptance counts byte by byte.

mod common;

use common::chance::Chance;
use common::lead::{begins_string_of, spell};
use common::re::{Re, class, lit, rep, simple};
use common::schema::{Schema, Val, if_array};
use common::{cases, vocab};
use grammarlib_automata::value::types;
use grammarlib_automata::{Compiled, Limits, Matcher, Vocabulary};
use proptest::prelude::*;
use std::sync::Arc;

const PIECES: [&[u8]; 24] = [
    b"a",
    b"b",
    b"c",
    "é".as_bytes(),
    "ê".as_bytes(),
    "─".as_bytes(),
    "😀".as_bytes(),
    b"\xC3",
    b"\xA9",
    b"\xF0\x9F",
    b"\x98\x80",
    b"\xFF",
    b"\xED\xA0",
    b"\"",
    b"\",\"",
    b"\"]",
    b"\\",
    b"\\u00",
    b"\\u0061",
    b"\\ud83d\\u",
    b"de00",
    b"61",
    b"\\\"",
    b"\n",
];

/// A vocabulary of 1-byte to 128-byte tokens: all bytes, joined pieces, runs, spellings of members,
/// tokens that occur twice, tokens that match no text.
fn vocabulary(re: &Re, chance: &mut Chance) -> (Arc<Vocabulary>, u32) {
    let mut list: Vec<Option<Vec<u8>>> = (0..=255u8).map(|b| Some(vec![b])).collect();
    for _ in 0..24 {
        let mut token = vocab::joined(&PIECES, chance, 4);
        if chance.once_in(3) {
            let times = 1 + chance.below(128);
            token = token.repeat(times);
        }
        token.truncate(128);
        list.push(Some(token));
    }
    for _ in 0..12 {
        let mut text = Vec::new();
        re.sample(chance, &mut text);
        text.truncate(100);
        let raw = spell(&String::from_utf8_lossy(&text), chance);
        let from = chance.below(raw.len());
        let to = from + 1 + chance.below(raw.len() - from);
        list.push(Some(raw[from..to].to_vec()));
    }
    let again = list[256 + chance.below(30)].clone();
    list.extend([again.clone(), None, Some(Vec::new()), again]);
    chance.shuffle(&mut list);
    let eos = list.len() as u32;
    list.push(Some(b"a".to_vec())); // an end token is no text, whatever its bytes
    vocab::made(&list, &[eos], 5)
}

fn strings(re: &Re, in_array: bool) -> Schema {
    let string = Val::Strings(re.clone());
    let array = if_array(vec![], string.clone(), 0, None);
    Schema {
        root: if in_array {
            Val::All(vec![Val::Types(types::ARRAY), array])
        } else {
            string
        },
        defs: vec![],
        blank: Re::Blank,
        declared: true,
    }
}

fn matcher(schema: &Schema, vocab: &Arc<Vocabulary>) -> (Arc<Compiled>, Matcher) {
    let compiled = schema
        .compile(vocab, Limits::default())
        .expect("it has members");
    let m = compiled.matcher().expect("a matcher");
    (compiled, m)
}

fn mask(vocab: &Vocabulary, m: &mut Matcher) -> Vec<u32> {
    let mut mask = vec![u32::MAX; vocab.words()];
    m.fill(&mut mask).expect("a mask");
    vocab::members(&mask)
}

/// The first token whose bit is not what `takes` says.
fn wrong(
    vocab: &Vocabulary,
    allowed: &[u32],
    mut takes: impl FnMut(u32) -> bool,
) -> Option<(u32, bool, String)> {
    (0..vocab.size()).find_map(|token| {
        let is = allowed.binary_search(&token).is_ok();
        let text = vocab.token(token).map(|t| t.escape_ascii().to_string());
        (takes(token) != is).then(|| (token, is, text.unwrap_or_default()))
    })
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn masks_are_what_the_language_says(re in simple(), seed in any::<u64>()) {
        let mut chance = Chance(seed);
        let (vocab, eos) = vocabulary(&re, &mut chance);
        let (_compiled, mut m) = matcher(&strings(&re, false), &vocab);
        for _ in 0..5 {
            let allowed = mask(&vocab, &mut m);
            let by_token = wrong(&vocab, &allowed, |t| m.fork().accept_token(t) == Ok(true));
            prop_assert_eq!(by_token, None, "against acceptance, after {}", m.text().escape_ascii());
            let accepting = m.is_accepting() == Ok(true);
            let before = m.text().to_vec();
            let by_bytes = wrong(&vocab, &allowed, |t| match vocab.token(t) {
                Some(text) => begins_string_of(&re, &[&before, text].concat()),
                None => t == eos && accepting,
            });
            prop_assert_eq!(by_bytes, None, "against the language, after {}", before.escape_ascii());
            let texts: Vec<u32> = allowed.into_iter().filter(|&t| t != eos).collect();
            let Some(_) = texts.first() else { break };
            prop_assert_eq!(m.accept_token(*chance.pick(&texts)), Ok(true));
        }
    }
}

/// Bodies of counts: of one length and of several, and such as are read in more than one way.
fn bodies() -> impl Strategy<Value = Re> {
    let or = |list: &[&str]| Re::Or(list.iter().map(|t| lit(t)).collect());
    prop_oneof![
        3 => prop::sample::select(vec![
            class('a', 'a'),
            class('a', 'c'),
            class('\0', '\u{10FFFF}'),
            class('é', '😀'),
            lit("ab"),
            lit("é"),
        ]),
        3 => prop::sample::select(vec![
            or(&["a", "aaa"]),
            or(&["a", "aa"]),
            or(&["a", "b", "ab"]),
            or(&["ab", "a", "ba"]),
            or(&["aa", "ab", "aaab"]),
            Re::Cat(vec![lit("a"), rep(lit("b"), 0, Some(1))]),
            Re::Cat(vec![rep(lit("a"), 0, Some(1)), rep(lit("b"), 0, Some(1))]),
            Re::Cat(vec![lit("a"), rep(lit("b"), 0, None)]),
            Re::Cat(vec![rep(lit("b"), 0, Some(2)), lit("a")]),
            rep(lit("a"), 2, Some(3)),
        ]),
        1 => simple(),
    ]
}

/// What stands around a count.
fn sides() -> impl Strategy<Value = Re> {
    let any = class('\0', '\u{10FFFF}');
    prop_oneof![
        4 => Just(Re::Blank),
        3 => prop::sample::select(vec![
            lit("a"),
            lit("bcd"),
            lit("ab"),
            class('a', 'b'),
            rep(any, 0, None),
            rep(lit("a"), 0, None),
            rep(class('a', 'b'), 0, Some(1)),
            Re::Or(vec![lit("a"), lit("abc")]),
        ]),
    ]
}

#[derive(Clone, Debug)]
struct Counted {
    before: Re,
    body: Re,
    min: u32,
    max: Option<u32>,
    behind: Re,
}

impl Counted {
    fn re(&self) -> Re {
        let count = rep(self.body.clone(), self.min, self.max);
        Re::Cat(vec![self.before.clone(), count, self.behind.clone()])
    }

    /// A beginning of a member, with a number of items near one of the bounds.
    fn beginning(&self, chance: &mut Chance) -> Vec<u8> {
        let bound = match self.max {
            Some(max) if chance.once_in(2) => max,
            _ => self.min,
        };
        let items = (bound + 2).saturating_sub(chance.below(14) as u32);
        let mut out = Vec::new();
        self.before.sample(chance, &mut out);
        (0..items).for_each(|_| self.body.sample(chance, &mut out));
        out
    }
}

fn counted(most: u32) -> impl Strategy<Value = Counted> {
    let near = (0u32..14, 0u32..14).prop_map(|(min, more)| (min, Some(min + more)));
    let far = (0..most, 0..most).prop_map(|(a, b)| (a.min(b), Some(a.max(b))));
    let exact = (0..most).prop_map(|n| (n, Some(n)));
    let open = (0u32..40).prop_map(|min| (min, None));
    let bounds = prop_oneof![3 => near, 3 => far, 1 => exact, 2 => open];
    (sides(), bodies(), bounds, sides()).prop_map(|(before, body, (min, max), behind)| Counted {
        before,
        body,
        min,
        max,
        behind,
    })
}

/// Tokens that hold several items, with and without what follows them.
fn items(counted: &Counted, chance: &mut Chance) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for _ in 0..30 {
        let mut token = Vec::new();
        if chance.once_in(4) {
            counted.before.sample(chance, &mut token);
        }
        let most = if chance.once_in(2) { 4 } else { 40 };
        (0..chance.below(most)).for_each(|_| counted.body.sample(chance, &mut token));
        if chance.once_in(2) {
            counted.behind.sample(chance, &mut token);
        }
        match chance.below(3) {
            0 => token.extend_from_slice(b"\""),
            1 => {
                let ends: [&[u8]; 4] = [b"\",\"", b"\",\"a", b"\"]", b"b\""];
                let end: &[u8] = chance.pick::<&[u8]>(&ends);
                token.extend_from_slice(end);
            }
            _ => {}
        }
        token.truncate(128);
        if !token.is_empty() {
            out.push(token);
        }
    }
    out
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn counts_are_kept_within_their_bounds(c in counted(40), seed in any::<u64>()) {
        let mut chance = Chance(seed);
        let re = c.re();
        let (vocab, eos) = vocab::whole(&items(&c, &mut chance));
        let (_compiled, mut m) = matcher(&strings(&re, false), &vocab);
        prop_assert_eq!(m.accept_bytes(b"\""), Ok(true));
        for _ in 0..3 {
            let text = c.beginning(&mut chance);
            let mut m = m.fork();
            if text.len() > 120 || m.accept_bytes(&text) != Ok(true) {
                continue;
            }
            let allowed = mask(&vocab, &mut m);
            let before = m.text().to_vec();
            let accepting = m.is_accepting() == Ok(true);
            let by_bytes = wrong(&vocab, &allowed, |t| match vocab.token(t) {
                Some([b]) if !b"abc\"\\\xC3".contains(b) => allowed.binary_search(&t).is_ok(),
                Some(text) => begins_string_of(&re, &[&before, text].concat()),
                None => t == eos && accepting,
            });
            prop_assert_eq!(by_bytes, None, "after {}", before.escape_ascii());
        }
    }

    #[test]
    fn masks_of_counts_are_acceptance(
        c in counted(5_000),
        in_array in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut chance = Chance(seed);
        let (vocab, _) = vocab::whole(&items(&c, &mut chance));
        let (_compiled, mut m) = matcher(&strings(&c.re(), in_array), &vocab);
        prop_assert_eq!(m.accept_bytes(if in_array { b"[\"" } else { b"\"" }), Ok(true));
        for _ in 0..3 {
            let text = c.beginning(&mut chance);
            let mut m = m.fork();
            if text.len() > 12_000 || m.accept_bytes(&text) != Ok(true) {
                continue;
            }
            for _ in 0..2 {
                let allowed = mask(&vocab, &mut m);
                let by_token = wrong(&vocab, &allowed, |t| m.fork().accept_token(t) == Ok(true));
                prop_assert_eq!(by_token, None, "after {} bytes", m.text().len());
                let Some(_) = allowed.first() else { break };
                prop_assert_eq!(m.accept_token(*chance.pick(&allowed)), Ok(true));
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(25))]

    /// What one grammar leaves in a vocabulary serves another only where it is the same.
    #[test]
    fn grammars_share_a_vocabulary_without_effect(
        list in prop::collection::vec((counted(60), any::<bool>()), 2..5),
        seed in any::<u64>(),
    ) {
        let mut chance = Chance(seed);
        let mut tokens = Vec::new();
        for (c, _) in &list {
            tokens.extend(items(c, &mut chance));
        }
        let (shared, _) = vocab::whole(&tokens);
        let all: Vec<Schema> = list.iter().map(|(c, array)| strings(&c.re(), *array)).collect();
        let (_keep, mut ours): (Vec<_>, Vec<_>) = all.iter().map(|s| matcher(s, &shared)).unzip();
        let texts: Vec<Vec<u8>> = list.iter().map(|(c, _)| c.beginning(&mut chance)).collect();
        let mut alone = Vec::new();
        for schema in &all {
            let (own, _) = vocab::whole(&tokens);
            let (compiled, m) = matcher(schema, &own);
            alone.push((own, compiled, m));
        }
        for step in 0..4 {
            let mut turn: Vec<usize> = (0..all.len()).collect();
            chance.shuffle(&mut turn);
            for i in turn {
                let (own, _, theirs) = &mut alone[i];
                let allowed = mask(&shared, &mut ours[i]);
                prop_assert_eq!(&allowed, &mask(own, theirs));
                let quote = if list[i].1 && step == 0 { &b"[\""[..] } else { b"\"" };
                let bytes = if step == 0 { quote } else { &texts[i][..texts[i].len() * step / 4] };
                let taken = ours[i].accept_bytes(bytes);
                prop_assert_eq!(&taken, &theirs.accept_bytes(bytes));
            }
            if step == 2 {
                shared.clear_cache();
            }
        }
    }
}

/// The exact bounds of a far count, by arithmetic.
#[test]
fn a_far_bound_is_met_exactly() {
    let runs: Vec<Vec<u8>> = (1..=128).map(|n| vec![b'a'; n]).collect();
    let closed = runs.iter().map(|t| [t, &b"\""[..]].concat());
    let tokens: Vec<Vec<u8>> = runs.iter().cloned().chain(closed).collect();
    let (vocab, _) = vocab::whole(&tokens);
    for (min, max) in [
        (0usize, 5_000usize),
        (4_990, 5_000),
        (5_000, 5_000),
        (0, 100),
        (100, 5_000),
    ] {
        let re = rep(class('a', 'z'), min as u32, Some(max as u32));
        let (_compiled, start) = matcher(&strings(&re, false), &vocab);
        for at in [
            0, 1, 90, 100, 4_871, 4_872, 4_873, 4_989, 4_990, 4_999, 5_000,
        ] {
            let mut m = start.fork();
            let fits = m.accept_bytes(&[&b"\""[..], &vec![b'a'; at]].concat());
            assert_eq!(fits, Ok(at <= max));
            if at > max {
                continue;
            }
            let allowed = mask(&vocab, &mut m);
            for (i, token) in tokens.iter().enumerate() {
                let items = at + token.iter().filter(|&&b| b == b'a').count();
                let closes = token.ends_with(b"\"");
                let expected = items <= max && (!closes || items >= min);
                let is = allowed.contains(&(256 + i as u32));
                assert_eq!(
                    is,
                    expected,
                    "{{{min},{max}}} at {at}, {}",
                    token.escape_ascii()
                );
            }
        }
    }
}

#[test]
fn padding_special_and_end_tokens_match_no_text() {
    let list = [
        Some(b"a".to_vec()),
        None,
        Some(b"\"".to_vec()),
        Some(b"a".to_vec()),
        Some(vec![]),
    ];
    let (vocab, _) = vocab::made(&list, &[3], 40);
    let re = rep(class('a', 'a'), 0, None);
    let (_compiled, mut m) = matcher(&strings(&re, false), &vocab);
    let mut words = [u32::MAX; 2];
    m.fill(&mut words).expect("a mask");
    assert_eq!(words, [0b100, 0]);
    assert_eq!(m.accept_token(2), Ok(true));
    assert_eq!(mask(&vocab, &mut m), [0, 2]);
    for token in [1, 3, 4, 5, 44, 45, u32::MAX] {
        assert_eq!(m.accept_token(token), Ok(false), "{token}");
    }
    assert_eq!(m.accept_token(2), Ok(true));
    assert_eq!(mask(&vocab, &mut m), [3]);
    assert!(m.fill(&mut [0]).is_err(), "a row too short");
}

#[test]
fn vocabularies_that_make_no_sense_are_refused() {
    let tokens = [Some(b"a".to_vec()), None];
    let made = |tokens: &[Option<Vec<u8>>], eos: &[u32], size| {
        Vocabulary::new(tokens, eos, size, 1 << 20).map(|v| v.size())
    };
    assert_eq!(made(&tokens, &[1], 2), Ok(2));
    assert!(made(&tokens, &[1], 1).is_err(), "fewer ids than tokens");
    assert!(made(&tokens, &[], 2).is_err(), "no end token");
    assert!(made(&tokens, &[2], 2).is_err(), "an end token outside");
    assert!(
        made(&[Some(vec![b'a'; 65_536])], &[0], 1).is_ok(),
        "an end token's bytes are not read"
    );
    assert!(
        made(&[Some(vec![b'a'; 65_536]), None], &[1], 2).is_err(),
        "a token too long"
    );
}

#[test]
fn an_escape_that_begins_after_the_last_item_is_no_room() {
    let lists: [&[u8]; 4] = [
        b"aaaaaaaaa\\",
        b"aaaaaaaa\\",
        b"aaaaaaaaa\\u0",
        b"aaaaaaaa\\u0",
    ];
    let mut list: Vec<Option<Vec<u8>>> = (0..=255u8).map(|b| Some(vec![b])).collect();
    list.extend(lists.iter().map(|t| Some(t.to_vec())));
    list.push(None);
    let eos = list.len() as u32 - 1;
    let (vocab, _) = vocab::made(&list, &[eos], 0);
    let any = || rep(class('\0', '\u{ff}'), 0, Some(9));
    // Nothing behind; what an escape may also spell; what none can.
    for (tail, expected) in [
        (None, 0b1010),
        (Some('b'), 0b1111),
        (Some('\u{100}'), 0b1111),
    ] {
        let re = match tail {
            None => any(),
            Some(c) => Re::Cat(vec![any(), lit(&c.to_string())]),
        };
        let (_compiled, mut m) = matcher(&strings(&re, false), &vocab);
        assert_eq!(m.accept_bytes(b"\""), Ok(true));
        let allowed = mask(&vocab, &mut m);
        let bits: u32 = (0..4)
            .map(|i| u32::from(allowed.contains(&(256 + i))) << i)
            .sum();
        assert_eq!(bits, expected, "{tail:?}");
        for i in 0..4 {
            let taken = m.fork().accept_token(256 + i).expect("a verdict");
            assert_eq!(taken, bits >> i & 1 == 1, "{tail:?}, {i}");
        }
    }
}
/// Patterns as they stand beside limits of length: anchored, searched, with gaps in their lengths.
fn patterns() -> impl Strategy<Value = Re> {
    let all = || rep(class('\0', '\u{10FFFF}'), 0, None);
    let around = move |re: Re, left: bool, right: bool| {
        let mut list = vec![re];
        if left {
            list.insert(0, all());
        }
        if right {
            list.push(all());
        }
        Re::Cat(list)
    };
    let gaps = prop::sample::select(vec![
        Re::Or(vec![lit("aa"), lit("aaaaa")]),
        rep(lit("ab"), 0, None),
        Re::Or(vec![
            rep(class('a', 'b'), 2, Some(4)),
            rep(lit("abc"), 5, Some(6)),
        ]),
        Re::Cat(vec![
            rep(class('é', '😀'), 1, Some(3)),
            rep(lit("a"), 0, None),
        ]),
        rep(class('a', 'c'), 3, Some(11)),
        Re::Cat(vec![rep(class('a', 'c'), 3, Some(11)), lit("é")]),
    ]);
    let re = prop_oneof![1 => simple(), 1 => bodies(), 2 => gaps];
    let plain = (re, any::<bool>(), any::<bool>()).prop_map(move |(re, l, r)| around(re, l, r));
    // What a look-ahead or `not` forbids, beside a pattern or alone.
    let all = Just(rep(class('\0', '\u{10FFFF}'), 0, None));
    let beside = prop_oneof![1 => plain.clone(), 1 => all];
    let without =
        (beside, plain.clone()).prop_map(|(re, never)| Re::And(vec![re, Re::Not(Box::new(never))]));
    prop_oneof![2 => plain, 1 => without]
}

proptest! {
    #![proptest_config(cases(150))]

    /// Acceptance goes byte by byte and knows no symbolic counts.
    #[test]
    fn lengths_beside_patterns(
        pattern in patterns(),
        min in 0u32..12,
        more in prop::option::of(0u32..14),
        seed in any::<u64>(),
    ) {
        let mut chance = Chance(seed);
        let length = rep(class('\0', '\u{10FFFF}'), min, more.map(|more| min + more));
        let re = Re::And(vec![length, pattern.clone()]);
        let mut tokens = Vec::new();
        for _ in 0..24 {
            let mut text = Vec::new();
            pattern.sample(&mut chance, &mut text);
            let from = chance.below(text.len() + 1);
            let mut token = spell(&String::from_utf8_lossy(&text[from..]), &mut chance);
            match chance.below(4) {
                0 => token.push(b'"'),
                1 => token.extend_from_slice(b"\\u00"),
                2 => token.push(b'\\'),
                _ => {}
            }
            token.truncate(128);
            if !token.is_empty() {
                tokens.push(token);
            }
        }
        let (vocab, _) = vocab::whole(&tokens);
        let Ok(compiled) = strings(&re, false).compile(&vocab, Limits::default()) else {
            return Ok(()); // nothing is so long
        };
        let compiled = Arc::new(compiled);
        let start = compiled.matcher().expect("a matcher");
        for _ in 0..3 {
            let mut text = Vec::new();
            pattern.sample(&mut chance, &mut text);
            let raw = spell(&String::from_utf8_lossy(&text), &mut chance);
            let mut m = start.fork();
            let end = chance.below(raw.len() + 1);
            let first = [&b"\""[..], &raw[..end]].concat();
            for &b in &first {
                let allowed = mask(&vocab, &mut m);
                let by_token = wrong(&vocab, &allowed, |t| m.fork().accept_token(t) == Ok(true));
                let at = m.text().escape_ascii().to_string();
                prop_assert_eq!(by_token, None, "after {}", at);
                if m.accept_bytes(&[b]) != Ok(true) {
                    break;
                }
            }
        }
    }
}

/// Completions of 1 or 4 more characters do not fit where 2 or 3 are asked for.
#[test]
fn a_gap_in_the_lengths_of_a_pattern() {
    let list: Vec<Vec<u8>> = [&b"aa"[..], b"bb", b"aaa"].map(<[u8]>::to_vec).to_vec();
    let (vocab, _) = vocab::whole(&list);
    let re = Re::And(vec![
        rep(class('\0', '\u{10FFFF}'), 3, Some(4)),
        Re::Or(vec![lit("aa"), lit("aaaaa"), lit("bbbb")]),
    ]);
    let (_compiled, mut m) = matcher(&strings(&re, false), &vocab);
    assert_eq!(m.accept_bytes(b"\""), Ok(true));
    let allowed = mask(&vocab, &mut m);
    assert_eq!(allowed, [92, 98, 257], "a backslash, b and bb");
}

/// The states that a look-ahead leaves without a member are not found by counting down to them.
#[test]
fn lengths_beside_what_must_not_come() {
    let any = || rep(class('\0', '\u{10FFFF}'), 0, None);
    let never = Re::Not(Box::new(Re::Cat(vec![any(), lit("ing"), any()])));
    for (min, max) in [(0, Some(1)), (0, Some(12)), (3, None), (0, Some(1_000))] {
        let length = rep(class('\0', '\u{10FFFF}'), min, max);
        let re = Re::And(vec![length, never.clone()]);
        let (vocab, _) = vocab::whole(&[b"ing".to_vec(), b"in".to_vec()]);
        let (_compiled, mut m) = matcher(&strings(&re, false), &vocab);
        assert_eq!(m.accept_bytes(b"\""), Ok(true));
        let allowed = mask(&vocab, &mut m);
        assert!(!allowed.contains(&256), "ing");
        assert_eq!(allowed.contains(&257), max != Some(1), "in");
        let by_token = wrong(&vocab, &allowed, |t| m.fork().accept_token(t) == Ok(true));
        assert_eq!(by_token, None);
    }
}
