//! A rule about the overview of the parts: documents name each of them, and count them right. It lists what breaks it.

use crate::rule::holds;
use annotation_statistics_tests::Repository;

/// Numbers as documents write them, from zero.
const NUMBERS: [&str; 16] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen",
];

const ARCHITECTURE: &str = "docs/ARCHITECTURE.md";
const README: &str = "README.md";

/// Crates and ports that are missing where all are listed, and wrong numbers of them.
fn unnamed_parts(repository: &Repository) -> Vec<String> {
    let (crates, ports) = (crates(repository), ports(repository));
    let of_crates = crates
        .iter()
        .flat_map(|name| [(ARCHITECTURE, format!("**{name}**")), (README, format!("| `crates/{name}` |"))]);
    let of_ports = ports.iter().map(|name| (ARCHITECTURE, format!("`{name}`")));
    let unnamed = of_crates.chain(of_ports).filter(|(document, text)| !repository.text(document).contains(text));
    let unnamed = unnamed.map(|(document, text)| format!("{document}: {text} is missing"));
    let miscounted = [ARCHITECTURE, README].into_iter().flat_map(|document| {
        let found = [("crates", crates.len()), ("ports", ports.len())].into_iter().flat_map(move |(what, number)| {
            let counts = counts(repository.text(document), what).into_iter().filter(move |count| *count != number);
            counts.map(move |count| format!("{document}: {count} {what}, there are {number}"))
        });
        found.collect::<Vec<_>>()
    });
    unnamed.chain(miscounted).collect()
}

/// The crates of the program, by their folders.
fn crates(repository: &Repository) -> Vec<&str> {
    let manifests = repository.ending("/Cargo.toml").filter_map(|(path, _)| path.strip_prefix("crates/"));
    manifests.filter_map(|path| path.strip_suffix("/Cargo.toml")).collect()
}

/// The traits with obligations of an implementor.
fn ports(repository: &Repository) -> Vec<&str> {
    let sources = repository.ending(".rs").filter(|(path, _)| path.starts_with("crates/"));
    let documented = sources.filter_map(|(_, text)| Some(text.split_once("/// # Obligations of an implementor")?.1));
    let names = documented.filter_map(|rest| Some(rest.split_once("pub trait ")?.1));
    names.filter_map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next()).collect()
}

/// The numbers, as words or figures, that are in front of a word.
fn counts(text: &str, what: &str) -> Vec<usize> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs = words.windows(2).filter(|pair| pair[1].trim_end_matches(['.', ',', ':', ';', ')']) == what);
    let number = |word: &str| {
        let word = word.trim_start_matches(['(', '*']).to_lowercase();
        NUMBERS.iter().position(|number| *number == word).or_else(|| word.parse().ok())
    };
    pairs.filter_map(|pair| number(pair[0])).collect()
}

#[test]
fn every_crate_and_every_port_is_named_and_counted() {
    let parts = [
        ("crates/a/Cargo.toml", ""),
        ("crates/b/Cargo.toml", ""),
        ("crates/a/src/x.rs", "/// # Obligations of an implementor\n/// 1. It MUST.\npub trait Port: Send {"),
        ("crates/a/src/y.rs", "pub trait NoPort {"),
    ];
    let right = [
        (ARCHITECTURE, "Two crates, 1 ports.\n- **a** has `Port`.\n- **b**"),
        (README, "| `crates/a` | |\n| `crates/b` | |"),
    ];
    let wrong =
        [(ARCHITECTURE, "Three crates, 7 ports: `Portable`.\n- **a**"), (README, "three crates: | `crates/b` |")];
    let reported: &[&str] = &[
        "README.md: | `crates/a` | is missing",
        "docs/ARCHITECTURE.md: **b** is missing",
        "docs/ARCHITECTURE.md: `Port` is missing",
        "docs/ARCHITECTURE.md: 3 crates, there are 2",
        "docs/ARCHITECTURE.md: 7 ports, there are 1",
        "README.md: 3 crates, there are 2",
    ];
    let (right, wrong) = ([&parts[..], &right].concat(), [&parts[..], &wrong].concat());
    holds(unnamed_parts, &[(&right, &[]), (&wrong, reported)]);
}
