//! Files of rows: as they are, or as frames of Zstandard.

use annotation_statistics_formats::ZSTD_MAGIC;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use zstd::stream::raw::{DParameter, Decoder, Operation};

/// So much is read at once, and is decompressed at once.
const BUFFER_BYTES: usize = 128 << 10;

/// Frames that need a larger window, of 2^23 bytes, are refused: that is what each decoder of Zstandard has (RFC 8878).
const WINDOW_LOG_MAX: u32 = 23;

/// The lines of rows out of a file, plain or compressed, which its first bytes show. It takes less than 9 MiB whatever the
/// file is.
///
/// # Errors
/// When the start of the file cannot be read.
pub fn open_rows<'a>(mut file: impl Read + 'a) -> io::Result<impl BufRead> {
    let mut start = Vec::with_capacity(ZSTD_MAGIC.len());
    file.by_ref().take(4).read_to_end(&mut start)?;
    let is_compressed = start == ZSTD_MAGIC;
    let whole = io::Cursor::new(start).chain(file);
    let rows: Box<dyn Read + 'a> = if is_compressed {
        Box::new(Frames::new(BufReader::with_capacity(BUFFER_BYTES, whole))?)
    } else {
        Box::new(whole)
    };
    Ok(BufReader::with_capacity(BUFFER_BYTES, rows))
}

/// Decompresses frames, one after the other, as statements have them.
///
/// Where a decoder of Zstandard passes over what it does not need, this one refuses the file: frames that are skipped, that have
/// no checksum or a dictionary. So a file holds nothing but rows. Some bits within a frame fill up its last byte of a table; what
/// they are changes no row, and is not signed.
struct Frames<R> {
    input: R,
    decoder: Decoder<'static>,
    /// How much was read of the header of the frame, as far as it is checked here.
    header: usize,
}

/// The magic bytes, and what describes the frame.
const HEADER_BYTES: usize = ZSTD_MAGIC.len() + 1;

impl<R: BufRead> Frames<R> {
    fn new(input: R) -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG_MAX))?;
        Ok(Self { input, decoder, header: 0 })
    }

    /// Whether a frame of a statement has this byte there.
    fn is_header(place: usize, byte: u8) -> bool {
        match ZSTD_MAGIC.get(place) {
            Some(magic) => *magic == byte,
            // No dictionary; a checksum; the reserved bit and the unused one are zero.
            None => byte & 0b1_1111 == 0b0_0100,
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Self { input, decoder, header } = self;
            let mut compressed = input.fill_buf()?;
            if compressed.is_empty() {
                let is_end = *header == 0;
                return if is_end { Ok(0) } else { Err(ErrorKind::UnexpectedEof.into()) };
            }
            if *header < HEADER_BYTES {
                compressed = compressed.get(..1).unwrap_or_default();
                if !compressed.iter().all(|byte| Self::is_header(*header, *byte)) {
                    let reason = "it is not a frame of Zstandard as statements have them";
                    return Err(io::Error::new(ErrorKind::InvalidData, reason));
                }
                *header += 1;
            }
            let run = decoder.run_on_buffers(compressed, buffer);
            let done = run.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
            input.consume(done.bytes_read);
            if done.remaining == 0 {
                *header = 0;
            }
            if done.bytes_written > 0 {
                return Ok(done.bytes_written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(content: &[u8], has_checksum: bool) -> Vec<u8> {
        let mut compressor = zstd::bulk::Compressor::new(3).unwrap();
        compressor.include_checksum(has_checksum).unwrap();
        compressor.compress(content).unwrap()
    }

    fn read(file: &[u8]) -> Result<Vec<u8>, ErrorKind> {
        let mut rows = Vec::new();
        open_rows(file).unwrap().read_to_end(&mut rows).map(|_| rows).map_err(|error| error.kind())
    }

    #[test]
    fn rows_are_the_same_plain_and_in_any_number_of_frames() {
        let large: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
        for (file, expected, reason) in [
            (vec![], &b""[..], "nothing"),
            (b"a".to_vec(), b"a", "less than the magic bytes"),
            (b"a line\n".to_vec(), b"a line\n", "plain"),
            (frame(b"a line\n", true), b"a line\n", "a frame"),
            ([frame(b"a", true), frame(b"", true), frame(b"b", true)].concat(), b"ab", "three frames"),
            ([frame(&large[..300], true), frame(&large[300..], true)].concat(), &large, "more than a buffer"),
        ] {
            assert!(read(&file).as_deref() == Ok(expected), "{reason}");
        }
    }

    #[test]
    fn what_a_decoder_would_pass_over_is_refused() {
        let whole = frame(b"a line\n", true);
        let skipped = [0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, b'x'];
        let mut with_unused_bit = whole.clone();
        with_unused_bit[4] |= 0b1_0000;
        let mut of_large_window = Vec::from(ZSTD_MAGIC);
        of_large_window.extend([0b0_0100, 0b1111_0000, 1, 0, 0, 0, 0, 0, 0]);
        for (file, expected, reason) in [
            ([&whole[..], &skipped].concat(), ErrorKind::InvalidData, "a frame that is skipped"),
            ([&whole[..], b"x"].concat(), ErrorKind::InvalidData, "bytes behind the frames"),
            (frame(b"a line\n", false), ErrorKind::InvalidData, "no checksum"),
            (with_unused_bit, ErrorKind::InvalidData, "the unused bit"),
            (of_large_window, ErrorKind::InvalidData, "a window of 1 TiB"),
        ] {
            assert_eq!(read(&file), Err(expected), "{reason}");
        }
        for end in ZSTD_MAGIC.len()..whole.len() {
            assert_eq!(read(&whole[..end]), Err(ErrorKind::UnexpectedEof), "{end}");
        }
    }
}
