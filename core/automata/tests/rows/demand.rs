//! Rules made while a text is read, and terminals that end in several ways.

use std::collections::HashMap;

use grammarlib_automata::grammar::{
    Edge, Rows, RowsError, RuleState, Rules, StateInfo, StaticRules, Symbol,
};

/// a^n b^n by counting, one state for each count: infinitely many states, made when asked for.
#[derive(Default)]
struct Counting {
    made: HashMap<RuleState, StateInfo>,
}

const A: u32 = 0;
const B: u32 = 1;

impl Rules for Counting {
    type Error = &'static str;

    fn state(&mut self, state: RuleState) -> Result<&StateInfo, Self::Error> {
        if state >= 2000 {
            return Err("too many states");
        }
        // Even states have read state/2 times a; odd ones still want that many times b.
        let edge = |terminal, target| Edge {
            symbol: Symbol::Terminal(terminal, 0),
            target,
        };
        Ok(self.made.entry(state).or_insert_with(|| StateInfo {
            edges: match (state / 2, state % 2) {
                (0, 0) => vec![edge(A, 2)],
                (_, 0) => vec![edge(A, state + 2), edge(B, state - 1)],
                (0, _) => vec![],
                (_, _) => vec![edge(B, state - 2)],
            },
            is_final: state <= 1,
        }))
    }
}

#[test]
fn states_are_made_only_as_far_as_the_text_goes() {
    let mut rules = Counting::default();
    let mut rows = Rows::default();
    let mut row = rows.start(&mut rules, 0).unwrap();
    for terminal in [A, A, A, B, B, B] {
        row = rows
            .next(&mut rules, &[(row, terminal, 0)])
            .unwrap()
            .unwrap();
    }
    assert!(rows.accepts(row));
    assert_eq!(rows.next(&mut rules, &[(row, B, 0)]), Ok(None));
    assert!(rules.made.len() <= 8, "{} states", rules.made.len());
}

#[test]
fn a_budget_of_the_rules_is_reported_and_the_rows_stay_usable() {
    let mut rules = Counting::default();
    let mut rows = Rows::default();
    let start = rows.start(&mut rules, 0).unwrap();
    let mut row = start;
    let failed = loop {
        match rows.next(&mut rules, &[(row, A, 0)]) {
            Ok(next) => row = next.unwrap(),
            Err(error) => break error,
        }
    };
    assert_eq!(failed, RowsError::Rules("too many states"));
    assert_eq!(rows.len(), 1000);
    let one = rows.next(&mut rules, &[(start, A, 0)]).unwrap().unwrap();
    let done = rows.next(&mut rules, &[(one, B, 0)]).unwrap().unwrap();
    assert!(rows.accepts(done));
}

#[test]
fn the_label_of_an_ended_terminal_picks_the_edge() {
    let mut rules = StaticRules::new();
    let [start, ten, twenty] = [(); 3].map(|()| rules.add_state());
    rules.add_edge(start, Symbol::Terminal(5, 1), ten).unwrap();
    rules
        .add_edge(start, Symbol::Terminal(5, 2), twenty)
        .unwrap();
    rules.add_edge(ten, Symbol::Terminal(10, 0), start).unwrap();
    rules
        .add_edge(twenty, Symbol::Terminal(20, 0), start)
        .unwrap();
    let mut rows = Rows::default();
    let row = rows.start(&mut rules, start).unwrap();
    assert_eq!(rows.terminals(row), [5]);
    let mut after = |ended: &[u32]| {
        let ended: Vec<_> = ended.iter().map(|&label| (row, 5, label)).collect();
        let next = rows.next(&mut rules, &ended).unwrap();
        next.map(|row| rows.terminals(row).to_vec())
    };
    assert_eq!(after(&[0]), None);
    assert_eq!(after(&[1]), Some(vec![10]));
    assert_eq!(after(&[2]), Some(vec![20]));
    assert_eq!(after(&[2, 1]), Some(vec![10, 20]));
    assert_eq!(after(&[]), None);
}
