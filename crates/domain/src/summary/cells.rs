//! The sums of operation items within a pool type and a status: what a matrix of items by pool has in its cells.

use crate::summary::query::{ItemsBy, SummaryQuery};
use crate::summary::totals::{ItemSums, RequestTotals, SumsDisagree};
use crate::{AnnotationRequestId, OperationItemKey, PoolType, TaskStatus};
use std::collections::{BTreeMap, HashMap};

/// What is stored of an operation item in tasks of one pool type and status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCell {
    /// The request, where requests are kept apart.
    pub request: Option<AnnotationRequestId>,
    /// The type of their pool.
    pub pool_type: PoolType,
    /// Their status.
    pub status: TaskStatus,
    /// The item and its sums.
    pub sums: ItemSums,
}

/// The total of an operation item in a part of the tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellTotal {
    /// The key of the item.
    pub key: OperationItemKey,
    /// The request, where the sums are by request.
    pub request: Option<AnnotationRequestId>,
    /// The type of the pool, where they are by pool type.
    pub pool_type: Option<PoolType>,
    /// The status, where they are by status.
    pub status: Option<TaskStatus>,
    /// How many there are.
    pub count: u128,
    /// How many tasks have any.
    pub tasks: u64,
}

/// By item; then requests in the order given, pool types and statuses in theirs.
type CellKey = (OperationItemKey, Option<usize>, Option<PoolType>, Option<TaskStatus>);

/// Leaves the groups that the filter covers.
pub(super) fn filter_groups(requests: &mut [RequestTotals], query: &SummaryQuery) {
    for request in requests {
        let is_covered = query.filter.covers_campaign(&request.campaign_id);
        request.groups.retain(|(pool_type, status, _)| is_covered && query.filter.covers_group(*pool_type, *status));
    }
}

/// Whether the cells add up to the instances and attributes of each pool type and status.
pub(super) fn check_groups(requests: &[RequestTotals], cells: &[ItemCell]) -> Result<(), SumsDisagree> {
    let mut groups: BTreeMap<(PoolType, TaskStatus), (u128, u128)> = BTreeMap::new();
    let plus = |sum: &mut u128, number: u128| {
        *sum = sum.checked_add(number).ok_or(SumsDisagree::TooLarge)?;
        Ok(())
    };
    for (pool_type, status, totals) in requests.iter().flat_map(|request| &request.groups) {
        let annotated = totals.annotated().ok_or(SumsDisagree::TooLarge)?;
        plus(&mut groups.entry((*pool_type, *status)).or_default().0, annotated)?;
    }
    for cell in cells {
        plus(&mut groups.entry((cell.pool_type, cell.status)).or_default().1, cell.sums.count)?;
    }
    match groups.into_values().find(|(annotated, items)| annotated != items) {
        Some((annotated, items)) => Err(SumsDisagree::Items { items, annotated }),
        None => Ok(()),
    }
}

/// The sums of each item over all cells. An item is of a stated kind where all of its cells state the same.
pub(super) fn items_of(cells: &[ItemCell]) -> Result<Vec<ItemSums>, SumsDisagree> {
    let mut items: BTreeMap<&OperationItemKey, ItemSums> = BTreeMap::new();
    for ItemCell { sums, .. } in cells {
        match items.get_mut(&sums.key) {
            Some(item) => {
                item.count = item.count.checked_add(sums.count).ok_or(SumsDisagree::TooLarge)?;
                item.tasks = add(item.tasks, sums.tasks)?;
                item.tasks_of_slots = add(item.tasks_of_slots, sums.tasks_of_slots)?;
                item.tasks_of_inputs = add(item.tasks_of_inputs, sums.tasks_of_inputs)?;
                item.stated_kind = item.stated_kind.filter(|kind| sums.stated_kind == Some(*kind));
            }
            None => {
                items.insert(&sums.key, sums.clone());
            }
        }
    }
    Ok(items.into_values().collect())
}

/// The sums of each item, kept apart as requested; none where they are not to be.
pub(super) fn cells_by(
    by: ItemsBy,
    requests: &[RequestTotals],
    cells: &[ItemCell],
) -> Result<Vec<CellTotal>, SumsDisagree> {
    if by == ItemsBy::default() {
        return Ok(Vec::new());
    }
    let places: HashMap<&AnnotationRequestId, usize> =
        requests.iter().enumerate().map(|(place, request)| (&request.id, place)).collect();
    let mut sums: BTreeMap<CellKey, (u128, u64)> = BTreeMap::new();
    for cell in cells {
        let place = cell.request.as_ref().filter(|_| by.request).and_then(|id| places.get(id).copied());
        let pool_type = by.pool_type.then_some(cell.pool_type);
        let key = (cell.sums.key.clone(), place, pool_type, by.status.then_some(cell.status));
        let (count, tasks) = sums.entry(key).or_default();
        *count = count.checked_add(cell.sums.count).ok_or(SumsDisagree::TooLarge)?;
        *tasks = add(*tasks, cell.sums.tasks)?;
    }
    let total = |((key, place, pool_type, status), (count, tasks)): (CellKey, (u128, u64))| CellTotal {
        key,
        request: place.and_then(|place| requests.get(place)).map(|request| request.id.clone()),
        pool_type,
        status,
        count,
        tasks,
    };
    Ok(sums.into_iter().map(total).collect())
}

fn add(sum: u64, number: u64) -> Result<u64, SumsDisagree> {
    sum.checked_add(number).ok_or(SumsDisagree::TooLarge)
}
