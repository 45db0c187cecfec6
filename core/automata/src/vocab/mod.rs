//! The vocabulary: a forest of token bytes, and the store of profiles that all grammars share.
//!
//! ```text
//!   slices:  [a-z]*   [A-Za-z]*   [A-Za-z0-9_]*   safe ASCII   safe UTF-8   the rest
//!            ───────  ──────────  ─────────────   ──────────   ──────────   ────────
//!   nodes :  preorder, one array for all; `end[i]` skips the subtree of node i
//!   tokens:  sorted by node, so the tokens below a node are one contiguous run
//! ```
//!
//! *Invariants.* Each token with bytes is in exactly one slice. Tokens without bytes (special ones,
//! padding) are in none, so no text ever matches them. Tokens with equal bytes share a node.
//!
//! *Cost.* Building sorts the tokens once (about 0.1 s for 128,000). A walk costs a few nanoseconds
//! a node; a slice that an expression takes as a whole costs one OR.

mod delta;
mod profile;
mod store;

pub use delta::Delta;
pub use profile::{Bits, Cut, Profile, Tails, Tally};
pub use store::Store;

use crate::byteset::ByteSet;
use crate::error::{Error, Result};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The bytes of every token, as a forest.
pub struct Vocabulary {
    size: u32,
    eos: Box<[u32]>,
    token_at: Box<[u32]>,
    token_len: Box<[u32]>,
    bytes: Box<[u8]>,
    pub(crate) byte: Box<[u8]>,
    pub(crate) depth: Box<[u16]>,
    pub(crate) end: Box<[u32]>,
    pub(crate) first_token: Box<[u32]>,
    pub(crate) tokens: Box<[u32]>,
    rank: Box<[u32]>,
    pub(crate) slices: Box<[Slice]>,
    single: ByteSet,
    spelled: ByteSet,
    max_depth: usize,
    profiles: Mutex<Store>,
}

/// Tokens made only of certain bytes, as one tree of the forest.
pub struct Slice {
    /// The bytes its tokens are made of.
    pub bytes: ByteSet,
    /// Whether its tokens are also whole characters.
    pub whole: bool,
    /// Whether the two above were asked of the tokens at all (not of the rest).
    pub uniform: bool,
    /// The node of its root.
    pub root: u32,
    /// All its tokens.
    pub all: Bits,
}

impl Slice {
    /// Whether its tokens are whole characters that a JSON string holds as they stand.
    fn is_text(&self) -> bool {
        const SPECIAL: ByteSet = ByteSet::range(0, 0x1F).union(&ByteSet::of(b"\"\\"));
        (self.whole || self.bytes.is_ascii()) && self.bytes.intersection(&SPECIAL).is_empty()
    }
}

const NO_TOKEN: u32 = u32::MAX;

