//! Static tables: names are checked, and trimming removes exactly what no text can take.

use grammarlib_automata::grammar::{Rows, RowsError, Rules, StaticRules, Symbol, UnknownState};

use crate::grammars::Grammar;

#[test]
fn unknown_states_are_refused() {
    let mut rules = StaticRules::new();
    let state = rules.add_state();
    let unknown = Err(UnknownState(7));
    assert_eq!(rules.add_edge(state, Symbol::Call(7), state), unknown);
    assert_eq!(rules.add_edge(state, Symbol::Terminal(0, 0), 7), unknown);
    assert_eq!(rules.add_edge(7, Symbol::Terminal(0, 0), state), unknown);
    assert_eq!(rules.set_final(7), unknown);
    let failed = Rows::default().start(&mut rules, 7).unwrap_err();
    assert_eq!(failed, RowsError::Rules(UnknownState(7)));
    assert_eq!(failed.to_string(), "the grammar has no rule state 7");
}

#[test]
fn trim_removes_what_leads_nowhere() {
    let grammar = Grammar::parse(r#"S: "a" S D | "a" S | "b" ; D: D "d" | E ; E: "e" D"#);
    let mut rules = grammar.rules;
    let productive = rules.trim(|_, _| true);
    assert!(productive[0] && !productive[1] && !productive[2]);
    assert_eq!(
        rules.state(0).unwrap().edges.len(),
        2,
        "one `a` edge and the `b` edge"
    );
    assert!(rules.state(1).unwrap().edges.is_empty());
}

#[test]
fn trim_asks_which_terminals_match_anything() {
    let grammar = Grammar::parse(r#"S: "a" S "b" | "c""#);
    let never = grammar.words.iter().position(|word| word == b"b").unwrap() as u32;
    let mut rules = grammar.rules;
    rules.trim(|terminal, _| terminal != never);
    let mut rows = Rows::default();
    let start = rows.start(&mut rules, 0).unwrap();
    assert_eq!(rows.terminals(start).len(), 1, "only `c` is left");
    assert!(
        rules
            .trim(|_, _| false)
            .iter()
            .zip(0..)
            .all(|(&p, s)| { p == rules.state(s).unwrap().is_final })
    );
}
