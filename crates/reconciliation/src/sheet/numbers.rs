//! Numbers as people write them: exact, or refused.

use super::SheetError;
use super::table::cell::{Cell, shown};
use annotation_statistics_domain::wire::STARTS_OF_FORMULAS;

/// A spreadsheet keeps 15 digits of a number; what has more was changed before it was written.
const EXACT_IDS: f64 = 1e15;
/// Where whole numbers end that a cell can hold.
const EXACT_COUNTS: f64 = 9_007_199_254_740_992.0;

/// Which sign stands before decimals; the other one groups thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalSign {
    Point,
    Comma,
}

/// Reads the numbers of one sheet, which all have the same decimal sign.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    decimal: Option<DecimalSign>,
    /// The first number that is read as if the sign grouped thousands, before that is known: of a point, of a comma.
    doubts: [Option<Doubt>; 2],
}

#[derive(Debug)]
struct Doubt {
    line: u64,
    column: String,
    text: String,
}

/// Why a text is no count, in words.
type Reason = String;

/// A number in its parts.
struct Parts<'a> {
    text: &'a str,
    /// Where decimals begin, by which sign.
    decimals: Option<(DecimalSign, usize)>,
    /// What groups its thousands.
    group: Option<char>,
    /// The sign may be either.
    is_doubtful: bool,
}

impl DecimalSign {
    fn of(sign: char) -> Option<Self> {
        match sign {
            '.' => Some(Self::Point),
            ',' => Some(Self::Comma),
            _ => None,
        }
    }

    fn other(self) -> Self {
        if self == Self::Point { Self::Comma } else { Self::Point }
    }

    fn name(self) -> &'static str {
        if self == Self::Point { "point" } else { "comma" }
    }
}

impl Numbers {
    /// Without a sign, the sheet decides.
    pub(super) fn new(decimal: Option<DecimalSign>) -> Self {
        Self { decimal, doubts: [None, None] }
    }

    /// The count in a cell; `None` where there is nothing.
    pub(super) fn count(&mut self, cell: Cell<'_>, line: u64, column: &str) -> Result<Option<i64>, SheetError> {
        let refused = |reason: Reason| SheetError::at(line, reason).in_column(column);
        match cell {
            Cell::Blank => Ok(None),
            Cell::Text(text) => {
                let text = typed(text).trim();
                if let Some(count) = digits(text) {
                    return count.map(Some).map_err(refused);
                }
                self.written(text, line, column).map(Some)
            }
            Cell::Integer(number) => not_negative(number).map(Some).map_err(refused),
            Cell::Number(number) => whole(number, EXACT_COUNTS).and_then(not_negative).map(Some).map_err(refused),
            Cell::Other(what) => Err(refused(format!("is {what}, where a whole number is wanted"))),
        }
    }

    /// The sheet has ended: whether all numbers were clear.
    pub(super) fn finish(&mut self) -> Result<(), SheetError> {
        let Some(doubt) = self.doubts.iter_mut().find_map(Option::take) else { return Ok(()) };
        let reason = format!(
            "{} may be a number with thousands or with decimals, and no other number of the sheet says which: write whole \
             numbers without signs between the digits",
            shown(&doubt.text)
        );
        Err(SheetError::at(doubt.line, reason).in_column(&doubt.column))
    }

    fn written(&mut self, text: &str, line: u64, column: &str) -> Result<i64, SheetError> {
        let refused = |reason: Reason| SheetError::at(line, reason).in_column(column);
        let parts = Parts::of(text, self.decimal).map_err(refused)?;
        if parts.is_doubtful {
            let place = usize::from(parts.group == Some(','));
            if let Some(doubt @ None) = self.doubts.get_mut(place) {
                *doubt = Some(Doubt { line, column: column.to_owned(), text: text.to_owned() });
            }
        } else {
            let by_group = parts.group.and_then(DecimalSign::of).map(DecimalSign::other);
            for sign in [parts.decimals.map(|(sign, _)| sign), by_group].into_iter().flatten() {
                self.decide(sign, text).map_err(refused)??;
            }
        }
        parts.value().map_err(refused)
    }

