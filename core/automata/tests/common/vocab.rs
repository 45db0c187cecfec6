//! Vocabularies of the tests.

use super::chance::Chance;
use grammarlib_automata::Vocabulary;
use std::sync::Arc;

/// A vocabulary with everything that spells: one token for each byte, then `more`, two special
/// tokens, and padding. The end token's id is returned beside it.
pub fn whole(more: &[Vec<u8>]) -> (Arc<Vocabulary>, u32) {
    let mut tokens: Vec<Option<Vec<u8>>> = (0..=255u8).map(|b| Some(vec![b])).collect();
    tokens.extend(more.iter().cloned().map(Some));
    tokens.push(None);
    let eos = tokens.len() as u32;
    tokens.push(None);
    made(&tokens, &[eos], 3)
}

/// A vocabulary of these tokens alone, and an end token.
pub fn only(tokens: &[&[u8]]) -> (Arc<Vocabulary>, u32) {
    let mut list: Vec<Option<Vec<u8>>> = tokens.iter().map(|t| Some(t.to_vec())).collect();
    let eos = list.len() as u32;
    list.push(None);
    made(&list, &[eos], 0)
}

pub fn made(tokens: &[Option<Vec<u8>>], eos: &[u32], padding: u32) -> (Arc<Vocabulary>, u32) {
    let size = tokens.len() as u32 + padding;
    let made = Vocabulary::new(tokens, eos, size, 64 << 20);
    (Arc::new(made.expect("a vocabulary")), eos[0])
}

/// The ids whose bits are set.
pub fn members(mask: &[u32]) -> Vec<u32> {
    let bits = mask.iter().enumerate();
    bits.flat_map(|(i, w)| {
        (0..32)
            .filter(move |b| w >> b & 1 == 1)
            .map(move |b| i as u32 * 32 + b)
    })
    .collect()
}

/// Random pieces of `whole`, joined.
pub fn joined(pieces: &[&[u8]], chance: &mut Chance, most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..1 + chance.below(most) {
        out.extend(*chance.pick(pieces));
    }
    out
}
