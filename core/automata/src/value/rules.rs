//! JSON texts of a value, as rule states made on demand.
//!
//! ```text
//!  value ──► scalar terminals ─────────────────────────────► (return)
//!     └────► call Composite ──► "[" ──► Array(0, Open) ─ item ─► Array(1, After) ─ "]" ──► End
//!                                             ▲                        │ ","
//!                                             └────── Comma ◄──────────┘
//!            ──► "{" ──► Object(0, Open) ─ key ─► Colon ─ ":" ─► value ─► Object(i, After) ─ "}" ──► End
//! ```
//!
//! *Invariants.* A terminal whose end changes the registers (`{ [ , ] }` and a key) ends at one byte
//! that every reading of the text agrees on; blanks are therefore read *before* the punctuation that
//! follows a value, and as an optional terminal of their own after the punctuation that opens one.
//! No edge is offered whose continuation is uninhabited. Facts of the text (keys used, items
//! counted) never enter a state: terminals carry predicates over the innermost register instead.
//!
//! *Cost.* A state is made on its first visit; with declared order all keys that may come next are
//! one terminal, whose end is labelled by the key, so that an object of 500 properties has one
//! component, not 500. With free order each key is a terminal of its own, because each is switched
//! off by a fact of its own, and its mask is then made once per key.

use super::{ArrayShape, Key, ObjectShape, Order, State, Values};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, EPSILON, ExprId, FULL};
use crate::grammar::{Edge, Label, RuleState, Rules, StateInfo, Symbol, Terminal};
use rustc_hash::FxHashMap;

/// The label of a key that is not declared.
pub const GENERIC: Label = 1;

/// The label of the first declared key; the others follow.
const DECLARED: Label = 2;

/// The index that stands for "not a declared key".
const OTHER: u32 = u32::MAX;

/// A condition on the innermost register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pred {
    /// None.
    Always,
    /// The key has not been used.
    Unused(Key),
    /// All keys of the set have been used.
    AllUsed(u32),
    /// Some key of the set has not been used.
    SomeUnused(u32),
    /// At least so many items are there.
    AtLeast(u32),
    /// Fewer than so many items are there.
    FewerThan(u32),
}

/// What the end of a terminal does to the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing.
    None,
    /// Opens a level.
    Open,
    /// Closes the innermost level.
    Close,
    /// Counts a comma.
    Comma,
    /// Notes the key that ends here; the shape tells which key a label of the end means.
    Key(u32),
}

/// A terminal: what it reads, when it may come, what its end does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The language.
    pub expr: ExprId,
    /// The condition, which holds from its first byte to its last or not at all.
    pub pred: Pred,
    /// The effect of its end.
    pub action: Action,
}

impl Term {
    /// The key that ends with `label`, where the label alone tells it.
    pub(crate) fn key(&self, label: Label, values: &Values) -> Option<Key> {
        match (self.action, self.pred) {
            (Action::Key(_), Pred::Unused(key)) => Some(key),
            (Action::Key(shape), _) if label >= DECLARED => {
                let shape = values.objects.get(shape);
                shape
                    .properties
                    .get((label - DECLARED) as usize)
                    .map(|p| p.0)
            }
            _ => None,
        }
    }
}

/// The terminals of a grammar, interned.
#[derive(Default)]
pub struct Terms {
    list: Vec<Term>,
    index: FxHashMap<Term, Terminal>,
    sets: Vec<Box<[Key]>>,
    set_index: FxHashMap<Box<[Key]>, u32>,
}

impl Terms {
    fn add(&mut self, term: Term) -> Terminal {
        *self.index.entry(term).or_insert_with(|| {
            self.list.push(term);
            self.list.len() as Terminal - 1
        })
    }

    fn set(&mut self, keys: Vec<Key>) -> u32 {
        let keys: Box<[Key]> = keys.into();
        if let Some(&id) = self.set_index.get(&keys) {
            return id;
        }
        let id = self.sets.len() as u32;
        self.sets.push(keys.clone());
        self.set_index.insert(keys, id);
        id
    }

    /// A terminal.
    pub fn get(&self, terminal: Terminal) -> &Term {
        &self.list[terminal as usize]
    }

    /// A set of keys that a predicate names.
    pub fn keys(&self, set: u32) -> &[Key] {
        &self.sets[set as usize]
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        self.list.len() * 40 + self.sets.iter().map(|s| 64 + s.len() * 8).sum::<usize>()
    }
}

