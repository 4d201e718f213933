//! A set of ids that are dense by nature: a bit each.

use std::collections::HashMap;

const WORDS: usize = 1024;
const IDS_PER_PAGE: i64 = WORDS as i64 * 64;

/// A set of ids; 8 KiB for each 65,536 neighbours.
#[derive(Default)]
pub(super) struct Bits {
    pages: HashMap<i64, Box<[u64; WORDS]>>,
}

impl Bits {
    /// Adds an id; whether it is new.
    pub fn insert(&mut self, id: i64) -> bool {
        let page = self.pages.entry(id.div_euclid(IDS_PER_PAGE)).or_insert_with(|| Box::new([0; WORDS]));
        let (word, bit) = Self::place(id);
        let is_new = page[word] & bit == 0;
        page[word] |= bit;
        is_new
    }

    /// Whether it holds an id.
    pub fn contains(&self, id: i64) -> bool {
        let (word, bit) = Self::place(id);
        self.pages.get(&id.div_euclid(IDS_PER_PAGE)).is_some_and(|page| page[word] & bit != 0)
    }

    fn place(id: i64) -> (usize, u64) {
        let at = id.rem_euclid(IDS_PER_PAGE);
        ((at / 64) as usize, 1 << (at % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once() {
        let mut bits = Bits::default();
        for id in [0, 1, 63, 64, 65_535, 65_536, -1, i64::MAX, i64::MIN] {
            assert!(!bits.contains(id), "{id}");
            assert!(bits.insert(id), "{id}");
            assert!(!bits.insert(id), "{id}");
            assert!(bits.contains(id), "{id}");
        }
        assert!(!bits.contains(2));
    }
}
