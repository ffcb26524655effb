//! Where the rows of a page are, computed without reading rows.

use crate::PageRequest;
use std::ops::Range;

/// Where the rows of one page are when tasks have dense positions within their requests.
///
/// From the task counts of the requests alone, prefix sums yield which requests the page touches and the half-open range of
/// positions in each. So a page costs the same at any depth, and no row is read to be skipped (ADR 9). Where tasks were
/// removed, the ranges are of rows, and [`RemovedPositions`](crate::RemovedPositions) has their positions (ADR 68).
///
/// ```
/// use annotation_statistics_domain::{PagePlan, PageRequest, PositionRange};
/// use std::num::{NonZeroU32, NonZeroU64};
///
/// let second_page = PageRequest::new(NonZeroU64::new(2).unwrap(), NonZeroU32::new(10).unwrap());
/// let plan = PagePlan::new(&[12, 0, 30], second_page);
/// assert_eq!(plan.count, 42);
/// assert_eq!(
///     plan.ranges,
///     [PositionRange { request: 0, positions: 10..12 }, PositionRange { request: 2, positions: 0..8 }]
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePlan {
    /// How many tasks all the requests have together.
    pub count: u64,
    /// The parts of the page, in the order of its rows; none is empty.
    pub ranges: Vec<PositionRange>,
}

/// Consecutive tasks of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionRange {
    /// Which of the requests, from 0, in the order requested.
    pub request: usize,
    /// The positions of the tasks within the request.
    pub positions: Range<u64>,
}

impl PositionRange {
    /// How many tasks there are in the range.
    pub fn len(&self) -> u64 {
        self.positions.end - self.positions.start
    }

    /// Whether the range has no task; never so within a [`PagePlan`].
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }
}

impl PagePlan {
    /// Plans a page over requests that have `task_counts` tasks each, in the order requested.
    pub fn new(task_counts: &[u64], page: PageRequest) -> Self {
        let first = page.first_row();
        let past = first.saturating_add(u64::from(page.limit().get()));
        let mut count = 0_u64;
        let mut ranges = Vec::new();
        for (request, &tasks) in task_counts.iter().enumerate() {
            let before = count;
            count = count.saturating_add(tasks);
            let positions = first.clamp(before, count) - before..past.clamp(before, count) - before;
            if !positions.is_empty() {
                ranges.push(PositionRange { request, positions });
            }
        }
        Self { count, ranges }
    }

    /// How many rows the page has.
    pub fn row_count(&self) -> u64 {
        self.ranges.iter().map(PositionRange::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::num::{NonZeroU32, NonZeroU64};

    fn page(page: u64, limit: u32) -> PageRequest {
        PageRequest::new(NonZeroU64::new(page).unwrap(), NonZeroU32::new(limit).unwrap())
    }

    fn tasks(plan: &PagePlan) -> Vec<(usize, u64)> {
        let each = |range: &PositionRange| range.positions.clone().map(|position| (range.request, position)).collect();
        plan.ranges.iter().flat_map(|range| -> Vec<_> { each(range) }).collect()
    }

    proptest! {
        #[test]
        fn the_concatenated_pages_are_the_full_list(
            counts in prop::collection::vec(0_u64..40, 0..12),
            limit in 1_u32..50,
        ) {
            let full: Vec<_> = counts.iter().enumerate().flat_map(|(r, &n)| (0..n).map(move |p| (r, p))).collect();
            let count = u64::try_from(full.len()).unwrap();
            let last = page(1, limit).last_page(count).get();
            let walked: Vec<_> = (1..=last).flat_map(|n| tasks(&PagePlan::new(&counts, page(n, limit)))).collect();
            prop_assert_eq!(walked, full);
            let beyond = PagePlan::new(&counts, page(last + 1, limit));
            prop_assert_eq!(beyond, PagePlan { count, ranges: vec![] });
        }

        #[test]
        fn any_numbers_give_a_page_of_at_most_the_limit(
            counts in prop::collection::vec(0..=u64::MAX, 0..6),
            number in 1..=u64::MAX,
            limit in 1..=u32::MAX,
        ) {
            let plan = PagePlan::new(&counts, page(number, limit));
            prop_assert!(plan.row_count() <= u64::from(limit));
            prop_assert!(plan.ranges.iter().all(|range| !range.is_empty()));
        }
    }

    #[test]
    fn a_page_far_past_the_end_is_empty_and_the_count_stays() {
        assert_eq!(PagePlan::new(&[3, 4], page(u64::MAX, 100)), PagePlan { count: 7, ranges: vec![] });
    }
}
