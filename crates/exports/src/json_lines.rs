//! JSON Lines: one task a line, which `import` reads back.

mod target;
mod write_line;

pub(crate) use target::JsonLinesTarget;
pub use write_line::write_line;
