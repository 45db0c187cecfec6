//! Makes a schema that shows a failure small: parts are left out as long as it still shows it.

use super::re::Re;
use super::schema::{Array, Object, Schema, Val};

/// The smallest schema found for which `fails` holds, as it does for this one.
pub fn reduce(schema: &Schema, fails: impl Fn(&Schema) -> bool) -> Schema {
    let mut small = schema.clone();
    // Of two that are equally long, the one with the smaller numbers.
    let length = |schema: &Schema| {
        let text = format!("{schema:?}");
        let digits = text.chars().filter_map(|c| c.to_digit(10));
        (text.len(), digits.sum::<u32>())
    };
    loop {
        let shorter = candidates(&small)
            .into_iter()
            .filter(|s| length(s) < length(&small));
        match shorter.into_iter().find(&fails) {
            Some(shorter) => small = shorter,
            None => return small,
        }
    }
}

fn candidates(schema: &Schema) -> Vec<Schema> {
    let mut out = Vec::new();
    if !matches!(schema.blank, Re::Blank) {
        let blank = Re::Blank;
        out.push(Schema {
            blank,
            ..schema.clone()
        });
    }
    if schema.declared {
        out.push(Schema {
            declared: false,
            ..schema.clone()
        });
    }
    for root in shorter(&schema.root) {
        out.push(Schema {
            root,
            ..schema.clone()
        });
    }
    for (i, def) in schema.defs.iter().enumerate() {
        for shorter in shorter(def) {
            let mut schema = schema.clone();
            schema.defs[i] = shorter;
            out.push(schema);
        }
    }
    out
}

/// The term with one change in it that leaves something out.
fn shorter(term: &Val) -> Vec<Val> {
    let mut out = Vec::new();
    for at in 0..size(term) {
        let mut copy = term.clone();
        let edits = edits(find(&mut copy, &mut at.clone()).expect("so many parts"));
        for edit in edits {
            let mut copy = term.clone();
            *find(&mut copy, &mut at.clone()).expect("so many parts") = edit;
            out.push(copy);
        }
    }
    out
}

fn size(term: &Val) -> usize {
    1 + term.parts().into_iter().map(size).sum::<usize>()
}

/// Part number `at`, the term itself first.
fn find<'a>(term: &'a mut Val, at: &mut usize) -> Option<&'a mut Val> {
    if *at == 0 {
        return Some(term);
    }
    *at -= 1;
    let parts: Vec<&mut Val> = match term {
        Val::IfArray(array) => {
            let kind = array.contains.as_mut().map(|kind| &mut kind.0);
            let rest = [&mut array.rest];
            array.prefix.iter_mut().chain(rest).chain(kind).collect()
        }
        Val::IfObject(object) => {
            let properties = object.properties.iter_mut().map(|p| &mut p.1);
            let patterns = object.patterns.iter_mut().map(|p| &mut p.1);
            let rest = [&mut object.additional];
            properties.chain(patterns).chain(rest).collect()
        }
        Val::All(list) | Val::AnyOf(list) => list.iter_mut().collect(),
        Val::Names(x) | Val::Not(x) => vec![&mut **x],
        _ => vec![],
    };
    parts.into_iter().find_map(|part| find(part, at))
}

fn edits(term: &Val) -> Vec<Val> {
    let mut out = match term {
        Val::Any => vec![],
        Val::Never => vec![Val::Any],
        _ => vec![Val::Any, Val::Never],
    };
    out.extend(term.parts().into_iter().cloned());
    match term {
        Val::All(list) => out.extend(without(list).into_iter().map(Val::All)),
        Val::AnyOf(list) => out.extend(without(list).into_iter().map(Val::AnyOf)),
        Val::IfArray(array) => {
            let mut with = |edit: &dyn Fn(&mut Array)| {
                let mut array = array.clone();
                edit(&mut array);
                out.push(Val::IfArray(array));
            };
            for prefix in without(&array.prefix) {
                with(&|array| array.prefix = prefix.clone());
            }
            with(&|array| array.contains = None);
            with(&|array| array.contains = array.contains.take().map(|c| (c.0, 0, c.2)));
            with(&|array| array.contains = array.contains.take().map(|c| (c.0, c.1, None)));
            with(&|array| array.min = 0);
            with(&|array| array.max = None);
            with(&|array| array.unique = false);
        }
        Val::IfObject(object) => {
            let mut with = |edit: &dyn Fn(&mut Object)| {
                let mut object = object.clone();
                edit(&mut object);
                out.push(Val::IfObject(object));
            };
            for properties in without(&object.properties) {
                with(&|object| object.properties = properties.clone());
            }
            for patterns in without(&object.patterns) {
                with(&|object| object.patterns = patterns.clone());
            }
            for required in without(&object.required) {
                with(&|object| object.required = required.clone());
            }
            with(&|object| object.min = 0);
            with(&|object| object.max = None);
        }
        _ => {}
    }
    out
}

fn without<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    let drop = |i: usize| [&list[..i], &list[i + 1..]].concat();
    (0..list.len()).map(drop).collect()
}
