//! What is said of a format that is recognised.

/// Says that a format is known, and not read.
pub(in crate::detection) fn not_read(name: &str) -> String {
    format!("this looks like {name}; it is not read yet: see FORMATS.md")
}
