//! Each sample damaged at 1,000 places, the same in every run: cut, flipped, re-encoded, and from an input that breaks.

use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format, ReadError, ReadErrorKind, ReadOptions, read};
use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};

const PLACES_OF_A_KIND: u64 = 250;

/// Places of a sample, each with a number below 8, by a generator that always starts the same.
fn places(sample: &str, kind: u64) -> impl Iterator<Item = (usize, u8)> {
    let length = sample.len();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(kind + 1);
    (0..PLACES_OF_A_KIND).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (usize::try_from(state >> 33).unwrap() % length, u8::try_from(state >> 61).unwrap())
    })
}

/// What is read when the format is said. It is read without that too, which must not panic.
fn read_both(input: &[u8], format: Format) -> Result<String, String> {
    let _ = read_all(input, None, CountingRule::Appearances);
    read_all(input, Some(format), CountingRule::Appearances)
}

/// An error says where and what.
#[track_caller]
fn assert_clear(error: &str) {
    let (place, reason) = error.split_once(": ").unwrap_or_else(|| panic!("no place: {error}"));
    let is_place = ["byte ", "line ", "$"].iter().any(|start| place.starts_with(start));
    assert!(is_place && !reason.is_empty(), "{error}");
}

#[test]
fn a_file_cut_at_a_place_is_a_clear_error() {
    for (format, sample) in samples::ALL {
        for (place, _) in places(sample, 0) {
            assert_clear(&read_both(&sample.as_bytes()[..place], format).unwrap_err());
        }
    }
}

#[test]
fn a_file_with_a_flipped_bit_is_a_clear_error_or_another_sound_file() {
    for (format, sample) in samples::ALL {
        let mut errors = 0;
        for (place, bit) in places(sample, 1) {
            let mut flipped = sample.as_bytes().to_vec();
            flipped[place] ^= 1 << bit;
            if let Err(error) = read_both(&flipped, format) {
                assert_clear(&error);
                errors += 1;
            }
        }
        assert!(errors > 50, "{format}: only {errors} errors");
    }
}

/// The sample in another encoding from a place on.
fn re_encoded(sample: &str, place: usize, kind: u8) -> Vec<u8> {
    let (start, end) = sample.split_at(place);
    let mark: &[u16] = if kind.is_multiple_of(2) { &[0xFEFF] } else { &[] };
    let units = mark.iter().copied().chain(end.encode_utf16());
    let end: Vec<u8> = match kind {
        0 | 1 => units.flat_map(u16::to_le_bytes).collect(),
        2 | 3 => units.flat_map(u16::to_be_bytes).collect(),
        // An accented letter of Latin-1, and a byte of Windows-1252.
        4 | 5 => [b"\xE9", end.as_bytes()].concat(),
        _ => [b"\x92", end.as_bytes()].concat(),
    };
    [start.as_bytes(), &end].concat()
}

#[test]
fn a_file_in_another_encoding_from_a_place_on_is_a_clear_error_or_the_same_file() {
    for (format, sample) in samples::ALL {
        let same = read_both(sample.as_bytes(), format).unwrap();
        for (place, kind) in places(sample, 2) {
            match read_both(&re_encoded(sample, place, kind), format) {
                Ok(read) => assert_eq!(read, same, "{format} from {place} on, kind {kind}"),
                Err(error) => assert_clear(&error),
            }
        }
        for kind in 0..4 {
            let error = read_both(&re_encoded(sample, 0, kind), format).unwrap_err();
            assert_eq!(error, "byte 0: the file is in UTF-16: it must be converted to UTF-8 first");
        }
    }
}

/// What unpacking gives where a packed file was cut short.
struct CutShort;

impl Read for CutShort {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[test]
fn an_input_that_breaks_at_a_place_is_never_a_whole_file_and_not_called_a_wrong_one() {
    for (format, sample) in samples::ALL {
        for (place, _) in places(sample, 3).chain([(sample.len(), 0)]) {
            let input = BufReader::new(sample.as_bytes()[..place].chain(CutShort));
            let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
            let read = read(input, &options).and_then(Iterator::collect::<Result<Vec<_>, ReadError>>);
            let error = read.unwrap_err();
            assert_eq!(error.kind, ReadErrorKind::Io, "{format} broken at {place}: {error}");
            assert_clear(&error.to_string());
        }
    }
}

#[test]
fn the_places_are_spread_over_the_whole_file() {
    for (format, sample) in samples::ALL {
        let tenths: BTreeSet<usize> = places(sample, 0).map(|(place, _)| place * 10 / sample.len()).collect();
        assert_eq!(tenths.len(), 10, "{format}");
    }
}