    /// A number shows which sign stands before decimals.
    fn decide(&mut self, sign: DecimalSign, text: &str) -> Result<Result<(), SheetError>, Reason> {
        if self.decimal.is_some_and(|known| known != sign) {
            let [sign, other] = [sign.name(), sign.other().name()];
            return Err(format!(
                "{} has a {sign} before decimals or a {other} between thousands, which is the other way round in the sheet",
                shown(text)
            ));
        }
        self.decimal = Some(sign);
        let [points, commas] = &mut self.doubts;
        let (wrong, right) = if sign == DecimalSign::Point { (points, commas) } else { (commas, points) };
        *right = None;
        let Some(doubt) = wrong.take() else { return Ok(Ok(())) };
        let reason = format!(
            "{} has decimals, as {} shows that a {} stands before them: only whole numbers are counts",
            shown(&doubt.text),
            shown(text),
            sign.name()
        );
        Ok(Err(SheetError::at(doubt.line, reason).in_column(&doubt.column)))
    }
}

impl<'a> Parts<'a> {
    fn of(text: &'a str, decimal: Option<DecimalSign>) -> Result<Self, Reason> {
        check_characters(text)?;
        let signs = || text.char_indices().filter(|(_, letter)| !letter.is_ascii_digit());
        let none = || format!("{} is no whole number", shown(text));
        let ((_, first), (last_at, last)) = signs().next().zip(signs().next_back()).ok_or_else(none)?;
        let times = |sign| signs().filter(|(_, letter)| *letter == sign).count();
        let all = signs().count();
        let parts = |decimals, group, is_doubtful| Self { text, decimals, group, is_doubtful };
        if times(first) == all {
            let Some(sign) = DecimalSign::of(first).filter(|_| all == 1) else {
                return Ok(parts(None, Some(first), false));
            };
            let may_group = in_groups(text, first);
            return Ok(match decimal {
                Some(known) if known == sign => parts(Some((sign, last_at)), None, false),
                Some(_) if may_group => parts(None, Some(first), false),
                None if may_group => parts(None, Some(first), true),
                Some(_) | None => parts(Some((sign, last_at)), None, false),
            });
        }
        let sign = DecimalSign::of(last).filter(|_| times(last) == 1 && times(first) + 1 == all).ok_or_else(none)?;
        Ok(parts(Some((sign, last_at)), Some(first), false))
    }

    fn value(&self) -> Result<i64, Reason> {
        let none = || format!("{} is no whole number", shown(self.text));
        let (whole, decimals) = match self.decimals {
            Some((_, at)) => (self.text.get(..at).unwrap_or_default(), self.text.get(at + 1..).unwrap_or_default()),
            None => (self.text, "0"),
        };
        if decimals.is_empty() || decimals.bytes().any(|digit| digit != b'0') {
            return Err(format!("{} has decimals: only whole numbers are counts", shown(self.text)));
        }
        match self.group {
            None => digits(whole).ok_or_else(none)?,
            Some(sign) if in_groups(whole, sign) => {
                let bare: String = whole.chars().filter(char::is_ascii_digit).collect();
                digits(&bare).ok_or_else(none)?
            }
            Some(_) => Err(format!("{} has groups of digits that are not thousands", shown(self.text))),
        }
    }
}

/// Whether it is digits in groups of three, or, where a comma is between them, as in India: `12,34,567`.
fn in_groups(text: &str, sign: char) -> bool {
    let Some((before, last)) = text.rsplit_once(sign).filter(|(_, last)| last.len() == 3) else { return false };
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|digit| digit.is_ascii_digit());
    let of = |size: usize| {
        let mut groups = before.split(sign);
        let first = groups.next().unwrap_or_default();
        is_digits(first) && first.len() <= size && groups.all(|group| group.len() == size && is_digits(group))
    };
    is_digits(last) && !text.starts_with('0') && (of(3) || (sign == ',' && of(2)))
}

