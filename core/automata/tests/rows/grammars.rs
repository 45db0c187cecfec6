//! Grammars written as text: `S: A "x" S | ; A: "a"` has two rules, the first one is the start rule.

use std::collections::HashMap;

use grammarlib_automata::grammar::{RuleState, StaticRules, Symbol};

/// Rules over terminals that are fixed words.
#[derive(Clone, Debug, Default)]
pub struct Grammar {
    pub rules: StaticRules,
    pub start: RuleState,
    /// The word of each terminal.
    pub words: Vec<Vec<u8>>,
}

impl Grammar {
    pub fn parse(text: &str) -> Self {
        let mut grammar = Self::default();
        let mut names: HashMap<&str, RuleState> = HashMap::new();
        let definitions: Vec<(&str, &str)> = text
            .split(';')
            .map(|rule| rule.split_once(':').expect("a rule is `name: body`"))
            .collect();
        for (name, _) in &definitions {
            let state = grammar.rules.add_state();
            assert!(
                names.insert(name.trim(), state).is_none(),
                "two rules {name}"
            );
        }
        for (name, body) in &definitions {
            for alternative in body.split('|') {
                let mut state = names[name.trim()];
                for symbol in alternative.split_whitespace() {
                    let symbol = match symbol.strip_prefix('"').and_then(|s| s.strip_suffix('"')) {
                        Some(word) => Symbol::Terminal(grammar.terminal(word.as_bytes()), 0),
                        None => Symbol::Call(names[symbol]),
                    };
                    let target = grammar.rules.add_state();
                    grammar.rules.add_edge(state, symbol, target).unwrap();
                    state = target;
                }
                grammar.rules.set_final(state).unwrap();
            }
        }
        grammar.start = names[definitions[0].0.trim()];
        grammar
    }

    pub fn terminal(&mut self, word: &[u8]) -> u32 {
        assert!(!word.is_empty());
        let known = self.words.iter().position(|other| other == word);
        known.unwrap_or_else(|| {
            self.words.push(word.to_vec());
            self.words.len() - 1
        }) as u32
    }
}
