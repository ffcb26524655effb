//! Which format a file is recognised as, and which formats are named although they are not read.

mod foreign_formats;
mod recognised;
