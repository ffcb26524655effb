//! Readers that turn annotation files into statistics.

mod bounded_line;
mod json_lines;
mod line_fault;
mod line_writer;

pub use bounded_line::MAX_LINE_BYTES;
pub use json_lines::JsonLines;
pub use line_fault::{LineFault, LineFaultKind};
pub use line_writer::write_line;
