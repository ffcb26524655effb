//! The readers of what clients send, and inputs that are worth trying again.

use super::{json_elements, json_lines, key_headers, query, signed_token, statement};
use std::fs;
use std::path::{Path, PathBuf};

/// A reader, and what must hold whatever it is given.
#[derive(Debug, Clone, Copy)]
pub struct FuzzTarget {
    /// The name, which is that of its folder in the corpus.
    pub name: &'static str,
    /// Panics where something does not hold.
    pub check: fn(&[u8]),
    /// Pieces that mean something to the reader.
    pub words: &'static [&'static str],
}

impl FuzzTarget {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self { name: "query", check: query::check, words: query::WORDS },
        Self { name: "key-headers", check: key_headers::check, words: key_headers::WORDS },
        Self { name: "signed-token", check: signed_token::check, words: signed_token::WORDS },
        Self { name: "json-lines", check: json_lines::check, words: json_lines::WORDS },
        Self { name: "json-elements", check: json_elements::check, words: json_elements::WORDS },
        Self { name: "statement", check: statement::check, words: statement::WORDS },
    ];

    /// Where its inputs are kept.
    pub fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(self.name)
    }

    /// The inputs that are kept, in the order of their names.
    pub fn corpus(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }
}
