//! Where an export is written to.

use std::io::Write;

/// Not generic: each crate that writes an export would compile the writers of all formats once more.
pub(crate) type Output = Box<dyn Write + Send>;
