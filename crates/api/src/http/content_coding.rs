//! The content codings of a body, and which of them a client prefers.

use flate2::write::GzEncoder;
use std::io::{self, Write};

/// A content coding that the body of a response can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentCoding {
    Zstd,
    Gzip,
    Brotli,
}

/// Fast levels: a response is written once and read once.
const ZSTD_LEVEL: i32 = 1;
const BROTLI_QUALITY: i32 = 2;
/// A window of 256 KiB fits a response; the default of 4 MiB would waste memory.
const BROTLI_WINDOW: i32 = 18;

/// Thousandths of a quality.
pub(crate) const BEST: u16 = 1_000;

impl ContentCoding {
    /// Ours in the order of preference, that is of speed.
    const ALL: [Self; 3] = [Self::Zstd, Self::Gzip, Self::Brotli];

    /// The name in `Content-Encoding`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The coding that the client prefers, and the fastest among equals; `None` for a plain body.
    ///
    /// A plain body is sent even if the client refuses it: there is nothing else to send.
    pub(crate) fn choose<'a>(accept_encoding: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut qualities = [0; Self::ALL.len()];
        let mut plain = 0;
        for item in accept_encoding.flat_map(|value| value.split(',')) {
            let (name, quality) = item.split_once(';').map_or((item, BEST), |(name, rest)| (name, quality(rest)));
            let name = name.trim();
            if name.eq_ignore_ascii_case("identity") {
                plain = quality;
            }
            for (coding, slot) in Self::ALL.into_iter().zip(&mut qualities) {
                if name.eq_ignore_ascii_case(coding.name()) {
                    *slot = quality;
                }
            }
        }
        // `max_by_key` returns the last of equals, so the order is reversed.
        let best = Self::ALL.into_iter().zip(qualities).rev().max_by_key(|(_, quality)| *quality);
        best.filter(|(_, quality)| *quality > 0 && *quality >= plain).map(|(coding, _)| coding)
    }

    /// Compresses a whole body.
    pub(crate) fn compress(self, body: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Zstd => zstd::bulk::compress(body, ZSTD_LEVEL),
            Self::Brotli => {
                let mut compressed = Vec::with_capacity(body.len() / 4);
                let mut params = brotli::enc::BrotliEncoderParams::default();
                (params.quality, params.lgwin, params.size_hint) = (BROTLI_QUALITY, BROTLI_WINDOW, body.len());
                brotli::BrotliCompress(&mut &*body, &mut compressed, &params)?;
                Ok(compressed)
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::fast());
                encoder.write_all(body)?;
                encoder.finish()
            }
        }
    }
}

/// The thousandths of `q=0.5`; 0 if it is invalid.
pub(crate) fn quality(parameter: &str) -> u16 {
    let mut parts = parameter.trim().splitn(2, '=').map(str::trim);
    if !parts.next().is_some_and(|name| name.eq_ignore_ascii_case("q")) {
        return 0;
    }
    let (whole, fraction) = parts.next().map_or(("", ""), |value| value.split_once('.').unwrap_or((value, "")));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "0" if digits => format!("{fraction:0<3}").parse().unwrap_or(0),
        "1" if digits && fraction.bytes().all(|byte| byte == b'0') => BEST,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    #[test]
    fn the_client_chooses_and_we_choose_among_its_equals() {
        for (values, expected, reason) in [
            (vec![], None, "no header"),
            (vec![""], None, "nothing but plain"),
            (vec!["gzip"], Some(ContentCoding::Gzip), "the only one"),
            (vec!["gzip, deflate, br, zstd"], Some(ContentCoding::Zstd), "a browser: the fastest"),
            (vec!["br", "gzip"], Some(ContentCoding::Gzip), "two headers are one list"),
            (vec!["br;q=0.5, gzip;q=0.8"], Some(ContentCoding::Gzip), "the client's order"),
            (vec!["GZIP ; Q=0.001"], Some(ContentCoding::Gzip), "case and blanks do not matter"),
            (vec!["gzip;q=0"], None, "forbidden"),
            (vec!["gzip;q=0.0, identity;q=0"], None, "nothing is left but plain"),
            (vec!["identity;q=1, gzip;q=0.5"], None, "plain is liked better"),
            (vec!["identity, gzip"], Some(ContentCoding::Gzip), "equals: the smaller"),
            (vec!["*"], None, "anything includes plain"),
            (vec!["deflate, compress"], None, "not ours"),
            (vec!["gzip;q=2"], None, "no quality"),
            (vec!["gzip;level=1"], None, "no quality"),
            (vec![";;;,,=;q=,gzip;q"], None, "nonsense"),
        ] {
            assert_eq!(ContentCoding::choose(values.into_iter()), expected, "{reason}");
        }
    }

    proptest! {
        #[test]
        fn what_is_compressed_reads_back(body in prop::collection::vec(any::<u8>(), 0..4_000)) {
            let read = |mut reader: Box<dyn Read>| {
                let mut plain = Vec::new();
                reader.read_to_end(&mut plain).unwrap();
                plain
            };
            let [zstd, gzip, brotli] = ContentCoding::ALL.map(|coding| io::Cursor::new(coding.compress(&body).unwrap()));
            prop_assert_eq!(&zstd::stream::decode_all(zstd).unwrap(), &body);
            prop_assert_eq!(&read(Box::new(brotli::Decompressor::new(brotli, 4_096))), &body);
            prop_assert_eq!(&read(Box::new(flate2::read::GzDecoder::new(gzip))), &body);
        }
    }
}
