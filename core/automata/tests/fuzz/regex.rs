//! Regular expressions: any bytes as a program, and programs of terms. What a program denotes is
//! read a second time, by the format's description, and judged by definition; then the expression
//! is walked as a JSON string.

use crate::common::lead::judge_string;
use crate::common::re::{Re, text};
use crate::input::Input;
use crate::program;
use crate::tally::judged;
use crate::terms::Maker;
use crate::tokens::Tokens;
use crate::walk::{LIMITS, bounded, expected, walk};
use grammarlib_automata::expr::{EMPTY, EPSILON, ExprId};
use grammarlib_automata::value::{ANY, ArrayShape, NO_MAXIMUM, Node, Order, States, Values, types};
use grammarlib_automata::{Arena, Compiled, Error, Result};
use std::sync::Arc;

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let raw = input.once_in(2);
    let (program, re) = if raw {
        let length = input.below(200);
        let program = input.bytes(length).to_vec();
        let re = program::read(&program);
        (program, re)
    } else {
        let re = Maker::new(&mut input).re(6);
        let mut program = Vec::new();
        re.encode(&mut program);
        (program, Some(re))
    };
    let tokens = Tokens::whole();
    tokens.vocab.clear_cache();
    if let Err(error) = judge(&program, re.as_ref(), &mut input, tokens) {
        match error {
            Error::Empty(_) => {}
            Error::Invalid(what) => assert!(re.is_none(), "refused, though well formed: {what}"),
            other => expected(&other, false),
        }
    }
}

fn judge(program: &[u8], re: Option<&Re>, input: &mut Input<'_>, tokens: &Tokens) -> Result<()> {
    let mut arena = Arena::new(LIMITS.expressions)?;
    let e = bounded("a program", || arena.run_program(program))?;
    let mut other = Arena::new(LIMITS.expressions)?;
    let again = other.run_program(program)?;
    assert_eq!(
        arena.digest(e),
        other.digest(again),
        "digests of equal programs"
    );
    let re = re.filter(|re| {
        let small = program::is_small(re);
        if !small {
            judged(None);
        }
        small
    });
    for _ in 0..6 {
        let mut chance = input.chance();
        let mut read = text(&mut chance, 8);
        if let Some(re) = re {
            if chance.once_in(2) {
                read.clear();
                re.sample(&mut chance, &mut read);
                read.truncate(40);
            }
        }
        follow(&mut arena, e, re, &read)?;
    }
    strings(arena, e, re, input, tokens)
}

/// Reads a text, and asks at each byte what can be asked.
fn follow(arena: &mut Arena, e: ExprId, re: Option<&Re>, text: &[u8]) -> Result<()> {
    let mut at = if arena.live(e)? { e } else { EMPTY };
    for i in 0..=text.len() {
        let (read, rest) = text.split_at(i);
        if let Some(re) = re {
            let nullable = at != EMPTY && arena.nullable(at);
            if let Some(member) = judged(re.judge(read)) {
                assert_eq!(nullable, member, "{}", read.escape_ascii());
            }
        }
        if at == EMPTY {
            let whole = re.and_then(|re| judged(re.judge(text)));
            let refused = whole != Some(true);
            assert!(refused, "{} after a dead state", rest.escape_ascii());
            return Ok(());
        }
        let first = bounded("first bytes", || arena.first_bytes(at))?;
        assert_eq!(arena.continues(at)?, !first.is_empty());
        for b in 0..=255 {
            let to = arena.next(at, b)?;
            assert_eq!(
                first.contains(b),
                to != EMPTY,
                "{b} after {}",
                read.escape_ascii()
            );
        }
        if let Some(&b) = rest.first() {
            at = bounded("a step", || arena.next(at, b))?;
        }
    }
    Ok(())
}

/// Walks JSON strings whose text is in the language, alone or as the items of arrays.
fn strings(
    mut arena: Arena,
    e: ExprId,
    re: Option<&Re>,
    input: &mut Input<'_>,
    tokens: &Tokens,
) -> Result<()> {
    let mut values = Values::new(LIMITS.expressions, Order::Free);
    let string = values.add(Node::Strings(e))?;
    let alone = !input.once_in(3);
    let root = if alone {
        string
    } else {
        let rest = values.state(&[string]);
        let shape = ArrayShape::new(Box::new([]), rest, 1, NO_MAXIMUM);
        let array = values.add(Node::Types(types::ARRAY))?;
        let shape = values.array_shape(shape);
        let shape = values.add(Node::IfArray(shape))?;
        values.add(Node::All([array, shape, ANY].into()))?
    };
    let root = values.state(&[root]);
    let states = States::new(&mut arena, EPSILON, LIMITS.expressions)?;
    let compiled = bounded("compilation", || {
        Compiled::new(tokens.vocab.clone(), arena, values, states, root, LIMITS)
    })?;
    walk(&Arc::new(compiled), tokens, input, |text| {
        if let (true, Some(re)) = (alone, re) {
            let member = judged(judge_string(re, text)) != Some(false);
            assert!(member, "{} is no member", text.escape_ascii());
        }
    })
}