/// Where in an array or object a state stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// After the opening bracket.
    Open,
    /// After the opening bracket and blanks.
    OpenBlank,
    /// After an item or member.
    After,
    /// After a comma.
    Comma,
    /// After a comma and blanks.
    CommaBlank,
}

/// What a rule state stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleKey {
    /// Before the whole text.
    Root(State),
    /// Nothing left.
    End,
    /// Before an array or an object.
    Composite(State),
    /// In an array: shape, position among the prefix items.
    Array(u32, u32, Kind),
    /// In an object: shape, position among the declared keys.
    Object(u32, u32, Kind),
    /// After a key: shape, index of the key, whether before the colon (0), after it (1), after
    /// blanks (2).
    Member(u32, u32, u8),
}

/// The rule states made so far.
pub struct States {
    keys: Vec<RuleKey>,
    infos: Vec<Option<StateInfo>>,
    index: FxHashMap<RuleKey, RuleState>,
    order: Order,
    blanks: ExprId,
    some_blanks: ExprId,
    any_number: ExprId,
    other_keys: FxHashMap<u32, ExprId>,
    budget: usize,
}

impl States {
    /// No states yet; `blanks` is the language of white space between JSON tokens.
    pub fn new(arena: &mut Arena, order: Order, blanks: ExprId, budget: usize) -> Result<Self> {
        let empty = arena.not(EPSILON)?;
        let some_blanks = arena.and(vec![blanks, empty])?;
        let some_blanks = if arena.live(some_blanks)? {
            some_blanks
        } else {
            EMPTY
        };
        Ok(States {
            keys: Vec::new(),
            infos: Vec::new(),
            index: FxHashMap::default(),
            order,
            blanks,
            some_blanks,
            any_number: number(arena)?,
            other_keys: FxHashMap::default(),
            budget,
        })
    }

    /// The state for a key.
    pub fn id(&mut self, key: RuleKey) -> RuleState {
        *self.index.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.infos.push(None);
            self.keys.len() as RuleState - 1
        })
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        let edges: usize = self
            .infos
            .iter()
            .flatten()
            .map(|i| i.edges.len() * 16)
            .sum();
        self.keys.len() * 96 + edges
    }

    /// Forgets every state.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.infos.clear();
        self.index.clear();
        self.other_keys.clear();
    }
}

/// Every spelling of a number (RFC 8259 §6).
fn number(arena: &mut Arena) -> Result<ExprId> {
    let digit = arena.bytes(ByteSet::range(b'0', b'9'))?;
    let nonzero = arena.bytes(ByteSet::range(b'1', b'9'))?;
    let digits = arena.repeat(digit, 1, crate::expr::UNBOUNDED)?;
    let more = arena.repeat(digit, 0, crate::expr::UNBOUNDED)?;
    let minus = arena.literal(b"-")?;
    let sign = arena.repeat(minus, 0, 1)?;
    let zero = arena.literal(b"0")?;
    let large = arena.concat(nonzero, more)?;
    let whole = arena.or(vec![zero, large])?;
    let point = arena.literal(b".")?;
    let fraction = arena.concat(point, digits)?;
    let fraction = arena.repeat(fraction, 0, 1)?;
    let mut e = ByteSet::single(b'e');
    e.insert(b'E');
    let e = arena.bytes(e)?;
    let mut signs = ByteSet::single(b'+');
    signs.insert(b'-');
    let signs = arena.bytes(signs)?;
    let signs = arena.repeat(signs, 0, 1)?;
    let exponent = arena.concat_all(&[e, signs, digits])?;
    let exponent = arena.repeat(exponent, 0, 1)?;
    arena.concat_all(&[sign, whole, fraction, exponent])
}

/// The rules of one schema, with everything that making a state needs.
pub struct View<'a> {
    /// Expressions.
    pub arena: &'a mut Arena,
    /// Values.
    pub values: &'a mut Values,
    /// Terminals.
    pub terms: &'a mut Terms,
    /// States.
    pub states: &'a mut States,
}

impl Rules for View<'_> {
    type Error = Error;

    fn state(&mut self, state: RuleState) -> Result<&StateInfo> {
        let at = state as usize;
        if self.states.infos[at].is_none() {
            if self.states.keys.len() > self.states.budget {
                return Err(Error::Budget(format!("{} rule states", self.states.budget)));
            }
            let info = self.make(self.states.keys[at])?;
            self.states.infos[at] = Some(info);
        }
        self.states.infos[at]
            .as_ref()
            .ok_or_else(|| Error::Invalid(format!("rule state {state}")))
    }
}

