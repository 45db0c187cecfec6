//! Sets of bytes as four machine words.

/// A set of byte values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// The empty set.
    pub const EMPTY: ByteSet = ByteSet([0; 4]);
    /// All 256 bytes.
    pub const FULL: ByteSet = ByteSet([u64::MAX; 4]);

    /// The set of one byte.
    pub fn single(b: u8) -> Self {
        let mut s = Self::EMPTY;
        s.insert(b);
        s
    }

    /// The bytes `lo..=hi`.
    pub fn range(lo: u8, hi: u8) -> Self {
        let mut s = Self::EMPTY;
        for b in lo..=hi {
            s.insert(b);
        }
        s
    }

    /// Adds a byte.
    pub fn insert(&mut self, b: u8) {
        self.0[(b >> 6) as usize] |= 1 << (b & 63);
    }

    /// Takes a byte out.
    pub fn remove(&mut self, b: u8) {
        self.0[(b >> 6) as usize] &= !(1 << (b & 63));
    }

    /// Membership.
    pub fn contains(&self, b: u8) -> bool {
        self.0[(b >> 6) as usize] >> (b & 63) & 1 == 1
    }

    /// Union.
    pub fn union(&self, o: &Self) -> Self {
        ByteSet(std::array::from_fn(|i| self.0[i] | o.0[i]))
    }

    /// Intersection.
    pub fn intersection(&self, o: &Self) -> Self {
        ByteSet(std::array::from_fn(|i| self.0[i] & o.0[i]))
    }

    /// Whether no byte is in it.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// Whether every byte is in it.
    pub fn is_full(&self) -> bool {
        self.0 == [u64::MAX; 4]
    }

    /// Whether all members are ASCII.
    pub fn is_ascii(&self) -> bool {
        self.0[2] == 0 && self.0[3] == 0
    }

    /// Members in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        (0..=255u8).filter(|&b| self.contains(b))
    }

    /// The words, for hashing.
    pub fn words(&self) -> [u64; 4] {
        self.0
    }
}
