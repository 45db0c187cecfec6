//! Where in a JSON value a terminal stands, told from the rows.
//!
//! An item's origin is its stack: who called its rule, who called that one. Each return state says
//! which array or object is open and, mostly, which of its members is under way. What it does not
//! say is looked up the other way round: the members whose value can have the shape inside. Where
//! several fit, all are named (`a|b`), or `*` if they are many, as for items of a list.
//!
//! It is for looking at: nothing else asks it, and what is too deep is left out with `…`.

use super::Engine;
use crate::expr::shown_text;
use crate::grammar::{OriginId, RowId, Symbol, Terminal};
use crate::value::{Kind, Member, MemberKey, RuleKey, State};

/// Stacks listed for one terminal.
const PLACES: usize = 8;
/// Levels of a stack.
const LEVELS: usize = 64;
/// Names listed where several members fit.
const NAMES: usize = 3;

/// An array or object that is open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// Whether it is an object.
    pub object: bool,
    /// Its own place, as a JSON pointer with `*` for any.
    pub pointer: String,
}

/// Where something is expected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The value at hand, as a JSON pointer with `*` for any.
    pub pointer: String,
    /// The arrays and objects that are open, outermost first.
    pub stack: Vec<Open>,
}

/// What lies inside a level, as far as it helps to tell which member it is.
#[derive(Clone, Copy)]
enum Inside {
    Unknown,
    Value(State),
    Array(u32),
    Object(u32),
}

/// A level of a stack, before its pointer is known.
struct Level {
    object: bool,
    /// The member under way in it; `None` where none is.
    member: Option<String>,
}

impl Engine {
    /// The places where a row waits for a terminal.
    pub(super) fn places(&self, row: RowId, terminal: Terminal) -> Vec<Place> {
        let mut found = Vec::new();
        for &(state, origin) in self.rows.items(row) {
            let reads = self.states.known(state).is_some_and(|info| {
                let mut edges = info.edges.iter();
                edges.any(|e| matches!(e.symbol, Symbol::Terminal(t, _) if t == terminal))
            });
            if !reads {
                continue;
            }
            let Some(key) = self.states.key(state) else {
                continue;
            };
            let mut levels = Vec::new();
            let inside = match key {
                RuleKey::Array(shape, at, kind, _) => {
                    let fixed = self.values.arrays.get(shape).prefix.len() as u32;
                    let item = (kind != Kind::After).then(|| item(at, at < fixed));
                    levels.push(Level {
                        object: false,
                        member: item,
                    });
                    Inside::Array(shape)
                }
                RuleKey::Object(shape, _, _) => {
                    levels.push(Level {
                        object: true,
                        member: None,
                    });
                    Inside::Object(shape)
                }
                RuleKey::Member(member, _) => {
                    levels.push(Level {
                        object: true,
                        member: Some(self.member(member)),
                    });
                    Inside::Object(member.shape)
                }
                RuleKey::Composite(state) => Inside::Value(state),
                RuleKey::Root(_) | RuleKey::Written(_) | RuleKey::End => Inside::Unknown,
            };
            self.outwards(origin, inside, &mut levels, &mut found);
            if found.len() >= PLACES {
                break;
            }
        }
        found.sort();
        found.dedup();
        found.truncate(PLACES);
        found
    }

    /// Follows the stack; `levels` are innermost first.
    fn outwards(
        &self,
        origin: OriginId,
        inside: Inside,
        levels: &mut Vec<Level>,
        found: &mut Vec<Place>,
    ) {
        if found.len() >= PLACES {
            return;
        }
        if levels.len() > LEVELS {
            found.push(place(levels, "…"));
            return;
        }
        for &(state, next) in self.rows.askers(origin) {
            match self.states.key(state) {
                Some(RuleKey::Array(shape, at, ..)) => {
                    let level = Level {
                        object: false,
                        member: Some(self.item_with(shape, at, inside)),
                    };
                    levels.push(level);
                    self.outwards(next, Inside::Array(shape), levels, found);
                    levels.pop();
                }
                Some(RuleKey::Object(shape, at, _)) => {
                    let level = Level {
                        object: true,
                        member: Some(self.member_with(shape, at, inside)),
                    };
                    levels.push(level);
                    self.outwards(next, Inside::Object(shape), levels, found);
                    levels.pop();
                }
                // The end of the text.
                _ => found.push(place(levels, "")),
            }
        }
    }

    fn member(&self, member: Member) -> String {
        let keys = self.values.known_keys(member.shape);
        match (member.key, keys) {
            (MemberKey::Named(i), Some(keys)) => {
                segment(&self.values.key_text(keys.named[i as usize].0))
            }
            _ => "*".into(),
        }
    }

    /// The item of an array that is under way and returns to `at`.
    fn item_with(&self, shape: u32, at: u32, inside: Inside) -> String {
        let shape = self.values.arrays.get(shape);
        let told = match shape.prefix.last() {
            // The last of the first items and all later ones return to one state.
            Some(&last) if at as usize == shape.prefix.len() => {
                self.may_hold(last, inside) && !self.may_hold(shape.rest, inside)
            }
            _ => (at as usize) < shape.prefix.len(),
        };
        item(at.saturating_sub(1), told)
    }

    /// The member of an object whose value is under way and returns to `at`.
    fn member_with(&self, shape_id: u32, at: u32, inside: Inside) -> String {
        let shape = self.values.objects.get(shape_id);
        let count = shape.properties.len() as u32;
        if 0 < at && at < count {
            return segment(&self.values.key_text(shape.properties[at as usize - 1].0));
        }
        // With declared order the last property or another key, with free order any.
        let from = if at == 0 { 0 } else { count.saturating_sub(1) };
        let mut names: Vec<String> = Vec::new();
        for &(key, state) in shape.properties.iter().skip(from as usize) {
            if self.may_hold(state, inside) {
                names.push(segment(&self.values.key_text(key)));
            }
        }
        if let Some(keys) = self.values.known_keys(shape_id) {
            for &(key, state) in &keys.named[keys.declared..] {
                if self.may_hold(state, inside) {
                    names.push(segment(&self.values.key_text(key)));
                }
            }
            if keys.classes.iter().any(|c| self.may_hold(c.state, inside)) {
                names.push("*".into());
            }
        }
        if names.is_empty() || names.len() > NAMES {
            return "*".into();
        }
        names.join("|")
    }

    /// Whether a value can be, or have the shape of, what lies inside.
    fn may_hold(&self, state: State, inside: Inside) -> bool {
        let typed = self.values.known(state);
        match inside {
            Inside::Unknown => true,
            Inside::Value(other) => state == other,
            Inside::Array(shape) => typed.is_some_and(|t| t.arrays.contains(&shape)),
            Inside::Object(shape) => typed.is_some_and(|t| t.objects.contains(&shape)),
        }
    }
}

/// The name of an item.
fn item(at: u32, told: bool) -> String {
    if told { at.to_string() } else { "*".into() }
}

/// The place of a stack that lies below `root`.
fn place(levels: &[Level], root: &str) -> Place {
    let mut pointer = String::from(root);
    let mut stack = Vec::with_capacity(levels.len());
    for level in levels.iter().rev() {
        stack.push(Open {
            object: level.object,
            pointer: pointer.clone(),
        });
        if let Some(member) = &level.member {
            pointer.push('/');
            pointer.push_str(member);
        }
    }
    Place { pointer, stack }
}

/// A key as a segment of a JSON pointer (RFC 6901 §3).
fn segment(key: &[u8]) -> String {
    shown_text(key).replace('~', "~0").replace('/', "~1")
}
