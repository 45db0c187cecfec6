//! Laws over random rules: automata with shared states, loops, empty rules, unit cycles, left, right and
//! hidden recursion all occur, since edges are drawn freely.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use grammarlib_automata::grammar::{
    OriginId, RowId, Rows, RowsError, RuleState, Rules, StateInfo, StaticRules, Symbol,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use crate::grammars::Grammar;
use crate::machine::{Machine, Place};
use crate::oracle::{Automata, Move, Verdict};

const LETTERS: &[u8] = b"ab";
const LONGEST: usize = 6;

fn config(cases: u32, seed: u64) -> Config {
    Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    }
}

fn automata(words: &'static [&'static str]) -> impl Strategy<Value = Automata> {
    (1_usize..=6).prop_flat_map(move |states| {
        let by = prop_oneof![
            prop::sample::select(words).prop_map(Move::Word),
            (0..states).prop_map(Move::Call),
        ];
        let edges = prop::collection::vec((0..states, by, 0..states), 0..=3 * states);
        let finals = prop::collection::vec(prop::bool::weighted(0.4), states);
        (edges, finals).prop_map(|(list, finals)| {
            let mut edges = vec![Vec::new(); finals.len()];
            for (from, by, to) in list {
                edges[from].push((by, to));
            }
            Automata { edges, finals }
        })
    })
}

fn grammar(automata: &Automata) -> Grammar {
    let mut grammar = Grammar::default();
    for &is_final in &automata.finals {
        let state = grammar.rules.add_state();
        if is_final {
            grammar.rules.set_final(state).unwrap();
        }
    }
    for (from, edges) in (0..).zip(&automata.edges) {
        for (by, to) in edges {
            let symbol = match by {
                Move::Word(word) => Symbol::Terminal(grammar.terminal(word.as_bytes()), 0),
                Move::Call(callee) => Symbol::Call(*callee as u32),
            };
            grammar.rules.add_edge(from, symbol, *to as u32).unwrap();
        }
    }
    grammar
}

fn trimmed(automata: &Automata) -> Grammar {
    let mut grammar = grammar(automata);
    grammar.rules.trim(|_, _| true);
    grammar
}

/// Visits every text up to `LONGEST` with its place.
fn walk(machine: &mut Machine, mut visit: impl FnMut(&Machine, &[u8], &Place)) {
    let mut work = vec![(Vec::new(), machine.start())];
    while let Some((text, place)) = work.pop() {
        visit(machine, &text, &place);
        if text.len() < LONGEST {
            for &letter in LETTERS {
                let next = machine.feed(&place, letter);
                work.push(([&text[..], &[letter]].concat(), next));
            }
        }
    }
}

/// The accepted texts, the texts that may go on, and what every row offers.
fn check(automata: &Automata, single_letters: bool) {
    let mut judged: HashMap<Vec<u8>, Verdict> = HashMap::new();
    let mut judge = |text: &[u8]| {
        let new = || automata.judge(text);
        *judged.entry(text.to_vec()).or_insert_with(new)
    };
    let mut plain = Machine::new(grammar(automata));
    walk(&mut plain, |machine, text, place| {
        let verdict = judge(text);
        assert_eq!(machine.accepts(place), verdict.accepts, "{text:?}");
        assert!(machine.is_alive(place) || !verdict.is_prefix, "{text:?}");
    });
    let mut exact = Machine::new(trimmed(automata));
    walk(&mut exact, |machine, text, place| {
        let verdict = judge(text);
        assert_eq!(machine.accepts(place), verdict.accepts, "{text:?} trimmed");
        if text.is_empty() {
            // The start row exists even if the language has no text.
            let row = place.row.unwrap();
            let offers = machine.accepts(place) || !machine.rows.terminals(row).is_empty();
            assert_eq!(offers, verdict.is_prefix);
            return;
        }
        assert_eq!(
            machine.is_alive(place),
            verdict.is_prefix,
            "{text:?} trimmed"
        );
        if single_letters {
            let offered: BTreeSet<Vec<u8>> = place
                .row
                .into_iter()
                .flat_map(|row| machine.rows.terminals(row))
                .map(|&terminal| machine.words[terminal as usize].clone())
                .collect();
            let expected: BTreeSet<Vec<u8>> = LETTERS
                .iter()
                .map(|&letter| vec![letter])
                .filter(|word| judge(&[text, word].concat()).is_prefix)
                .collect();
            assert_eq!(offered, expected, "{text:?} trimmed");
        }
    });
}

/// Every row met on the texts up to `LONGEST`, and every origin that can be reached from them.
fn reached(machine: &mut Machine) -> (BTreeSet<RowId>, BTreeSet<OriginId>) {
    let mut rows = BTreeSet::new();
    walk(machine, |_, _, place| rows.extend(place.row));
    let mut origins = BTreeSet::new();
    let mut work: Vec<OriginId> = Vec::new();
    for &row in &rows {
        work.extend(machine.rows.items(row).iter().map(|&(_, origin)| origin));
    }
    while let Some(origin) = work.pop() {
        if origins.insert(origin) {
            work.extend(machine.rows.askers(origin).iter().map(|&(_, asker)| asker));
        }
    }
    (rows, origins)
}

