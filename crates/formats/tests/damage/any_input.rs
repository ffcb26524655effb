//! No input makes a reader panic, and a cut file is never read as a whole one.

use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

#[test]
fn a_file_cut_anywhere_is_a_error() {
    for (format, sample) in samples::ALL {
        for end in 0..sample.len() {
            let cut = &sample.as_bytes()[..end];
            let read = read_all(cut, Some(format), CountingRule::Appearances);
            assert!(read.is_err(), "{format} cut at {end}: {read:?}");
            let _ = read_all(cut, None, CountingRule::Appearances);
        }
    }
}

fn rule() -> impl Strategy<Value = CountingRule> {
    proptest::sample::select(CountingRule::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_makes_no_reader_panic(
        sample in 0..samples::ALL.len(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..4),
        rule in rule(),
    ) {
        let (format, text) = samples::ALL[sample];
        let mut damaged = text.as_bytes().to_vec();
        for (at, bit) in flips {
            damaged[at.index(text.len())] ^= 1 << bit;
        }
        let _ = read_all(&damaged, Some(format), rule);
        let _ = read_all(&damaged, None, rule);
    }

    #[test]
    fn pieces_of_files_in_any_order_make_no_reader_panic(
        pieces in proptest::collection::vec((0..samples::ALL.len(), any::<prop::sample::Index>(), 1_usize..80), 1..6),
        format in proptest::sample::select(Format::ALL.to_vec()),
        rule in rule(),
    ) {
        let mut mixed = Vec::new();
        for (sample, at, length) in pieces {
            let bytes = samples::ALL[sample].1.as_bytes();
            let start = at.index(bytes.len());
            mixed.extend_from_slice(&bytes[start..bytes.len().min(start + length)]);
        }
        let _ = read_all(&mixed, Some(format), rule);
        let _ = read_all(&mixed, None, rule);
    }
}
