//! Upserts the staged tasks into what is recorded, in the transaction that staged them. The rules are statements over the
//! stage, the same for both kinds of stage.

mod added_sums;
mod append;
mod append_one;
mod by_request;
mod cell_totals;
mod change;
mod changes;
mod conflicts;
mod contradictions;
mod in_arrays;
mod in_tables;
mod kinds;
mod known_tasks;
mod locked_requests;
mod names;
mod on_one_shard;
mod requests;
mod tasks;
mod tasks_on_one_shard;
mod totals;

pub(super) use in_arrays::merge as merge_in_arrays;
pub(super) use in_tables::merge as merge_in_tables;
pub(crate) use on_one_shard::subtract_task;
