//! What a file imports.

use super::Path;

/// One name that is imported.
pub(super) struct Import {
    /// As it is written, without a new name.
    pub(super) path: Path,
    /// The name that it has from then on.
    pub(super) name: String,
    /// Whether others can import it from here.
    pub(super) is_export: bool,
}

/// What the `use` declarations import, and the paths that start with `crate` or `super`.
pub(super) fn imports(tokens: &[&str]) -> Vec<Import> {
    let mut found = Vec::new();
    let (mut at, mut is_public) = (0, false);
    while let Some(token) = tokens.get(at) {
        let is_use = *token == "use";
        let is_path = matches!(tokens.get(at..at + 3), Some(["crate" | "super", "::", name]) if is_name(name));
        if is_use || is_path {
            at += usize::from(is_use);
            let is_export = is_use && is_public;
            tree(tokens, &mut at, &Path::new(), &mut |path, name| found.push(Import { path, name, is_export }));
        } else {
            at += 1;
        }
        is_public = *token == "pub" || (is_public && !is_use && !["{", "}", ";"].contains(token));
    }
    found
}

/// A name, and not what a macro puts there.
fn is_name(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// Reads `a::{b, c as d}`, and leaves `at` at the token behind it.
fn tree(tokens: &[&str], at: &mut usize, before: &Path, add: &mut impl FnMut(Path, String)) {
    let mut path = before.clone();
    loop {
        match tokens.get(*at) {
            Some(&"{") => return group(tokens, at, &path, add),
            Some(&"self") if !path.is_empty() => {}
            Some(name) => path.push((*name).to_owned()),
            None => return,
        }
        *at += 1;
        if tokens.get(*at) != Some(&"::") {
            break;
        }
        *at += 1;
    }
    let mut name = path.last().cloned().unwrap_or_default();
    if let Some(["as", other]) = tokens.get(*at..*at + 2) {
        (*other).clone_into(&mut name);
        *at += 2;
    }
    add(path, name);
}

fn group(tokens: &[&str], at: &mut usize, path: &Path, add: &mut impl FnMut(Path, String)) {
    *at += 1;
    while tokens.get(*at).is_some_and(|token| *token != "}") {
        if tokens[*at] == "," {
            *at += 1;
        } else {
            tree(tokens, at, path, add);
        }
    }
    *at += 1;
}
