//! Objects as rule states: which keys may come next, and when an object may close.
//!
//! With declared order all keys that may come next are one terminal, whose end is labelled by the
//! key, so that an object of 500 properties has one component, not 500. With free order each key is a
//! terminal of its own, because each is switched off by a fact of its own, and its mask is then made
//! once per key.

use super::rules::View;
use super::states::{Kind, RuleKey};
use super::terms::{Action, DECLARED, GENERIC, Pred, Term};
use super::{Key, ObjectShape, Order};
use crate::error::Result;
use crate::expr::{EMPTY, ExprId};
use crate::grammar::{Edge, Symbol, Terminal};

/// The index that stands for "not a declared key".
const OTHER: u32 = u32::MAX;

impl View<'_> {
    pub(super) fn object(
        &mut self,
        id: u32,
        at: u32,
        kind: Kind,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let shape = self.values.objects.get(id);
        let next = self.next_keys(&shape, at)?;
        if kind == Kind::After {
            if let Some(pred) = next.close {
                self.close(b'}', pred, edges)?;
            }
            if let Some(pred) = next.more {
                let to = self.states.id(RuleKey::Object(id, at, Kind::Comma));
                self.punctuation(true, b',', pred, Action::Comma, to, edges)?;
            }
            return Ok(());
        }
        let direct = self.blanks(kind, edges, |kind| RuleKey::Object(id, at, kind))?;
        if !direct {
            return Ok(());
        }
        if matches!(kind, Kind::Open | Kind::OpenBlank) {
            if let Some(pred) = next.close {
                self.close_now(b'}', pred, edges)?;
            }
        }
        match self.values.order {
            Order::Declared => self.labelled_keys(id, &shape, &next, edges),
            Order::Free => self.separate_keys(id, &shape, &next, edges),
        }
    }

    /// Which keys may come next, and when the object may close or go on.
    fn next_keys(&mut self, shape: &ObjectShape, at: u32) -> Result<Next> {
        let other = self.values.inhabited(self.arena, shape.additional)?;
        let is_required = |key: &Key| shape.required.binary_search(key).is_ok();
        let from = match self.values.order {
            Order::Declared => at as usize,
            Order::Free => 0,
        };
        let mut keys = Vec::new();
        let mut blocked = false;
        for (i, (key, state)) in shape.properties.iter().enumerate().skip(from) {
            if self.values.inhabited(self.arena, *state)? {
                keys.push(i as u32);
            }
            if self.values.order == Order::Declared && is_required(key) {
                blocked = true;
                break;
            }
        }
        let must = match self.values.order {
            Order::Free => shape.required.to_vec(),
            Order::Declared => {
                let declared: rustc_hash::FxHashSet<Key> =
                    shape.properties.iter().map(|p| p.0).collect();
                let others = shape.required.iter().filter(|k| !declared.contains(k));
                others.copied().collect()
            }
        };
        let close = if blocked {
            None
        } else if must.is_empty() {
            Some(Pred::Always)
        } else {
            Some(Pred::AllUsed(self.terms.set(must)))
        };
        let other = other && !blocked;
        let more = if other || (self.values.order == Order::Declared && !keys.is_empty()) {
            Some(Pred::Always)
        } else if keys.is_empty() {
            None
        } else {
            let set = keys
                .iter()
                .map(|&i| shape.properties[i as usize].0)
                .collect();
            Some(Pred::SomeUnused(self.terms.set(set)))
        };
        Ok(Next {
            keys,
            other,
            close,
            more,
        })
    }

    /// Declared order: one terminal for all keys, its end labelled.
    fn labelled_keys(
        &mut self,
        id: u32,
        shape: &ObjectShape,
        next: &Next,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let texts: Vec<_> = next
            .keys
            .iter()
            .map(|&i| {
                let key = shape.properties[i as usize].0;
                (self.values.key_text(key), DECLARED + i)
            })
            .collect();
        let list: Vec<(&[u8], u32)> = texts.iter().map(|(t, l)| (&t[..], *l)).collect();
        let mut language = self.arena.literals(&list)?;
        if next.other {
            let other = self.other_keys(id, shape)?;
            language = self.arena.or(vec![language, other])?;
        }
        if language == EMPTY {
            return Ok(());
        }
        let terminal = self.key_terminal(id, language, Pred::Always)?;
        for &i in &next.keys {
            let target = self.states.id(RuleKey::Member(id, i, 0));
            edges.push(Edge {
                symbol: Symbol::Terminal(terminal, DECLARED + i),
                target,
            });
        }
        if next.other {
            let target = self.states.id(RuleKey::Member(id, OTHER, 0));
            edges.push(Edge {
                symbol: Symbol::Terminal(terminal, GENERIC),
                target,
            });
        }
        Ok(())
    }

    /// Free order: a terminal a key, each with its own condition.
    fn separate_keys(
        &mut self,
        id: u32,
        shape: &ObjectShape,
        next: &Next,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        for &i in &next.keys {
            let key = shape.properties[i as usize].0;
            let text = self.values.key_text(key);
            let language = self.arena.literal(&text)?;
            let terminal = self.key_terminal(id, language, Pred::Unused(key))?;
            let target = self.states.id(RuleKey::Member(id, i, 0));
            edges.push(Edge {
                symbol: Symbol::Terminal(terminal, 0),
                target,
            });
        }
        if next.other {
            let language = self.other_keys(id, shape)?;
            let terminal = self.key_terminal(id, language, Pred::Always)?;
            let target = self.states.id(RuleKey::Member(id, OTHER, 0));
            edges.push(Edge {
                symbol: Symbol::Terminal(terminal, GENERIC),
                target,
            });
        }
        Ok(())
    }

    /// Every key but the declared ones, its end marked.
    fn other_keys(&mut self, id: u32, shape: &ObjectShape) -> Result<ExprId> {
        if let Some(&known) = self.states.other_keys.get(&id) {
            return Ok(known);
        }
        let texts: Vec<_> = shape
            .properties
            .iter()
            .map(|p| self.values.key_text(p.0))
            .collect();
        let list: Vec<(&[u8], u32)> = texts.iter().map(|t| (&t[..], 0)).collect();
        let declared = self.arena.literals(&list)?;
        let others = self.arena.not(declared)?;
        let mark = self.arena.mark(GENERIC)?;
        let language = self.arena.concat(others, mark)?;
        self.states.other_keys.insert(id, language);
        Ok(language)
    }

    fn key_terminal(&mut self, shape: u32, language: ExprId, pred: Pred) -> Result<Terminal> {
        let expr = self.arena.json_string(language)?;
        Ok(self.terms.add(Term {
            expr,
            pred,
            action: Action::Key(shape),
        }))
    }

    pub(super) fn member(
        &mut self,
        id: u32,
        index: u32,
        phase: u8,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        if phase == 0 {
            let to = self.states.id(RuleKey::Member(id, index, 1));
            return self.punctuation(true, b':', Pred::Always, Action::None, to, edges);
        }
        if phase == 1 && self.states.some_blanks != EMPTY {
            let to = self.states.id(RuleKey::Member(id, index, 2));
            let blanks = self.states.some_blanks;
            self.read(blanks, to, edges)?;
            if !self.arena.nullable(self.states.blanks) {
                return Ok(());
            }
        }
        let shape = self.values.objects.get(id);
        let (state, next) = match shape.properties.get(index as usize) {
            Some(&(_, state)) => (state, index + 1),
            None => (shape.additional, shape.properties.len() as u32),
        };
        let next = if self.values.order == Order::Free {
            0
        } else {
            next
        };
        let to = self.states.id(RuleKey::Object(id, next, Kind::After));
        self.value(state, to, edges)
    }
}

/// What may come next in an object.
struct Next {
    keys: Vec<u32>,
    other: bool,
    close: Option<Pred>,
    more: Option<Pred>,
}
