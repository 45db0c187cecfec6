//! Expressions against the definition of what they denote, by a matcher that shares no code.

mod common;

use common::chance::Chance;
use common::re::{self, Re, class, lit, rep};
use common::{cases, lead};
use grammarlib_automata::expr::{Arena, EMPTY, EPSILON, Escape, ExprId, FULL, PLAIN, UNBOUNDED};
use grammarlib_automata::{Error, Result};
use proptest::prelude::*;
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

const BUDGET: usize = 200_000;

fn arena() -> Arena {
    Arena::new(BUDGET).expect("an arena")
}

/// The state after a text; [`EMPTY`] where it leaves the language.
fn after(arena: &mut Arena, mut e: ExprId, text: &[u8]) -> ExprId {
    for &b in text {
        e = arena.next(e, b).expect("a step within budget");
    }
    e
}

fn accepts(arena: &mut Arena, e: ExprId, text: &[u8]) -> bool {
    let end = after(arena, e, text);
    end != EMPTY && arena.nullable(end)
}

/// A shortest member, if it lies within a bound; the arena's own steps find it.
fn witness(arena: &mut Arena, e: ExprId) -> Option<Vec<u8>> {
    let mut came: HashMap<ExprId, (ExprId, u8)> = HashMap::new();
    let mut seen = HashSet::from([e]);
    let mut queue = VecDeque::from([e]);
    while let Some(at) = queue.pop_front() {
        if arena.nullable(at) {
            let mut text = Vec::new();
            let mut back = at;
            while let Some(&(from, b)) = came.get(&back) {
                text.push(b);
                back = from;
            }
            text.reverse();
            return Some(text);
        }
        for b in arena.representatives(at) {
            let to = arena.next(at, b).expect("a step");
            if to != EMPTY && seen.insert(to) {
                came.insert(to, (at, b));
                queue.push_back(to);
            }
        }
        if seen.len() > 2_000 {
            return None;
        }
    }
    panic!("a state that is not dead leads to no member");
}

/// All texts of at most so many pieces.
fn short(pieces: &[&[u8]], length: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..length {
        last = last
            .iter()
            .flat_map(|t| pieces.iter().map(move |p| [t, *p].concat()))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&['a', 'b'][..]), 0..4)
        .prop_map(|chars| chars.into_iter().collect())
}

