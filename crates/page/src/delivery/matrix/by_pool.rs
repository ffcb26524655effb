//! How much there is of each operation item in each kind of pool.

use super::table::{Column, LineSums, Matrix, in_figures};
use crate::delivery::flow_view::pool_name;
use crate::delivery::item_page::ItemPage;
use annotation_statistics_domain::{PoolType, Summary};
use std::collections::BTreeSet;

/// None where all that is annotated is in one pool: the sums by item say it all then.
pub(crate) fn by_pool(summary: &Summary, page: &ItemPage<'_>) -> Option<Matrix> {
    let pools: BTreeSet<PoolType> = summary.cells().iter().filter_map(|cell| cell.pool_type).collect();
    let pools: Vec<PoolType> = pools.into_iter().collect();
    if pools.len() < 2 {
        return None;
    }
    let place = |pool: PoolType| pools.iter().position(|one| *one == pool);
    let cells = summary.cells().iter().filter_map(|cell| Some((&cell.key, place(cell.pool_type?)?, cell.count)));
    let columns = pools.iter().map(|pool| Column::of(pool_name(*pool))).chain([Column::of("All")]);
    let caption = "How many there are of each operation item in the tasks of each kind of pool, most first".into();
    let sums = LineSums::of(page, pools.len(), cells);
    let with_sum = |numbers: &Vec<u128>| in_figures(numbers.iter().copied().chain([numbers.iter().sum()]));
    Some(sums.into_matrix(caption, columns.collect(), with_sum))
}
