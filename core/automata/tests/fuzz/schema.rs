//! Schemas: any calls that say what a schema means, and a walk through what comes of them.
//!
//! Two ways of saying: terms, whose meaning is judged on whole texts by a reader that shares no code
//! with the kernel; and calls of the builder's interface one by one, with references that are never
//! defined, that lead to themselves, shapes that name a key twice.

use crate::common::reduce::reduce;
use crate::common::schema::{KEYS, Schema};
use crate::input::Input;
use crate::tally::judged;
use crate::terms::{Maker, is_guarded};
use crate::tokens::Tokens;
use crate::walk::{LIMITS, bounded, expected, walk};
use grammarlib_automata::expr::ExprId;
use grammarlib_automata::value::{
    ANY, ArrayShape, Contains, NEVER, NO_MAXIMUM, Node, ObjectShape, Order, State, States, Value,
    Values,
};
use grammarlib_automata::{Arena, Compiled, Error, Result};
use std::sync::Arc;

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let tokens = if input.once_in(8) {
        Tokens::poor()
    } else {
        Tokens::whole()
    };
    tokens.vocab.clear_cache();
    if input.once_in(3) {
        calls(&mut input, tokens);
    } else {
        terms(&mut input, tokens);
    }
}

fn terms(input: &mut Input<'_>, tokens: &Tokens) {
    let schema = Maker::new(input).schema();
    let guarded = is_guarded(&schema);
    let made = bounded("compilation", || schema.compile(&tokens.vocab, LIMITS));
    let verdict = match &made {
        Ok(compiled) => walk(compiled, tokens, input, |text| {
            if guarded && verdict(&schema, text) == Some(false) {
                misjudged(&schema, text, false);
            }
        })
        .and_then(|()| samples(&schema, guarded, Some(compiled), input)),
        Err(Error::Empty(what)) if what.is_empty() => samples(&schema, guarded, None, input),
        Err(Error::Empty(_)) => Ok(()),
        Err(error) => Err(error.clone()),
    };
    if let Err(error) = verdict {
        expected(&error, !guarded);
    }
}

/// Texts that are nearly or truly of the schema, against their meaning; without a guard it has none.
fn samples(
    schema: &Schema,
    guarded: bool,
    compiled: Option<&Arc<Compiled>>,
    input: &mut Input<'_>,
) -> Result<()> {
    if !guarded {
        return Ok(());
    }
    let mut chance = input.chance();
    for _ in 0..6 {
        let text = schema.sample(&mut chance);
        let taken = match compiled {
            None => false,
            Some(compiled) => {
                let mut m = compiled.matcher()?;
                bounded("a text", || m.accept_bytes(&text))? && m.is_accepting()?
            }
        };
        match verdict(schema, &text) {
            Some(member) if member != taken => misjudged(schema, &text, member),
            _ => {}
        }
    }
    Ok(())
}

/// What the judge says of a text that it can judge.
fn verdict(schema: &Schema, text: &[u8]) -> Option<bool> {
    match schema.judge(text) {
        None if schema.is_silent_about(text) => None,
        said => judged(said),
    }
}

/// Tells of a text that the kernel and the judge disagree on, with a schema as small as can be.
fn misjudged(schema: &Schema, text: &[u8], member: bool) -> ! {
    let differs = |schema: &Schema| {
        let taken = || {
            let made = schema.compile(&Tokens::whole().vocab, LIMITS);
            let mut m = match made {
                Err(Error::Empty(_)) => return Ok(false),
                made => made?.matcher()?,
            };
            Ok::<_, Error>(m.accept_bytes(text)? && m.is_accepting()?)
        };
        is_guarded(schema) && taken().is_ok_and(|taken| schema.judge(text) == Some(!taken))
    };
    let shown = text.escape_ascii();
    panic!(
        "that {shown} is a member is {member}: {:?}",
        reduce(schema, differs)
    );
}

fn calls(input: &mut Input<'_>, tokens: &Tokens) {
    if let Err(error) = build(input, tokens) {
        if !matches!(error, Error::Empty(_)) {
            expected(&error, true);
        }
    }
}

/// What has been said so far.
struct Calls {
    arena: Arena,
    values: Values,
    made: Vec<Value>,
    names: Vec<Value>,
}

impl Calls {
    fn value(&mut self, input: &mut Input<'_>) -> Value {
        self.made[input.below(self.made.len())]
    }

    fn state(&mut self, input: &mut Input<'_>) -> State {
        let v = self.value(input);
        self.values.state(&[v])
    }

    fn several(&mut self, input: &mut Input<'_>, most: usize) -> Vec<Value> {
        (0..input.below(most + 1))
            .map(|_| self.value(input))
            .collect()
    }

    fn key(&mut self, input: &mut Input<'_>) -> u32 {
        self.values.key(KEYS[input.below(KEYS.len())].as_bytes())
    }

