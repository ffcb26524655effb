//! Writes of tasks: a stream is staged, merged into what is stored (an upsert) and committed, all of it or nothing.

mod commit_gate;
mod merge;
mod not_recorded;
mod outcome;
mod stage;
mod statement;
mod statistics_recorder;
mod sum_columns;
mod sums;

pub use commit_gate::CommitGate;
pub use statistics_recorder::PostgresStatisticsRecorder;

pub(crate) use merge::subtract_task;
