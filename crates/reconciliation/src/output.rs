//! What takes compared lines: the first differences, and all lines as a CSV file.

mod csv_lines;
mod first_differences;

pub use csv_lines::{CsvLines, CsvOptions};
pub use first_differences::{Difference, FirstDifferences};
