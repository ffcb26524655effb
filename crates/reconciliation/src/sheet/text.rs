//! The text of a file: UTF-8, or UTF-16 with a byte order mark.

use super::SheetError;
use std::io::{Read, Seek, SeekFrom};

/// What is read at once.
const CHUNK: usize = 64 * 1024;

/// A file that can be read again from its start.
pub(super) trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// How the bytes of a file are text.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    /// Checked line by line, where lines are made of it.
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

/// Reads the text of a file as UTF-8, some bytes at a time.
pub(super) struct Text<'a> {
    input: &'a mut dyn Input,
    encoding: Encoding,
    /// Old programs end lines with a carriage return alone.
    has_bare_returns: bool,
    raw: Box<[u8]>,
    /// Bytes at the start of `raw` that belong to what comes next.
    left: usize,
    chunk: Vec<u8>,
    taken: usize,
}

impl<'a> Text<'a> {
    /// From the start of the file, without its byte order mark.
    pub(super) fn new(input: &'a mut dyn Input) -> Result<Self, SheetError> {
        input.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&error))?;
        let raw = vec![0; CHUNK].into_boxed_slice();
        let mut text = Self {
            input,
            encoding: Encoding::Utf8,
            has_bare_returns: false,
            raw,
            left: 0,
            chunk: Vec::new(),
            taken: 0,
        };
        let read = text.read_start()?;
        let start = text.raw.get(..read).unwrap_or_default();
        let (encoding, mark) = match start {
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
            [0xff, 0xfe, ..] => (Encoding::Utf16(u16::from_le_bytes), 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16(u16::from_be_bytes), 2),
            _ => (Encoding::Utf8, 0),
        };
        text.encoding = encoding;
        text.raw.copy_within(mark..read, 0);
        text.decode(read - mark)?;
        if matches!(text.encoding, Encoding::Utf8) && text.chunk.contains(&0) {
            return Err(SheetError::new("is not text: save it as \"CSV UTF-8\""));
        }
        text.has_bare_returns = text.chunk.contains(&b'\r') && !text.chunk.contains(&b'\n');
        text.end_lines();
        Ok(text)
    }

    /// The next bytes, which are the same until some are taken; none at the end.
    pub(super) fn fill(&mut self) -> Result<&[u8], SheetError> {
        while self.taken == self.chunk.len() {
            let read = self.read_raw()?;
            let has_ended = read == self.left;
            if has_ended && self.left > 0 {
                return Err(SheetError::new("ends within a character: it is cut off"));
            }
            self.decode(read)?;
            self.end_lines();
            if has_ended {
                break;
            }
        }
        Ok(self.chunk.get(self.taken..).unwrap_or_default())
    }

    /// As many of them were used.
    pub(super) fn take(&mut self, bytes: usize) {
        self.taken += bytes;
    }

    /// Reads enough to see a byte order mark, and says how much it is.
    fn read_start(&mut self) -> Result<usize, SheetError> {
        loop {
            let read = self.read_raw()?;
            if read == self.left || read >= 4 {
                self.left = 0;
                return Ok(read);
            }
            self.left = read;
        }
    }

    /// Fills `raw` behind what is left, and says how much it has then.
    fn read_raw(&mut self) -> Result<usize, SheetError> {
        loop {
            match self.input.read(self.raw.get_mut(self.left..).unwrap_or_default()) {
                Ok(read) => return Ok(self.left + read),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(&error)),
            }
        }
    }

    /// Makes a new chunk of that many bytes.
    fn decode(&mut self, read: usize) -> Result<(), SheetError> {
        self.chunk.clear();
        self.taken = 0;
        let raw = self.raw.get(..read).unwrap_or_default();
        let used = match self.encoding {
            Encoding::Utf8 => {
                self.chunk.extend_from_slice(raw);
                read
            }
            Encoding::Utf16(unit) => decode_utf16(raw, unit, &mut self.chunk)?,
        };
        self.raw.copy_within(used..read, 0);
        self.left = read - used;
        Ok(())
    }

    fn end_lines(&mut self) {
        if self.has_bare_returns {
            self.chunk.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
    }
}

/// Appends whole characters to `chunk`, and says how many bytes they were.
fn decode_utf16(raw: &[u8], unit: fn([u8; 2]) -> u16, chunk: &mut Vec<u8>) -> Result<usize, SheetError> {
    let units = raw.chunks_exact(2).filter_map(|pair| pair.first_chunk().copied()).map(unit);
    let (mut used, mut bytes) = (0, [0; 4]);
    let whole = raw.len() / 2;
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => {
                used += character.len_utf16();
                chunk.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
            }
            // The second half of the pair is in what is read next.
            Err(error) if used + 1 == whole && error.unpaired_surrogate() < 0xdc00 => break,
            Err(_) => return Err(SheetError::new("is not UTF-16, as it says: save it as \"CSV UTF-8\"")),
        }
    }
    Ok(used * 2)
}

/// The text of a line.
pub(super) fn utf8(bytes: &[u8], line: u64) -> Result<&str, SheetError> {
    std::str::from_utf8(bytes).map_err(|_| {
        SheetError::at(line, "is not UTF-8: save the sheet as \"CSV UTF-8\" or \"Unicode text\", or send it as XLSX")
    })
}

pub(super) fn unreadable(error: &std::io::Error) -> SheetError {
    SheetError::new(format!("cannot be read: {error}"))
}
