//! The sums over all tasks of annotation requests.

mod cells;
mod completion;
mod origin;
mod query;
mod stated_items;
mod totals;

pub use cells::{CellTotal, ItemCell};
pub use completion::Completion;
pub use origin::StatementOrigin;
pub use query::{ItemsBy, SummaryQuery, TaskFilter};
pub use totals::{ItemSums, ItemTotal, RequestTotals, SumsDisagree, Totals};

use crate::{ItemKind, ItemLabel, OperationItemKey, PoolType, StatementHead, TaskStatus};
use std::collections::BTreeMap;

/// The sums over all tasks of the requests, or over those of a filter.
///
/// All of its sums agree with each other: those by pool, by status and by request are of the same tasks, and the counts
/// by operation item add up to the instances and attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    totals: Totals,
    items: Vec<ItemTotal>,
    pools: BTreeMap<PoolType, Totals>,
    statuses: BTreeMap<TaskStatus, Totals>,
    requests: Vec<(RequestTotals, Totals)>,
    cells: Vec<CellTotal>,
    filter: TaskFilter,
    labels: BTreeMap<OperationItemKey, ItemLabel>,
    has_found_labels: bool,
    statements: Vec<StatementOrigin>,
}

impl Summary {
    /// Adds up requests, in the order requested, and operation items, in the order of the response.
    ///
    /// # Errors
    /// [`SumsDisagree`].
    pub fn new(requests: Vec<RequestTotals>, items: Vec<ItemSums>) -> Result<Self, SumsDisagree> {
        requests.iter().try_for_each(check_tasks)?;
        Self::add_up(requests, items)
    }

    /// The same of a part of the tasks, or with the sums of operation items kept apart: out of the `cells` of those of the
    /// requests whose campaign the filter covers. The other requests have sums of no tasks.
    ///
    /// # Errors
    /// [`SumsDisagree`].
    pub fn of_cells(
        mut requests: Vec<RequestTotals>,
        mut cells: Vec<ItemCell>,
        query: &SummaryQuery,
    ) -> Result<Self, SumsDisagree> {
        requests.iter().try_for_each(check_tasks)?;
        cells::filter_groups(&mut requests, query);
        cells.retain(|cell| query.filter.covers_group(cell.pool_type, cell.status));
        cells::check_groups(&requests, &cells)?;
        let totals = cells::cells_by(query.items_by, &requests, &cells)?;
        Ok(Self { cells: totals, filter: query.filter.clone(), ..Self::add_up(requests, cells::items_of(&cells)?)? })
    }

    fn add_up(requests: Vec<RequestTotals>, items: Vec<ItemSums>) -> Result<Self, SumsDisagree> {
        let (mut totals, mut pools, mut statuses) = (Totals::default(), BTreeMap::new(), BTreeMap::new());
        let mut summed = Vec::with_capacity(requests.len());
        for request in requests {
            let mut of_request = Totals::default();
            for (pool, status, group) in &request.groups {
                add(&mut of_request, *group)?;
                add(pools.entry(*pool).or_default(), *group)?;
                add(statuses.entry(*status).or_default(), *group)?;
            }
            add(&mut totals, of_request)?;
            summed.push((request, of_request));
        }
        let of_items = items.iter().try_fold(0_u128, |sum, item| sum.checked_add(item.count));
        let (of_items, annotated) = of_items.zip(totals.annotated()).ok_or(SumsDisagree::TooLarge)?;
        if of_items != annotated {
            return Err(SumsDisagree::Items { items: of_items, annotated });
        }
        let items = with_kinds(items, totals);
        let (cells, filter, labels) = (Vec::new(), TaskFilter::default(), BTreeMap::new());
        let (has_found_labels, statements) = (false, Vec::new());
        Ok(Self {
            totals,
            items,
            pools,
            statuses,
            requests: summed,
            cells,
            filter,
            labels,
            has_found_labels,
            statements,
        })
    }

