//! What terms of the value algebra mean, judged on values that were read whole.
//!
//! Apart from the order of keys a term means what its words say, and is judged word by word. Where
//! keys have an order, it comes from all shapes that apply to an object at once, the chosen branch of
//! each alternative among them. So the choices are tried one after another, and each of them judges
//! an object by all its shapes together.
//!
//! The choices multiply, as do counts in languages. A judgement that would take too long is given
//! up and says so; it never guesses.

use super::json::{J, parse};
use super::schema::{Schema, Val};
use grammarlib_automata::value::types;
use std::cell::RefCell;
use std::collections::HashMap;

/// Steps that one judgement may take, those of its languages among them.
const ROOM: usize = 2_000_000;

impl Schema {
    /// Whether the text is one of the schema's.
    pub fn accepts(&self, text: &[u8]) -> bool {
        self.judge(text).expect("a text that the judge can take")
    }

    /// The same; `None` where the judge cannot take it.
    pub fn judge(&self, text: &[u8]) -> Option<bool> {
        let judge = RefCell::new(Judge {
            schema: self,
            room: ROOM,
            met: HashMap::new(),
            ordered: HashMap::new(),
        });
        let gap = |blank: &[u8]| self.blank.judge_within(blank, &mut judge.borrow_mut().room);
        let value = parse(text, &gap);
        let mut judge = judge.into_inner();
        let verdict = value.is_some_and(|j| !repeats(&j) && judge.holds(&[&self.root], &j));
        (judge.room > 0).then_some(verdict)
    }
}

/// One text under judgement. With no room left all answers are meaningless, and come at once.
struct Judge<'a> {
    schema: &'a Schema,
    room: usize,
    met: HashMap<(*const Val, *const J), bool>,
    ordered: HashMap<(Vec<*const Val>, *const J), bool>,
}

impl<'a> Judge<'a> {
    fn pay(&mut self, steps: usize) -> bool {
        self.room = self.room.saturating_sub(steps);
        self.room > 0
    }

