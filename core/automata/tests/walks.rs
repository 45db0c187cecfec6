//! Walks against brute force: the characters of a step, shortest members.

mod common;

use common::cases;
use common::re::{self, Re, class, lit, rep};
use grammarlib_automata::Error;
use grammarlib_automata::expr::{Arena, EMPTY, ExprId, Walks, rank};
use proptest::prelude::*;
use std::collections::{HashSet, VecDeque};

fn arena() -> Arena {
    Arena::new(200_000).expect("an arena")
}

/// The texts of a term.
fn texts(arena: &mut Arena, re: &Re) -> ExprId {
    let e = re.build(arena).expect("small terms are within budget");
    let text = arena.text_star();
    arena.and(vec![e, text]).expect("an intersection")
}

fn after(arena: &mut Arena, e: ExprId, text: &[u8]) -> ExprId {
    let step = |e, &b| arena.next(e, b).expect("a step");
    text.iter().fold(e, step)
}

/// The length of a shortest member, breadth first over all bytes; `None`: too many states.
fn shortest_length(arena: &mut Arena, e: ExprId) -> Option<u64> {
    let mut seen = HashSet::from([e]);
    let mut queue = VecDeque::from([(e, 0)]);
    while let Some((at, length)) = queue.pop_front() {
        if arena.nullable(at) {
            return Some(length);
        }
        for b in 0..=255 {
            let to = arena.next(at, b).expect("a step");
            if to != EMPTY && seen.insert(to) {
                queue.push_back((to, length + 1));
            }
        }
        if seen.len() > 1_000 {
            return None;
        }
    }
    panic!("a live state without a member");
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn characters_are_those_that_a_step_takes(re in re::any()) {
        let (mut arena, mut walks) = (arena(), Walks::default());
        let e = texts(&mut arena, &re);
        prop_assume!(arena.live(e).expect("a verdict"));
        let groups = walks.characters(&mut arena, e).expect("characters");
        let some = ['\0', '/', '0', 'Z', '\u{7f}', '\u{80}', '\u{7ff}', '\u{800}', '\u{d7ff}'];
        let more = ['\u{e000}', '\u{ffff}', '\u{10000}', '\u{10ffff}', 'd', 'ë', '━', '😁'];
        for c in re::CHARS.into_iter().chain(some).chain(more) {
            let target = after(&mut arena, e, c.encode_utf8(&mut [0; 4]).as_bytes());
            let holds = |r: &&(u32, u32)| r.0 <= u32::from(c) && u32::from(c) <= r.1;
            let found: Vec<ExprId> = groups
                .iter()
                .flat_map(|g| g.ranges.iter().filter(holds).map(|_| g.target))
                .collect();
            let expected = if target == EMPTY { vec![] } else { vec![target] };
            prop_assert_eq!(found, expected, "{:?}", c);
        }
        for group in &groups {
            prop_assert!(group.ranges.iter().all(|r| r.0 <= r.1 && char::from_u32(r.0).is_some()));
            prop_assert!(group.ranges.windows(2).all(|w| w[0].1 < w[1].0));
        }
    }

    #[test]
    fn shortest_members_are(re in re::any()) {
        let (mut arena, mut walks) = (arena(), Walks::default());
        let e = texts(&mut arena, &re);
        prop_assume!(arena.live(e).expect("a verdict"));
        let text = walks.shortest(&mut arena, e).expect("a member");
        prop_assert!(re.matches(&text), "{:?}", text);
        if let Some(length) = shortest_length(&mut arena, e) {
            prop_assert_eq!(text.len() as u64, length);
        }
        // The first group begins a shortest member, by its simplest character.
        let groups = walks.characters(&mut arena, e).expect("characters");
        let spelled = String::from_utf8(text.clone()).expect("texts only");
        if let Some(c) = spelled.chars().next() {
            let simplest = groups[0].ranges.iter().flat_map(|r| r.0..=r.1).min_by_key(|&c| rank(c));
            prop_assert_eq!(simplest, Some(u32::from(c)));
        }
    }

    #[test]
    fn what_was_asked_before_changes_nothing(re in re::any(), other in re::any()) {
        let (mut one, mut fresh) = (arena(), Walks::default());
        let e = texts(&mut one, &re);
        prop_assume!(one.live(e).expect("a verdict"));
        let expected = fresh.shortest(&mut one, e).expect("a member");
        let (mut two, mut used) = (arena(), Walks::default());
        let both = Re::Or(vec![other.clone(), re.clone()]);
        for re in [&other, &both, &re] {
            let e = texts(&mut two, re);
            if two.live(e).expect("a verdict") {
                used.shortest(&mut two, e).expect("a member");
                used.characters(&mut two, e).expect("characters");
            }
        }
        let e = texts(&mut two, &re);
        prop_assert_eq!(used.shortest(&mut two, e).expect("a member"), expected);
    }
}

