//! Interned Earley rows and the memoised steps between them.
//!
//! **Purpose.** A row is the set of items (rule state, origin) of one byte of the text that have a terminal
//! to read, and whether the text may end there. Equal sets have one [`RowId`], so equal situations anywhere
//! in any text share their steps, and later their masks.
//!
//! **Invariants.**
//! - One row per byte: [`Rows::next`] takes *all* terminals that end at a byte. Stepping them apart loses
//!   the merge that keeps Earley's algorithm polynomial (thousands of rows against one or two on an
//!   ambiguous list of 18 bytes).
//! - A row is determined by its set of items, origins being canonical (`origins`).
//! - A failed step changes no answer: nothing is memoised before its row is finished.
//! - Everything belongs to one generation of caches and is dropped as a whole; ids are plain positions.
//!
//! **Cost.** A known step is one hash look-up on borrowed keys and allocates nothing. A new one is linear
//! in the items visited (on rules of JSON's shape: 11 ns known, 0.5 to 0.8 µs new). A new nesting level of
//! the text costs about a hundred bytes. Grammars whose rows grow with the text (nested rules with optional
//! tails, `L: x L y?`) cost what they cost Earley's algorithm; [`Limits`] bounds it.
//!
//! **Rejected.** *Reference counts per row*: a cache of this kind is dropped by generation, and counted
//! chains need care on drop. *Stepping per item*: more sharing for each item, but a row then is a set of
//! ids again and has to be interned anyway.

use std::fmt;

use rustc_hash::FxHashMap;

use super::askers::intern_items;
use super::closure::{Closure, Stop};
use super::origins::{ACCEPT, Caller, Entry, OriginId, Origins, OutOfSteps, ROOT, Steps};
use super::rules::{Label, RuleState, Rules, Symbol, Terminal};
use super::slices::Slices;

/// The number of an interned row. It means something only to the [`Rows`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(u32);

impl RowId {
    /// Rows are numbered from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A terminal that began at the byte of a row and ends now, with this label.
pub type Ended = (RowId, Terminal, Label);

/// Bounds on what rows may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Items, edges and origin entries visited to make one row.
    pub steps_per_row: usize,
    /// Bytes of all rows together, checked before a row is made; at most 4 GiB.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps_per_row: 1 << 22,
            bytes: 1 << 30,
        }
    }
}

/// Why a row was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsError<E> {
    /// The rules failed to make a state.
    Rules(E),
    /// One row would cost more steps than [`Limits::steps_per_row`].
    RowTooLarge {
        /// The limit in force.
        limit: usize,
    },
    /// All rows together exceed [`Limits::bytes`]; a new generation is due.
    Full {
        /// The limit in force.
        limit: usize,
    },
}

impl<E: fmt::Display> fmt::Display for RowsError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rules(error) => error.fmt(f),
            Self::RowTooLarge { limit } => write!(
                f,
                "the grammar is so ambiguous here that one parser row takes more than {limit} steps"
            ),
            Self::Full { limit } => write!(f, "parser rows take more than {limit} bytes"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for RowsError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Rules(error) => Some(error),
            _ => None,
        }
    }
}

/// All rows of one generation.
///
/// ```text
/// rows       row -> sorted [(rule state, origin)], last (ACCEPT, ROOT) if the text may end there
/// offers     row -> number in `terminals`       many rows offer the same terminals
/// terminals  number -> sorted [terminal]
/// after_one  (row, terminal, label) -> row      the common case: one terminal ends
/// after_all  sorted [(row, terminal, label)] -> position in `all_next` -> row
/// ```
#[derive(Debug)]
pub struct Rows {
    limits: Limits,
    origins: Origins,
    rows: Slices<Entry>,
    offers: Vec<u32>,
    terminals: Slices<Terminal>,
    starts: FxHashMap<RuleState, RowId>,
    after_one: FxHashMap<Ended, Option<RowId>>,
    after_all: Slices<Ended>,
    all_next: Vec<Option<RowId>>,
    closure: Closure,
    sorted: Vec<Ended>,
    /// Rows that were worked out, whether or not they turned out to be known.
    made: u64,
}

impl Default for Rows {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Rows {
    /// No rows yet.
    pub fn new(limits: Limits) -> Self {
        const MOST: usize = u32::MAX as usize; // keeps every position in 32 bits
        Self {
            limits: Limits {
                bytes: limits.bytes.min(MOST),
                steps_per_row: limits.steps_per_row.min(MOST / 64),
            },
            origins: Origins::new(),
            rows: Slices::new(),
            offers: Vec::new(),
            terminals: Slices::new(),
            starts: FxHashMap::default(),
            after_one: FxHashMap::default(),
            after_all: Slices::new(),
            all_next: Vec::new(),
            closure: Closure::default(),
            sorted: Vec::new(),
            made: 0,
        }
    }

    /// The row before the first byte of a text of rule `start`.
    pub fn start<R: Rules>(
        &mut self,
        rules: &mut R,
        start: RuleState,
    ) -> Result<RowId, RowsError<R::Error>> {
        if let Some(&row) = self.starts.get(&start) {
            return Ok(row);
        }
        let mut steps = self.begin()?;
        self.closure.add(start, Caller::Old(ROOT));
        let row = self.close(rules, &mut steps)?;
        self.starts.insert(start, row);
        Ok(row)
    }

