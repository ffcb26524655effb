//! Reads: pages of tasks, sums and exports, and how far a replica lags behind.

mod bounded_rows;
mod cell_rows;
mod export;
mod known_layouts;
mod latest_schema;
mod operation_items;
mod page;
mod replica_lag;
mod request_counters;
mod sharding;
mod state_query;
mod stated_items;
mod statistics_repository;
mod stored_request;
mod stored_task;
pub(crate) mod stored_time;
mod summary_repository;
mod summary_rows;
mod task_rows;
mod tasks_on_shards;

pub use cell_rows::{CELL_TOTALS_OF_ONE_SQL, CELL_TOTALS_SQL, UNSUMMED_SQL};
pub use export::{EXPORT_ROWS_BY_TASK_ID_SQL, EXPORT_ROWS_SQL, PostgresStatisticsExporter};
pub use known_layouts::REMOVED_POSITIONS_SQL;
pub use page::{PAGE_BATCH_SQL, PAGE_OF_ONE_SQL, WHITELISTED_ITEMS_OF_ONE_SQL, WHITELISTED_ITEMS_SQL};
pub use replica_lag::ReplicaLag;
pub use request_counters::{REQUEST_COUNTER_SQL, REQUEST_COUNTERS_SQL};
pub use stated_items::{STATED_ITEMS_OF_ONE_SQL, STATED_ITEMS_SQL};
pub use statistics_repository::PostgresStatisticsRepository;
pub use summary_repository::PostgresSummaryRepository;
pub use summary_rows::{GROUP_TOTALS_OF_ONE_SQL, GROUP_TOTALS_SQL, ITEM_TOTALS_OF_ONE_SQL, ITEM_TOTALS_SQL};
pub use task_rows::{NAMED_TASKS_SQL, TASK_ROWS_OF_ONE_SQL, TASK_ROWS_SQL};

pub(crate) use export::{Handover, TaskOrder};
pub(crate) use operation_items::kind;
pub(crate) use sharding::Sharding;
pub(crate) use stored_request::{RequestColumns, RequestRow, request, request_columns};
pub(crate) use summary_repository::summarize;
pub(crate) use task_rows::{find_named_tasks, find_task};
