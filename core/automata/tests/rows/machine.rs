//! Drives rows byte by byte: every terminal is a word, and all words of all open rows are followed at once.

use grammarlib_automata::grammar::{Ended, Limits, RowId, Rows, StaticRules};

use crate::grammars::Grammar;

/// A grammar with its rows.
pub struct Machine {
    pub rules: StaticRules,
    pub words: Vec<Vec<u8>>,
    pub rows: Rows,
    start: RowId,
}

/// A place in a text.
#[derive(Clone, Debug)]
pub struct Place {
    /// The row of this byte, if a terminal ended here.
    pub row: Option<RowId>,
    /// Words begun and not ended: row, terminal, bytes read.
    open: Vec<(RowId, u32, usize)>,
}

impl Machine {
    pub fn new(grammar: Grammar) -> Self {
        Self::with_limits(grammar, Limits::default())
    }

    pub fn with_limits(grammar: Grammar, limits: Limits) -> Self {
        let Grammar {
            mut rules,
            start,
            words,
        } = grammar;
        let mut rows = Rows::new(limits);
        let start = rows.start(&mut rules, start).unwrap();
        Self {
            rules,
            words,
            rows,
            start,
        }
    }

    pub fn start(&self) -> Place {
        Place {
            row: Some(self.start),
            open: Vec::new(),
        }
    }

    /// The terminals that end if `byte` comes, and the words that stay open.
    pub fn read(&self, place: &Place, byte: u8) -> (Vec<Ended>, Vec<(RowId, u32, usize)>) {
        let mut ended = Vec::new();
        let mut open = Vec::new();
        let begun = place.row.into_iter().flat_map(|row| {
            let terminals = self.rows.terminals(row).iter();
            terminals.map(move |&terminal| (row, terminal, 0))
        });
        for (row, terminal, read) in place.open.iter().copied().chain(begun) {
            let word = &self.words[terminal as usize];
            if word[read] != byte {
                continue;
            }
            if read + 1 == word.len() {
                ended.push((row, terminal, 0));
            } else {
                open.push((row, terminal, read + 1));
            }
        }
        (ended, open)
    }

    pub fn feed(&mut self, place: &Place, byte: u8) -> Place {
        let (ended, open) = self.read(place, byte);
        let row = self.rows.next(&mut self.rules, &ended).unwrap();
        Place { row, open }
    }

    pub fn feed_all(&mut self, text: &[u8]) -> Place {
        let mut place = self.start();
        for &byte in text {
            place = self.feed(&place, byte);
        }
        place
    }

    pub fn accepts(&self, place: &Place) -> bool {
        place.row.is_some_and(|row| self.rows.accepts(row))
    }

    /// Whether anything may follow, the end of the text included.
    pub fn is_alive(&self, place: &Place) -> bool {
        place.row.is_some() || !place.open.is_empty()
    }

    /// Whether the whole text is in the language.
    pub fn matches(&mut self, text: &[u8]) -> bool {
        let place = self.feed_all(text);
        self.accepts(&place)
    }
}
