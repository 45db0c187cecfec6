//! Texts of schemas: mostly members, and nearly members otherwise.

use super::chance::Chance;
use super::json::J;
use super::lead::spell;
use super::meaning::{add, distinct, item_of, member_of};
use super::schema::{KEYS, Schema, Val};
use grammarlib_automata::value::types;

/// Values within one text; what comes later is `null`.
const VALUES: usize = 300;

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
                Val::AnyOf(list) if list.is_empty() => return None,
                Val::AnyOf(list) => open.push(chance.pick(list)),
                leaf => add(&mut leaves, leaf),
            }
        }
        Some(leaves)
    }

    fn array(&mut self, leaves: &[&'a Val], depth: usize, chance: &mut Chance) -> J {
        let (mut least, mut most) = (0, 5);
        for leaf in leaves {
            if let Val::IfArray(_, _, min, max) = leaf {
                least = least.max(*min);
                most = most.min(max.unwrap_or(5)).min(least + 3);
            }
        }
        let most = if depth < 5 { least } else { most.max(least) };
        let n = least as usize + chance.below((most - least) as usize + 1);
        let n = if depth < 5 { n.min(2) } else { n };
        let mut items = Vec::new();
        for i in 0..n {
            let own = distinct(leaves.iter().filter_map(|leaf| item_of(leaf, i)));
            items.push(self.value(&own, depth - 1, chance));
        }
        J::Arr(items)
    }

    fn object(&mut self, leaves: &[&'a Val], depth: usize, chance: &mut Chance) -> J {
        let mut keys: Vec<&str> = Vec::new();
        for leaf in leaves {
            if let Val::IfObject(properties, _, required) = leaf {
                for (key, _) in properties {
                    let needed = required.contains(key);
                    if !keys.contains(&&key[..]) && (needed || (depth > 4 && !chance.once_in(3))) {
                        keys.push(key);
                    }
                }
            }
        }
        for leaf in leaves {
            if let Val::IfObject(_, _, required) = leaf {
                for key in required {
                    if !keys.contains(&&key[..]) {
                        keys.push(key);
                    }
                }
            }
        }
        if chance.once_in(3) {
            let more = *chance.pick(&KEYS);
            if !keys.contains(&more) {
                keys.push(more);
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
            let key = key.as_bytes();
            let own = distinct(leaves.iter().filter_map(|leaf| member_of(leaf, key)));
            members.push((key.to_vec(), self.value(&own, depth - 1, chance)));
        }
        J::Obj(members)
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
                Val::IfObject(..) => bit == types::OBJECT,
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
