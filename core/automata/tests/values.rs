//! Values against their meaning, judged on whole texts; masks against acceptance, token by token.

mod common;

use common::chance::Chance;
use common::multiples::Multiples;
use common::re::Re;
use common::schema::{Array, Schema, Val, if_object, schemas};
use common::{cases, vocab};
use grammarlib_automata::expr::Spelling;
use grammarlib_automata::value::types;
use grammarlib_automata::{Compiled, Error, Limits, Matcher, Vocabulary};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::sync::{Arc, LazyLock};

/// Pieces of JSON text, joined into tokens that cross whatever can be crossed.
const PIECES: [&[u8]; 30] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\":",
    b",",
    b":",
    b" ",
    b"\n",
    b"a",
    b"ab",
    b"b",
    b"c",
    b"\\",
    b"\\\"",
    b"\\u00",
    b"61",
    "é".as_bytes(),
    b"\xC3",
    b"\xA9",
    b"1",
    b"0",
    b".",
    b"-",
    b"null",
    b"tru",
    b"e",
    b"\"a\"",
    b"\"a\":",
];

static TOKENS: LazyLock<(Arc<Vocabulary>, u32)> = LazyLock::new(|| {
    let mut chance = Chance(7);
    let mut more: Vec<Vec<u8>> = Vec::new();
    for text in [
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
        "null,",
        "null}",
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
        "éé",
        "😀",
        "\u{2500}\"",
        "\\u0061\":",
        "{\"\\u0061",
        "e-1",
        ".5",
        "1.0",
        "12",
        "-0",
        "\"\":",
        "{\"\"",
    ] {
        more.push(text.as_bytes().to_vec());
    }
    while more.len() < 150 {
        more.push(vocab::joined(&PIECES, &mut chance, 5));
    }
    more.push(b"a".to_vec()); // the same bytes as another token
    vocab::whole(&more)
});

/// What the kernel answers, where it does not give up.
fn given<T>(answer: Result<T, Error>) -> Result<T, TestCaseError> {
    answer.map_err(|error| match error {
        Error::Budget(what) => TestCaseError::reject(what),
        other => TestCaseError::fail(other.to_string()),
    })
}

fn compile(schema: &Schema) -> Result<Option<Arc<Compiled>>, TestCaseError> {
    match schema.compile(&TOKENS.0, Limits::default()) {
        Err(Error::Empty(_)) => Ok(None),
        made => given(made).map(Some),
    }
}

fn mask(m: &mut Matcher) -> Result<Vec<u32>, TestCaseError> {
    let mut mask = vec![u32::MAX; TOKENS.0.words() + 1];
    given(m.fill(&mut mask))?;
    prop_assert_eq!(mask.pop(), Some(0), "words beyond the vocabulary are zero");
    Ok(vocab::members(&mask))
}

fn accepts(compiled: &Arc<Compiled>, text: &[u8]) -> Result<bool, TestCaseError> {
    let mut m = given(compiled.matcher())?;
    Ok(given(m.accept_bytes(text))? && given(m.is_accepting())?)
}

/// What a matcher shows: mask, text, whether it may end.
type Seen = (Vec<u32>, Vec<u8>, bool);

/// Bytes of a text in search of its end.
const LONG: usize = 400;

/// A whole text, or a beginning without an end.
type Ending = Result<Vec<u8>, Vec<u8>>;

/// A whole text that the matcher's text begins, or a beginning that nothing can follow, by bytes that
/// mostly end something; `None` where neither is found in time.
fn ending(m: &Matcher, chance: &mut Chance) -> Result<Option<Ending>, TestCaseError> {
    for _ in 0..4 {
        let mut at = m.fork();
        for _ in 0..LONG {
            if given(at.is_accepting())? {
                return Ok(Some(Ok(at.text().to_vec())));
            }
            let mut ways = mask(&mut at)?;
            ways.retain(|&t| t < 256);
            if ways.is_empty() {
                return Ok(Some(Err(at.text().to_vec())));
            }
            // Within a string its end, else what ends most.
            let soon: &[u8] = match in_string(at.text()) {
                true => b"\"abc\\",
                false => b"}],:0ntf\"{[ ",
            };
            let soon = |t: &&u32| soon.iter().position(|b| u32::from(*b) == **t);
            let next = match ways.iter().min_by_key(|t| soon(t).unwrap_or(99)) {
                Some(next) if !chance.once_in(12) => *next,
                _ => *chance.pick(&ways),
            };
            prop_assert!(given(at.accept_token(next))?);
        }
    }
    Ok(None)
}

