//! What a line has in a column, whatever the format.

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Blank,
    /// As it is written, blanks included.
    Text(&'a str),
    /// As JSON has it.
    Integer(i64),
    /// As spreadsheets keep numbers: with 15 digits.
    Number(f64),
    /// Whatever else a spreadsheet keeps, in words: `a date`.
    Other(&'static str),
}

/// The cells of a line.
pub(crate) trait Cells {
    /// How many columns it has at least one cell before.
    fn width(&self) -> usize;

    /// That of a column, counted from 0; blank behind the last.
    fn cell(&self, column: usize) -> Cell<'_>;
}

/// As much of a text as an error shows.
const SHOWN_CHARACTERS: usize = 40;

impl<'a> Cell<'a> {
    /// A text without anything to see is none.
    pub(crate) fn text(text: &'a str) -> Self {
        if text.is_empty() || text.trim().is_empty() { Self::Blank } else { Self::Text(text) }
    }
}

/// As it is, but for what cannot be seen.
fn seen(letter: char) -> impl Iterator<Item = char> {
    let escaped = letter.escape_debug();
    let is_plain = matches!(letter, '\'' | '"') || escaped.len() == 1;
    is_plain.then_some(letter).into_iter().chain(escaped.filter(move |_| !is_plain))
}

/// A text as an error shows it: in quotes, not too long, and on one line.
pub(crate) fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(SHOWN_CHARACTERS).flat_map(seen).collect();
    let dots = if characters.next().is_some() { "..." } else { "" };
    format!("\"{start}{dots}\"")
}
