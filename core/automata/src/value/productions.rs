//! What the texts of a schema are made of, for readers that make texts instead of reading them.
//!
//! *Purpose.* The normal form of each value, as the rules see it: which words, numbers, strings,
//! arrays and objects it has, with everything left out that no text can have (properties without a
//! value, shapes without a member), and the languages of keys, numbers and white space as
//! expressions over *decoded* text that can be walked.
//!
//! *Invariants.* Read-only: values are normalised on demand, and nothing that was handed out
//! changes. What is listed is inhabited. The order of everything is that of the schema.
//!
//! *Cost.* A value costs its normal form, as in the rules; nothing is ever forgotten, so a reader
//! that walks for long watches [`Productions::memory`] and starts again.

use super::states::number;
use super::{Order, State, Values};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId, FULL, Group, Walks};

/// A value, type by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternatives {
    /// Whether `null` is in it.
    pub null: bool,
    /// Its booleans (bit 1: false, bit 2: true).
    pub booleans: u8,
    /// Spellings of its numbers.
    pub number: Option<ExprId>,
    /// Decoded texts of its strings.
    pub string: Option<ExprId>,
    /// Its arrays, by number of the shape.
    pub arrays: Vec<u32>,
    /// Its objects.
    pub objects: Vec<u32>,
}

/// Arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items {
    /// The first items, as far as there can be items.
    pub prefix: Vec<State>,
    /// The others; `None` where there can be none.
    pub rest: Option<State>,
    /// At least so many.
    pub min: u32,
    /// At most so many, `u32::MAX` for no bound.
    pub max: u32,
}

/// Objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// Declared keys that can be there: text, value, whether required.
    pub properties: Vec<(String, State, bool)>,
    /// Keys that must be there though they are not declared.
    pub undeclared: Vec<String>,
    /// The value of undeclared keys, and their language; `None` where there can be none.
    pub additional: Option<(State, ExprId)>,
}

/// The parts of one schema's texts.
pub struct Productions {
    arena: Arena,
    values: Values,
    walks: Walks,
    root: State,
    blanks: ExprId,
    any_number: ExprId,
    budget: usize,
}

impl Productions {
    /// Takes the parts of a schema; fails if nothing satisfies it. Each call of a method may make
    /// `budget` expressions.
    pub fn new(
        mut arena: Arena,
        mut values: Values,
        blanks: ExprId,
        root: State,
        budget: usize,
    ) -> Result<Self> {
        values.check_products(&mut arena)?;
        if !values.inhabited(&mut arena, root)? {
            return Err(Error::Empty(String::new()));
        }
        let any_number = number(&mut arena)?;
        Ok(Productions {
            arena,
            values,
            walks: Walks::default(),
            root,
            blanks,
            any_number,
            budget,
        })
    }

    /// The whole text's value.
    pub fn root(&self) -> State {
        self.root
    }

    /// In which order keys come.
    pub fn order(&self) -> Order {
        self.values.order
    }

    /// The language of what stands between two JSON tokens.
    pub fn blanks(&self) -> ExprId {
        self.blanks
    }

    /// Approximate memory in bytes.
    pub fn memory(&self) -> usize {
        self.arena.memory() + self.values.memory() + self.walks.memory()
    }

    /// What a value may be.
    pub fn value(&mut self, state: State) -> Result<Alternatives> {
        self.begin();
        if state.0 as usize >= self.values.states.list.len() {
            return Err(unknown("state", state.0));
        }
        let typed = self.values.typed(&mut self.arena, state)?;
        let number = match typed.number {
            FULL => Some(self.any_number),
            e => self.arena.live(e)?.then_some(e),
        };
        let string = self.text(typed.string)?;
        let (mut arrays, mut objects) = (Vec::new(), Vec::new());
        for &shape in &typed.arrays {
            if self.values.array_inhabited(&mut self.arena, shape)? {
                arrays.push(shape);
            }
        }
        for &shape in &typed.objects {
            if self.values.object_inhabited(&mut self.arena, shape)? {
                objects.push(shape);
            }
        }
        Ok(Alternatives {
            null: typed.null,
            booleans: typed.booleans,
            number,
            string,
            arrays,
            objects,
        })
    }

    /// What an array of a shape holds.
    pub fn items(&mut self, shape: u32) -> Result<Items> {
        self.begin();
        if shape as usize >= self.values.arrays.list.len() {
            return Err(unknown("array shape", shape));
        }
        let shape = self.values.arrays.get(shape);
        let max = self.values.longest(&mut self.arena, &shape)?;
        let fixed = shape.prefix.len().min(max as usize);
        Ok(Items {
            prefix: shape.prefix[..fixed].to_vec(),
            rest: (max as usize > fixed).then_some(shape.rest),
            min: shape.min,
            max,
        })
    }

    /// What an object of a shape holds.
    pub fn members(&mut self, id: u32) -> Result<Members> {
        self.begin();
        if id as usize >= self.values.objects.list.len() {
            return Err(unknown("object shape", id));
        }
        let keys = self.values.keys_of(&mut self.arena, id)?;
        let shape = self.values.objects.get(id);
        let mut properties = Vec::new();
        for &(key, state) in &keys.named {
            if self.values.inhabited(&mut self.arena, state)? {
                let required = shape.required.binary_search(&key).is_ok();
                properties.push((utf8(&self.values.key_text(key))?, state, required));
            }
        }
        let mut undeclared = Vec::new();
        for &key in &shape.required {
            if keys.named.iter().all(|n| n.0 != key) {
                undeclared.push(utf8(&self.values.key_text(key))?);
            }
        }
        let mut additional = None;
        for class in &keys.classes {
            if self.values.inhabited(&mut self.arena, class.state)? {
                additional = self.text(class.language)?.map(|keys| (class.state, keys));
            }
        }
        Ok(Members {
            properties,
            undeclared,
            additional,
        })
    }

    /// The characters that may come next, in groups that lead to one language each; those on a
    /// shortest way to an end first.
    pub fn characters(&mut self, e: ExprId) -> Result<Vec<Group>> {
        let e = self.begin_with(e)?;
        self.walks.characters(&mut self.arena, e)
    }

    /// Whether the empty text is in a language.
    pub fn nullable(&self, e: ExprId) -> Result<bool> {
        self.known(e).map(|e| self.arena.nullable(e))
    }

    /// A shortest text of a language.
    pub fn shortest(&mut self, e: ExprId) -> Result<String> {
        let e = self.begin_with(e)?;
        utf8(&self.walks.shortest(&mut self.arena, e)?)
    }

    fn begin(&mut self) {
        let budget = self.arena.len().saturating_add(self.budget);
        self.arena.set_budget(budget);
    }

    fn begin_with(&mut self, e: ExprId) -> Result<ExprId> {
        self.begin();
        self.known(e)
    }

    fn known(&self, e: ExprId) -> Result<ExprId> {
        if self.arena.contains(e) {
            Ok(e)
        } else {
            Err(unknown("expression", e.0))
        }
    }

    /// The texts among the strings of a language, if there are any.
    fn text(&mut self, e: ExprId) -> Result<Option<ExprId>> {
        let e = match e {
            FULL => self.arena.text_star(),
            e => self.arena.utf8(e, 0)?,
        };
        Ok(self.arena.live(e)?.then_some(e))
    }
}

fn unknown(what: &str, handle: u32) -> Error {
    Error::Invalid(format!("no {what} has the handle {handle}"))
}

fn utf8(text: &[u8]) -> Result<String> {
    String::from_utf8(text.to_vec()).map_err(|_| Error::Invalid("a text that is not UTF-8".into()))
}
