//! Rust source as tokens, as far as imports need it.

/// Names, `::`, and single other characters, without comments, literals and modules of tests.
pub(super) fn tokens(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest);
        if length > 0 {
            rest = &rest[length..];
            continue;
        }
        let name = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        let length = if rest.starts_with("::") { 2 } else { name.max(first.len_utf8()) };
        found.push(&rest[..length]);
        rest = &rest[length..];
    }
    without_tests(&found)
}

/// How many bytes of blanks, or of a comment or a literal, there are at the start.
fn skipped(text: &str) -> usize {
    let up_to = |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        up_to("\n", 0)
    } else if text.starts_with("/*") {
        up_to("*/", 2)
    } else if let Some(rest) = text.strip_prefix('"') {
        1 + quoted(rest, '"')
    } else if text.starts_with('\'') {
        character(text)
    } else if let Some(hashes) = raw_string(text) {
        let start = text.find('"').unwrap_or_default() + 1;
        up_to(&format!("\"{}", "#".repeat(hashes)), start)
    } else {
        text.len() - text.trim_start().len()
    }
}

/// Up to the end of a literal, its last quotation mark included.
fn quoted(text: &str, mark: char) -> usize {
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == mark {
            return at + 1;
        }
    }
    text.len()
}

/// A character, or the mark of a lifetime alone.
fn character(text: &str) -> usize {
    let mut letters = text[1..].chars();
    let (first, second) = (letters.next(), letters.next());
    if first == Some('\\') || second == Some('\'') { 1 + quoted(&text[1..], '\'') } else { 1 }
}

/// The number of hashes of a raw string, if one is at the start.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

fn without_tests<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    const START: [&str; 8] = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let [first, others @ ..] = rest {
        let is_inline = rest.starts_with(&START) && rest.get(START.len() + 1) == Some(&"{");
        if is_inline {
            rest = &rest[block(rest)..];
        } else {
            kept.push(*first);
            rest = others;
        }
    }
    kept
}

/// How many tokens there are up to the end of the first block.
fn block(tokens: &[&str]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "{" => depth += 1,
            "}" if depth == 1 => return at + 1,
            "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}