const PIECES: [&[u8]; 5] = [b"a", b"b", "é".as_bytes(), "😀".as_bytes(), b"\xC3"];

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn steps_follow_the_definition(re in re::any(), seed in any::<u64>()) {
        let mut arena = arena();
        let e = re.build(&mut arena).expect("small terms are within budget");
        let mut chance = Chance(seed);
        for i in 0..12 {
            let mut text = Vec::new();
            if i % 2 == 0 {
                text = re::text(&mut chance, 8);
            } else {
                re.sample(&mut chance, &mut text);
                text.truncate(40);
            }
            prop_assert_eq!(accepts(&mut arena, e, &text), re.matches(&text), "{:?}", text);
        }
        for b in 0..=255 {
            prop_assert_eq!(accepts(&mut arena, e, &[b]), re.matches(&[b]), "{}", b);
        }
    }

    #[test]
    fn a_state_is_live_exactly_if_a_member_is_left(re in re::any(), seed in any::<u64>()) {
        let mut arena = arena();
        let mut at = re.build(&mut arena).expect("a small term");
        let mut chance = Chance(seed);
        let mut text = Vec::new();
        for _ in 0..4 {
            let holds = |rest: &Vec<u8>| re.matches(&[&text[..], rest].concat());
            if !arena.live(at).expect("a verdict") {
                let hit = short(&PIECES, 2).into_iter().find(holds);
                prop_assert_eq!(hit, None, "after {:?}", text);
                break;
            }
            if let Some(rest) = witness(&mut arena, at) {
                prop_assert!(holds(&rest), "{:?} after {:?}", rest, text);
            }
            let first = arena.first_bytes(at).expect("a verdict");
            let mut some = Vec::new();
            for b in 0..=255 {
                let to = arena.next(at, b).expect("a step");
                prop_assert_eq!(first.contains(b), to != EMPTY, "{} after {:?}", b, text);
                if to != EMPTY {
                    some.push(b);
                }
            }
            prop_assert_eq!(arena.continues(at).expect("a verdict"), !some.is_empty());
            if some.is_empty() {
                let more = |rest: &Vec<u8>| !rest.is_empty() && holds(rest);
                prop_assert_eq!(short(&PIECES, 2).into_iter().find(more), None);
                break;
            }
            let b = *chance.pick(&some);
            at = arena.next(at, b).expect("a step");
            text.push(b);
        }
    }

    #[test]
    fn ends_carry_the_labels_of_the_alternatives_that_end(
        list in prop::collection::vec((re::any(), 0u32..5), 1..4),
        words in prop::collection::vec((words(), 0u32..5), 0..4),
        seed in any::<u64>(),
    ) {
        let mut arena = arena();
        let mut members = Vec::new();
        for (re, label) in &list {
            let e = re.build(&mut arena).expect("a small term");
            let mark = if *label == PLAIN { EPSILON } else { arena.mark(*label).expect("a mark") };
            members.push(arena.concat(e, mark).expect("a small term"));
        }
        let literals: Vec<(&[u8], u32)> = words.iter().map(|(t, l)| (t.as_bytes(), *l)).collect();
        members.push(arena.literals(&literals).expect("a few literals"));
        let e = arena.or(members).expect("a small term");
        let json = arena.json_string(e).expect("a small term");
        let expected = |text: &[u8]| {
            let mut labels: Vec<u32> =
                list.iter().filter(|(re, _)| re.matches(text)).map(|(_, label)| *label).collect();
            // A literal given twice keeps its first label.
            let word = words.iter().find(|(t, _)| t.as_bytes() == text);
            labels.extend(word.map(|(_, label)| *label));
            labels.sort_unstable();
            labels.dedup();
            labels
        };
        let mut chance = Chance(seed);
        for _ in 0..8 {
            let mut text = Vec::new();
            match chance.below(3) {
                0 => text = re::text(&mut chance, 3),
                1 => (chance.pick(&list).0).sample(&mut chance, &mut text),
                _ => text.extend((0..chance.below(4)).map(|i| b"ab"[i % 2])),
            }
            text.truncate(24);
            let end = after(&mut arena, e, &text);
            prop_assert_eq!(&arena.ends(end)[..], &expected(&text)[..], "{:?}", text);
            if let Ok(text) = std::str::from_utf8(&text) {
                let end = after(&mut arena, json, &lead::spell(text, &mut chance));
                prop_assert_eq!(&arena.ends(end)[..], &expected(text.as_bytes())[..], "{}", text);
            }
        }
    }

    /// After a byte at which they cannot part, two terms take the same texts.
    #[test]
    fn terms_part_only_where_it_is_said(
        x in re::simple(),
        other in re::simple(),
        words in prop::collection::vec(words(), 0..4),
        kind in 0..6,
        seed in any::<u64>(),
    ) {
        let mut chance = Chance(seed);
        let words = Re::Set(words.into_iter().map(String::into_bytes).collect());
        let without = || Re::Not(Box::new(words.clone()));
        let (a, b) = match kind {
            0 => (Re::Or(vec![x.clone(), words]), x),
            1 => (Re::And(vec![x.clone(), without()]), x),
            2 => (Re::Or(vec![without(), words]), Re::Not(Box::new(Re::Nothing))),
            3 => (Re::Cat(vec![Re::And(vec![x.clone(), without()]), other.clone()]),
                  Re::Cat(vec![x, other])),
            4 => (without(), Re::Not(Box::new(other))),
            _ => (x, other),
        };
        let mut arena = arena();
        let (Ok(one), Ok(two)) = (a.build(&mut arena), b.build(&mut arena)) else {
            return Ok(()); // beyond a bound
        };
        let apart = arena.part(one, two);
        let (ours, theirs) = (arena.json_string(one), arena.json_string(two));
        let (ours, theirs) = (ours.expect("a node"), theirs.expect("a node"));
        prop_assert!(arena.part(ours, theirs).contains(b'"') || ours == theirs);
        let inner = |arena: &mut Arena, e| arena.next(e, b'"');
        let (Ok(ours), Ok(theirs)) = (inner(&mut arena, ours), inner(&mut arena, theirs)) else {
            return Ok(()); // too large to tell whether a member is left
        };
        let apart_in_text = arena.part(ours, theirs);
        for text in short(&PIECES, 2) {
            let Some(&first) = text.first() else { continue };
            if !apart.contains(first) {
                prop_assert_eq!(a.matches(&text), b.matches(&text), "{:?}", text);
            }
            let Ok(text) = std::str::from_utf8(&text) else { continue };
            let mut raw = lead::spell(text, &mut chance);
            raw.push(b'"');
            if !apart_in_text.contains(raw[0]) {
                let same = accepts(&mut arena, ours, &raw) == accepts(&mut arena, theirs, &raw);
                prop_assert!(same, "{}", raw.escape_ascii());
            }
        }
    }

    #[test]
    fn digests_do_not_depend_on_order_or_arena(
        list in prop::collection::vec(re::any(), 2..5),
        noise in re::any(),
        seed in any::<u64>(),
    ) {
        let mut other = list.clone();
        Chance(seed).shuffle(&mut other);
        for make in [Re::Or as fn(Vec<Re>) -> Re, Re::And] {
            let mut first = arena();
            let x = make(list.clone()).build(&mut first).expect("a small term");
            let y = make(other.clone()).build(&mut first).expect("a small term");
            prop_assert_eq!(x, y);
            let mut second = arena();
            noise.build(&mut second).expect("a small term");
            let z = make(other.clone()).build(&mut second).expect("a small term");
            prop_assert_eq!(first.digest(x), second.digest(z));
        }
    }

    #[test]
    fn json_strings_are_decoded_first(re in re::any(), seed in any::<u64>()) {
        let mut arena = arena();
        let inner = re.build(&mut arena).expect("a small term");
        let e = arena.json_string(inner).expect("a small term");
        let mut chance = Chance(seed);
        for _ in 0..12 {
            let mut text = Vec::new();
            if chance.once_in(2) {
                re.sample(&mut chance, &mut text);
            } else {
                text = re::text(&mut chance, 6);
            }
            text.truncate(30);
            let mut text = String::from_utf8_lossy(&text).into_owned();
            if chance.once_in(4) {
                text.push(*chance.pick(&['"', '\\', '/', '\n', '\u{8}', '\u{7f}', '\u{10FFFF}']));
            }
            let mut raw = lead::spell(&text, &mut chance);
            lead::damage(&mut raw, &mut chance);
            let expected = lead::is_string_of(&re, &raw);
            prop_assert_eq!(accepts(&mut arena, e, &raw), expected, "{:?}", raw);
        }
    }

    #[test]
    fn a_json_string_stays_live_exactly_while_it_can_be_finished(
        re in re::simple(),
        seed in any::<u64>(),
    ) {
        let mut arena = arena();
        let inner = re.build(&mut arena).expect("a small term");
        let e = arena.json_string(inner).expect("a small term");
        let mut chance = Chance(seed);
        for _ in 0..8 {
            let mut text = Vec::new();
            re.sample(&mut chance, &mut text);
            text.truncate(12);
            let mut raw = lead::spell(&String::from_utf8_lossy(&text), &mut chance);
            lead::damage(&mut raw, &mut chance);
            let mut at = e;
            for n in 1..=raw.len() {
                at = arena.next(at, raw[n - 1]).expect("a step");
                let expected = lead::begins_string_of(&re, &raw[..n]);
                prop_assert_eq!(at != EMPTY, expected, "{:?}", &raw[..n]);
            }
        }
    }

    #[test]
    fn programs_say_what_they_are_written_for(re in re::any()) {
        let mut arena = arena();
        let mut program = Vec::new();
        re.encode(&mut program);
        let read = arena.run_program(&program).expect("a well-formed program");
        for text in short(&PIECES, 2) {
            prop_assert_eq!(accepts(&mut arena, read, &text), re.matches(&text), "{:?}", text);
        }
        let same = sets_spread(&re).build(&mut arena).expect("a small term");
        prop_assert_eq!(arena.digest(same), arena.digest(read));
        for n in 0..program.len() {
            // Cut short it is malformed, or a shorter program, and never a panic.
            let _ = arena.run_program(&program[..n]);
        }
    }

    #[test]
    fn no_program_panics(
        noise in prop::collection::vec(prop_oneof![3 => 0u8..10, 1 => any::<u8>()], 0..60),
    ) {
        let mut arena = Arena::new(2_000).expect("an arena");
        if let Ok(e) = arena.run_program(&noise) {
            prop_assert!(arena.contains(e));
            let _ = arena.next(e, b'a');
            let _ = arena.live(e);
        }
    }
}

