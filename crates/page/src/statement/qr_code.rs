//! A QR code as an SVG path: markup, which needs no script and loads nothing.

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use std::fmt::Write;

/// The light modules that a reader needs around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR code to be drawn, in units of its modules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct QrCode {
    /// The width, with the quiet zone.
    pub(super) width: usize,
    /// The dark modules: for each row its runs, as `M4 4h7v1h-7z`.
    pub(super) path: String,
}

impl QrCode {
    /// That of a text; up to 15 % of it may be covered by ink or a fold. `None` where the text is too long for any code.
    pub(super) fn of(text: &str) -> Option<Self> {
        let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
        let mut path = String::new();
        for (row, modules) in code.data.chunks(code.size).take(code.size).enumerate() {
            let mut start = 0;
            for run in modules.chunk_by(|one, other| one.value() == other.value()) {
                if run.first().is_some_and(|module| module.value()) {
                    let (left, top, long) = (start + QUIET, row + QUIET, run.len());
                    // No string fails to be written to.
                    let _ = write!(path, "M{left} {top}h{long}v1h-{long}z");
                }
                start += run.len();
            }
        }
        Some(Self { width: code.size + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The dark modules of a path, by row and column without the quiet zone.
    fn dark(code: &QrCode) -> Vec<(usize, usize)> {
        let runs = code.path.split('M').skip(1).map(|run| {
            let numbers: Vec<usize> =
                run.split(|one: char| !one.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
            let [left, top, long, 1, back] = numbers[..] else { panic!("{run} is no run") };
            assert_eq!((long, format!("{left} {top}h{long}v1h-{long}z")), (back, run.to_owned()));
            (top - QUIET, left - QUIET, long)
        });
        runs.flat_map(|(row, column, long)| (0..long).map(move |at| (row, column + at))).collect()
    }

    fn encoded(text: &str) -> Vec<(usize, usize)> {
        let code = QRBuilder::new(text).ecl(ECL::M).build().unwrap();
        let all = (0..code.size).flat_map(|row| (0..code.size).map(move |column| (row, column)));
        all.filter(|(row, column)| code[*row][*column].value()).collect()
    }

    #[test]
    fn a_text_that_fits_no_code_has_none() {
        assert!(QrCode::of(&"a".repeat(2_331)).is_some());
        assert_eq!(QrCode::of(&"a".repeat(2_332)), None);
    }

    #[test]
    fn there_is_a_quiet_zone_on_each_side() {
        let code = QrCode::of("https://stats.example/statement?name=2026-11").unwrap();
        let dark = dark(&code);
        let most = dark.iter().flat_map(|(row, column)| [*row, *column]).max().unwrap();
        assert_eq!((dark.first(), most + 1 + 2 * QUIET), (Some(&(0, 0)), code.width));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_drawn_modules_are_those_of_the_encoder_and_the_same_each_time(text in "[ -~]{1,400}") {
            let code = QrCode::of(&text).unwrap();
            prop_assert_eq!(dark(&code), encoded(&text));
            prop_assert_eq!(QrCode::of(&text), Some(code));
        }
    }
}
