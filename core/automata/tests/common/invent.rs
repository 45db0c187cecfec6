//! Texts of schemas: mostly members, and nearly members otherwise.

use super::chance::Chance;
use super::crowded::FEW;
use super::json::J;
use super::lead::spell;
use super::meaning::{add, distinct, item_of, member_of};
use super::schema::{KEYS, Schema, Val};
use grammarlib_automata::value::types;

/// Values within one text; what comes later is `null`.
const VALUES: usize = 300;

/// Ends of languages that the values of one key may be sought by.
const ROOM: usize = 100_000;

const TYPES: [u8; 6] = [
    types::NULL,
    types::BOOLEAN,
    types::NUMBER,
    types::STRING,
    types::ARRAY,
    types::OBJECT,
];

impl Schema {
    /// A text that is often one of the schema's, and nearly one otherwise.
    pub fn sample(&self, chance: &mut Chance) -> Vec<u8> {
        let mut inventor = Inventor {
            schema: self,
            left: VALUES,
        };
        let mut j = inventor.value(&[&self.root], 8, chance);
        if chance.once_in(4) {
            disturb(&mut j, chance);
        }
        let mut out = Vec::new();
        self.write(&j, chance, &mut out);
        out
    }

    /// A text of a small array or object over few keys and values, whatever the schema says.
    pub fn small(&self, chance: &mut Chance) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&small(2, chance), chance, &mut out);
        out
    }

    /// The value as text, spelled and spaced by chance.
    fn write(&self, j: &J, chance: &mut Chance, out: &mut Vec<u8>) {
        match j {
            J::Null => out.extend_from_slice(b"null"),
            J::Bool(true) => out.extend_from_slice(b"true"),
            J::Bool(false) => out.extend_from_slice(b"false"),
            J::Num(text) => out.extend_from_slice(text.as_bytes()),
            J::Str(text) => out.extend(written(text, chance)),
            J::Arr(items) => {
                out.push(b'[');
                self.gap(chance, out);
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        self.gap(chance, out);
                        out.push(b',');
                        self.gap(chance, out);
                    }
                    self.write(item, chance, out);
                }
                if !items.is_empty() {
                    self.gap(chance, out);
                }
                out.push(b']');
            }
            J::Obj(members) => {
                out.push(b'{');
                self.gap(chance, out);
                for (i, (key, value)) in members.iter().enumerate() {
                    if i > 0 {
                        self.gap(chance, out);
                        out.push(b',');
                        self.gap(chance, out);
                    }
                    out.extend(written(key, chance));
                    self.gap(chance, out);
                    out.push(b':');
                    self.gap(chance, out);
                    self.write(value, chance, out);
                }
                if !members.is_empty() {
                    self.gap(chance, out);
                }
                out.push(b'}');
            }
        }
    }

    fn gap(&self, chance: &mut Chance, out: &mut Vec<u8>) {
        if chance.once_in(60) {
            out.push(*chance.pick(b" \n\t"));
        } else {
            self.blank.sample(chance, out);
        }
    }
}

/// Makes one value.
struct Inventor<'a> {
    schema: &'a Schema,
    left: usize,
}

