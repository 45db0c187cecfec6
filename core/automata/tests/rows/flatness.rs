//! Numbers of rows and origins that must not grow with the text, and chains long enough to overflow a
//! call stack.

use std::collections::HashSet;

use grammarlib_automata::grammar::{Limits, Rows, RowsError, StaticRules, Symbol};

use crate::grammars::Grammar;
use crate::machine::Machine;

const LONG: usize = 100_000;

/// A machine that has read a text of the language, no row of which cost more than 200 steps: a row that
/// grows with the text fails at once.
fn after(grammar: &str, text: &[u8]) -> Machine {
    let limits = Limits {
        steps_per_row: 200,
        ..Limits::default()
    };
    let mut machine = Machine::with_limits(Grammar::parse(grammar), limits);
    assert!(machine.matches(text), "{grammar}");
    machine
}

#[test]
fn all_terminals_that_end_at_a_byte_give_one_row() {
    let grammar = r#"S: "a" S | "aa" S | "(" S ")" S |"#;
    let mut machine = Machine::new(Grammar::parse(grammar));
    let mut place = machine.start();
    let mut seen = HashSet::new();
    for length in 0..=18 {
        assert!(machine.accepts(&place));
        seen.insert(place.row);
        let (ended, _) = machine.read(&place, b'a');
        assert_eq!(ended.len(), if length == 0 { 1 } else { 2 });
        place = machine.feed(&place, b'a');
    }
    assert_eq!(seen.len(), 1, "rows over the prefixes of a^18");
    assert_eq!((machine.rows.len(), machine.rows.origins()), (1, 1));
}

#[test]
fn the_same_through_rules_for_the_two_terminals() {
    let grammar = r#"S: A S | B S | "(" S ")" S | ; A: "a" ; B: "aa""#;
    let machine = after(grammar, &[b'a'; 18]);
    assert_eq!(machine.rows.len(), 1);
    let nested = after(grammar, b"(a(aaa)a)aa((((aaaaaaaaa))))");
    assert_eq!(nested.rows.len(), 5, "one row for each depth");
}

