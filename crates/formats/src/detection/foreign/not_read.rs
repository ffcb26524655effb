//! The error of a format that is recognised, and not read.

/// The reason that names the format.
pub(in crate::detection) fn not_read(name: &str) -> String {
    format!("this looks like {name}; it is not read yet: see FORMATS.md")
}