impl<'a> Inventor<'a> {
    /// A value that tries to satisfy the terms, but for what would lie too deep.
    fn value(&mut self, terms: &[&'a Val], depth: usize, chance: &mut Chance) -> J {
        if depth == 0 || self.left == 0 {
            return J::Null;
        }
        self.left -= 1;
        let Some(leaves) = self.leaves(terms, chance) else {
            return J::Null;
        };
        // What is excluded, or nearly so.
        let excluded = leaves.iter().find_map(|leaf| match leaf {
            Val::Not(x) => Some(&**x),
            _ => None,
        });
        if let Some(x) = excluded.filter(|_| chance.once_in(3)) {
            let mut j = self.value(&[x], depth - 1, chance);
            if !chance.once_in(4) {
                disturb(&mut j, chance);
            }
            return j;
        }
        match kind(&leaves, chance) {
            types::BOOLEAN => J::Bool(
                match leaves.iter().find(|leaf| matches!(leaf, Val::Bools(_))) {
                    Some(Val::Bools(mask)) => *mask == 2 || (*mask == 3 && chance.once_in(2)),
                    _ => chance.once_in(2),
                },
            ),
            types::NUMBER => {
                let own = leaves.iter().find_map(|leaf| match leaf {
                    Val::Numbers(re) | Val::IfNumber(re) => Some(re),
                    _ => None,
                });
                let mut text = Vec::new();
                match own {
                    Some(re) => re.sample(chance, &mut text),
                    None => text.extend(*chance.pick(&[&b"0"[..], b"1.0", b"-12", b"1E+2"])),
                }
                J::Num(String::from_utf8_lossy(&text).into_owned())
            }
            types::STRING => {
                let own = leaves.iter().find_map(|leaf| match leaf {
                    Val::Strings(re) | Val::IfString(re) => Some(re),
                    _ => None,
                });
                let mut text = Vec::new();
                match own {
                    Some(re) => re.sample(chance, &mut text),
                    None => text.extend(chance.pick(&KEYS).as_bytes()),
                }
                text.truncate(60);
                J::Str(String::from_utf8_lossy(&text).into_owned().into_bytes())
            }
            types::ARRAY => self.array(&leaves, depth, chance),
            types::OBJECT => self.object(&leaves, depth, chance),
            _ => J::Null,
        }
    }

    /// The leaves of the terms, with one branch of each alternative; `None` where there is none.
    fn leaves(&self, terms: &[&'a Val], chance: &mut Chance) -> Option<Vec<&'a Val>> {
        let mut open = terms.to_vec();
        open.reverse();
        let mut leaves = Vec::new();
        while let Some(term) = open.pop() {
            match term {
                Val::All(list) => open.extend(list.iter().rev()),
                Val::Ref(i) => open.push(&self.schema.defs[*i]),
                Val::Not(x) => match &**x {
                    Val::Not(x) => open.push(x),
                    Val::All(list) if !list.is_empty() && chance.once_in(2) => {
                        add(&mut leaves, term);
                        open.extend(list.iter().skip(1));
                    }
                    _ => add(&mut leaves, term),
                },
                Val::AnyOf(list) if list.is_empty() => return None,
                Val::AnyOf(list) => open.push(chance.pick(list)),
                leaf => add(&mut leaves, leaf),
            }
        }
        Some(leaves)
    }

    fn array(&mut self, leaves: &[&'a Val], depth: usize, chance: &mut Chance) -> J {
        let (mut least, mut most) = (0, 5);
        let mut kinds = Vec::new();
        for leaf in leaves {
            if let Val::IfArray(array) = leaf {
                least = least.max(array.min);
                most = most.min(array.max.unwrap_or(5)).min(least + 3);
                kinds.extend(array.contains.as_ref().map(|c| &c.0));
            }
        }
        let most = if depth < 5 { least } else { most.max(least) };
        let n = least as usize + chance.below((most - least) as usize + 1);
        let n = if depth < 5 { n.min(2) } else { n };
        let mut items = Vec::new();
        for i in 0..n {
            let mut own = distinct(leaves.iter().filter_map(|leaf| item_of(leaf, i)));
            if !kinds.is_empty() && !chance.once_in(3) {
                own.push(*chance.pick(&kinds));
            }
            items.push(self.value(&own, depth - 1, chance));
        }
        J::Arr(items)
    }

    fn object(&mut self, leaves: &[&'a Val], depth: usize, chance: &mut Chance) -> J {
        let mut keys: Vec<Vec<u8>> = Vec::new();
        let add = |keys: &mut Vec<Vec<u8>>, key: &[u8]| {
            if !keys.iter().any(|known| known == key) {
                keys.push(key.to_vec());
            }
        };
        let mut least = 0;
        for leaf in leaves {
            if let Val::IfObject(object) = leaf {
                least = least.max(object.min);
                for (key, _) in &object.properties {
                    let needed = object.required.contains(key);
                    if needed || (depth > 4 && !chance.once_in(3)) {
                        add(&mut keys, key.as_bytes());
                    }
                }
            }
        }
        for leaf in leaves {
            if let Val::IfObject(object) = leaf {
                for key in &object.required {
                    add(&mut keys, key.as_bytes());
                }
            }
        }
        for leaf in leaves {
            if let Val::IfObject(object) = leaf {
                for (re, _) in &object.patterns {
                    if depth > 4 && chance.once_in(2) {
                        let mut key = Vec::new();
                        re.sample(chance, &mut key);
                        add(&mut keys, String::from_utf8_lossy(&key).as_bytes());
                    }
                }
            }
        }
        while chance.once_in(3) {
            add(&mut keys, chance.pick(&KEYS).as_bytes());
        }
        for _ in 0..3 {
            if keys.len() < least as usize {
                add(&mut keys, chance.pick(&KEYS).as_bytes());
            }
        }
        if chance.once_in(4) {
            chance.shuffle(&mut keys);
        }
        if depth < 5 {
            keys.truncate(2);
        }
        let mut members = Vec::new();
        for key in keys {
            let mut room = ROOM;
            let own = leaves
                .iter()
                .flat_map(|leaf| member_of(leaf, &key, &mut room));
            let own = distinct(own);
            members.push((key, self.value(&own, depth - 1, chance)));
        }
        J::Obj(members)
    }
}

fn small(depth: usize, chance: &mut Chance) -> J {
    let kind = if depth == 0 { 0 } else { chance.below(10) };
    let n = chance.below(4);
    match kind {
        0..=4 if depth < 2 => match chance.below(8) {
            0 | 1 => J::Null,
            2 | 3 => J::Num(chance.pick(&["1", "1.0", "2", "0"]).to_string()),
            4 => J::Bool(true),
            5 => J::Bool(false),
            6 => J::Str(b"a".to_vec()),
            _ => J::Str(chance.pick(&FEW).as_bytes().to_vec()),
        },
        0..=3 | 5 => J::Arr((0..n).map(|_| small(depth - 1, chance)).collect()),
        _ => {
            let mut keys = [&FEW[..], &["c"]].concat();
            chance.shuffle(&mut keys);
            let keys = keys.into_iter().take(n + chance.below(2));
            let member = |key: &str, chance: &mut Chance| (key.into(), small(depth - 1, chance));
            J::Obj(keys.map(|key| member(key, chance)).collect())
        }
    }
}

/// A type that the leaves allow, `null` if none; rather one of whose parts they speak.
fn kind(leaves: &[&Val], chance: &mut Chance) -> u8 {
    let mut fit = Vec::new();
    for bit in TYPES {
        let takes = |leaf: &&Val| match leaf {
            Val::Types(own) => own & bit != 0,
            Val::Bools(_) => bit == types::BOOLEAN,
            Val::Numbers(_) => bit == types::NUMBER,
            Val::Strings(_) => bit == types::STRING,
            _ => true,
        };
        if leaves.iter().all(takes) {
            let says = |leaf: &&Val| match leaf {
                Val::IfArray(..) => bit == types::ARRAY,
                Val::IfObject(..) | Val::Names(..) => bit == types::OBJECT,
                Val::Not(x) if matches!(**x, Val::IfArray(..)) => bit == types::ARRAY,
                Val::Not(x) if matches!(**x, Val::IfObject(..)) => bit == types::OBJECT,
                _ => false,
            };
            let times = if leaves.iter().any(says) { 6 } else { 1 };
            fit.extend(vec![bit; times]);
        }
    }
    if fit.is_empty() {
        types::NULL
    } else {
        *chance.pick(&fit)
    }
}

fn written(text: &[u8], chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    if chance.once_in(2) {
        let plain = text.chars().all(|c| c != '"' && c != '\\' && c >= ' ');
        if plain {
            return format!("\"{text}\"").into_bytes();
        }
    }
    spell(&text, chance)
}

/// A small change somewhere.
fn disturb(j: &mut J, chance: &mut Chance) {
    match j {
        J::Arr(items) if !items.is_empty() && chance.once_in(2) => {
            let i = chance.below(items.len());
            disturb(&mut items[i], chance);
        }
        J::Arr(items) => {
            if chance.once_in(2) {
                items.pop();
            } else {
                items.push(J::Null);
            }
        }
        J::Obj(members) if !members.is_empty() => {
            let i = chance.below(members.len());
            match chance.below(5) {
                0 => disturb(&mut members[i].1, chance),
                1 => {
                    members.remove(i);
                }
                2 => members.push(members[i].clone()),
                3 => members[i].0 = chance.pick(&KEYS).as_bytes().to_vec(),
                _ => chance.shuffle(members),
            }
        }
        other => {
            let all = [
                J::Null,
                J::Bool(true),
                J::Num("1".into()),
                J::Num("01".into()),
                J::Str(b"a".to_vec()),
                J::Arr(vec![]),
                J::Obj(vec![(b"a".to_vec(), J::Null)]),
            ];
            *other = chance.pick(&all).clone();
        }
    }
}