    fn node(&mut self, input: &mut Input<'_>) -> Result<Node> {
        Ok(match input.below(15) {
            0 => Node::Types(input.byte()),
            1 => Node::Booleans(input.byte()),
            2 => Node::Reference(None),
            3 | 4 => {
                let texts: Vec<Vec<u8>> = input.list(4, |i| KEYS[i.below(KEYS.len())].into());
                let list: Vec<(&[u8], u32)> = texts.iter().map(|t| (&t[..], 0)).collect();
                Node::Strings(self.arena.literals(&list)?)
            }
            5 => Node::IfString(Maker::new(input).re(3).build(&mut self.arena)?),
            6 | 7 => {
                let prefix = (0..input.below(4)).map(|_| self.state(input)).collect();
                let (least, most) = (input.below(5) as u32, input.below(5) as u32);
                let far = if input.once_in(8) { input.number() } else { 0 };
                let max = match most {
                    0 => NO_MAXIMUM,
                    most => most.saturating_add(far),
                };
                let min = least.saturating_add(far);
                let mut shape = ArrayShape::new(prefix, self.state(input), min, max);
                shape.contains = self.contains(input, &shape).into();
                shape.unique = input.once_in(4);
                Node::IfArray(self.values.array_shape(shape))
            }
            8 | 9 => {
                let mut properties = Vec::new();
                for _ in 0..input.below(5) {
                    properties.push((self.key(input), self.state(input)));
                }
                let mut required: Vec<u32> = (0..input.below(4)).map(|_| self.key(input)).collect();
                required.sort_unstable();
                required.dedup();
                let additional = self.state(input);
                let mut shape = ObjectShape::new(properties.into(), additional, required.into());
                if input.once_in(3) {
                    shape.rules = self.by_language(input, 4)?.into();
                }
                if input.once_in(4) {
                    shape.min = input.below(6) as u32;
                    let most = input.below(12) as u32;
                    shape.max = most.checked_sub(4).unwrap_or(NO_MAXIMUM);
                }
                if input.once_in(6) {
                    shape.witnesses = self.by_language(input, 20)?.into();
                }
                Node::IfObject(self.values.object_shape(shape))
            }
            10 => Node::All(self.several(input, 6).into()),
            11 => Node::AnyOf(self.several(input, 6).into()),
            12 | 13 => Node::Not(self.value(input)),
            _ => Node::Names(self.value(input)),
        })
    }

    /// Kinds of items to count, from places that the prefix tells apart.
    fn contains(&mut self, input: &mut Input<'_>, shape: &ArrayShape) -> Vec<Contains> {
        let mut contains = Vec::new();
        for _ in 0..input.below(12).saturating_sub(4) {
            let most = input.below(8) as u32;
            contains.push(Contains {
                from: input.below(shape.prefix.len() + 1) as u32,
                item: self.state(input),
                min: input.below(5) as u32,
                max: most.checked_sub(3).unwrap_or(NO_MAXIMUM),
            });
        }
        contains.sort_unstable();
        contains.dedup();
        contains
    }

    fn by_language(&mut self, input: &mut Input<'_>, most: usize) -> Result<Vec<(ExprId, State)>> {
        let mut list = Vec::new();
        for _ in 0..input.below(most + 1) {
            let language = Maker::new(input).re(3).build(&mut self.arena)?;
            list.push((language, self.state(input)));
        }
        list.sort_unstable();
        list.dedup();
        Ok(list)
    }
}

fn build(input: &mut Input<'_>, tokens: &Tokens) -> Result<()> {
    let order = if input.once_in(2) {
        Order::Declared
    } else {
        Order::Free
    };
    let mut said = Calls {
        arena: Arena::new(LIMITS.expressions)?,
        values: Values::new(LIMITS.expressions, order),
        made: vec![ANY, NEVER],
        names: Vec::new(),
    };
    let blank = Maker::new(input).schema().blank.build(&mut said.arena)?;
    for _ in 0..4 + input.below(40) {
        if input.once_in(5) && !said.names.is_empty() {
            let name = said.names[input.below(said.names.len())];
            let value = said.value(input);
            let _ = said.values.define(name, value); // a second time is an error
            continue;
        }
        let node = said.node(input)?;
        let name = matches!(node, Node::Reference(_));
        let v = said.values.add(node)?;
        said.made.push(v);
        if name {
            said.names.push(v);
        }
    }
    let root = said.state(input);
    let Calls {
        mut arena, values, ..
    } = said;
    let states = States::new(&mut arena, blank, LIMITS.expressions)?;
    let compiled = bounded("compilation", || {
        Compiled::new(tokens.vocab.clone(), arena, values, states, root, LIMITS)
    })?;
    walk(&Arc::new(compiled), tokens, input, |_| {})
}