impl Vocabulary {
    /// A vocabulary of `tokens` (`None`: matches no text) padded to `size` ids.
    pub fn new(tokens: &[Option<Vec<u8>>], eos: &[u32], size: u32, cache: usize) -> Result<Self> {
        let given =
            u32::try_from(tokens.len()).map_err(|_| Error::Invalid("2^32 tokens".into()))?;
        if size < given {
            return Err(Error::Invalid(format!(
                "vocab_size {size} is below the number of tokens, {given}"
            )));
        }
        if eos.is_empty() {
            return Err(Error::Invalid("a vocabulary needs an end token".into()));
        }
        if let Some(id) = eos.iter().find(|&&id| id >= size) {
            return Err(Error::Invalid(format!(
                "end token {id} is outside the vocabulary of {size}"
            )));
        }
        let mut eos: Vec<u32> = eos.to_vec();
        eos.sort_unstable();
        eos.dedup();
        let mut bytes = Vec::new();
        let mut token_at = vec![NO_TOKEN; size as usize];
        let mut token_len = vec![0; size as usize];
        let mut groups: Vec<Vec<u32>> = vec![Vec::new(); slices().len()];
        let mut single = ByteSet::EMPTY;
        let mut spelled = ByteSet::EMPTY;
        let kinds = slices();
        for (id, token) in tokens.iter().enumerate() {
            let Some(text) = token else { continue };
            if text.is_empty() || eos.binary_search(&(id as u32)).is_ok() {
                continue;
            }
            if text.len() > usize::from(u16::MAX) {
                return Err(Error::Invalid(format!(
                    "token {id} is longer than 65,535 bytes"
                )));
            }
            token_at[id] = bytes.len() as u32;
            token_len[id] = text.len() as u32;
            bytes.extend_from_slice(text);
            if let [b] = text[..] {
                single.insert(b);
            }
            for &b in text.iter() {
                spelled.insert(b);
            }
            let slice = kinds.iter().position(|kind| kind.takes(text));
            groups[slice.unwrap_or(kinds.len() - 1)].push(id as u32);
        }
        let mut forest = Forest::default();
        let mut made = Vec::new();
        for (kind, mut ids) in kinds.into_iter().zip(groups) {
            let text = |id: u32| {
                let at = token_at[id as usize] as usize;
                &bytes[at..at + token_len[id as usize] as usize]
            };
            ids.sort_by(|&a, &b| text(a).cmp(text(b)).then(a.cmp(&b)));
            let root = forest.add(&ids, text);
            made.push(Slice {
                bytes: kind.bytes,
                whole: kind.whole,
                uniform: kind.uniform,
                root,
                all: Bits::from_tokens(ids, size),
            });
        }
        forest.first_token.push(forest.tokens.len() as u32);
        let mut rank = vec![NO_TOKEN; size as usize];
        for (i, &id) in forest.tokens.iter().enumerate() {
            rank[id as usize] = i as u32;
        }
        Ok(Vocabulary {
            size,
            rank: rank.into(),
            eos: eos.into(),
            token_at: token_at.into(),
            token_len: token_len.into(),
            bytes: bytes.into(),
            max_depth: forest.depth.iter().copied().max().unwrap_or(0).into(),
            byte: forest.byte.into(),
            depth: forest.depth.into(),
            end: forest.end.into(),
            first_token: forest.first_token.into(),
            tokens: forest.tokens.into(),
            slices: made.into(),
            single,
            spelled,
            profiles: Mutex::new(Store::new(cache)),
        })
    }

    /// Number of ids, padding included.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// Words of a token bitmask.
    pub fn words(&self) -> usize {
        self.size.div_ceil(32) as usize
    }

    /// The end tokens, ascending.
    pub fn eos(&self) -> &[u32] {
        &self.eos
    }

    /// Whether `token` ends the text.
    pub fn is_eos(&self, token: u32) -> bool {
        self.eos.binary_search(&token).is_ok()
    }

    /// The bytes of a token; `None` if it matches no text.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        let at = *self.token_at.get(id as usize)?;
        if at == NO_TOKEN {
            return None;
        }
        let len = self.token_len[id as usize] as usize;
        Some(&self.bytes[at as usize..at as usize + len])
    }

    /// The bytes that are tokens by themselves.
    pub fn single_bytes(&self) -> &ByteSet {
        &self.single
    }

    /// The bytes that occur in tokens.
    pub fn spelled_bytes(&self) -> &ByteSet {
        &self.spelled
    }

    /// The length of the longest token.
    pub fn max_depth(&self) -> usize {
        self.max_depth
    }

    /// Nodes of the forest.
    pub fn nodes(&self) -> usize {
        self.byte.len()
    }

    /// The tokens that end at a node.
    pub(crate) fn tokens_at(&self, node: u32) -> &[u32] {
        let i = node as usize;
        let (from, to) = (self.first_token[i], self.first_token[i + 1]);
        &self.tokens[from as usize..to as usize]
    }

    /// The nodes of all first bytes.
    pub(crate) fn roots(&self) -> impl Iterator<Item = u32> + '_ {
        self.slices.iter().flat_map(|s| self.children(s.root))
    }

    /// The children of a node.
    pub(crate) fn children(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let end = self.end[node as usize];
        let mut at = node + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = at;
                at = self.end[child as usize];
                child
            })
        })
    }

    /// The place of a token in the order of the forest.
    pub(crate) fn rank(&self, token: u32) -> u32 {
        self.rank[token as usize]
    }

    /// The ranks of all tokens at or below a node.
    pub(crate) fn ranks_below(&self, node: u32) -> std::ops::Range<u32> {
        let end = self.end[node as usize] as usize;
        self.first_token[node as usize]..self.first_token[end]
    }

    /// All tokens at or below a node.
    pub(crate) fn tokens_below(&self, node: u32) -> &[u32] {
        let below = self.ranks_below(node);
        &self.tokens[below.start as usize..below.end as usize]
    }

    /// The profile kept under a key, if one is (`Some(None)`: known not to exist).
    pub(crate) fn known_profile(&self, key: store::Key) -> Option<Option<Arc<Profile>>> {
        lock(&self.profiles).get(key)
    }

    /// Keeps a profile for every grammar.
    pub(crate) fn keep_profile(
        &self,
        key: store::Key,
        profile: Option<Profile>,
    ) -> Option<Arc<Profile>> {
        let profile = profile.map(Arc::new);
        lock(&self.profiles).insert(key, profile.clone());
        profile
    }

    /// Bytes held by shared profiles.
    pub fn cache_memory(&self) -> usize {
        lock(&self.profiles).memory()
    }

    /// The bound of the shared profiles, in bytes.
    pub fn cache_limit(&self) -> usize {
        lock(&self.profiles).limit()
    }

    /// Drops the shared profiles; no result changes by it.
    pub fn clear_cache(&self) {
        lock(&self.profiles).clear();
    }
}

