//! Output for people and scripts.
//!
//! `println!` panics when the reader is gone (`serve | head -1`); these ignore it, as the work must go on.

mod table;

pub(crate) use table::Table;

use std::fmt::Display;
use std::io::{Write, stderr, stdout};

/// Prints a result on standard output.
pub(crate) fn print(text: impl Display) {
    let _ = writeln!(stdout().lock(), "{text}");
}

/// Prints a remark on standard error.
pub fn remark(text: impl Display) {
    let _ = writeln!(stderr().lock(), "{text}");
}
