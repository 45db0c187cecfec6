//! Multiples of a decimal against their definition, and that every state has a member.

mod common;

use common::cases;
use common::chance::Chance;
use common::multiples::Multiples;
use grammarlib_automata::byteset::ByteSet;
use grammarlib_automata::expr::{Arena, EMPTY, ExprId, Spelling, UNBOUNDED, Walks};
use proptest::prelude::*;
use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

fn arena() -> Arena {
    Arena::new(200_000).expect("an arena")
}

fn after(arena: &mut Arena, e: ExprId, text: &[u8]) -> ExprId {
    let step = |e, &b| arena.next(e, b).expect("a step");
    text.iter().fold(e, step)
}

fn accepts(arena: &mut Arena, e: ExprId, text: &[u8]) -> bool {
    let end = after(arena, e, text);
    end != EMPTY && arena.nullable(end)
}

/// The length of a shortest member, breadth first; `None`: too many states.
fn shortest_length(arena: &mut Arena, e: ExprId) -> Option<usize> {
    let mut seen = HashSet::from([e]);
    let mut queue = VecDeque::from([(e, 0)]);
    while let Some((at, length)) = queue.pop_front() {
        if arena.nullable(at) {
            return Some(length);
        }
        for b in *b"0123456789.e+-" {
            let to = arena.next(at, b).expect("a step");
            if to != EMPTY && seen.insert(to) {
                queue.push_back((to, length + 1));
            }
        }
        if seen.len() > 500 {
            return None;
        }
    }
    panic!("a live state without a member");
}

/// A number in units of `10^-places`, in the neighbourhood of what the others are.
fn bound() -> impl Strategy<Value = Vec<u8>> {
    let small = (0u64..2_000).prop_map(|n| n.to_string());
    let large = any::<u64>().prop_map(|n| n.to_string());
    let long = (1u32..10, 0usize..60, 0u32..1_000)
        .prop_map(|(n, zeros, end)| format!("{n}{}{end:03}", "0".repeat(zeros)));
    prop_oneof![4 => small, 1 => large, 1 => long].prop_map(String::into_bytes)
}

