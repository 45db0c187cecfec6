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
//! *Cost.* A state is made on its first visit, in a few microseconds; arrays and objects are in files
//! of their own.

use super::states::{ALL_CHOICES, Kind, RuleKey, States};
use super::terms::{Action, Pred, Source, Term, Terms};
use super::written::Leaf;
use super::{State, Values};
use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use crate::expr::{Arena, EMPTY, ExprId, FULL};
use crate::grammar::{Edge, RuleState, Rules, StateInfo, Symbol};

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
            self.states.edges += info.edges.len();
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
            RuleKey::Written(state) => return self.written(state),
            RuleKey::End => {}
            RuleKey::Root(state) => {
                let end = self.states.id(RuleKey::End);
                self.value(state, end, &mut edges)?;
            }
            RuleKey::Composite(state) => self.composite(state, &mut edges)?,
            RuleKey::Array(shape, at, kind, chosen) => {
                self.array(shape, at, kind, chosen, &mut edges)?;
            }
            RuleKey::Object(shape, at, kind) => self.object(shape, at, kind, &mut edges)?,
            RuleKey::Member(member, phase) => self.member(member, phase, &mut edges)?,
        }
        Ok(StateInfo {
            edges,
            is_final: key == RuleKey::End,
        })
    }

    fn written(&mut self, state: RuleState) -> Result<StateInfo> {
        let mut written = std::mem::take(&mut self.states.written);
        let terms = &mut self.terms;
        let read = |leaf| {
            let (expr, source) = match leaf {
                Leaf::Text(expr) => (expr, Source::Written),
                Leaf::Tokens(set) => (EMPTY, Source::Tokens(set)),
            };
            terms.add(Term {
                expr,
                pred: Pred::Always,
                action: Action::None,
                source,
            })
        };
        let made = written.state(state, read, |key| self.states.id(key));
        self.states.written = written;
        made
    }

    /// Edges that read a value and lead to `to`.
    pub(super) fn value(
        &mut self,
        state: State,
        to: RuleState,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
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
                let unique = self.values.arrays.get(shape).compares();
                let to = RuleKey::Array(shape, 0, Kind::Open, ALL_CHOICES);
                let to = self.states.id(to);
                self.punctuation(false, b'[', Pred::Always, Action::Open(unique), to, edges)?;
            }
        }
        for shape in self.values.settled(self.arena, &typed.objects)? {
            if self.values.object_inhabited(self.arena, shape)? {
                let to = self.states.id(RuleKey::Object(shape, 0, Kind::Open));
                self.punctuation(false, b'{', Pred::Always, Action::Open(false), to, edges)?;
            }
        }
        Ok(())
    }

    /// Offers blanks; whether what follows them may also come at once.
    pub(super) fn blanks(
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
    pub(super) fn close(
        &mut self,
        b: u8,
        pred: Pred,
        unique: bool,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let end = self.states.id(RuleKey::End);
        self.punctuation(true, b, pred, Action::Close(unique), end, edges)
    }

    /// A closing bracket right here.
    pub(super) fn close_now(&mut self, b: u8, pred: Pred, edges: &mut Vec<Edge>) -> Result<()> {
        let end = self.states.id(RuleKey::End);
        self.punctuation(false, b, pred, Action::Close(false), end, edges)
    }

    pub(super) fn punctuation(
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
        let terminal = self.terms.add(Term {
            expr,
            pred,
            action,
            source: Source::Json,
        });
        edges.push(Edge {
            symbol: Symbol::Terminal(terminal, 0),
            target,
        });
        Ok(())
    }

    /// A terminal without condition or effect, if it has a member.
    pub(super) fn read(
        &mut self,
        expr: ExprId,
        target: RuleState,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        if !self.arena.live(expr)? {
            return Ok(());
        }
        let terminal = self.terms.add(Term {
            expr,
            pred: Pred::Always,
            action: Action::None,
            source: Source::Json,
        });
        edges.push(Edge {
            symbol: Symbol::Terminal(terminal, 0),
            target,
        });
        Ok(())
    }
}
