//! What terms of the value algebra mean, judged on values that were read whole.
//!
//! Apart from the order of keys a term means what its words say, and is judged word by word. Where
//! keys have an order, it comes from all shapes that apply to an object at once, the chosen branch of
//! each alternative among them. So the choices are tried one after another, and each of them judges
//! an object by all its shapes together.
//!
//! The choices multiply, as do counts in languages. A judgement that would take too long is given
//! up and says so; it never guesses.

use super::json::{J, parse, same};
use super::schema::{Schema, Val};
use grammarlib_automata::value::types;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Steps that one judgement may take, those of its languages among them.
const ROOM: usize = 2_000_000;

impl Schema {
    /// Whether the text is one of the schema's.
    pub fn accepts(&self, text: &[u8]) -> bool {
        self.judge(text).expect("a text that the judge can take")
    }

    /// The same; `None` where the judge cannot take it: where it would take too long, and for
    /// numbers in spellings of which complements say nothing.
    pub fn judge(&self, text: &[u8]) -> Option<bool> {
        let judge = RefCell::new(Judge {
            schema: self,
            room: ROOM,
            met: HashMap::new(),
            ordered: HashMap::new(),
            names: HashMap::new(),
        });
        let gap = |blank: &[u8]| self.blank.judge_within(blank, &mut judge.borrow_mut().room);
        let value = parse(text, &gap);
        let mut judge = judge.into_inner();
        if value.as_ref().is_some_and(|j| self.is_silent(j)) {
            return None;
        }
        let verdict = value.is_some_and(|j| !repeats(&j) && judge.holds(&[&self.root], &j));
        (judge.room > 0).then_some(verdict)
    }

    /// Whether the text is one of those that `judge` cannot take however long it may.
    pub fn is_silent_about(&self, text: &[u8]) -> bool {
        let gap = |blank: &[u8]| self.blank.judge_within(blank, &mut ROOM.clone());
        parse(text, &gap).is_some_and(|j| self.is_silent(&j))
    }

    fn is_silent(&self, j: &J) -> bool {
        has_strange_number(j) && self.terms().any(Val::compares)
    }
}

/// One text under judgement. With no room left all answers are meaningless, and come at once.
struct Judge<'a> {
    schema: &'a Schema,
    room: usize,
    met: HashMap<(*const Val, *const J), bool>,
    ordered: HashMap<(Vec<*const Val>, *const J), bool>,
    /// Keys as strings.
    names: HashMap<Vec<u8>, Rc<J>>,
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
            Val::Not(x) => !self.meets(x, j),
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
            _ => true,
        }
    }

    /// What a leaf says of the items and members.
    fn parts(&mut self, leaf: &'a Val, j: &J) -> bool {
        match (leaf, j) {
            (Val::IfArray(array), J::Arr(items)) => {
                if !within(items.len(), array.min, array.max) {
                    return false;
                }
                let repeats = |i: usize| items[..i].iter().any(|other| same(other, &items[i]));
                if array.unique && (1..items.len()).any(repeats) {
                    return false;
                }
                if let Some((kind, min, max)) = &array.contains {
                    let such = items.iter().filter(|item| self.meets(kind, item)).count();
                    if !within(such, *min, *max) {
                        return false;
                    }
                }
                let mut items = items.iter().enumerate();
                items.all(|(i, item)| item_of(leaf, i).is_none_or(|own| self.meets(own, item)))
            }
            (Val::IfObject(object), J::Obj(members)) => {
                let has = |key: &String| members.iter().any(|m| m.0 == key.as_bytes());
                within(members.len(), object.min, object.max)
                    && object.required.iter().all(has)
                    && members.iter().all(|(key, value)| {
                        let own = member_of(leaf, key, &mut self.room);
                        own.into_iter().all(|x| self.meets(x, value))
                    })
            }
            (Val::Names(x), J::Obj(members)) => members.iter().all(|(key, _)| {
                let name = self.names.entry(key.clone());
                let name = name.or_insert_with(|| Rc::new(J::Str(key.clone()))).clone();
                self.meets(x, &name)
            }),
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
            J::Arr(items) => {
                let mut kinds = Vec::new();
                for leaf in leaves {
                    if let Val::IfArray(array) = leaf {
                        kinds.extend(array.contains.as_ref().map(|(x, min, max)| Kind {
                            term: x,
                            min: *min,
                            bounded: max.is_some(),
                        }));
                    }
                }
                let taken = vec![0; kinds.len()];
                self.items_in_order(leaves, &kinds, items, 0, &taken)
            }
            J::Obj(members) => {
                let keys: Vec<&[u8]> = members.iter().map(|m| &m.0[..]).collect();
                declared(leaves, &keys)
                    && members.iter().all(|(key, value)| {
                        let room = &mut self.room;
                        let own = leaves.iter().flat_map(|leaf| member_of(leaf, key, room));
                        let own = distinct(own);
                        self.in_order(&own, value)
                    })
            }
            _ => true,
        }
    }

    /// Whether the items from one on are in order, where some of them are taken for those that must
    /// be there: then their keys are in the order of these too. All that are of a kind whose number
    /// is bounded are taken for it.
    fn items_in_order(
        &mut self,
        leaves: &[&'a Val],
        kinds: &[Kind<'a>],
        items: &[J],
        at: usize,
        taken: &[u32],
    ) -> bool {
        let Some(item) = items.get(at) else {
            return kinds.iter().zip(taken).all(|(kind, &n)| n >= kind.min);
        };
        let met: Vec<bool> = kinds.iter().map(|k| self.meets(k.term, item)).collect();
        for bits in 0..1u32 << kinds.len() {
            let takes = |i: usize| bits >> i & 1 == 1;
            let fits = |i: usize| takes(i) == met[i] || (!takes(i) && !kinds[i].bounded);
            if !self.pay(1) || !(0..kinds.len()).all(fits) {
                continue;
            }
            let own = leaves.iter().filter_map(|leaf| item_of(leaf, at));
            let of_kind = (0..kinds.len())
                .filter(|&i| takes(i))
                .map(|i| kinds[i].term);
            let own = distinct(own.chain(of_kind));
            let after: Vec<u32> = (0..kinds.len())
                .map(|i| taken[i] + u32::from(takes(i)))
                .collect();
            if self.in_order(&own, item)
                && self.items_in_order(leaves, kinds, items, at + 1, &after)
            {
                return true;
            }
        }
        false
    }
}

/// Items of which there must be some.
struct Kind<'a> {
    term: &'a Val,
    min: u32,
    bounded: bool,
}

