//! No bit of a statement can be changed, and no statement that was made is refused.
//!
//! Of compressed rows that are the rows: a few bits of a frame fill up the last byte of a table, and decompress to the same.

use crate::sample::{Made, key, make, sample, task, tasks};
use annotation_statistics_domain::PoolType;
use annotation_statistics_statements::{verify, verify_document, verify_rows};
use proptest::prelude::*;

/// How many bits are changed, one after the other.
const FLIPS: usize = 10_000;

/// The files that a client gets.
#[derive(Clone)]
struct Files {
    document: Vec<u8>,
    signature: Vec<u8>,
    rows: Vec<u8>,
    zstd: Vec<u8>,
}

impl Files {
    fn of(made: &Made) -> Self {
        let (document, signature) = (made.statement.body.clone(), made.statement.signature.to_vec());
        Self { document, signature, rows: made.rows(), zstd: made.zstd() }
    }

    /// Whether it is verified with its plain and its compressed rows.
    fn is_verified(&self) -> [bool; 2] {
        let keys = [key().public_key().clone()];
        [&self.rows, &self.zstd].map(|rows| verify(&self.document, &self.signature, &keys, rows.as_slice()).is_ok())
    }

    /// Whether the frames decompress to the rows, by another decoder.
    fn has_same_rows(&self) -> bool {
        zstd::decode_all(self.zstd.as_slice()).is_ok_and(|rows| rows == self.rows)
    }
}

/// Numbers that are the same in each run (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }
}

#[test]
fn of_10_000_changed_bits_none_is_accepted() {
    let files = Files::of(&make(&sample(tasks(12))).unwrap());
    assert_eq!(files.is_verified(), [true, true]);
    let keys = [key().public_key().clone()];
    let verified = verify_document(&files.document, &files.signature, &keys).unwrap();
    let mut random = Random(20_261_201);
    let (mut flips, mut same_rows) = ([0; 4], 0);
    for _ in 0..FLIPS {
        let (mut changed, file) = (files.clone(), random.below(4));
        flips[file] += 1;
        let bytes = [&mut changed.document, &mut changed.signature, &mut changed.rows, &mut changed.zstd];
        let bytes = bytes.into_iter().nth(file).unwrap();
        let place = random.below(bytes.len());
        bytes[place] ^= 1 << random.below(8);
        let accepted = match file {
            // Document and signature are those that are verified above.
            2 => verify_rows(&verified.envelope, changed.rows.as_slice()).is_ok(),
            3 => verify_rows(&verified.envelope, changed.zstd.as_slice()).is_ok(),
            _ => verify_document(&changed.document, &changed.signature, &keys).is_ok(),
        };
        assert!(!accepted || file == 3 && changed.has_same_rows(), "file {file}, byte {place}");
        same_rows += usize::from(accepted);
    }
    assert!(flips.iter().all(|flips| *flips > FLIPS / 5), "{flips:?}");
    assert!(same_rows < FLIPS / 100, "{same_rows}");
}

#[test]
fn what_is_around_the_blocks_of_a_frame_has_no_bit_to_spare() {
    let made = make(&sample(tasks(257))).unwrap();
    let keys = [key().public_key().clone()];
    let verified = verify_document(&made.statement.body, &made.statement.signature, &keys).unwrap();
    let (file, second) = (made.zstd(), made.frames[0].zstd.len());
    // Magic bytes and what describes the frame; at its end the checksum.
    let places = (0..5).chain(second - 4..second + 5).chain(file.len() - 4..file.len());
    for (place, bit) in places.flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut changed = file.clone();
        changed[place] ^= 1 << bit;
        assert!(verify_rows(&verified.envelope, changed.as_slice()).is_err(), "byte {place}, bit {bit}");
    }
}

fn item() -> impl Strategy<Value = (String, i64)> {
    let key = prop_oneof!["[a-c]{1,2}", "[^\0]{1,9}", "[a-z]{1,3}/[\"\\\\\n\t é]{1,2}"];
    (key, prop_oneof![0..4_i64, 0..i64::MAX / 16])
}

fn any_tasks() -> impl Strategy<Value = Vec<annotation_statistics_domain::RecordedTask>> {
    let items =
        proptest::collection::btree_map(item().prop_map(|(key, _)| key), item().prop_map(|(_, count)| count), 0..6);
    let one = (0_i16..6, items, any::<prop::sample::Index>(), proptest::option::of("[^\0]{1,9}"));
    proptest::collection::btree_map(any::<i64>(), one, 0..8).prop_map(|tasks| {
        let made = tasks.into_iter().map(|(id, (pool_type, items, slots, name))| {
            let items: Vec<_> = items.iter().map(|(key, count)| (key.as_str(), *count)).collect();
            let made = task(id, PoolType::try_from(pool_type).unwrap(), &items, slots.index(items.len() + 1));
            match name {
                Some(name) => crate::sample::named(made, &name),
                None => made,
            }
        });
        made.collect()
    })
}

proptest! {
    #[test]
    fn whatever_is_made_is_verified_and_whatever_is_changed_is_not(
        tasks in any_tasks(),
        byte in any::<prop::sample::Index>(),
        to in any::<u8>(),
    ) {
        let files = Files::of(&make(&sample(tasks)).unwrap());
        prop_assert_eq!(files.is_verified(), [true, true]);
        let mut changed = files.clone();
        if !files.rows.is_empty() {
            changed.rows[byte.index(files.rows.len())] = to;
            prop_assert_eq!(changed.is_verified(), [changed.rows == files.rows, true]);
        }
    }
}
