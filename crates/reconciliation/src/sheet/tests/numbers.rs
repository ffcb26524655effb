//! Numbers with signs between their digits.

use super::read;
use proptest::prelude::*;

/// The counts of a sheet with these cells in a column, or why it is refused.
fn counts(separator: char, numbers: &[&str]) -> String {
    let lines: Vec<String> = numbers.iter().map(|number| format!("7{separator}\"{number}\"\n")).collect();
    match read(format!("id{separator}instances\n{}", lines.concat())) {
        Ok(sheet) => sheet.stated.iter().map(|stated| stated.count.to_string()).collect::<Vec<_>>().join(" "),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_sign_between_digits_means_the_same_in_the_whole_sheet() {
    for (separator, numbers, expected, reason) in [
        (',', &["1,234", "5.0", "1,234.00"][..], "1234 5 1234", "a comma between cells: a point before decimals"),
        (';', &["1.234", "5,00", "1.234,0"], "1234 5 1234", "a semicolon between cells: a comma before decimals"),
        (
            ',',
            &["1 234", "1\u{202f}234", "1\u{a0}234", "1'234", "1’234"],
            "1234 1234 1234 1234 1234",
            "groups of all kinds",
        ),
        (',', &["12,34,567", "1,234,567", "1 234 567.0"], "1234567 1234567 1234567", "India, England, France"),
        ('\t', &["1.234", "5,0"], "1234 5", "a comma before decimals"),
        ('\t', &["1.234", "1.234.567"], "1234 1234567", "two points are between thousands"),
        ('\t', &["1,234", "1,234.0", "5.0"], "1234 1234 5", "a point before decimals"),
        ('\t', &["1,234", "12 345,0"], "\"1,234\" has decimals, as \"12 345,0\" shows", "the first is a fraction"),
        ('\t', &["1.234", "5.0"], "\"1.234\" has decimals, as \"5.0\" shows", "the first is a fraction"),
        ('\t', &["1.234", "5"], "\"1.234\" may be a number with thousands or with decimals", "nothing says which"),
        ('\t', &["5", "1,234"], "\"1,234\" may be a number with thousands or with decimals", "nothing says which"),
    ] {
        let found = counts(separator, numbers);
        assert!(found == expected || found.contains(&format!("column instances: {expected}")), "{reason}: {found}");
    }
}

#[test]
fn a_number_that_does_not_fit_the_sheet_is_refused() {
    let other = "has a comma before decimals or a point between thousands, which is the other way round in the sheet";
    let point = "has a point before decimals or a comma between thousands, which is the other way round in the sheet";
    let decimals = "has decimals: only whole numbers are counts";
    for (separator, number, expected) in [
        (',', "1.234", decimals),
        (';', "1,234", decimals),
        (';', "5.0", point),
        (',', "1,23", other),
        (',', "0,123", other),
        (',', "1.2.3", other),
        (',', "1,2,3", "has groups of digits that are not thousands"),
        (',', "1 23", "has groups of digits that are not thousands"),
        (',', "1,234 567", "is no whole number"),
        (',', "1 234,567", other),
        (',', "1'234 567", "is no whole number"),
        (',', "5.", decimals),
        (',', ".0", "is no whole number"),
        (',', "--", "is no whole number"),
    ] {
        assert_eq!(counts(separator, &[number]), format!("line 2, column instances: \"{number}\" {expected}"));
    }
}

/// The digits of a number with a sign between thousands.
fn grouped(number: i64, sign: &str) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).map(|group| std::str::from_utf8(group).unwrap()).rev().collect();
    groups.join(sign)
}

proptest! {
    #[test]
    fn any_count_reads_back_however_its_thousands_are_grouped(
        written in proptest::collection::vec(prop_oneof![0_i64..10_000, 0..=i64::MAX], 1..5),
    ) {
        let expected: Vec<String> = written.iter().map(ToString::to_string).collect();
        for (separator, sign, decimals) in [
            (',', ",", ".00"), (',', " ", ".0"), (',', "", ""), (';', ".", ",0"), (';', "\u{202f}", ""), ('\t', "’", ""),
            ('\t', ".", ",0"), ('\t', ",", ".0"), ('|', "\u{a0}", ""),
        ] {
            let cells: Vec<String> = written.iter().map(|count| grouped(*count, sign) + decimals).collect();
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            prop_assert_eq!(counts(separator, &cells), expected.join(" "), "{:?}", cells);
        }
    }

    #[test]
    fn any_fraction_or_negative_number_is_refused(whole in any::<u32>(), decimals in "[0-9]{0,2}[1-9]", separator in "[,;\t]") {
        let separator = separator.chars().next().unwrap();
        for sign in ['.', ','] {
            let found = counts(separator, &[&format!("{whole}{sign}{decimals}"), &format!("{whole}{sign}0000")]);
            prop_assert!(found.starts_with("line "), "{}", found);
        }
        let negative = counts(separator, &[&format!("-{whole}")]);
        prop_assert!(negative.ends_with("is negative, which no count is"), "{}", negative);
    }
}
