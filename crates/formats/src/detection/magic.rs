//! The first bytes of compressed files, which callers recognise before they read.

/// The first bytes of gzip.
pub const GZIP_MAGIC: &[u8] = &[0x1F, 0x8B];

/// The first bytes of zstd.
pub const ZSTD_MAGIC: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
