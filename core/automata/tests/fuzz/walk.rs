//! A walk through a compiled schema, and what must hold at every step of it: a mask's bit is what
//! `accept_token` says, nothing is a dead end, going back brings back what was, and what the kernel
//! gives up on is a budget.

use crate::input::Input;
use crate::tokens::Tokens;
use grammarlib_automata::{Compiled, Error, Limits, Matcher, Result};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Small enough to be met, large enough for the schemas of a few hundred bytes.
pub const LIMITS: Limits = Limits {
    cache: 1 << 20,
    expressions: 20_000,
};

/// No operation under [`LIMITS`] may take longer, in the slowest of builds.
const PATIENCE: Duration = Duration::from_secs(10);

/// What one operation under [`LIMITS`] may leave behind.
const MEMORY: usize = 64 << 20;

/// Runs one operation of the kernel and holds it to its bounds.
pub fn bounded<T>(what: &str, f: impl FnOnce() -> T) -> T {
    let (start, busy) = (Instant::now(), on_processor());
    let out = f();
    let mut took = start.elapsed();
    if took >= PATIENCE {
        // On a machine that is busy with other things, waiting is not the kernel's.
        if let (Some(before), Some(now)) = (busy, on_processor()) {
            took = now.saturating_sub(before);
        }
    }
    assert!(took < PATIENCE, "{what} took {took:?}");
    out
}

/// For how long this thread has run so far, where the system tells (Linux).
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Checks that an error is one that a schema of this kind may meet.
pub fn expected(error: &Error, open_references: bool) {
    match error {
        Error::Budget(_) => {}
        Error::Invalid(what) if open_references => {
            let known = ["leads to itself", "is not defined"];
            assert!(known.iter().any(|k| what.contains(k)), "{what}");
        }
        other => panic!("{other}"),
    }
}

/// Walks until the input, the text or a budget ends; `whole` sees every text on the way that is a
/// member.
pub fn walk(
    compiled: &Arc<Compiled>,
    tokens: &Tokens,
    input: &mut Input<'_>,
    mut whole: impl FnMut(&[u8]),
) -> Result<()> {
    let mut m = compiled.matcher()?;
    let mut seen: Vec<Vec<u32>> = Vec::new();
    for _ in 0..24 {
        let allowed = bounded("a mask", || tokens.mask(&mut m))?;
        let accepting = m.is_accepting()?;
        let held = compiled.cache_memory();
        assert!(held < MEMORY, "{held} bytes of caches");
        assert!(
            !allowed.is_empty() || m.is_terminated(),
            "a dead end after {}",
            m.text().escape_ascii()
        );
        if accepting && !m.is_terminated() {
            whole(m.text());
        }
        if !m.is_terminated() {
            assert_eq!(
                allowed.contains(&tokens.eos),
                accepting,
                "end after {}",
                m.text().escape_ascii()
            );
        }
        compare(&mut m, tokens, &allowed, input)?;
        if !seen.is_empty() && input.once_in(6) {
            let n = 1 + input.below(seen.len());
            m.rollback(n)?;
            let back = seen.split_off(seen.len() - n);
            assert_eq!(
                tokens.mask(&mut m)?,
                back[0],
                "back to {}",
                m.text().escape_ascii()
            );
            continue;
        }
        if input.is_empty() || allowed.is_empty() {
            break;
        }
        let token = allowed[input.below(allowed.len())];
        assert!(
            bounded("a token", || m.accept_token(token))?,
            "{} after {}",
            tokens.shown(token),
            m.text().escape_ascii()
        );
        seen.push(allowed);
    }
    let steps = seen.len();
    m.rollback(steps)?;
    if let Some(first) = seen.first() {
        assert_eq!(&tokens.mask(&mut m)?, first, "back to the start");
    }
    Ok(())
}

/// A sample of the tokens, by two ways that share nothing but the tables.
fn compare(m: &mut Matcher, tokens: &Tokens, allowed: &[u32], input: &mut Input<'_>) -> Result<()> {
    let size = tokens.vocab.size() as usize;
    let mut chance = input.chance();
    let mut sample: Vec<u32> = (0..24).map(|_| chance.below(size) as u32).collect();
    for _ in 0..8.min(allowed.len()) {
        sample.push(*chance.pick(allowed));
    }
    for token in sample {
        let taken = bounded("a token", || m.fork().accept_token(token))?;
        assert_eq!(
            taken,
            allowed.binary_search(&token).is_ok(),
            "{} after {}",
            tokens.shown(token),
            m.text().escape_ascii()
        );
    }
    Ok(())
}
