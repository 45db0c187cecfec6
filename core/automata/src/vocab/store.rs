//! Profiles by digest, bounded in bytes; the least recently used half goes when the bound is met.

use super::Profile;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a key asks: the digest of an expression, and whether its counter is opened.
pub(crate) type Key = (u128, bool);

/// A bounded cache of profiles. A profile of `None` notes that a counter is not one-valued.
pub struct Store {
    map: FxHashMap<Key, (Option<Arc<Profile>>, u64)>,
    bytes: usize,
    limit: usize,
    clock: u64,
}

impl Store {
    /// An empty store of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Store {
            map: FxHashMap::default(),
            bytes: 0,
            limit,
            clock: 0,
        }
    }

    /// The bound in bytes.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.bytes
    }

    pub(crate) fn get(&mut self, key: Key) -> Option<Option<Arc<Profile>>> {
        self.clock += 1;
        let clock = self.clock;
        self.map.get_mut(&key).map(|(profile, used)| {
            *used = clock;
            profile.clone()
        })
    }

    pub(crate) fn insert(&mut self, key: Key, profile: Option<Arc<Profile>>) {
        let size = profile.as_ref().map_or(64, |p| p.memory());
        if self.bytes + size > self.limit {
            self.evict(self.limit / 2);
        }
        if self.map.insert(key, (profile, self.clock)).is_none() {
            self.bytes += size;
        }
    }

    fn evict(&mut self, target: usize) {
        let mut order: Vec<(u64, Key)> = self.map.iter().map(|(k, v)| (v.1, *k)).collect();
        order.sort_unstable();
        for (_, key) in order {
            if self.bytes <= target {
                break;
            }
            if let Some((profile, _)) = self.map.remove(&key) {
                self.bytes -= profile.as_ref().map_or(64, |p| p.memory());
            }
        }
    }

    /// Drops everything; no result changes by it.
    pub fn clear(&mut self) {
        self.map.clear();
        self.bytes = 0;
    }
}
