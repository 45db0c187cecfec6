//! The rule states made so far, and what each stands for.

use super::State;
use super::Written;
use super::numbers::{exponent, optional_sign};
use crate::byteset::ByteSet;
use crate::error::Result;
use crate::expr::{Arena, EMPTY, EPSILON, ExprId};
use crate::grammar::{RuleState, StateInfo};
use rustc_hash::FxHashMap;

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
    /// A state of the grammar's own rules.
    Written(RuleState),
    /// Nothing left.
    End,
    /// Before an array or an object.
    Composite(State),
    /// In an array: shape, position among the prefix items, and after a comma the kinds that the
    /// next item is taken for.
    Array(u32, u32, Kind, u16),
    /// In an object: shape, position among the declared keys.
    Object(u32, u32, Kind),
    /// After a key: which, and whether before the colon (0), after it (1), after blanks (2).
    Member(Member, u8),
}

impl From<State> for RuleKey {
    fn from(state: State) -> Self {
        RuleKey::Root(state)
    }
}

/// Any kinds may be taken.
pub const ALL_CHOICES: u16 = u16::MAX;

/// A member whose key has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// The shape of the object.
    pub shape: u32,
    /// The key among those that have a name, or its class.
    pub key: MemberKey,
    /// Of a key with a name, which of the ways its atoms can hold; else the witnesses that it is taken
    /// for, as bits.
    pub taken: u32,
}

/// Which key a member has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberKey {
    /// One that the shape names.
    Named(u32),
    /// One of a class.
    Of(u32),
}

/// The rule states made so far.
pub struct States {
    pub(super) keys: Vec<RuleKey>,
    pub(super) infos: Vec<Option<StateInfo>>,
    /// How many edges there are, as summing them up for each mask took a tenth of the time (PERF).
    pub(super) edges: usize,
    pub(super) index: FxHashMap<RuleKey, RuleState>,
    pub(super) blanks: ExprId,
    pub(super) some_blanks: ExprId,
    pub(super) any_number: ExprId,
    pub(super) budget: usize,
    pub(super) written: Written,
}

impl States {
    /// No states yet; `blanks` is the language of white space between JSON tokens.
    pub fn new(arena: &mut Arena, blanks: ExprId, budget: usize) -> Result<Self> {
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
            edges: 0,
            index: FxHashMap::default(),
            blanks,
            some_blanks,
            any_number: number(arena)?,
            budget,
            written: Written::default(),
        })
    }

    /// The same, with a grammar's own rules.
    pub fn with_rules(self, written: Written) -> Self {
        States { written, ..self }
    }

    /// A grammar's own rules.
    pub(crate) fn written(&self) -> &Written {
        &self.written
    }

    /// The state for a key.
    pub fn id(&mut self, key: RuleKey) -> RuleState {
        *self.index.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.infos.push(None);
            self.keys.len() as RuleState - 1
        })
    }

    /// Whether a rule of the grammar's own has any text.
    pub(crate) fn has_texts(&self, rule: RuleState) -> bool {
        self.written.is_productive(rule)
    }

    /// What a state stands for; `None` for the end of the text.
    pub(crate) fn key(&self, state: RuleState) -> Option<RuleKey> {
        self.keys.get(state as usize).copied()
    }

    /// A state's edges, if it was visited.
    pub(crate) fn known(&self, state: RuleState) -> Option<&StateInfo> {
        self.infos.get(state as usize)?.as_ref()
    }

    /// Whether an expression is that of white space between JSON tokens.
    pub(crate) fn is_blanks(&self, e: ExprId) -> bool {
        e == self.some_blanks
    }

    /// Whether an expression is every spelling of a number.
    pub(crate) fn is_any_number(&self, e: ExprId) -> bool {
        e == self.any_number
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        self.keys.len() * 96 + self.edges * 16
    }

    /// Forgets every state.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.infos.clear();
        self.edges = 0;
        self.index.clear();
    }
}

/// Every spelling of a number (RFC 8259 §6).
pub(super) fn number(arena: &mut Arena) -> Result<ExprId> {
    let digit = arena.bytes(ByteSet::range(b'0', b'9'))?;
    let nonzero = arena.bytes(ByteSet::range(b'1', b'9'))?;
    let digits = arena.repeat(digit, 1, crate::expr::UNBOUNDED)?;
    let more = arena.repeat(digit, 0, crate::expr::UNBOUNDED)?;
    let sign = optional_sign(arena)?;
    let zero = arena.literal(b"0")?;
    let large = arena.concat(nonzero, more)?;
    let whole = arena.or(vec![zero, large])?;
    let point = arena.literal(b".")?;
    let fraction = arena.concat(point, digits)?;
    let fraction = arena.repeat(fraction, 0, 1)?;
    let exponent = exponent(arena, digit, crate::expr::UNBOUNDED)?;
    let exponent = arena.repeat(exponent, 0, 1)?;
    arena.concat_all(&[sign, whole, fraction, exponent])
}
