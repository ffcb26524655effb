//! What the file of an export is called.

use crate::{ExportFormat, SummaryFormat};
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds, StatementName};
use std::fmt::Write;

/// The most characters of a request's id in the name of its file.
const MAX_ID_CHARACTERS: usize = 80;

/// The name of a file, which no system takes for anything else: letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// `statistics-REQUEST-DATE.csv`, or `statistics-3-requests-DATE.csv`; the date as it is written there.
    pub fn new(requests: &AnnotationRequestIds, date: &str, format: ExportFormat) -> Self {
        let what = match requests.as_slice() {
            [id] => id.as_str().chars().take(MAX_ID_CHARACTERS).map(safe).collect(),
            many => format!("{}-requests", many.len()),
        };
        Self(format!("statistics-{what}-{date}.{format}"))
    }

    /// `summary-REQUEST-DATE.csv`, or `summary-3-requests-DATE.csv`.
    pub fn of_summary(requests: &AnnotationRequestIds, date: &str, format: SummaryFormat) -> Self {
        let Self(name) = Self::new(requests, date, format.of_file());
        Self(name.replacen("statistics-", "summary-", 1))
    }

    /// `comparison-REQUEST-DATE.csv`: a sheet, compared with what is recorded.
    pub fn of_comparison(requests: &AnnotationRequestIds, date: &str) -> Self {
        let Self(name) = Self::new(requests, date, ExportFormat::Csv);
        Self(name.replacen("statistics-", "comparison-", 1))
    }

    /// `statement-REQUEST-NAME.json`, with the extension of each file of a statement.
    pub fn of_statement(id: &AnnotationRequestId, name: &StatementName, extension: &str) -> Self {
        let what: String = id.as_str().chars().take(MAX_ID_CHARACTERS).map(safe).collect();
        Self(format!("statement-{what}-{name}.{extension}"))
    }

    /// `diff-REQUEST-DATE.csv`: what differs between two states.
    pub fn of_diff(requests: &AnnotationRequestIds, date: &str, format: ExportFormat) -> Self {
        let Self(name) = Self::new(requests, date, format);
        Self(name.replacen("statistics-", "diff-", 1))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `Content-Disposition` as RFC 6266 has it: for those who read ASCII only, and, where that is less, in full.
    pub fn disposition(&self) -> String {
        let ascii: String = self.0.chars().map(|letter| if letter.is_ascii() { letter } else { '_' }).collect();
        let mut header = format!("attachment; filename=\"{ascii}\"");
        if ascii != self.0 {
            header.push_str("; filename*=UTF-8''");
            for byte in self.0.bytes() {
                if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                    header.push(char::from(byte));
                } else {
                    // Writing to a string cannot fail.
                    let _ = write!(header, "%{byte:02X}");
                }
            }
        }
        header
    }
}

fn safe(letter: char) -> char {
    if letter.is_alphanumeric() || ['-', '_', '.'].contains(&letter) { letter } else { '_' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::AnnotationRequestId;

    #[test]
    fn a_name_is_safe_whatever_the_id_is() {
        let long = "x".repeat(255);
        for (ids, name, full) in [
            (vec!["7d44b43b-3bbd"], "statistics-7d44b43b-3bbd-2025-04-08.csv", None),
            (vec!["a", "b", "c"], "statistics-3-requests-2025-04-08.csv", None),
            (vec!["../../etc/passwd"], "statistics-.._.._etc_passwd-2025-04-08.csv", None),
            (vec!["a\"; x=\r\n\u{202e}b"], "statistics-a___x____b-2025-04-08.csv", None),
            (vec!["Größe 7"], "statistics-Gr__e_7-2025-04-08.csv", Some("statistics-Gr%C3%B6%C3%9Fe_7-2025-04-08.csv")),
            (vec![&long], &format!("statistics-{}-2025-04-08.csv", "x".repeat(80)), None),
        ] {
            let requests = AnnotationRequestIds::new(ids.iter().map(|id| AnnotationRequestId::new(*id).unwrap()));
            let file = FileName::new(&requests.unwrap(), "2025-04-08", ExportFormat::Csv);
            let full = full.map(|full| format!("; filename*=UTF-8''{full}")).unwrap_or_default();
            assert_eq!(file.disposition(), format!("attachment; filename=\"{name}\"{full}"));
        }
    }
}
