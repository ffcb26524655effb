//! All tasks of requests, handed over one at a time.

mod cursor;
mod handover;
mod statistics_exporter;

pub(crate) use cursor::TaskOrder;
pub use cursor::{EXPORT_ROWS_BY_TASK_ID_SQL, EXPORT_ROWS_SQL};
pub(crate) use handover::Handover;
pub use statistics_exporter::PostgresStatisticsExporter;
