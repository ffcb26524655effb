//! JSON Lines, which `import` reads back.

use annotation_statistics_domain::{BoxError, ExportTarget, RecordedTask, Summary};
use annotation_statistics_formats::write_line;
use std::io::Write;

/// The start of a line without its end: no reader takes a file that ends so for a whole one.
const CUT_OFF: &[u8] = b"{\"cutOff\":\"this export failed and is not complete; export again";

/// Writes one task a line. Where it is dropped before the end, the last line is broken.
pub(crate) struct JsonLinesFile<W: Write> {
    output: W,
    is_open: bool,
}

impl<W: Write> JsonLinesFile<W> {
    pub(crate) fn new(output: W) -> Self {
        Self { output, is_open: false }
    }
}

impl<W: Write + Send> ExportTarget for JsonLinesFile<W> {
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

impl<W: Write> Drop for JsonLinesFile<W> {
    fn drop(&mut self) {
        if self.is_open {
            // Where that fails too, the reader has gone.
            let _ = self.output.write_all(CUT_OFF).and_then(|()| self.output.flush());
        }
    }
}
