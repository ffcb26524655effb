//! An export as JSON Lines.

use crate::json_lines::write_line;
use annotation_statistics_domain::{BoxError, ExportTarget, RecordedTask, Summary};
use std::io::Write;

/// The start of a line without its end: no reader takes a file that ends so for a whole one.
const CUT_OFF: &[u8] = b"{\"cutOff\":\"this export failed and is not complete; export again";

/// Writes one task a line. Where it is dropped before the end, the last line is broken.
pub(crate) struct JsonLinesTarget<W: Write> {
    output: W,
    is_open: bool,
}

impl<W: Write> JsonLinesTarget<W> {
    pub(crate) fn new(output: W) -> Self {
        Self { output, is_open: false }
    }
}

impl<W: Write + Send> ExportTarget for JsonLinesTarget<W> {
    fn begin(&mut self, _: &Summary) -> Result<(), BoxError> {
        self.is_open = true;
        Ok(())
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        Ok(write_line(&mut self.output, task)?)
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.output.flush()?;
        self.is_open = false;
        Ok(())
    }
}

impl<W: Write> Drop for JsonLinesTarget<W> {
    fn drop(&mut self) {
        if self.is_open {
            // Where that fails too, the reader has gone.
            let _ = self.output.write_all(CUT_OFF).and_then(|()| self.output.flush());
        }
    }
}
