//! The rows of a statement as they are stored, read like a file.

use annotation_statistics_domain::{FrameStart, StatementHead, StatementRepository};
use annotation_statistics_storage::PostgresStatementRepository;
use std::io::{self, Cursor, ErrorKind, Read};
use std::num::NonZeroU32;
use tokio::runtime::Handle;

/// How many frames are read at once: some 16,000 rows.
const FRAMES: NonZeroU32 = NonZeroU32::new(64).unwrap();

/// Reads on a thread that it may block.
pub(super) struct Frames {
    statements: PostgresStatementRepository,
    head: StatementHead,
    runtime: Handle,
    place: u64,
    buffer: Cursor<Vec<u8>>,
}

impl Frames {
    /// From the first frame on; in a runtime.
    pub(super) fn new(statements: PostgresStatementRepository, head: &StatementHead) -> Self {
        let (runtime, buffer) = (Handle::current(), Cursor::default());
        Self { statements, head: head.clone(), runtime, place: 0, buffer }
    }

    fn refill(&mut self) -> io::Result<()> {
        let (id, start) = (&self.head.annotation_request_id, FrameStart::Place(self.place));
        let frames = self.runtime.block_on(self.statements.find_frames(id, self.head.number, start, FRAMES));
        let mut bytes = Vec::new();
        for frame in frames.map_err(io::Error::other)? {
            if frame.place != self.place {
                let gap = format!("frame {} is missing", self.place);
                return Err(io::Error::new(ErrorKind::InvalidData, gap));
            }
            self.place += 1;
            bytes.extend_from_slice(&frame.zstd);
        }
        self.buffer = Cursor::new(bytes);
        Ok(())
    }
}

impl Read for Frames {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.buffer.read(into)?;
        if read > 0 || into.is_empty() {
            return Ok(read);
        }
        self.refill()?;
        self.buffer.read(into)
    }
}
