//! A file or standard input, decompressed.

use super::progress::InputProgress;
use annotation_statistics_formats::{Format, GZIP_MAGIC, ZSTD_MAGIC};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

const BUFFER_BYTES: usize = 256 * 1024;

/// A file, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum InputSource {
    File(PathBuf),
    Stdin,
}

impl InputSource {
    /// No file, and a file called `-`, mean standard input.
    pub(crate) fn all(files: &[PathBuf]) -> Vec<Self> {
        if files.is_empty() {
            return vec![Self::Stdin];
        }
        files.iter().map(|file| if file == Path::new("-") { Self::Stdin } else { Self::File(file.clone()) }).collect()
    }

    /// Its name in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "standard input".into(),
        }
    }

    /// The name of an annotation file, compressed or not: without folders and without the suffix of a compression. Standard
    /// input has none.
    pub(super) fn source_name(&self) -> Option<String> {
        match self {
            Self::File(path) => {
                let name = path.file_name()?.to_string_lossy();
                let suffix = name.rsplit_once('.').filter(|(stem, suffix)| !stem.is_empty() && is_compression(suffix));
                Some(suffix.map_or(&*name, |(stem, _)| stem).to_owned())
            }
            Self::Stdin => None,
        }
    }

    /// Whether it can be opened, as far as that is known without waiting for the writer of a pipe.
    pub(crate) fn check(&self) -> io::Result<()> {
        match self {
            Self::File(path) if !fs::metadata(path)?.is_file() && !path.is_dir() => Ok(()),
            Self::File(_) => self.open_raw().map(drop),
            Self::Stdin => Ok(()),
        }
    }

    /// Opens it, with its progress.
    pub(crate) fn open(&self) -> io::Result<(InputProgress, MaybeCompressed)> {
        let (raw, size) = self.open_raw()?;
        let progress = InputProgress::start(&self.name(), size);
        let compressed = MaybeCompressed(Box::new(progress.reading(raw)));
        Ok((progress, compressed))
    }

    /// Opens it to be read from any place on, with its progress. Standard input and pipes are read whole, up to one byte more
    /// than `most`.
    pub(crate) fn open_seekable(&self, most: u64) -> io::Result<(InputProgress, Box<dyn SeekableInput>)> {
        if let Self::File(path) = self
            && fs::metadata(path)?.is_file()
        {
            let (file, size) = (File::open(path)?, fs::metadata(path)?.len());
            let progress = InputProgress::start(&self.name(), Some(size));
            let file = progress.seeking(file);
            return Ok((progress, Box::new(file)));
        }
        let (raw, _) = self.open_raw()?;
        let progress = InputProgress::start(&self.name(), None);
        let mut bytes = Vec::new();
        progress.reading(raw).take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((progress, Box::new(Cursor::new(bytes))))
    }

    /// The format of an annotation file; `None` of JSON Lines, and where the start does not show it.
    pub(crate) fn annotation_format(&self) -> io::Result<Option<Format>> {
        let (raw, _) = self.open_raw()?;
        Ok(Format::recognised_by(decompressed(raw)?.fill_buf()?))
    }

    /// Opens it; also returns its size in bytes where that is known.
    fn open_raw(&self) -> io::Result<(Box<dyn Read + Send>, Option<u64>)> {
        match self {
            Self::File(path) => {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
                }
                let size = metadata.is_file().then_some(metadata.len());
                Ok((Box::new(file), size))
            }
            Self::Stdin => Ok((Box::new(io::stdin()), None)),
        }
    }
}

/// Bytes that are read from any place on.
pub(crate) trait SeekableInput: Read + Seek {}

impl<T: Read + Seek> SeekableInput for T {}

fn is_compression(suffix: &str) -> bool {
    ["gz", "gzip", "zst", "zstd"].iter().any(|known| suffix.eq_ignore_ascii_case(known))
}

/// Bytes that may be compressed.
pub(crate) struct MaybeCompressed(Box<dyn Read + Send>);

impl MaybeCompressed {
    /// Decompresses it, if its first bytes say so, whatever its name.
    pub(crate) fn decompress(self) -> io::Result<Box<dyn BufRead + Send>> {
        decompressed(self.0)
    }
}

fn decompressed(input: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
    let start = input.fill_buf()?;
    Ok(if start.starts_with(GZIP_MAGIC) {
        Box::new(BufReader::with_capacity(BUFFER_BYTES, flate2::bufread::MultiGzDecoder::new(input)))
    } else if start.starts_with(ZSTD_MAGIC) {
        Box::new(BufReader::with_capacity(BUFFER_BYTES, zstd::Decoder::with_buffer(input)?))
    } else {
        Box::new(input)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(bytes: Vec<u8>) -> String {
        let mut text = String::new();
        decompressed(io::Cursor::new(bytes)).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn an_export_is_called_the_same_whether_it_is_compressed_or_not() {
        for (path, expected) in [
            ("a/b.json", "b.json"),
            ("b.json.gz", "b.json"),
            ("b.json.ZST", "b.json"),
            ("b.gz.json", "b.gz.json"),
            (".gz", ".gz"),
            ("b", "b"),
        ] {
            assert_eq!(InputSource::File(path.into()).source_name().as_deref(), Some(expected), "{path}");
        }
        assert_eq!(InputSource::Stdin.source_name(), None);
    }

    #[test]
    fn compressed_input_is_known_by_its_first_bytes() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"one\n").unwrap();
        let gzip = gzip.finish().unwrap();
        let zstd = zstd::encode_all(&b"one\n"[..], 1).unwrap();
        assert_eq!(read(gzip.clone()), "one\n");
        assert_eq!(read([gzip.clone(), gzip].concat()), "one\none\n", "several members in one file");
        assert_eq!(read(zstd.clone()), "one\n");
        assert_eq!(read([zstd.clone(), zstd].concat()), "one\none\n", "several frames in one file");
        assert_eq!(read(b"one\n".to_vec()), "one\n");
        assert_eq!(read(vec![]), "");
    }
}