    /// Which tasks are summed up.
    pub fn filter(&self) -> &TaskFilter {
        &self.filter
    }

    /// All tasks of all requests, or those of the filter.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// By operation item.
    pub fn items(&self) -> &[ItemTotal] {
        &self.items
    }

    /// By kind of pool, for those that have tasks.
    pub fn pools(&self) -> &BTreeMap<PoolType, Totals> {
        &self.pools
    }

    /// How many of the tasks are in the complete pool.
    pub fn completion(&self) -> Completion {
        Completion::new(self.pools.get(&PoolType::Complete).map_or(0, |totals| totals.tasks), self.totals.tasks)
    }

    /// By status, for those that tasks have.
    pub fn statuses(&self) -> &BTreeMap<TaskStatus, Totals> {
        &self.statuses
    }

    /// By operation item and what else was requested: in the order of the items, then of the requests, pool types and
    /// statuses. Empty where nothing else was.
    pub fn cells(&self) -> &[CellTotal] {
        &self.cells
    }

    /// As that of these statements, one of each request.
    #[must_use]
    pub fn of_statements(mut self, heads: &[StatementHead]) -> Self {
        self.statements = heads.iter().map(StatementOrigin::from).collect();
        self
    }

    /// The statements that it is of, in the order of the requests; none where it is of what is recorded.
    pub fn statements(&self) -> &[StatementOrigin] {
        &self.statements
    }

    /// By request, in the order requested.
    pub fn requests(&self) -> &[(RequestTotals, Totals)] {
        &self.requests
    }
}

/// Whether the sums of a request are of all of its tasks.
fn check_tasks(request: &RequestTotals) -> Result<(), SumsDisagree> {
    let mut totals = Totals::default();
    request.groups.iter().try_for_each(|(_, _, group)| add(&mut totals, *group))?;
    if totals.tasks == request.task_count {
        return Ok(());
    }
    Err(SumsDisagree::Tasks { id: request.id.clone(), summed: totals.tasks, tasks: request.task_count })
}

fn add(sum: &mut Totals, other: Totals) -> Result<(), SumsDisagree> {
    *sum = sum.plus(other).ok_or(SumsDisagree::TooLarge)?;
    Ok(())
}

/// An item is of the stated kind, unless tasks contradict that, or else of the kind of its tasks that have only one.
/// Where the known slots make all instances, the other items are inputs, and vice versa. Where an item is both, nothing
/// follows from the sums (ADR 43).
fn with_kinds(items: Vec<ItemSums>, totals: Totals) -> Vec<ItemTotal> {
    let kind = |item: &ItemSums| match (item.stated_kind, item.tasks_of_slots, item.tasks_of_inputs) {
        (Some(ItemKind::Slot), _, 0) | (None, 1.., 0) => Some(ItemKind::Slot),
        (Some(ItemKind::Input), 0, _) | (None, 0, 1..) => Some(ItemKind::Input),
        _ => None,
    };
    let count = |known| items.iter().filter(|item| kind(item) == Some(known)).map(|item| item.count).sum::<u128>();
    let is_both = |item: &ItemSums| {
        kind(item).is_none() && (item.stated_kind.is_some() || item.tasks_of_slots > 0 && item.tasks_of_inputs > 0)
    };
    let rest = if items.iter().any(is_both) {
        None
    } else if count(ItemKind::Slot) == totals.instances {
        Some(ItemKind::Input)
    } else {
        (count(ItemKind::Input) == totals.attributes).then_some(ItemKind::Slot)
    };
    let kinds = items.iter().map(|item| kind(item).or(rest)).collect::<Vec<_>>();
    let total = |(ItemSums { key, count, tasks, .. }, kind)| ItemTotal { key, kind, count, tasks };
    items.into_iter().zip(kinds).map(total).collect()
}

#[cfg(test)]
mod tests;
