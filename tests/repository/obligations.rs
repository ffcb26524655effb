//! How the obligations of ports are read, which their contract suites are held to.

use annotation_statistics_tests::{Repository, obligations_of, untested_obligations};

const PORT: &str = "/// 7. Not this.\n/// # Obligations of an implementor\n///\n/// 1. `find_page` MUST not\n\
                    ///    fail with `NoSuchThing`.\n/// 12. It MUST be the caller's, at all.\n/// # Errors\npub trait T {";

#[test]
fn sentences_are_read_over_line_ends_code_and_apostrophes() {
    let planted = Repository::planted(&[("crates/domain/src/rows/t.rs", PORT), ("docs/t.rs", PORT)]);
    let read: Vec<(String, String)> = obligations_of(&planted, "t").into_iter().collect();
    let expected = [
        ("obligation_01", "`find_page` MUST not fail with `NoSuchThing`."),
        ("obligation_12", "It MUST be the caller's, at all."),
    ];
    assert_eq!(read, expected.map(|(name, sentence)| (name.to_owned(), sentence.to_owned())));
}

#[test]
fn an_obligation_without_a_test_or_with_another_sentence_is_noticed() {
    let suite = "/// `find_page` MUST not\n/// fail with `NoSuchThing`.\nasync fn obligation_01(";
    let other = "/// Old.\n\n/// It MUST be another caller's.\n#[test]\nasync fn obligation_12(";
    let planted = Repository::planted(&[
        ("crates/domain/src/t.rs", PORT),
        ("tests/contracts/t.rs", suite),
        ("tests/contracts/t/more.rs", other),
        ("tests/contracts/tt.rs", "/// Another port.\nasync fn obligation_01("),
    ]);
    let reported = [
        "t: obligation_12 has no test: It MUST be the caller's, at all.",
        "t: document obligation_12 with: It MUST be the caller's, at all.",
        "t: obligation_02 is no obligation",
    ];
    assert_eq!(untested_obligations(&planted, "t", &["obligation_01", "obligation_02"]), reported);
}
