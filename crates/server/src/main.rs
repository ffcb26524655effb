//! Answers what was delivered: statistics of annotation requests over HTTP.
fn main() {}