/// The term with its sets as unions of literals, as programs say them.
fn sets_spread(re: &Re) -> Re {
    let all = |list: &[Re]| list.iter().map(sets_spread).collect();
    match re {
        Re::Set(texts) => Re::Or(texts.iter().cloned().map(Re::Lit).collect()),
        Re::Cat(list) => Re::Cat(all(list)),
        Re::Or(list) => Re::Or(all(list)),
        Re::And(list) => Re::And(all(list)),
        Re::Not(x) => Re::Not(Box::new(sets_spread(x))),
        Re::Rep(x, min, max) => rep(sets_spread(x), *min, *max),
        leaf => leaf.clone(),
    }
}

/// The beginnings of escapes, all of them.
#[test]
fn escapes_are_live_exactly_while_some_character_can_come_of_them() {
    let mut arena = arena();
    let pick = class('\u{DC}', '\u{1F600}');
    for re in [
        Re::Class(vec![(0, 0x10_FFFF)]),
        pick,
        lit("\u{1F600}"),
        class('\0', '\u{7f}'),
    ] {
        let re = rep(re, 0, None);
        let inner = re.build(&mut arena).expect("a small term");
        let e = arena.json_string(inner).expect("a small term");
        let mut todo = vec![
            b"\"\\u".to_vec(),
            b"\"\\ud83d\\u".to_vec(),
            b"\"\\uDBFF\\u".to_vec(),
        ];
        while let Some(raw) = todo.pop() {
            for digit in *b"0189aBcdEf" {
                let longer = [&raw[..], &[digit]].concat();
                let expected = lead::begins_string_of(&re, &longer);
                let state = after(&mut arena, e, &longer);
                assert_eq!(state != EMPTY, expected, "{re:?} {}", longer.escape_ascii());
                let digits = longer.len() - longer.iter().rposition(|&b| b == b'u').unwrap_or(0);
                if expected && digits < 4 {
                    todo.push(longer);
                }
            }
        }
    }
}