impl View<'_> {
    fn make(&mut self, key: RuleKey) -> Result<StateInfo> {
        let mut edges = Vec::new();
        match key {
            RuleKey::End => {}
            RuleKey::Root(state) => {
                let end = self.states.id(RuleKey::End);
                self.value(state, end, &mut edges)?;
            }
            RuleKey::Composite(state) => self.composite(state, &mut edges)?,
            RuleKey::Array(shape, at, kind) => self.array(shape, at, kind, &mut edges)?,
            RuleKey::Object(shape, at, kind) => self.object(shape, at, kind, &mut edges)?,
            RuleKey::Member(shape, index, phase) => self.member(shape, index, phase, &mut edges)?,
        }
        Ok(StateInfo {
            edges,
            is_final: key == RuleKey::End,
        })
    }

    /// Edges that read a value and lead to `to`.
    fn value(&mut self, state: State, to: RuleState, edges: &mut Vec<Edge>) -> Result<()> {
        let typed = self.values.typed(self.arena, state)?;
        let mut words: Vec<(&[u8], u32)> = Vec::new();
        if typed.null {
            words.push((b"null", 0));
        }
        if typed.booleans & 1 != 0 {
            words.push((b"false", 0));
        }
        if typed.booleans & 2 != 0 {
            words.push((b"true", 0));
        }
        let words = self.arena.literals(&words)?;
        self.read(words, to, edges)?;
        let number = if typed.number == FULL {
            self.states.any_number
        } else {
            typed.number
        };
        self.read(number, to, edges)?;
        if typed.string != EMPTY {
            let string = self.arena.json_string(typed.string)?;
            self.read(string, to, edges)?;
        }
        if self.is_composite(&typed)? {
            let start = self.states.id(RuleKey::Composite(state));
            edges.push(Edge {
                symbol: Symbol::Call(start),
                target: to,
            });
        }
        Ok(())
    }

    fn is_composite(&mut self, typed: &super::Typed) -> Result<bool> {
        for &shape in &typed.arrays {
            if self.values.array_inhabited(self.arena, shape)? {
                return Ok(true);
            }
        }
        for &shape in &typed.objects {
            if self.values.object_inhabited(self.arena, shape)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn composite(&mut self, state: State, edges: &mut Vec<Edge>) -> Result<()> {
        let typed = self.values.typed(self.arena, state)?;
        for &shape in &typed.arrays {
            if self.values.array_inhabited(self.arena, shape)? {
                let to = self.states.id(RuleKey::Array(shape, 0, Kind::Open));
                self.punctuation(false, b'[', Pred::Always, Action::Open, to, edges)?;
            }
        }
        for &shape in &typed.objects {
            if self.values.object_inhabited(self.arena, shape)? {
                let to = self.states.id(RuleKey::Object(shape, 0, Kind::Open));
                self.punctuation(false, b'{', Pred::Always, Action::Open, to, edges)?;
            }
        }
        Ok(())
    }

    fn array(&mut self, id: u32, at: u32, kind: Kind, edges: &mut Vec<Edge>) -> Result<()> {
        let shape = self.values.arrays.get(id);
        let max = self.longest(&shape)?;
        let fixed = shape.prefix.len() as u32;
        if kind == Kind::After {
            // `at` items are there; at the end of the prefix, that many or more.
            let open_ended = at == fixed;
            if !open_ended || shape.min <= at.max(1) {
                if at.max(1) >= shape.min {
                    self.close(b']', Pred::Always, edges)?;
                }
            } else {
                self.close(b']', Pred::AtLeast(shape.min), edges)?;
            }
            let pred = if max == u32::MAX {
                Some(Pred::Always)
            } else if open_ended {
                (max > at.max(1)).then_some(Pred::FewerThan(max))
            } else {
                (at < max).then_some(Pred::Always)
            };
            if let Some(pred) = pred {
                let to = self.states.id(RuleKey::Array(id, at, Kind::Comma));
                self.punctuation(true, b',', pred, Action::Comma, to, edges)?;
            }
            return Ok(());
        }
        let direct = self.blanks(kind, edges, |kind| RuleKey::Array(id, at, kind))?;
        if !direct {
            return Ok(());
        }
        if matches!(kind, Kind::Open | Kind::OpenBlank) && shape.min == 0 {
            self.close_now(b']', Pred::Always, edges)?;
        }
        if max > at {
            let item = shape.prefix.get(at as usize).copied();
            let next = (at + 1).min(fixed);
            let to = self.states.id(RuleKey::Array(id, next, Kind::After));
            self.value(item.unwrap_or(shape.rest), to, edges)?;
        }
        Ok(())
    }

    /// How many items the array can have at most, counting only items that exist.
    fn longest(&mut self, shape: &ArrayShape) -> Result<u32> {
        for (i, &item) in shape.prefix.iter().enumerate() {
            if i as u32 >= shape.max {
                break;
            }
            if !self.values.inhabited(self.arena, item)? {
                return Ok(i as u32);
            }
        }
        if shape.max as usize > shape.prefix.len()
            && !self.values.inhabited(self.arena, shape.rest)?
        {
            return Ok(shape.prefix.len() as u32);
        }
        Ok(shape.max)
    }

    fn object(&mut self, id: u32, at: u32, kind: Kind, edges: &mut Vec<Edge>) -> Result<()> {
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
        match self.states.order {
            Order::Declared => self.labelled_keys(id, &shape, &next, edges),
            Order::Free => self.separate_keys(id, &shape, &next, edges),
        }
    }

    /// Which keys may come next, and when the object may close or go on.
    fn next_keys(&mut self, shape: &ObjectShape, at: u32) -> Result<Next> {
        let other = self.values.inhabited(self.arena, shape.additional)?;
        let is_required = |key: &Key| shape.required.binary_search(key).is_ok();
        let from = match self.states.order {
            Order::Declared => at as usize,
            Order::Free => 0,
        };
        let mut keys = Vec::new();
        let mut blocked = false;
        for (i, (key, state)) in shape.properties.iter().enumerate().skip(from) {
            if self.values.inhabited(self.arena, *state)? {
                keys.push(i as u32);
            }
            if self.states.order == Order::Declared && is_required(key) {
                blocked = true;
                break;
            }
        }
        let must = match self.states.order {
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
        let more = if other || (self.states.order == Order::Declared && !keys.is_empty()) {
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

    fn member(&mut self, id: u32, index: u32, phase: u8, edges: &mut Vec<Edge>) -> Result<()> {
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
        let next = if self.states.order == Order::Free {
            0
        } else {
            next
        };
        let to = self.states.id(RuleKey::Object(id, next, Kind::After));
        self.value(state, to, edges)
    }

    /// Offers blanks; whether what follows them may also come at once.
    fn blanks(
        &mut self,
        kind: Kind,
        edges: &mut Vec<Edge>,
        key: impl Fn(Kind) -> RuleKey,
    ) -> Result<bool> {
        let after = match kind {
            Kind::Open => Kind::OpenBlank,
            Kind::Comma => Kind::CommaBlank,
            _ => return Ok(true),
        };
        if self.states.some_blanks == EMPTY {
            return Ok(true);
        }
        let to = self.states.id(key(after));
        let blanks = self.states.some_blanks;
        self.read(blanks, to, edges)?;
        Ok(self.arena.nullable(self.states.blanks))
    }

    /// A closing bracket, with the blanks before it.
    fn close(&mut self, b: u8, pred: Pred, edges: &mut Vec<Edge>) -> Result<()> {
        let end = self.states.id(RuleKey::End);
        self.punctuation(true, b, pred, Action::Close, end, edges)
    }

    /// A closing bracket right here.
    fn close_now(&mut self, b: u8, pred: Pred, edges: &mut Vec<Edge>) -> Result<()> {
        let end = self.states.id(RuleKey::End);
        self.punctuation(false, b, pred, Action::Close, end, edges)
    }

    fn punctuation(
        &mut self,
        blanks: bool,
        b: u8,
        pred: Pred,
        action: Action,
        target: RuleState,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let mut expr = self.arena.bytes(ByteSet::single(b))?;
        if blanks {
            expr = self.arena.concat(self.states.blanks, expr)?;
        }
        let terminal = self.terms.add(Term { expr, pred, action });
        edges.push(Edge {
            symbol: Symbol::Terminal(terminal, 0),
            target,
        });
        Ok(())
    }

    /// A terminal without condition or effect, if it has a member.
    fn read(&mut self, expr: ExprId, target: RuleState, edges: &mut Vec<Edge>) -> Result<()> {
        if !self.arena.live(expr)? {
            return Ok(());
        }
        let terminal = self.terms.add(Term {
            expr,
            pred: Pred::Always,
            action: Action::None,
        });
        edges.push(Edge {
            symbol: Symbol::Terminal(terminal, 0),
            target,
        });
        Ok(())
    }
}

/// What may come next in an object.
struct Next {
    keys: Vec<u32>,
    other: bool,
    close: Option<Pred>,
    more: Option<Pred>,
}
