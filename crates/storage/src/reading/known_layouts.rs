//! The removed positions of requests, kept in memory as long as they are the same.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::request_counters::RequestCounter;
use annotation_statistics_domain::{AnnotationRequestId, RemovedPositions};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Text};
use diesel::{OptionalExtension, RunQueryDsl};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// The removed positions of the request `$1`, in order, as one row, and none where there is none.
pub const REMOVED_POSITIONS_SQL: &str = "\
SELECT array_agg(p.position ORDER BY p.position) FROM removed_positions AS p \
WHERE p.annotation_request_id = $1 GROUP BY p.annotation_request_id";

prepared_statement!(RemovedPositionsOf, REMOVED_POSITIONS_SQL, Array<BigInt>, { 1 => id: &'a str as Text, });

/// Of all requests together. Where there would be more, all are forgotten and read again as they are needed.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What a request takes besides its positions: its id and its place in the map; more than enough.
const BYTES_OF_A_REQUEST: usize = 512;

/// What is known of the layouts of requests: which of their positions have no task any more (ADR 68).
///
/// A layout of a request never comes back with other positions, so what is known needs no invalidation: a reader compares
/// the layout that it knows with that of the snapshot which its rows are of.
#[derive(Clone, Default)]
pub(super) struct KnownLayouts(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    layouts: HashMap<AnnotationRequestId, Layout>,
    bytes: usize,
}

/// Which positions of a request have no task any more; none by default.
#[derive(Clone, Default)]
pub(super) struct Layout {
    number: i64,
    removed: Arc<RemovedPositions>,
}

/// How far one may read to find out.
#[derive(Clone, Copy)]
pub(super) enum Layouts {
    /// Only what is known, as the counters were read in another snapshot.
    Known,
    /// What is not known is read: the counters are of the same snapshot.
    Read,
}

impl KnownLayouts {
    /// The last layout that is known of the request.
    pub(super) fn last_of(&self, id: &AnnotationRequestId) -> Layout {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.layouts.get(id).cloned().unwrap_or_default()
    }

    /// The removed positions of the request in the layout of its counter; `None` where they are not known and may not be
    /// read.
    pub(super) fn removed_from(
        &self,
        connection: &mut PgConnection,
        id: &AnnotationRequestId,
        counter: &RequestCounter,
        layouts: Layouts,
    ) -> Result<Option<Arc<RemovedPositions>>, DatabaseError> {
        match layouts {
            Layouts::Known => Ok(self.find(id, counter)),
            Layouts::Read => self.load(connection, id, counter).map(Some),
        }
    }

    /// The removed positions of the request in the layout of its counter, if they are known.
    fn find(&self, id: &AnnotationRequestId, counter: &RequestCounter) -> Option<Arc<RemovedPositions>> {
        if counter.removed_count == 0 {
            return Some(Arc::default());
        }
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let layout = known.layouts.get(id).filter(|layout| layout.number == counter.layout);
        layout.map(|layout| Arc::clone(&layout.removed))
    }

    /// The same, read where they are not known; only in the snapshot that the counter is of.
    fn load(
        &self,
        connection: &mut PgConnection,
        id: &AnnotationRequestId,
        counter: &RequestCounter,
    ) -> Result<Arc<RemovedPositions>, DatabaseError> {
        if counter.removed_count == 0 {
            self.forget(id);
        }
        if let Some(known) = self.find(id, counter) {
            return Ok(known);
        }
        let positions: Option<Vec<i64>> = RemovedPositionsOf { id: id.as_str() }.get_result(connection).optional()?;
        let positions = positions.unwrap_or_default().into_iter().map(i64::unsigned_abs).collect();
        let removed = Arc::new(RemovedPositions::new(positions));
        if u64::try_from(removed.len()) != Ok(counter.removed_count) {
            let what =
                format!("annotation_requests.removed_count of `{id}` is not the number of its removed_positions");
            return Err(DatabaseError::Corrupt(what));
        }
        self.keep(id, Layout { number: counter.layout, removed: Arc::clone(&removed) });
        Ok(removed)
    }

    /// Of a request that has no removed positions any more.
    fn forget(&self, id: &AnnotationRequestId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.layouts.remove(id);
        known.bytes = known.bytes.saturating_sub(before.map_or(0, |before| before.bytes()));
    }

    fn keep(&self, id: &AnnotationRequestId, layout: Layout) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = layout.bytes();
        if known.bytes.saturating_add(bytes) > MAX_BYTES {
            *known = Known::default();
        }
        if bytes <= MAX_BYTES {
            let before = known.layouts.insert(id.clone(), layout);
            known.bytes = known.bytes.saturating_add(bytes).saturating_sub(before.map_or(0, |before| before.bytes()));
        }
    }
}

impl Layout {
    /// The positions of rows, if the request has this layout.
    pub(super) fn positions_of(&self, rows: Range<u64>) -> Range<u64> {
        self.removed.positions_of(rows)
    }

    /// The removed positions, if the request has this layout.
    pub(super) fn removed_in(&self, counter: &RequestCounter) -> Option<&RemovedPositions> {
        let is_same = counter.removed_count == 0 || counter.layout == self.number;
        let are_as_many = u64::try_from(self.removed.len()) == Ok(counter.removed_count);
        (is_same && are_as_many).then_some(&self.removed)
    }

    fn bytes(&self) -> usize {
        BYTES_OF_A_REQUEST.saturating_add(self.removed.len().saturating_mul(size_of::<u64>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::{CampaignId, Revision};

    fn counter(removed_count: u64, layout: i64) -> RequestCounter {
        let campaign_id = CampaignId::new("1001").unwrap();
        RequestCounter {
            campaign_id,
            task_count: 10,
            revision: Revision::from(1),
            counting_rule: None,
            removed_count,
            layout,
        }
    }

    fn keep(known: &KnownLayouts, id: &str, number: i64, positions: u64) {
        let removed = Arc::new(RemovedPositions::new((0..positions).collect()));
        known.keep(&AnnotationRequestId::new(id).unwrap(), Layout { number, removed });
    }

    #[test]
    fn only_the_layout_of_the_counter_is_known() {
        let (known, id) = (KnownLayouts::default(), AnnotationRequestId::new("a").unwrap());
        assert!(known.find(&id, &counter(0, 7)).is_some_and(|removed| removed.is_empty()), "nothing is read for it");
        assert!(known.find(&id, &counter(2, 7)).is_none());
        keep(&known, "a", 7, 2);
        assert_eq!(known.find(&id, &counter(2, 7)).map(|removed| removed.len()), Some(2));
        assert!(known.find(&id, &counter(2, 8)).is_none());
        keep(&known, "a", 8, 3);
        assert!(known.find(&id, &counter(2, 7)).is_none());
    }

    #[test]
    fn what_is_known_is_bounded() {
        let known = KnownLayouts::default();
        let bytes = |known: &KnownLayouts| known.0.lock().unwrap().bytes;
        for number in 0..100_000 {
            keep(&known, &number.to_string(), 1, 1);
            keep(&known, "a", number, 100);
            assert!(bytes(&known) <= MAX_BYTES);
        }
        keep(&known, "large", 1, 3_000_000);
        assert_eq!(bytes(&known), 0);
    }
}