fn multiples() -> impl Strategy<Value = Multiples> {
    let spelling = prop::sample::select(vec![
        Spelling::Whole,
        Spelling::Plain,
        Spelling::Plain,
        Spelling::Scientific,
        Spelling::Scientific,
    ]);
    let modulus = prop_oneof![
        4 => 1u64..50,
        2 => prop::sample::select(vec![25u64, 125, 64, 1 << 20, 86_400, 3_125, 75, 999_983]),
        1 => 1u64..1 << 63,
    ];
    let high = prop::option::weighted(0.6, (bound(), 0u32..3));
    (spelling, modulus, 0u32..5, bound(), high, any::<bool>()).prop_map(
        |(spelling, modulus, places, low, high, open)| {
            let high = high.map(|(high, near)| match near {
                // An interval of a few multiples, often.
                0 => high,
                _ => {
                    let low: u128 = String::from_utf8_lossy(&low).parse().unwrap_or(0);
                    (low + u128::from(modulus) * u128::from(near))
                        .to_string()
                        .into_bytes()
                }
            });
            Multiples {
                spelling,
                modulus,
                places: if spelling == Spelling::Whole {
                    0
                } else {
                    places
                },
                low: if open { b"0".to_vec() } else { low },
                high,
            }
        },
    )
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn members_are_the_spellings_of_multiples(all in multiples(), seed in any::<u64>()) {
        let mut arena = arena();
        let e = all.build(&mut arena).expect("a node");
        let mut chance = Chance(seed);
        let mut met = 0;
        for _ in 0..40 {
            let mut text = Vec::new();
            all.sample(&mut chance, &mut text);
            for _ in 0..chance.below(3) {
                let at = chance.below(text.len() + 1);
                let b = *chance.pick(b"0012459.e+-");
                if chance.once_in(2) && at < text.len() {
                    text[at] = b;
                } else {
                    text.insert(at, b);
                }
            }
            let expected = all.holds(&text);
            met += u32::from(expected);
            prop_assert_eq!(accepts(&mut arena, e, &text), expected, "{}", text.escape_ascii());
            if expected {
                for i in 0..text.len() {
                    prop_assert!(after(&mut arena, e, &text[..i]) != EMPTY);
                }
            }
        }
        prop_assert!(met == 0 || e != EMPTY);
    }

    #[test]
    fn every_state_has_a_member(all in multiples(), seed in any::<u64>()) {
        let (mut arena, mut walks) = (arena(), Walks::default());
        let start = all.build(&mut arena).expect("a node");
        let mut chance = Chance(seed);
        let mut read = Vec::new();
        let mut at = start;
        while at != EMPTY && read.len() < 25 {
            let rest = walks.shortest(&mut arena, at).expect("a member");
            let member = [&read[..], &rest].concat();
            prop_assert!(all.holds(&member), "{}", member.escape_ascii());
            if let Some(length) = shortest_length(&mut arena, at) {
                prop_assert_eq!(length, rest.len(), "after {}", read.escape_ascii());
            }
            let open: Vec<u8> = b"0123456789.e+-"
                .iter()
                .copied()
                .filter(|&b| arena.next(at, b).expect("a step") != EMPTY)
                .collect();
            if open.is_empty() {
                break;
            }
            let b = *chance.pick(&open);
            read.push(b);
            at = arena.next(at, b).expect("a step");
        }
    }

    #[test]
    fn intersections_and_complements_are_those_of_the_sets(
        a in multiples(),
        b in multiples(),
        seed in any::<u64>(),
    ) {
        let mut arena = arena();
        let (x, y) = (a.build(&mut arena).expect("a"), b.build(&mut arena).expect("b"));
        let other = arena.not(y).expect("a complement");
        let minus = arena.and(vec![x, other]).expect("a difference");
        let either = arena.or(vec![x, y]).expect("a union");
        let mut chance = Chance(seed);
        for i in 0..20 {
            let mut text = Vec::new();
            (if i % 2 == 0 { &a } else { &b }).sample(&mut chance, &mut text);
            let (in_a, in_b) = (a.holds(&text), b.holds(&text));
            // By derivatives alone: whether a large intersection is empty may be beyond the budget.
            let mut at = [minus, either];
            for &byte in &text {
                for e in &mut at {
                    *e = match arena.next(*e, byte) {
                        Ok(next) => next,
                        Err(_) => return Ok(()),
                    };
                }
            }
            prop_assert_eq!(arena.nullable(at[0]), in_a && !in_b, "{}", text.escape_ascii());
            prop_assert_eq!(arena.nullable(at[1]), in_a || in_b, "{}", text.escape_ascii());
        }
    }
}

#[test]
fn all_short_plain_decimals() {
    let texts = |out: &mut Vec<String>| {
        for whole in 0..=120u32 {
            out.push(whole.to_string());
            for fraction in 0..=120u32 {
                out.push(format!("{whole}.{fraction}"));
                out.push(format!("{whole}.{fraction:03}"));
            }
        }
    };
    let mut all = Vec::new();
    texts(&mut all);
    for (modulus, places, low, high) in [
        (7, 0, "0", None),
        (75, 2, "0", None),
        (4, 1, "13", Some("999")),
        (25, 3, "99750", Some("100250")),
        (12, 0, "13", Some("23")),
        (1, 1, "5", Some("95")),
        (1250, 3, "0", Some("0")),
        (1250, 3, "1", Some("1249")),
    ] {
        let set = Multiples {
            spelling: Spelling::Plain,
            modulus,
            places,
            low: low.into(),
            high: high.map(|high: &str| high.into()),
        };
        let mut arena = arena();
        let e = set.build(&mut arena).expect("a node");
        let mut members = 0;
        for text in &all {
            let expected = set.holds(text.as_bytes());
            members += u32::from(expected);
            assert_eq!(
                accepts(&mut arena, e, text.as_bytes()),
                expected,
                "{set:?} {text}"
            );
        }
        assert_eq!(members > 0, e != EMPTY, "{set:?}");
    }
}

