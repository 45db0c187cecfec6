//! A second reader of regex programs, written from the description of the format beside their
//! writer (`compiler/regex/program.py`).

use crate::common::multiples::Multiples;
use crate::common::re::Re;
use grammarlib_automata::expr::Spelling;
use std::collections::HashMap;

/// The term of a well-formed program that holds nothing but what the description promises.
pub fn read(program: &[u8]) -> Option<Re> {
    let mut at = 0;
    let mut stack: Vec<Re> = Vec::new();
    let mut kept: HashMap<u32, Re> = HashMap::new();
    while at < program.len() {
        let code = program[at];
        at += 1;
        let made = match code {
            0 => Re::Nothing,
            1 => Re::Blank,
            2 | 3 => {
                let most = if code == 2 { 0x10_FFFF } else { 0xFF };
                let mut ranges = Vec::new();
                for _ in 0..number(program, &mut at)? {
                    let (lo, hi) = (number(program, &mut at)?, number(program, &mut at)?);
                    if lo > hi || hi > most {
                        return None;
                    }
                    ranges.push((lo, hi));
                }
                if code == 2 {
                    Re::Class(ranges)
                } else {
                    Re::Bytes(
                        ranges
                            .iter()
                            .map(|&(lo, hi)| (lo as u8, hi as u8))
                            .collect(),
                    )
                }
            }
            4 => {
                let n = number(program, &mut at)? as usize;
                let text = program.get(at..at.checked_add(n)?)?;
                at += n;
                Re::Lit(text.to_vec())
            }
            5..=7 => {
                let n = number(program, &mut at)? as usize;
                let parts = stack.split_off(stack.len().checked_sub(n)?);
                match code {
                    5 => Re::Cat(parts),
                    6 => Re::Or(parts),
                    _ => Re::And(parts),
                }
            }
            8 => Re::Not(Box::new(stack.pop()?)),
            9 => {
                let body = Box::new(stack.pop()?);
                let (min, max) = (number(program, &mut at)?, number(program, &mut at)?);
                match max.checked_sub(1) {
                    Some(max) if max < min => Re::Nothing,
                    max => Re::Rep(body, min, max),
                }
            }
            10 => {
                let spelling = match number(program, &mut at)? {
                    0 => Spelling::Whole,
                    1 => Spelling::Plain,
                    2 => Spelling::Scientific,
                    _ => return None,
                };
                let modulus = long(program, &mut at)?;
                let places = number(program, &mut at)?;
                let mut bounds = Vec::new();
                for _ in 0..2 {
                    let n = number(program, &mut at)? as usize;
                    bounds.push(program.get(at..at.checked_add(n)?)?.to_vec());
                    at += n;
                }
                let high = bounds.pop()?;
                let all = Multiples {
                    spelling,
                    modulus,
                    places,
                    low: bounds.pop()?,
                    high: (!high.is_empty()).then_some(high),
                };
                Re::Multiples(all.is_well_formed().then_some(all)?)
            }
            11 => {
                let slot = slot(program, &mut at)?;
                let last = stack.pop()?;
                // Kept and used again and again, a term of the tests doubles each time.
                kept.insert(slot, (size(&last, 0) < 1_000).then_some(last)?);
                continue;
            }
            12 => kept.get(&slot(program, &mut at)?)?.clone(),
            _ => return None,
        };
        stack.push(made);
    }
    let last = stack.pop()?;
    stack.is_empty().then_some(last)
}

fn number(program: &[u8], at: &mut usize) -> Option<u32> {
    u32::try_from(long(program, at)?).ok()
}

fn slot(program: &[u8], at: &mut usize) -> Option<u32> {
    number(program, at).filter(|&slot| slot < 1 << 16)
}

fn long(program: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..63).step_by(7) {
        let b = *program.get(*at)?;
        *at += 1;
        value |= u64::from(b & 0x7F) << shift;
        if b < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Whether the judge of terms can take it: it recurs over the term, and tries every position.
pub fn is_small(re: &Re) -> bool {
    size(re, 0) < 120
}

fn size(re: &Re, depth: usize) -> usize {
    if depth > 40 {
        return 1_000;
    }
    1 + match re {
        Re::Cat(list) | Re::Or(list) | Re::And(list) => {
            list.iter().map(|x| size(x, depth + 1)).sum()
        }
        Re::Not(x) | Re::Rep(x, _, _) => size(x, depth + 1),
        Re::Class(ranges) => ranges.len(),
        _ => 0,
    }
}
