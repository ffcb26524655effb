//! Where the rows of a request are when some of its positions have no task any more.

use std::ops::Range;

/// The positions of one request whose tasks were removed: with them, rows become positions (ADR 68).
///
/// Rows are numbered without gaps, as pages and `count` are; positions are what the tasks are stored by. The row `n` is at
/// the position `n` plus the number of removed positions before it, which is found in logarithmic time.
///
/// ```
/// use annotation_statistics_domain::RemovedPositions;
///
/// let removed = RemovedPositions::new(vec![0, 4]);
/// // Left are the positions 1, 2, 3, 5, 6 and so on: row 2 is at 3, and row 3 at 5.
/// assert_eq!(removed.positions_of(2..4), 3..6);
/// assert_eq!(removed.positions_of(0..2), 1..3);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemovedPositions {
    /// Of each removed position, in their order, how many rows come before it; so it never falls.
    rows_before: Vec<u64>,
}

impl RemovedPositions {
    /// From the positions, in any order; one that is given twice counts once.
    pub fn new(mut positions: Vec<u64>) -> Self {
        positions.sort_unstable();
        positions.dedup();
        // The n-th of distinct positions is at least n.
        let rows_before = (0..).zip(positions).map(|(removed_before, position)| position - removed_before);
        Self { rows_before: rows_before.collect() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows_before.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows_before.is_empty()
    }

    /// The shortest range of positions that has exactly these rows, and removed positions only between them.
    pub fn positions_of(&self, rows: Range<u64>) -> Range<u64> {
        let first = self.position_of(rows.start);
        let last = rows.end.checked_sub(1).filter(|last| *last >= rows.start);
        first..last.map_or(first, |last| self.position_of(last).saturating_add(1))
    }

    /// The position of the row, from 0.
    pub fn position_of(&self, row: u64) -> u64 {
        let removed_before = self.rows_before.partition_point(|rows_before| *rows_before <= row);
        row.saturating_add(u64::try_from(removed_before).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PagePlan, PageRequest};
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::num::{NonZeroU32, NonZeroU64};

    /// The positions that have a task, by looking at each.
    fn left(given: u64, removed: &BTreeSet<u64>) -> Vec<u64> {
        (0..given).filter(|position| !removed.contains(position)).collect()
    }

    fn number(length: usize) -> u64 {
        u64::try_from(length).unwrap()
    }

    proptest! {
        #[test]
        fn every_range_of_rows_has_the_positions_that_are_found_by_looking_at_each(
            given in 0_u64..80,
            removed in prop::collection::btree_set(0_u64..80, 0..60),
            first in 0_u64..80,
            rows in 0_u64..30,
        ) {
            let removed: BTreeSet<u64> = removed.into_iter().filter(|position| *position < given).collect();
            let left = left(given, &removed);
            let positions = RemovedPositions::new(removed.iter().rev().copied().collect());
            prop_assert_eq!(positions.len(), removed.len());
            let found = positions.positions_of(first..first + rows);
            let expected: Vec<u64> = (0_u64..).zip(&left).filter(|(row, _)| (first..first + rows).contains(row)).map(|(_, at)| *at).collect();
            let those_left: Vec<u64> = found.clone().filter(|position| left.contains(position)).collect();
            prop_assert_eq!(&those_left, &expected, "no row too many and none too few");
            if let (Some(first), Some(last)) = (expected.first(), expected.last()) {
                prop_assert_eq!(found.start, *first);
                prop_assert!(rows > number(expected.len()) || found.end == last + 1, "{:?}", found);
            }
        }

        #[test]
        fn the_concatenated_pages_over_gaps_are_all_that_is_left(
            requests in prop::collection::vec((0_u64..40, prop::collection::btree_set(0_u64..40, 0..30)), 0..6),
            limit in 1_u32..20,
        ) {
            let requests: Vec<(Vec<u64>, RemovedPositions)> = requests.into_iter().map(|(given, removed)| {
                let removed: BTreeSet<u64> = removed.into_iter().filter(|position| *position < given).collect();
                (left(given, &removed), RemovedPositions::new(removed.into_iter().collect()))
            }).collect();
            let counts: Vec<u64> = requests.iter().map(|(left, _)| number(left.len())).collect();
            let limit = NonZeroU32::new(limit).unwrap();
            let first = PageRequest::new(NonZeroU64::MIN, limit);
            let pages = 1..=first.last_page(counts.iter().sum()).get();
            let walked: Vec<(usize, u64)> = pages.flat_map(|number| {
                let plan = PagePlan::new(&counts, PageRequest::new(NonZeroU64::new(number).unwrap(), limit));
                let each = plan.ranges.into_iter().flat_map(|range| {
                    let (left, removed) = &requests[range.request];
                    let positions = removed.positions_of(range.positions);
                    positions.filter(|position| left.contains(position)).map(move |position| (range.request, position))
                });
                each.collect::<Vec<_>>()
            }).collect();
            let all = requests.iter().enumerate().flat_map(|(request, (left, _))| left.iter().map(move |at| (request, *at)));
            prop_assert_eq!(walked, all.collect::<Vec<_>>());
        }

        #[test]
        fn any_numbers_give_a_range(removed in prop::collection::vec(0..=u64::MAX, 0..6), first in 0..=u64::MAX, past in 0..=u64::MAX) {
            let found = RemovedPositions::new(removed).positions_of(first..past);
            prop_assert!(found.start >= first && found.end >= found.start);
        }
    }

    #[test]
    fn without_removed_positions_rows_are_positions() {
        let none = RemovedPositions::default();
        assert!(none.is_empty());
        assert_eq!(none.positions_of(7..9), 7..9);
        assert_eq!(none.positions_of(7..7), 7..7);
    }
}
