//! Token streams: any operations on matchers of a few grammars whose caches go all the time, and
//! after each of them the same sight as from a fresh matcher that reads the text.

use crate::common::re::{Re, class, lit, rep};
use crate::common::schema::{Schema, Val, if_array, if_object, whole_numbers};
use crate::input::Input;
use crate::tokens::Tokens;
use crate::walk::{LIMITS, bounded, expected};
use grammarlib_automata::value::types;
use grammarlib_automata::{Compiled, Limits, Matcher, Result};
use std::sync::Arc;

/// How many operations one input may ask for.
const OPERATIONS: usize = 60;

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let all = grammars();
    let schema = &all[input.below(all.len())];
    let tokens = if input.once_in(8) {
        Tokens::poor()
    } else {
        Tokens::whole()
    };
    tokens.vocab.clear_cache();
    let cache = [1, 30_000, 100_000, 1 << 20][input.below(4)];
    if let Err(error) = play(schema, cache, &mut input, tokens) {
        expected(&error, false);
    }
}

/// What the operations are tried on: flat and nested, declared and free order, counts, escapes.
fn grammars() -> Vec<Schema> {
    let object = |properties: Vec<(&str, Val)>, additional: Val, required: Vec<&str>| {
        let properties = properties
            .into_iter()
            .map(|(k, v)| (k.to_string(), v))
            .collect();
        let required = required.into_iter().map(String::from).collect();
        let shape = if_object(properties, additional, required);
        Val::All(vec![Val::Types(types::OBJECT), shape])
    };
    let array = |rest: Val, min, max| {
        let shape = if_array(vec![], rest, min, max);
        Val::All(vec![Val::Types(types::ARRAY), shape])
    };
    let null = || Val::Types(types::NULL);
    let members = || {
        vec![
            ("a", null()),
            ("ab", Val::Types(types::STRING)),
            ("é\"", Val::Any),
        ]
    };
    let text = || class('\0', '\u{10FFFF}');
    let roots = [
        (Val::Any, false),
        (object(members(), Val::Never, vec!["ab"]), true),
        (
            object(members(), Val::Numbers(whole_numbers()), vec!["b", "ab"]),
            false,
        ),
        (
            array(Val::Strings(rep(class('a', 'b'), 3, Some(9))), 2, Some(5)),
            true,
        ),
        (Val::Ref(0), false),
        (Val::Strings(rep(text(), 10, Some(4_000))), true),
        (
            Val::Strings(Re::Set(vec![
                b"a".to_vec(),
                "aé😀".into(),
                b"a\"\\".to_vec(),
            ])),
            true,
        ),
        (
            Val::AnyOf(vec![
                object(
                    vec![("a", null()), ("b", null())],
                    Val::Never,
                    vec!["a", "b"],
                ),
                object(
                    vec![("b", Val::Bools(3)), ("a", null())],
                    Val::Any,
                    vec!["b"],
                ),
                array(Val::Ref(0), 1, None),
            ]),
            true,
        ),
        (
            object(vec![], Val::Strings(Re::Not(Box::new(lit("a")))), vec![]),
            false,
        ),
    ];
    let tree = object(
        vec![("a", Val::Ref(0)), ("b", array(Val::Ref(0), 0, Some(3)))],
        Val::Types(types::STRING),
        vec![],
    );
    let space = rep(lit(" "), 0, Some(2));
    let schema = |(i, (root, declared)): (usize, (Val, bool))| Schema {
        root,
        defs: vec![tree.clone()],
        blank: if i % 2 == 0 { Re::Blank } else { space.clone() },
        declared,
    };
    roots.into_iter().enumerate().map(schema).collect()
}

/// A matcher and what is known of its steps: the length of the text before each.
#[derive(Clone)]
struct Known {
    text: Vec<u8>,
    before: Vec<usize>,
    ended: bool,
}

struct Player<'a> {
    tokens: &'a Tokens,
    /// Judges; its caches are never dropped.
    calm: Arc<Compiled>,
    hasty: Arc<Compiled>,
}

fn play(schema: &Schema, cache: usize, input: &mut Input<'_>, tokens: &Tokens) -> Result<()> {
    let compile = |cache| schema.compile(&tokens.vocab, Limits { cache, ..LIMITS });
    let made = (compile(1 << 30), compile(cache));
    let (calm, hasty) = match made {
        (Ok(calm), Ok(hasty)) => (calm, hasty),
        (a, b) => {
            assert_eq!(a.err(), b.err());
            return Ok(()); // the tokens do not spell a member
        }
    };
    let player = Player {
        tokens,
        calm,
        hasty,
    };
    let fresh = Known {
        text: vec![],
        before: vec![],
        ended: false,
    };
    let mut all = vec![(player.hasty.matcher()?, fresh)];
    for _ in 0..OPERATIONS {
        if input.is_empty() {
            break;
        }
        let i = input.below(all.len());
        if input.once_in(12) && all.len() < 4 {
            let (m, known) = &all[i];
            let fork = (m.fork(), known.clone());
            all.push(fork);
        }
        let (m, known) = &mut all[i];
        bounded("an operation", || player.operate(m, known, input))?;
        if input.once_in(3) {
            player.look(m, known)?;
        }
    }
    all.iter_mut()
        .try_for_each(|(m, known)| player.look(m, known))
}