#[test]
fn malformed_programs_are_refused() {
    let mut arena = arena();
    let malformed: [&[u8]; 32] = [
        b"",                                 // leaves nothing
        b"\x01\x01",                         // leaves two
        b"\x0E",                             // no operation
        b"\x0D\x00",                         // an automaton without states
        b"\x0D\x01\x02\x00",                 // a state that neither accepts nor does not
        b"\x0D\x01\x01\x01ab",               // cut short
        b"\x0D\x01\x01\x01ab\x01",           // an arm to no state
        b"\x0D\x01\x01\x01ba\x00",           // an arm out of order
        b"\x0D\x01\x01\x02ac\x00bd\x00",     // arms that overlap
        b"\x0B\x00",                         // keeps nothing
        b"\x0C\x00",                         // nothing was kept
        b"\x01\x0B\x80\x80\x04",             // slot 2^16
        b"\x0A\x01\x07",                     // multiples cut short
        b"\x0A\x03\x07\x00\x010\x00",        // of an unknown spelling
        b"\x0A\x01\x00\x00\x010\x00",        // of nothing
        b"\x0A\x01\x07\x00\x00\x00",         // from nowhere
        b"\x0A\x01\x07\x00\x01a\x00",        // from no number
        b"\x0A\x00\x07\x01\x010\x00",        // whole numbers with places
        b"\x0A\x01\x07\x9B\x03\x010\x00",    // more places than are read
        b"\x02\x01\x61",                     // class cut short
        b"\x02\x01\x62\x61",                 // class upside down
        b"\x03\x01\x62\x61",                 // bytes upside down
        b"\x03\x01\x00\x80\x02",             // byte 256
        b"\x02\x01\x00\x80\x80\xC4\x00",     // code point 0x110000
        b"\x04\x05ab",                       // literal cut short
        b"\x04\xFF\xFF\xFF\xFF\x0F",         // a literal of 4 GiB, cut short
        b"\x05\x01",                         // underflow
        b"\x06\xFF\xFF\xFF\xFF\x0F",         // underflow by far
        b"\x08",                             // complement of nothing
        b"\x01\x09\x01",                     // bound cut short
        b"\x01\x09\xFF\xFF\xFF\xFF\x7F\x00", // bound of 35 bits
        b"\x04\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",
    ];
    for program in malformed {
        let read = arena.run_program(program);
        assert!(
            matches!(read, Err(Error::Invalid(_))),
            "{program:?}: {read:?}"
        );
    }
}

/// A stack for whatever is not nested.
const SHORT: usize = 1 << 20;

/// A stack for groups nested up to the bound: the main thread's usual one.
const NESTED: usize = 8 << 20;

/// Runs `work` where the stack is short, and gives up on it after a time no input may take.
fn bounded<T: Send + 'static>(stack: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, receive) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().stack_size(stack);
    thread
        .spawn(move || {
            let _ = send.send(work());
        })
        .expect("a thread");
    receive
        .recv_timeout(Duration::from_secs(30))
        .expect("an end within 30 s")
}