/// Refuses what is in no number, with what it is.
fn check_characters(text: &str) -> Result<(), Reason> {
    let has_digits = text.bytes().any(|letter| letter.is_ascii_digit());
    let after_digit = |letter: char| text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(letter);
    let is_known =
        |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '\'' | '’') || is_space(letter);
    if text.chars().all(is_known) && has_digits {
        return Ok(());
    }
    let shown = shown(text);
    Err(if has_digits && text.starts_with(['-', '−', '(']) {
        format!("{shown} is negative, which no count is")
    } else if after_digit('e') || after_digit('E') {
        format!("{shown} was rounded by a spreadsheet: format the column as a number without decimals")
    } else {
        format!("{shown} is no whole number")
    })
}

/// Between digits: a space that may break a line or not, narrow or wide.
fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// A text of digits alone; `None` for any other.
fn digits(text: &str) -> Option<Result<i64, Reason>> {
    if text.is_empty() || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().map_err(|_| format!("{} is larger than {}", shown(text), i64::MAX)))
}

/// The id of a task in a cell.
pub(super) fn id(cell: Cell<'_>) -> Result<i64, Reason> {
    match cell {
        Cell::Blank => Err("has no id".to_owned()),
        Cell::Text(text) => id_text(typed(text).trim()),
        Cell::Integer(number) => Ok(number),
        Cell::Number(number) => whole(number, EXACT_IDS),
        Cell::Other(what) => Err(format!("is {what}, where the id of a task is wanted")),
    }
}

fn id_text(text: &str) -> Result<i64, Reason> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_digits = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if is_digits && digits.len() <= 19 {
        return text.parse().map_err(|_| format!("{} is larger than an id can be", shown(text)));
    }
    let is_rounded = digits.starts_with(|first: char| first.is_ascii_digit()) && digits.contains(['e', 'E']);
    Err(if is_rounded { rounded_id(&shown(text)) } else { format!("{} is no id: it has 1 to 19 digits", shown(text)) })
}

/// What to do about an id that a spreadsheet has changed.
pub(super) fn rounded_id(shown: &str) -> String {
    format!(
        "{shown} was rounded by a spreadsheet, which keeps 15 digits of a number: import the file with this column as text, \
         or send JSON Lines"
    )
}

/// A number of a cell that has no decimals, and is smaller than `limit`.
fn whole(number: f64, limit: f64) -> Result<i64, Reason> {
    if number.abs() >= limit || !number.is_finite() {
        return Err(rounded_id(&number.to_string()));
    }
    if number.fract() != 0.0 {
        return Err(format!("{number} has decimals: only whole numbers are counts and ids"));
    }
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "whole, and smaller than what is exact"
    )]
    Ok(number as i64)
}

fn not_negative(count: i64) -> Result<i64, Reason> {
    if count < 0 { Err(format!("{count} is negative, which no count is")) } else { Ok(count) }
}

/// A number that was written as text so that no program changes it, without what says so: `="7"` or `'7`.
fn typed(text: &str) -> &str {
    let text = text.trim();
    let quoted = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    quoted.or_else(|| text.strip_prefix('\'')).unwrap_or(text)
}

/// A name without what keeps spreadsheets from changing or running it: `="car"`, or an apostrophe before a formula.
pub(super) fn unguarded(text: &str) -> &str {
    if let Some(quoted) = text.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return quoted;
    }
    text.strip_prefix('\'').filter(|rest| rest.starts_with(STARTS_OF_FORMULAS)).unwrap_or(text)
}

/// A name in a cell: a number is taken for its digits where it has all of them.
pub(super) fn name_of_number(number: f64) -> Result<String, Reason> {
    whole(number, EXACT_IDS).map(|number| number.to_string())
}
