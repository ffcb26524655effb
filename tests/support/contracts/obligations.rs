//! The obligations of the ports: as their documentation numbers them, and as the contract suites test them.

use crate::Repository;
use std::collections::BTreeMap;

/// Where functions that test the obligations of a port are: in files, and in folders, of its name.
const SUITES: [&str; 2] = ["tests/contracts/", "tests/memory/"];

/// The numbered MUST sentences in the documentation of a port, which is in a file of this name: `1. It MUST NOT fail.`
/// is the obligation `obligation_01`.
pub fn obligations_of(repository: &Repository, port: &str) -> BTreeMap<String, String> {
    let end = format!("/{port}.rs");
    let sources = repository.ending(&end).filter(|(path, _)| path.starts_with("crates/"));
    let mut found = BTreeMap::new();
    for (_, source) in sources {
        let lines = source.lines().filter_map(|line| line.trim().strip_prefix("///"));
        let mut last = None;
        for line in lines.skip_while(|line| !line.contains("# Obligations of an implementor")) {
            if let Some((number, sentence)) = numbered(line) {
                let name = format!("obligation_{number:02}");
                found.insert(name.clone(), sentence.to_owned());
                last = Some(name);
            } else if let Some(sentence) = last.as_ref().and_then(|name| found.get_mut(name))
                && line.starts_with("    ")
            {
                *sentence = format!("{sentence} {}", line.trim());
            }
        }
    }
    found
}

fn numbered(line: &str) -> Option<(u32, &str)> {
    let (number, sentence) = line.trim_start().split_once(". ")?;
    Some((number.parse().ok()?, sentence))
}

/// Obligations of a port that are not among the tested ones, or that the function which tests them words otherwise;
/// and tests of what is no obligation.
pub fn untested_obligations(repository: &Repository, port: &str, tested: &[&str]) -> Vec<String> {
    let (documented, worded) = (obligations_of(repository, port), worded_by_the_suite(repository, port));
    let untested = documented.iter().flat_map(|(name, sentence)| {
        let missing = (!tested.contains(&name.as_str())).then(|| format!("{port}: {name} has no test: {sentence}"));
        let differs = worded.get(name) != Some(sentence);
        missing.into_iter().chain(differs.then(|| format!("{port}: document {name} with: {sentence}")))
    });
    let needless = tested.iter().filter(|name| !documented.contains_key(**name));
    untested.chain(needless.map(|name| format!("{port}: {name} is no obligation"))).collect()
}

/// What the documentation of the functions says that test the obligations of a port.
fn worded_by_the_suite(repository: &Repository, port: &str) -> BTreeMap<String, String> {
    let is_of_port = |path: &str| {
        let name = SUITES.iter().find_map(|suite| path.strip_prefix(suite)).and_then(|rest| rest.strip_prefix(port));
        name.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    };
    let mut found = BTreeMap::new();
    for (_, source) in repository.ending(".rs").filter(|(path, _)| is_of_port(path)) {
        let mut documentation = Vec::new();
        for line in source.lines() {
            if let Some(text) = line.strip_prefix("/// ") {
                documentation.push(text.trim());
            } else if let Some((_, function)) = line.split_once("async fn obligation_") {
                let number: String = function.chars().take_while(char::is_ascii_digit).collect();
                found.insert(format!("obligation_{number}"), documentation.join(" "));
            }
            if !line.starts_with("/// ") && !line.starts_with("#[") {
                documentation.clear();
            }
        }
    }
    found
}

/// Prints the sentence of an obligation, to be read where its test fails.
pub fn print_obligation(port: &str, name: &str) {
    let sentence = obligations_of(Repository::real(), port).remove(name);
    println!("{port}, {name}: {}", sentence.unwrap_or_default());
}

/// Holds implementations to the obligations of the port in the file of the given name: one test each for Postgres and for
/// memory, which runs the function of that name on an empty implementation; those after `postgres only` cannot be met in
/// memory, or not missed, and those after `elsewhere` are tested by another program. One more test compares them with what
/// the port documents.
#[macro_export]
macro_rules! held_to {
    ($port:literal, everywhere: $($shared:ident)+, postgres only: $($own:ident)*
        $(, elsewhere: $($elsewhere:ident)+)?) => {
        $crate::held_to! { $port, Implementation: TestDatabase and InMemoryStatistics,
            everywhere: $($shared)+, postgres only: $($own)* $(, elsewhere: $($elsewhere)+)? }
    };
    ($port:literal, $trait:ident: $postgres:ident and $memory:ident,
        everywhere: $($shared:ident)+, postgres only: $($own:ident)* $(, elsewhere: $($elsewhere:ident)+)?) => {
        mod postgres {
            $($crate::held_to!(@test $port, $crate::$trait, $crate::$postgres, $shared);)+
            $($crate::held_to!(@test $port, $crate::$trait, $crate::$postgres, $own);)*
        }

        mod in_memory {
            $($crate::held_to!(@test $port, $crate::$trait, $crate::$memory, $shared);)+
        }

        #[test]
        fn the_tests_are_the_obligations_that_the_port_documents() {
            let tested = [
                $(stringify!($shared),)+ $(stringify!($own),)* $($(stringify!($elsewhere),)+)?
            ];
            let repository = $crate::Repository::real();
            assert_eq!($crate::untested_obligations(repository, $port, &tested), [""; 0]);
        }
    };
    (@test $port:literal, $trait:path, $implementation:ty, $obligation:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $obligation() {
            $crate::print_obligation($port, stringify!($obligation));
            super::$obligation(&<$implementation as $trait>::empty()).await;
        }
    };
}
