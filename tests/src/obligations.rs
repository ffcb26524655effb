//! Reads the obligations of a port out of its documentation.

/// The numbered MUST sentences in the rustdoc of a port, as names of tests: `1. It MUST NOT fail.` is
/// `obligation_01_it_must_not_fail`.
pub fn obligations_of(source: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().filter_map(|line| line.trim().strip_prefix("///")).collect();
    let mut sentences: Vec<(String, String)> = Vec::new();
    for line in lines.iter().skip_while(|line| !line.contains("# Obligations of an implementor")) {
        let numbered = line.trim_start().split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok());
        match (numbered, sentences.last_mut()) {
            (Some((number, sentence)), _) => sentences.push((number.into(), sentence.into())),
            (None, Some((_, sentence))) if line.starts_with("    ") => {
                *sentence = format!("{sentence} {}", line.trim());
            }
            _ => {}
        }
    }
    sentences.iter().map(|(number, sentence)| format!("obligation_{number:0>2}_{}", snake_case(sentence))).collect()
}

/// Holds implementations to the obligations of the port in the given source of the domain: one test each for Postgres
/// and for memory, which runs the function of that name on an empty implementation; those after `postgres only` cannot
/// be met in memory, or not missed. One more test compares them with what the port documents.
#[macro_export]
macro_rules! held_to {
    ($port:literal, everywhere: $($shared:ident)+, postgres only: $($own:ident)*) => {
        $crate::held_to! { $port, Implementation: TestDatabase and InMemoryStatistics,
            everywhere: $($shared)+, postgres only: $($own)* }
    };
    ($port:literal, $trait:ident: $postgres:ident and $memory:ident,
        everywhere: $($shared:ident)+, postgres only: $($own:ident)*) => {
        mod postgres {
            $($crate::held_to!(@test $crate::$trait, $crate::$postgres, $shared);)+
            $($crate::held_to!(@test $crate::$trait, $crate::$postgres, $own);)*
        }

        mod in_memory {
            $($crate::held_to!(@test $crate::$trait, $crate::$memory, $shared);)+
        }

        #[test]
        fn the_tests_are_the_obligations_that_the_port_documents() {
            let mut tested = vec![$(stringify!($shared),)+ $(stringify!($own),)*];
            tested.sort_unstable();
            let source = include_str!(concat!("../../crates/", $port));
            assert_eq!(tested, $crate::obligations_of(source));
        }
    };
    (@test $trait:path, $implementation:ty, $obligation:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $obligation() {
            super::$obligation(&<$implementation as $trait>::empty()).await;
        }
    };
}

fn snake_case(sentence: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for letter in sentence.chars().filter(|letter| *letter != '\'') {
        if letter.is_ascii_alphanumeric() {
            if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
        before = letter;
    }
    name.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::obligations_of;

    #[test]
    fn sentences_become_names_over_line_ends_code_and_apostrophes() {
        let source = "/// 7. Not this.\n/// # Obligations of an implementor\n///\n/// 1. `find_page` MUST not\n\
                      ///    fail with `NoSuchThing`.\n/// 12. Nobody's fault, at all.\n/// # Errors\npub trait T {";
        assert_eq!(
            obligations_of(source),
            ["obligation_01_find_page_must_not_fail_with_no_such_thing", "obligation_12_nobodys_fault_at_all"]
        );
    }
}
