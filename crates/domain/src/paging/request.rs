//! The page of a long result that is requested.

use std::num::{NonZeroU32, NonZeroU64};

/// A page of a long result: its number, from 1, and how many rows a page has.
///
/// ```
/// use annotation_statistics_domain::PageRequest;
/// use std::num::{NonZeroU32, NonZeroU64};
///
/// let third = PageRequest::new(NonZeroU64::new(3).unwrap(), NonZeroU32::new(10).unwrap());
/// assert_eq!(third.first_row(), 20);
/// assert_eq!(third.last_page(25).get(), 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    page: NonZeroU64,
    limit: NonZeroU32,
}

impl PageRequest {
    /// The page number `page`, counted from 1, of pages with `limit` rows.
    pub fn new(page: NonZeroU64, limit: NonZeroU32) -> Self {
        Self { page, limit }
    }

    /// The page number, from 1.
    pub fn page(self) -> NonZeroU64 {
        self.page
    }

    /// The most rows that the page has.
    pub fn limit(self) -> NonZeroU32 {
        self.limit
    }

    /// The row, from 0, that the page starts with.
    ///
    /// A page that starts past the largest number starts at the largest number: no result has as many rows, so
    /// the page is empty in both cases.
    pub fn first_row(self) -> u64 {
        (self.page.get() - 1).saturating_mul(u64::from(self.limit.get()))
    }

    /// The number of the last page of a result with `count` rows; 1 for an empty result.
    pub fn last_page(self, count: u64) -> NonZeroU64 {
        NonZeroU64::new(count.div_ceil(u64::from(self.limit.get()))).unwrap_or(NonZeroU64::MIN)
    }
}

/// One page of a long result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// How many rows there are over all pages.
    pub count: u64,
    /// The rows of this page, in order.
    pub rows: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(page: u64, limit: u32) -> PageRequest {
        PageRequest::new(NonZeroU64::new(page).unwrap(), NonZeroU32::new(limit).unwrap())
    }

    #[test]
    fn a_page_past_every_row_does_not_overflow() {
        assert_eq!(page(u64::MAX, u32::MAX).first_row(), u64::MAX);
    }

    #[test]
    fn the_last_page_holds_the_last_row() {
        for (count, limit, last) in [(0, 10, 1), (1, 10, 1), (10, 10, 1), (11, 10, 2), (1930, 100, 20)] {
            assert_eq!(page(1, limit).last_page(count).get(), last, "{count} rows in pages of {limit}");
        }
    }
}