/// The coarsest colouring in which origins of one colour have the same returns into the same colours.
fn colours(machine: &Machine, origins: &BTreeSet<OriginId>) -> BTreeMap<OriginId, usize> {
    let mut colours: BTreeMap<OriginId, usize> = origins.iter().map(|&o| (o, 0)).collect();
    let mut count = 1;
    loop {
        let mut numbers: HashMap<BTreeSet<(RuleState, usize)>, usize> = HashMap::new();
        let mut next = BTreeMap::new();
        for &origin in origins {
            let askers = machine.rows.askers(origin).iter();
            let view = askers
                .map(|&(state, asker)| (state, colours[&asker]))
                .collect();
            let fresh = numbers.len();
            next.insert(origin, *numbers.entry(view).or_insert(fresh));
        }
        if numbers.len() == count {
            return next;
        }
        count = numbers.len();
        colours = next;
    }
}

/// Rules that fail on the first demand for each state.
struct Reluctant {
    rules: StaticRules,
    asked: HashSet<RuleState>,
}

impl Rules for Reluctant {
    type Error = &'static str;

    fn state(&mut self, state: RuleState) -> Result<&StateInfo, Self::Error> {
        if self.asked.insert(state) {
            return Err("not yet");
        }
        self.rules.state(state).map_err(|_| "unknown")
    }
}

proptest! {
    #![proptest_config(config(100, 1))]

    #[test]
    fn texts_and_offers_are_those_of_the_oracle(automata in automata(&["a", "b"])) {
        check(&automata, true);
    }

    #[test]
    fn words_that_overlap_are_followed_at_once(automata in automata(&["a", "b", "aa", "ab", "aba"])) {
        check(&automata, false);
    }
}

proptest! {
    #![proptest_config(config(200, 2))]

    #[test]
    fn equal_rows_and_equal_origins_have_one_number(automata in automata(&["a", "b"])) {
        let mut machine = Machine::new(grammar(&automata));
        let (rows, origins) = reached(&mut machine);
        let contents: HashSet<_> = rows
            .iter()
            .map(|&row| (machine.rows.items(row).to_vec(), machine.rows.accepts(row)))
            .collect();
        prop_assert_eq!(contents.len(), rows.len());
        let classes: HashSet<usize> = colours(&machine, &origins).into_values().collect();
        prop_assert_eq!(classes.len(), origins.len(), "two origins cannot be told apart");
    }

    #[test]
    fn order_and_repetition_of_ended_terminals_change_nothing(
        automata in automata(&["a", "aa", "b"]),
        text in prop::collection::vec(prop::sample::select(LETTERS), 0..12),
    ) {
        let mut machine = Machine::new(grammar(&automata));
        let mut place = machine.start();
        for byte in text {
            let (mut ended, _) = machine.read(&place, byte);
            place = machine.feed(&place, byte);
            ended.reverse();
            ended.extend_from_within(..);
            prop_assert_eq!(machine.rows.next(&mut machine.rules, &ended), Ok(place.row));
        }
    }

    #[test]
    fn a_failed_step_can_be_repeated(automata in automata(&["a", "b"])) {
        let Grammar { rules, start, words } = grammar(&automata);
        let mut steady = Machine::new(Grammar { rules: rules.clone(), start, words });
        let mut reluctant = Reluctant { rules, asked: HashSet::new() };
        let mut rows = Rows::default();
        let mut twin: HashMap<RowId, RowId> = HashMap::new();
        let first = loop {
            match rows.start(&mut reluctant, start) {
                Ok(row) => break row,
                Err(error) => assert_eq!(error, RowsError::Rules("not yet")),
            }
        };
        let mut work = vec![(steady.start().row.unwrap(), first)];
        while let Some((row, other)) = work.pop() {
            if let Some(&known) = twin.get(&row) {
                prop_assert_eq!(known, other);
                continue;
            }
            twin.insert(row, other);
            prop_assert_eq!(steady.rows.terminals(row), rows.terminals(other));
            prop_assert_eq!(steady.rows.accepts(row), rows.accepts(other));
            if twin.len() > 25 {
                break;
            }
            for terminal in steady.rows.terminals(row).to_vec() {
                let next = steady.rows.next(&mut steady.rules, &[(row, terminal, 0)]).unwrap();
                let others = loop {
                    match rows.next(&mut reluctant, &[(other, terminal, 0)]) {
                        Ok(row) => break row,
                        Err(error) => assert_eq!(error, RowsError::Rules("not yet")),
                    }
                };
                prop_assert_eq!(next.is_some(), others.is_some());
                work.extend(next.zip(others));
            }
        }
    }
}
