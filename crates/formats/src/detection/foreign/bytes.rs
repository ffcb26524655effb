//! Files that are no text, by the bytes that they have at their start.

use crate::detection::magic::{GZIP_MAGIC, ZSTD_MAGIC};

/// The bytes of a file at a place, and what the file is.
type Magic = (usize, &'static [u8], Binary);

#[derive(Debug, Clone, Copy)]
enum Binary {
    /// Text that must be converted first.
    Encoded(&'static str),
    /// Something with files in it.
    Packed(&'static str),
    /// What people annotate.
    Content(&'static str),
    /// A format that is not read.
    Foreign(&'static str),
}

use Binary::{Content, Encoded, Foreign, Packed};

const MAGICS: &[Magic] = &[
    (0, &[0xFF, 0xFE, 0, 0], Encoded("UTF-32")),
    (0, &[0, 0, 0xFE, 0xFF], Encoded("UTF-32")),
    (0, &[0xFF, 0xFE], Encoded("UTF-16")),
    (0, &[0xFE, 0xFF], Encoded("UTF-16")),
    (0, GZIP_MAGIC, Packed("gzip")),
    (0, ZSTD_MAGIC, Packed("zstd")),
    (0, b"PK\x03\x04", Packed("a ZIP archive")),
    (0, b"PK\x05\x06", Packed("a ZIP archive")),
    (0, b"PK\x07\x08", Packed("a ZIP archive")),
    (0, b"BZh", Packed("bzip2")),
    (0, b"\xFD7zXZ\0", Packed("xz")),
    (0, b"\x04\"M\x18", Packed("lz4")),
    (0, b"7z\xBC\xAF\x27\x1C", Packed("a 7z archive")),
    (0, b"Rar!", Packed("a RAR archive")),
    (257, b"ustar", Packed("a tar archive")),
    (0, b"\x89PNG", Content("a PNG image")),
    (0, b"\xFF\xD8\xFF", Content("a JPEG image")),
    (0, b"GIF8", Content("a GIF image")),
    (0, b"II*\0", Content("a TIFF image")),
    (0, b"MM\0*", Content("a TIFF image")),
    (8, b"WEBP", Content("a WebP image")),
    (8, b"WAVE", Content("a WAV recording")),
    (8, b"AVI ", Content("an AVI video")),
    (4, b"ftyp", Content("an MP4 video")),
    (0, b"\x1A\x45\xDF\xA3", Content("a Matroska video")),
    (0, b"%PDF", Content("a PDF document")),
    (0, b"# .PCD", Content("a PCD point cloud")),
    (0, b"ply\n", Content("a PLY point cloud")),
    (0, b"#ROSBAG", Content("a ROS bag")),
    (0, b"PAR1", Foreign("Parquet")),
    (0, b"ARROW1", Foreign("Arrow")),
    (0, b"SQLite format 3\0", Foreign("SQLite")),
    (0, b"\x89HDF", Foreign("HDF5")),
    (0, b"\x93NUMPY", Foreign("NumPy")),
    (0, b"MATLAB 5.0", Foreign("MATLAB")),
    (0, b"Obj\x01", Foreign("Avro")),
    (0, b"\x80\x02", Foreign("a Python pickle")),
    (0, b"\x80\x03", Foreign("a Python pickle")),
    (0, b"\x80\x04", Foreign("a Python pickle")),
    (0, b"\x80\x05", Foreign("a Python pickle")),
];

/// Why a file that starts so cannot be read, whatever its format was said to be.
pub(in crate::detection) fn obstacle(start: &[u8]) -> Option<String> {
    let has = |(at, bytes, _): &&Magic| start.get(*at..).is_some_and(|rest| rest.starts_with(bytes));
    let binary = MAGICS.iter().find(has).map(|(_, _, binary)| *binary);
    Some(match binary.or_else(|| without_magic(start))? {
        Encoded(name) => format!("the file is in {name}: it must be converted to UTF-8 first"),
        Packed(name) => format!("the file is {name}: it must be unpacked first"),
        Content(name) => format!("the file is {name}, not what was annotated in it"),
        Foreign(name) => super::not_read::not_read(name),
    })
}

fn without_magic(start: &[u8]) -> Option<Binary> {
    match start {
        // The length of the first record, its checksum, and the first field of a message.
        [_, _, _, _, 0, 0, 0, 0, _, _, _, _, 0x0A, ..] => Some(Foreign("TFRecord")),
        [0, first, ..] | [first, 0, ..] if first.is_ascii_graphic() || first.is_ascii_whitespace() => {
            Some(Encoded("UTF-16"))
        }
        _ => None,
    }
}