    /// The row after all the terminals that end at one byte, in any order, repetitions allowed; none if no
    /// item takes any of them, or nothing could ever follow.
    ///
    /// # Panics
    /// If a row is not one of these rows.
    pub fn next<R: Rules>(
        &mut self,
        rules: &mut R,
        ended: &[Ended],
    ) -> Result<Option<RowId>, RowsError<R::Error>> {
        if let [only] = ended {
            if let Some(&row) = self.after_one.get(only) {
                return Ok(row);
            }
        }
        if ended.is_sorted_by(|a, b| a < b) {
            return self.next_sorted(rules, ended);
        }
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.clear();
        sorted.extend_from_slice(ended);
        sorted.sort_unstable();
        sorted.dedup();
        let row = self.next_sorted(rules, &sorted);
        self.sorted = sorted;
        row
    }

    /// What [`Rows::next`] gave for these terminals, if it was asked.
    pub fn known_next(&self, ended: &[Ended]) -> Option<Option<RowId>> {
        let mut sorted = ended.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        match &sorted[..] {
            [] => Some(None),
            [only] => self.after_one.get(only).copied(),
            all => {
                let key = self.after_all.find(all)?;
                Some(self.all_next[key as usize])
            }
        }
    }

    fn next_sorted<R: Rules>(
        &mut self,
        rules: &mut R,
        ended: &[Ended],
    ) -> Result<Option<RowId>, RowsError<R::Error>> {
        match ended {
            [] => return Ok(None),
            [only] => {
                if let Some(&row) = self.after_one.get(only) {
                    return Ok(row);
                }
            }
            _ => {
                if let Some(key) = self.after_all.find(ended) {
                    return Ok(self.all_next[key as usize]);
                }
            }
        }
        let row = self.step(rules, ended)?;
        if let [only] = ended {
            self.after_one.insert(*only, row);
        } else {
            self.after_all.intern(ended);
            self.all_next.push(row);
        }
        Ok(row)
    }

    fn step<R: Rules>(
        &mut self,
        rules: &mut R,
        ended: &[Ended],
    ) -> Result<Option<RowId>, RowsError<R::Error>> {
        let mut steps = self.begin()?;
        for of_row in ended.chunk_by(|a, b| a.0 == b.0) {
            for &(state, origin) in without_accept(self.rows.get(of_row[0].0.0)) {
                let info = rules.state(state).map_err(RowsError::Rules)?;
                steps
                    .spend(1 + info.edges.len())
                    .map_err(|stop| too_large(self.limits, stop))?;
                for edge in &info.edges {
                    if let Symbol::Terminal(terminal, label) = edge.symbol {
                        let key = (of_row[0].0, terminal, label);
                        if of_row.binary_search(&key).is_ok() {
                            self.closure.add(edge.target, Caller::Old(origin));
                        }
                    }
                }
            }
        }
        if self.closure.is_empty() {
            return Ok(None);
        }
        let row = self.close(rules, &mut steps)?;
        Ok(Some(row).filter(|&row| !self.rows.get(row.0).is_empty()))
    }

    fn begin<E>(&mut self) -> Result<Steps, RowsError<E>> {
        if self.bytes() > self.limits.bytes {
            return Err(RowsError::Full {
                limit: self.limits.bytes,
            });
        }
        self.made += 1;
        self.closure.clear();
        Ok(Steps(self.limits.steps_per_row))
    }

    /// Interns the row of the items added to the closure.
    fn close<R: Rules>(
        &mut self,
        rules: &mut R,
        steps: &mut Steps,
    ) -> Result<RowId, RowsError<R::Error>> {
        let closed = self.closure.run(rules, &self.origins, steps);
        closed.map_err(|stop| match stop {
            Stop::Rules(error) => RowsError::Rules(error),
            Stop::Steps(stop) => too_large(self.limits, stop),
        })?;
        let items = intern_items(&self.closure, &mut self.origins, steps)
            .map_err(|stop| too_large(self.limits, stop))?;
        let (row, fresh) = self.rows.intern(&items);
        if fresh {
            let terminals = &mut self.closure.terminals;
            terminals.sort_unstable();
            terminals.dedup();
            self.offers.push(self.terminals.intern(terminals).0);
        }
        Ok(RowId(row))
    }

    /// The terminals that may come next, sorted.
    pub fn terminals(&self, row: RowId) -> &[Terminal] {
        self.terminals.get(self.offers[row.index()])
    }

    /// Whether the text up to this byte is in the language.
    pub fn accepts(&self, row: RowId) -> bool {
        self.rows.get(row.0).last() == Some(&(ACCEPT, ROOT))
    }

    /// The items that have a terminal to read, sorted.
    pub fn items(&self, row: RowId) -> &[(RuleState, OriginId)] {
        without_accept(self.rows.get(row.0))
    }

    /// What waits for a rule of this origin to end: return states, and whose returns they are. The return
    /// state [`RuleState::MAX`] stands for the end of the whole text.
    pub fn askers(&self, origin: OriginId) -> &[(RuleState, OriginId)] {
        self.origins.entries(origin)
    }

    /// How many times a row had to be worked out.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of origins.
    pub fn origins(&self) -> usize {
        self.origins.len()
    }

    /// Memory held, in bytes, buffers that any row may reuse excepted.
    pub fn bytes(&self) -> usize {
        self.origins.bytes()
            + self.rows.bytes()
            + self.offers.capacity() * size_of::<u32>()
            + self.terminals.bytes()
            + self.starts.capacity() * (size_of::<(RuleState, RowId)>() + 1)
            + self.after_one.capacity() * (size_of::<(Ended, Option<RowId>)>() + 1)
            + self.after_all.bytes()
            + self.all_next.capacity() * size_of::<Option<RowId>>()
    }
}

fn without_accept(row: &[Entry]) -> &[Entry] {
    match row {
        [items @ .., (ACCEPT, ROOT)] => items,
        items => items,
    }
}

fn too_large<E>(limits: Limits, _: OutOfSteps) -> RowsError<E> {
    RowsError::RowTooLarge {
        limit: limits.steps_per_row,
    }
}
