//! Small writes, which go through arrays and not through a staging table.

mod both_ways;
mod catalog;
mod hot_request;
mod sums;
