//! A recogniser written from the definition: which spans of a text each state derives, as a least fixed
//! point. Cubic per state and slow, and it shares nothing with the library.

/// A move of a random automaton.
#[derive(Clone, Debug)]
pub enum Move {
    Word(&'static str),
    Call(usize),
}

/// Automata over words and calls; the language is that of state 0.
#[derive(Clone, Debug)]
pub struct Automata {
    pub edges: Vec<Vec<(Move, usize)>>,
    pub finals: Vec<bool>,
}

/// What the oracle knows of one text.
#[derive(Clone, Copy)]
pub struct Verdict {
    pub accepts: bool,
    /// Some text of the language begins with this one.
    pub is_prefix: bool,
}

/// Repeats `pass` until it reports no change.
fn fixed_point(mut pass: impl FnMut() -> bool) {
    while pass() {}
}

impl Automata {
    /// States from which some text reaches a final state.
    fn productive(&self) -> Vec<bool> {
        let mut found = self.finals.clone();
        fixed_point(|| {
            let before = found.clone();
            for (from, edges) in self.edges.iter().enumerate() {
                found[from] |= edges.iter().any(|(by, to)| {
                    before[*to] && !matches!(by, Move::Call(callee) if !before[*callee])
                });
            }
            found != before
        });
        found
    }

    pub fn judge(&self, text: &[u8]) -> Verdict {
        let n = text.len();
        let states = self.edges.len();
        // derives[q][i][j]: from q, text[i..j] leads to a final state
        let mut derives = vec![vec![vec![false; n + 1]; n + 1]; states];
        fixed_point(|| {
            let mut changed = false;
            for q in 0..states {
                for i in 0..=n {
                    for j in i..=n {
                        if derives[q][i][j] {
                            continue;
                        }
                        let now = (self.finals[q] && i == j)
                            || self.edges[q].iter().any(|(by, to)| match by {
                                Move::Word(word) => {
                                    let end = i + word.len();
                                    end <= j
                                        && &text[i..end] == word.as_bytes()
                                        && derives[*to][end][j]
                                }
                                Move::Call(callee) => {
                                    (i..=j).any(|k| derives[*callee][i][k] && derives[*to][k][j])
                                }
                            });
                        derives[q][i][j] = now;
                        changed |= now;
                    }
                }
            }
            changed
        });
        let productive = self.productive();
        // begins[q][i]: text[i..] is a prefix of something that leads from q to a final state
        let mut begins = vec![vec![false; n + 1]; states];
        fixed_point(|| {
            let before = begins.clone();
            for q in 0..states {
                for i in 0..=n {
                    begins[q][i] |= if i == n {
                        productive[q]
                    } else {
                        self.edges[q].iter().any(|(by, to)| match by {
                            Move::Word(word) => {
                                let rest = &text[i..];
                                (word.as_bytes().starts_with(rest) && productive[*to])
                                    || (rest.starts_with(word.as_bytes())
                                        && before[*to][i + word.len()])
                            }
                            Move::Call(callee) => {
                                (before[*callee][i] && productive[*to])
                                    || (i..=n).any(|k| derives[*callee][i][k] && before[*to][k])
                            }
                        })
                    };
                }
            }
            begins != before
        });
        Verdict {
            accepts: derives[0][0][n],
            is_prefix: begins[0][0],
        }
    }
}
