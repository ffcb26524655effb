//! A rule about words: names, comments, texts and documents use the terms of the field. It lists what breaks it.

use crate::rule::holds;
use annotation_statistics_tests::Repository;

/// A word or several, in lower case; what the field says; and phrases in which it is right, such as names on the wire and
/// texts of responses, or folders: those have a `/`.
type Denied = (&'static str, &'static str, &'static [&'static str]);

/// As in the table of `docs/GLOSSARY.md`. Parts of names count as words: `HouseRule`, `house_rule` and "house rule" are
/// the same.
const DENIED: &[Denied] = &[
    ("anew", "again", &[]),
    ("answer", "response", &["annotator s answer", "max answer", "database does not answer nothing", "this answer is"]),
    ("answers", "responses", &["annotator s answers", "error answers", "image id 2 answers"]),
    ("ask", "request", &["ask for fewer", "ask for layout", "ask for help", "ask again", "class ask"]),
    ("asked", "requested", &["what you asked", "order asked"]),
    ("asker", "caller", &[]),
    ("asks", "requests", &[]),
    ("draining", "graceful shutdown", &[]),
    (
        "fault",
        "error",
        &[
            "debug fault",
            "error fault",
            "warn fault",
            "fault injection",
            "fault proxy",
            "ending fault",
            "tests/support/proxy",
            "tests/tools/chaos/",
        ],
    ),
    ("faults", "errors", &[]),
    ("goes wrong", "fails", &[]),
    ("house", "repository", &[]),
    ("let go", "closed in a graceful shutdown", &[]),
    (
        "let in",
        "admitted",
        &[
            "let in a",
            "let in flight",
            "let in uri",
            "needed a key let in",
            "crates/api/src/middleware/authorization",
            "crates/api/src/state/observer.rs",
        ],
    ),
    ("lets in", "admits", &[]),
    ("lifeline", "visibility", &[]),
    ("likes best", "prefers", &[]),
    ("mend", "repair", &["mend the list"]),
    ("mended", "repaired", &["mended true"]),
    ("mends", "repairs", &[]),
    ("moment", "timestamp", &["again in a moment"]),
    ("no key id", "invalid key id", &[]),
    ("no nonce", "invalid nonce", &["claims no nonce", "need no nonce"]),
    ("nobody", "no client", &["postgres or nobody", "postgres nor nobody", "crates/embedded-postgres/src/account.rs"]),
    ("put together", "assembled", &[]),
    ("puts together", "assembles", &[]),
    ("question", "query", &["question id"]),
    ("questions", "queries", &["questions question id"]),
    ("somebody", "a client", &[]),
    ("speech", "HTTP version", &[]),
    ("stamp", "request context", &[]),
    ("stranger", "client", &["request stranger"]),
    ("strangers", "clients", &["max strangers per second"]),
    ("tell", "report", &["stays so tell", "tell those who"]),
    ("tells", "reports", &[]),
    ("told", "reported", &[]),
    ("walks", "iterates", &[]),
    ("what is wrong", "the error", &[]),
    ("whoever", "the caller", &[]),
    ("wish to stop", "stop signal", &[]),
];

/// Folders and files that are read. The names of other tests are sentences, which say what they did before.
const READ: [&str; 9] = [
    "crates/",
    "tests/support/",
    "tests/tools/",
    "tests/repository/",
    "docs/",
    "config/",
    "deploy/",
    "README.md",
    "Makefile",
];

/// Where denied words are right: the tables of them, and decisions as they were written.
const LEFT_OUT: [&str; 3] = ["docs/GLOSSARY.md", "docs/adr/", "tests/repository/words.rs"];

/// What of a path says that people wrote the file.
const ENDS: [&str; 6] = [".rs", ".md", ".toml", ".html", ".sh", "Makefile"];

/// Lines with words for which the field has a term.
fn denied_words(repository: &Repository) -> Vec<String> {
    words_of(repository, DENIED)
}

fn words_of(repository: &Repository, denied: &[Denied]) -> Vec<String> {
    let is_read = |path: &str| {
        let starts = |all: &[&str]| all.iter().any(|start| path.starts_with(start));
        starts(&READ) && !starts(&LEFT_OUT) && ENDS.iter().any(|end| path.ends_with(end))
    };
    let files = repository.paths().filter(|path| is_read(path));
    let found = files.flat_map(|path| {
        let is_right_there = |(_, _, allowed): &&Denied| allowed.iter().any(|place| path.starts_with(place));
        let denied: Vec<&Denied> = denied.iter().filter(|entry| !is_right_there(entry)).collect();
        let lines = repository.text(path).lines().enumerate();
        lines.flat_map(move |(at, line)| {
            let words = words(line);
            let bad = denied.clone().into_iter().filter(move |entry| is_denied(&words, entry));
            bad.map(move |(word, term, _)| format!("{path}:{}: \"{word}\" is \"{term}\"", at + 1))
        })
    });
    found.collect()
}

/// Whether the word is among these, outside of the phrases in which it is right.
fn is_denied(words: &str, (word, _, allowed): &Denied) -> bool {
    let padded = |text: &str| format!(" {text} ");
    let word = padded(word);
    words.contains(&word)
        && allowed.iter().fold(words.to_owned(), |words, phrase| words.replace(&padded(phrase), "  ")).contains(&word)
}

/// The words of a line in lower case, each with a space before and behind it; those that a name is made of, too.
fn words(line: &str) -> String {
    let mut words = String::from(" ");
    let mut before = ' ';
    for letter in line.chars() {
        let is_start = letter.is_uppercase() && before.is_lowercase();
        if (is_start || !letter.is_alphanumeric()) && !words.ends_with(' ') {
            words.push(' ');
        }
        if letter.is_alphanumeric() {
            words.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.push(' ');
    words
}

#[test]
fn the_terms_of_the_field_are_used() {
    let planted = "// The rules of the House\nstruct HouseRules;\nfn house_rule() { \"in-house\" }\nhousehold";
    let files = [("crates/a/src/x.rs", planted), ("docs/GLOSSARY.md", planted), ("docs/adr/0001-a.md", planted)];
    let reported = [1, 2, 3].map(|line| format!("crates/a/src/x.rs:{line}: \"house\" is \"repository\""));
    holds(denied_words, &[(&files, &[&reported[0], &reported[1], &reported[2]])]);
}

#[test]
fn a_denied_word_is_right_in_some_phrases_and_may_be_several_words() {
    let denied: &[Denied] =
        &[("session", "connection", &["session parameter", "psql session", "deploy/"]), ("let go", "closed", &[])];
    let text =
        "the session parameter\nSessionParameter\nthe session parameter of a session\nlet_go\nlet it go\npsql Session";
    let reported = words_of(&Repository::planted(&[("README.md", text), ("deploy/a.sh", "session")]), denied);
    assert_eq!(reported, ["README.md:3: \"session\" is \"connection\"", "README.md:4: \"let go\" is \"closed\""]);
}
