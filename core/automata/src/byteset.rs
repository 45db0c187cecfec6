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
    pub const fn single(b: u8) -> Self {
        Self::range(b, b)
    }

    /// The bytes `lo..=hi`.
    pub const fn range(lo: u8, hi: u8) -> Self {
        let mut words = [0; 4];
        let mut b = lo as usize;
        while b <= hi as usize {
            words[b >> 6] |= 1 << (b & 63);
            b += 1;
        }
        ByteSet(words)
    }

    /// These bytes.
    pub const fn of(bytes: &[u8]) -> Self {
        let mut words = [0; 4];
        let mut i = 0;
        while i < bytes.len() {
            words[(bytes[i] >> 6) as usize] |= 1 << (bytes[i] & 63);
            i += 1;
        }
        ByteSet(words)
    }

    /// The other bytes.
    pub const fn complement(&self) -> Self {
        let w = &self.0;
        ByteSet([!w[0], !w[1], !w[2], !w[3]])
    }

    /// Adds a byte.
    pub fn insert(&mut self, b: u8) {
        self.0[(b >> 6) as usize] |= 1 << (b & 63);
    }

    /// Membership.
    pub fn contains(&self, b: u8) -> bool {
        self.0[(b >> 6) as usize] >> (b & 63) & 1 == 1
    }

    /// Union.
    pub const fn union(&self, o: &Self) -> Self {
        let (a, b) = (&self.0, &o.0);
        ByteSet([a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]])
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
