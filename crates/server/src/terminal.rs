//! What people and scripts read.
//!
//! `println!` panics where nobody reads any more (`serve | head -1`); these go on, as the work itself must.

use std::fmt::Display;
use std::io::{Write, stderr, stdout};

/// Tells an outcome, on standard output.
pub(crate) fn print(text: impl Display) {
    let _ = writeln!(stdout().lock(), "{text}");
}

/// Remarks something beside the outcome, on standard error.
pub fn remark(text: impl Display) {
    let _ = writeln!(stderr().lock(), "{text}");
}