fn within(n: usize, min: u32, max: Option<u32>) -> bool {
    min as usize <= n && max.is_none_or(|max| n <= max as usize)
}

/// Whether some number is spelled so that bounds, constants and complements do not speak of it.
fn has_strange_number(j: &J) -> bool {
    match j {
        J::Num(text) => !is_usual(text),
        J::Arr(items) => items.iter().any(has_strange_number),
        J::Obj(members) => members.iter().any(|m| has_strange_number(&m.1)),
        _ => false,
    }
}

/// Plain decimals, and exponents of three digits at most after one digit and up to 16 more.
fn is_usual(number: &str) -> bool {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return true;
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('-');
    let zero = whole == "0" && fraction.bytes().any(|b| b != b'0');
    let digits = exponent.trim_start_matches(['+', '-']);
    whole.len() == 1 && !zero && fraction.len() <= 16 && digits.len() <= 3
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
        Val::IfArray(array) => Some(array.prefix.get(i).unwrap_or(&array.rest)),
        _ => None,
    }
}

/// What a leaf says of a member; `room` as for languages.
pub fn member_of<'a>(leaf: &'a Val, key: &[u8], room: &mut usize) -> Vec<&'a Val> {
    let Val::IfObject(object) = leaf else {
        return vec![];
    };
    let own = object.properties.iter().find(|p| p.0.as_bytes() == key);
    let mut said: Vec<&Val> = own.iter().map(|p| &p.1).collect();
    for (re, x) in &object.patterns {
        if re.judge_within(key, room) {
            said.push(x);
        }
    }
    if said.is_empty() {
        said.push(&object.additional);
    }
    said
}

/// Declared keys in the order in which the leaves first name them, the others after them.
fn declared(leaves: &[&Val], keys: &[&[u8]]) -> bool {
    let mut order: Vec<&[u8]> = Vec::new();
    for leaf in leaves {
        if let Val::IfObject(object) = leaf {
            for (key, _) in &object.properties {
                if !order.contains(&key.as_bytes()) {
                    order.push(key.as_bytes());
                }
            }
        }
    }
    let place = |key: &&[u8]| order.iter().position(|k| k == key).unwrap_or(order.len());
    keys.iter().map(place).is_sorted()
}