/// The code points of each group, as ranges.
fn ranges(re: &Re) -> Vec<Vec<(u32, u32)>> {
    let (mut arena, mut walks) = (arena(), Walks::default());
    let e = re.build(&mut arena).expect("an expression");
    let groups = walks.characters(&mut arena, e).expect("characters");
    groups.into_iter().map(|g| g.ranges).collect()
}

#[test]
fn one_range_holds_all_characters_but_surrogates() {
    let any = Re::Class(vec![(0, 0x10_FFFF)]);
    assert_eq!(ranges(&any), [[(0, 0xD7FF), (0xE000, 0x10_FFFF)]]);
    let cut = Re::Class(vec![(0x30, 0x1F600), (0x1F602, 0x1F602)]);
    assert_eq!(
        ranges(&cut),
        [[(0x30, 0xD7FF), (0xE000, 0x1F600), (0x1F602, 0x1F602)]]
    );
}

#[test]
fn groups_on_the_shortest_way_come_first() {
    let long = Re::Cat(vec![class('a', 'b'), lit("xyz")]);
    let re = Re::Or(vec![long, class('y', 'z'), lit("é")]);
    assert_eq!(
        ranges(&re),
        [vec![(0x79, 0x7A), (0xE9, 0xE9)], vec![(0x61, 0x62)]]
    );
    let two = Re::Or(vec![
        Re::Cat(vec![lit("é"), lit("!")]),
        Re::Cat(vec![lit("~"), lit("?")]),
    ]);
    assert_eq!(ranges(&two), [[(0x7E, 0x7E)], [(0xE9, 0xE9)]]);
}

#[test]
fn long_members_are_found_at_once() {
    let (mut arena, mut walks) = (arena(), Walks::default());
    let any = Re::Class(vec![(0, 0x10_FFFF)]);
    let long = rep(any.clone(), 3_000, None);
    let re = Re::And(vec![long, Re::Not(Box::new(rep(class('0', '0'), 0, None)))]);
    let e = texts(&mut arena, &re);
    let text = walks.shortest(&mut arena, e).expect("a member");
    assert_eq!(text.len(), 3_000);
    assert_eq!(text[..2_999], [b'0'; 2_999]);
    assert_eq!(text[2_999], b'1');
}

#[test]
fn no_member_and_no_end_are_errors() {
    let (mut arena, mut walks) = (arena(), Walks::default());
    assert!(matches!(
        walks.shortest(&mut arena, EMPTY),
        Err(Error::Invalid(_))
    ));
    // Both counters in step: a product of primes of states before a member.
    let every = |n| rep(rep(class('a', 'a'), n, Some(n)), 1, None);
    let re = Re::And(vec![every(499), every(503)]);
    let e = texts(&mut arena, &re);
    assert!(matches!(
        walks.shortest(&mut arena, e),
        Err(Error::Budget(_))
    ));
}
