//! The log, the metrics and the traces.

mod cache_metrics;
mod clock_metrics;
mod database_metrics;
mod json_line;
mod json_members;
mod line_budget;
mod log;
mod metered_recorder;
mod metrics;
mod packing_metrics;
mod process_metrics;
mod rate_limited_lines;
mod span_export;
mod span_fields;
mod span_json;

pub(crate) use log::start_log;
pub(crate) use metered_recorder::MeteredRecorder;
pub use metrics::Metrics;
pub(crate) use rate_limited_lines::STATE;
pub(crate) use span_export::TraceExport;
