//! The inputs that were worth keeping: `make fuzz` starts from them, and adds what it finds.

use annotation_statistics_tests::FuzzTarget;

#[test]
fn no_input_of_the_corpus_breaks_a_rule() {
    for target in FuzzTarget::ALL {
        let corpus = target.corpus();
        assert!(corpus.len() >= 10, "{}: there is a corpus", target.name);
        for (path, input) in corpus {
            let checked = std::panic::catch_unwind(|| (target.check)(&input));
            assert!(checked.is_ok(), "{}", path.display());
        }
    }
}