#[test]
fn a_large_modulus_is_decided_by_arithmetic() {
    let started = Instant::now();
    let mut arena = arena();
    let before = arena.len();
    // The one multiple of 2^40 + 1 in an interval of a trillion others.
    let one = ((1u64 << 40) + 1).to_string();
    let high = (1u64 << 41).to_string();
    let e = arena
        .multiples(
            Spelling::Plain,
            (1 << 40) + 1,
            0,
            b"1",
            Some(high.as_bytes()),
        )
        .expect("a node");
    assert!(accepts(&mut arena, e, one.as_bytes()));
    assert!(!accepts(&mut arena, e, high.as_bytes()));
    assert!(arena.len() - before < 200, "{} nodes", arena.len() - before);
    let none = arena.multiples(
        Spelling::Plain,
        (1 << 40) + 1,
        0,
        b"1",
        Some(b"1099511627776"),
    );
    assert_eq!(none.expect("no node"), EMPTY);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[test]
fn states_without_bounds_are_shared() {
    let mut arena = arena();
    let e = arena
        .multiples(Spelling::Plain, 7, 0, b"0", None)
        .expect("a node");
    let bounded = arena
        .multiples(Spelling::Plain, 7, 0, b"100", None)
        .expect("a node");
    let states: HashSet<ExprId> = (1..1_000u32)
        .map(|n| after(&mut arena, e, n.to_string().as_bytes()))
        .collect();
    assert_eq!(states.len(), 7);
    assert_eq!(
        after(&mut arena, bounded, b"205"),
        after(&mut arena, e, b"2")
    );
    // 2.50, 12.50: a quarter tells nothing of what stands before the point.
    let quarters = arena
        .multiples(Spelling::Plain, 25, 2, b"0", None)
        .expect("a node");
    assert_eq!(
        after(&mut arena, quarters, b"12"),
        after(&mut arena, quarters, b"9")
    );
    let zeros = arena.bytes(ByteSet::single(b'0')).expect("a byte");
    let zeros = arena.repeat(zeros, 0, UNBOUNDED).expect("zeros");
    assert_eq!(after(&mut arena, quarters, b"12.25"), zeros);
}

/// Every state that is reached, up to a number, has a member.
#[test]
fn all_states_of_small_sets_have_members() {
    for (modulus, places, low, high) in [
        (1_000, 2, "1005", Some("2000")),
        (1_000, 2, "1005", Some("9999")),
        (15, 1, "31", Some("1000")),
        (8, 0, "9", Some("16")),
        (125, 3, "1", Some("126")),
        (30, 0, "100", None),
        (1, 3, "99999", Some("100001")),
    ] {
        for spelling in [Spelling::Plain, Spelling::Scientific] {
            let set = Multiples {
                spelling,
                modulus,
                places,
                low: low.into(),
                high: high.map(|high: &str| high.into()),
            };
            let (mut arena, mut walks) = (arena(), Walks::default());
            let e = set.build(&mut arena).expect("a node");
            assert!(e != EMPTY, "{set:?}");
            let mut seen = HashSet::from([e]);
            let mut queue = VecDeque::from([(e, Vec::new())]);
            while let Some((at, text)) = queue.pop_front() {
                let rest = walks.shortest(&mut arena, at).expect("a member");
                let member = [&text[..], &rest].concat();
                assert!(set.holds(&member), "{set:?} {}", member.escape_ascii());
                for b in *b"0123456789.e+-" {
                    let to = arena.next(at, b).expect("a step");
                    if to != EMPTY && seen.len() < 2_000 && seen.insert(to) {
                        queue.push_back((to, [&text[..], &[b]].concat()));
                    }
                }
            }
        }
    }
}
