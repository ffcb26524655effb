//! How much there is of each operation item in each kind of pool.

use super::flow_view::pool_name;
use crate::number_format::Figure;
use annotation_statistics_domain::{CellTotal, PoolType, Summary};
use std::collections::{BTreeMap, BTreeSet};

/// How many items have a line of their own.
const MOST_LINES: usize = 12;

/// The items of which there are most, each with its counts by pool, and the rest together.
pub(crate) struct ItemMatrix {
    /// The pools that have any item, in their order.
    pub(crate) pools: Vec<&'static str>,
    pub(crate) lines: Vec<MatrixLine>,
}

pub(crate) struct MatrixLine {
    pub(crate) name: String,
    /// Whether it is one item, and the name its key.
    pub(crate) is_item: bool,
    /// In the order of the pools, each with the name of its pool.
    pub(crate) counts: Vec<(&'static str, Figure)>,
    pub(crate) sum: Figure,
}

type Counts = BTreeMap<PoolType, u128>;

impl ItemMatrix {
    /// Empty where all that is annotated is in one pool: the sums by item say it all then.
    pub(crate) fn of(summary: &Summary) -> Self {
        let mut items: BTreeMap<&str, Counts> = BTreeMap::new();
        let mut pools = BTreeSet::new();
        for CellTotal { key, pool_type, count, .. } in summary.cells() {
            let Some(pool_type) = *pool_type else { continue };
            pools.insert(pool_type);
            *items.entry(key.as_str()).or_default().entry(pool_type).or_default() += count;
        }
        if pools.len() < 2 {
            return Self { pools: Vec::new(), lines: Vec::new() };
        }
        let mut items: Vec<(&str, Counts)> = items.into_iter().collect();
        // Items with as many stay in the order of their keys.
        items.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.values().sum::<u128>()));
        let shown = if items.len() <= MOST_LINES + 1 { items.len() } else { MOST_LINES };
        let rest = items.split_off(shown);
        let mut lines: Vec<_> = items.into_iter().map(|(key, of)| line(key.to_owned(), true, &pools, &of)).collect();
        if !rest.is_empty() {
            let name = format!("{} more items", rest.len());
            let mut together = Counts::new();
            for (pool, count) in rest.into_iter().flat_map(|(_, counts)| counts) {
                *together.entry(pool).or_default() += count;
            }
            lines.push(line(name, false, &pools, &together));
        }
        Self { pools: pools.into_iter().map(pool_name).collect(), lines }
    }
}

fn line(name: String, is_item: bool, pools: &BTreeSet<PoolType>, of: &Counts) -> MatrixLine {
    let count = |pool: &PoolType| (pool_name(*pool), Figure(of.get(pool).copied().unwrap_or_default()));
    MatrixLine { name, is_item, counts: pools.iter().map(count).collect(), sum: Figure(of.values().sum()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::{
        AnnotationRequestId, CampaignId, ItemCell, ItemSums, ItemsBy, OperationItemKey, RequestTotals, Revision,
        SummaryQuery, TaskFilter, TaskStatus, Totals,
    };

    fn matrix(counts: &[(&str, PoolType, u128)]) -> Vec<String> {
        let mut groups: BTreeMap<PoolType, Totals> = BTreeMap::new();
        let cells = counts.iter().map(|(key, pool_type, count)| {
            let totals = groups.entry(*pool_type).or_default();
            totals.tasks = 1;
            totals.instances += count;
            let key = OperationItemKey::new(*key).unwrap();
            let none =
                ItemSums { key, count: *count, tasks: 1, tasks_of_slots: 1, tasks_of_inputs: 0, stated_kind: None };
            ItemCell { request: None, pool_type: *pool_type, status: TaskStatus::from(11), sums: none }
        });
        let cells: Vec<ItemCell> = cells.collect();
        let groups: Vec<_> = groups.into_iter().map(|(pool, totals)| (pool, TaskStatus::from(11), totals)).collect();
        let request = RequestTotals {
            id: AnnotationRequestId::new("a").unwrap(),
            campaign_id: CampaignId::new("1001").unwrap(),
            counting_rule: None,
            revision: Revision::from(1),
            task_count: groups.len().try_into().unwrap(),
            groups,
        };
        let items_by = ItemsBy { pool_type: true, ..ItemsBy::default() };
        let query = SummaryQuery { filter: TaskFilter::default(), items_by };
        let matrix = ItemMatrix::of(&Summary::of_cells(vec![request], cells, &query).unwrap());
        let header = matrix.pools.join(" ");
        let lines = matrix.lines.iter().map(|line| {
            let counts: Vec<String> = line.counts.iter().map(|(_, count)| count.to_string()).collect();
            format!("{}: {} = {}", line.name, counts.join(" "), line.sum)
        });
        [header].into_iter().chain(lines).collect()
    }

    #[test]
    fn an_item_has_its_counts_by_pool_and_the_largest_come_first() {
        let [check, complete] = [PoolType::Check, PoolType::Complete];
        let lines = matrix(&[("bus", complete, 7), ("car", check, 3), ("car", complete, 1_200)]);
        assert_eq!(lines, ["Check Complete", "car: 3 1,200 = 1,203", "bus: 0 7 = 7"]);
        assert_eq!(matrix(&[("bus", complete, 7), ("car", complete, 3)]), [""], "one pool needs no matrix");
    }

    #[test]
    fn items_that_are_too_many_are_one_line() {
        let keys: Vec<String> = (0..14).map(|number| format!("item {number:02}")).collect();
        let counts =
            keys.iter().flat_map(|key| [PoolType::Check, PoolType::Complete].map(|pool| (key.as_str(), pool, 2)));
        let lines = matrix(&counts.collect::<Vec<_>>());
        assert_eq!((lines.len(), lines[13].as_str()), (14, "2 more items: 4 4 = 8"));
    }
}
