//! Input that is nearly right, and input that is not.

use annotation_statistics_tests::FuzzTarget;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A change of an input at some place.
#[derive(Debug, Clone)]
enum Change {
    Flip(u8),
    Insert(Vec<u8>),
    Remove(usize),
    Repeat(usize),
}

/// Inputs of the corpus with a few changes, words of the reader in any order, and any bytes.
pub(crate) fn of(target: FuzzTarget) -> BoxedStrategy<Vec<u8>> {
    let corpus: Vec<Vec<u8>> = target.corpus().into_iter().map(|(_, input)| input).collect();
    let word = || select(target.words).prop_map(|word| word.as_bytes().to_vec());
    let words = prop::collection::vec(word(), 0..16).prop_map(|words| words.concat());
    let start = prop_oneof![4 => select(corpus), 2 => words, 1 => prop::collection::vec(any::<u8>(), 0..200)];
    let change = prop_oneof![
        (0_u8..8).prop_map(|bit| Change::Flip(1 << bit)),
        word().prop_map(Change::Insert),
        prop::collection::vec(any::<u8>(), 1..4).prop_map(Change::Insert),
        (1_usize..24).prop_map(Change::Remove),
        (1_usize..24).prop_map(Change::Repeat),
    ];
    let changes = prop::collection::vec((any::<Index>(), change), 0..6);
    (start, changes).prop_map(|(start, changes)| changes.into_iter().fold(start, changed)).boxed()
}

fn changed(mut input: Vec<u8>, (place, change): (Index, Change)) -> Vec<u8> {
    let at = place.index(input.len() + 1);
    let end = |length: usize| input.len().min(at + length);
    match change {
        Change::Flip(bits) => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= bits;
            }
        }
        Change::Insert(bytes) => drop(input.splice(at..at, bytes)),
        Change::Remove(length) => drop(input.drain(at..end(length))),
        Change::Repeat(length) => {
            let again = input[at..end(length)].to_vec();
            drop(input.splice(at..at, again));
        }
    }
    input
}
