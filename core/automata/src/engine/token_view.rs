//! What a state makes of the tokens: inside, crossing and dead ones, and where they are cut.
//!
//! *Invariants.* Inside, crossing and dead are what the profile says of one terminal, whatever comes
//! after it; survivors are the crossing tokens that may go on, under some outcome of the conditions
//! that was met. A mask holds the inside tokens and the survivors of the components whose condition
//! holds, so it lies between `inside` and `inside` with `crossing`.
//!
//! *Cost.* One pass over the crossing tokens of each component.

use super::{ConfigId, Engine};
use crate::error::Result;
use crate::expr::{PLAIN, shown_text};
use crate::value::{Action, Source, is_other};

/// A place inside tokens where a terminal may end.
#[derive(Clone, Debug)]
pub struct CutView {
    /// Which of its ends it is: the key, `new key`, or nothing where there is one only.
    pub label: String,
    /// Distinct first bytes of what comes after it.
    pub tails: usize,
    /// Tokens that end exactly there.
    pub ended: usize,
    /// Tokens that go on there.
    pub crossing: usize,
    /// Those of both that are known to be possible; `None` if it was not asked yet.
    pub survivors: Option<usize>,
}

/// What a state makes of the tokens.
#[derive(Clone, Debug)]
pub struct StateProfile {
    /// The tokens that spell something, a bit each.
    pub text: Vec<u32>,
    /// One for each component, in their order.
    pub components: Vec<ProfileView>,
}

/// What one component makes of the tokens; the sets are bitsets, one bit a token.
#[derive(Clone, Debug)]
pub struct ProfileView {
    /// Tokens that end inside the terminal.
    pub inside: Vec<u32>,
    /// Tokens in which it may end.
    pub crossing: Vec<u32>,
    /// Those of them that are known to be possible.
    pub survivors: Vec<u32>,
    /// Where it may end.
    pub cuts: Vec<CutView>,
}

impl Engine {
    /// The profiles of a state's components.
    pub fn profiles(&mut self, state: ConfigId) -> Result<StateProfile> {
        self.check(state)?;
        let vocab = self.vocab.clone();
        let config = self.get(state);
        let mut views = Vec::with_capacity(config.components.len());
        for c in &config.components {
            let term = *self.term(c.terminal);
            let empty = vec![0u32; vocab.words()];
            let mut view = ProfileView {
                inside: empty.clone(),
                crossing: empty.clone(),
                survivors: empty.clone(),
                cuts: Vec::new(),
            };
            if let Source::Tokens(set) = term.source {
                // A whole token crosses its terminal's end, and survives.
                let wanted = self.states.written().tokens(set).to_vec();
                (view.crossing, view.survivors) = (wanted.clone(), wanted);
                views.push(view);
                continue;
            }
            for part in self.parts(c.expr)?.iter() {
                part.profile
                    .inside_into(part.min, part.max, &mut view.inside);
                for (i, cut) in part.profile.cuts.iter().enumerate() {
                    let mut ended = 0;
                    for &(token, count) in &cut.ended {
                        if part.allows(&vocab, cut.label, (token, count)) {
                            set(&mut view.crossing, token);
                            ended += 1;
                        }
                    }
                    let mut crossing = 0;
                    for tails in &cut.first {
                        for &(node, count) in &tails.nodes {
                            for &token in vocab.tokens_below(node) {
                                if part.allows(&vocab, cut.label, (token, count)) {
                                    set(&mut view.crossing, token);
                                    crossing += 1;
                                }
                            }
                        }
                    }
                    let survivors = match self.rows.known_next(&[(c.row, c.terminal, cut.label)]) {
                        None => None,
                        Some(None) => Some(0),
                        Some(Some(row)) => {
                            let key = (part.profile.id, i, c.terminal, row);
                            let known = self.masks.known_survivors(&key);
                            let mut found = empty.clone();
                            for survivors in known {
                                for &tally in &survivors.tokens {
                                    if part.allows(&vocab, cut.label, tally) {
                                        set(&mut found, tally.0);
                                    }
                                }
                                for &token in &survivors.doubtful {
                                    set(&mut found, token);
                                }
                            }
                            let count = found.iter().map(|w| w.count_ones() as usize).sum();
                            let both = view.survivors.iter_mut().zip(&found);
                            both.for_each(|(all, new)| *all |= new);
                            (!known.is_empty()).then_some(count)
                        }
                    };
                    let label = match (cut.label, term.key(cut.label, &self.values)) {
                        (_, Some(key)) => shown_text(&self.values.key_text(key)),
                        (label, None)
                            if is_other(label) && matches!(term.action, Action::Key { .. }) =>
                        {
                            "new key".into()
                        }
                        (PLAIN, None) => String::new(),
                        (other, None) => other.to_string(),
                    };
                    view.cuts.push(CutView {
                        label,
                        tails: cut.first.len(),
                        ended,
                        crossing,
                        survivors,
                    });
                }
            }
            views.push(view);
        }
        let mut text = vec![0u32; vocab.words()];
        vocab.tokens.iter().for_each(|&token| set(&mut text, token));
        Ok(StateProfile {
            text,
            components: views,
        })
    }
}

fn set(bits: &mut [u32], token: u32) {
    bits[(token >> 5) as usize] |= 1 << (token & 31);
}