#[test]
fn lists_are_flat_whichever_side_they_recur_on() {
    for (grammar, origins) in [
        (r#"L: "x" L | "x""#, 1),
        (r#"L: "x" "," L | "x" ","|"#, 1),
        (r#"L: L "x" | "x""#, 2),
        (r#"L: L L | "x""#, 3),
        (r#"L: M ; M: "x" N | "x" ; N: L"#, 1),
    ] {
        let item: &[u8] = if grammar.contains(',') { b"x," } else { b"x" };
        let machine = after(grammar, &item.repeat(LONG));
        let found = (machine.rows.len(), machine.rows.origins());
        assert_eq!(found, (2, origins), "{grammar}");
    }
}

#[test]
fn ambiguous_operators_are_flat() {
    let text = [b"1".to_vec(), b"+1*1".repeat(20_000)].concat();
    for grammar in [
        r#"E: E "+" E | E "*" E | "(" E ")" | "1""#,
        r#"E: E O E | "(" E ")" | "1" ; O: "+" | "*""#,
        r#"E: E "+" T | T ; T: T "*" F | F ; F: "(" E ")" | "1""#,
        r#"E: A | B | "1" ; A: E "+" E ; B: E "*" E"#,
    ] {
        let machine = after(grammar, &text);
        let found = (machine.rows.len(), machine.rows.origins());
        assert!(
            found.0 <= 6 && found.1 <= 6,
            "{grammar}: {found:?} rows and origins"
        );
    }
}

#[test]
fn deep_nesting_is_linear_and_needs_no_call_stack() {
    let mut bytes = Vec::new();
    for depth in [LONG / 2, LONG] {
        let text = [vec![b'('; depth], vec![b')'; depth]].concat();
        let machine = after(r#"S: "(" S ")" |"#, &text);
        assert_eq!(machine.rows.len(), 2 * depth + 1);
        assert_eq!(machine.rows.origins(), depth + 1);
        bytes.push(machine.rows.bytes());
        drop(machine);
    }
    assert!(bytes[1] <= 2 * bytes[0] + 4096, "{bytes:?}");
    assert!(bytes[1] / LONG < 400, "{} bytes a level", bytes[1] / LONG);
}

#[test]
fn nesting_seen_before_makes_no_rows() {
    let grammar = r#"V: "[" L "]" | "1" ; L: L "," V | V"#;
    let mut machine = Machine::new(Grammar::parse(grammar));
    assert!(machine.matches(b"[1,[1,1],[[1]]]"));
    let rows = machine.rows.len();
    assert!(machine.matches(b"[[1,[1],[1]],1,1,1,[1,1,1]]"));
    assert_eq!(machine.rows.len(), rows);
}

/// Rules 0..n, each built from its number; rule 0 is the start.
fn many_rules(n: usize, build: impl Fn(&mut StaticRules, usize, &dyn Fn(usize) -> u32)) -> Machine {
    let mut rules = StaticRules::new();
    for _ in 0..n {
        rules.add_state();
    }
    for number in 0..n {
        build(&mut rules, number, &|other| other as u32);
    }
    let words = vec![b"a".to_vec(), b"b".to_vec()];
    Machine::new(Grammar {
        rules,
        start: 0,
        words,
    })
}

fn path(rules: &mut StaticRules, mut from: u32, symbols: &[Symbol]) {
    for &symbol in symbols {
        let target = rules.add_state();
        rules.add_edge(from, symbol, target).unwrap();
        from = target;
    }
    rules.set_final(from).unwrap();
}

const A: Symbol = Symbol::Terminal(0, 0);
const B: Symbol = Symbol::Terminal(1, 0);

#[test]
fn a_long_chain_of_unit_rules_keeps_one_origin() {
    let mut machine = many_rules(LONG, |rules, number, rule| {
        let symbol = if number + 1 < LONG {
            Symbol::Call(rule(number + 1))
        } else {
            A
        };
        path(rules, rule(number), &[symbol]);
    });
    assert!(machine.matches(b"a"));
    assert_eq!(machine.rows.origins(), 1);
}

#[test]
fn a_long_ring_of_unit_rules_is_closed() {
    let mut machine = many_rules(LONG, |rules, number, rule| {
        path(
            rules,
            rule(number),
            &[Symbol::Call(rule((number + 1) % LONG))],
        );
        if number == LONG / 2 {
            path(rules, rule(number), &[A]);
        }
    });
    assert!(machine.matches(b"a"));
    assert!(!machine.matches(b"aa"));
    assert_eq!((machine.rows.len(), machine.rows.origins()), (2, 1));
}

#[test]
fn a_long_chain_of_calls_at_one_byte() {
    // rule i: (rule i+1) b, so the text is a b^(n-1)
    let mut machine = many_rules(LONG, |rules, number, rule| {
        if number + 1 < LONG {
            path(rules, rule(number), &[Symbol::Call(rule(number + 1)), B]);
        } else {
            path(rules, rule(number), &[A]);
        }
    });
    let text = [vec![b'a'], vec![b'b'; LONG - 1]].concat();
    assert!(machine.matches(&text));
    assert!(!machine.matches(&text[..LONG - 1]));
    assert_eq!(machine.rows.origins(), LONG);
}

#[test]
fn a_long_ring_of_left_recursive_rules_is_one_cluster() {
    // rule i: (rule i+1) b | a, closed to a ring
    let mut machine = many_rules(LONG, |rules, number, rule| {
        path(
            rules,
            rule(number),
            &[Symbol::Call(rule((number + 1) % LONG)), B],
        );
        path(rules, rule(number), &[A]);
    });
    for count in [0, 1, 7] {
        assert!(machine.matches(&[vec![b'a'], vec![b'b'; count]].concat()));
    }
    assert_eq!(machine.rows.origins(), LONG + 1);
}

#[test]
fn a_long_chain_of_rules_that_match_the_empty_string() {
    // rule i: (rule i+1) (last rule); last rule: b | nothing
    let last = LONG - 1;
    let mut machine = many_rules(LONG, |rules, number, rule| {
        if number < last {
            let calls = [rule(number + 1), rule(last)].map(Symbol::Call);
            path(rules, rule(number), &calls);
        } else {
            path(rules, rule(number), &[]);
            path(rules, rule(number), &[B]);
        }
    });
    let start = machine.start();
    assert!(machine.accepts(&start));
    assert!(machine.matches(b"bb"));
    assert!(!machine.matches(b"ba"));
}

#[test]
fn a_row_too_large_is_an_error_and_changes_nothing() {
    // Every level may still take its y: the row after x^n has n items.
    let grammar = Grammar::parse(r#"L: "x" L "y" | "x" L | "x""#);
    let limits = Limits {
        steps_per_row: 200,
        ..Limits::default()
    };
    let mut machine = Machine::with_limits(grammar, limits);
    let mut place = machine.start();
    let failed = loop {
        let (ended, _) = machine.read(&place, b'x');
        match machine.rows.next(&mut machine.rules, &ended) {
            Ok(_) => place = machine.feed(&place, b'x'),
            Err(error) => break error,
        }
    };
    assert_eq!(failed, RowsError::RowTooLarge { limit: 200 });
    assert!(failed.to_string().contains("200 steps"));
    let (ended, _) = machine.read(&place, b'x');
    assert_eq!(machine.rows.next(&mut machine.rules, &ended), Err(failed));
    assert!(machine.accepts(&place));
    assert!(machine.matches(b"xxxyy"));
}

#[test]
fn full_rows_are_an_error() {
    let mut rules = Grammar::parse(r#"S: "(" S ")" |"#);
    let mut rows = Rows::new(Limits {
        bytes: 100_000,
        ..Limits::default()
    });
    let mut row = rows.start(&mut rules.rules, rules.start).unwrap();
    let failed = loop {
        match rows.next(&mut rules.rules, &[(row, 0, 0)]) {
            Ok(next) => row = next.unwrap(),
            Err(error) => break error,
        }
    };
    assert_eq!(failed, RowsError::Full { limit: 100_000 });
    assert!(rows.bytes() > 100_000 && rows.bytes() < 300_000);
}
