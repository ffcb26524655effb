//! Where an export is written to.

use std::io::Write;

/// Not generic: whoever writes an export elsewhere would compile the writers of all formats once more.
pub(crate) type Output = Box<dyn Write + Send>;