/// Reads a text from an expression, under budget; the answer or the refusal both do.
fn try_reading(stack: usize, re: Re, text: Vec<u8>) -> Result<bool> {
    bounded(stack, move || {
        let mut arena = Arena::new(100_000)?;
        let mut at = re.build(&mut arena)?;
        let mut verdict = Ok(());
        for b in text {
            match arena.next(at, b) {
                Ok(to) => at = to,
                Err(error) => {
                    verdict = Err(error);
                    break;
                }
            }
        }
        assert!(arena.memory() < 400 << 20, "{} bytes", arena.memory());
        verdict?;
        Ok(at != EMPTY && arena.nullable(at))
    })
}

fn tower(x: Re, height: usize, on: impl Fn(Re) -> Re) -> Re {
    (0..height).fold(x, |x, _| on(x))
}

#[test]
fn explosive_terms_end_in_an_answer_or_a_refusal() {
    let a = || lit("a");
    let counts = tower(a(), 3, |x| rep(x, 1, Some(100)));
    let two = rep(Re::Or(vec![a(), lit("aa")]), 0, Some(1_000));
    let copies = tower(a(), 9, |x| {
        rep(Re::Or(vec![x.clone(), Re::Cat(vec![x])]), 0, None)
    });
    let not = |x: Re| Re::Not(Box::new(x));
    let complements = tower(a(), 200, |x| not(Re::Cat(vec![lit("b"), not(x), a()])));
    let all = || Re::Bytes(vec![(0, 255)]);
    let subsets = Re::Cat(vec![rep(all(), 0, None), a(), rep(all(), 400, Some(400))]);
    let clash = Re::And(vec![
        rep(Re::Or(vec![a(), lit("aaa")]), 2, Some(4_000)),
        rep(Re::Or(vec![lit("aa"), lit("aaaaa")]), 2, Some(4_000)),
    ]);
    let text: Vec<u8> = (0..60).map(|i| b"aab"[i * i % 3]).collect();
    for (name, re) in [
        ("counts", counts),
        ("two lengths", two),
        ("copies", copies),
        ("complements", complements),
        ("subsets", subsets),
        ("clash", clash),
    ] {
        let expected = re.matches(&text[..2]);
        let start = Instant::now();
        if let Ok(short) = try_reading(NESTED, re.clone(), text[..2].to_vec()) {
            assert_eq!(short, expected, "{name}");
        }
        for text in [text.clone(), vec![b'a'; 60]] {
            match try_reading(NESTED, re.clone(), text) {
                Ok(_) | Err(Error::Budget(_)) => {}
                Err(other) => panic!("{name}: {other}"),
            }
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{name}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn an_emptiness_question_that_is_too_large_is_refused() {
    // Texts of length ≡ 0 by 7, 11, 13, 17, 19 and, at once, not so: 323,323 states to see.
    let of = |n: u32| rep(rep(lit("a"), n, Some(n)), 0, None);
    let mut parts: Vec<Re> = [7, 11, 13, 17, 19].map(of).to_vec();
    parts.push(Re::Not(Box::new(of(7 * 11 * 13 * 17 * 19))));
    let verdict = bounded(SHORT, move || {
        let mut arena = Arena::new(400_000)?;
        let e = Re::And(parts).build(&mut arena)?;
        arena.live(e)
    });
    assert!(
        matches!(verdict, Ok(false) | Err(Error::Budget(_))),
        "{verdict:?}"
    );
}

#[test]
fn groups_nested_beyond_the_bound_are_refused() {
    for make in [
        (|x| rep(Re::Cat(vec![x, lit("a")]), 2, Some(3))) as fn(Re) -> Re,
        |x| Re::Or(vec![Re::Cat(vec![x, lit("b")]), lit("a")]),
        |x| Re::Not(Box::new(Re::Cat(vec![x, lit("b")]))),
    ] {
        let refused = bounded(SHORT, move || {
            let mut arena = arena();
            let mut program = Vec::new();
            let step = {
                let mut one = Vec::new();
                make(Re::Blank).encode(&mut one);
                one
            };
            // The program of `make`, around what stands before it: its first byte is the operand.
            let blank = step.iter().position(|&b| b == 1).expect("the operand");
            assert_eq!(blank, 0);
            Re::Lit(b"x".to_vec()).encode(&mut program);
            (0..5_000).for_each(|_| program.extend_from_slice(&step[1..]));
            arena.run_program(&program)
        });
        assert!(matches!(refused, Err(Error::Budget(_))), "{refused:?}");
    }
}

#[test]
fn groups_nested_up_to_the_bound_are_read() {
    for make in [
        (|x| rep(Re::Cat(vec![x, lit("b")]), 0, Some(3))) as fn(Re) -> Re,
        |x| Re::Or(vec![Re::Cat(vec![x, lit("b")]), lit("a")]),
        |x| Re::Not(Box::new(Re::Cat(vec![x, lit("b")]))),
    ] {
        let read = bounded(NESTED, move || {
            let mut arena = arena();
            let mut program = Vec::new();
            let mut step = Vec::new();
            make(Re::Blank).encode(&mut step);
            Re::Lit(b"a".to_vec()).encode(&mut program);
            (0..490).for_each(|_| program.extend_from_slice(&step[1..]));
            let mut at = arena.run_program(&program)?;
            for b in *b"abbb" {
                at = arena.next(at, b)?;
            }
            arena.live(at)
        });
        assert!(matches!(read, Ok(_) | Err(Error::Budget(_))), "{read:?}");
    }
}

#[test]
fn a_literal_of_a_megabyte_is_no_deep_term() {
    let fine = bounded(SHORT, || {
        let mut arena = Arena::new(4_000_000)?;
        let text = vec![b'a'; 1_000_000];
        let e = arena.literal(&text)?;
        let json = arena.json_string(e)?;
        let mut at = json;
        for b in b"\"aaaa" {
            at = arena.next(at, *b)?;
        }
        let many = arena.repeat(e, 0, UNBOUNDED)?;
        for b in &text[..20_000] {
            at = if at == EMPTY {
                at
            } else {
                arena.next(many, *b)?
            };
        }
        Ok::<_, Error>(at != EMPTY && !arena.nullable(at) && arena.live(at)?)
    });
    assert_eq!(fine, Ok(true));
}

#[test]
fn a_hundred_thousand_optional_factors_are_no_deep_term() {
    let fine = bounded(SHORT, || {
        let mut arena = Arena::new(4_000_000)?;
        let mut program = Vec::new();
        for i in 0..100_000 {
            rep(lit(["a", "b"][i % 2]), 0, Some(1)).encode(&mut program);
        }
        program.push(5);
        re::number(100_000, &mut program);
        let e = arena.run_program(&program)?;
        Ok::<_, Error>((arena.nullable(e), arena.live(e)?, arena.ends(e).to_vec()))
    });
    assert_eq!(fine, Ok((true, true, vec![PLAIN])));
}

#[test]
fn stepping_through_optional_factors_is_bounded() {
    let chain = (0..20_000).map(|i| rep(lit(["a", "b"][i % 2]), 0, Some(1)));
    let read = try_reading(SHORT, Re::Cat(chain.collect()), b"abababaabb".to_vec());
    assert!(matches!(read, Ok(true) | Err(Error::Budget(_))), "{read:?}");
}

#[test]
fn a_union_of_many_long_counts_is_bounded() {
    let many = (0..2_000u32).map(|i| rep(lit(["a", "ab", "aab"][i as usize % 3]), i, Some(i * 3)));
    let read = try_reading(SHORT, Re::Or(many.collect()), b"aabaabaab".repeat(20));
    assert!(matches!(read, Ok(_) | Err(Error::Budget(_))), "{read:?}");
}

#[test]
fn constants_are_what_they_say() {
    let mut arena = arena();
    assert!(!arena.live(EMPTY).expect("a verdict"));
    assert!(arena.nullable(EPSILON) && arena.nullable(FULL) && !arena.nullable(EMPTY));
    assert!(!arena.continues(EPSILON).expect("a verdict"));
    assert!(arena.first_bytes(FULL).expect("a verdict").is_full());
    let not = arena.not(FULL).expect("a node");
    assert_eq!(not, EMPTY);
    let star = arena.text_star();
    assert!(accepts(&mut arena, star, "é😀".as_bytes()));
    assert!(!accepts(&mut arena, star, b"\xC3"));
    let one = arena.any_char();
    assert!(accepts(&mut arena, one, "😀".as_bytes()) && !accepts(&mut arena, one, b"ab"));
    let json = arena.json(FULL, Escape::START).expect("a node");
    assert!(accepts(&mut arena, json, b"\""));
}

#[test]
fn marks_stay_at_ends() {
    let mut arena = arena();
    let mark = arena.mark(3).expect("a node");
    assert!(matches!(arena.not(mark), Err(Error::Invalid(_))));
    assert!(matches!(
        arena.repeat(mark, 0, UNBOUNDED),
        Err(Error::Invalid(_))
    ));
}

/// Every state that reading can reach.
fn states_of(arena: &mut Arena, e: ExprId) -> usize {
    let mut seen = HashSet::from([e]);
    let mut open = vec![e];
    while let Some(e) = open.pop() {
        for &b in arena.representatives(e).iter() {
            let next = arena.next(e, b).expect("a step");
            if next != EMPTY && seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen.len()
}

#[test]
fn escapes_of_characters_that_mean_the_same_are_one_state() {
    let mut arena = Arena::new(100_000).expect("an arena");
    let string = arena.json_string(FULL).expect("a string");
    assert_eq!(states_of(&mut arena, string), 24);
    let keys = arena.literals(&[(b"name", 0), (b"age", 0)]).expect("keys");
    let others = arena.not(keys).expect("other keys");
    let mark = arena.mark(1).expect("a mark");
    let others = arena.concat(others, mark).expect("marked");
    let others = arena.json_string(others).expect("strings");
    let count = states_of(&mut arena, others);
    assert!(count < 150, "{count} states");
    let any = arena.any_char();
    let short = arena.repeat(any, 0, 3).expect("a short string");
    let short = arena.json_string(short).expect("strings");
    let count = states_of(&mut arena, short);
    assert!(count < 120, "{count} states");
}

/// Texts are counted exactly, or there is no end of them.
#[test]
fn texts_are_counted() {
    let ab = || Re::Class(vec![('a'.into(), 'b'.into())]);
    let words: Vec<Vec<u8>> = (0..6_000)
        .map(|n| format!("{n:030}").into_bytes())
        .collect();
    for (re, expected, endless) in [
        (Re::Nothing, Some(0), true),
        (rep(ab(), 0, Some(3)), Some(15), false),
        (rep(class('é', 'ê'), 2, Some(2)), Some(4), false),
        (rep(ab(), 0, Some(19)), None, false),
        (rep(ab(), 0, None), None, true),
        (Re::Bytes(vec![(0, 0xFF)]), Some(128), false), // of which these are texts
        (Re::Cat(vec![lit("a"), rep(ab(), 0, None)]), None, true),
        (Re::Not(Box::new(ab())), None, true),
        (Re::Set(words), Some(6_000), false),
    ] {
        let mut arena = Arena::new(1_000_000).expect("an arena");
        let e = re.build(&mut arena).expect("an expression");
        assert_eq!(arena.count(e), Ok(expected), "{re:?}");
        if expected != Some(0) {
            assert_eq!(arena.endless(e), Ok(endless), "{re:?}");
        }
    }
}

/// Each of the states was counted from anew, where the first count had met its bound.
#[test]
fn counting_many_states_takes_one_visit_of_each() {
    let mut arena = Arena::new(1_000_000).expect("an arena");
    let long = rep(
        Re::Cat(vec![
            rep(class('a', 'b'), 0, Some(1)),
            rep(lit("c"), 300, None),
        ]),
        15,
        Some(30),
    );
    let e = long.build(&mut arena).expect("an expression");
    assert_eq!(arena.count(e), Ok(None));
    assert_eq!(arena.endless(e), Ok(false));
    let one = rep(lit("a"), 100_000, Some(100_000))
        .build(&mut arena)
        .expect("an expression");
    assert!(matches!(arena.count(one), Err(Error::Budget(_))));
}

#[test]
fn what_is_kept_is_used_again_and_its_growth_is_bounded() {
    let mut arena = arena();
    let e = arena
        .run_program(b"\x04\x01a\x0B\x07\x0C\x07\x04\x01b\x0C\x07\x05\x03")
        .expect("a, b, and a again");
    assert!(accepts(&mut arena, e, b"aba") && !accepts(&mut arena, e, b"abb"));
    // Each round doubles the spine in a few bytes.
    let mut program = b"\x04\x01a\x09\x02\x05".to_vec();
    for _ in 0..60 {
        program.extend(b"\x0B\x00\x0C\x00\x04\x01b\x0C\x00\x05\x03");
    }
    let started = Instant::now();
    let grown = arena.run_program(&program);
    assert!(matches!(grown, Err(Error::Budget(_))), "{grown:?}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// A state of an automaton: whether it accepts, and its arms.
type State<'a> = (bool, &'a [(char, char, u32)]);

/// The program of an automaton.
fn automaton(states: &[State]) -> Vec<u8> {
    fn number(mut value: u32, out: &mut Vec<u8>) {
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }
    let mut out = vec![13];
    number(states.len() as u32, &mut out);
    for (accepts, arms) in states {
        out.push(u8::from(*accepts));
        number(arms.len() as u32, &mut out);
        for &(lo, hi, to) in *arms {
            for value in [lo.into(), hi.into(), to] {
                number(value, &mut out);
            }
        }
    }
    out
}

fn machine(arena: &mut Arena, states: &[State]) -> ExprId {
    arena.run_program(&automaton(states)).expect("an automaton")
}

#[test]
fn automata_denote_what_expressions_of_the_same_language_do() {
    let mut arena = arena();
    // (a | [é-ü])* [ü-\u{20ac}] x, with a state that leads nowhere.
    let automaton = machine(
        &mut arena,
        &[
            (
                false,
                &[
                    ('a', 'a', 0),
                    ('b', 'b', 3),
                    ('é', 'û', 0),
                    ('ü', 'ü', 1),
                    ('ý', '€', 2),
                ],
            ),
            (
                false,
                &[
                    ('a', 'a', 0),
                    ('x', 'x', 4),
                    ('é', 'û', 0),
                    ('ü', 'ü', 1),
                    ('ý', '€', 2),
                ],
            ),
            (false, &[('x', 'x', 4)]),
            (false, &[('\0', '\u{10ffff}', 3)]),
            (true, &[]),
        ],
    );
    let expression = Re::Cat(vec![
        rep(Re::Or(vec![lit("a"), class('é', 'ü')]), 0, None),
        class('ü', '€'),
        lit("x"),
    ])
    .build(&mut arena)
    .expect("an expression");
    for (a, b) in [(automaton, expression), (expression, automaton)] {
        let not = arena.not(b).expect("a complement");
        let both = arena.and(vec![a, not]).expect("an intersection");
        assert_eq!(arena.live(both), Ok(false));
    }
    assert!(accepts(&mut arena, automaton, "aéüx".as_bytes()));
    assert!(accepts(&mut arena, automaton, "€x".as_bytes()));
    assert_eq!(after(&mut arena, automaton, b"b"), EMPTY);
    assert_eq!(arena.count(automaton), Ok(None));
}

#[test]
fn automata_are_equal_where_their_contents_are_and_fall_into_constants() {
    let mut arena = arena();
    let all = ('\0', '\u{10ffff}', 1);
    let begun = machine(&mut arena, &[(false, &[('a', 'a', 1)]), (true, &[all])]);
    assert_eq!(after(&mut arena, begun, b"a"), arena.text_star());
    assert_eq!(machine(&mut arena, &[(true, &[])]), EPSILON);
    assert_eq!(machine(&mut arena, &[(false, &[('a', 'a', 0)])]), EMPTY);
    let twice = [0, 1].map(|_| machine(&mut arena, &[(true, &[('a', 'a', 0)])]));
    assert_eq!(twice[0], twice[1]);
    let mut other = Arena::new(BUDGET).expect("an arena");
    let there = machine(&mut other, &[(true, &[('a', 'a', 0)])]);
    assert_eq!(arena.digest(twice[0]), other.digest(there));
}

/// The product of a language and its complement was searched for a member.
#[test]
fn what_complements_exclude_is_known_without_a_search() {
    let mut arena = arena();
    let ab = || rep(class('a', 'b'), 1, None);
    let long = Re::Cat(vec![ab(), rep(class('a', 'c'), 40_000, Some(50_000))]);
    let other = Re::Cat(vec![rep(class('a', 'd'), 0, None), lit("b"), ab()]);
    for (x, excluded) in [
        (vec![long.clone()], long.clone()),
        (
            vec![long.clone(), other.clone()],
            Re::And(vec![long.clone(), other.clone()]),
        ),
        (
            vec![other.clone()],
            Re::Or(vec![long.clone(), other.clone()]),
        ),
    ] {
        let excluded = excluded.build(&mut arena).expect("an expression");
        let mut all = vec![arena.not(excluded).expect("a complement")];
        for x in x {
            all.push(x.build(&mut arena).expect("an expression"));
        }
        assert_eq!(arena.and(all), Ok(EMPTY));
    }
}

/// Nodes made by a question whether there is a member.
fn asked(arena: &mut Arena, e: ExprId) -> (bool, usize) {
    let before = arena.len();
    (arena.live(e).expect("within budget"), arena.len() - before)
}

#[test]
fn a_complement_of_all_text_leaves_no_text() -> Result<()> {
    let mut arena = arena();
    let text = arena.text_star();
    let without = arena.not(text)?;
    let mut members = vec![without];
    for letter in b'a'..=b'n' {
        let one = arena.literal(&[letter])?;
        let found = arena.concat_all(&[text, one, text])?;
        members.push(if letter == b'a' {
            found
        } else {
            arena.not(found)?
        });
    }
    let both = arena.and(members)?;
    assert_eq!(asked(&mut arena, both), (false, 0));
    Ok(())
}
