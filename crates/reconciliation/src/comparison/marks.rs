//! A bit for each value.

/// Which values were compared, at a bit each.
#[derive(Debug)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    /// None of so many.
    pub(super) fn new(values: usize) -> Self {
        Self(vec![0; values.div_ceil(64)])
    }

    pub(super) fn set(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    pub(super) fn is_set(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}
