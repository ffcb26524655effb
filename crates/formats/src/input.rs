//! Input that is bounded, counted by line, and pulled piece by piece.

pub(crate) mod bounded_line;
pub(crate) mod json;
pub(crate) mod line_counter;
pub(crate) mod metered;
pub(crate) mod non_numbers;
pub(crate) mod xml;