/// Whether the text ends within a JSON string.
fn in_string(text: &[u8]) -> bool {
    let mut inside = false;
    let mut escaped = false;
    for &b in text {
        let quote = b == b'"' && !escaped;
        inside ^= quote;
        escaped = inside && b == b'\\' && !escaped;
    }
    inside
}

/// Tokens that end a text soon, the soonest first.
fn closing(chance: &mut Chance, allowed: &[u32], eos: u32) -> u32 {
    if allowed.contains(&eos) {
        return eos;
    }
    let soon = b"}]\"";
    let hit = soon.iter().find(|&&b| allowed.contains(&u32::from(b)));
    hit.map_or_else(|| *chance.pick(allowed), |&b| b.into())
}

proptest! {
    #![proptest_config(cases(220))]

    #[test]
    fn texts_are_accepted_by_their_meaning(schema in schemas(), seed in any::<u64>()) {
        let compiled = compile(&schema)?;
        let mut chance = Chance(seed);
        for n in 0..36 {
            let text = match n % 3 {
                0 => schema.sample(&mut chance),
                _ => schema.small(&mut chance),
            };
            let Some(expected) = schema.judge(&text) else { continue };
            match &compiled {
                Some(compiled) => prop_assert_eq!(
                    accepts(compiled, &text)?, expected, "{}", text.escape_ascii()
                ),
                None => prop_assert!(!expected, "{} though refused", text.escape_ascii()),
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn whatever_is_begun_can_be_ended(schema in schemas(), seed in any::<u64>()) {
        let Some(compiled) = compile(&schema)? else { return Ok(()) };
        let mut chance = Chance(seed);
        for n in 0..8 {
            let text = if n % 4 == 0 { schema.sample(&mut chance) } else { schema.small(&mut chance) };
            let mut m = given(compiled.matcher())?;
            let taken = text.iter().take_while(|b| m.accept_bytes(&[**b]) == Ok(true)).count();
            // As far as it goes, and less far.
            for back in [0, chance.below(taken + 1), chance.below(taken + 1)] {
                let mut m = m.fork();
                given(m.rollback(back))?;
                match ending(&m, &mut chance)? {
                    None => {}
                    Some(Err(text)) => prop_assert!(false, "no way on from {}", text.escape_ascii()),
                    Some(Ok(text)) => {
                        prop_assert!(accepts(&compiled, &text)?);
                        prop_assert!(schema.judge(&text) != Some(false), "{}", text.escape_ascii());
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn masks_are_acceptance_and_never_dead_ends(schema in schemas(), seed in any::<u64>()) {
        let Some(compiled) = compile(&schema)? else { return Ok(()) };
        let eos = TOKENS.1;
        let mut chance = Chance(seed);
        let mut m = given(compiled.matcher())?;
        for n in 0..60 {
            let allowed = mask(&mut m)?;
            prop_assert!(!allowed.is_empty(), "a dead end after {}", m.text().escape_ascii());
            if n < 14 {
                for token in 0..TOKENS.0.size() {
                    let taken = given(m.fork().accept_token(token))?;
                    prop_assert_eq!(
                        taken, allowed.binary_search(&token).is_ok(),
                        "token {} ({:?}) after {}", token,
                        TOKENS.0.token(token).map(|t| t.escape_ascii().to_string()),
                        m.text().escape_ascii()
                    );
                }
            }
            prop_assert_eq!(given(m.is_accepting())?, allowed.contains(&eos));
            let token = if n < 10 { *chance.pick(&allowed) } else { closing(&mut chance, &allowed, eos) };
            prop_assert!(given(m.accept_token(token))?);
            if token == eos {
                prop_assert!(m.is_terminated() && mask(&mut m)?.is_empty());
                prop_assert!(!given(m.accept_token(eos))?);
                prop_assert!(!given(m.accept_bytes(b" "))?);
                prop_assert!(schema.judge(m.text()) != Some(false), "{}", m.text().escape_ascii());
                break;
            }
            if given(m.is_accepting())? {
                prop_assert!(schema.judge(m.text()) != Some(false), "{}", m.text().escape_ascii());
            }
        }
    }

    #[test]
    fn going_back_and_going_on_are_what_they_say(schema in schemas(), seed in any::<u64>()) {
        let Some(compiled) = compile(&schema)? else { return Ok(()) };
        let mut chance = Chance(seed);
        let mut m = given(compiled.matcher())?;
        // What was seen before each step.
        let mut seen: Vec<Seen> = Vec::new();
        let look = |m: &mut Matcher| -> Result<Seen, TestCaseError> {
            Ok((mask(m)?, m.text().to_vec(), given(m.is_accepting())?))
        };
        for _ in 0..24 {
            let now = look(&mut m)?;
            prop_assert_eq!(look(&mut m.fork())?, now.clone());
            match chance.below(8) {
                0 if !seen.is_empty() => {
                    let n = chance.below(seen.len() + 1);
                    m.rollback(n).expect("so many steps were taken");
                    if n > 0 {
                        let back = seen[seen.len() - n].clone();
                        seen.truncate(seen.len() - n);
                        prop_assert_eq!(look(&mut m)?, back);
                    }
                    let now = look(&mut m)?;
                    prop_assert!(m.rollback(seen.len() + 1).is_err());
                    prop_assert_eq!(look(&mut m)?, now);
                }
                1 => {
                    let refused = (0..TOKENS.0.size()).find(|t| now.0.binary_search(t).is_err());
                    if let Some(token) = refused {
                        prop_assert!(!given(m.accept_token(token))?);
                    }
                    prop_assert!(!given(m.accept_bytes(b"\x01"))?);
                    prop_assert!(!given(m.accept_token(u32::MAX))?);
                    prop_assert_eq!(look(&mut m)?, now);
                }
                2 => {
                    let tokens: Vec<u32> = (0..4)
                        .map(|_| if now.0.is_empty() || chance.once_in(3) {
                            chance.below(TOKENS.0.size() as usize) as u32
                        } else {
                            *chance.pick(&now.0)
                        })
                        .collect();
                    let mut fork = m.fork();
                    let taken = tokens.iter().take_while(|t| fork.accept_token(**t) == Ok(true)).count();
                    prop_assert_eq!(given(m.validate_tokens(&tokens))?, taken);
                    prop_assert_eq!(look(&mut m)?, now);
                }
                3 => {
                    let mut fork = m.fork();
                    given(fork.reset())?;
                    let mut fresh = given(compiled.matcher())?;
                    prop_assert_eq!(look(&mut fork)?, look(&mut fresh)?);
                    prop_assert_eq!(look(&mut m)?, now);
                }
                4 if !now.0.is_empty() => {
                    // As bytes, a token is one step like any other.
                    let token = *chance.pick(&now.0);
                    let Some(text) = TOKENS.0.token(token) else { continue };
                    let mut fork = m.fork();
                    prop_assert!(given(fork.accept_token(token))?);
                    prop_assert!(given(m.accept_bytes(text))?);
                    prop_assert_eq!(look(&mut m)?, look(&mut fork)?);
                    seen.push(now);
                }
                _ if !now.0.is_empty() => {
                    let token = *chance.pick(&now.0);
                    prop_assert!(given(m.accept_token(token))?);
                    seen.push(now);
                }
                _ => {
                    given(m.reset())?;
                    seen.clear();
                }
            }
        }
    }

    #[test]
    fn caches_that_go_change_nothing(schema in schemas(), seed in any::<u64>(), small in 0usize..3) {
        let Some(compiled) = compile(&schema)? else { return Ok(()) };
        let limits = Limits { cache: [1, 40_000, 1 << 30][small], ..Limits::default() };
        let other = schema.compile(&TOKENS.0, limits).expect("it compiled before");
        let mut chance = Chance(seed);
        let mut pairs = vec![(given(compiled.matcher())?, given(other.matcher())?)];
        for n in 0..30 {
            let i = chance.below(pairs.len());
            match chance.below(6) {
                0 => other.clear_cache(),
                1 => TOKENS.0.clear_cache(),
                2 if pairs.len() < 4 => {
                    let (a, b) = &pairs[i];
                    let fork = (a.fork(), b.fork());
                    pairs.push(fork);
                }
                _ => {}
            }
            let (a, b) = &mut pairs[i];
            if chance.once_in(5) {
                let n = chance.below(4);
                prop_assert_eq!(a.rollback(n), b.rollback(n));
            }
            let allowed = mask(a)?;
            prop_assert_eq!(&allowed, &mask(b)?, "after {}", a.text().escape_ascii());
            prop_assert_eq!(a.is_accepting(), b.is_accepting());
            prop_assert_eq!(a.find_jump_forward_bytes(), b.find_jump_forward_bytes());
            if n % 7 == 0 {
                prop_assert_eq!(a.find_jump_forward_tokens(), b.find_jump_forward_tokens());
            }
            if let [_, ..] = allowed[..] {
                let token = *chance.pick(&allowed);
                prop_assert_eq!(a.accept_token(token), Ok(true));
                prop_assert_eq!(b.accept_token(token), Ok(true));
            }
        }
    }

    #[test]
    fn what_is_forced_is_forced(schema in schemas(), seed in any::<u64>()) {
        let Some(compiled) = compile(&schema)? else { return Ok(()) };
        let mut chance = Chance(seed);
        let mut m = given(compiled.matcher())?;
        for _ in 0..14 {
            let allowed = mask(&mut m)?;
            let Some(_) = allowed.first() else { break };
            let bytes = given(m.find_jump_forward_bytes())?;
            for &token in &allowed {
                let Some(text) = TOKENS.0.token(token) else {
                    prop_assert!(bytes.is_empty(), "{} though the text may end", bytes.escape_ascii());
                    continue;
                };
                let common = text.len().min(bytes.len());
                prop_assert_eq!(&text[..common], &bytes[..common]);
            }
            let mut fork = m.fork();
            prop_assert!(given(fork.accept_bytes(&bytes))?);
            let ways = mask(&mut fork)?.into_iter().filter(|&t| t < 256 || t == TOKENS.1).count();
            prop_assert!(ways != 1 || fork.is_accepting() == Ok(true), "more is forced than {}", bytes.escape_ascii());
            let tokens = given(m.find_jump_forward_tokens())?;
            let mut fork = m.fork();
            for &token in &tokens {
                prop_assert_eq!(mask(&mut fork)?, vec![token]);
                prop_assert!(given(fork.accept_token(token))?);
            }
            prop_assert!(fork.is_terminated() || mask(&mut fork)?.len() != 1);
            prop_assert_eq!(mask(&mut m)?, allowed.clone());
            prop_assert!(given(m.accept_token(*chance.pick(&allowed)))?);
        }
    }
}

/// `anyOf: [{}, A], B`: nothing is refused by `A`, but it is the first to name its keys.
#[test]
fn a_shape_that_another_covers_still_orders_the_keys() -> Result<(), TestCaseError> {
    let shape = |keys: &[&str]| {
        let properties = keys.iter().map(|k| (k.to_string(), Val::Any)).collect();
        if_object(properties, Val::Any, vec![])
    };
    let schema = |first: Vec<Val>, declared| Schema {
        root: Val::All(vec![Val::AnyOf(first), shape(&["c", "b", "a"])]),
        defs: vec![],
        blank: Re::Blank,
        declared,
    };
    let texts = [
        "{\"a\":1,\"b\":1}",
        "{\"b\":1,\"a\":1}",
        "{\"a\":1,\"c\":1,\"b\":1}",
        "{\"x\":1,\"a\":1}",
    ];
    for (first, declared, taken) in [
        (
            vec![Val::Any, shape(&["a"])],
            true,
            [true, true, true, false],
        ),
        (
            vec![shape(&["a"]), Val::Any],
            true,
            [true, true, true, false],
        ),
        (vec![shape(&["a"])], true, [true, false, true, false]),
        (
            vec![Val::Any, shape(&[])],
            true,
            [false, true, false, false],
        ),
        (vec![Val::Any, shape(&["a"])], false, [true; 4]),
    ] {
        let schema = schema(first, declared);
        let compiled = compile(&schema)?.expect("it has members");
        for (text, taken) in texts.into_iter().zip(taken) {
            assert_eq!(schema.accepts(text.as_bytes()), taken, "the judge: {text}");
            assert_eq!(accepts(&compiled, text.as_bytes())?, taken, "{text}");
        }
    }
    Ok(())
}

#[test]
fn numbers_without_their_shortest_decimals_are_not_counted_as_none() {
    let multiples = |spelling, places| {
        Re::Multiples(Multiples {
            spelling,
            modulus: 5,
            places,
            low: b"0".to_vec(),
            high: Some(b"15".to_vec()),
        })
    };
    let compiled = |numbers: Vec<Re>, min| {
        let root = Val::IfArray(Box::new(Array {
            prefix: vec![],
            rest: Val::Numbers(Re::Or(numbers)),
            min,
            max: None,
            contains: None,
            unique: true,
        }));
        let schema = Schema {
            root: Val::All(vec![root, Val::Types(types::ARRAY)]),
            defs: vec![],
            blank: Re::Blank,
            declared: false,
        };
        schema.compile(&TOKENS.0, Limits::default())
    };
    let scientific = multiples(Spelling::Scientific, 1);
    let plain = multiples(Spelling::Plain, 1);
    // 0, 0.5, 1 and 1.5; of the first there is no exponent form here.
    let both = || vec![plain.clone(), scientific.clone()];
    assert!(compiled(both(), 4).is_ok());
    assert!(matches!(compiled(both(), 5), Err(Error::Empty(_))));
    let refused = compiled(vec![scientific.clone()], 2);
    assert!(matches!(refused, Err(Error::Budget(_))));
}