    /// Whether the value satisfies all of the terms at once.
    fn holds(&mut self, terms: &[&'a Val], j: &J) -> bool {
        terms.iter().all(|term| self.meets(term, j))
            && (!self.schema.declared || self.in_order(terms, j))
    }

    /// Whether the value is in the term, whatever the order of keys.
    fn meets(&mut self, term: &'a Val, j: &J) -> bool {
        if !self.pay(1) {
            return false;
        }
        if let Some(&known) = self.met.get(&(term as *const Val, j as *const J)) {
            return known;
        }
        let verdict = match term {
            Val::All(list) => list.iter().all(|x| self.meets(x, j)),
            Val::AnyOf(list) => list.iter().any(|x| self.meets(x, j)),
            Val::Ref(i) => self.meets(&self.schema.defs[*i], j),
            leaf => self.scalar(leaf, j) && self.parts(leaf, j),
        };
        self.met.insert((term, j), verdict);
        verdict
    }

    /// What a leaf says of the value apart from its items and members.
    fn scalar(&mut self, leaf: &Val, j: &J) -> bool {
        let bit = match j {
            J::Null => types::NULL,
            J::Bool(_) => types::BOOLEAN,
            J::Num(_) => types::NUMBER,
            J::Str(_) => types::STRING,
            J::Arr(_) => types::ARRAY,
            J::Obj(_) => types::OBJECT,
        };
        match (leaf, j) {
            (Val::Never, _) => false,
            (Val::Types(mask), _) => mask & bit != 0,
            (Val::Bools(mask), J::Bool(b)) => mask & if *b { 2 } else { 1 } != 0,
            (Val::Bools(_), _) => false,
            (Val::Strings(re) | Val::IfString(re), J::Str(text)) => {
                re.judge_within(text, &mut self.room)
            }
            (Val::Strings(_), _) => false,
            (Val::Numbers(re) | Val::IfNumber(re), J::Num(text)) => {
                re.judge_within(text.as_bytes(), &mut self.room)
            }
            (Val::Numbers(_), _) => false,
            (Val::IfArray(_, _, min, max), J::Arr(items)) => {
                let n = items.len() as u32;
                *min <= n && max.is_none_or(|max| n <= max)
            }
            (Val::IfObject(_, _, required), J::Obj(members)) => {
                let has = |key: &String| members.iter().any(|m| m.0 == key.as_bytes());
                required.iter().all(has)
            }
            _ => true,
        }
    }

    /// What a leaf says of the items and members.
    fn parts(&mut self, leaf: &'a Val, j: &J) -> bool {
        match j {
            J::Arr(items) => items
                .iter()
                .enumerate()
                .all(|(i, item)| item_of(leaf, i).is_none_or(|own| self.meets(own, item))),
            J::Obj(members) => members
                .iter()
                .all(|(key, value)| member_of(leaf, key).is_none_or(|own| self.meets(own, value))),
            _ => true,
        }
    }

    /// Whether a value that is in all of the terms has its keys in the order that they say together.
    fn in_order(&mut self, terms: &[&'a Val], j: &J) -> bool {
        if !has_order(j) {
            return true;
        }
        let key = (terms.iter().map(|t| *t as *const Val).collect(), j as _);
        if let Some(&known) = self.ordered.get(&key) {
            return known;
        }
        let mut open = terms.to_vec();
        open.reverse();
        let verdict = self.choose(open, &mut Vec::new(), j);
        self.ordered.insert(key, verdict);
        verdict
    }

    /// Tries each choice for what is open, the last of it first; `leaves` are chosen.
    fn choose(&mut self, mut open: Vec<&'a Val>, leaves: &mut Vec<&'a Val>, j: &J) -> bool {
        let before = leaves.len();
        while let Some(term) = open.pop() {
            if !self.pay(1 + leaves.len()) {
                return false;
            }
            match term {
                Val::All(list) => open.extend(list.iter().rev()),
                Val::Ref(i) => open.push(&self.schema.defs[*i]),
                Val::AnyOf(list) => {
                    let found = list.iter().any(|x| {
                        self.meets(x, j) && {
                            let mut open = open.clone();
                            open.push(x);
                            self.choose(open, leaves, j)
                        }
                    });
                    leaves.truncate(before);
                    return found;
                }
                leaf => add(leaves, leaf),
            }
        }
        let verdict = self.parts_in_order(leaves, j);
        leaves.truncate(before);
        verdict
    }

    fn parts_in_order(&mut self, leaves: &[&'a Val], j: &J) -> bool {
        match j {
            J::Arr(items) => items.iter().enumerate().all(|(i, item)| {
                let own = distinct(leaves.iter().filter_map(|leaf| item_of(leaf, i)));
                self.in_order(&own, item)
            }),
            J::Obj(members) => {
                let keys: Vec<&[u8]> = members.iter().map(|m| &m.0[..]).collect();
                declared(leaves, &keys)
                    && members.iter().all(|(key, value)| {
                        let own = distinct(leaves.iter().filter_map(|leaf| member_of(leaf, key)));
                        self.in_order(&own, value)
                    })
            }
            _ => true,
        }
    }
}

/// Whether some object has a key twice, which nothing allows.
fn repeats(j: &J) -> bool {
    match j {
        J::Arr(items) => items.iter().any(repeats),
        J::Obj(members) => {
            (1..members.len()).any(|i| members[..i].iter().any(|m| m.0 == members[i].0))
                || members.iter().any(|m| repeats(&m.1))
        }
        _ => false,
    }
}

/// Whether some object has two keys.
fn has_order(j: &J) -> bool {
    match j {
        J::Arr(items) => items.iter().any(has_order),
        J::Obj(members) => members.len() > 1 || members.iter().any(|m| has_order(&m.1)),
        _ => false,
    }
}

/// Adds a term that is not there yet: said twice it says no more.
pub fn add<'a>(list: &mut Vec<&'a Val>, term: &'a Val) {
    if !list.iter().any(|known| std::ptr::eq(*known, term)) {
        list.push(term);
    }
}

/// The terms, each once.
pub fn distinct<'a>(terms: impl Iterator<Item = &'a Val>) -> Vec<&'a Val> {
    let mut out = Vec::new();
    terms.for_each(|term| add(&mut out, term));
    out
}

/// What a leaf says of an item.
pub fn item_of(leaf: &Val, i: usize) -> Option<&Val> {
    match leaf {
        Val::IfArray(prefix, rest, _, _) => Some(prefix.get(i).unwrap_or(rest)),
        _ => None,
    }
}

/// What a leaf says of a member.
pub fn member_of<'a>(leaf: &'a Val, key: &[u8]) -> Option<&'a Val> {
    match leaf {
        Val::IfObject(properties, additional, _) => {
            let own = properties.iter().find(|p| p.0.as_bytes() == key);
            Some(own.map_or(&**additional, |p| &p.1))
        }
        _ => None,
    }
}

/// Declared keys in the order in which the leaves first name them, the others after them.
fn declared(leaves: &[&Val], keys: &[&[u8]]) -> bool {
    let mut order: Vec<&[u8]> = Vec::new();
    for leaf in leaves {
        if let Val::IfObject(properties, _, _) = leaf {
            for (key, _) in properties {
                if !order.contains(&key.as_bytes()) {
                    order.push(key.as_bytes());
                }
            }
        }
    }
    let place = |key: &&[u8]| order.iter().position(|k| k == key).unwrap_or(order.len());
    keys.iter().map(place).is_sorted()
}
