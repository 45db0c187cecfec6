//! Interned slices.
//!
//! **Purpose.** Numbers slices 0, 1, 2 … so that equal slices have equal numbers: rows, origins, memo keys.
//!
//! ```text
//! items  | a b c | d | e f | …      all slices, one after the other
//! ends   |     3 | 4 |   6 | …      where slice i ends; it starts where slice i-1 does
//! table  hash of a slice -> i       keys are compared in the arena, nothing is stored twice
//! ```
//!
//! **Cost.** A look-up hashes the borrowed slice and allocates nothing. Everything is flat, so dropping a
//! chain of any length is a few deallocations.
//!
//! **Rejected.** `HashMap<Box<[T]>, u32>` with a `Vec<Box<[T]>>` beside it: two allocations and twice the
//! memory for each key.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

#[derive(Clone, Debug)]
pub(super) struct Slices<T> {
    items: Vec<T>,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl<T: Copy + Eq + Hash> Slices<T> {
    pub(super) fn new() -> Self {
        Self {
            items: Vec::new(),
            ends: Vec::new(),
            table: HashTable::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, id: u32) -> &[T] {
        slice(&self.items, &self.ends, id)
    }

    pub(super) fn find(&self, key: &[T]) -> Option<u32> {
        let hash = FxBuildHasher.hash_one(key);
        self.table.find(hash, |&id| self.get(id) == key).copied()
    }

    /// The number of `key`, and whether it is new. Numbers are given in order.
    pub(super) fn intern(&mut self, key: &[T]) -> (u32, bool) {
        if let Some(id) = self.find(key) {
            return (id, false);
        }
        let id = self.ends.len() as u32;
        self.items.extend_from_slice(key);
        self.ends.push(self.items.len() as u32);
        let Self { items, ends, table } = self;
        table.insert_unique(FxBuildHasher.hash_one(key), id, |&other| {
            FxBuildHasher.hash_one(slice(items, ends, other))
        });
        (id, true)
    }

    pub(super) fn bytes(&self) -> usize {
        self.items.capacity() * size_of::<T>()
            + self.ends.capacity() * size_of::<u32>()
            + self.table.allocation_size()
    }
}

fn slice<'a, T>(items: &'a [T], ends: &[u32], id: u32) -> &'a [T] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] };
    &items[start as usize..ends[id] as usize]
}