impl Player<'_> {
    fn operate(&self, m: &mut Matcher, known: &mut Known, input: &mut Input<'_>) -> Result<()> {
        let size = self.tokens.vocab.size() as usize;
        match input.below(12) {
            0..=3 => {
                let allowed = self.tokens.mask(m)?;
                if let Some(&token) = allowed.get(input.below(allowed.len().max(1))) {
                    assert!(
                        self.token(m, known, token)?,
                        "{} was allowed",
                        self.tokens.shown(token)
                    );
                }
            }
            4 => {
                let token = input.below(size + 2) as u32;
                let allowed = self.tokens.mask(m)?.contains(&token);
                assert_eq!(
                    self.token(m, known, token)?,
                    allowed,
                    "{}",
                    self.tokens.shown(token)
                );
            }
            5 => {
                let n = input.below(8);
                let bytes = input.bytes(n);
                self.bytes(m, known, bytes)?;
            }
            6 => {
                let forced = m.find_jump_forward_bytes()?;
                assert!(self.bytes(m, known, &forced)? || known.ended);
            }
            7 => {
                let n = input.below(known.before.len() + 2);
                let enough = n <= known.before.len();
                assert_eq!(m.rollback(n).is_ok(), enough);
                if enough && n > 0 {
                    let to = known.before.split_off(known.before.len() - n)[0];
                    known.text.truncate(to);
                    known.ended = false;
                }
            }
            8 => {
                m.reset()?;
                (known.text, known.before, known.ended) = (vec![], vec![], false);
            }
            9 => {
                let allowed = self.tokens.mask(m)?;
                let mut stream = input.list(6, |i| i.below(size) as u32);
                stream.splice(0..0, allowed.first().copied());
                let mut fork = m.fork();
                let mut taken = 0;
                while taken < stream.len() && fork.accept_token(stream[taken])? {
                    taken += 1;
                }
                assert_eq!(m.validate_tokens(&stream)?, taken);
            }
            10 => self.hasty.clear_cache(),
            _ => {
                let forced = m.find_jump_forward_tokens()?;
                for token in forced {
                    assert_eq!(self.tokens.mask(m)?, [token]);
                    assert!(self.token(m, known, token)?);
                }
            }
        }
        Ok(())
    }

    fn token(&self, m: &mut Matcher, known: &mut Known, token: u32) -> Result<bool> {
        let taken = m.accept_token(token)?;
        if taken {
            known.before.push(known.text.len());
            match self.tokens.vocab.token(token) {
                Some(text) => known.text.extend_from_slice(text),
                None => known.ended = true,
            }
        }
        Ok(taken)
    }

    fn bytes(&self, m: &mut Matcher, known: &mut Known, bytes: &[u8]) -> Result<bool> {
        let taken = m.accept_bytes(bytes)?;
        if taken {
            known.before.push(known.text.len());
            known.text.extend_from_slice(bytes);
        }
        Ok(taken)
    }

    /// Compares with a matcher that has read the text in one piece.
    fn look(&self, m: &mut Matcher, known: &Known) -> Result<()> {
        assert_eq!(m.text(), &known.text[..]);
        assert_eq!(m.is_terminated(), known.ended);
        let mut fresh = self.calm.matcher()?;
        assert!(fresh.accept_bytes(&known.text)?);
        if known.ended {
            assert!(fresh.accept_token(self.tokens.eos)?);
        }
        let at = || m_text(known);
        assert_eq!(
            self.tokens.mask(m)?,
            self.tokens.mask(&mut fresh)?,
            "{}",
            at()
        );
        assert_eq!(m.is_accepting()?, fresh.is_accepting()?, "{}", at());
        assert_eq!(
            m.find_jump_forward_bytes()?,
            fresh.find_jump_forward_bytes()?,
            "{}",
            at()
        );
        let mut row = vec![u32::MAX; self.tokens.vocab.words()];
        if m.fill_known(&mut row)? {
            let again = crate::common::vocab::members(&row);
            assert_eq!(again, self.tokens.mask(&mut fresh)?, "known, {}", at());
        }
        Ok(())
    }
}

fn m_text(known: &Known) -> String {
    format!("after {}", known.text.escape_ascii())
}
