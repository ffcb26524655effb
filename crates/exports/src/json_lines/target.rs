//! An export as JSON Lines.

use crate::json_lines::write_line;
use crate::output::Output;
use annotation_statistics_domain::{BoxError, ExportTarget, RecordedTask, Summary};

/// The start of a line without its end: no reader takes a file that ends so for a whole one.
const CUT_OFF: &[u8] = b"{\"cutOff\":\"this export failed and is not complete; export again";

/// Writes one task a line. Where it is dropped before the end, the last line is broken.
pub(crate) struct JsonLinesTarget {
    output: Output,
    line: Vec<u8>,
    is_open: bool,
}

impl JsonLinesTarget {
    pub(crate) fn new(output: Output) -> Self {
        Self { output, line: Vec::new(), is_open: false }
    }
}

impl ExportTarget for JsonLinesTarget {
    fn begin(&mut self, _: &Summary) -> Result<(), BoxError> {
        self.is_open = true;
        Ok(())
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        self.line.clear();
        write_line(&mut self.line, task)?;
        Ok(self.output.write_all(&self.line)?)
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.output.flush()?;
        self.is_open = false;
        Ok(())
    }
}

impl Drop for JsonLinesTarget {
    fn drop(&mut self) {
        if self.is_open {
            // Where that fails too, the reader has gone.
            let _ = self.output.write_all(CUT_OFF).and_then(|()| self.output.flush());
        }
    }
}
