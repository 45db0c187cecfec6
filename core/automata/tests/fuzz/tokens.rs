//! The vocabularies of the targets: every byte and pieces that cross whatever can be crossed; and
//! one that cannot spell everything.

use crate::common::vocab;
use grammarlib_automata::{Matcher, Vocabulary};
use std::sync::{Arc, LazyLock};

/// A vocabulary and its end token.
pub struct Tokens {
    pub vocab: Arc<Vocabulary>,
    pub eos: u32,
}

const PIECES: [&str; 52] = [
    "{}",
    "[]",
    "{\"",
    "\",\"",
    "\":\"",
    "\"}",
    "\"]",
    "},{",
    "],[",
    "}]}",
    "\":{\"",
    "\":1,\"",
    "1,",
    "1]",
    "1}",
    "1,\"",
    "null",
    "null,",
    "true]",
    "false",
    "{\"a\":{\"a\":",
    "[[[[",
    "]]]]",
    "{\"a\":1}",
    ",\"a\":",
    ",\"b\":1",
    "\"ab\"",
    "\"ab\":",
    "a\":",
    "b\":",
    "\": ",
    "\", \"",
    "  ",
    "\n    ",
    "[\"a\",\"b\"]",
    "aaaa",
    "aaaaaaaaaaaaaaaa",
    "ab",
    "é",
    "éé",
    "😀",
    "─\"",
    "\\u0061\":",
    "{\"\\u0061",
    "\\ud83d\\u",
    "\\\"",
    "e-1",
    ".5",
    "1.0",
    "12",
    "-0",
    "aaaa",
];

static WHOLE: LazyLock<Tokens> = LazyLock::new(|| {
    let mut more: Vec<Vec<u8>> = PIECES.iter().map(|p| p.as_bytes().to_vec()).collect();
    more.extend([
        b"\xC3".to_vec(),
        b"\xA9\"".to_vec(),
        b"\x9F\x98".to_vec(),
        vec![b'a'; 128],
    ]);
    let (vocab, eos) = vocab::whole(&more);
    Tokens { vocab, eos }
});

// Every piece of punctuation is a token but `{`: without such tokens, each search for an end spends
// its whole budget on longer and longer keys.
static POOR: LazyLock<Tokens> = LazyLock::new(|| {
    let (vocab, eos) = vocab::only(&[
        b"\"",
        b":",
        b",",
        b"}",
        b"[",
        b"]",
        b" ",
        b"{\"",
        b"{}",
        b"\":",
        b",\"",
        b"],",
        b"\":[",
        b"b",
        b"c",
        b"aa",
        b"a\"",
        b"ab\"",
        b"1",
        b"10",
        b"nu",
        b"null",
        b"ll",
        b"true",
        b"\xC3\xA9",
        b"\xC3",
        b"",
    ]);
    Tokens { vocab, eos }
});

impl Tokens {
    /// Spells everything.
    pub fn whole() -> &'static Tokens {
        &WHOLE
    }

    /// Does not.
    pub fn poor() -> &'static Tokens {
        &POOR
    }

    /// The allowed tokens of a whole mask; padding words must be zero.
    pub fn mask(&self, m: &mut Matcher) -> grammarlib_automata::Result<Vec<u32>> {
        let mut mask = vec![u32::MAX; self.vocab.words() + 1];
        m.fill(&mut mask)?;
        assert_eq!(mask.pop(), Some(0), "words beyond the vocabulary are zero");
        Ok(vocab::members(&mask))
    }

    pub fn shown(&self, token: u32) -> String {
        match self.vocab.token(token) {
            Some(text) => format!("token {token} ({})", text.escape_ascii()),
            None => format!("token {token}"),
        }
    }
}