/// A lock that another thread's panic does not poison: the store is whole between calls.
fn lock(store: &Mutex<Store>) -> MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Default)]
struct Forest {
    byte: Vec<u8>,
    depth: Vec<u16>,
    end: Vec<u32>,
    first_token: Vec<u32>,
    tokens: Vec<u32>,
}

impl Forest {
    /// Adds the tree of `ids`, which are sorted by their bytes, and returns its root.
    fn add<'a>(&mut self, ids: &[u32], text: impl Fn(u32) -> &'a [u8]) -> u32 {
        let root = self.node(0, 0);
        let mut open = vec![root];
        let mut path: Vec<u8> = Vec::new();
        for &id in ids {
            let text = text(id);
            let common = path.iter().zip(text).take_while(|(a, b)| a == b).count();
            self.close(&mut open, common + 1);
            path.truncate(common);
            for &b in &text[common..] {
                path.push(b);
                let node = self.node(b, path.len() as u16);
                open.push(node);
            }
            self.tokens.push(id);
        }
        self.close(&mut open, 0);
        root
    }

    fn node(&mut self, byte: u8, depth: u16) -> u32 {
        self.byte.push(byte);
        self.depth.push(depth);
        self.end.push(0);
        self.first_token.push(self.tokens.len() as u32);
        self.byte.len() as u32 - 1
    }

    fn close(&mut self, open: &mut Vec<u32>, keep: usize) {
        let end = self.byte.len() as u32;
        for node in open.drain(keep.min(open.len())..) {
            self.end[node as usize] = end;
        }
    }
}

struct Kind {
    bytes: ByteSet,
    whole: bool,
    uniform: bool,
}

impl Kind {
    fn takes(&self, text: &[u8]) -> bool {
        text.iter().all(|&b| self.bytes.contains(b))
            && (!self.whole || std::str::from_utf8(text).is_ok())
    }
}

/// The slices, finest first; the last one takes everything.
fn slices() -> Vec<Kind> {
    let lower = ByteSet::range(b'a', b'z');
    let letters = lower.union(&ByteSet::range(b'A', b'Z'));
    let word = letters
        .union(&ByteSet::range(b'0', b'9'))
        .union(&ByteSet::single(b'_'));
    let mut safe = ByteSet::EMPTY;
    (0x20..0x7F)
        .filter(|b| !b"\"\\".contains(b))
        .for_each(|b| safe.insert(b));
    let text = safe.union(&ByteSet::range(0x80, 0xFF));
    let uniform = |bytes, whole| Kind {
        bytes,
        whole,
        uniform: true,
    };
    vec![
        uniform(lower, false),
        uniform(letters, false),
        uniform(word, false),
        uniform(safe, false),
        uniform(text, true),
        Kind {
            bytes: ByteSet::FULL,
            whole: false,
            uniform: false,
        },
    ]
}
